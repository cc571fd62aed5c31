"""The world in memory as a process of its own: an Ironic, a Neutron and a Glance over HTTP, for the Ironic driver as it is.

For trials of many processes: those that manage machines are killed and paused, while the machines live on in this one.
"""

from __future__ import annotations

import json
import socket
import threading
import time
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

from corral.cloud.answers import Answer
from corral.drivers.memory.api import Refusal, Route, dispatch
from corral.drivers.memory.baremetal import Baremetal
from corral.drivers.memory.cloud import Imaging, Networking
from corral.drivers.memory.world import World

_MOST = 16 * 1024 * 1024


class WorldServer(ThreadingHTTPServer):
    """Serves a world at /baremetal, /network and /image. `delay`: seconds that each answer takes at least."""

    daemon_threads = True
    request_queue_size = 256

    def __init__(self, world: World, port: int = 0, delay: float = 0.0) -> None:
        super().__init__(("127.0.0.1", port), _Handler)
        self.world = world
        self.delay = delay
        self.services: dict[str, tuple[Route, ...]] = {
            "baremetal": Baremetal(world).routes,
            "network": Networking(world).routes,
            "image": Imaging(world).routes,
        }

    @property
    def port(self) -> int:
        """Where it listens."""
        return int(self.server_address[1])

    def clouds(self, name: str) -> dict[str, Any]:
        """The content of a clouds.yaml with this world as the cloud `name`."""
        root = f"http://127.0.0.1:{self.port}"
        overrides = {f"{service}_endpoint_override": f"{root}/{service}" for service in self.services}
        return {"clouds": {name: {"auth_type": "none", **overrides}}}

    def start(self) -> None:
        """Serve in a thread."""
        threading.Thread(target=self.serve_forever, name="world", daemon=True).start()

    def stop(self) -> None:
        """Serve no more."""
        self.shutdown()
        self.server_close()


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    server: WorldServer

    def setup(self) -> None:
        super().setup()
        # Headers and body go out as two packets; waiting for the first one's acknowledgement would cost 40 ms each.
        self.connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, True)

    def _serve(self) -> None:
        _, service, rest = self.path.split("/", 2) if self.path.count("/") > 1 else ("", self.path.strip("/"), "")
        length = int(self.headers.get("Content-Length") or 0)
        if length > _MOST:
            self.send_error(413)
            return
        raw = self.rfile.read(length)
        time.sleep(self.server.delay)
        self._say(self._answer(service, f"/{rest}", json.loads(raw) if raw else None))

    def _answer(self, service: str, target: str, body: Any) -> Answer:
        routes = self.server.services.get(service)
        if routes is None:
            return Refusal(404, f"There is no service {service} here.").answer
        with self.server.world.lock:
            return dispatch(routes, self.command, target, body, dict(self.headers.items()))

    def _say(self, answer: Answer) -> None:
        body = b"" if answer.status == 204 else json.dumps(answer.data).encode()
        self.send_response(answer.status)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, format: str, *args: Any) -> None:
        """Say nothing: a trial makes a hundred thousand requests."""

    do_GET = do_POST = do_PUT = do_PATCH = do_DELETE = _serve
