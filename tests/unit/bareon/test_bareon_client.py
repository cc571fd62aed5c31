"""The client of the Bareon-API service, against services that fail in every way."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from typing import Any

import httpx
import pytest

from corral.domain.errors import (
    Conflict,
    CorralError,
    DriverFailed,
    Forbidden,
    Invalid,
    NotFound,
    Refused,
    Stale,
    Unreachable,
)
from corral.extensions.bareon import Client, Options
from corral.extensions.bareon.client import BIGGEST

Answering = Callable[[httpx.Request], httpx.Response]


class Peer:
    """A service that answers as told, one after the other, and the last for ever; what it was asked is kept."""

    def __init__(self, *answers: httpx.Response | Exception | Answering) -> None:
        self._answers = list(answers)
        self.asked: list[httpx.Request] = []
        self.waits: list[float] = []

    def __call__(self, request: httpx.Request) -> httpx.Response:
        self.asked.append(request)
        answer = self._answers.pop(0) if len(self._answers) > 1 else self._answers[0]
        if isinstance(answer, Exception):
            raise answer
        return answer(request) if callable(answer) else answer

    def client(self, **more: Any) -> Client:
        return Client("http://192.0.2.1:9322", transport=httpx.MockTransport(self), sleep=self.waits.append, **more)


def told(status: int, code: str = "", **more: Any) -> httpx.Response:
    problem = {"code": code, "detail": "What happened.", "fix": "What to do.", **more}
    return httpx.Response(status, json=problem, headers={"Content-Type": "application/problem+json"})


@pytest.mark.parametrize("failure", [httpx.ConnectError("no"), httpx.ReadTimeout("no"), httpx.Response(503)], ids=repr)
def test_an_outage_is_tried_again_and_then_over(failure: Any) -> None:
    peer = Peer(failure, failure, httpx.Response(200, json={"id": "x"}, headers={"ETag": '"v"'}))
    answer = peer.client().put("N1", "", {"roles": []})
    assert (answer.body, answer.etag) == ({"id": "x"}, '"v"')
    assert len(peer.asked) == 3
    assert len({request.content for request in peer.asked}) == 1
    assert peer.waits[0] < peer.waits[1]


def test_an_outage_that_lasts_is_told_with_what_to_look_at() -> None:
    peer = Peer(httpx.ConnectError("refused"))
    with pytest.raises(Unreachable) as told_of:
        peer.client().get("n1")
    assert "192.0.2.1:9322" in told_of.value.message
    assert "BAREON_ADDRESS" in told_of.value.fix
    assert len(peer.asked) == 3


def test_no_try_begins_when_the_time_is_over() -> None:
    peer = Peer(httpx.ConnectError("refused"))
    with pytest.raises(Unreachable):
        peer.client().put("n1", "", {}, within=0.1)
    assert len(peer.asked) == 1


@pytest.mark.parametrize(
    ("answer", "kind"),
    [
        (told(400), Invalid),
        (told(401), Forbidden),
        (told(403), Forbidden),
        (told(404), NotFound),
        (told(409, "conflict"), Conflict),
        (told(409, "stale"), Stale),
        (told(413), Invalid),
        (told(418), DriverFailed),
        (httpx.Response(302, headers={"Location": "http://192.0.2.2/"}), DriverFailed),
    ],
)
def test_errors_of_the_service_are_ours_and_not_tried_again(answer: httpx.Response, kind: type[CorralError]) -> None:
    peer = Peer(answer)
    with pytest.raises(kind) as told_of:
        peer.client().get("n1")
    assert type(told_of.value) is kind
    assert len(peer.asked) == 1
    if answer.status_code != 302:
        assert told_of.value.message == "What happened."


def test_all_reasons_of_a_refusal_arrive() -> None:
    reasons = [{"code": "overlap", "message": "Two.", "fix": "One."}, "nonsense", {"code": None}]
    with pytest.raises(Refused) as told_of:
        Peer(told(422, "refused", reasons=reasons)).client().put("n1", "partitioning", {})
    assert [one.code for one in told_of.value.reasons] == ["overlap", "unknown", "unknown"]


def test_deleting_what_is_not_there_is_done() -> None:
    Peer(told(404)).client().delete("n1")


@pytest.mark.parametrize("content", [b"<html>", b"[" * 100_000, b"\xff", b""], ids=["html", "deep", "bytes", "nothing"])
def test_an_answer_that_is_no_json_is_an_error_of_the_service(content: bytes) -> None:
    with pytest.raises(DriverFailed, match="no JSON"):
        Peer(httpx.Response(200, content=content)).client().get("n1")


def test_an_endless_answer_is_cut_off() -> None:
    sent = 0

    def endless() -> Iterator[bytes]:
        nonlocal sent
        while True:
            sent += 1
            yield b" " * 1024 * 1024

    with pytest.raises(DriverFailed, match="cut off"):
        Peer(lambda _request: httpx.Response(200, content=endless())).client().get("n1")
    assert sent <= BIGGEST // (1024 * 1024) + 2


def test_ids_carry_the_prefix_and_can_not_leave_their_path() -> None:
    peer = Peer(httpx.Response(200, json={}))
    peer.client(token="t0ken").get("../../x?y", "disks")
    assert peer.asked[0].url.raw_path == b"/v1/nodes/nailgun_..%2F..%2Fx%3Fy/disks"
    assert peer.asked[0].headers["X-Auth-Token"] == "t0ken"


def test_a_version_goes_along_as_if_match() -> None:
    peer = Peer(httpx.Response(200, json={}))
    peer.client().put("n1", "spaces", {"version": 1}, match='"abc"')
    assert peer.asked[0].headers["If-Match"] == '"abc"'
    assert json.loads(peer.asked[0].content) == {"version": 1}


# --- options ------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("address", "url"),
    [
        ("127.0.0.1:9322", "http://127.0.0.1:9322"),
        ("[::1]:9322", "http://[::1]:9322"),
        ("https://bareon.example/layouts/", "https://bareon.example/layouts"),
    ],
)
def test_addresses(address: str, url: str) -> None:
    assert Options.read({"address": address}).url == url


@pytest.mark.parametrize(
    "options",
    [
        {"address": "ftp://x"},
        {"address": "host:port"},
        {"address": "http://user:word@host"},
        {"address": ""},
        {"addres": "x"},
        {"target": "ubuntu"},
        {"timeout": 0},
        {"timeout": True},
        {"timeout": "10"},
    ],
    ids=str,
)
def test_options_that_are_wrong_are_named(options: dict[str, Any]) -> None:
    with pytest.raises(Invalid) as told_of:
        Options.read(options)
    assert told_of.value.fix


def test_a_token_is_read_from_the_environment_only(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("BAREON_TOKEN", " s3cret \n")
    assert Options.read({"token_env": "BAREON_TOKEN"}).token == "s3cret"
    monkeypatch.delenv("BAREON_TOKEN")
    with pytest.raises(Invalid, match="BAREON_TOKEN"):
        _ = Options.read({"token_env": "BAREON_TOKEN"}).token
