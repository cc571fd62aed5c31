"""How a pod is asked to compose: by a manifest with a reservation where it takes such, by a plain POST elsewhere.

Rule: what is answered here is only what was said. Whether it is so is looked at by `compose`.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from corral.domain.blocks import Wanted
from corral.domain.errors import Conflict, DriverFailed, NotFound, OutcomeUnknown, Refused, Unreachable
from corral.drivers.redfish import bodies, reading
from corral.drivers.redfish.client import LOOK, Answer, Client
from corral.drivers.redfish.judging import unfit
from corral.drivers.redfish.messages import failure
from corral.drivers.redfish.options import Options
from corral.drivers.redfish.pool import SYSTEMS, service
from corral.drivers.redfish.walk import Walk


class Asker:
    """Asks one service."""

    def __init__(self, client: Client, options: Options) -> None:
        self._client = client
        self._options = options

    def ask(self, walk: Walk, name: str, wanted: Wanted, blocks: Sequence[str]) -> Answer:
        """Send the request, once; of blocks that the pod chooses where there are none. Raises what it was answered."""
        request = bodies.by_blocks(name, blocks) if blocks else self._quantities(walk, name, wanted)
        target = self._manifest_target(walk) if self._options.method == "auto" else None
        if target is None:
            return self._client.send("POST", SYSTEMS, request)
        reservation = self._reserved(target, request)
        try:
            got = self._client.send("POST", target, bodies.manifest("Apply", request, reservation))
            response = bodies.stanza_response(got.data)
            if (error := failure(response)) is not None:
                raise error
            if not response:
                raise OutcomeUnknown("The pod took the manifest, and did not say what it did.", fix=LOOK)
        except (Conflict, Refused, DriverFailed, Unreachable):
            self._unreserve(walk, reservation)
            raise
        made = response.get("@odata.id")
        return Answer(got.status, response, walk.links.id(made) if made is not None else None)

    def _reserved(self, target: str, request: Mapping[str, Any]) -> str:
        """Reserve: nothing is composed by that, so a lost answer is only a failure, and a reservation ends by itself."""
        try:
            got = self._client.send("POST", target, bodies.manifest("PreviewReserve", request))
        except OutcomeUnknown as exc:
            raise DriverFailed(f"Reserving the blocks failed: {exc.message}") from exc
        if (error := failure(bodies.stanza_response(got.data))) is not None:
            raise error
        reservation = got.data.get("ReservationId")
        if not isinstance(reservation, str) or not reservation:
            raise DriverFailed("The pod reserved the blocks, and did not say under which id.")
        return reservation

    def _unreserve(self, walk: Walk, reservation: str) -> None:
        """Give the blocks back, as far as that can be done now: a reservation ends by itself."""
        try:
            path = walk.links.of(service(walk), "CompositionReservations")
            for one in walk.members(path) if path else ():
                if one.rpartition("/")[2] == reservation:
                    self._client.send("DELETE", one)
        except (NotFound, DriverFailed, Unreachable):
            return

    def _manifest_target(self, walk: Walk) -> str | None:
        """Where manifests with reservations are taken; None when they are not."""
        actions = reading.part(service(walk), "Actions")
        action = reading.part(actions, "#CompositionService.Compose")
        described = action.get("@Redfish.ActionInfo")
        info = walk.get(walk.links.target(described)) if described is not None else {}
        if not {"PreviewReserve", "Apply"} <= reading.request_types(action, info):
            return None
        return walk.links.id(action.get("target"))

    def _quantities(self, walk: Walk, name: str, wanted: Wanted) -> dict[str, Any]:
        if not reading.chooses(walk.get(SYSTEMS)):
            raise unfit("the pod does not choose blocks itself, and none were named")
        return bodies.by_quantity(name, wanted)
