"""The HTTP layer: nothing passes the border unseen, and every failure is sorted into "not done" and "nobody knows"."""

from __future__ import annotations

import re
import socket
import threading
from typing import Any

import pytest
import requests
from drivers_http import hangs_up, says, server, stalls

from corral.cloud.transport import BorderAdapter, Limits, Routes
from corral.cloud.wire import Reset
from corral.contracts.border import Border, Purpose, Rule, crossing
from corral.domain.errors import Breach, CorralError, DriverFailed, OutcomeUnknown, Unreachable

RULES = (
    Rule(Purpose.LOOK, "thing", "GET", re.compile("/v1/.*"), "looks"),
    Rule(Purpose.LOOK, "thing", "POST", re.compile("/v1/.*"), "acts", lambda body: body == {"good": True}),
)


def session(root: str, limits: Limits = Limits(1, 0.5, 1024 * 1024, 5)) -> requests.Session:
    routes = Routes()
    routes.add("thing", root)
    http = requests.Session()
    http.trust_env = False
    http.mount("http://", BorderAdapter(Border(RULES), routes, limits))
    return http


def failure(http: requests.Session, method: str, url: str) -> tuple[CorralError, str]:
    with crossing(Purpose.LOOK) as recorder, pytest.raises(CorralError) as caught:
        http.request(method, url, json={"good": True} if method == "POST" else None, allow_redirects=False)
    return caught.value, recorder.calls[-1].outcome


def test_a_call_is_admitted_recorded_and_sent() -> None:
    with server(says(200, b'{"a": 1}')) as (root, arrived), crossing(Purpose.LOOK) as recorder, session(root) as http:
        assert http.get(f"{root}/v1/x?secret=1").json() == {"a": 1}
    assert arrived == ["GET /v1/x?secret=1"]
    assert [(call.service, call.path, call.outcome) for call in recorder.calls] == [("thing", "/v1/x", "200")]


@pytest.mark.parametrize(
    ("method", "path", "body"),
    [
        ("DELETE", "/v1/x", None),
        ("POST", "/v1/x", {"good": False}),
        ("POST", "/v1/x", None),
        ("GET", "/v2/x", None),
        ("GET", "/v1/a/%2e%2e/x", None),
        ("GET", "/v1/../x", None),
    ],
)
def test_what_no_rule_allows_does_not_leave(method: str, path: str, body: Any) -> None:
    with server(says(200)) as (root, arrived), session(root) as http, pytest.raises(Breach):
        http.request(method, root + path, json=body)
    assert arrived == []


def test_a_url_outside_the_catalogue_belongs_to_no_service() -> None:
    with server(says(200)) as (root, arrived), session("http://127.0.0.1:1/other") as http, pytest.raises(Breach):
        http.get(f"{root}/v1/x")
    assert arrived == []


def test_a_prefix_of_a_root_is_not_the_root() -> None:
    routes = Routes()
    routes.add("thing", "http://cloud/baremetal")
    assert routes.find("http://cloud/baremetal/v1/nodes?x=1") == ("thing", "/v1/nodes")
    assert routes.find("http://cloud/baremetal-other/v1/nodes")[0] == "unknown"
    assert routes.find("http://cloud.evil/baremetal/v1")[0] == "unknown"


def test_a_refused_connection_means_that_nothing_was_done() -> None:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        root = f"http://127.0.0.1:{free.getsockname()[1]}"
    with session(root) as http:
        for method in ("GET", "POST"):
            error, outcome = failure(http, method, f"{root}/v1/x")
            assert (type(error), outcome) == (Unreachable, "unreachable")
            assert "refused" in error.message


def test_a_lost_answer_to_a_change_means_that_nobody_knows() -> None:
    with server(hangs_up) as (root, arrived), session(root) as http:
        error, outcome = failure(http, "POST", f"{root}/v1/x")
        assert (type(error), outcome) == (OutcomeUnknown, "outcome-unknown")
        assert type(failure(http, "GET", f"{root}/v1/x")[0]) is Reset
    assert len(arrived) == 2, "nothing is ever sent again by the HTTP layer"


def test_a_stalled_answer_ends_by_the_timeout() -> None:
    event = threading.Event()
    with server(stalls(event)) as (root, _), session(root) as http:
        assert type(failure(http, "POST", f"{root}/v1/x")[0]) is OutcomeUnknown
        assert type(failure(http, "GET", f"{root}/v1/x")[0]) is Unreachable
        event.set()


def test_an_answer_without_end_is_cut_off() -> None:
    with server(says(200, b"[" + b"1," * 1024 * 1024)) as (root, _), session(root) as http:
        assert type(failure(http, "GET", f"{root}/v1/x")[0]) is DriverFailed


def test_redirects_are_not_followed() -> None:
    with server(says(302, b"", Location="http://169.254.169.254/")) as (root, arrived), session(root) as http:
        assert http.get(f"{root}/v1/x", allow_redirects=False).status_code == 302
        with pytest.raises(Breach):
            http.get(f"{root}/v1/x")
    assert len(arrived) == 2
