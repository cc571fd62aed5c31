"""Flavors."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.exc import IntegrityError

from corral.domain.composing import Composition
from corral.domain.errors import Conflict, NotFound
from corral.domain.server import Flavor
from corral.engine import read
from corral.store.tables import flavors, servers


class Flavors:
    """The flavor records. There are few: lists are not paged."""

    def __init__(self, sql: sa.Engine, clock: Callable[[], datetime]) -> None:
        self._sql = sql
        self._clock = clock

    def find(self, uuid: str) -> Flavor | None:
        """The flavor, or None."""
        with read(self._sql) as conn:
            row = conn.execute(sa.select(flavors).where(flavors.c.uuid == uuid)).mappings().first()
        return None if row is None else _flavor(dict(row))

    def get(self, uuid: str) -> Flavor:
        """The flavor. Raises NotFound."""
        found = self.find(uuid)
        if found is None:
            raise NotFound(f"No flavor has the uuid {uuid}.", fix="Look at `corral flavor list`.")
        return found

    def all(self) -> list[Flavor]:
        """Every flavor, by name."""
        with read(self._sql) as conn:
            return [_flavor(dict(row)) for row in conn.execute(sa.select(flavors).order_by(flavors.c.name)).mappings()]

    def add(self, conn: sa.Connection, flavor: Flavor) -> Flavor:
        """Write a new flavor, in the caller's transaction. Raises Conflict when the name is taken."""
        stored = replace(flavor, created_at=self._clock())
        try:
            conn.execute(sa.insert(flavors).values(_row(stored)))
        except IntegrityError as exc:
            raise _name_taken(flavor) from exc
        return stored

    def save(self, conn: sa.Connection, flavor: Flavor) -> Flavor:
        """Write a changed flavor, likewise. Raises NotFound, Conflict when the name is taken."""
        stored = replace(flavor, updated_at=self._clock())
        try:
            done = conn.execute(sa.update(flavors).where(flavors.c.uuid == flavor.uuid).values(_row(stored)))
        except IntegrityError as exc:
            raise _name_taken(flavor) from exc
        if done.rowcount != 1:
            raise NotFound(f"No flavor has the uuid {flavor.uuid}.", fix="Look at `corral flavor list`.")
        return stored

    def remove(self, conn: sa.Connection, uuid: str) -> None:
        """Delete a flavor that no server uses, likewise. Raises NotFound; Conflict while it is in use."""
        used = conn.execute(sa.select(sa.func.count()).where(servers.c.flavor == uuid)).scalar_one()
        if used:
            raise Conflict(f"The flavor is in use by {used} servers.", fix="Disable it instead: no new servers get it.")
        if conn.execute(sa.delete(flavors).where(flavors.c.uuid == uuid)).rowcount != 1:
            raise NotFound(f"No flavor has the uuid {uuid}.", fix="Look at `corral flavor list`.")


def _name_taken(flavor: Flavor) -> Conflict:
    return Conflict(f"A flavor named {flavor.name!r} already exists.", fix="Choose another name.")


def _row(flavor: Flavor) -> dict[str, Any]:
    values = {name: getattr(flavor, name) for name in Flavor.__dataclass_fields__}
    maps = {"resources": dict(flavor.resources), "resource_aggregates": dict(flavor.resource_aggregates)}
    compose = None if flavor.compose is None else flavor.compose.as_json()
    return {**values, **maps, "projects": list(flavor.projects), "compose": compose}


def _flavor(row: Mapping[str, Any]) -> Flavor:
    compose = None if row["compose"] is None else Composition.from_json(row["compose"])
    return Flavor(**{**row, "projects": tuple(row["projects"]), "compose": compose})
