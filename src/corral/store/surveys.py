"""What surveys write: hosts and VMs as they were just seen. Of what has not changed, nothing.

Rule: each look is written when it comes, in short transactions, each of which proves that its writer still is the source's one
surveyor. What is not told any more is gone only when everybody was asked: until then it may be on its way to another host.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from typing import Any, TypeVar

import sqlalchemy as sa

from corral.contracts.hosts import Glimpse, Look
from corral.domain.digest import plain
from corral.domain.errors import Stale
from corral.domain.host import Host
from corral.domain.vm import Vm
from corral.engine import read
from corral.store.host_rows import host_digest, host_facts, vm_digest
from corral.store.host_tables import host_sources, hosts, vm_seconds, vms
from corral.store.survey_vms import Round, VmBatch, no_longer_told, second_at

_BATCH = 500
Item = TypeVar("Item")
Digests = dict[str, tuple[Vm, str]]


class Surveys:
    """The writing side of the record of hosts. One `Round` is written by one thread at a time."""

    def __init__(self, sql: sa.Engine, clock: Callable[[], datetime]) -> None:
        self._sql = sql
        self._clock = clock
        self._digests: dict[tuple[str, str], Digests] = {}

    @contextmanager
    def _writing(self, the: Round) -> Iterator[sa.Connection]:
        """A transaction of the source's surveyor. Raises Stale for one that was paused for so long that another one took over."""
        mine = sa.select(host_sources.c.name).where(
            host_sources.c.name == the.source, host_sources.c.holder == the.holder
        )
        with self._sql.begin() as conn:
            if conn.execute(mine.with_for_update(read=True)).first() is None:
                raise Stale(f"Source {the.source} is surveyed by another process now.", fix="Nothing is to be done.")
            yield conn

    # --- what was seen ------------------------------------------------------------------------------------

    def record(self, the: Round, look: Look, but: Collection[str] = ()) -> None:
        """Write one look; but nothing of those VMs, of which something newer is written. Raises Stale."""
        if not look.host.reachable:
            self._silent(the, look.host)
            return
        self._host(the, look.host)
        seen = [vm for vm in look.vms if vm.id not in but]
        self._vms(the, look.host, seen, self._at(the.source, look.host.id), but)
        told = {vm.id for vm in look.vms}
        kept = self._digests.get((the.source, look.host.id), {})
        self._digests[the.source, look.host.id] = {vm: one for vm, one in kept.items() if vm in told or vm in but}

    def record_some(self, the: Round, some: Glimpse) -> None:
        """Write a look at some VMs of a host. Of its others nothing is read. Raises Stale."""
        self._host(the, some.host)
        for ids in _batches(sorted(some.ids)):
            seen = [vm for vm in some.vms if vm.id in ids]
            self._vms(the, some.host, seen, self._at(the.source, some.host.id, ids))

    def _vms(self, the: Round, host: Host, seen: Sequence[Vm], here: _Here, but: Collection[str] = ()) -> None:
        """Write the VMs of a host that were seen, held against what the record has of it."""
        digests, plains = self._digested(host, seen)
        once = {vm.id: vm for vm in seen}  # nothing is taken for granted of what a hypervisor says
        for batch in _batches([vm for vm in once.values() if here.vms.get(vm.id) != digests[vm.id]]):
            with self._writing(the) as conn:
                VmBatch(conn, the, self._clock(), digests, here.seconds, plains).write(batch)
        told = digests.keys() | set(but)
        the.absent |= {(host.id, vm) for vm in here.vms.keys() - told}
        for forgotten in _batches(sorted(here.seconds - told)):
            with self._writing(the) as conn:
                conn.execute(
                    sa.delete(vm_seconds).where(second_at(the.source, host.id), vm_seconds.c.vm.in_(forgotten))
                )

    def _digested(self, host: Host, seen: Iterable[Vm]) -> tuple[dict[str, str], dict[str, dict[str, Any]]]:
        """Digests by id, and as plain data those VMs that had none. A driver that rests on its last look gives the same objects
        again, and those have theirs already."""
        before = self._digests.setdefault((host.source, host.id), {})
        now: Digests = {}
        plains: dict[str, dict[str, Any]] = {}
        for vm in seen:
            known = before.get(vm.id)
            if known is None or known[0] is not vm:
                told = plains[vm.id] = plain(vm)
                known = (vm, vm_digest(told))
            now[vm.id] = known
        before.update(now)
        return {ident: digest for ident, (_, digest) in now.items()}, plains

    def _at(self, source: str, host: str, ids: Sequence[str] | None = None) -> _Here:
        """What is recorded at a host; of all its VMs, or of these."""
        mine = sa.and_(vms.c.source == source, vms.c.host == host, vms.c.gone_since.is_(None))
        besides = second_at(source, host)
        if ids is not None:
            mine, besides = sa.and_(mine, vms.c.id.in_(ids)), sa.and_(besides, vm_seconds.c.vm.in_(ids))
        with read(self._sql) as conn:
            found = {row[0]: row[1] for row in conn.execute(sa.select(vms.c.id, vms.c.digest).where(mine))}
            return _Here(found, frozenset(conn.execute(sa.select(vm_seconds.c.vm).where(besides)).scalars()))

    def _host(self, the: Round, host: Host) -> None:
        the.hosts.add(host.id)
        digest, this = host_digest(host), sa.and_(hosts.c.source == the.source, hosts.c.id == host.id)
        with read(self._sql) as conn:
            row = conn.execute(sa.select(hosts).where(this)).mappings().first()
        if row is not None and row["digest"] == digest and row["problem"] is None and row["gone_since"] is None:
            return
        now, answers = self._clock(), {"problem": None, "stale_since": None, "gone_since": None}
        values = {"name": host.name, "facts": host_facts(host), "digest": digest, "changed_at": now, **answers}
        with self._writing(the) as conn:
            # Before it first answered, only its name was known.
            unseen = sa.and_(hosts.c.source == the.source, hosts.c.digest == "", hosts.c.name == host.name)
            conn.execute(sa.delete(hosts).where(unseen, hosts.c.id != host.id))
            if row is not None:
                conn.execute(sa.update(hosts).where(this).values(values))
            else:
                conn.execute(sa.insert(hosts).values(source=the.source, id=host.id, first_seen_at=now, **values))
        the.counts[_host_news(row)] += 1

    def _silent(self, the: Round, host: Host) -> None:
        """A host that does not answer: what is known of it stays, with since when it is old."""
        row = self._known(the.source, host)
        if row is None:
            now = self._clock()
            made = {"source": the.source, "id": host.id, "name": host.name, "facts": host_facts(host), "digest": ""}
            seen = {"problem": host.problem, "stale_since": host.stale_since, "first_seen_at": now, "changed_at": now}
            with self._writing(the) as conn:
                conn.execute(sa.insert(hosts).values(**made, **seen))
            the.hosts.add(host.id)
            the.counts["hosts_silent"] += 1
            return
        the.hosts.add(row["id"])
        if row["problem"] == host.problem and row["gone_since"] is None:
            return
        since = row["stale_since"] or host.stale_since or (self.surveyed_at(the.source) if row["digest"] else None)
        values = {"problem": host.problem, "stale_since": since, "gone_since": None}
        with self._writing(the) as conn:
            this = sa.and_(hosts.c.source == the.source, hosts.c.id == row["id"])
            conn.execute(sa.update(hosts).where(this).values(values))
        the.counts["hosts_silent"] += row["problem"] is None

    def _known(self, source: str, host: Host) -> Any:
        """Its row. A driver that was just started does not know the id of a host that does not answer: then by name."""
        for same in (hosts.c.id == host.id, hosts.c.name == host.name):
            query = sa.select(hosts).where(hosts.c.source == source, same).order_by(hosts.c.gone_since.is_not(None))
            with read(self._sql) as conn:
                row = conn.execute(query).mappings().first()
            if row is not None:
                return row
        return None

    def surveyed_at(self, source: str) -> datetime | None:
        """When all hosts of the source were asked last."""
        with read(self._sql) as conn:
            return conn.execute(sa.select(host_sources.c.surveyed_at).where(host_sources.c.name == source)).scalar()

    # --- the end of a survey ------------------------------------------------------------------------------

    def finish(self, the: Round, problem: str = "") -> None:
        """Everybody was asked: what nobody told is gone. `problem`: what is wrong all the same. Raises Stale."""
        now, untold = self._clock(), sorted(self._untold(the))
        for host in untold:
            the.absent |= {(host, vm) for vm in self._at(the.source, host).vms}
        self.settle(the)
        for host in untold:
            with self._writing(the) as conn:
                conn.execute(sa.delete(vm_seconds).where(second_at(the.source, host)))
                this = sa.and_(hosts.c.source == the.source, hosts.c.id == host)
                conn.execute(sa.update(hosts).where(this).values(gone_since=now, wanted_at=None))
            self._digests.pop((the.source, host), None)
            the.counts["hosts_gone"] += 1
        with self._writing(the) as conn:
            done = {"surveyed_at": now, "problem": problem or None}
            conn.execute(sa.update(host_sources).where(host_sources.c.name == the.source).values(done))

    def settle(self, the: Round) -> None:
        """The VMs that their hosts do not tell any more are gone, unless others told of them. Raises Stale."""
        for batch in _batches(sorted(the.absent)):
            with self._writing(the) as conn:
                for host, vm in batch:
                    the.counts["gone"] += no_longer_told(conn, the.source, host, vm, self._clock())
                the.touched |= {vm for _, vm in batch}
        the.absent.clear()

    def _untold(self, the: Round) -> set[str]:
        here = sa.and_(hosts.c.source == the.source, hosts.c.gone_since.is_(None))
        with read(self._sql) as conn:
            return set(conn.execute(sa.select(hosts.c.id).where(here)).scalars()) - the.hosts

    def broken(self, the: Round, problem: str) -> None:
        """The survey could not be made, or not to its end: who was not asked is stale. Raises Stale."""
        here = sa.and_(hosts.c.source == the.source, hosts.c.gone_since.is_(None), hosts.c.problem.is_(None))
        since = self.surveyed_at(the.source)
        with self._writing(the) as conn:
            for host in set(conn.execute(sa.select(hosts.c.id).where(here)).scalars()) - the.hosts:
                this = sa.and_(hosts.c.source == the.source, hosts.c.id == host)
                conn.execute(sa.update(hosts).where(this).values(problem=problem, stale_since=since))
            this = host_sources.c.name == the.source
            conn.execute(sa.update(host_sources).where(this).values(problem=problem))

    def forget(self, source: str, before: datetime) -> int:
        """Remove what is gone since before that time. Gives how many VMs and hosts went."""
        with read(self._sql) as conn:
            old = [
                conn.execute(sa.select(table.c.id).where(table.c.source == source, table.c.gone_since < before)).first()
                for table in (vms, hosts)
            ]
        if not any(old):
            return 0
        with self._sql.begin() as conn:
            return sum(
                conn.execute(sa.delete(table).where(table.c.source == source, table.c.gone_since < before)).rowcount
                for table in (vms, hosts)
            )


@dataclass(frozen=True, slots=True)
class _Here:
    """What the record says of one host: the digests of its VMs by id, and the ids of those that it tells besides."""

    vms: Mapping[str, str]
    seconds: frozenset[str]


def _host_news(row: Any) -> str:
    if row is None:
        return "hosts_new"
    return "hosts_back" if row["problem"] or row["gone_since"] else "hosts_changed"


def _batches(items: Sequence[Item]) -> Iterator[Sequence[Item]]:
    return (items[start : start + _BATCH] for start in range(0, len(items), _BATCH))
