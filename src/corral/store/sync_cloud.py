"""What synchronization keeps of cloud records and ports: what a VM had when both sides last agreed, and whose each port is."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

import sqlalchemy as sa

from corral.domain.gaps import CloudRecord
from corral.engine import read
from corral.store.cloud_records import CloudRecords, record_of_row
from corral.store.cloud_tables import cloud_records, sync_cloud
from corral.store.tables import server_nics, servers

Based = tuple[CloudRecord, str | None]
"""A record, with what the VM had of it when both sides last agreed; None before that."""


@dataclass(frozen=True, slots=True)
class Plugged:
    """The server of a node, and the network ports that its record has."""

    server: str
    ports: tuple[str, ...]


_BATCH = 500
"""Ids in one query."""


class CloudSides:
    """The rows. They are written in the transactions of passes and decisions."""

    def __init__(self, sql: sa.Engine, records: CloudRecords) -> None:
        self._sql = sql
        self._records = records

    def records(self, source: str, vms: Collection[str] | None = None) -> dict[str, list[Based]]:
        """By VM, its records; of all at the source, or of these few."""
        joined = cloud_records.outerjoin(sync_cloud, sync_cloud.c.record == cloud_records.c.id)
        query = sa.select(cloud_records, sync_cloud.c.basis).select_from(joined).where(cloud_records.c.source == source)
        if vms is not None:
            query = query.where(cloud_records.c.vm.in_(vms))
        found: dict[str, list[Based]] = {}
        with read(self._sql) as conn:
            for row in conn.execute(query.order_by(cloud_records.c.id)).mappings():
                found.setdefault(row["vm"], []).append((record_of_row(row), row["basis"]))
        return found

    def agreed(self, conn: sa.Connection, bases: Mapping[str, str]) -> None:
        """Write what the VM has, by record, now that both sides are one. A record that is gone meanwhile is left alone."""
        for record, basis in bases.items():
            mine = sync_cloud.c.record == record
            if conn.execute(sa.update(sync_cloud).where(mine).values(basis=basis)).rowcount:
                continue
            if conn.execute(sa.select(cloud_records.c.id).where(cloud_records.c.id == record)).first() is not None:
                conn.execute(sa.insert(sync_cloud).values(record=record, basis=basis))

    def lose(self, conn: sa.Connection, gone: Iterable[CloudRecord]) -> None:
        """Forget records of which the cloud has nothing any more. Raises Conflict for one that is being changed."""
        for one in gone:
            self._records.lose(conn, one)

    def owners(self, source: str, parts: Sequence[str]) -> set[str]:
        """The machines of servers at a source that these ids are of: ports and volumes that are recorded of them, or they
        themselves. Any number of ids."""
        found: set[str] = set()
        with read(self._sql) as conn:
            for start in range(0, len(parts), _BATCH):
                some = parts[start : start + _BATCH]
                for query in _owners(source, some):
                    found |= set(conn.scalars(query))
        return found

    def plugged(self, source: str, machines: Sequence[str] | None = None) -> dict[str, Plugged]:
        """By node, the ports that its server's record has; of all at the source, or of these few."""
        joined = servers.outerjoin(server_nics, server_nics.c.server == servers.c.uuid)
        query = sa.select(servers.c.machine, servers.c.uuid, server_nics.c.port).select_from(joined)
        query = query.where(servers.c.source == source)
        if machines is not None:
            query = query.where(servers.c.machine.in_(machines))
        with read(self._sql) as conn:
            rows = conn.execute(query.order_by(servers.c.machine, server_nics.c.position)).all()
        mine = {machine: (uuid, list[str]()) for machine, uuid, _ in rows}
        for machine, _, port in rows:
            if port is not None:
                mine[machine][1].append(port)
        return {machine: Plugged(uuid, tuple(ports)) for machine, (uuid, ports) in mine.items()}


def _owners(source: str, some: Sequence[str]) -> Iterator[sa.Select[tuple[str]]]:
    machines = sa.select(servers.c.machine).where(servers.c.source == source)
    yield machines.join(server_nics, server_nics.c.server == servers.c.uuid).where(server_nics.c.port.in_(some))
    yield machines.where(servers.c.uuid.in_(some))
    yield machines.where(servers.c.machine.in_(some))
    mine = (cloud_records.c.source == servers.c.source) & (cloud_records.c.vm == servers.c.machine)
    yield machines.join(cloud_records, mine).where(cloud_records.c.made.in_(some))
