"""Flavors: what servers are sold as, and who may use them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any
from uuid import uuid4

from corral.domain.errors import Conflict, Invalid, NotFound
from corral.domain.server import Flavor
from corral.services.adoption import Actor
from corral.store import Audit, AuditEntry, Flavors

CHANGEABLE = ("name", "description", "resources", "resource_aggregates", "is_public", "disabled", "compose")


class FlavorService:
    """The use cases around flavors."""

    def __init__(self, flavors: Flavors, audit: Audit) -> None:
        self._flavors = flavors
        self._audit = audit

    def visible(self, project: str, *, admin: bool) -> list[Flavor]:
        """The flavors that a project may see; an admin sees all, disabled ones included."""
        return [one for one in self._flavors.all() if admin or _usable(one, project)]

    def get(self, uuid: str, project: str, *, admin: bool) -> Flavor:
        """One flavor. Raises NotFound, also for one that the project may not see."""
        found = self._flavors.get(uuid)
        if not (admin or _usable(found, project)):
            raise NotFound(f"No flavor has the uuid {uuid}.", fix="Look at `corral flavor list`.")
        return found

    def named(self, wanted: str, project: str, *, admin: bool) -> Flavor:
        """The flavor of that uuid or name, among those that the project may see. Raises NotFound."""
        found = [one for one in self.visible(project, admin=admin) if wanted in (one.uuid, one.name)]
        if not found:
            raise NotFound(f"There is no flavor {wanted!r}.", fix="Look at `corral flavor list`.")
        return found[0]

    def create(self, fields: Mapping[str, Any], actor: Actor) -> Flavor:
        """A new flavor. Raises Conflict when the name is taken."""
        flavor = Flavor(uuid=str(uuid4()), **fields)
        with self._audit.recording(_done("flavor:create", flavor.uuid, actor)) as conn:
            return self._flavors.add(conn, flavor)

    def update(self, uuid: str, patch: Sequence[Mapping[str, Any]], check: Any, actor: Actor) -> Flavor:
        """Apply a JSON patch of whole fields, or of keys of those that are mappings. `check(fields)` validates the outcome."""
        old = self._flavors.get(uuid)
        fields: dict[str, Any] = {name: getattr(old, name) for name in CHANGEABLE}
        fields |= {name: dict(fields[name]) for name in ("resources", "resource_aggregates")}
        fields["compose"] = None if old.compose is None else old.compose.as_json()
        for number, change in enumerate(patch):
            _patch(fields, change, number)
        with self._audit.recording(_done("flavor:update", uuid, actor)) as conn:
            return self._flavors.save(conn, replace(old, **check(fields)))

    def delete(self, uuid: str, actor: Actor) -> None:
        """Delete a flavor that no server uses. Raises NotFound, Conflict."""
        with self._audit.recording(_done("flavor:delete", uuid, actor)) as conn:
            self._flavors.remove(conn, uuid)

    def grant(self, uuid: str, project: str, actor: Actor) -> None:
        """Let a project use a private flavor. Raises Conflict when it may already."""
        flavor = self._private(uuid)
        if project in flavor.projects:
            raise Conflict(f"Project {project} may use flavor {flavor.name} already.", fix="Nothing has to be done.")
        self._allow(flavor, (*flavor.projects, project), {"granted": project}, actor)

    def revoke(self, uuid: str, project: str, actor: Actor) -> None:
        """Take that back. Raises NotFound when the project had no access."""
        flavor = self._private(uuid)
        if project not in flavor.projects:
            raise NotFound(f"Project {project} has no access to flavor {flavor.name}.", fix="Look at its access list.")
        kept = tuple(one for one in flavor.projects if one != project)
        self._allow(flavor, kept, {"revoked": project}, actor)

    def _allow(self, flavor: Flavor, projects: tuple[str, ...], detail: Mapping[str, str], actor: Actor) -> None:
        with self._audit.recording(_done("flavor:access", flavor.uuid, actor, detail)) as conn:
            self._flavors.save(conn, replace(flavor, projects=projects))

    def _private(self, uuid: str) -> Flavor:
        flavor = self._flavors.get(uuid)
        if flavor.is_public:
            raise Conflict(f"Flavor {flavor.name} is public: everybody may use it.", fix="Make it private first.")
        return flavor


def _done(action: str, flavor: str, actor: Actor, detail: Mapping[str, str] | None = None) -> AuditEntry:
    return AuditEntry(action, "done", actor.user, actor.project, actor.request_id, flavor, detail=detail or {})


def _usable(flavor: Flavor, project: str) -> bool:
    return not flavor.disabled and flavor.allows(project)


def _patch(fields: dict[str, Any], change: Mapping[str, Any], number: int) -> None:
    op, path = change.get("op"), str(change.get("path", "")).split("/")[1:]
    if op not in ("add", "replace", "remove") or not path or path[0] not in CHANGEABLE:
        raise Invalid(
            f"Entry {number}: {op!r} of {change.get('path')!r} is not possible.",
            fix=f"Use add, replace or remove of /{', /'.join(CHANGEABLE)}.",
        )
    if len(path) == 1 and op != "remove":
        fields[path[0]] = change.get("value")
    elif len(path) == 1 and path[0] in ("description", "compose"):
        fields[path[0]] = None
    elif len(path) == 2 and isinstance(fields[path[0]], dict):
        if op != "remove":
            fields[path[0]][path[1]] = change.get("value")
        elif fields[path[0]].pop(path[1], None) is None:
            raise Invalid(f"Entry {number}: there is no {change.get('path')}.", fix="Look at the flavor first.")
    else:
        raise Invalid(f"Entry {number}: {change.get('path')!r} can't be removed.", fix="Give it another value instead.")
