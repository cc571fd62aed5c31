"""What Corral made in Cinder and Neutron, and is making there.

Rule: a record is written before the cloud is asked, and goes only when the cloud was seen to have nothing of it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.exc import IntegrityError

from corral.domain.errors import Conflict
from corral.domain.gaps import CloudRecord, Filling, Kind
from corral.engine import read
from corral.store.cloud_tables import cloud_marks, cloud_records

_BATCH = 500


@dataclass(frozen=True, slots=True)
class RecordFilter:
    """Which records to list; None: any."""

    source: str | None = None
    host: str | None = None
    vm: str | None = None
    kind: Kind | None = None
    operation: str | None = None
    ids: tuple[str, ...] | None = None


class CloudRecords:
    """The records of all clouds."""

    def __init__(self, sql: sa.Engine, clock: Callable[[], datetime]) -> None:
        self._sql = sql
        self._clock = clock

    def page(self, where: RecordFilter, *, limit: int, marker: str | None = None) -> list[CloudRecord]:
        """One page of records by id, after the record `marker`."""
        query = sa.select(cloud_records).where(*_matching(where)).order_by(cloud_records.c.id).limit(limit)
        if marker is not None:
            query = query.where(cloud_records.c.id > marker)
        with read(self._sql) as conn:
            return [record_of_row(row) for row in conn.execute(query).mappings()]

    def of_operation(self, operation: str) -> list[CloudRecord]:
        """The records that an operation makes or takes back."""
        return self.page(RecordFilter(operation=operation), limit=10_000)

    def taken(self, source: str, machines: Iterable[str]) -> dict[tuple[str, Kind, str], CloudRecord]:
        """By (VM, kind, part), the records of these VMs."""
        wanted, found = sorted(set(machines)), {}
        with read(self._sql) as conn:
            for start in range(0, len(wanted), _BATCH):
                here = cloud_records.c.vm.in_(wanted[start : start + _BATCH])
                query = sa.select(cloud_records).where(cloud_records.c.source == source, here)
                for row in conn.execute(query).mappings():
                    one = record_of_row(row)
                    found[one.vm, one.kind, one.part] = one
        return found

    def at(self, source: str) -> dict[str, CloudRecord]:
        """By id, all records of a source."""
        with read(self._sql) as conn:
            rows = conn.execute(sa.select(cloud_records).where(cloud_records.c.source == source)).mappings()
            return {row["id"]: record_of_row(row) for row in rows}

    def existing(self, ids: Iterable[str]) -> set[str]:
        """Those of these ids that are records."""
        return self._those(cloud_records.c.id, ids)

    def written(self, ids: Iterable[str]) -> set[str]:
        """Those of these ids that are, or once were, records of this database."""
        return self._those(cloud_marks.c.id, ids)

    def _those(self, column: sa.Column[str], ids: Iterable[str]) -> set[str]:
        wanted, found = sorted(set(ids)), set[str]()
        with read(self._sql) as conn:
            for start in range(0, len(wanted), _BATCH):
                here = column.in_(wanted[start : start + _BATCH])
                found |= set(conn.execute(sa.select(column).where(here)).scalars())
        return found

    # --- write --------------------------------------------------------------------------------------------

    def add(self, conn: sa.Connection, host: str, made: Sequence[CloudRecord]) -> None:
        """Write records that are to be made, in the transaction that stores their operation. Raises Conflict when a disk or a NIC
        has one already."""
        rows = [_row(one, host) | {"created_at": self._clock()} for one in made]
        conn.execute(sa.insert(cloud_marks), [{"id": one.id} for one in made])
        try:
            conn.execute(sa.insert(cloud_records), rows)
        except IntegrityError as exc:
            raise Conflict(
                "A disk or a NIC of this VM is being recorded already.", fix="Look at `corral cloud records`."
            ) from exc

    def hold(self, conn: sa.Connection, ids: Sequence[str], operation: str) -> None:
        """Have an operation take records back. Raises Conflict for one that another operation is at work on, or that is gone."""
        at_rest = sa.and_(cloud_records.c.id.in_(ids), cloud_records.c.state == Filling.MADE)
        moved = conn.execute(
            sa.update(cloud_records).where(at_rest).values(state=Filling.REVERTING, operation=operation)
        )
        if moved.rowcount != len(set(ids)):
            raise Conflict(
                "Some of these records are being made or taken back right now, or are gone.",
                fix="Look at `corral cloud records`, and wait for the operations that it names.",
            )

    def made(self, ident: str, what: str) -> None:
        """Write down the id of what was made."""
        self._change(ident, made=what)

    def rest(self, operation: str) -> None:
        """The operation is over: what it made is made, and what it could not take back is still there."""
        with self._sql.begin() as conn:
            mine = sa.update(cloud_records).where(cloud_records.c.operation == operation)
            conn.execute(mine.values(state=Filling.MADE))

    def forget(self, ident: str) -> None:
        """The cloud has nothing of it any more."""
        with self._sql.begin() as conn:
            conn.execute(sa.delete(cloud_records).where(cloud_records.c.id == ident))

    def lose(self, conn: sa.Connection, one: CloudRecord) -> None:
        """Forget a record whose volume or port is gone. Raises Conflict when anything has become of it since it was read."""
        as_read = {"id": one.id, "state": str(Filling.MADE), "operation": one.operation, "made": one.made}
        here = [cloud_records.c[name] == value for name, value in as_read.items()]
        if conn.execute(sa.delete(cloud_records).where(*here)).rowcount != 1:
            raise Conflict(f"Record {one.id} is being changed right now, or is gone.", fix="Scan again.")

    def _change(self, ident: str, **values: Any) -> None:
        with self._sql.begin() as conn:
            conn.execute(sa.update(cloud_records).where(cloud_records.c.id == ident).values(**values))


def _matching(where: RecordFilter) -> list[sa.ColumnElement[bool]]:
    asked = {"source": where.source, "host": where.host, "vm": where.vm, "kind": where.kind}
    asked["operation"] = where.operation
    found = [cloud_records.c[name] == value for name, value in asked.items() if value is not None]
    return found if where.ids is None else [*found, cloud_records.c.id.in_(where.ids)]


def _row(one: CloudRecord, host: str) -> dict[str, Any]:
    names = ("id", "source", "vm", "vm_name", "part", "project", "cloud", "operation")
    kept = {name: getattr(one, name) for name in names}
    return {**kept, "kind": str(one.kind), "state": str(one.state), "wanted": dict(one.wanted), "host": host}


def record_of_row(row: Mapping[Any, Any]) -> CloudRecord:
    """A record, of its row."""
    return CloudRecord(
        id=row["id"],
        kind=Kind(row["kind"]),
        state=Filling(row["state"]),
        source=row["source"],
        vm=row["vm"],
        vm_name=row["vm_name"],
        part=row["part"],
        project=row["project"],
        cloud=row["cloud"],
        wanted=row["wanted"],
        operation=row["operation"],
        made=row["made"] or "",
        created_at=row["created_at"],
    )
