"""A Bareon-API service behind a real HTTP server, a client of it, and nodes to tell it of."""

from __future__ import annotations

import socket
import threading
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Any

import httpx
import uvicorn

from corral.bareon_api import Door, Nodes, Service, create_app, now, open_storage

GIB = 1024**3
MIB = 1024**2


def disk(name: str, gib: int = 100, **more: Any) -> dict[str, Any]:
    """A disk as an agent tells of it."""
    told = {"name": name, "disk": f"disk/by-path/pci-{name}", "extra": [f"disk/by-id/wwn-{name}"], "size": gib * GIB}
    return {**told, "model": None, "removable": "0", **more}


def node(*disks: Mapping[str, Any], roles: tuple[str, ...] = ("compute",), **more: Any) -> dict[str, Any]:
    """A node's body, with a schema if it has roles."""
    schema = {"version": "legacy"} if roles else None
    told = {"source_id": 1, "roles": list(roles), "meta": {"memory": {"total": 4 * GIB}}, "schema": schema}
    return {**told, "disks": list(disks or (disk("sda"), disk("sdb"))), **more}


class Api(httpx.Client):
    """A client of one running service."""

    def __init__(self, url: str, service: Service, token: str | None = None) -> None:
        super().__init__(base_url=url, headers={"X-Auth-Token": token} if token else {}, timeout=120, trust_env=False)
        self.service = service
        self.url = url

    def seen(self, path: str) -> Any:
        """The body of a GET that must succeed."""
        answer = self.get(f"/v1/nodes/{path}")
        assert answer.status_code == 200, answer.text
        return answer.json()

    def told(self, name: str = "n1", **more: Any) -> dict[str, Any]:
        """A node that the service knows."""
        answer = self.put(f"/v1/nodes/{name}", json=node(**more))
        assert answer.status_code == 200, answer.text
        return dict(answer.json())

    def edit(self, path: str, **changes: Any) -> httpx.Response:
        """PUT an object with some of its fields changed."""
        return self.put(f"/v1/nodes/{path}", json={**self.seen(path), **changes})


@contextmanager
def serving(url: str, token: str | None = None, port: int = 0) -> Iterator[Api]:
    """A service on that database, from its start to its stop."""
    service = Service(Nodes(open_storage(url), now))
    config = uvicorn.Config(
        create_app(service, Door(token)), log_level="warning", ws="none", proxy_headers=False, lifespan="on"
    )
    server = uvicorn.Server(config)
    with socket.create_server(("127.0.0.1", port)) as listening:
        # Inherited by its connections; asyncio sees to it only for sockets of its own, and every answer would take 40 ms more.
        listening.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        thread = threading.Thread(target=server.run, kwargs={"sockets": [listening]}, name="bareon-api-under-test")
        thread.start()
        try:
            end = time.monotonic() + 120
            while not server.started and thread.is_alive():
                assert time.monotonic() < end, "it did not start in time"
                time.sleep(0.005)
            with Api(f"http://127.0.0.1:{listening.getsockname()[1]}", service, token) as api:
                yield api
        finally:
            server.should_exit = True
            thread.join(60)
