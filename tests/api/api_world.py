"""A whole Corral behind a real HTTP server on a free loopback port, and a client that speaks to it.

A real server rather than an in-process transport: only so are Host headers, peers, streams and concurrency what they are
for users.
"""

from __future__ import annotations

import json
import socket
import threading
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import asdict
from pathlib import Path
from typing import Any
from uuid import uuid4

import httpx
import uvicorn

from corral import config
from corral.api import create_app
from corral.contracts.agents import RunsCommands
from corral.contracts.cloud_records import CloudAround
from corral.contracts.sources import Source
from corral.drivers.memory import MemorySource
from corral.drivers.memory.fleet import demo, ident
from corral.extensions.registry import Extensions
from corral.identity import new_token
from corral.notify import ServerPayload
from corral.services.surveyor import HostGroup
from corral.wiring import Corral, build, now
from tests.prepared import prepared

FINAL = ("succeeded", "reverted", "cancelled")


class Notifications:
    """What would have gone to the message bus."""

    def __init__(self) -> None:
        self.sent: list[tuple[str, dict[str, Any]]] = []

    def __call__(self, event_type: str, payload: ServerPayload, *, error: bool = False) -> None:
        self.sent.append((event_type, payload.as_json()))

    def types(self) -> list[str]:
        return [kind for kind, _ in self.sent]


class Api(httpx.Client):
    """A client of one running Corral."""

    def __init__(self, url: str, corral: Corral, notifications: Notifications, token: str | None = None) -> None:
        headers = {"X-Auth-Token": token} if token else {}
        super().__init__(base_url=url, headers=headers, timeout=120, trust_env=False)
        self.corral = corral
        self.notifications = notifications
        self._others: list[Api] = []

    def close(self) -> None:
        for other in self._others:
            other.close()
        super().close()

    def __exit__(self, *exc: Any) -> None:
        self.close()

    def another(self, token: str | None = None) -> Api:
        """The same Corral, as somebody else."""
        other = Api(str(self.base_url), self.corral, self.notifications, token)
        self._others.append(other)
        return other

    def seen(self, path: str, **query: Any) -> Any:
        """The body of a GET that must succeed."""
        answer = self.get(path, params=query)
        assert answer.status_code == 200, answer.text
        return answer.json()

    def ended(self, operation: Mapping[str, Any] | str, seconds: float = 120) -> dict[str, Any]:
        """The operation once it is over."""
        uuid = operation if isinstance(operation, str) else operation["uuid"]
        end = time.monotonic() + seconds
        while time.monotonic() < end:
            found: dict[str, Any] = self.seen(f"/v1/operations/{uuid}")
            if found["state"] in FINAL:
                return found
            time.sleep(0.02)
        raise AssertionError(f"still going on: {found}")

    def done(self, answer: httpx.Response) -> dict[str, Any]:
        """The server of an accepted request, once its operation succeeded."""
        assert answer.status_code == 202, answer.text
        ended = self.ended(answer.json()["operation"])
        assert ended["state"] == "succeeded", ended
        return dict(answer.json()["server"])

    def flavor(self, name: str = "gold", **fields: Any) -> str:
        """The uuid of a new flavor, for the resource class of its name."""
        body = {"name": name, "description": None, "resources": {f"CUSTOM_{name.upper()}": "1"}, **fields}
        answer = self.post("/v1/flavors", json=body)
        assert answer.status_code == 201, answer.text
        return str(answer.json()["uuid"])

    def token(self, role: str, project: str = "default") -> str:
        """The secret of a new local token."""
        secret, record = new_token(f"{role}-{uuid4().hex[:6]}", role, now=now(), project=project)
        self.corral.tokens.add(record)
        return secret


Serve = Callable[..., Api]
"""`serve(*sources, identity=…, **settings)` starts a Corral."""


@contextmanager
def serving(
    data_dir: Path,
    *sources: Source,
    sleep: Callable[[float], None] = time.sleep,
    found: Extensions | None = None,
    agents: RunsCommands | None = None,
    notifications: Notifications | None = None,
    hosts: Sequence[HostGroup] | None = None,
    clouds: Mapping[str, CloudAround] | None = None,
    **settings: Any,
) -> Iterator[Api]:
    """A Corral over those sources, from its start to its stop."""
    notifications = notifications or Notifications()
    corral = build(
        prepared(config.load(data_dir=data_dir, **settings)),
        sources={source.name: source for source in sources},
        hosts=hosts,
        clouds=clouds,
        extensions=found,
        agents=agents,
        sleep=sleep,
        emit=notifications,
    )
    app_config = uvicorn.Config(create_app(corral), log_level="warning", ws="none", proxy_headers=False, lifespan="on")
    server = uvicorn.Server(app_config)
    with socket.create_server(("127.0.0.1", 0)) as listening:
        # Inherited by its connections; asyncio sees to it only for sockets of its own, and every answer would take 40 ms more.
        listening.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        thread = threading.Thread(target=server.run, kwargs={"sockets": [listening]}, name="api-under-test")
        thread.start()
        try:
            _until(lambda: server.started or not thread.is_alive())
            with Api(f"http://127.0.0.1:{listening.getsockname()[1]}", corral, notifications) as api:
                yield api
        finally:
            server.should_exit = True
            thread.join(60)


def _until(true: Callable[[], bool], seconds: float = 120) -> None:
    end = time.monotonic() + seconds
    while not true():
        assert time.monotonic() < end, "it did not come about in time"
        time.sleep(0.005)


def fleet(name: str = "lab") -> MemorySource:
    """A source with one machine for every interesting case."""
    memory = MemorySource(name)
    demo(memory.world)
    return memory


def wish(memory: MemorySource, node: str, flavor: str, **fields: Any) -> dict[str, Any]:
    """What `POST /v1/servers/manage` takes for a machine of the fleet, with the ports that it has."""
    plugged = [nic.vif for nic in memory.world.node(node).nics if nic.vif]
    networks = [{"port_id": port, "port_type": "vm"} for port in plugged]
    body = {"name": node, "node_uuid": ident(node), "flavor_uuid": flavor, "networks": networks}
    return {key: value for key, value in {**body, **fields}.items() if value is not None}


def picture(memory: MemorySource, node: str) -> tuple[Any, ...]:
    """Everything there is about a machine and its ports, but for times and revisions: to compare before with after."""
    found = asdict(memory.world.node(node))
    found.pop("updated_at")
    ports = {port.id: asdict(port) for port in memory.world.ports.values()}
    for port in ports.values():
        port.pop("revision")
    return found, ports, dict(memory.world.allocations)


def error_of(answer: httpx.Response) -> dict[str, Any]:
    """The error of an answer, in whichever of the two forms the path has."""
    body: dict[str, Any] = answer.json()
    if "error_message" in body:
        assert set(json.loads(body["error_message"])) == {"faultstring", "faultcode", "debuginfo"}
        return dict(body["error"])
    assert answer.headers["content-type"] == "application/problem+json"
    return {**body, "code": body["title"], "message": body["detail"]}


def codes_of(answer: httpx.Response) -> set[str]:
    """The codes of all reasons in a refusal."""
    return {one["code"] for one in error_of(answer)["reasons"]}
