"""Somebody changes composed systems at a pod, under servers of a real Ironic: Corral hears of it, tells it, and leaves all alone.

Polls are an hour apart here, so whatever is seen was seen because of an event that the pod sent.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass

import httpx
import pytest

from tests.e2e.support import building
from tests.e2e.support.building import emulated_pod, ok, redfish, wish
from tests.e2e.support.corral import Corral
from tests.e2e.support.lab import Json, Lab

pytestmark = [pytest.mark.lab, pytest.mark.timeout(900)]
_PREFIX = "watched"
_POLICY = "sources: {lab: {policy: tolerate, settle: 3600, poll: {every: 3600, at_most: 3600}}}\n"
_WANTED = {"cpus": 4, "memory": 8192, "disks": [{"size": 100 * 10**9}], "nics": [{"count": 1}], "source": "pod"}


@dataclass(frozen=True)
class Site:
    """A server that is composed of the pod, and all that there is of it. `system`: its path at the pod."""

    lab: Lab
    pod: httpx.Client
    corral: Corral
    server: Json
    system: str

    def node(self) -> Json:
        """What there is to change about its node."""
        row = self.lab.ironic.get(f"/v1/nodes/{self.server['node_uuid']}")
        kept = (
            "power_state",
            "provision_state",
            "instance_uuid",
            "instance_info",
            "driver_info",
            "maintenance",
            "fault",
        )
        return {key: row[key] for key in kept}

    def status(self) -> Json:
        return dict(self.corral.get("/v1/sync/lab"))

    def drift(self) -> Json | None:
        found = self.corral.get("/v1/drift", state="settling")["drifts"]
        mine = (row for row in found if row["server_uuid"] == self.server["uuid"])
        return next((row for row in mine if row["field"] == "composition"), None)

    def world(self) -> list[str]:
        """What the queue says that the pod has, [] for no drift."""
        found = self.drift()
        return [] if found is None else list(found["world"])


def until(true: Callable[[], object], seconds: float = 120.0) -> float:
    """Wait for it. Gives how many seconds that took."""
    began = time.monotonic()
    while not true():
        assert time.monotonic() < began + seconds, "it did not come about in time"
        time.sleep(0.05)
    return time.monotonic() - began


@pytest.fixture(scope="module")
def site(lab: Lab, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    """Its node is switched and deployed by Ironic's fake: what the pod does to the system, Ironic does not notice."""
    home = tmp_path_factory.mktemp("watched")
    (home / "policy.yaml").write_text(_POLICY)
    with emulated_pod(3, 3600) as pod:
        options, sync = redfish(str(pod.base_url)), f"{{policy_file: {home / 'policy.yaml'}}}"
        with building.builder(home, lab.clouds, options, hardware="fake-hardware", sync=sync) as corral:
            flavor = building.flavor(corral, compose=_WANTED)
            made = ok(corral.http.post("/v1/servers", json=wish(lab, flavor, _PREFIX)))
            path = f"/v1/servers/{made['uuid']}"
            until(lambda: ok(corral.http.get(path))["status"] != "building")
            server = ok(corral.http.get(path))
            try:
                assert server["composed"] is True, server.get("fault")
                system = lab.ironic.get(f"/v1/nodes/{server['node_uuid']}")["driver_info"]["redfish_system_id"]
                one = Site(lab, pod, corral, server, system)
                until(lambda: _heard(one.status()) is True)
                ok(corral.http.post("/v1/sync/lab/look"))
                until(lambda: one.status()["servers"] == 1 and one.status()["wanted_at"] is None)
                yield one
            finally:
                corral.http.delete(path)
                until(lambda: corral.http.get(path).status_code == 404)


def _heard(status: Json) -> bool | None:
    [pod] = status["pods"]
    return (pod["notifications"] or {}).get("heard")


def test_what_is_changed_at_a_pod_is_in_the_queue_by_its_event_and_nothing_is_done_about_it(site: Site) -> None:
    node, passed = site.node(), site.status()["ended_at"]
    assert site.drift() is None
    free = next(block for block, state in building.blocks(site.pod).items() if state == "Unused")
    change = {"ResourceBlock": {"@odata.id": free}}
    ok(site.pod.post(f"{site.system}/Actions/ComputerSystem.AddResourceBlock", json=change))
    added = until(lambda: f"block {free}" in site.world())
    assert f"system {site.system}" in site.world()
    ok(site.pod.post(f"{site.system}/Actions/ComputerSystem.RemoveResourceBlock", json=change))
    until(lambda: site.drift() is None)
    ok(site.pod.delete(site.system))
    released = until(lambda: f"system {site.system} gone" in site.world())
    print(f"from the change to its drift: {added:.2f} s; from the release: {released:.2f} s")
    assert site.status()["ended_at"] == passed, "it took no pass"
    assert site.node() == node
    now = ok(site.corral.http.get(f"/v1/servers/{site.server['uuid']}"))
    assert (now["status"], now["power_state"]) == (site.server["status"], site.server["power_state"])
    assert set(building.blocks(site.pod).values()) == {"Unused"}, "nothing was composed again"


def test_a_stream_that_is_cut_is_opened_again(site: Site) -> None:
    assert ok(site.pod.post("/control/cut", json=None))["streams"] == 0
    until(lambda: ok(site.pod.get("/control/state"))["streams"] == 1 and _heard(site.status()) is True)
    shown = {one["name"]: one["notifications"] for one in site.corral.get("/v1/sources")["sources"]}
    assert shown["pod"]["heard"] is True and shown["lab"] is None
