"""Traces leave `corral serve` by OTLP, and arrive at a receiver that reads them by OpenTelemetry's own protocol."""

from __future__ import annotations

import gzip
import json
import subprocess
import sys
import threading
import time
import urllib.request
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest
from opentelemetry.proto.collector.trace.v1.trace_service_pb2 import ExportTraceServiceRequest
from opentelemetry.proto.trace.v1.trace_pb2 import Span
from test_serve import Served

TRACE, CLIENT = "0af7651916cd43dd8448eb211c80319c", "b7ad6b7169203331"


class Receiver(ThreadingHTTPServer):
    """A collector, as far as traces are sent to it."""

    daemon_threads = True

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), _Handler)
        self.spans: list[Span] = []
        self.services: set[str] = set()
        self.headers: list[dict[str, str]] = []

    def take(self, sent: bytes) -> None:
        for resource in ExportTraceServiceRequest.FromString(sent).resource_spans:
            names = [one.value.string_value for one in resource.resource.attributes if one.key == "service.name"]
            self.services.update(names)
            for scope in resource.scope_spans:
                self.spans.extend(scope.spans)


class _Handler(BaseHTTPRequestHandler):
    server: Receiver

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers["Content-Length"]))
        if self.headers.get("Content-Encoding") == "gzip":
            body = gzip.decompress(body)
        if self.path == "/v1/traces":
            self.server.headers.append(dict(self.headers))
            self.server.take(body)
        self.send_response(200)
        self.end_headers()

    def log_message(self, format: str, *args: Any) -> None:
        """Say nothing."""


@pytest.fixture
def receiver() -> Iterator[Receiver]:
    server = Receiver()
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield server
    server.shutdown()
    server.server_close()


def sent(served: Served, method: str, path: str, body: Any = None, **headers: str) -> Any:
    data = None if body is None else json.dumps(body).encode()
    request = urllib.request.Request(
        served.url + path, data, {"Content-Type": "application/json", **headers}, method=method
    )
    with urllib.request.urlopen(request, timeout=120) as answer:
        return json.load(answer)


def adopt(served: Served) -> dict[str, Any]:
    """Adopt a machine of the demonstration, as a client that draws traces itself."""
    flavor = sent(served, "POST", "/v1/flavors", {"name": "gold", "resources": {"CUSTOM_GOLD": "1"}})["uuid"]
    [node] = [
        one
        for one in sent(served, "GET", "/v1/adoptable_nodes?limit=100")["adoptable_nodes"]
        if one["name"] == "bank-db-01"
    ]
    wish = {
        "name": "secret-name",
        "node_uuid": node["uuid"],
        "flavor_uuid": flavor,
        "networks": [{"port_id": port["vif_port_id"]} for port in node["ports"]],
    }
    taken = sent(served, "POST", "/v1/servers/manage", wish, traceparent=f"00-{TRACE}-{CLIENT}-01")
    uuid, until = taken["operation"]["uuid"], time.monotonic() + 20
    while time.monotonic() < until:
        found: dict[str, Any] = sent(served, "GET", f"/v1/operations/{uuid}")
        if found["state"] == "succeeded":
            return found
        time.sleep(0.1)
    raise AssertionError(found)


def test_a_clients_trace_goes_through_the_request_and_its_operation_to_every_call(
    tmp_path: Path, receiver: Receiver
) -> None:
    endpoint = f"http://127.0.0.1:{receiver.server_address[1]}"
    served = Served(
        tmp_path,
        CORRAL_TRACING__ENABLED="true",
        OTEL_EXPORTER_OTLP_ENDPOINT=endpoint,
        OTEL_EXPORTER_OTLP_HEADERS="x-tenant=machines",
    )
    try:
        operation = adopt(served)
    finally:
        served.stop()  # sends what is left
    assert receiver.services == {"corral"}
    assert {headers["x-tenant"] for headers in receiver.headers} == {"machines"}
    mine = {span.span_id.hex(): span for span in receiver.spans if span.trace_id.hex() == TRACE}
    by_name = {span.name: span for span in mine.values()}
    assert by_name["POST /v1/servers/manage"].parent_span_id.hex() == CLIENT
    steps = ["observe", "claim", "bind", "create_ports", "verify", "activate"]
    assert set(steps) <= set(by_name)

    def way(span: Span) -> list[str]:
        above = mine.get(span.parent_span_id.hex())
        return [span.name, *(way(above) if above is not None else [])]

    acts = [span for span in mine.values() if span.name == "PATCH /v1/nodes/{id}"]
    assert [way(span) for span in acts] == [
        ["PATCH /v1/nodes/{id}", "claim", "manage", "submit manage", "POST /v1/servers/manage"]
    ]
    told = {one.key: one.value for one in by_name["manage"].attributes}
    assert told["corral.operation"].string_value == operation["uuid"]
    assert told["corral.outcome"].string_value == "succeeded"
    assert "secret-name" not in "".join(str(span) for span in receiver.spans)


def test_without_the_setting_nothing_is_sent_whatever_the_environment_says(tmp_path: Path, receiver: Receiver) -> None:
    endpoint = f"http://127.0.0.1:{receiver.server_address[1]}"
    served = Served(tmp_path, OTEL_EXPORTER_OTLP_ENDPOINT=endpoint)
    try:
        adopt(served)
    finally:
        served.stop()
    assert receiver.headers == []


def test_the_sdk_is_not_even_imported_while_it_is_off(tmp_path: Path) -> None:
    # Another library looks for the API by itself, where that is installed.
    parts = ("opentelemetry.sdk", "opentelemetry.exporter", "opentelemetry.proto", "corral.tracing")
    program = (
        "import sys; from corral import config; from corral.api import create_app; from corral.wiring import build; "
        "corral = build(config.load(data_dir=sys.argv[1])); create_app(corral); corral.stop(); "
        f"print([name for name in sys.modules if name.startswith({parts!r})])"
    )
    done = subprocess.run(
        [sys.executable, "-c", program, str(tmp_path)], capture_output=True, text=True, timeout=60, check=True
    )
    assert done.stdout == "[]\n"
