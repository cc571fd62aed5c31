"""Deploying a free node, and taking that back.

Rule: read, decide the next step by a pure function, take it, read again. A step that changes anything is decided on what was read
right before it, and only on a node that bears both marks of ours: the owner as instance_uuid, the operation in its
instance_info. Both are set in one change, which Ironic refuses for a node that has another instance_uuid.

What is left to chance: between the last look and `target: deleted` the deployment may come to its end. Then a node that nobody
uses yet, and that this operation deployed, is torn down.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from functools import partial
from typing import Any

from corral.cloud.answers import Busy, Faltered
from corral.cloud.wire import Service, segment
from corral.contracts.provisioning import Deployer, Deployment, DeployState, DeployStatus
from corral.domain.deployability import AVAILABLE, deploy_reasons
from corral.domain.errors import Conflict, DriverFailed, NotFound, Refused
from corral.domain.machine import is_uuid
from corral.domain.reasons import reason
from corral.drivers.ironic import translate
from corral.drivers.ironic.rules import MARK
from corral.drivers.ironic.vifs import Vifs
from corral.drivers.ironic.watch import UNDER_WAY, InFlight, instance_info, ours

_TORN_DOWN = ("wait call-back", "deploy failed")
"""States in which a deployment of ours is taken back. Not `active`: that one is done, and might be in use."""
_DESTROYED = ("active", "wait call-back", "deploy failed", "error", "rescue", "rescue failed")
"""States in which what a person has is torn down because they said so."""
_ON_ITS_WAY = ("deleting", "cleaning", "clean wait", "clean hold")
_BROKEN = ("error", "clean failed")
_WITH_STEPS = {"X-OpenStack-Ironic-API-Version": "1.69"}
"""The first version with `deploy_steps`."""
_MOST_STEPS = 20

Row = Mapping[str, Any]
Act = Callable[[], object]


class Deployments:
    """`Deploys` over one Ironic."""

    def __init__(self, source: str, service: Service, vifs: Vifs) -> None:
        self._source = source
        self._service = service
        self._vifs = vifs
        self._in_flight = InFlight(service)

    def deployable(self, machine: str) -> Mapping[str, Any]:
        row = self._until_done(machine, self._nothing_but_free)
        raid = row.get("target_raid_config") or {}
        return {"instance_info": instance_info(row), "target_raid_config": raid, "vifs": list(self._vifs.vifs(machine))}

    def reserve(self, machine: str, who: Deployer, wish: Deployment, before: Mapping[str, Any]) -> None:
        self._until_done(machine, lambda row: None if ours(row, who) else self._next_of_deploy(row, who, wish, before))

    def destroy(self, machine: str, who: Deployer) -> DeployStatus:
        try:
            row = self._until_done(machine, lambda row: self._next_of_destroy(row, who))
        except NotFound:
            return DeployStatus(DeployState.OTHER, "the node is gone")
        if not ours(row, who):
            return _undone(row, who)
        failed = row.get("provision_state") == "error"
        return DeployStatus(DeployState.FAILED if failed else DeployState.UNDER_WAY, _told(row))

    def deploy(self, machine: str, who: Deployer, wish: Deployment, before: Mapping[str, Any]) -> None:
        self._until_done(machine, lambda row: self._next_of_deploy(row, who, wish, before))

    def deployment(self, machine: str, who: Deployer) -> DeployStatus:
        if (state := self._in_flight.state(machine, who)) is not None:
            return DeployStatus(DeployState.UNDER_WAY, state)
        return _status(self._row(machine), who)

    def undeploy(self, machine: str, who: Deployer, wish: Deployment, before: Mapping[str, Any]) -> DeployStatus:
        try:
            row = self._until_done(machine, lambda row: self._next_of_undo(row, who, wish, before))
        except NotFound:
            return DeployStatus(DeployState.OTHER, "the node is gone")
        status = _undone(row, who)
        if _free(row) and (lost := [vif for vif in before["vifs"] if not self._plugged_again(machine, vif)]):
            return replace(status, detail=f"{status.detail}; no longer to be plugged in: {', '.join(lost)}")
        return status

    # --- steps ----------------------------------------------------------------------------------------------

    def _nothing_but_free(self, row: Row) -> None:
        self._refuse(row)

    def _next_of_deploy(
        self, row: Row, who: Deployer, wish: Deployment, before: Mapping[str, Any]
    ) -> tuple[Act, bool] | None:
        path = _path(row["uuid"])
        if not ours(row, who):
            self._refuse(row)
            if instance_info(row) != before["instance_info"]:
                raise Conflict(f"Node {row['uuid']} was changed since it was looked at.", fix="Provision it again.")
            info = {**wish.fields, MARK: who.operation}
            return partial(self._service.act, "PATCH", path, _claim(who.owner, info)), False
        if row.get("provision_state") != AVAILABLE:
            return None  # asked for already
        # Besides our own marks it must still be as free as before.
        self._refuse({**row, "instance_uuid": None, "instance_info": {}})
        headers = _WITH_STEPS if wish.raid else None
        return partial(self._service.act, "PUT", f"{path}/states/provision", _order(wish), headers), True

    def _next_of_undo(
        self, row: Row, who: Deployer, wish: Deployment, before: Mapping[str, Any]
    ) -> tuple[Act, bool] | None:
        path, info = _path(row["uuid"]), before["instance_info"]
        if ours(row, who):
            state = row.get("provision_state")
            if state == AVAILABLE:
                return partial(self._service.act, "PATCH", path, [_REMOVE_CLAIM, _set_info(info)]), False
            if state in _TORN_DOWN:
                return partial(self._service.act, "PUT", f"{path}/states/provision", {"target": "deleted"}), False
            return None
        if not _free(row):
            return None
        if wish.raid and row.get("target_raid_config") == wish.raid != before["target_raid_config"]:
            return partial(self._service.act, "PUT", f"{path}/states/raid", before["target_raid_config"]), False
        if info and not instance_info(row):
            # Ironic empties it when it tears down.
            return partial(self._service.act, "PATCH", path, [_set_info(info)]), False
        return None

    def _next_of_destroy(self, row: Row, who: Deployer) -> tuple[Act, bool] | None:
        if not ours(row, who):
            return None
        path, state = _path(row["uuid"]), row.get("provision_state")
        if row.get("protected"):
            because = f" ({row['protected_reason']})" if row.get("protected_reason") else ""
            raise Refused(f"Node {row['uuid']} can't be torn down.", [reason("protected", because=because)])
        if state == AVAILABLE:
            return partial(self._service.act, "PATCH", path, [_REMOVE_CLAIM, _set_info({})]), False
        if state in _DESTROYED:
            return partial(self._service.act, "PUT", f"{path}/states/provision", {"target": "deleted"}), True
        return None

    def _until_done(self, machine: str, step: Callable[[Row], tuple[Act, bool] | None]) -> Row:
        """Step by step until there is none left, or one was the last. Gives what was read last."""
        stumbles = 0
        for _ in range(_MOST_STEPS):
            row = self._row(machine)
            try:
                found = step(row)
                if found is None:
                    return row
                act, last = found
                act()
            except (Busy, Faltered) as exc:
                # Locked for a moment, or nobody knows: look again, then decide.
                self._service.patience.pause(stumbles, exc)
                stumbles += 1
            else:
                if last:
                    return row
        raise DriverFailed(f"Node {machine} changes all the time: gave up after {_MOST_STEPS} steps.")

    # --- inside ---------------------------------------------------------------------------------------------

    def _row(self, machine: str) -> Row:
        if not is_uuid(machine):
            raise NotFound(f"{machine[:64]!r} is no uuid of a node.")
        found = self._service.read(_path(machine))
        if not isinstance(found, Mapping) or found.get("uuid") != machine.lower():
            raise DriverFailed(f"Ironic's record of node {machine} can't be read.")
        return found

    def _refuse(self, row: Row) -> None:
        """Raise Refused for a machine that is not free; Busy where there is only a lock, as Ironic's own checks take it."""
        machine = translate.machine(self._source, row, ())
        reasons = deploy_reasons(machine)
        if [one.code for one in reasons] == ["busy"]:
            raise Busy(f"Machine {machine.label}: {reasons[0].message}", fix=reasons[0].fix)
        if reasons:
            raise Refused(f"Machine {machine.label} can't be deployed.", reasons)

    def _plugged_again(self, machine: str, vif: str) -> bool:
        """Ironic unplugs all when it tears down. A port that is gone, or twice refused because it went elsewhere, is left."""
        for _ in range(2):
            try:
                self._vifs.plug(machine, vif)
            except NotFound:
                return False
            except Conflict:
                continue
            return True
        return False


def _path(machine: str) -> str:
    return f"/v1/nodes/{segment(machine)}"


def _free(row: Row) -> bool:
    return row.get("provision_state") == AVAILABLE and not row.get("instance_uuid") and not row.get("maintenance")


_REMOVE_CLAIM = {"op": "remove", "path": "/instance_uuid"}


def _set_info(info: Mapping[str, Any]) -> dict[str, Any]:
    return {"op": "add", "path": "/instance_info", "value": dict(info)}


def _claim(owner: str, info: Mapping[str, Any]) -> list[dict[str, Any]]:
    return [{"op": "add", "path": "/instance_uuid", "value": owner}, _set_info(info)]


def _order(wish: Deployment) -> dict[str, Any]:
    """The body that asks for the deployment."""
    body: dict[str, Any] = {"target": "active"}
    if wish.config_drive is not None:
        body["configdrive"] = wish.config_drive
    if wish.raid:
        # Before the image is written, which has priority 80 or less.
        step = {"interface": "raid", "step": "apply_configuration", "args": {"raid_config": wish.raid}, "priority": 95}
        body["deploy_steps"] = [step]
    return body


def _status(row: Row, who: Deployer) -> DeployStatus:
    state = str(row.get("provision_state"))
    if not ours(row, who):
        return DeployStatus(DeployState.FREE if _free(row) else DeployState.OTHER, state)
    if state in UNDER_WAY:
        return DeployStatus(DeployState.UNDER_WAY, state)
    known = {AVAILABLE: DeployState.FREE, "active": DeployState.DEPLOYED, "deploy failed": DeployState.FAILED}
    return DeployStatus(known.get(state, DeployState.OTHER), _told(row))


def _undone(row: Row, who: Deployer) -> DeployStatus:
    """How far taking back is, where no step is left to take now."""
    state, held = str(row.get("provision_state")), ours(row, who)
    if held and state == "active":
        return DeployStatus(DeployState.DEPLOYED, state)
    if row.get("instance_uuid") and not held:
        return DeployStatus(DeployState.OTHER, f"instance {row['instance_uuid']} has it")
    if state in _BROKEN:
        return DeployStatus(DeployState.FAILED, _told(row))
    if state in _ON_ITS_WAY or (held and state in UNDER_WAY):
        return DeployStatus(DeployState.UNDER_WAY, state)
    return DeployStatus(DeployState.FREE if state == AVAILABLE else DeployState.OTHER, state)


def _told(row: Row) -> str:
    """The state, and Ironic's last error, bounded."""
    error = row.get("last_error")
    return (
        f"{row.get('provision_state')}: {error[:1000]}"
        if isinstance(error, str) and error
        else str(row.get("provision_state"))
    )
