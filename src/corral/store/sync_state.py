"""What record and world last agreed on, server by server, and how the passes over each source go.

Rule: every write of a pass proves in its own transaction that its writer still is the source's one synchronizer.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

import sqlalchemy as sa
from sqlalchemy.exc import IntegrityError

from corral.domain.drift import Field, Value
from corral.domain.errors import NotFound, Stale
from corral.engine import database_clock, read
from corral.store.sync_tables import sync_servers, sync_sources
from corral.store.tables import servers

_BATCH = 500


@dataclass(frozen=True, slots=True)
class Agreed:
    """What is kept of a server beside its record; see the columns of `sync_servers`."""

    agreed: Mapping[Field, Value] = field(default_factory=dict)
    origin: Mapping[Field, Value] = field(default_factory=dict)
    turns: Mapping[Field, Sequence[str]] = field(default_factory=dict)
    stamp: str = ""


@dataclass(frozen=True, slots=True)
class Known:
    """As much of a server as tells whether it has to be compared again."""

    uuid: str
    machine: str
    status: str
    revision: int
    stamp: str


@dataclass(frozen=True, slots=True)
class SourceState:
    """How the passes over a source go; see the columns of `sync_sources`."""

    name: str
    ended_at: datetime | None = None
    changed_at: datetime | None = None
    seconds: float | None = None
    problem: str | None = None
    servers: int | None = None
    pause: float | None = None
    braked_at: datetime | None = None
    brake_why: str | None = None
    calm: int | None = None
    released_at: datetime | None = None
    wanted_at: datetime | None = None
    hears: bool | None = None
    hears_since: datetime | None = None
    hears_why: str | None = None
    policy_problem: str | None = None


_STATE = tuple(SourceState.__dataclass_fields__)
_KNOWN = sa.select(
    servers.c.uuid,
    servers.c.machine,
    servers.c.status,
    servers.c.revision,
    sa.func.coalesce(sync_servers.c.stamp, "").label("stamp"),
).select_from(servers.outerjoin(sync_servers, sync_servers.c.server == servers.c.uuid))


class SyncState:
    """The state of synchronization in one database."""

    def __init__(self, sql: sa.Engine) -> None:
        self._sql = sql

    # --- servers ------------------------------------------------------------------------------------------

    def known(self, source: str, machines: Sequence[str]) -> dict[str, Known]:
        """By machine, those of these machines that are servers."""
        found: dict[str, Known] = {}
        with read(self._sql) as conn:
            for start in range(0, len(machines), _BATCH):
                here = servers.c.machine.in_(machines[start : start + _BATCH])
                for row in conn.execute(_KNOWN.where(servers.c.source == source, here)):
                    found[row.machine] = Known(*row)
        return found

    def all(self, source: str) -> Iterator[Known]:
        """Every server of a source, by machine, in pages."""
        after = ""
        while True:
            query = _KNOWN.where(servers.c.source == source, servers.c.machine > after).order_by(servers.c.machine)
            with read(self._sql) as conn:
                page = [Known(*row) for row in conn.execute(query.limit(_BATCH))]
            yield from page
            if len(page) < _BATCH:
                return
            after = page[-1].machine

    def agreed(self, uuids: Iterable[str]) -> dict[str, Agreed]:
        """What was agreed on, of those servers where anything was."""
        wanted, found = list(uuids), {}
        with read(self._sql) as conn:
            for start in range(0, len(wanted), _BATCH):
                here = sync_servers.c.server.in_(wanted[start : start + _BATCH])
                for row in conn.execute(sa.select(sync_servers).where(here)):
                    found[row.server] = _agreed(row)
        return found

    def agree(self, conn: sa.Connection, server: str, now: Agreed) -> None:
        """Write what was agreed on. A server that is gone meanwhile is left alone."""
        values = _values(now)
        if conn.execute(sa.update(sync_servers).where(sync_servers.c.server == server).values(values)).rowcount:
            return
        if conn.execute(sa.select(servers.c.uuid).where(servers.c.uuid == server)).first() is not None:
            conn.execute(sa.insert(sync_servers).values(server=server, **values))

    def agree_all(self, conn: sa.Connection, now: Mapping[str, Agreed]) -> None:
        """As `agree`, of at most 500 servers, by three statements."""
        mine = sync_servers.c.server.in_(now)
        there = set(conn.execute(sa.select(sync_servers.c.server).where(mine)).scalars())
        if old := [{**_values(one), "of": uuid} for uuid, one in now.items() if uuid in there]:
            conn.execute(sa.update(sync_servers).where(sync_servers.c.server == sa.bindparam("of")), old)
        if missing := now.keys() - there:
            alive = conn.execute(sa.select(servers.c.uuid).where(servers.c.uuid.in_(missing))).scalars().all()
            if new := [{**_values(now[uuid]), "server": uuid} for uuid in alive]:
                conn.execute(sa.insert(sync_servers), new)

    def several_in(self, conn: sa.Connection, uuids: Sequence[str]) -> dict[str, Agreed]:
        """As `agreed`, of at most 500 servers, in a transaction that goes on to change them."""
        rows = conn.execute(sa.select(sync_servers).where(sync_servers.c.server.in_(uuids)))
        return {row.server: _agreed(row) for row in rows}

    def agreed_in(self, conn: sa.Connection, server: str) -> Agreed:
        """As `agreed`, of one server, in a transaction that goes on to change it."""
        row = conn.execute(sa.select(sync_servers).where(sync_servers.c.server == server)).first()
        return Agreed() if row is None else _agreed(row)

    # --- who passes, and how it goes ----------------------------------------------------------------------

    def lease(self, source: str, holder: str, seconds: float) -> bool:
        """Become, or stay, the one synchronizer of a source for so long. False while another one is."""
        here = sync_sources.c.name == source
        try:
            with self._sql.begin() as conn:
                now = database_clock(conn)
                mine = {"holder": holder, "until": now + timedelta(seconds=seconds)}
                free = sa.or_(
                    sync_sources.c.holder == holder, sync_sources.c.until.is_(None), sync_sources.c.until <= now
                )
                if conn.execute(sa.update(sync_sources).where(here, free).values(mine)).rowcount:
                    return True
                if conn.execute(sa.select(sync_sources.c.name).where(here)).first():
                    return False
                conn.execute(sa.insert(sync_sources).values(name=source, **mine))
        except IntegrityError:
            return False  # somebody else was the first one ever
        return True

    def end_lease(self, source: str, holder: str) -> None:
        """Let the next one synchronize."""
        mine = sa.and_(sync_sources.c.name == source, sync_sources.c.holder == holder)
        with self._sql.begin() as conn:
            conn.execute(sa.update(sync_sources).where(mine).values(holder=None, until=None))

    def prove(self, conn: sa.Connection, source: str, holder: str) -> None:
        """Raise Stale for a synchronizer that was paused until another one took over."""
        mine = sa.and_(sync_sources.c.name == source, sync_sources.c.holder == holder)
        if conn.execute(sa.select(sync_sources.c.name).where(mine).with_for_update(read=True)).first() is None:
            raise Stale(f"Source {source} is synchronized by another process now.", fix="Nothing is to be done.")

    @contextmanager
    def changing(self) -> Iterator[sa.Connection]:
        """A transaction in which any of it is written."""
        with self._sql.begin() as conn:
            yield conn

    def state(self, source: str) -> SourceState:
        """How the passes over a source go; of one that had none yet, nothing."""
        with read(self._sql) as conn:
            row = conn.execute(sa.select(sync_sources).where(sync_sources.c.name == source)).mappings().first()
        return SourceState(source) if row is None else SourceState(**{name: row[name] for name in _STATE})

    def put(self, conn: sa.Connection, source: str, **values: Any) -> None:
        """Write some of it."""
        conn.execute(sa.update(sync_sources).where(sync_sources.c.name == source).values(values))

    def want(self, source: str) -> None:
        """Somebody, or an event, wants a pass as soon as can be."""
        this = sa.and_(sync_sources.c.name == source, sync_sources.c.wanted_at.is_(None))
        with self._sql.begin() as conn:
            conn.execute(sa.update(sync_sources).where(this).values(wanted_at=database_clock(conn)))

    def granted(self, source: str, at: datetime) -> None:
        """The wish of that time is fulfilled. One that was made again meanwhile stays."""
        this = sa.and_(sync_sources.c.name == source, sync_sources.c.wanted_at == at)
        with self._sql.begin() as conn:
            conn.execute(sa.update(sync_sources).where(this).values(wanted_at=None))

    def release(self, conn: sa.Connection, source: str, at: datetime) -> None:
        """End the brake, and let what is known by now pass. Raises NotFound for a source that was never looked at."""
        this = sync_sources.c.name == source
        ended = {"braked_at": None, "brake_why": None, "calm": None, "released_at": at}
        if not conn.execute(sa.update(sync_sources).where(this).values(**ended, wanted_at=at)).rowcount:
            raise NotFound(f"Source {source!r} has not been synchronized yet.", fix="Wait for its first pass.")


def _agreed(row: Any) -> Agreed:
    return Agreed(_fields(row.agreed), _fields(row.origin), _fields(row.turns), row.stamp)


def _values(now: Agreed) -> dict[str, Any]:
    return {
        "agreed": _plain(now.agreed),
        "origin": _plain(now.origin),
        "turns": _plain(now.turns),
        "stamp": now.stamp,
    }


_FIELDS = {str(what): what for what in Field}


def _fields(data: Mapping[str, Any]) -> dict[Field, Any]:
    # A newer release may have written fields that this one does not know.
    return {_FIELDS[name]: value for name, value in data.items() if name in _FIELDS}


def _plain(data: Mapping[Field, Any]) -> dict[str, Any]:
    return {str(name): value for name, value in data.items()}
