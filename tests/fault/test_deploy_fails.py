"""Every outgoing call of a deployment fails in turn, in every way, and the process dies at each act: the machine is what it was, or
is wholly deployed, and the node's record says which."""

from __future__ import annotations

import copy
import threading
import time
from collections.abc import Callable
from typing import Any

import pytest
from fault_bench import ACTOR, NODE, Bench, everything, memory
from test_calls_fail import FAILURES, Nth
from test_process_dies import dies_and_goes_on

from corral.domain.cluster import Node, NodeStatus
from corral.drivers.memory import MemorySource
from corral.engine import Operation

Make = Callable[..., Bench]
META = {
    "image": "5e5e5e5e-0000-4000-8000-000000000001",
    "deploy": {"image_type": "whole-disk", "config_drive": {"user_data": "#cloud-config"}},
    "disks": [{"name": "sda", "size": 200 * 1024**3, "wwn": "0x5000c500"}],
}
LEFT = {"left": "over"}


def free_machine(**levers: Any) -> MemorySource:
    """The bench's machine, available, with a port in its NIC and something left over."""
    source = memory()
    node = source.world.node(NODE)
    node.provision_state, node.power, node.instance_info = "available", "power off", dict(LEFT)
    for nic in node.nics:
        nic.mac = nic.mac.lower()
    for name, value in levers.items():
        setattr(source.world, name, value)
    return source


def bound(bench: Bench) -> Node:
    cluster = str(bench.corral.clusters.create("prod", {}, ("volume_manager",), ACTOR).subject)
    fields = {"name": "n1", "cluster": cluster, "roles": ("compute",), "source": "lab", "machine": NODE, "meta": META}
    return bench.corral.nodes.get(str(bench.corral.nodes.create(fields, ACTOR).subject))


def provision(bench: Bench, node: Node) -> Operation:
    return bench.corral.nodes.provision(bench.corral.nodes.get(node.id), ACTOR)


def whole(source: MemorySource, bench: Bench, node: Node, before: object, what: str) -> str:
    """`deployed` or `untouched`; fails for anything between."""
    record, machine = bench.corral.nodes.get(node.id), source.world.node(NODE)
    assert record.busy is None, what
    if record.status is not NodeStatus.PROVISIONED:
        assert record.status in (NodeStatus.DISCOVER, NodeStatus.ERROR), what
        assert everything(source) == before, what
        return "untouched"
    assert (machine.provision_state, machine.instance_uuid) == ("active", node.id), what
    assert machine.instance_info["image_source"] == META["image"], what
    assert machine.instance_info["root_device"] == {"wwn": "0x5000c500"}, what
    return "deployed"


@pytest.mark.timeout(300)
@pytest.mark.parametrize("levers", [{}, {"deploy_error": "no agent"}], ids=["succeeds", "fails"])
@pytest.mark.parametrize("failure", FAILURES)
def test_a_failed_call_leaves_the_machine_wholly_deployed_or_as_it_was(
    bench_of: Make, failure: str, levers: dict[str, Any]
) -> None:
    moment, error = FAILURES[failure]
    ends: list[tuple[str, str]] = []
    source = free_machine(**levers)
    bench = bench_of(source)
    node, before = bound(bench), everything(source)
    kept = copy.deepcopy((source.world.nodes, source.world.ports))
    for nth in range(1, 100):
        fault = Nth(nth, moment, error)
        source.faults = fault
        ended = bench.finished(provision(bench, node))
        source.faults = None
        what = f"{failure} at call {nth} ({fault.failed}): {ended.error}"
        ends.append((whole(source, bench, node, before, what), ended.state))
        if ended.state == "succeeded":
            assert ends[-1][0] == "deployed", what
        if not fault.failed:
            break
        # Once more, with the machine free and the node as if it had just been found.
        source.world.nodes, source.world.ports = copy.deepcopy(kept)
        bench.corral.nodes.reset(bench.corral.nodes.get(node.id), ACTOR)
    assert not fault.failed, "the flow makes more calls than the test tries"
    assert ends[-1] == (("untouched", "reverted") if levers else ("deployed", "succeeded"))
    assert ("untouched", "reverted") in ends


@pytest.mark.timeout(300)
@pytest.mark.parametrize("levers", [{}, {"deploy_error": "no agent"}], ids=["succeeds", "fails"])
@pytest.mark.parametrize("moment", ["before", "after"])
def test_a_process_that_dies_at_any_act_is_gone_on_with(bench_of: Make, moment: str, levers: dict[str, Any]) -> None:
    for nth in range(1, 20):
        source = free_machine(**levers)
        kept: list[Node] = []

        def begin(bench: Bench, kept: list[Node] = kept) -> str:
            kept.append(bound(bench))
            return provision(bench, kept[0]).uuid

        before = everything(source)
        bench, operation, death = dies_and_goes_on(bench_of, source, f"{nth}.db", nth, moment, begin)
        what = f"died {moment} act {nth} ({death.call})"
        found = bench.corral.engine.operation(operation)
        assert found is not None
        end = whole(source, bench, kept[0], before, f"{what}: {found.error}")
        assert end == ("untouched" if levers else "deployed"), f"{what}: {found.error}"
        death.woken.set()
        assert whole(source, bench, kept[0], before, f"{what}, awake") == end
        if not death.reached.is_set():
            assert nth > 2
            return
    raise AssertionError("the flow makes more acts than the test tries")


def test_a_deployment_that_takes_too_long_is_taken_back(bench_of: Make) -> None:
    source = free_machine(slow_deploys=True)
    bench = bench_of(source)
    node, before = bound(bench), everything(source)
    ended = bench.finished(provision(bench, node))
    assert ended.error is not None
    assert "is under way after 3600 s (wait call-back)" in ended.error["message"]
    assert whole(source, bench, node, before, "too slow") == "untouched"


def test_cancelling_a_deployment_that_has_just_come_to_its_end_leaves_it(bench_of: Make) -> None:
    source = free_machine(slow_deploys=True)
    bench = bench_of(source)
    node = bound(bench)
    operations: list[Operation] = []
    submitted = threading.Event()

    def ends_while_it_is_looked_at(told: str) -> None:
        if told == "after GET /v1/nodes" and source.world.node(NODE).provision_state == "wait call-back":
            submitted.wait(120)
            bench.corral.operations.cancel(operations[0], ACTOR)
            source.world.finish_deploy(NODE)

    source.faults = ends_while_it_is_looked_at
    operations.append(provision(bench, node))
    submitted.set()
    assert bench.finished(operations[0]).state == "cancelled"
    assert whole(source, bench, node, None, "cancelled too late") == "deployed"


def test_a_machine_that_can_not_be_cleaned_needs_attention_until_somebody_mends_it(bench_of: Make) -> None:
    source = free_machine(deploy_error="no agent", clean_error="the disk is broken")
    bench = bench_of(source)
    node, before = bound(bench), everything(source)
    operation = provision(bench, node)
    deadline = time.monotonic() + 120
    while not (told := bench.corral.engine.operation(operation.uuid)) or not told.needs_attention:
        assert time.monotonic() < deadline, told
        time.sleep(0.02)
    assert "clean failed: the disk is broken" in told.needs_attention
    assert "node provide" in told.needs_attention
    assert bench.corral.nodes.get(node.id).busy == operation.uuid
    machine = source.world.node(NODE)
    machine.provision_state, machine.last_error = "available", None
    ended = bench.finished(operation)
    assert ended.error is not None
    assert ended.error["code"] == "deploy-failed"
    assert whole(source, bench, node, before, "cleaned") == "untouched"
