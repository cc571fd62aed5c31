"""Drifts: a row for each field of a machine that is not as recorded, as long as that lasts."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, TypeVar

import sqlalchemy as sa

from corral.domain.drift import Drift, DriftState, Field
from corral.domain.errors import NotFound
from corral.engine import read
from corral.store.sync_tables import drifts

_BATCH = 500
_KEPT = tuple(column.name for column in drifts.c if column.name != "id")
Item = TypeVar("Item")
_UPDATE = sa.update(drifts).where(
    drifts.c.machine == sa.bindparam("at_machine"), drifts.c.field == sa.bindparam("at_field")
)


@dataclass(frozen=True, slots=True)
class DriftFilter:
    """Which drifts to list; None: any. Those that are still settling are left out, unless that state is asked for."""

    source: str | None = None
    server: str | None = None
    project: str | None = None
    field: str | None = None
    state: str | None = None


class Drifts:
    """The rows. They are written by the synchronizer of their source, and by whoever decides about one."""

    def __init__(self, sql: sa.Engine) -> None:
        self._sql = sql

    # --- read ---------------------------------------------------------------------------------------------

    def get(self, ident: int) -> Drift:
        """The drift. Raises NotFound."""
        with read(self._sql) as conn:
            row = conn.execute(sa.select(drifts).where(drifts.c.id == ident)).mappings().first()
        if row is None:
            raise NotFound(
                f"There is no drift {ident}: it may be settled by now.", fix="`corral drift list` shows them all."
            )
        return _drift(row)

    def page(self, where: DriftFilter, *, limit: int, after: int = 0) -> list[Drift]:
        """One page in the order in which they were found, after the one with that id: the last page costs what the first does."""
        query = sa.select(drifts).where(drifts.c.id > after).order_by(drifts.c.id).limit(limit)
        for name in ("source", "server", "project", "field", "state"):
            value = getattr(where, name)
            if value is not None:
                query = query.where(drifts.c[name] == value)
        if where.state is None:
            query = query.where(drifts.c.state != str(DriftState.SETTLING))
        with read(self._sql) as conn:
            return [_drift(row) for row in conn.execute(query).mappings()]

    def at(self, source: str, machines: Sequence[str] | None = None) -> dict[str, dict[Field, Drift]]:
        """All drifts at a source, or those of these machines there, by machine and field."""
        found: dict[str, dict[Field, Drift]] = {}
        here = sa.select(drifts).where(drifts.c.source == source)
        some = [here] if machines is None else [here.where(drifts.c.machine.in_(batch)) for batch in _batches(machines)]
        with read(self._sql) as conn:
            for query in some:
                for row in conn.execute(query).mappings():
                    one = _drift(row)
                    found.setdefault(one.machine, {})[one.field] = one
        return found

    def counts(self) -> list[tuple[str, str, int]]:
        """How many there are: source, state, number."""
        query = sa.select(drifts.c.source, drifts.c.state, sa.func.count()).group_by(drifts.c.source, drifts.c.state)
        with read(self._sql) as conn:
            return [(row[0], row[1], row[2]) for row in conn.execute(query)]

    # --- write, in the caller's transaction ---------------------------------------------------------------

    def put(self, conn: sa.Connection, one: Drift) -> Drift:
        """Write a drift: the one row of its machine and field."""
        values = _row(one)
        same = _place(one.source, one.machine, one.field)
        if not conn.execute(sa.update(drifts).where(same).values(values)).rowcount:
            conn.execute(sa.insert(drifts).values(values))
        return one

    def put_all(self, conn: sa.Connection, some: Sequence[Drift]) -> None:
        """Write drifts of one source, by a few statements however many there are."""
        for batch in _batches(some):
            machines = {one.machine for one in batch}
            place = sa.and_(drifts.c.source == batch[0].source, drifts.c.machine.in_(machines))
            there = {(row[0], row[1]) for row in conn.execute(sa.select(drifts.c.machine, drifts.c.field).where(place))}
            # Of one field, what is said last counts.
            rows = {(one.machine, str(one.field)): _row(one) for one in batch}
            if old := [{**rows[key], **_bound(*key)} for key in rows if key in there]:
                conn.execute(_UPDATE.where(drifts.c.source == batch[0].source), old)
            if new := [row for key, row in rows.items() if key not in there]:
                conn.execute(sa.insert(drifts), new)

    def drop(self, conn: sa.Connection, source: str, machine: str, what: Field) -> bool:
        """Forget one, because it is settled. Gives whether it was there."""
        return bool(conn.execute(sa.delete(drifts).where(_place(source, machine, what))).rowcount)

    def seen(self, conn: sa.Connection, ids: Iterable[int], at: datetime) -> None:
        """They were seen again, unchanged."""
        for batch in _batches(sorted(ids)):
            conn.execute(sa.update(drifts).where(drifts.c.id.in_(batch)).values(last_seen_at=at))

    def free(self, conn: sa.Connection, operation: str, state: DriftState, why: str) -> None:
        """What an operation was to correct is not being corrected any more."""
        mine = sa.and_(drifts.c.operation == operation, drifts.c.state == str(DriftState.CORRECTING))
        conn.execute(sa.update(drifts).where(mine).values(state=str(state), why=why))


def _place(source: str, machine: str, what: Field) -> Any:
    return sa.and_(drifts.c.source == source, drifts.c.machine == machine, drifts.c.field == str(what))


def _bound(machine: str, what: str) -> dict[str, str]:
    return {"at_machine": machine, "at_field": what}


def _row(one: Drift) -> dict[str, Any]:
    values = {name: getattr(one, name) for name in _KEPT}  # not `asdict`, which copies both sides
    return {**values, "field": str(one.field), "state": str(one.state), "name": one.name[:255]}


def _drift(row: Any) -> Drift:
    return Drift(**{**row, "field": Field(row["field"]), "state": DriftState(row["state"])})


def _batches(items: Sequence[Item]) -> Iterable[Sequence[Item]]:
    return (items[start : start + _BATCH] for start in range(0, len(items), _BATCH))
