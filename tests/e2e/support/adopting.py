"""What nearly every test does: ask for an adoption, wait for its end, and let the server go again."""

from __future__ import annotations

from typing import Any

import httpx

from tests.e2e.support.corral import Corral
from tests.e2e.support.lab import Json
from tests.e2e.support.machines import Made

ADOPTION_CALLS = {
    ("baremetal", "PATCH"),
    ("baremetal", "POST"),
    ("baremetal", "DELETE"),
    ("baremetal", "PUT"),
    ("network", "POST"),
    ("network", "PUT"),
    ("network", "DELETE"),
}
"""Who may be written to at all; the image service and the machines themselves are only ever read."""
NEVER = ("/states/", "/management/", "/bios", "/raid", "/vendor_passthru", "/console", "Actions")
"""Parts of paths that touch a machine. None of them may ever be in an adoption's proof."""


def wish(corral: Corral, made: Made, *, flavor: str = "gold", **fields: Any) -> Json:
    """The body that asks for this machine; by default with the port that is plugged into it."""
    body = {"name": made.name, "node_uuid": made.uuid, "flavor_uuid": corral.flavor(flavor), **fields}
    if "networks" not in body:
        body["networks"] = [{"port_id": made.port}]
    return body


def plan(corral: Corral, *bodies: Json) -> Json:
    return dict(corral.http.post("/v1/plans", json={"machines": list(bodies)}).raise_for_status().json())


def apply(corral: Corral, planned: Json) -> httpx.Response:
    return corral.http.post(f"/v1/plans/{planned['uuid']}/apply")


def adopt(corral: Corral, body: Json) -> Json:
    """The server that came of planning and applying this."""
    answer = apply(corral, plan(corral, body))
    assert answer.status_code == 202, answer.text
    ended = corral.finished(answer.json()["operations"][0])
    assert ended["state"] == "succeeded", ended
    return dict(corral.get(f"/v1/servers/{ended['server_uuid']}"))


def unmanage(corral: Corral, server: Json) -> Json:
    """Let a server go; the operation at its end."""
    accepted = corral.http.post(f"/v1/servers/{server['uuid']}/unmanage")
    assert accepted.status_code == 202, accepted.text
    ended = corral.finished(accepted.json()["operation"])
    assert ended["state"] == "succeeded", ended
    return ended


def assert_untouched(corral: Corral, server: Json) -> None:
    """The proof says so, and its calls bear it out."""
    proof = corral.get(f"/v1/servers/{server['uuid']}/proof")
    assert proof["verdict"] == "untouched"
    for operation in proof["operations"]:
        assert operation["forbidden"] == 0
        assert operation["fingerprint"]["differences"] == []
        assert operation["calls"], "a proof without calls proves nothing"
        for call in operation["calls"]:
            assert call["allowed"], call
            assert call["method"] == "GET" or (call["service"], call["method"]) in ADOPTION_CALLS, call
            assert not (call["method"] != "GET" and any(part in call["path"] for part in NEVER)), call


def codes(reasons: list[Json]) -> set[str]:
    return {one["code"] for one in reasons}
