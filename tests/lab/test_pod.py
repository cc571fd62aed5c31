"""The lab's pod does what it says: events, power, boot overrides, reservations, and an end."""

from __future__ import annotations

import json
import queue
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, HTTPServer
from typing import Any

import httpx
import pytest

from lab.pod.running import PASSWORD, RunningPod, running_pod

SYSTEMS = "/redfish/v1/Systems"
SUBSCRIPTIONS = "/redfish/v1/EventService/Subscriptions"


@pytest.fixture(scope="module")
def pod() -> Iterator[RunningPod]:
    with running_pod(2) as found:
        yield found


@pytest.fixture
def client(pod: RunningPod) -> Iterator[httpx.Client]:
    with httpx.Client(base_url=pod.url, auth=("pod", PASSWORD), trust_env=False, timeout=120) as found:
        yield found
    pod.control("reset")


def composed(client: httpx.Client, block: str = "Compute-1") -> str:
    link = {"@odata.id": f"/redfish/v1/CompositionService/ResourceBlocks/{block}"}
    answer = client.post(SYSTEMS, json={"Name": "a", "Links": {"ResourceBlocks": [link]}})
    assert answer.status_code == 201
    return str(answer.headers["Location"])


def test_whoever_listens_is_told_of_each_change(client: httpx.Client) -> None:
    with client.stream("GET", "/redfish/v1/EventService/SSE") as stream:
        lines = stream.iter_lines()
        assert next(lines) == ": open"
        composed(client)
        event = json.loads(next(line for line in lines if line.startswith("data: "))[6:])
    [record] = event["Events"]
    assert record["MessageId"].endswith("ResourceBlockCompositionStateChanged")
    assert record["OriginOfCondition"]["@odata.id"].endswith("/ResourceBlocks/Compute-1")


def test_a_destination_is_told_with_its_context(client: httpx.Client) -> None:
    heard: queue.Queue[dict[str, Any]] = queue.Queue()

    class Listener(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            heard.put(json.loads(self.rfile.read(int(self.headers["Content-Length"]))))
            self.send_response(204)
            self.end_headers()

        def log_message(self, *_: object) -> None: ...

    with HTTPServer(("127.0.0.1", 0), Listener) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        wish = {"Destination": f"http://127.0.0.1:{server.server_port}/", "Protocol": "Redfish", "Context": "mine"}
        where = client.post(SUBSCRIPTIONS, json=wish).headers["Location"]
        composed(client)
        assert heard.get(timeout=120)["Context"] == "mine"
        assert client.delete(where).status_code == 204
        server.shutdown()


def test_power_changes_and_an_override_holds_once(client: httpx.Client) -> None:
    system = composed(client)
    assert client.get(system).json()["PowerState"] == "Off"
    override = {"BootSourceOverrideEnabled": "Once", "BootSourceOverrideTarget": "Pxe"}
    assert client.patch(system, json={"Boot": override}).status_code == 200
    assert client.get(system).json()["Boot"]["BootSourceOverrideTarget"] == "Pxe"
    for kind, power in (("On", "On"), ("ForceOff", "Off")):
        assert client.post(f"{system}/Actions/ComputerSystem.Reset", json={"ResetType": kind}).status_code == 204
        assert client.get(system).json()["PowerState"] == power
    assert client.get(system).json()["Boot"]["BootSourceOverrideEnabled"] == "Disabled"


def test_a_block_moves_between_the_pools(client: httpx.Client) -> None:
    def pools() -> tuple[int, int]:
        root = "/redfish/v1/CompositionService"
        counts = [client.get(f"{root}/{pool}").json()["Members@odata.count"] for pool in ("FreePool", "ActivePool")]
        return counts[0], counts[1]

    assert pools() == (6, 0)
    system = composed(client)
    assert pools() == (5, 1)
    assert client.delete(system).status_code == 204
    assert pools() == (6, 0)


def test_a_block_in_use_and_one_reserved_are_refused_by_name(client: httpx.Client, pod: RunningPod) -> None:
    composed(client)
    pod.control("reserve", {"blocks": ["Compute-2"]})
    for block, key in (("Compute-1", "ResourceBlockInUse"), ("Compute-2", "SpecifiedResourceAlreadyReserved")):
        link = {"@odata.id": f"/redfish/v1/CompositionService/ResourceBlocks/{block}"}
        answer = client.post(SYSTEMS, json={"Name": "b", "Links": {"ResourceBlocks": [link]}})
        assert answer.status_code == 409
        assert answer.json()["error"]["@Message.ExtendedInfo"][0]["MessageId"].endswith(f".{key}")


def test_nobody_reads_without_a_login(pod: RunningPod) -> None:
    with httpx.Client(base_url=pod.url, trust_env=False) as anybody:
        assert anybody.get("/redfish/v1/").status_code == 200
        assert anybody.get(SYSTEMS).status_code == 401


def test_a_pod_ends_by_itself() -> None:
    with running_pod(1, seconds=1) as short, pytest.raises(httpx.HTTPError):
        for _ in range(600):
            short.control("state")
