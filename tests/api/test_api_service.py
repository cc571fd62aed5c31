"""What every answer has, and the routes that tell about Corral itself."""

from __future__ import annotations

import json
import re
import socket
from collections.abc import Iterator
from uuid import uuid4

import httpx
import pytest
from api_world import Api, Serve, error_of

REQUEST_ID = re.compile(r"req-[0-9a-f-]{36}")


def test_versions_tell_where_v1_is(still: Api) -> None:
    root = still.seen("/")
    assert root["default_version"]["links"][0]["href"] == f"{str(still.base_url).rstrip('/')}/v1/"
    assert still.seen("/v1") == still.seen("/v1/") == root["default_version"]


def test_health_and_readiness_need_no_credential(serve: Serve) -> None:
    api = serve(identity={"tokens": True})
    assert api.seen("/healthz") == {"status": "ok"}
    assert api.seen("/readyz") == {"status": "ready", "problems": []}


def test_a_process_without_a_running_worker_is_not_ready(bare: Api) -> None:
    bare.corral.engine.stop()
    answer = bare.get("/readyz")
    assert answer.status_code == 503
    assert answer.json()["problems"] == ["The worker does not run."]


def test_the_description_covers_every_route_of_the_issue(still: Api) -> None:
    paths = {path: set(methods) for path, methods in still.seen("/openapi.json")["paths"].items()}
    server, flavor, operation = "/v1/servers/{uuid}", "/v1/flavors/{uuid}", "/v1/operations/{uuid}"
    wanted = {
        "/v1/adoptable_nodes": {"get"}, "/v1/servers/manage": {"post"}, f"{server}/unmanage": {"post"},
        "/v1/plans": {"post"}, "/v1/plans/{uuid}": {"get"}, "/v1/plans/{uuid}/apply": {"post"},
        "/v1/servers": {"get"}, "/v1/servers/detail": {"get"}, server: {"get", "patch", "delete"},
        f"{server}/states/power": {"put"}, f"{server}/states/lock": {"put"}, f"{server}/networks": {"get"},
        f"{server}/proof": {"get"}, "/v1/flavors": {"get", "post"}, flavor: {"get", "patch", "delete"},
        f"{flavor}/access": {"get", "post"}, f"{flavor}/access/{{project}}": {"delete"},
        "/v1/manageable_servers": {"get", "post"}, "/v1/operations": {"get"}, operation: {"get"},
        f"{operation}/events": {"get"}, f"{operation}/cancel": {"post"}, "/v1/sources": {"get"},
        "/v1/audit": {"get"}, f"{server}/audit": {"get"}, "/healthz": {"get"}, "/readyz": {"get"},
    }  # fmt: skip
    missing = {path: methods - paths.get(path, set()) for path, methods in wanted.items()}
    assert not {path: methods for path, methods in missing.items() if methods}
    assert still.get("/docs").status_code == 200


@pytest.mark.parametrize("path", ["/v1/flavors", "/v1/operations", "/v1/servers/nobody", "/nowhere", "/healthz"])
def test_every_answer_has_a_request_id_of_its_own(still: Api, path: str) -> None:
    first, second = still.get(path), still.get(path)
    ids = {answer.headers["Openstack-Request-Id"] for answer in (first, second)}
    assert len(ids) == 2
    assert all(REQUEST_ID.fullmatch(one) for one in ids)


@pytest.mark.parametrize("path", ["/v1/servers/", "/v1/flavors/"])
def test_errors_on_mogans_paths_have_mogans_body(still: Api, path: str) -> None:
    answer = still.get(path + str(uuid4()))
    assert answer.status_code == 404
    fault = json.loads(answer.json()["error_message"])
    assert fault["faultcode"] == "Client"
    assert answer.json()["error"]["message"] in fault["faultstring"]
    assert fault["debuginfo"] is None


def test_other_errors_are_problems_as_in_rfc_9457(still: Api) -> None:
    answer = still.get(f"/v1/operations/{uuid4()}")
    assert answer.status_code == 404
    assert answer.headers["content-type"] == "application/problem+json"
    problem = answer.json()
    assert {"type", "title", "status", "detail", "fix", "request_id"} <= set(problem)
    assert problem["status"] == 404
    assert problem["request_id"] == answer.headers["Openstack-Request-Id"]


def test_an_unexpected_failure_says_so_and_tells_nothing_of_the_inside(bare: Api) -> None:
    bare.corral.sql.dispose()
    bare.corral.engine.stop()
    with bare.corral.sql.begin() as conn:
        conn.exec_driver_sql("DROP TABLE flavors")
    answer = bare.get("/v1/flavors")
    assert answer.status_code == 500
    assert error_of(answer)["code"] == "internal"
    assert "flavors" not in error_of(answer)["message"]
    assert "SELECT" not in answer.text
    assert REQUEST_ID.fullmatch(answer.headers["Openstack-Request-Id"])


def test_a_method_that_a_path_does_not_have_is_405_with_the_ones_it_has(still: Api) -> None:
    answer = still.put("/v1/flavors")
    assert answer.status_code == 405
    assert "GET" in answer.headers["Allow"]
    assert error_of(answer)["code"] == "method-not-allowed"


@pytest.mark.parametrize("host", ["corral.example", "evil.example:6688", "10.0.0.1", "127.0.0.1.evil.example", ""])
def test_without_identity_only_requests_addressed_to_loopback_are_answered(still: Api, host: str) -> None:
    answer = still.get("/v1/flavors", headers={"Host": host})
    assert answer.status_code in (400, 403)
    assert "flavors" not in answer.json()


@pytest.mark.parametrize("host", ["localhost", "127.0.0.1", "localhost:1234", "[::1]:6688"])
def test_without_identity_loopback_may_be_named_in_any_way(still: Api, host: str) -> None:
    assert still.get("/v1/flavors", headers={"Host": host}).status_code == 200


@pytest.mark.parametrize(
    "headers",
    [{"X-Forwarded-For": "127.0.0.1"}, {"Origin": "http://evil.example"}, {"Sec-Fetch-Site": "cross-site"}],
    ids=["through a proxy", "from another site", "fetched by another site"],
)
def test_without_identity_what_comes_from_elsewhere_is_turned_away(still: Api, headers: dict[str, str]) -> None:
    assert still.get("/v1/flavors", headers=headers).status_code in (401, 403)


@pytest.mark.parametrize(
    ("content", "kind"),
    [(b"no json", "application/json"), (b"", "application/json"), (b'{"name": "x"}', "text/plain"),
     (b"\xff\xfe", "application/json"), (b"[" * 100_000, "application/json"), (b'"a text"', "application/json"),
     (b"null", "application/json")],
    ids=["no json", "empty", "another type", "no utf-8", "too deep", "a text", "null"],
)  # fmt: skip
def test_a_body_that_is_no_json_object_is_a_clear_400(still: Api, content: bytes, kind: str) -> None:
    answer = still.post("/v1/flavors", content=content, headers={"Content-Type": kind})
    assert answer.status_code == 400, answer.text
    assert error_of(answer)["code"] in ("invalid", "http")


def test_a_body_that_is_too_long_is_refused_before_it_is_sent(still: Api) -> None:
    head = f"POST /v1/flavors HTTP/1.1\r\nHost: localhost\r\nContent-Length: {17 * 2**20}\r\n\r\n"
    with socket.create_connection(("127.0.0.1", still.base_url.port or 0), timeout=120) as line:
        line.sendall(head.encode())
        answered = line.recv(4096).decode()
    assert answered.startswith("HTTP/1.1 413 ")
    assert "req-" in answered


def test_a_body_that_does_not_say_how_long_it_is_is_cut_off_too(still: Api) -> None:
    def endless() -> Iterator[bytes]:
        yield b'{"name": "'
        for _ in range(40):
            yield b"x" * 2**20
        yield b'"}'

    try:
        answer = still.post("/v1/flavors", content=endless(), headers={"Content-Type": "application/json"})
    except (httpx.WriteError, httpx.ReadError):
        return  # the server hung up before all was sent
    assert answer.status_code == 413


def test_sources_without_any_are_an_empty_list(still: Api) -> None:
    assert still.seen("/v1/sources") == {"sources": []}
    assert still.seen("/v1/adoptable_nodes") == {"adoptable_nodes": []}
