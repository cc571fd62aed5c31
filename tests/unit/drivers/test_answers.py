"""What an answer means: the words and statuses of the real services."""

from __future__ import annotations

import json

import pytest

from corral.cloud.answers import Busy, Faltered, Rejected, answer, checked
from corral.domain.errors import Conflict, CorralError, DriverFailed, NotFound, OutcomeUnknown, Unreachable

IRONIC = {
    "error_message": json.dumps({"faultcode": "Client", "faultstring": "Node N is locked by host h, please retry"})
}
NEUTRON = {"NeutronError": {"type": "MacAddressInUse", "message": "The mac address is in use.", "detail": ""}}


def meaning(status: int, body: object, method: str = "PATCH") -> CorralError:
    with pytest.raises(CorralError) as caught:
        checked(answer(status, json.dumps(body).encode()), "thing", method, "/v1/x")
    return caught.value


def words(text: str) -> dict[str, object]:
    return {"error_message": {"faultstring": text}}


@pytest.mark.parametrize(
    ("status", "body", "method", "kind"),
    [
        (409, IRONIC, "PATCH", Busy),
        (409, NEUTRON, "POST", Conflict),
        (412, NEUTRON, "PUT", Busy),
        (404, words("gone"), "GET", NotFound),
        (400, words("no"), "PATCH", Rejected),
        (403, words("no"), "PATCH", Rejected),
        (406, words("too new"), "GET", Rejected),
        (302, words(""), "GET", Rejected),
        (503, words("busy"), "PATCH", Unreachable),
        (500, words("No conductor service registered which supports driver x"), "PATCH", Unreachable),
        (500, words("Timed out waiting for a reply to message 1"), "PATCH", OutcomeUnknown),
        (500, words("database is locked"), "PATCH", Faltered),
        (500, words("anything"), "GET", DriverFailed),
        (504, words("proxy"), "PATCH", OutcomeUnknown),
        (504, words("proxy"), "GET", Unreachable),
    ],
)
def test_each_answer_is_sorted(status: int, body: object, method: str, kind: type[CorralError]) -> None:
    assert type(meaning(status, body, method)) is kind


def test_a_message_has_the_services_own_words_and_is_bounded() -> None:
    assert "is locked by host h" in meaning(409, IRONIC).message
    assert "mac address" in meaning(409, NEUTRON).message
    assert len(meaning(400, words("x" * 100_000)).message) < 1000
    html = answer(403, b"<html><h1>Forbidden</h1></html>")
    with pytest.raises(Rejected, match="Forbidden"):
        checked(html, "image", "GET", "/v2/images")


def test_hostile_json_is_refused() -> None:
    with pytest.raises(DriverFailed, match="deep"):
        answer(200, b"[" * 200_000)
    with pytest.raises(DriverFailed, match="JSON"):
        answer(200, b'{"a": ')
    assert answer(500, b'{"a": ').data is None
