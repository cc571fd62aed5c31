"""The record of hosts, for those who read it: pages of hosts, of VMs, of their volumes and NICs."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import sqlalchemy as sa

from corral.domain.errors import Invalid
from corral.engine import read
from corral.store.host_rows import Held, KnownHost, KnownVm, disk_of, host_of, nic_of
from corral.store.host_tables import host_sources, hosts, nics, vms, volumes
from corral.store.vm_records import LastSeen, VmFilter, VmRecords

_ORDER = (hosts.c.name, hosts.c.source, hosts.c.id)
_FIRST = "Start again from the first page."


@dataclass(frozen=True, slots=True)
class HostFilter:
    """Which hosts to list. `sources`: of these; `reachable`: only those that answer, or don't; None: any."""

    sources: tuple[str, ...]
    name: str | None = None
    reachable: bool | None = None
    gone: bool = False


@dataclass(frozen=True, slots=True)
class SourceState:
    """How far the survey of a source is. `problem`: why the last one could not be made, or not to its end."""

    name: str
    surveyed_at: datetime | None = None
    problem: str = ""


class HostRecords:
    """The reading side of the record of hosts."""

    def __init__(self, sql: sa.Engine) -> None:
        self._sql = sql

    def states(self, names: Sequence[str]) -> list[SourceState]:
        """Of each source, in that order; of one that was never surveyed only its name."""
        columns = (host_sources.c.name, host_sources.c.surveyed_at, host_sources.c.problem)
        with read(self._sql) as conn:
            rows = conn.execute(sa.select(*columns).where(host_sources.c.name.in_(names))).all()
        known = {row[0]: SourceState(row[0], row[1], row[2] or "") for row in rows}
        return [known.get(name, SourceState(name)) for name in names]

    def page(self, where: HostFilter, *, limit: int, marker: str | None = None) -> list[KnownHost]:
        """One page of hosts by name, after the host `marker` (`source:id`). Raises Invalid for a marker that does not exist."""
        # No column that SQLite could go by: it would read, and sort, all hosts of these sources for each page.
        of = sa.func.coalesce(hosts.c.source, "").in_(where.sources)
        query = _hosts().where(of, _gone(hosts, where.gone)).limit(limit)
        if where.name is not None:
            query = query.where(hosts.c.name == where.name)
        if where.reachable is not None:
            query = query.where(hosts.c.problem.is_(None) if where.reachable else hosts.c.problem.is_not(None))
        with read(self._sql) as conn:
            if marker is not None:
                query = query.where(_beyond(conn, marker))
            return [_known_host(row) for row in conn.execute(query.order_by(*_ORDER)).mappings()]

    def find(self, wanted: str, sources: Sequence[str]) -> list[KnownHost]:
        """The hosts with that id or name at these sources: those that are still told where there are any."""
        named = sa.or_(hosts.c.id == wanted, hosts.c.name == wanted)
        with read(self._sql) as conn:
            rows = conn.execute(_hosts().where(hosts.c.source.in_(sources), named).order_by(*_ORDER)).mappings()
            found = [_known_host(row) for row in rows]
        return [one for one in found if one.gone_since is None] or found

    # --- what is on a host --------------------------------------------------------------------------------

    def machines(self, source: str, host: str, *, gone: bool, limit: int, marker: str | None) -> list[KnownVm]:
        """One page of a host's VMs by id, after the VM `marker`."""
        where = VmFilter((source,), host, gone)
        return VmRecords(self._sql).page(where, limit=limit, marker=None if marker is None else f"{source}:{marker}")

    def last_seen(self, source: str, ids: Iterable[str]) -> dict[str, LastSeen]:
        """Where these VMs were seen last, by id; those that are on record."""
        return VmRecords(self._sql).last_seen(source, ids)

    def volumes(self, source: str, host: str, *, limit: int, marker: str | None) -> list[Held]:
        """One page of the volumes of a host's VMs, by VM and place, after `marker` (`vm:position`)."""
        return self._held(volumes, source, host, limit, marker)

    def nics(self, source: str, host: str, *, limit: int, marker: str | None) -> list[Held]:
        """Their NICs, likewise."""
        return self._held(nics, source, host, limit, marker)

    def _held(self, table: sa.Table, source: str, host: str, limit: int, marker: str | None) -> list[Held]:
        mine = sa.and_(vms.c.source == table.c.source, vms.c.id == table.c.vm)
        query = sa.select(table, vms.c.name).join_from(table, vms, mine)
        query = query.where(vms.c.source == source, vms.c.host == host, _gone(vms, False))
        if marker is not None:
            vm, _, position = marker.rpartition(":")
            if not (vm and position.isascii() and position.isdigit() and len(position) < 9):
                raise Invalid(f"{marker!r} is no marker.", fix=_FIRST)
            query = query.where(
                sa.tuple_(table.c.vm, table.c.position) > sa.tuple_(*map(sa.literal, (vm, int(position))))
            )
        made = disk_of if table is volumes else nic_of
        with read(self._sql) as conn:
            rows = conn.execute(query.order_by(table.c.vm, table.c.position).limit(limit)).mappings()
            return [Held(row["vm"], row["name"], row["position"], made(row["facts"])) for row in rows]


def _hosts() -> Any:
    surveyed = host_sources.c.surveyed_at
    return sa.select(hosts, surveyed).outerjoin_from(hosts, host_sources, host_sources.c.name == hosts.c.source)


def _gone(table: sa.Table, gone: bool) -> sa.ColumnElement[bool]:
    return sa.true() if gone else table.c.gone_since.is_(None)


def _beyond(conn: sa.Connection, marker: str) -> Any:
    source, _, ident = marker.partition(":")
    place = conn.execute(sa.select(*_ORDER).where(hosts.c.source == source, hosts.c.id == ident)).first()
    if place is None:
        raise Invalid(f"The marker {marker!r} is no host.", fix=_FIRST)
    return sa.tuple_(*_ORDER) > sa.tuple_(*map(sa.literal, place))


def _known_host(row: Mapping[Any, Any]) -> KnownHost:
    # A host that answers was seen by the last survey, and nothing was written for that; or just now, by one that goes on.
    since = [at for at in (row["surveyed_at"], row["changed_at"]) if at is not None]
    seen = row["stale_since"] if row["problem"] is not None else max(since)
    times = {name: row[name] for name in ("first_seen_at", "changed_at", "gone_since", "wanted_at")}
    return KnownHost(host_of(row), seen_at=seen, **times)
