"""The event service: who subscribed is told of each change, over an open stream or by a POST to a destination in the lab.

Rule: telling never holds a request up, and a destination that does not answer is given up for that event.
"""

from __future__ import annotations

import asyncio
import ipaddress
import json
from collections.abc import AsyncIterator, Mapping
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlsplit

import httpx

from lab.pod.hardware import ROOT
from lab.pod.messages import Failed, message
from lab.pod.parts import Json, collection, resource
from lab.pod.state import now

_PATH = f"{ROOT}/EventService"
_MOST = 20


@dataclass
class Subscription:
    """One who is told. A stream has a queue, another one a destination."""

    id: str
    context: str | None
    destination: str | None = None
    queue: asyncio.Queue[Json | str | None] | None = field(default=None, repr=False)

    @property
    def path(self) -> str:
        return f"{_PATH}/Subscriptions/{self.id}"


class Events:
    """The subscriptions of a pod."""

    def __init__(self) -> None:
        self.subscriptions: dict[str, Subscription] = {}
        self._count = self._sent = 0
        self._tasks: set[asyncio.Task[None]] = set()

    def subscribe(self, body: Mapping[str, Any]) -> Subscription:
        """A subscription for a destination. Raises Failed."""
        for key in ("Destination", "Protocol"):
            if key not in body:
                raise Failed(400, "PropertyMissing", key)
        if body["Protocol"] != "Redfish":
            raise Failed(400, "PropertyValueNotInList", str(body["Protocol"]), "Protocol")
        if urlsplit(str(body["Destination"])).scheme not in ("http", "https"):
            raise Failed(400, "PropertyValueTypeError", str(body["Destination"])[:80], "Destination")
        return self._add(body.get("Context"), str(body["Destination"]), None)

    def change(self, one: Subscription, body: Mapping[str, Any]) -> None:
        if not isinstance(body["Context"], str | None):
            raise Failed(400, "PropertyValueTypeError", str(body["Context"])[:80], "Context")
        one.context = body["Context"]

    def remove(self, one: Subscription) -> None:
        self.subscriptions.pop(one.id, None)
        if one.queue is not None:
            one.queue.put_nowait(None)

    def tell(self, key: str, arguments: tuple[str, ...], origin: str) -> None:
        """Tell everybody of a change."""
        self._sent += 1
        for one in list(self.subscriptions.values()):
            event = self._event(one, key, arguments, origin)
            if one.queue is not None:
                one.queue.put_nowait(event)
            elif one.destination and _in_lab(one.destination):
                task = asyncio.ensure_future(_post(one.destination, event))
                self._tasks.add(task)
                task.add_done_callback(self._tasks.discard)

    def say(self, text: str) -> None:
        """Send this to whoever reads a stream, as it is."""
        for one in self.subscriptions.values():
            if one.queue is not None:
                one.queue.put_nowait(text)

    def cut(self) -> None:
        """End every stream."""
        for one in list(self.subscriptions.values()):
            if one.queue is not None:
                self.remove(one)

    async def stream(self) -> AsyncIterator[bytes]:
        """Server-sent events, until the client goes away or the subscription is deleted."""
        queue: asyncio.Queue[Json | str | None] = asyncio.Queue()
        one = self._add("stream", None, queue)
        try:
            yield b": open\n\n"
            while (event := await queue.get()) is not None:
                said = event if isinstance(event, str) else f"id: {event['Id']}\ndata: {json.dumps(event)}\n\n"
                yield said.encode()
        finally:
            self.subscriptions.pop(one.id, None)

    def at(self, path: str) -> Json | None:
        """The resource at a path of the event service."""
        match tuple(path.removeprefix(f"{ROOT}/").split("/")):
            case ("EventService",):
                return _service()
            case ("EventService", "Subscriptions"):
                found = [one.path for one in self.subscriptions.values()]
                return collection(f"{_PATH}/Subscriptions", "EventDestinationCollection", found)
            case ("EventService", "Subscriptions", key) if key in self.subscriptions:
                return _destination(self.subscriptions[key])
        return None

    def _add(
        self, context: Any, destination: str | None, queue: asyncio.Queue[Json | str | None] | None
    ) -> Subscription:
        if not isinstance(context, str | None):
            raise Failed(400, "PropertyValueTypeError", str(context)[:80], "Context")
        if len(self.subscriptions) >= _MOST:
            raise Failed(503, "ResourceInUse")
        self._count += 1
        one = Subscription(str(self._count), context, destination, queue)
        self.subscriptions[one.id] = one
        return one

    def _event(self, one: Subscription, key: str, arguments: tuple[str, ...], origin: str) -> Json:
        said = {name: value for name, value in message(key, *arguments).items() if name != "@odata.type"}
        record = {
            "EventType": "StatusChange",
            "EventId": str(self._sent),
            "MemberId": "1",
            "EventTimestamp": now(),
            "OriginOfCondition": {"@odata.id": origin},
            **said,
        }
        event = {"@odata.type": "#Event.v1_9_0.Event", "Id": str(self._sent), "Name": "Event", "Events": [record]}
        return event if one.context is None else {**event, "Context": one.context}


def _in_lab(destination: str) -> bool:
    """Only what is on this machine is ever told."""
    try:
        return ipaddress.ip_address(urlsplit(destination).hostname or "").is_loopback
    except ValueError:
        return False


async def _post(destination: str, event: Json) -> None:
    async with httpx.AsyncClient(timeout=20, trust_env=False, verify=False) as client:
        try:
            await client.post(destination, json=event)
        except httpx.HTTPError as exc:
            print(f"not told: {destination}: {exc!r}", flush=True)


def _service() -> Json:
    return resource(
        _PATH,
        "EventService.v1_10_3.EventService",
        "Event Service",
        Status={"State": "Enabled", "Health": "OK"},
        ServiceEnabled=True,
        DeliveryRetryAttempts=0,
        DeliveryRetryIntervalSeconds=1,
        EventFormatTypes=["Event"],
        RegistryPrefixes=["Composition"],
        ResourceTypes=["ResourceBlock"],
        ServerSentEventUri=f"{_PATH}/SSE",
        Subscriptions={"@odata.id": f"{_PATH}/Subscriptions"},
    )


def _destination(one: Subscription) -> Json:
    streams = one.queue is not None
    return resource(
        one.path,
        "EventDestination.v1_15_0.EventDestination",
        f"Subscription {one.id}",
        Context=one.context,
        Protocol="Redfish",
        SubscriptionType="SSE" if streams else "RedfishEvent",
        EventFormatType="Event",
        **({} if streams else {"Destination": one.destination}),
    )
