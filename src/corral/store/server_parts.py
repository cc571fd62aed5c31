"""What a server has besides its own row: ports, MACs, and of a VM its volumes and NICs; as rows, and back."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import sqlalchemy as sa

from corral.domain.digest import plain
from corral.domain.server import Kind, Server, ServerNic
from corral.store.host_rows import disk_of, nic_of
from corral.store.tables import server_macs, server_nics, server_vm_nics, server_volumes

Row = Mapping[Any, Any]
_BATCH = 500
_MAC = 64
_OF_ALL = (server_nics, server_macs)
_OF_VMS = (server_volumes, server_vm_nics)
_FIELDS = ("nics", "macs", "volumes", "vm_nics")
# Built once: making SQL of expressions costs more than running it.
_READ = {
    table.name: sa.select(table)
    .where(table.c.server.in_(sa.bindparam("of_servers", expanding=True)))
    .order_by(table.c.mac if table is server_macs else table.c.position)
    for table in (*_OF_ALL, *_OF_VMS)
}
_DROP = {
    table.name: sa.delete(table).where(table.c.server == sa.bindparam("of_server")) for table in (*_OF_ALL, *_OF_VMS)
}
_WRITE = {table.name: sa.insert(table) for table in (*_OF_ALL, *_OF_VMS)}


@dataclass(frozen=True, slots=True)
class Parts:
    """The rows of some servers' parts, by the server's uuid."""

    found: Mapping[str, Mapping[str, Sequence[Row]]] = field(default_factory=dict)

    def of(self, server: str) -> dict[str, Any]:
        """The fields of one server that are made of them."""
        rows = {name: by.get(server, ()) for name, by in self.found.items()}
        return {
            "nics": tuple(_port(row) for row in rows.get("server_nics", ())),
            "macs": tuple(row["mac"] for row in rows.get("server_macs", ())),
            "volumes": tuple(disk_of(row["facts"]) for row in rows.get("server_volumes", ())),
            "vm_nics": tuple(nic_of(row["facts"]) for row in rows.get("server_vm_nics", ())),
        }


def read_parts(conn: sa.Connection, rows: Sequence[Row]) -> Parts:
    """The parts of these rows of `servers`; what only VMs have is not looked for where there is none."""
    uuids = [row["uuid"] for row in rows]
    vms = [row["uuid"] for row in rows if row["kind"] == Kind.VM]
    found = {table.name: _grouped(conn, table, uuids) for table in _OF_ALL}
    return Parts(found | {table.name: _grouped(conn, table, vms) for table in _OF_VMS if vms})


def _grouped(conn: sa.Connection, table: sa.Table, uuids: Sequence[str]) -> dict[str, list[Row]]:
    groups: dict[str, list[Row]] = {}
    for start in range(0, len(uuids), _BATCH):
        some = {"of_servers": list(uuids[start : start + _BATCH])}
        for row in conn.execute(_READ[table.name], some).mappings():
            groups.setdefault(row["server"], []).append(dict(row))
    return groups


def same_parts(server: Server, other: Server) -> bool:
    """Whether two states of a server have the same parts."""
    return all(getattr(server, name) == getattr(other, name) for name in _FIELDS)


def drop_parts(conn: sa.Connection, server: Server) -> None:
    """Remove the parts of a server that are about to be written anew."""
    for table in (*_OF_ALL, *(_OF_VMS if server.kind is Kind.VM else ())):
        conn.execute(_DROP[table.name], {"of_server": server.uuid})


def write_parts(conn: sa.Connection, server: Server) -> None:
    """Write the parts of a server. Raises IntegrityError where another server has one of them."""
    for table, rows in _rows(server):
        if rows:
            conn.execute(_WRITE[table.name], rows)


def _rows(server: Server) -> Iterator[tuple[sa.Table, list[dict[str, Any]]]]:
    yield server_nics, [{**_in_place(server, n), **_port_row(nic)} for n, nic in enumerate(server.nics)]
    yield server_macs, [{"mac": mac, "server": server.uuid} for mac in server.macs]
    yield (
        server_volumes,
        [{**_in_place(server, n), "id": disk.id, "facts": plain(disk)} for n, disk in enumerate(server.volumes)],
    )
    yield (
        server_vm_nics,
        [
            {
                **_in_place(server, n),
                "id": nic.id,
                "mac": nic.mac[:_MAC],
                "addresses": [address.ip for address in nic.addresses],
                "facts": plain(nic),
            }
            for n, nic in enumerate(server.vm_nics)
        ],
    )


def _in_place(server: Server, position: int) -> dict[str, Any]:
    return {"server": server.uuid, "position": position}


_PORT = ("port", "network", "mac", "port_type", "made", "plugged")


def _port_row(nic: ServerNic) -> dict[str, Any]:
    return {"addresses": list(nic.addresses), **{name: getattr(nic, name) for name in _PORT}}


def _port(row: Row) -> ServerNic:
    return ServerNic(addresses=tuple(row["addresses"]), **{name: row[name] for name in _PORT})
