"""Plugging network ports into nodes, through Ironic, which tells Neutron where they are.

Rule: look first and after every answer that is not a plain yes. Ironic's refusals do not say whether what was asked
for is already so.
"""

from __future__ import annotations

from collections.abc import Sequence

from corral.cloud.answers import Busy, Faltered, Rejected
from corral.cloud.wire import Service, rows, segment
from corral.domain.errors import Conflict, CorralError, NotFound
from corral.domain.machine import is_uuid


class Vifs:
    """`vifs`, `plug` and `unplug` of `Adopts`, over one Ironic."""

    def __init__(self, service: Service) -> None:
        self._service = service

    def vifs(self, machine: str) -> Sequence[str]:
        data = self._service.read(_path(machine))
        return tuple(str(row["id"]) for row in rows(data, "vifs", "baremetal"))

    def plug(self, machine: str, port: str) -> None:
        _must_be_uuid(port)
        for attempt in range(len(self._service.patience.pauses) + 1):
            if port in self.vifs(machine):
                return
            try:
                self._service.act("POST", _path(machine), {"id": port})
            except (Conflict, Rejected, Faltered) as exc:
                if _for_good(exc):
                    self._explain(machine, port, exc)
                    return
                self._service.patience.pause(attempt, exc)
            else:
                return

    def unplug(self, machine: str, port: str) -> None:
        _must_be_uuid(port)
        for attempt in range(len(self._service.patience.pauses) + 1):
            try:
                if port not in self.vifs(machine):
                    return
                self._service.act("DELETE", f"{_path(machine)}/{segment(port)}")
            except NotFound:
                # The node is gone, and nothing is plugged into it any more.
                return
            except (Busy, Faltered) as exc:
                self._service.patience.pause(attempt, exc)
            else:
                return

    def _explain(self, machine: str, port: str, exc: CorralError) -> None:
        """Ironic refused to plug. Returns when the port is plugged in all the same, by someone else just now."""
        if port in self.vifs(machine):
            return
        if "was not found" in exc.message:
            raise NotFound(exc.message, fix="Choose a port that exists.") from exc
        raise Conflict(exc.message, fix="Free a NIC of the machine, or choose another port.") from exc


def _for_good(exc: CorralError) -> bool:
    """Ironic answers 500 where Neutron does not let it have the port, because the port is bound to another node."""
    if isinstance(exc, Busy | Faltered):
        return "can not update neutron port" in exc.message.lower()
    return True


def _path(machine: str) -> str:
    if not is_uuid(machine):
        raise NotFound(f"{machine[:64]!r} is no uuid of a node.")
    return f"/v1/nodes/{segment(machine)}/vifs"


def _must_be_uuid(port: str) -> None:
    if not is_uuid(port):
        raise NotFound(f"{port[:64]!r} is no id of a network port.")
