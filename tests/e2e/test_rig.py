"""Processes are killed, paused and cut off while machines are adopted: the fault rig, small."""

from contextlib import closing
from dataclasses import dataclass
from pathlib import Path

import psycopg2
import pytest

from lab.rig.__main__ import Report, Trial, run
from lab.rig.site import Site, site
from lab.rig.verdict import Verdict, judge
from lab.rig.worlds import Records, in_memory

pytestmark = [pytest.mark.lab, pytest.mark.alone]


def _held(report: Report) -> None:
    verdict, machines = report.verdict, report.trial.machines
    assert verdict.wrong == []
    assert verdict.managed + verdict.untouched == machines
    assert verdict.managed >= machines * 0.8, verdict.errors
    assert sum(report.broken.values()) >= 3


@pytest.mark.timeout(900)
@pytest.mark.parametrize("board", ["redis", "etcd"])
def test_no_machine_is_lost_or_half_managed_whatever_dies(board: str) -> None:
    _held(run(Trial(machines=40, board=board, threads=2, delay=0.15, every=2.5, patience=240.0, seed=7)))


@pytest.mark.timeout(900)
def test_no_node_of_a_real_ironic_is_lost_or_half_managed_whatever_dies() -> None:
    _held(run(Trial(world="ironic", prefix="rige2e", machines=10, threads=1, every=1.0, patience=240.0, seed=7)))


@pytest.mark.timeout(900)
def test_the_verdict_sees_what_is_left_over_changed_lost_or_not_told(tmp_path: Path) -> None:
    with in_memory(7, 0.0, tmp_path) as world, site(world, tmp_path, board="redis", workers=1, threads=4) as made:
        before = world.look()
        nodes = [_adopted(made, before, node) for node in list(before.nodes)[:6]]
        assert judge(made, before) == Verdict(7, 6, 1, 0, 13, {"succeeded": 6}, {}, [])
        wrong = "\n".join(_spoilt(made, before, nodes))
    unprotected, taken, released, forgotten, untold, gap = nodes
    assert f"node {unprotected.node} of server {unprotected.server}: {unprotected.server}, protected False" in wrong
    assert f"port {taken.port} of server {taken.server} is compute:nova another" in wrong
    assert f"node {released.node} of server {released.server} has the allocations [], and None" in wrong
    assert f"node {forgotten.node} without server: instance_uuid was None, and is '{forgotten.server}'" in wrong
    assert f"leak claim-without-server: Machine {forgotten.node}" in wrong
    assert f"operation {untold.operation} is succeeded, and its audit says ['accepted']" in wrong
    assert f"server {untold.server} was adopted 0 times by its audit" in wrong
    assert f"operation {gap.operation} lacks events: [1, 3" in wrong


@dataclass(frozen=True)
class Adopted:
    """The ids of what belongs together."""

    node: str
    port: str
    server: str
    operation: str


def _adopted(made: Site, before: Records, node: str) -> Adopted:
    [port] = [nic["internal_info"]["tenant_vif_port_id"] for nic in before.nics.values() if nic["node_uuid"] == node]
    if not made.api("GET", "/v1/flavors")["flavors"]:
        made.api("POST", "/v1/flavors", {"name": "gold", "resources": {"CUSTOM_GOLD": 1}})
    flavor = made.api("GET", "/v1/flavors")["flavors"][0]["uuid"]
    body = {"name": node, "node_uuid": node, "flavor_uuid": flavor, "networks": [{"port_id": port}]}
    started = made.api("POST", "/v1/servers/manage", body)
    made.api.text(f"/v1/operations/{started['operation']['uuid']}/events")
    return Adopted(node, port, started["server"]["uuid"], started["operation"]["uuid"])


def _spoilt(made: Site, before: Records, nodes: list[Adopted]) -> list[str]:
    """What the verdict says when something is wrong with each of them."""
    unprotected, taken, released, forgotten, untold, gap = nodes
    ironic, neutron = made.world.ironic, made.world.neutron
    ironic.patch(f"/v1/nodes/{unprotected.node}", protected=False)
    neutron.put(f"/v2.0/ports/{taken.port}", {"port": {"device_id": "another", "device_owner": "compute:nova"}})
    ironic.put(f"/v1/nodes/{released.node}/maintenance", {"reason": "to take the allocation away"})
    ironic.delete(f"/v1/allocations/{released.server}")
    with closing(psycopg2.connect(made.database.url)) as connection, connection, connection.cursor() as cursor:
        cursor.execute("DELETE FROM servers WHERE uuid = %s", (forgotten.server,))
        cursor.execute("DELETE FROM audit WHERE operation = %s AND outcome = 'succeeded'", (untold.operation,))
        cursor.execute("DELETE FROM operation_events WHERE operation = %s AND seq = 2", (gap.operation,))
    return judge(made, before).wrong
