"""Provisioning: only what a person said, only on a node that is free, and never a machine that runs for somebody."""

from __future__ import annotations

import json
import threading
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from api_world import Api, Serve, error_of, fleet, serving, wish

from corral.contracts.agents import AgentAddress, Command
from corral.contracts.sources import Discovers
from corral.domain.cluster import Cluster, Node
from corral.domain.errors import DriverFailed, Invalid
from corral.drivers.memory import MemorySource
from corral.drivers.memory.fleet import ident
from corral.extensions.contract import HookCall, ProvisioningTask
from corral.extensions.registry import Extensions
from corral.store import Proofs
from tests.extension_doubles import NO_CONTEXT, Quiet, Shelf

INPUT = "/tmp/provision.json"
AGENT = {"host": "192.0.2.7", "host_key": "ssh-ed25519 AAAA", "port": 2222}
ERASE = {"erase_disks": True}
Json = dict[str, Any]


class Agent(Shelf):
    """A shelf whose nodes are provisioned by a command."""

    name = "agent"

    def provisioning_task(self, node: Node, data: Mapping[str, Any]) -> ProvisioningTask:
        return ProvisioningTask("lay-out", ("lay-out", "--input", INPUT), {INPUT: json.dumps(data)}, 60.0)

    def on_before_provisioning(self, cluster: Cluster | None, nodes: Sequence[Node], call: HookCall) -> None:
        self.fault("on_before_provisioning", "before")


class Nodes:
    """Where commands run: remembers them, says two lines, and does what `act` does."""

    def __init__(self) -> None:
        self.ran: list[tuple[AgentAddress, tuple[str, ...], dict[str, str]]] = []
        self.act: Callable[[Callable[[], None]], int] = lambda _check: 0

    def run(
        self, address: AgentAddress, command: Command, told: Callable[[str], None], check: Callable[[], None]
    ) -> int:
        assert (command.timeout, command.success) == (60.0, (0,))
        self.ran.append((address, command.argv, dict(command.files)))
        told("partitioning sda")
        told("done")
        return self.act(check)


class OnlyFinds:
    """Machines that can be discovered, and nothing else."""

    def __init__(self, machines: Discovers) -> None:
        self.name, self.driver = machines.name, machines.driver
        self.check, self.discover, self.observe = machines.check, machines.discover, machines.observe


def codes(done: Json) -> set[str]:
    """Of the reasons for which an operation was refused."""
    assert (done["state"], done["error"]["code"]) == ("reverted", "refused")
    return {one["code"] for one in done["error"]["reasons"]}


class World:
    def __init__(self, api: Api, agent: Agent, nodes: Nodes) -> None:
        self.api, self.agent, self.nodes = api, agent, nodes

    def node(self, **fields: Any) -> Json:
        meta = {"disks": [{"name": "sda", "size": 9}], "agent": AGENT}
        answer = self.api.post("/v1/nodes", json={"name": "n1", "roles": ["compute"], "meta": meta, **fields})
        assert answer.status_code == 201, answer.text
        return dict(answer.json())

    def provision(self, node: Json) -> Json:
        answer = self.api.post(f"/v1/nodes/{node['id']}/provision", json=ERASE)
        assert answer.status_code == 202, answer.text
        return self.api.ended(answer.json()["operation"])

    def status(self, node: Json) -> Any:
        found = self.api.seen(f"/v1/nodes/{node['id']}")
        assert found["operation"] is None
        return found["status"]


@pytest.fixture
def world(serve: Serve, memory: MemorySource) -> World:
    agent, nodes = Agent(NO_CONTEXT), Nodes()
    found = Extensions([Quiet(NO_CONTEXT), agent], {}, ["quiet", "agent"])
    return World(serve(memory.source, found=found, agents=nodes, sleep=lambda _s: None), agent, nodes)


def test_the_first_task_of_an_extension_is_run_with_the_nodes_provisioning_data(world: World) -> None:
    node = world.node()
    data = world.api.seen(f"/v1/nodes/{node['id']}/provisioning")
    done = world.provision(node)
    assert done["state"] == "succeeded"
    [(address, command, files)] = world.nodes.ran
    assert (address.host, address.port, address.user) == ("192.0.2.7", 2222, "root")
    assert command == ("lay-out", "--input", INPUT)
    assert json.loads(files[INPUT]) == data
    assert world.status(node) == "provisioned"
    said = [one.message for one in world.api.corral.engine.events(done["uuid"])]
    assert said.index("partitioning sda") < said.index("done")


def test_the_proof_of_a_nodes_operation_says_who_asked_and_which_calls_were_made(
    world: World, memory: MemorySource
) -> None:
    memory.world.node("edge-01").provision_state = "available"
    machine = ident("edge-01")
    node = world.node(source="lab", machine=machine)
    done = world.provision(node)
    assert done["state"] == "succeeded"
    proof = world.api.seen(f"/v1/operations/{done['uuid']}/proof")
    assert (proof["kind"], proof["state"], proof["verdict"]) == ("provision", "succeeded", "unclaimed")
    assert (proof["node_uuid"], proof["server_uuid"], proof["machine"]) == (node["id"], None, machine)
    assert {call["method"] for call in proof["calls"]} == {"GET"}
    assert world.api.get(f"/v1/servers/{node['id']}/proof").status_code == 404


def test_a_node_without_machine_has_a_proof_too_and_no_leak_search_takes_it_for_a_server(world: World) -> None:
    node = world.node()
    changed = world.api.put(f"/v1/nodes/{node['id']}/roles", json={"roles": ["cinder"]})
    assert changed.is_success
    uuids = [one["uuid"] for one in world.api.seen("/v1/operations")["operations"]]
    told = [world.api.seen(f"/v1/operations/{uuid}/proof") for uuid in uuids]
    assert {(one["kind"], one["source"], one["machine"]) for one in told} == {
        ("node_create", None, None),
        ("node_update", None, None),
    }
    proofs = Proofs(world.api.corral.sql, lambda: datetime.now(UTC))
    assert proofs.remembered([node["id"]]) == set()


def test_it_needs_its_own_explicit_word(world: World) -> None:
    node = world.node()
    path = f"/v1/nodes/{node['id']}/provision"
    for body in ({}, {"erase_disks": False}, None):
        assert world.api.post(path, json=body).status_code == 400
    assert world.nodes.ran == []


@pytest.mark.parametrize("status", ["provisioned", "ready", "deploying"])
def test_a_node_that_holds_something_must_be_reset_first(world: World, status: str) -> None:
    node = world.node(status=status)
    done = world.provision(node)
    assert (done["state"], done["error"]["code"]) == ("reverted", "conflict")
    assert world.status(node) == status
    world.api.post(f"/v1/nodes/{node['id']}/reset").raise_for_status()
    assert world.provision(node)["state"] == "succeeded"
    assert len(world.nodes.ran) == 1


def test_a_machine_that_is_managed_is_never_provisioned(world: World, memory: MemorySource) -> None:
    flavor = world.api.flavor("gold")
    managed = world.api.done(world.api.post("/v1/servers/manage", json=wish(memory, "bank-db-01", flavor)))
    node = world.node(source="lab", machine=managed["node_uuid"])
    done = world.provision(node)
    assert codes(done) == {"already-managed", "not-available", "protected"}
    assert managed["uuid"] in done["error"]["reasons"][0]["message"]
    assert (world.nodes.ran, world.status(node)) == ([], "discover")


def test_a_machine_that_is_active_is_never_provisioned(world: World) -> None:
    node = world.node(source="lab", machine=ident("bank-db-02"))
    done = world.provision(node)
    assert codes(done) == {"not-available"}
    assert world.nodes.ran == []


def test_a_machine_that_somebody_else_claimed_is_never_provisioned(world: World, memory: MemorySource) -> None:
    claimed = memory.world.node("edge-01")
    claimed.provision_state, claimed.instance_uuid = "available", "99999999-0000-4000-8000-000000000001"
    done = world.provision(world.node(source="lab", machine=ident("edge-01")))
    assert codes(done) == {"claimed"}
    assert "belongs to instance 99999999" in done["error"]["reasons"][0]["message"]
    assert world.nodes.ran == []


def test_an_extension_that_refuses_leaves_the_node_as_it_was(world: World) -> None:
    def refuse(hook: str, _moment: str) -> None:
        if hook == "on_before_provisioning":
            raise Invalid("Node 'n1' has insufficient disk space")

    world.agent.fault = refuse
    node = world.node()
    kept = dict(world.agent.kept)
    done = world.provision(node)
    assert done["error"]["message"].startswith("Extension agent, on_before_provisioning: Node 'n1' has insufficient")
    assert (world.nodes.ran, world.status(node), world.agent.kept) == ([], "discover", kept)


def test_a_node_whose_agent_nobody_knows_is_not_touched(world: World) -> None:
    node = world.node(meta={"disks": []})
    done = world.provision(node)
    assert "Nobody knows where the agent of node n1 listens" in done["error"]["message"]
    assert world.status(node) == "discover"


def test_a_command_that_fails_leaves_the_node_in_error(world: World) -> None:
    def fail(_check: Callable[[], None]) -> int:
        raise DriverFailed("lay-out failed with exit code 3. It said last: no disk", code="agent-failed")

    world.nodes.act = fail
    node = world.node()
    done = world.provision(node)
    assert (done["state"], done["error"]["code"]) == ("reverted", "agent-failed")
    assert world.status(node) == "error"
    world.nodes.act = lambda _check: 0
    assert world.provision(node)["state"] == "succeeded"


def test_a_node_can_not_be_changed_while_it_is_provisioned_and_cancelling_stops_the_command(world: World) -> None:
    running = threading.Event()

    def wait(check: Callable[[], None]) -> int:
        running.set()
        while True:
            check()
            threading.Event().wait(0.02)

    world.nodes.act = wait
    node = world.node()
    path = f"/v1/nodes/{node['id']}"
    operation = world.api.post(f"{path}/provision", json=ERASE).json()["operation"]
    assert running.wait(60)
    assert world.api.seen(path)["status"] == "provisioning"
    for answer in (
        world.api.put(f"{path}/roles", json={"roles": []}),
        world.api.delete(path),
        world.api.put(f"{path}/disks", json=[]),
        world.api.post(f"{path}/provision", json=ERASE),
    ):
        assert answer.status_code == 409
        assert operation["uuid"] in error_of(answer)["message"]
    world.api.post(f"/v1/operations/{operation['uuid']}/cancel").raise_for_status()
    assert world.api.ended(operation)["state"] == "cancelled"
    assert world.status(node) == "error"


def test_a_source_that_can_not_deploy_says_so(serve: Serve) -> None:
    memory = fleet()
    memory.world.node("edge-01").provision_state = "available"
    source = replace(memory.source, machines=OnlyFinds(memory.source.machines))
    found = Extensions([Quiet(NO_CONTEXT)], {}, ["quiet"])
    world = World(serve(source, found=found, sleep=lambda _s: None), Agent(NO_CONTEXT), Nodes())
    done = world.provision(world.node(source="lab", machine=ident("edge-01")))
    assert (done["state"], done["error"]["code"]) == ("reverted", "not-supported")


def test_a_command_that_was_started_by_a_process_that_died_is_not_started_again(tmp_path: Path) -> None:
    agent, nodes, running, over = Agent(NO_CONTEXT), Nodes(), threading.Event(), threading.Event()
    found = Extensions([agent], {}, ["agent"])

    def hang(_check: Callable[[], None]) -> int:
        running.set()
        over.wait(60)
        return 0

    nodes.act = hang
    database = {"database_url": f"sqlite:///{tmp_path / 'corral.db'}"}
    with serving(tmp_path / "one", found=found, agents=nodes, **database) as first:
        world = World(first, agent, nodes)
        node = world.node()
        operation = first.post(f"/v1/nodes/{node['id']}/provision", json=ERASE).json()["operation"]
        assert running.wait(60)
        with serving(tmp_path / "two", found=found, agents=nodes, **database) as second:
            ended = second.ended(operation)
            assert (ended["state"], ended["error"]["code"]) == ("reverted", "outcome-unknown")
            assert World(second, agent, nodes).status(node) == "error"
            over.set()
    assert len(nodes.ran) == 1
