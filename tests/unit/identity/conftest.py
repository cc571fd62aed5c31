"""A Keystone of a few lines, spoken to over real HTTP, for what a real one can't be made to say; the lab has a real one."""

from __future__ import annotations

import json
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import pytest

FAR_AWAY = "2999-01-01T00:00:00.000000Z"


def token_body(**fields: Any) -> dict[str, Any]:
    """What Keystone says of a token."""
    return {
        "token": {
            "user": {"id": "u1", "name": "ann", "domain": {"id": "default", "name": "Default"}},
            "project": {"id": "p1", "name": "bank", "domain": {"id": "default", "name": "Default"}},
            "roles": [{"id": "r1", "name": "member"}],
            "methods": ["password"],
            "issued_at": "2020-01-01T00:00:00.000000Z",
            "expires_at": FAR_AWAY,
            "catalog": [],
            **fields,
        }
    }


class SmallKeystone:
    """`tokens` are valid, all others are not. `asked` holds the tokens it was asked about. `broken`: it answers 500."""

    def __init__(self) -> None:
        self.tokens: dict[str, dict[str, Any]] = {}
        self.asked: list[str] = []
        self.broken = False
        self.knows_corral = True
        self.url = ""

    def versions(self) -> dict[str, Any]:
        links = [{"rel": "self", "href": f"{self.url}/v3/"}]
        return {"version": {"id": "v3.14", "status": "stable", "links": links, "media-types": []}}

    def check(self, token: str) -> tuple[int, dict[str, Any]]:
        self.asked.append(token)
        if self.broken:
            return 500, {}
        if token not in self.tokens:
            return 404, {"error": {"code": 404, "message": "no such token"}}
        return 200, self.tokens[token]

    def login(self) -> tuple[int, dict[str, Any]]:
        if not self.knows_corral:
            return 401, {"error": {"code": 401, "message": "who?"}}
        endpoints = [{"id": "e", "interface": "public", "region": None, "region_id": None, "url": f"{self.url}/v3"}]
        return 201, token_body(catalog=[{"type": "identity", "name": "keystone", "id": "s", "endpoints": endpoints}])


def _handler(keystone: SmallKeystone) -> type[BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.0"

        def do_GET(self) -> None:
            if "/auth/tokens" in self.path:
                self._answer(*keystone.check(self.headers["X-Subject-Token"]))
            else:
                self._answer(200, keystone.versions())

        def do_POST(self) -> None:
            self.rfile.read(int(self.headers["Content-Length"]))
            self._answer(*keystone.login())

        def _answer(self, status: int, body: dict[str, Any]) -> None:
            data = json.dumps(body).encode()
            self.send_response(status)
            self.send_header("Content-Type", "application/json")
            self.send_header("Content-Length", str(len(data)))
            self.send_header("X-Subject-Token", "corrals-own")
            self.end_headers()
            self.wfile.write(data)

        def log_message(self, *args: object) -> None:
            pass

    return Handler


@pytest.fixture
def small_keystone() -> Iterator[SmallKeystone]:
    keystone = SmallKeystone()
    server = ThreadingHTTPServer(("127.0.0.1", 0), _handler(keystone))
    keystone.url = f"http://127.0.0.1:{server.server_port}"
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)
    thread.start()
    yield keystone
    server.shutdown()
    server.server_close()
    thread.join()


@pytest.fixture
def token_of() -> Any:
    return token_body
