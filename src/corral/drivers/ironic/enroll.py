"""Enrolling what Corral composed, and removing it again.

Rule: read, take one step that is decided on what was just read, and only on a node that bears the owner's mark in `extra`. The
border knows the uuids that Corral makes up by their version: no other node can be removed, whatever this module does.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from corral.cloud.answers import Busy, Faltered
from corral.cloud.wire import Service, rows, segment
from corral.contracts.enrolling import EnrolState, EnrolStatus, NewMachine
from corral.domain.errors import Conflict, DriverFailed, NotFound
from corral.domain.machine import normal_mac
from corral.drivers.ironic.rules import OWNER, SYSTEM

_MOST_STEPS = 40
_STEPS = {"enroll": "manage", "manageable": "provide"}
_STEPS_OUT = {"clean failed": "manage", "inspect failed": "manage"}
_MOVING = ("verifying", "cleaning", "clean wait", "inspecting", "inspect wait", "deleting")
_REMOVABLE = ("enroll", "manageable", "available")

Row = Mapping[str, Any]


class Enrolments:
    """`Enrolls` over one Ironic."""

    def __init__(self, service: Service) -> None:
        self._service = service

    def enroll(self, machine: NewMachine) -> None:
        for attempt in range(_MOST_STEPS):
            try:
                if self._enrolled(machine):
                    return
            except (Busy, Faltered) as exc:
                self._service.patience.pause(attempt, exc)
        raise DriverFailed(f"Node {machine.id} changes all the time: gave up after {_MOST_STEPS} steps.")

    def _enrolled(self, machine: NewMachine) -> bool:
        """Take one step; True when none is left."""
        row = self._found(machine.id)
        if row is None:
            self._service.act("POST", "/v1/nodes", _node(machine))
            return False
        _must_be(row, machine.owner)
        query = [("node", machine.id), ("fields", "uuid,address")]
        there = {
            normal_mac(str(one.get("address")))
            for one in rows(self._service.read("/v1/ports", query), "ports", "baremetal")
        }
        missing = [mac for mac in machine.macs if normal_mac(mac) not in there]
        for mac in missing[:1]:
            self._service.act("POST", "/v1/ports", {"node_uuid": machine.id, "address": mac})
        return not missing

    def provide(self, machine: str, owner: str) -> EnrolStatus:
        row = self._found(machine)
        if row is None:
            raise NotFound(f"Node {machine} does not exist.")
        _must_be(row, owner)
        state, told = str(row.get("provision_state")), _told(row)
        if state == "available":
            return EnrolStatus(EnrolState.AVAILABLE, state)
        if state in _MOVING:
            return EnrolStatus(EnrolState.UNDER_WAY, state)
        # Back in `enroll` with an error is how Ironic says that it could not reach the machine.
        if state not in _STEPS or (state == "enroll" and row.get("last_error")):
            return EnrolStatus(EnrolState.FAILED, told)
        return self._step(machine, state, {"target": _STEPS[state]})

    def remove(self, machine: str, owner: str) -> EnrolStatus:
        row = self._found(machine)
        if row is None:
            return EnrolStatus(EnrolState.GONE)
        state = str(row.get("provision_state"))
        if _mark(row) != owner:
            return EnrolStatus(EnrolState.TAKEN, "the node does not bear this server's mark")
        if row.get("instance_uuid"):
            return EnrolStatus(EnrolState.TAKEN, f"instance {row['instance_uuid']} has it ({state})")
        if state in _MOVING:
            return EnrolStatus(EnrolState.UNDER_WAY, state)
        if state in _STEPS_OUT:
            return self._step(machine, state, {"target": _STEPS_OUT[state]})
        if state not in _REMOVABLE or row.get("protected"):
            return EnrolStatus(EnrolState.TAKEN, "it is protected" if row.get("protected") else _told(row))
        try:
            self._service.act("DELETE", _path(machine))
        except NotFound:
            return EnrolStatus(EnrolState.GONE)
        except (Busy, Faltered):
            return EnrolStatus(EnrolState.UNDER_WAY, state)
        return EnrolStatus(EnrolState.UNDER_WAY, "deleted")  # believed when it is looked for, and not there

    def _step(self, machine: str, state: str, order: Mapping[str, str]) -> EnrolStatus:
        try:
            self._service.act("PUT", f"{_path(machine)}/states/provision", dict(order))
        except (Busy, Faltered):
            return EnrolStatus(EnrolState.UNDER_WAY, state)
        return EnrolStatus(EnrolState.UNDER_WAY, f"{state}, asked to {order['target']}")

    def _found(self, machine: str) -> Row | None:
        try:
            row = self._service.read(_path(machine))
        except NotFound:
            return None
        if not isinstance(row, Mapping) or row.get("uuid") != machine:
            raise DriverFailed(f"Ironic's record of node {machine} can't be read.")
        return row


def _path(machine: str) -> str:
    return f"/v1/nodes/{segment(machine)}"


def _node(machine: NewMachine) -> dict[str, Any]:
    """The body that makes the node."""
    return {
        "uuid": machine.id,
        "name": machine.name,
        "driver": machine.driver,
        "driver_info": dict(machine.driver_info),
        "properties": dict(machine.properties),
        "resource_class": machine.resource_class,
        "extra": {OWNER: machine.owner, SYSTEM: machine.system},
        **machine.interfaces,
    }


def _mark(row: Row) -> str | None:
    extra = row.get("extra")
    return extra.get(OWNER) if isinstance(extra, Mapping) else None


def _must_be(row: Row, owner: str) -> None:
    if _mark(row) != owner:
        raise Conflict(f"Node {row.get('uuid')} is not server {owner}'s.", fix="Find out who enrolled it.")


def _told(row: Row) -> str:
    error = row.get("last_error")
    state = str(row.get("provision_state"))
    return f"{state}: {error[:1000]}" if isinstance(error, str) and error else state
