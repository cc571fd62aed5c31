"""Corral is killed at every step that composes a server or deletes it, over a real Ironic and an emulated pod:
pool, nodes, ports and records agree in the end. Several servers at once, each held at another boundary, so that one kill is seen
at all of them."""

from __future__ import annotations

import os
import time
from collections import deque
from collections.abc import Iterator, Sequence
from itertools import zip_longest

import httpx
import pytest

from tests.e2e.support import building
from tests.e2e.support.building import SYSTEMS, clouds_with, emulated_pod, ok, redfish, wish
from tests.e2e.support.corral import BRIEF, FINAL, Corral
from tests.e2e.support.lab import Json, Lab
from tests.e2e.support.proxy import Hold, Proxy
from tests.e2e.support.stages import Boundary, Point, Stages, Subject, boundaries

_WANTED = {"cpus": 4, "memory": 8192, "disks": [{"size": 100 * 10**9}], "nics": [{"count": 1}], "source": "pod"}
_MACHINES = 12
_PREFIX = "killed"
_PATIENCE = 240
"""Seconds that a call may be held: the last of all comes to its boundary long after the first."""
EVERYTHING = os.environ.get("CORRAL_E2E_EVERYTHING") == "1"
"""Also killed as each step has begun: that takes minutes longer, and is for whoever changes flows or drivers."""
pytestmark = [pytest.mark.lab, pytest.mark.timeout(1800 if EVERYTHING else 1200)]

_ALONE = "Choose blocks and compose them"
"""Only one server at a time is in this step: whoever waits for its turn there comes to no other boundary."""


class Yard:
    """A Corral whose calls to Ironic, Neutron and the pod go through proxies, and what it made."""

    def __init__(self, lab: Lab, corral: Corral, pod: httpx.Client, proxies: Sequence[Proxy]) -> None:
        self.lab, self.corral, self.pod = lab, corral, pod
        self.flavor = building.flavor(corral, compose=_WANTED)
        self.names: dict[str, tuple[str, ...]] = {}
        """By server, what else calls about it speak of. A call of a server that is not here yet waits until it is."""
        self.stages = Stages(corral, self._subject)
        for proxy in proxies:
            proxy.rule = self.stages

    def _subject(self, operation: Json) -> Subject:
        server = operation["server_uuid"]
        for _ in range(200):
            if server in self.names:
                break
            time.sleep(0.05)
        return server, (server, operation["machine"], *self.names[server])

    def world(self) -> tuple[set[str], set[str], dict[str, str]]:
        return building.ports(self.lab, _PREFIX), building.nodes(self.lab), building.blocks(self.pod)

    def create(self, cut: Boundary | None = None) -> tuple[Json, Hold]:
        """A server that is being created, until it stands still at `cut`; its operation."""
        server, hold = (
            ok(self.corral.http.post("/v1/servers", json=wish(self.lab, self.flavor, _PREFIX)))["uuid"],
            Hold(),
        )
        if cut is not None:
            hold = self._held(server, cut)
        self.names[server] = ()
        return self._operation(server), hold

    def delete(self, server: str, cut: Boundary | None = None) -> tuple[Json, Hold]:
        """A server that is being deleted, likewise."""
        nics = ok(self.corral.http.get(f"/v1/servers/{server}/networks"))["nics"]
        node = self.lab.ironic.get(f"/v1/nodes/{ok(self.corral.http.get(f'/v1/servers/{server}'))['node_uuid']}")
        system = node["driver_info"]["redfish_system_id"].rpartition("/")[2]
        self.names[server] = (f"{SYSTEMS}/{system}", *(nic["port_id"] for nic in nics))
        hold = Hold() if cut is None else self._held(server, cut)
        reply = self.corral.http.delete(f"/v1/servers/{server}")
        assert reply.status_code == 204, reply.text
        return self._operation(server), hold

    def _operation(self, server: str) -> Json:
        return dict(self.corral.get("/v1/operations", server=server)["operations"][0])

    def _held(self, server: str, cut: Boundary) -> Hold:
        hold = Hold(done=cut.done, patience=_PATIENCE)
        self.stages.faults[server] = (cut.point, hold)
        return hold

    def created(self) -> str:
        """A server that nothing happens to."""
        ended = self.corral.finished(self.create()[0], patience=300)
        assert ended["state"] == "succeeded", ended
        return str(ended["server_uuid"])

    def deleted(self, server: str) -> Json:
        ended = self.corral.finished(self.delete(server)[0], patience=300)
        assert ended["state"] == "succeeded", ended
        return ended

    def wait_held(self, holds: Sequence[tuple[Json, Boundary, Hold]]) -> None:
        """Until all stand still."""
        deadline = time.monotonic() + _PATIENCE - 30
        for operation, cut, hold in holds:
            while not hold.reached.wait(0.2):
                now = self.corral.get(f"/v1/operations/{operation['uuid']}")
                assert now["state"] not in FINAL, f"it came to its end without {cut}: {now}"
                assert time.monotonic() < deadline, f"never came to {cut}: {now}"

    def kill(self, holds: Sequence[tuple[Json, Boundary, Hold]]) -> None:
        """When all stand still; what was held is never answered."""
        self.wait_held(holds)
        self.corral.kill()
        for _, _, hold in holds:
            hold.lose()
        self.corral.start()

    def assert_agreed(self, held: dict[str, int]) -> None:
        """Every composed block is one of a server's, every node a server's, and nobody finds a leak."""
        servers = self.corral.servers()
        assert sorted(one["status"] for one in servers) == ["stopped"] * len(servers), servers
        ports, nodes, blocks = self.world()
        assert nodes == {one["node_uuid"] for one in servers}
        assert sum(state == "Composed" for state in blocks.values()) == held["blocks"] * len(servers)
        assert len(ports) == held["ports"] + len(servers)
        leaks = ok(self.corral.http.get("/v1/leaks"))
        # The lab has machines of other tests; of ours nothing is left over.
        ours = [one for one in leaks["leaks"] if one["source"] == "pod" or one.get("machine") in nodes]
        assert ours == [], ours


@pytest.fixture
def yard(deploying_lab: Lab, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Yard]:
    lab, home = deploying_lab, tmp_path_factory.mktemp("killed")
    with emulated_pod(_MACHINES, 3600) as pod:
        proxies = {"ironic": Proxy(lab.ironic_url), "neutron": Proxy(lab.neutron_url), "pod": Proxy(str(pod.base_url))}
        clouds = clouds_with(lab, home, {name: one.url for name, one in proxies.items()})
        try:
            options = redfish(proxies["pod"].url, _PATIENCE)
            with building.builder(home, clouds, options, limits=BRIEF, workers=_MACHINES, patience=_PATIENCE) as corral:
                yield Yard(lab, corral, pod, list(proxies.values()))
        finally:
            for proxy in proxies.values():
                proxy.shut()


def _rehearsed(yard: Yard) -> dict[str, list[Point]]:
    """What creating and deleting a server call, of one that nothing happens to."""
    made = yard.corral.finished(yard.create()[0], patience=300)
    assert made["state"] == "succeeded", made
    return {"create": yard.stages.seen(made), "delete": yard.stages.seen(yard.deleted(made["server_uuid"]))}


def _cuts(points: Sequence[Point]) -> list[Boundary]:
    """After each act; as each step has begun, too, where everything is wanted."""
    return [cut for cut in boundaries(points) if EVERYTHING or (cut.done and cut.point.acts)]


def _rounds(points: Sequence[Point]) -> Iterator[list[Boundary]]:
    """Every boundary once; in each round the one at which others can't pass comes last."""
    cuts = _cuts(points)
    alone = [cut for cut in cuts if cut.point.step == _ALONE]
    others = [cut for cut in cuts if cut.point.step != _ALONE]
    count = max(1, len(alone), -(-len(others) // (_MACHINES - 1)))
    for number, last in zip_longest(range(count), alone):
        yield [*others[number::count], *([last] if last else [])]


def test_killed_at_any_step_of_composing_and_deleting_pool_ironic_and_records_agree(yard: Yard) -> None:
    before = yard.world()
    points = _rehearsed(yard)
    assert yard.world() == before
    assert {"create", "delete"} == {flow for flow, seen in points.items() if any(one.acts for one in seen)}
    ending = deque(_cuts(points["delete"]))
    for round_ in _rounds(points["create"]):
        made = _created_while_killed(yard, round_)
        yard.assert_agreed({"blocks": 3, "ports": len(before[0])})
        _deleted_while_killed(yard, made, ending)
    while ending:
        _deleted_while_killed(yard, [yard.created() for _ in list(ending)[:_MACHINES]], ending)
    assert yard.corral.servers() == []
    assert yard.world() == before
    assert ok(yard.corral.http.get("/v1/leaks?source=pod"))["leaks"] == []


def _created_while_killed(yard: Yard, cuts: Sequence[Boundary]) -> list[str]:
    """The servers that came about all the same."""
    holds: list[tuple[Json, Boundary, Hold]] = []
    for cut in cuts:
        if cut.point.step == _ALONE:
            yard.wait_held(holds)
        operation, hold = yard.create(cut)
        holds.append((operation, cut, hold))
    yard.kill(holds)
    ended = [(cut, yard.corral.finished(operation, patience=300)) for operation, cut, _ in holds]
    assert {str(cut): one["state"] for cut, one in ended} == {str(cut): "succeeded" for cut, _ in ended}
    return [str(one["server_uuid"]) for _, one in ended]


def _deleted_while_killed(yard: Yard, servers: Sequence[str], cuts: deque[Boundary]) -> None:
    """All of them, while as many as there are cuts left stand still at those; which are taken away."""
    holds, others = [], []
    for server in servers:
        cut = cuts.popleft() if cuts else None
        operation, hold = yard.delete(server, cut)
        if cut is None:
            others.append(operation)
        else:
            holds.append((operation, cut, hold))
    if holds:
        yard.kill(holds)
    ended = {str(cut): yard.corral.finished(operation, patience=300)["state"] for operation, cut, _ in holds}
    assert ended == dict.fromkeys(ended, "succeeded")
    assert {yard.corral.finished(one, patience=300)["state"] for one in others} <= {"succeeded"}
