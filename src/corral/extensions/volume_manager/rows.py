"""The layouts that are kept, one a node. Saving is compare-and-set: whoever read an older one is refused."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.exc import IntegrityError

from corral.domain.errors import Stale
from corral.engine import read
from corral.engine.tables import UtcDateTime
from corral.layouts.nailgun import Spaces, read_spaces

metadata = sa.MetaData()

layouts = sa.Table(
    "ext_volume_manager_layouts",
    metadata,
    sa.Column("node", sa.String(36), primary_key=True),
    sa.Column("spaces", sa.JSON(none_as_null=True), nullable=False),
    sa.Column("edited", sa.Boolean, nullable=False),
    sa.Column("revision", sa.Integer, nullable=False),
    sa.Column("created_at", UtcDateTime, nullable=False),
    sa.Column("updated_at", UtcDateTime),
)

_CHUNK = 500  # SQLite takes a limited number of values in one statement


@dataclass(frozen=True, slots=True)
class Kept:
    """A node's layout. `edited`: a user changed it since it was made by default. `revision`: 0 for one that is not stored."""

    node: str
    spaces: Spaces
    edited: bool = False
    revision: int = 0


class Layouts:
    """The records."""

    def __init__(self, sql: sa.Engine, clock: Callable[[], datetime]) -> None:
        self._sql = sql
        self._clock = clock

    def find(self, node: str) -> Kept | None:
        """The node's layout, or None."""
        with read(self._sql) as conn:
            row = conn.execute(sa.select(layouts).where(layouts.c.node == node)).mappings().first()
        return None if row is None else Kept(node, read_spaces(row["spaces"]), row["edited"], row["revision"])

    def save(self, kept: Kept) -> None:
        """Write what was read, changed. Raises Stale when somebody else wrote meanwhile."""
        values = {"spaces": kept.spaces.as_json(), "edited": kept.edited, "revision": kept.revision + 1}
        with self._sql.begin() as conn:
            done = self._add(conn, kept.node, values) if kept.revision == 0 else self._change(conn, kept, values)
        if not done:
            raise Stale("The layout of the node's disks has changed meanwhile.", fix="Read it again, and decide again.")

    def put(self, kept: Kept) -> None:
        """Write it, whatever is there."""
        with self._sql.begin() as conn:
            there = conn.execute(sa.select(layouts.c.revision).where(layouts.c.node == kept.node)).scalar()
            values = {"spaces": kept.spaces.as_json(), "edited": kept.edited, "revision": (there or 0) + 1}
            if there is None:
                self._add(conn, kept.node, values)
            else:
                conn.execute(sa.update(layouts).where(layouts.c.node == kept.node).values(**self._stamped(values)))

    def remove(self, nodes: Iterable[str]) -> None:
        """Delete the layouts of these nodes, those that there are."""
        every = list(nodes)
        with self._sql.begin() as conn:
            for start in range(0, len(every), _CHUNK):
                conn.execute(sa.delete(layouts).where(layouts.c.node.in_(every[start : start + _CHUNK])))

    def _add(self, conn: sa.Connection, node: str, values: dict[str, Any]) -> bool:
        try:
            with conn.begin_nested():
                conn.execute(sa.insert(layouts).values(node=node, created_at=self._clock(), **values))
        except IntegrityError:
            return False
        return True

    def _change(self, conn: sa.Connection, kept: Kept, values: dict[str, Any]) -> bool:
        mine = (layouts.c.node == kept.node) & (layouts.c.revision == kept.revision)
        return conn.execute(sa.update(layouts).where(mine).values(**self._stamped(values))).rowcount == 1

    def _stamped(self, values: dict[str, Any]) -> dict[str, Any]:
        return {**values, "updated_at": self._clock()}
