"""Servers, their NICs and MACs."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.exc import IntegrityError

from corral.domain.errors import Conflict, Invalid, NotFound, Stale
from corral.domain.lifecycle import Status
from corral.domain.server import Server, ServerNic
from corral.engine import read
from corral.store.tables import server_macs, server_nics, servers

SORTABLE = ("created_at", "name", "uuid")
_BATCH = 500


@dataclass(frozen=True, slots=True)
class ServerFilter:
    """Which servers to list; None: any. `address` matches one address of a NIC exactly."""

    project: str | None = None
    name: str | None = None
    status: str | None = None
    flavor: str | None = None
    image: str | None = None
    source: str | None = None
    address: str | None = None


@dataclass(frozen=True, slots=True)
class Named:
    """A server that has a name, and whose machine it is."""

    uuid: str
    source: str
    machine: str


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
            rows = self._load(conn, sa.select(servers).where(servers.c.uuid == uuid))
        return rows[0] if rows else None

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
        """Those of these (project, name) that servers have. As many as there are cost one look for each few hundred."""
        pairs, found = sorted(wanted), {}
        with read(self._sql) as conn:
            for start in range(0, len(pairs), _BATCH):
                here = sa.tuple_(servers.c.project, servers.c.name).in_(pairs[start : start + _BATCH])
                for row in conn.execute(_NAMED.where(here)):
                    found[row.project, row.name] = Named(row.uuid, row.source, row.machine)
        return found

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
            conn.execute(sa.insert(servers).values(_row(stored)))
            self._write_parts(conn, stored)
        except IntegrityError as exc:
            raise _taken(server, exc) from exc
        return stored

    def save(self, server: Server, *, conn: sa.Connection | None = None) -> Server:
        """Write a changed server; gives it back with its new revision. Raises Stale when somebody else wrote meanwhile,
        Conflict when the new name or a port is taken."""
        if conn is None:
            with self._sql.begin() as own:
                return self.save(server, conn=own)
        stored = replace(server, updated_at=self._clock(), revision=server.revision + 1)
        here = sa.and_(servers.c.uuid == server.uuid, servers.c.revision == server.revision)
        try:
            if conn.execute(sa.update(servers).where(here).values(_row(stored))).rowcount != 1:
                raise Stale(
                    f"Server {server.uuid} was changed by somebody else.", fix="Look at it again, then try again."
                )
            for part in (server_nics, server_macs):
                conn.execute(sa.delete(part).where(part.c.server == server.uuid))
            self._write_parts(conn, stored)
        except IntegrityError as exc:
            raise _taken(server, exc) from exc
        return stored

    def remove(self, uuid: str) -> None:
        """Forget a server. One that is gone is done."""
        with self._sql.begin() as conn:
            conn.execute(sa.delete(servers).where(servers.c.uuid == uuid))

    # --- inside -------------------------------------------------------------------------------------------

    def _map(
        self, key: sa.Column[Any], value: sa.Column[Any], keys: Iterable[str], also: Any = sa.true()
    ) -> dict[str, str]:
        wanted, found = list(dict.fromkeys(keys)), {}
        with read(self._sql) as conn:
            for start in range(0, len(wanted), _BATCH):
                query = sa.select(key, value).where(key.in_(wanted[start : start + _BATCH]), also)
                found.update({row[0]: row[1] for row in conn.execute(query)})
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

    def _load(self, conn: sa.Connection, query: sa.Select[Any]) -> list[Server]:
        rows = conn.execute(query).mappings().all()
        uuids = [row["uuid"] for row in rows]
        nics = _grouped(conn, sa.select(server_nics).order_by(server_nics.c.position), server_nics.c.server, uuids)
        macs = _grouped(conn, sa.select(server_macs).order_by(server_macs.c.mac), server_macs.c.server, uuids)
        return [_server(dict(row), nics.get(row["uuid"], ()), macs.get(row["uuid"], ())) for row in rows]

    @staticmethod
    def _write_parts(conn: sa.Connection, server: Server) -> None:
        nics = [
            {
                "port": nic.port,
                "server": server.uuid,
                "position": position,
                "network": nic.network,
                "mac": nic.mac,
                "addresses": list(nic.addresses),
                "port_type": nic.port_type,
                "made": nic.made,
                "plugged": nic.plugged,
            }
            for position, nic in enumerate(server.nics)
        ]
        if nics:
            conn.execute(sa.insert(server_nics), nics)
        if server.macs:
            conn.execute(sa.insert(server_macs), [{"mac": mac, "server": server.uuid} for mac in server.macs])


def _matching(where: ServerFilter) -> sa.Select[Any]:
    query = sa.select(servers)
    for name in ("project", "name", "status", "flavor", "image", "source"):
        value = getattr(where, name)
        if value is not None:
            query = query.where(servers.c[name] == value)
    if where.address is not None:
        # Addresses are kept as JSON text; the quotes make the match exact.
        text = sa.cast(server_nics.c.addresses, sa.Text)
        has = sa.select(server_nics.c.server).where(text.contains(f'"{where.address}"', autoescape=True))
        query = query.where(servers.c.uuid.in_(has))
    return query


def _grouped(
    conn: sa.Connection, query: sa.Select[Any], column: sa.Column[Any], uuids: Sequence[str]
) -> dict[str, list[Mapping[str, Any]]]:
    groups: dict[str, list[Mapping[str, Any]]] = {}
    for start in range(0, len(uuids), _BATCH):
        for row in conn.execute(query.where(column.in_(uuids[start : start + _BATCH]))).mappings():
            groups.setdefault(row["server"], []).append(dict(row))
    return groups


def _row(server: Server) -> dict[str, Any]:
    kept = {column.name for column in servers.c}
    values = {name: getattr(server, name) for name in Server.__dataclass_fields__ if name in kept}
    plain = {"status": str(server.status), "metadata": dict(server.metadata), "snapshot": dict(server.snapshot)}
    return {**values, **plain, "warnings": [dict(one) for one in server.warnings]}


def _server(row: Mapping[str, Any], nics: Iterable[Mapping[str, Any]], macs: Iterable[Mapping[str, Any]]) -> Server:
    parts = {
        "status": Status(row["status"]),
        "warnings": tuple(row["warnings"]),
        "nics": tuple(_nic(nic) for nic in nics),
        "macs": tuple(one["mac"] for one in macs),
    }
    return Server(**{**row, **parts})


def _nic(row: Mapping[str, Any]) -> ServerNic:
    names = ("port", "network", "mac", "port_type", "made", "plugged")
    return ServerNic(addresses=tuple(row["addresses"]), **{name: row[name] for name in names})


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
