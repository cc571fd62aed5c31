"""The record of VMs, for those who judge them: pages over all hosts of a source, and who else has what a VM has.

Rule: whatever is asked costs what the asked VMs cost, however many others there are.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import sqlalchemy as sa

from corral.domain.errors import Invalid
from corral.domain.host import Host
from corral.domain.vm import RunState, Vm
from corral.domain.vm_holders import ENOUGH, Holder, Holders, Key, held
from corral.engine import read
from corral.store.host_rows import KnownVm, disk_of, host_of, nic_of, vm_of, what
from corral.store.host_tables import hosts, nics, vm_seconds, vms, volumes

_BATCH = 500
_KEYS = 50
"""So many keys are looked up in one statement."""
_HOLDING = (
    "SELECT * FROM (SELECT what, vm FROM vm_holds WHERE source = :source AND what = :k{0} ORDER BY vm LIMIT {1}) q{0}"
)
"""Of each key the first few holders, out of the index: an address that every VM claims costs no more than another one."""
_NAMED = sa.and_(hosts.c.source == vms.c.source, hosts.c.id == vms.c.host)
_VMS = sa.select(vms, hosts.c.name.label("host_name")).outerjoin_from(vms, hosts, _NAMED)
# Built once: making SQL of expressions costs more than running it.
_SOURCE: sa.BindParameter[str] = sa.bindparam("of_source")
_IDS: sa.BindParameter[Any] = sa.bindparam("of_ids", expanding=True)
_THESE = _VMS.where(vms.c.source == _SOURCE, vms.c.id.in_(_IDS))
_PLACE = sa.select(vms.c.host).where(
    vms.c.source == _SOURCE, vms.c.id == sa.bindparam("of_id"), vms.c.gone_since.is_(None)
)
_PLACES = (
    sa.select(vms.c.id, vms.c.host, vms.c.state, vms.c.gone_since, hosts.c.name.label("host_name"))
    .outerjoin_from(vms, hosts, _NAMED)
    .where(vms.c.source == _SOURCE, vms.c.id.in_(_IDS))
)
_HOSTS = sa.select(hosts).where(hosts.c.source == _SOURCE, hosts.c.id.in_(_IDS))
_PARTS = {
    table.name: sa.select(table.c.vm, table.c.facts)
    .where(table.c.source == _SOURCE, table.c.vm.in_(_IDS))
    .order_by(table.c.vm, table.c.position)
    for table in (volumes, nics)
}
_SECONDS = (
    sa.select(vm_seconds.c.vm, vm_seconds.c.host)
    .where(vm_seconds.c.source == _SOURCE, vm_seconds.c.vm.in_(_IDS))
    .order_by(vm_seconds.c.vm, vm_seconds.c.host)
)
_HOLDERS = (
    sa.select(vms.c.id, vms.c.name, vms.c.host, hosts.c.name.label("host_name"))
    .outerjoin_from(vms, hosts, _NAMED)
    .where(vms.c.source == _SOURCE, vms.c.id.in_(_IDS), vms.c.gone_since.is_(None))
)


@dataclass(frozen=True, slots=True)
class VmFilter:
    """Which VMs to list: those of these sources, or of one host of one source; with `gone` also those that are gone."""

    sources: tuple[str, ...]
    host: str | None = None
    gone: bool = False


@dataclass(frozen=True, slots=True)
class LastSeen:
    """Where surveys saw a VM last, and what it did there. `gone_since`: it is at no host any more since then."""

    host: str
    host_name: str
    state: RunState
    gone_since: datetime | None


class VmRecords:
    """The reading side of the record of VMs."""

    def __init__(self, sql: sa.Engine) -> None:
        self._sql = sql

    def page(self, where: VmFilter, *, limit: int, marker: str | None = None) -> list[KnownVm]:
        """One page of VMs by source and id, after the VM `marker` (`source:id`). Raises Invalid for what is no marker."""
        begin, after = ("", "") if marker is None else _place(marker)
        rows: list[Any] = []
        with read(self._sql) as conn:
            # Source by source: for several at once SQLite reads each from its first VM, whatever the marker is.
            for source in sorted(one for one in where.sources if one >= begin):
                query = _VMS.where(vms.c.source == source, *_matching(where))
                if source == begin:
                    query = query.where(vms.c.id > after)
                rows += conn.execute(query.order_by(vms.c.id).limit(limit - len(rows))).mappings().all()
                if len(rows) == limit:
                    break
            return _known(conn, rows)

    def named(self, source: str, ids: Iterable[str]) -> dict[str, KnownVm]:
        """Those of these VMs that are on record, by id; also what is gone."""
        found: dict[str, KnownVm] = {}
        with read(self._sql) as conn:
            for some in _batches(list(dict.fromkeys(ids))):
                rows = conn.execute(_THESE, _of(source, some)).mappings().all()
                found |= {one.vm.id: one for one in _known(conn, rows)}
        return found

    def place(self, source: str, vm: str) -> str | None:
        """The id of the host where surveys saw a VM last; None for one that is not on record, or gone."""
        with read(self._sql) as conn:
            return conn.execute(_PLACE, {"of_source": source, "of_id": vm}).scalar()

    def last_seen(self, source: str, ids: Iterable[str]) -> dict[str, LastSeen]:
        """Where these VMs were seen last, by id; those that are on record."""
        found: dict[str, LastSeen] = {}
        with read(self._sql) as conn:
            for some in _batches(list(dict.fromkeys(ids))):
                for row in conn.execute(_PLACES, _of(source, some)):
                    at = LastSeen(row.host, row.host_name or "", RunState(row.state), row.gone_since)
                    found[row.id] = at
        return found

    def called(self, name: str, sources: Sequence[str]) -> list[KnownVm]:
        """The first few VMs of that id or name at these sources that are there."""
        # Of a name SQLite would go by the sources, and read all of their VMs: an expression is no column that it could go by.
        of = sa.func.coalesce(vms.c.source, "").in_(sources)
        with read(self._sql) as conn:
            for same in (sa.and_(vms.c.source.in_(sources), vms.c.id == name), sa.and_(of, vms.c.name == name)):
                query = _VMS.where(same, vms.c.gone_since.is_(None)).order_by(vms.c.source, vms.c.id).limit(ENOUGH)
                if rows := conn.execute(query).mappings().all():
                    return _known(conn, rows)
        return []

    def hosts(self, source: str, ids: Iterable[str]) -> dict[str, Host]:
        """These hosts, by id. One that is gone has that as its problem."""
        found: dict[str, Host] = {}
        with read(self._sql) as conn:
            for some in _batches(list(dict.fromkeys(ids))):
                rows = conn.execute(_HOSTS, _of(source, some)).mappings()
                found |= {row["id"]: host_of(dict(row)) for row in rows}
        return found

    def holders(self, source: str, asked: Sequence[Vm]) -> Holders:
        """Who at the source has what these VMs have; they need not be on record."""
        keys = {what(key): key for vm in asked for key in held(vm)}
        with read(self._sql) as conn:
            holding = _holding(conn, source, list(keys))
            who = _holders(conn, source, {vm for found in holding.values() for vm in found})
            having: dict[Key, tuple[Holder, ...]] = {
                keys[text]: tuple(who[vm] for vm in found if vm in who) for text, found in holding.items()
            }
            having |= _twins(conn, source, asked)
        return Holders(having)


def _place(marker: str) -> tuple[str, str]:
    source, colon, vm = marker.partition(":")
    if not (source and colon and vm):
        raise Invalid(f"{marker!r} is no marker.", fix="Follow the `next` link of the page before.")
    return source, vm


def _matching(where: VmFilter) -> Iterator[sa.ColumnElement[bool]]:
    if where.host is not None:
        yield vms.c.host == where.host
    if not where.gone:
        yield vms.c.gone_since.is_(None)


def _known(conn: sa.Connection, rows: Sequence[Mapping[Any, Any]]) -> list[KnownVm]:
    """The VMs of these rows, with their parts and the other hosts that tell of them."""
    parts: dict[tuple[str, str, str], list[Any]] = defaultdict(list)
    for source, ids in _by_source(rows).items():
        for some in _batches(ids):
            for table in (volumes, nics):
                for vm, facts in conn.execute(_PARTS[table.name], _of(source, some)):
                    parts[table.name, source, vm].append(facts)
            for vm, host in conn.execute(_SECONDS, _of(source, some)):
                parts["also", source, vm].append(host)
    return [
        _known_vm(row, *(parts[kind, row["source"], row["id"]] for kind in ("volumes", "nics", "also"))) for row in rows
    ]


def _known_vm(row: Mapping[Any, Any], disks: list[Any], plugged: list[Any], also: list[str]) -> KnownVm:
    vm = vm_of(row, tuple(map(disk_of, disks)), tuple(map(nic_of, plugged)))
    times = {name: row[name] for name in ("first_seen_at", "changed_at", "gone_since")}
    return KnownVm(vm, also_on=tuple(also), **times)


def _of(source: str, ids: Sequence[str]) -> dict[str, Any]:
    return {"of_source": source, "of_ids": list(ids)}


def _by_source(rows: Iterable[Mapping[Any, Any]]) -> dict[str, list[str]]:
    found: dict[str, list[str]] = defaultdict(list)
    for row in rows:
        found[row["source"]].append(row["id"])
    return found


def _holding(conn: sa.Connection, source: str, texts: Sequence[str]) -> dict[str, list[str]]:
    """By what is held, the ids of the first VMs that hold it."""
    found: dict[str, list[str]] = defaultdict(list)
    for start in range(0, len(texts), _KEYS):
        some = texts[start : start + _KEYS]
        query = " UNION ALL ".join(_HOLDING.format(number, ENOUGH) for number in range(len(some)))
        values = {f"k{number}": text for number, text in enumerate(some)}
        for text, vm in conn.execute(sa.text(query), {"source": source, **values}):
            found[text].append(vm)
    return {text: sorted(ids) for text, ids in found.items()}


def _holders(conn: sa.Connection, source: str, ids: set[str]) -> dict[str, Holder]:
    found = {}
    for some in _batches(sorted(ids)):
        for row in conn.execute(_HOLDERS, _of(source, some)):
            found[row.id] = Holder(row.id, row.host_name or row.host, row.name or row.id)
    return found


def _twins(conn: sa.Connection, source: str, asked: Sequence[Vm]) -> dict[Key, tuple[Holder, ...]]:
    """By id, the VMs of which several hosts told, at each of those hosts. One that is just somewhere else than the record has it
    was moved."""
    labels, found = {vm.id: vm.label for vm in asked}, defaultdict[Key, set[Holder]](set)
    for some in _batches(list(labels)):
        told = list(conn.execute(_SECONDS, _of(source, some)).all())
        if not told:
            continue
        there = sa.and_(
            vms.c.source == source, vms.c.id.in_(sorted({vm for vm, _ in told})), vms.c.gone_since.is_(None)
        )
        told += conn.execute(sa.select(vms.c.id, vms.c.host).where(there)).all()
        here = sa.and_(hosts.c.source == source, hosts.c.id.in_(sorted({host for _, host in told})))
        names = dict(conn.execute(sa.select(hosts.c.id, hosts.c.name).where(here)).tuples().all())
        for vm, host in told:
            found["id", vm].add(Holder(vm, names.get(host, host), labels[vm]))
    return {key: tuple(sorted(who)) for key, who in found.items()}


def _batches(items: Sequence[str]) -> Iterator[Sequence[str]]:
    return (items[start : start + _BATCH] for start in range(0, len(items), _BATCH))
