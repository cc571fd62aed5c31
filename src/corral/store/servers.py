"""Servers, their NICs and MACs."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from functools import cache
from itertools import groupby
from operator import itemgetter
from typing import Any

import sqlalchemy as sa
from sqlalchemy.exc import IntegrityError

from corral.domain.errors import Conflict, Invalid, NotFound, Stale
from corral.domain.lifecycle import Status
from corral.domain.server import Kind, Server
from corral.engine import read
from corral.store.server_parts import Parts, drop_parts, read_parts, same_parts, write_parts
from corral.store.tables import server_macs, server_nics, server_vm_nics, servers

SORTABLE = ("created_at", "name", "uuid")
_BATCH = 500
Stamp = tuple[int, Status]
"""A record's revision, and how the server stands."""


@dataclass(frozen=True, slots=True)
class ServerFilter:
    """Which servers to list; None: any. `address` matches one address of a NIC exactly."""

    project: str | None = None
    name: str | None = None
    status: str | None = None
    flavor: str | None = None
    image: str | None = None
    source: str | None = None
    kind: Kind | None = None
    address: str | None = None


@dataclass(frozen=True, slots=True)
class Named:
    """A server that has a name, and whose machine it is."""

    uuid: str
    source: str
    machine: str


# Built once: making SQL of expressions costs more than running it.
_ADD = sa.insert(servers)
_FIND = sa.select(servers).where(servers.c.uuid == sa.bindparam("of_uuid"))
_SAVE = sa.update(servers).where(
    servers.c.uuid == sa.bindparam("of_uuid"), servers.c.revision == sa.bindparam("of_revision")
)
_NAMED = sa.select(servers.c.uuid, servers.c.project, servers.c.name, servers.c.source, servers.c.machine)


class Servers:
    """The server records. Every change is compare-and-set on `revision`."""

    def __init__(self, sql: sa.Engine, clock: Callable[[], datetime]) -> None:
        self._sql = sql
        self._clock = clock

    # --- read ---------------------------------------------------------------------------------------------

    def get(self, uuid: str) -> Server:
        """The server. Raises NotFound."""
        found = self.find(uuid)
        if found is None:
            raise NotFound(f"No server has the uuid {uuid}.", fix="Look at `corral server list`.")
        return found

    def find(self, uuid: str) -> Server | None:
        """The server, or None."""
        with read(self._sql) as conn:
            rows = self._load(conn, _FIND, {"of_uuid": uuid})
        return rows[0] if rows else None

    def several(self, uuids: Iterable[str]) -> dict[str, Server]:
        """Those of these servers that exist, by uuid."""
        found: dict[str, Server] = {}
        for batch in _batches(list(dict.fromkeys(uuids))):
            found |= {one.uuid: one for one in self._read(sa.select(servers).where(servers.c.uuid.in_(batch)))}
        return found

    def page(
        self,
        where: ServerFilter,
        *,
        limit: int,
        marker: str | None = None,
        sort_key: str = "created_at",
        descending: bool = True,
    ) -> list[Server]:
        """One page, after the server `marker`, in the order of (sort_key, uuid): the last page costs what the first does.

        Raises Invalid for a marker or sort key that does not exist."""
        if sort_key not in SORTABLE:
            raise Invalid(f"Servers can't be sorted by {sort_key!r}.", fix=f"Use one of {', '.join(SORTABLE)}.")
        column = servers.c[sort_key]
        direction = sa.desc if descending else sa.asc
        query = _matching(where).order_by(direction(column), direction(servers.c.uuid)).limit(limit)
        with read(self._sql) as conn:
            if marker is not None:
                query = query.where(self._beyond(conn, marker, column, descending))
            return self._load(conn, query)

    def holders(self, ports: Iterable[str]) -> dict[str, str]:
        """Port id → server uuid, for those ports that are NICs of a server."""
        return self._map(server_nics.c.port, server_nics.c.server, ports)

    def mac_holders(self, macs: Iterable[str]) -> dict[str, str]:
        """MAC → server uuid, for those MACs that a managed machine has."""
        return self._map(server_macs.c.mac, server_macs.c.server, macs)

    def managed(self, source: str, machines: Iterable[str]) -> dict[str, str]:
        """Machine id → server uuid, for those machines of a source that are managed."""
        return self._map(servers.c.machine, servers.c.uuid, machines, servers.c.source == source)

    def existing(self, uuids: Iterable[str]) -> set[str]:
        """Those of these uuids that are servers, of any source."""
        return set(self._map(servers.c.uuid, servers.c.source, uuids))

    def named(self, wanted: Iterable[tuple[str, str]]) -> dict[tuple[str, str], Named]:
        """Those of these (project, name) that servers have: one look for each few hundred of a project."""
        found = {}
        with read(self._sql) as conn:
            # Project by project: for pairs SQLite reads every server there is.
            for project, pairs in groupby(sorted(set(wanted)), key=itemgetter(0)):
                for batch in _batches([name for _, name in pairs]):
                    for row in conn.execute(_NAMED.where(servers.c.project == project, servers.c.name.in_(batch))):
                        found[project, row.name] = Named(row.uuid, row.source, row.machine)
        return found

    def each_at(self, source: str) -> Iterator[Server]:
        """All servers of a source, in the order of its machines, read in pages. The last one costs what the first does:
        the database has an index of just this order."""
        query = sa.select(servers).where(servers.c.source == source).order_by(servers.c.machine).limit(_BATCH)
        page = self._read(query)
        while page:
            yield from page
            page = self._read(query.where(servers.c.machine > page[-1].machine))

    def stamps(self, source: str) -> dict[str, Stamp]:
        """Server uuid → what tells whether its record has changed, for all servers of a source."""
        query = sa.select(servers.c.uuid, servers.c.revision, servers.c.status).where(servers.c.source == source)
        with read(self._sql) as conn:
            return {row.uuid: (row.revision, Status(row.status)) for row in conn.execute(query)}

    def loose(self, stable: Iterable[Status], sources: Iterable[str], *, source: str | None = None) -> list[Server]:
        """Servers that are in none of these states, or at none of these sources; of one source, or of any."""
        resting = servers.c.status.in_([str(one) for one in stable]) & servers.c.source.in_(list(sources))
        of = sa.true() if source is None else servers.c.source == source
        return self._read(sa.select(servers).where(~resting, of))

    def using_flavor(self, flavor: str) -> int:
        """How many servers have that flavor."""
        with read(self._sql) as conn:
            return conn.execute(sa.select(sa.func.count()).where(servers.c.flavor == flavor)).scalar_one()

    # --- write --------------------------------------------------------------------------------------------

    def add(self, conn: sa.Connection, server: Server) -> Server:
        """Write a new server, in the caller's transaction. Raises Conflict when its machine, a MAC, or its name in its
        project is taken: whoever comes second loses here, however many processes there are."""
        stored = replace(server, created_at=self._clock(), revision=1)
        try:
            conn.execute(_ADD, _row(stored))
            write_parts(conn, stored)
        except IntegrityError as exc:
            raise _taken(server, exc) from exc
        return stored

    def save(self, server: Server, *, conn: sa.Connection | None = None, was: Server | None = None) -> Server:
        """Write a changed server; gives it back with its new revision. `was`: the same as it was read; NICs, volumes and MACs that
        are the same there are not written again. Raises Stale when somebody else wrote meanwhile, Conflict when the new name or a
        port is taken."""
        if conn is None:
            with self._sql.begin() as own:
                return self.save(server, conn=own, was=was)
        stored = replace(server, updated_at=self._clock(), revision=server.revision + 1)
        seen = {"of_uuid": server.uuid, "of_revision": server.revision}
        try:
            if conn.execute(_SAVE, {**seen, **_row(stored)}).rowcount != 1:
                raise Stale(
                    f"Server {server.uuid} was changed by somebody else.", fix="Look at it again, then try again."
                )
            if was is None or was.revision != server.revision or not same_parts(server, was):
                drop_parts(conn, stored)
                write_parts(conn, stored)
        except IntegrityError as exc:
            raise _taken(server, exc) from exc
        return stored

    def remove(self, uuid: str) -> None:
        """Forget a server. One that is gone is done."""
        with self._sql.begin() as conn:
            conn.execute(sa.delete(servers).where(servers.c.uuid == uuid))

    # --- inside -------------------------------------------------------------------------------------------

    def _read(self, query: sa.Select[Any]) -> list[Server]:
        with read(self._sql) as conn:
            return self._load(conn, query)

    def _map(
        self, key: sa.Column[Any], value: sa.Column[Any], keys: Iterable[str], also: Any = sa.true()
    ) -> dict[str, str]:
        wanted, found = list(dict.fromkeys(keys)), {}
        query = _looked_up(key, value).where(also)
        with read(self._sql) as conn:
            for batch in _batches(wanted):
                found.update({row[0]: row[1] for row in conn.execute(query, {"of_keys": list(batch)})})
        return found

    def _beyond(self, conn: sa.Connection, marker: str, column: sa.Column[Any], descending: bool) -> Any:
        place = conn.execute(sa.select(column, servers.c.uuid).where(servers.c.uuid == marker)).first()
        if place is None:
            raise Invalid(f"The marker {marker!r} is no server.", fix="Start again from the first page.")
        here, there = (
            sa.tuple_(column, servers.c.uuid),
            sa.tuple_(*map(sa.literal, place, (column.type, servers.c.uuid.type))),
        )
        return here < there if descending else here > there

    def _load(
        self, conn: sa.Connection, query: sa.Select[Any], values: Mapping[str, Any] | None = None
    ) -> list[Server]:
        rows = conn.execute(query, values or {}).mappings().all()
        parts = read_parts(conn, rows)
        return [_server(dict(row), parts) for row in rows]


@cache
def _looked_up(key: sa.Column[Any], value: sa.Column[Any]) -> sa.Select[Any]:
    return sa.select(key, value).where(key.in_(sa.bindparam("of_keys", expanding=True)))


def _matching(where: ServerFilter) -> sa.Select[Any]:
    query = sa.select(servers)
    for name in ("project", "name", "status", "flavor", "image", "source"):
        value = getattr(where, name)
        if value is not None:
            query = query.where(servers.c[name] == value)
    if where.kind is not None:
        query = query.where(sa.func.coalesce(servers.c.kind, Kind.NODE) == where.kind)
    if where.address is not None:
        having = (_having(where.address, table) for table in (server_nics, server_vm_nics))
        query = query.where(sa.or_(*(servers.c.uuid.in_(one) for one in having)))
    return query


def _having(address: str, nics: sa.Table) -> sa.Select[Any]:
    # Addresses are kept as JSON text; the quotes make the match exact.
    text = sa.cast(nics.c.addresses, sa.Text)
    return sa.select(nics.c.server).where(text.contains(f'"{address}"', autoescape=True))


def _batches(keys: Sequence[str]) -> Iterator[Sequence[str]]:
    return (keys[start : start + _BATCH] for start in range(0, len(keys), _BATCH))


def _row(server: Server) -> dict[str, Any]:
    kept = {column.name for column in servers.c}
    values = {name: getattr(server, name) for name in Server.__dataclass_fields__ if name in kept}
    words = {"status": str(server.status), "kind": str(server.kind)}
    plain = {
        **words,
        "metadata": dict(server.metadata),
        "tags": list(server.tags),
        "snapshot": dict(server.snapshot),
    }
    return {**values, **plain, "warnings": [dict(one) for one in server.warnings]}


def _server(row: Mapping[str, Any], parts: Parts) -> Server:
    made = {
        "status": Status(row["status"]),
        "warnings": tuple(row["warnings"]),
        "kind": Kind(row["kind"] or Kind.NODE),
        "tags": tuple(row["tags"] or ()),
    }
    return Server(**{**row, **made, **parts.of(row["uuid"])})


def _taken(server: Server, exc: IntegrityError) -> Conflict:
    """Which uniqueness was hurt, in words. The database names the columns (SQLite) or the constraint (PostgreSQL)."""
    text = str(exc.orig)
    if "server_macs" in text:
        return Conflict(
            "One of the machine's MACs already belongs to another server.", fix="Two machines can't share a MAC."
        )
    if "server_nics" in text:
        return Conflict(
            "One of the ports is already a NIC of another server.", fix="Unmanage that server, or choose another."
        )
    if "name" in text and "machine" not in text.replace("machine_name", ""):
        return Conflict(f"A server named {server.name!r} already exists in this project.", fix="Choose another name.")
    return Conflict(
        f"Machine {server.machine} of {server.source} is being adopted, or managed, by somebody else.",
        fix="`corral server list` shows by whom.",
    )
