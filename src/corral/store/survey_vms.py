"""VMs as one survey writes them: new, changed, moved from another host, back, or gone."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

import sqlalchemy as sa

from corral.domain.digest import plain
from corral.domain.sightings import takes
from corral.domain.vm import RunState, Vm
from corral.store.host_rows import vm_rows
from corral.store.host_tables import nics, vm_holds, vm_seconds, vms, volumes

Row = dict[str, Any]


@dataclass
class Round:
    """One survey of a source, by its one surveyor: what was told so far. `absent`: (host, VM) that a host does not tell any more.
    `counts`: VMs that are new, changed, moved, back or gone, and hosts likewise (`hosts_new` …). `touched`: ids of those VMs."""

    source: str
    holder: str
    hosts: set[str] = field(default_factory=set)
    absent: set[tuple[str, str]] = field(default_factory=set)
    counts: Counter[str] = field(default_factory=Counter)
    touched: set[str] = field(default_factory=set)


class VmBatch:
    """Some VMs of one look, written in one transaction."""

    def __init__(
        self,
        conn: sa.Connection,
        the: Round,
        now: datetime,
        digests: Mapping[str, str],
        seconds: frozenset[str],
        plains: Mapping[str, dict[str, Any]],
    ) -> None:
        """`seconds`: VMs that this host told of besides. `plains`: those VMs that were made plain data already."""
        self._conn = conn
        self._round = the
        self._now = now
        self._digests = digests
        self._seconds = seconds
        self._plains = plains

    def write(self, batch: Sequence[Vm]) -> None:
        """Write those that are this host's, and remember of the others that it tells of them too."""
        these = sa.and_(vms.c.source == self._round.source, vms.c.id.in_([vm.id for vm in batch]))
        query = sa.select(vms.c.id, vms.c.host, vms.c.state, vms.c.gone_since).where(these)
        known = {row["id"]: row for row in self._conn.execute(query).mappings()}
        mine = [vm for vm in batch if self._is_mine(vm, known.get(vm.id))]
        rows = {vm.id: vm_rows(vm, self._plains.get(vm.id) or plain(vm)) for vm in mine}
        if new := [self._new(vm, rows[vm.id][0]) for vm in mine if vm.id not in known]:
            self._conn.execute(sa.insert(vms), new)
        for vm in mine:
            if vm.id in known:
                this = sa.and_(vms.c.source == vm.source, vms.c.id == vm.id)
                self._conn.execute(sa.update(vms).where(this).values(self._now_seen(vm, rows[vm.id][0])))
        for table in (volumes, nics, vm_holds):
            self._parts(table, [vm.id for vm in mine if vm.id in known], [parts for _, parts in rows.values()])
        self._round.counts["new"] += len(new)
        self._round.touched |= rows.keys()

    def _is_mine(self, vm: Vm, known: Any) -> bool:
        """Whether the VM is to be recorded at this host, with what follows for others that tell of it."""
        if known is None:
            return True
        counts, source = self._round.counts, self._round.source
        if known["gone_since"] is not None or known["host"] == vm.host:
            counts["back" if known["gone_since"] else "changed"] += 1
            return True
        left = (known["host"], vm.id) in self._round.absent
        second = vm.id in self._seconds
        if not (left or takes(vm.state, RunState(known["state"]), known=second)):
            if not second:
                self._remember(source, vm.host, vm.id)
            return False
        if second:
            self._conn.execute(sa.delete(vm_seconds).where(second_at(source, vm.host), vm_seconds.c.vm == vm.id))
        if not left:
            # Whether its host still tells of it is not known before that one's next look.
            self._remember(source, known["host"], vm.id)
        counts["moved"] += 1
        return True

    def _remember(self, source: str, host: str, vm: str) -> None:
        self._conn.execute(sa.insert(vm_seconds).values(source=source, host=host, vm=vm))

    def _now_seen(self, vm: Vm, row: Row) -> Row:
        return {**row, "digest": self._digests[vm.id], "changed_at": self._now, "gone_since": None}

    def _new(self, vm: Vm, row: Row) -> Row:
        return {**self._now_seen(vm, row), "source": vm.source, "id": vm.id, "first_seen_at": self._now}

    def _parts(self, table: sa.Table, changed: Sequence[str], rows: Sequence[Mapping[str, list[Row]]]) -> None:
        if changed:
            old = sa.and_(table.c.source == self._round.source, table.c.vm.in_(changed))
            self._conn.execute(sa.delete(table).where(old))
        if now := [row for parts in rows for row in parts[table.name]]:
            self._conn.execute(sa.insert(table), now)


def no_longer_told(conn: sa.Connection, source: str, host: str, vm: str, now: datetime) -> int:
    """One VM that its host does not tell any more. Where another one tells of it, it is there: that one's next look says how."""
    this = sa.and_(vms.c.source == source, vms.c.id == vm, vms.c.host == host, vms.c.gone_since.is_(None))
    named = sa.and_(vm_seconds.c.source == source, vm_seconds.c.vm == vm, vm_seconds.c.host != host)
    other = conn.execute(sa.select(vm_seconds.c.host).where(named).order_by(vm_seconds.c.host)).scalars().first()
    if other is None:
        gone = conn.execute(sa.update(vms).where(this).values(gone_since=now)).rowcount
        if gone:
            conn.execute(sa.delete(vm_holds).where(vm_holds.c.source == source, vm_holds.c.vm == vm))
        return gone
    if conn.execute(sa.update(vms).where(this).values(host=other, digest="", changed_at=now)).rowcount:
        conn.execute(sa.delete(vm_seconds).where(second_at(source, other), vm_seconds.c.vm == vm))
    return 0


def second_at(source: str, host: str) -> sa.ColumnElement[bool]:
    """What a host tells besides, of VMs that are recorded elsewhere."""
    return sa.and_(vm_seconds.c.source == source, vm_seconds.c.host == host)
