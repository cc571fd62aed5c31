"""Switching machines, because a person asked for it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from corral.cloud.answers import Rejected
from corral.cloud.wire import Service, segment
from corral.contracts.sources import PowerTarget
from corral.domain.errors import DriverFailed, NotFound, NotSupported
from corral.domain.machine import Power, is_uuid
from corral.drivers.ironic import translate

WORDS = {
    PowerTarget.ON: "power on",
    PowerTarget.OFF: "power off",
    PowerTarget.REBOOT: "rebooting",
    PowerTarget.SOFT_OFF: "soft power off",
    PowerTarget.SOFT_REBOOT: "soft rebooting",
}


class Switches:
    """`Powers` over one Ironic."""

    def __init__(self, service: Service) -> None:
        self._service = service

    def power(self, machine: str) -> Power:
        return translate.power(self._states(machine).get("power_state"))

    def switching(self, machine: str) -> bool:
        return bool(self._states(machine).get("target_power_state"))

    def switch(self, machine: str, target: PowerTarget) -> None:
        """Sent once: a reboot that is asked for twice is two reboots."""
        try:
            self._service.act("PUT", f"{_path(machine)}/power", {"target": WORDS[target]})
        except Rejected as exc:
            if "not support" in exc.message:
                raise NotSupported(exc.message) from exc
            raise

    def _states(self, machine: str) -> Mapping[str, Any]:
        found = self._service.read(_path(machine))
        if not isinstance(found, Mapping):
            raise DriverFailed(f"Ironic's record of the states of node {machine} can't be read.")
        return found


def _path(machine: str) -> str:
    if not is_uuid(machine):
        raise NotFound(f"{machine[:64]!r} is no uuid of a node.")
    return f"/v1/nodes/{segment(machine)}/states"
