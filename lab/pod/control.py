"""What a test asks of a pod beside Redfish: faults and dialects, what it really holds, and mishaps.

GET  /control/state      {"systems": {id: {name, blocks, power, boot}}, "blocks": {id: [systems]}, …}
POST /control/faults     one fault, or [] to take all away
POST /control/dialects   a list of them
POST /control/take       {"name", "blocks"}: somebody else composes, whoever has the blocks
POST /control/reserve    {"blocks"}: somebody else reserves
POST /control/vanish     {"system"}: gone, its blocks are free
POST /control/lose       {"system"}: gone, its blocks are not free
POST /control/declare    {"system", "state"}: its Status.State is that word
POST /control/say        {"text", "times"}: sent to whoever reads a stream of events, as it is, so often
POST /control/cut        ends every stream of events
POST /control/forget     ends every session
POST /control/reset      everything as at the start
"""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

from starlette.requests import Request
from starlette.responses import JSONResponse

from lab.pod.access import Access
from lab.pod.events import Events
from lab.pod.faults import Faults
from lab.pod.state import Pod


class Control:
    """Serves /control. `resets`: how often everything was as at the start again."""

    def __init__(self, pod: Pod, access: Access, events: Events) -> None:
        self.faults = Faults()
        self.resets = 0
        self._pod = pod
        self._access = access
        self._events = events
        self._acts: dict[str, Callable[[Any], object]] = {
            "faults": self._fault,
            "dialects": self.faults.speak,
            "lose": lambda told: pod.lose(told["system"]),
            "vanish": lambda told: pod.release(told["system"]),
            "take": lambda told: pod.compose(told["name"], told["blocks"]),
            "reserve": lambda told: pod.reserve(tuple(told["blocks"])),
            "declare": lambda told: setattr(pod.systems[told["system"]], "state", told["state"]),
            "say": lambda told: events.say(told["text"] * told.get("times", 1)),
            "cut": lambda _told: events.cut(),
            "forget": lambda _told: access.forget(),
            "reset": lambda _told: self._reset(),
        }

    async def serve(self, request: Request) -> JSONResponse:
        what = request.path_params["what"]
        if request.method == "GET" and what == "state":
            return JSONResponse(self._state())
        if request.method != "POST" or what not in self._acts:
            return JSONResponse({"error": f"there is no /control/{what}"}, 404)
        try:
            self._acts[what](json.loads(await request.body() or b"null"))
        except (KeyError, TypeError, ValueError) as exc:
            return JSONResponse({"error": str(exc)}, 400)
        return JSONResponse(self._state())

    def _fault(self, told: Any) -> None:
        if told == []:
            self.faults.found.clear()
        else:
            self.faults.add(told)

    def _reset(self) -> None:
        self.resets += 1
        self._pod.systems.clear()
        self._pod.reservations.clear()
        self._pod.orphans.clear()
        self.faults.found.clear()
        self.faults.dialects.clear()

    def _state(self) -> dict[str, Any]:
        systems = {
            one.id: {"name": one.name, "blocks": list(one.blocks), "power": one.power, "boot": one.boot}
            for one in self._pod.systems.values()
        }
        blocks = {name: [one.id for one in self._pod.users(name)] for name in self._pod.blocks}
        return {
            "systems": systems,
            "blocks": blocks,
            "orphans": sorted(self._pod.orphans),
            "reservations": sorted(self._pod.reservations),
            "sessions": len(self._access.sessions),
            "streams": sum(one.queue is not None for one in self._events.subscriptions.values()),
        }
