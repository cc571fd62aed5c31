"""TaskFlow's rows in our database: made at submit, written by a running flow under its fence, deleted when
final.

Stock TaskFlow builds new table objects for each state change, and rewrites every atom whenever the flow's
state changes. Here one set of tables lives as long as the process, and only what a restart needs is written:

- atoms: SUCCESS, FAILURE, REVERTING, REVERTED and intentions. RUNNING is not: the engine's own step.started
  event, written before each `do`, is the durable note that a step may have begun, and a restart treats
  PENDING alike.
- flows: SUCCESS, REVERTED, FAILURE. What comes before (RESUMING, SUSPENDED, RUNNING) is true only in memory.
"""

from __future__ import annotations

from collections.abc import Callable
from contextlib import AbstractContextManager
from typing import Any, Protocol

import sqlalchemy as sa

from corral.engine._taskflow import Connection, FlowDetail, LogBook, SQLAlchemyBackend, atom_detail_type, states

_LASTING = frozenset({states.SUCCESS, states.REVERTED, states.FAILURE})


class Guard(Protocol):
    """Who watches over a running flow's writes, and adds its own to the same transactions."""

    def writing(self) -> AbstractContextManager[Any]:
        """A transaction that has proved the run's claim; its `conn` is the database connection."""

    def defer(self, write: Callable[[Any], None]) -> None:
        """Have this called within the next such transaction, before anything else in it."""

    def atom_changed(self, entry: Any, name: str, state: str) -> None:
        """An atom gets a new state within the transaction `entry`."""


class TaskflowRows:
    """The rows of all flows. One per process: building TaskFlow's table objects is what makes it slow."""

    def __init__(self, sql: sa.Engine) -> None:
        self.backend = SQLAlchemyBackend({}, engine=sql)
        self._shared = Connection(self.backend, upgrade_lock=self.backend._upgrade_lock)
        self._tables = self._shared._tables
        flows, atoms = self._tables.flowdetails, self._tables.atomdetails
        # Built once: making SQL of expressions costs more than running it.
        self._shared.write_flow = sa.update(flows).where(flows.c.uuid == sa.bindparam("of_uuid"))
        uuid: sa.BindParameter[str] = sa.bindparam("of_uuid")
        books = self._tables.logbooks
        self._load = sa.select(flows).where(flows.c.uuid == uuid)
        self._deletes = (
            sa.delete(atoms).where(atoms.c.parent_uuid == uuid),
            sa.delete(flows).where(flows.c.uuid == uuid),
            sa.delete(books).where(books.c.uuid == uuid),
        )
        self._inserts = sa.insert(books), sa.insert(flows)
        self._shared.insert_atoms = sa.insert(atoms)
        self._shared.write_atom = sa.update(atoms).where(atoms.c.uuid == sa.bindparam("of_uuid"))

    def upgrade(self) -> None:
        """Create or migrate TaskFlow's tables (with Alembic on PostgreSQL)."""
        self._shared.upgrade()

    def insert(self, conn: sa.Connection, uuid: str, name: str) -> None:
        """Store a new flow within the caller's transaction. Book, flow and operation have one uuid."""
        book, flow = self._inserts
        conn.execute(book, LogBook(name, uuid=uuid).to_dict())
        conn.execute(flow, {**FlowDetail(name, uuid=uuid).to_dict(), "parent_uuid": uuid})

    def load(self, conn: sa.Connection, uuid: str) -> Any:
        """The stored flow with its atoms, as TaskFlow's FlowDetail."""
        row = conn.execute(self._load, {"of_uuid": uuid}).one()
        detail = self._shared._converter.convert_flow_detail(row._mapping)
        self._shared._converter.populate_flow_detail(conn, detail)
        return detail

    def delete(self, conn: sa.Connection, uuid: str) -> None:
        """Forget a flow, within the transaction that makes its operation final."""
        for delete in self._deletes:
            conn.execute(delete, {"of_uuid": uuid})

    def fenced(self, detail: Any, guard: Guard) -> FencedBackend:
        """A TaskFlow backend for one run of one flow, all of whose writes pass the guard."""
        return FencedBackend(FencedConnection(self._shared, detail, guard))


class FencedBackend:
    """What TaskFlow's Storage asks for connections: always the one of this run."""

    def __init__(self, connection: FencedConnection) -> None:
        self._connection = connection

    def get_connection(self) -> FencedConnection:
        """The run's only connection; closing it does nothing."""
        return self._connection


class FencedConnection(Connection):  # type: ignore[misc]  # TaskFlow is untyped
    """A TaskFlow connection of one run. It holds no database connection, only the shared table objects.

    While the claim holds nobody else writes these rows, so nothing is read back and merged before a write.
    """

    def __init__(self, shared: Any, detail: Any, guard: Guard) -> None:
        self.__dict__.update(vars(shared))
        self._guard = guard
        self._states = {atom.uuid: atom.state for atom in detail}  # as stored

    def update_atom_details(self, atom_detail: Any) -> Any:
        """Store an atom's state, unless it is one that a restart doesn't need."""
        if atom_detail.state == states.RUNNING:
            return atom_detail
        values, name, state = atom_detail.to_dict(), atom_detail.name, atom_detail.state
        changed = self._states[atom_detail.uuid] != state
        values["of_uuid"] = values.pop("uuid")

        def write(entry: Any) -> None:
            entry.conn.execute(self.write_atom, values)
            if changed:
                self._guard.atom_changed(entry, name, state)

        self._states[atom_detail.uuid] = state
        if state == states.SUCCESS:
            # The next step notes its begin before it acts; until then only this process knows, and can know, that more was done.
            self._guard.defer(write)
        else:
            self._now(write)
        return atom_detail

    def update_flow_details(self, flow_detail: Any) -> Any:
        """Store a flow's lasting state and its new atoms; pass over anything else."""
        new = [atom for atom in flow_detail if atom.uuid not in self._states]
        if flow_detail.state not in _LASTING and not new:
            return flow_detail
        values = flow_detail.to_dict()
        values["of_uuid"] = values.pop("uuid")

        def write(entry: Any) -> None:
            entry.conn.execute(self.write_flow, values)
            if new:
                entry.conn.execute(self.insert_atoms, [_atom_row(atom, flow_detail.uuid) for atom in new])

        self._states |= {atom.uuid: atom.state for atom in new}
        if flow_detail.state in _LASTING:
            self._now(write)
        else:
            self._guard.defer(write)  # of a flow of which nothing was begun
        return flow_detail

    def _now(self, write: Callable[[Any], None]) -> None:
        with self._guard.writing() as entry:
            write(entry)


def _atom_row(atom: Any, flow: str) -> dict[str, Any]:
    return {**atom.to_dict(), "parent_uuid": flow, "atom_type": atom_detail_type(atom)}


def upgrade_taskflow(sql: sa.Engine) -> None:
    """Create or migrate TaskFlow's tables. On PostgreSQL its Alembic uses the table `alembic_version`."""
    TaskflowRows(sql).upgrade()
