"""A server that answers as Valence is documented to, and as it was seen to: both generations, on a free loopback port.

It keeps nodes, of which each has a machine (`index`); it takes a machine apart by the index that a record names, as Valence does.
"""

from __future__ import annotations

import json
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from uuid import uuid4

Json = dict[str, Any]
PODM = "1b2f6c2a-0f0e-4a55-9e5b-2f2f5a8b9c01"


class Valence:
    """`newer`: needs `podm_id`, and answers as the last release. `machines`: index → whether it is composed. `taken_apart`:
    indexes. `once`: what happens with the next request of a method instead."""

    def __init__(self, newer: bool, machines: int = 3) -> None:
        self.newer = newer
        self.machines = {str(number): False for number in range(1, machines + 1)}
        self.nodes: dict[str, Json] = {}
        self.taken_apart: list[str] = []
        self.requests: list[tuple[str, str, Any]] = []
        self.once: dict[str, Callable[[], tuple[int, Any]]] = {}
        self.facts: Json = {
            "memory": [{"total_memory_mb": "65536"}],
            "processor": [{"total_core": "8"}, {"total_core": "8"}],
            "network": [{"mac": "02:00:5E:00:00:01", "speed_mbps": "25000"}],
        }

    def answer(self, method: str, path: str, body: Any) -> tuple[int, Any]:
        self.requests.append((method, path, body))
        if method in self.once:
            return self.once.pop(method)()
        parts = path.strip("/").split("/")
        if path == "/v1/nodes" and method == "GET":
            return 200, [self._brief(one) for one in self.nodes.values()]
        if path == "/v1/nodes" and method == "POST":
            return self.compose(body)
        if len(parts) == 3 and parts[2] in self.nodes:
            return self.delete(parts[2]) if method == "DELETE" else (200, self._detail(self.nodes[parts[2]]))
        return error(404, "Node not found")

    def compose(self, body: Json, index: str | None = None) -> tuple[int, Any]:
        if unknown := set(body) - {
            "name",
            "description",
            "flavor_id",
            "properties",
            *(["podm_id"] if self.newer else []),
        }:
            return error(400, f"Additional properties are not allowed ({sorted(unknown)} was unexpected)")
        if self.newer and body.get("podm_id") != PODM:
            return error(500, "'podm_id'")
        for kind in body.get("properties", {}).values():
            if not all(isinstance(value, str) for value in kind.values()):
                return error(400, "is not of type 'string'")
        index = index or next((one for one, used in self.machines.items() if not used), None)
        if index is None:
            return error(404, "Node not available")
        self.machines[index] = True
        node = {"uuid": str(uuid4()), "name": body["name"], "index": index, **({"podm_id": PODM} if self.newer else {})}
        self.nodes[node["uuid"]] = node
        return 200, self._brief(node)

    def delete(self, uuid: str) -> tuple[int, Any]:
        index = self.nodes.pop(uuid)["index"]
        self.machines[index] = False
        self.taken_apart.append(index)
        return 200, None if self.newer else {"code": "DELETED", "detail": "This composed node has been deleted"}

    def _brief(self, node: Json) -> Json:
        where = f"/redfish/v1/Nodes/{node['index']}"
        return {**node, **({"resource_uri": where} if self.newer else {"links": [{"href": where, "rel": "self"}]})}

    def _detail(self, node: Json) -> Json:
        path = f"/redfish/v1/Systems/{node['index']}"
        system: Any = path if self.newer else {"@odata.id": path}
        return {**node, "computer_system": system, "node_power_state": "Off", "metadata": self.facts}


def error(status: int, detail: str) -> tuple[int, Json]:
    zeros = "00000000-0000-0000-0000-000000000000"
    return status, {"code": str(status), "detail": detail, "request_id": zeros, "status": status, "title": "Error"}


@contextmanager
def serving(valence: Valence) -> Iterator[str]:
    """Its URL, while it runs."""

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def _do(self) -> None:
            body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
            status, data = valence.answer(self.command, self.path, json.loads(body) if body else None)
            if status == 0:  # acted, and hung up
                self.close_connection = True
                return
            text = data if isinstance(data, bytes) else json.dumps(data).encode()
            self.send_response(status)
            self.send_header("Content-Type", "application/json")
            self.send_header("Content-Length", str(len(text)))
            self.end_headers()
            self.wfile.write(text)

        do_GET = do_POST = do_DELETE = _do

        def log_message(self, *args: Any) -> None:
            return

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.daemon_threads = True
    thread = threading.Thread(target=server.serve_forever, args=(0.05,))
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_address[1]}"
    finally:
        server.shutdown()
        thread.join(60)
        server.server_close()
