"""Owning a node, and giving it back as it was.

Rule: read, decide the next step by a pure function, take it, read again, until nothing is left to do. So a crash or a
lost answer at any point is nothing special: whoever comes next sees where things stand and goes on from there. An answer
that tells how things stand by now saves the next reading.

What is written into Ironic carries the server's uuid (the protection's and the maintenance's reason), so that what was
ours can be told from what is anybody else's, also years later.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass, replace
from functools import partial
from typing import Any

from corral.cloud.answers import Busy, Faltered
from corral.cloud.wire import Service, segment
from corral.domain.errors import Conflict, DriverFailed, NotFound
from corral.domain.machine import Machine, is_uuid
from corral.drivers.ironic.versions import Nodes

_FIELDS = (
    "uuid,provision_state,instance_uuid,allocation_uuid,protected,protected_reason,maintenance,maintenance_reason,"
    "instance_info"
)
_NAMED_FIELDS = f"{_FIELDS},instance_name"
_MOST_STEPS = 30

Act = Callable[[], "Facts | None"]
"""A step; gives the node's facts back where its answer tells them."""


def protection_reason(owner: str) -> str:
    return f"Managed by Corral as server {owner}"


def maintenance_reason(owner: str) -> str:
    return f"Corral gives this node back: server {owner} (for a moment)"


class _NotBackfilled(Conflict):
    """Ironic refuses an allocation for this node: what was begun is taken back."""


@dataclass(frozen=True, slots=True)
class Facts:
    """What adoption changes of a node, as it stands now. `traits` is instance_info's key of that name, None without it:
    Ironic writes it along with an allocation, and forgets to take it away again. `instance_name` is "" where there is none,
    and None where this Ironic does not have the field: Ironic copies instance_info's `display_name` into it when that changes."""

    node: str
    state: str
    instance: str | None
    allocation: str | None
    protected: bool
    protected_reason: str | None
    maintenance: bool
    maintenance_reason: str | None
    traits: list[str] | None
    instance_name: str | None = None
    display_name: str | None = None

    def as_json(self) -> dict[str, Any]:
        return {
            "instance_uuid": self.instance,
            "allocation_uuid": self.allocation,
            "protected": self.protected,
            "protected_reason": self.protected_reason,
            "maintenance": self.maintenance,
            "maintenance_reason": self.maintenance_reason,
            "instance_info_traits": self.traits,
            "instance_name": self.instance_name,
        }


def snapshot(machine: Machine) -> dict[str, Any]:
    """What adoption changes of an observed node, as `release` wants it."""
    traits = machine.instance_info.get("traits")
    if traits is not None and not isinstance(traits, list):
        raise DriverFailed(f"The traits in instance_info of node {machine.label} can't be kept.", fix="Shorten them.")
    facts = Facts(
        node=machine.id,
        state=machine.provision_state,
        instance=machine.claimed_by,
        allocation=machine.allocation,
        protected=machine.protected,
        protected_reason=machine.protected_reason,
        maintenance=machine.maintenance,
        maintenance_reason=machine.maintenance_reason,
        traits=traits,
        instance_name=machine.instance_name,
    )
    return facts.as_json()


class Claims:
    """`Adopts` without the network, over one Ironic."""

    def __init__(self, service: Service, nodes: Nodes) -> None:
        self._service = service
        self._nodes = nodes

    def claim(self, machine: str, owner: str, seen: Mapping[str, Any] | None = None) -> None:
        before = (_unprotected(machine, seen) if seen else None) or self._facts(machine)
        if before.instance is None and before.state != "active":
            raise Conflict(f"Node {machine} is {before.state}, not active: it can't be claimed.")
        try:
            self._until_done(machine, lambda facts: self._next_of_claim(facts, owner), before)
        except _NotBackfilled:
            if before.instance is None:
                self.release(machine, owner, before.as_json())
            raise

    def release(self, machine: str, owner: str, snapshot: Mapping[str, Any]) -> None:
        # A node that is gone took its claim along; only a claim that never got its node can be left.
        with suppress(NotFound):
            self._until_done(machine, lambda facts: self._next_of_release(facts, owner, snapshot))
        self._remove_stray_allocation(machine, owner)

    def _until_done(self, machine: str, step: Callable[[Facts], Act | None], seen: Facts | None = None) -> None:
        """Step by step from what was `seen`; read again after each step whose answer is not the node's record itself."""
        stumbles = 0
        for _ in range(_MOST_STEPS):
            act = step(seen or self._facts(machine))
            if act is None:
                return
            seen = None
            try:
                seen = act()
            except (Busy, Faltered) as exc:
                self._service.patience.pause(stumbles, exc)
                stumbles += 1
        raise DriverFailed(f"Node {machine} changes all the time: gave up after {_MOST_STEPS} steps.")

    def _next_of_claim(self, facts: Facts, owner: str) -> Act | None:
        if facts.instance is None:
            # In one change: what is claimed is protected, and Ironic protects no node but an active one.
            protection = [] if facts.protected else _protection(owner)
            return partial(self._patch, facts.node, _add("/instance_uuid", owner), *protection)
        if facts.instance != owner:
            raise _taken(facts)
        if facts.maintenance and facts.maintenance_reason == maintenance_reason(owner):
            # A release that was begun and is taken back: in maintenance the running node could be deleted.
            return partial(self._act, "DELETE", facts.node, "/maintenance")
        if facts.allocation != owner:
            return partial(self._backfill, facts, owner)
        return None if facts.protected else partial(self._protect, facts.node, owner)

    def _next_of_release(self, facts: Facts, owner: str, snapshot: Mapping[str, Any]) -> Act | None:
        if facts.instance == owner:
            return self._next_of_letting_go(facts, owner)
        if facts.maintenance and facts.maintenance_reason == maintenance_reason(owner):
            return partial(self._act, "DELETE", facts.node, "/maintenance")
        if facts.protected and facts.protected_reason == protection_reason(owner):
            return partial(self._patch, facts.node, *_protection_of(snapshot))
        before = snapshot.get("instance_info_traits", [])
        if facts.instance is None and facts.traits == [] and before != []:
            path = "/instance_info/traits"
            return partial(self._patch, facts.node, _add(path, before) if before else _remove(path))
        if facts.instance is None and _named_by_ironic(facts, snapshot):
            # A change of its own: Ironic would copy the name again into one that also changes instance_info.
            return partial(self._patch, facts.node, _remove("/instance_name"))
        return None

    def _next_of_letting_go(self, facts: Facts, owner: str) -> Act:
        if facts.allocation != owner:
            return partial(self._patch, facts.node, _remove("/instance_uuid"))
        if facts.state != "active" or facts.maintenance:
            return partial(self._drop_allocation, owner)
        if not facts.protected:
            # Maintenance would let anybody delete a running node: not for a moment without protection.
            return partial(self._protect, facts.node, owner)
        # An active node's allocation can be removed in maintenance only.
        return partial(self._act, "PUT", facts.node, "/maintenance", {"reason": maintenance_reason(owner)})

    def _facts(self, machine: str) -> Facts:
        if not is_uuid(machine):
            raise NotFound(f"{machine[:64]!r} is no uuid of a node.")
        fields = _NAMED_FIELDS if self._nodes.have_names() else _FIELDS
        return _read(self._nodes.service().read(f"/v1/nodes/{segment(machine)}", [("fields", fields)]))

    def _allocation(self, owner: str) -> Mapping[str, Any] | None:
        try:
            found: Mapping[str, Any] = self._service.read(f"/v1/allocations/{segment(owner)}")
        except NotFound:
            return None
        return found

    def _remove_stray_allocation(self, machine: str, owner: str) -> None:
        allocation = self._allocation(owner)
        if allocation is not None and allocation.get("node_uuid") in (None, machine):
            self._drop_allocation(owner)

    def _backfill(self, facts: Facts, owner: str) -> Facts | None:
        try:
            made = self._service.act("POST", "/v1/allocations", {"uuid": owner, "node": facts.node})
        except Faltered as exc:
            if "backfill" in exc.message.lower():
                raise _NotBackfilled(exc.message, fix="Look at the node: Ironic does not let it be claimed.") from exc
            raise
        except Busy:
            raise
        except Conflict:
            if (known := self._allocation(owner)) is None:
                raise
            self._go_on_from(known, facts.node, owner)
            return None
        whole = isinstance(made, Mapping) and (made.get("state"), made.get("node_uuid")) == ("active", facts.node)
        return replace(facts, allocation=owner) if whole else None

    def _go_on_from(self, allocation: Mapping[str, Any], node: str, owner: str) -> None:
        """An earlier attempt has left an allocation, which the node's record does not show."""
        if allocation.get("state") == "error":
            self._drop_allocation(owner)
        elif allocation.get("node_uuid") not in (None, node):
            raise Conflict(f"Server {owner} has claimed node {allocation.get('node_uuid')} already.")
        elif allocation.get("state") != "active":
            raise Busy(f"Allocation {owner} is still being made.", fix="Try again in a moment.")

    def _drop_allocation(self, owner: str) -> None:
        try:
            self._service.act("DELETE", f"/v1/allocations/{segment(owner)}")
        except NotFound:
            return

    def _protect(self, node: str, owner: str) -> Facts:
        return self._patch(node, *_protection(owner))

    def _patch(self, node: str, *operations: Mapping[str, Any]) -> Facts:
        return _read(self._nodes.service().act("PATCH", f"/v1/nodes/{segment(node)}", list(operations)))

    def _act(self, method: str, node: str, below: str, body: Any = None) -> None:
        self._service.act(method, f"/v1/nodes/{segment(node)}{below}", body)


def _unprotected(machine: str, seen: Mapping[str, Any]) -> Facts | None:
    """The facts of a free node from its snapshot; None for one that has to be looked at. Only a node that is not protected yet
    can be taken unseen: protecting it, Ironic itself refuses one that is not active, and what comes with it."""
    if seen.get("protected") or seen.get("instance_uuid") or not is_uuid(machine):
        return None
    traits, name = seen.get("instance_info_traits"), seen.get("instance_name")
    return Facts(machine, "active", None, None, False, None, False, None, traits, name)


def _read(row: Mapping[str, Any]) -> Facts:
    """The facts in a node's record, as a look-up and as a change answer it."""
    info = row.get("instance_info")
    info = info if isinstance(info, Mapping) else {}
    return Facts(
        node=str(row["uuid"]),
        state=str(row.get("provision_state")),
        instance=row.get("instance_uuid"),
        allocation=row.get("allocation_uuid"),
        protected=bool(row.get("protected")),
        protected_reason=row.get("protected_reason"),
        maintenance=bool(row.get("maintenance")),
        maintenance_reason=row.get("maintenance_reason"),
        traits=info.get("traits"),
        instance_name=(row["instance_name"] or "") if "instance_name" in row else None,
        display_name=info.get("display_name"),
    )


def _named_by_ironic(facts: Facts, snapshot: Mapping[str, Any]) -> bool:
    """Whether a node that had no name for its instance has one by now that Ironic copied, and nobody gave it."""
    return (
        snapshot.get("instance_name") == ""
        and facts.instance_name not in (None, "")
        and (facts.instance_name == facts.display_name)
    )


def _add(path: str, value: Any) -> dict[str, Any]:
    return {"op": "add", "path": path, "value": value}


def _remove(path: str) -> dict[str, Any]:
    return {"op": "remove", "path": path}


def _protection(owner: str) -> list[dict[str, Any]]:
    return [_add("/protected", True), _add("/protected_reason", protection_reason(owner))]


def _protection_of(snapshot: Mapping[str, Any]) -> list[dict[str, Any]]:
    """The patch that replaces our protection by what was there before."""
    reason = snapshot.get("protected_reason")
    if not snapshot.get("protected"):
        return [_add("/protected", False), _remove("/protected_reason")]
    return [_add("/protected", True), _add("/protected_reason", reason) if reason else _remove("/protected_reason")]


def _taken(facts: Facts) -> Conflict:
    if facts.instance is None:
        return Conflict(f"Node {facts.node} is not claimed.", fix="Claim it first.")
    return Conflict(
        f"Node {facts.node} is already claimed: it belongs to instance {facts.instance}.",
        fix="Leave it to its owner; if that instance is gone, clear instance_uuid in Ironic.",
    )
