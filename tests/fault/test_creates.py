"""Servers that are created and deleted where every call works: what there is afterwards, and what was never touched."""

from __future__ import annotations

from dataclasses import replace

import pytest
from building_bench import COMPOSED, IMAGE, NAMED, RUNNING, WHEN_FULL, Make, Yard
from fault_bench import ACTOR, NET

from corral.contracts.sources import PowerTarget
from corral.domain.errors import Conflict, Unreachable
from corral.domain.server import NetworkRequest
from corral.services.creation import Count


def test_a_server_is_deployed_on_an_available_machine_with_its_ports(building: Make) -> None:
    yard = Yard()
    bench = building(yard)
    server, operation = bench.create()
    server, operation = bench.ended(server)
    assert (operation.state, server.status) == ("succeeded", "active"), (operation.error, server.fault)
    node = yard.ironic.world.node(server.machine)
    assert (node.provision_state, node.instance_uuid) == ("active", server.uuid)
    assert node.instance_info["image_source"] == IMAGE
    assert {nic.vif for nic in node.nics} == {nic.port for nic in server.nics}
    assert [nic.made for nic in server.nics] == [False, True]
    assert (server.adopted, server.composed, server.image) == (False, False, IMAGE)
    assert bench.told == ["server.create.start", "server.create.end"]
    assert bench.leaks() == []


def test_deleting_it_leaves_everything_as_it_was(building: Make) -> None:
    yard = Yard()
    bench = building(yard)
    before = yard.everything()
    server, _ = bench.ended(bench.create()[0])
    done = bench.delete(server)
    assert done.state == "succeeded", done.error
    assert yard.everything() == before
    assert bench.leaks() == []


def test_a_composed_server_has_a_system_of_its_own_and_gives_it_back(building: Make) -> None:
    yard = Yard()
    bench = building(yard)
    before = yard.everything()
    server, operation = bench.ended(bench.create(bench.wish(compose=COMPOSED))[0])
    assert (operation.state, server.status) == ("succeeded", "active"), (operation.error, server.fault)
    assert server.composed
    [system] = yard.pod.source.machines.systems()  # type: ignore[attr-defined]
    assert (server.system, system.macs) == (system.id, server.macs)
    node = yard.ironic.world.node(server.machine)
    assert (node.name, node.driver, node.instance_uuid) == (system.name, "redfish", server.uuid)
    assert node.properties["memory_mb"] == 65536
    assert bench.leaks() == []
    done = bench.delete(server)
    assert done.state == "succeeded", done.error
    assert yard.everything() == before
    assert bench.leaks() == []


def test_what_composes_when_full_first_takes_what_is_there(building: Make) -> None:
    yard = Yard(machines=1, systems=1)
    bench = building(yard)
    wish = bench.wish(compose=WHEN_FULL)
    made = bench.corral.creation.create(wish, Count(2, 2), ACTOR)
    ended = [bench.ended(server)[0] for server, _ in made]
    assert [(one.name, one.status, one.composed) for one in ended] == [
        ("web-1", "active", False),
        ("web-2", "active", True),
    ]


def test_a_machine_that_runs_unclaimed_is_never_room(building: Make) -> None:
    yard = Yard(machines=0)
    bench = building(yard)
    with pytest.raises(Conflict, match="room for 0 servers") as refused:
        bench.create()
    assert refused.value.code == "no-node"
    assert yard.ironic.world.node(RUNNING).provision_state == "active"


def test_a_deployment_that_fails_goes_on_elsewhere_until_three_were_tried(building: Make) -> None:
    yard = Yard(machines=4)
    yard.ironic.world.deploy_error = "no agent"
    bench = building(yard)
    before = yard.everything()
    server, operation = bench.ended(bench.create()[0])
    assert (operation.state, server.status) == ("reverted", "error")
    assert server.fault is not None
    assert server.fault["code"] == "deploy-failed"
    assert len(set(server.snapshot["build"]["tried"])) == 3
    assert len(bench.corral.engine.operations(subject=server.uuid)) == 3
    assert yard.everything() == before
    assert bench.leaks() == []
    assert bench.delete(server).state == "succeeded"


def test_it_succeeds_on_the_machine_that_works(building: Make) -> None:
    yard = Yard(machines=2)
    bench = building(yard)
    failed: list[str] = []

    def first_fails(told: str) -> None:
        if told.startswith("before PUT") and told.endswith("/states/provision"):
            yard.ironic.world.deploy_error = "" if failed else "no agent"
            failed.append(told)

    yard.faults = first_fails
    server, operation = bench.ended(bench.create()[0])
    assert (operation.state, server.status) == ("succeeded", "active"), operation.error
    assert server.snapshot["build"]["tried"] != []
    assert server.machine not in server.snapshot["build"]["tried"]
    assert server.fault is None


def test_as_many_servers_as_machines_get_one_each(building: Make) -> None:
    yard = Yard(machines=5)
    bench = building(yard)
    wish = bench.wish(networks=(NetworkRequest(net_id=NET),))
    made = bench.corral.creation.create(wish, Count(2, 9), ACTOR)
    servers = [bench.ended(server)[0] for server, _ in made]
    assert [one.status for one in servers] == ["active"] * 5
    assert len({one.machine for one in servers}) == 5


def test_a_pod_that_gave_a_block_to_somebody_else_is_backed_out_of(building: Make) -> None:
    yard = Yard(systems=2)
    bench = building(yard)
    world = yard.pod.world
    world.double_allocates = True
    taken: list[str] = []

    def somebody_is_faster(told: str) -> None:
        if told.startswith("before POST /redfish") and not taken:
            block = next(one for one in sorted(world.blocks) if "compute-1" in one)
            taken.append(world.take(block).id)

    yard.faults = somebody_is_faster
    server, operation = bench.ended(bench.create(bench.wish(compose=COMPOSED))[0])
    assert (operation.state, server.status) == ("succeeded", "active"), operation.error
    assert all(len(one.systems) <= 1 for one in world.blocks.values())
    assert len(world.records) == 2


def test_where_no_blocks_are_left_the_server_says_so(building: Make) -> None:
    yard = Yard(systems=1)
    bench = building(yard)
    first, _ = bench.ended(bench.create(bench.wish("one", COMPOSED))[0])
    second, operation = bench.ended(bench.create(bench.wish("two", COMPOSED))[0])
    assert (first.status, second.status, operation.state) == ("active", "error", "reverted")
    assert second.fault is not None
    assert second.fault["code"] == "no-blocks"
    assert bench.delete(second).state == "succeeded"
    assert bench.delete(first).state == "succeeded"


def test_a_protected_machine_is_not_torn_down(building: Make) -> None:
    yard = Yard()
    bench = building(yard)
    server, _ = bench.ended(bench.create()[0])
    node = yard.ironic.world.node(server.machine)
    node.protected = True
    done = bench.delete(server)
    assert (done.state, node.provision_state) == ("reverted", "active")
    stopped = bench.corral.servers.get(server.uuid)
    assert stopped.status == "error"
    assert stopped.fault is not None
    assert stopped.fault["code"] == "refused"
    node.protected = False
    assert bench.delete(server).state == "succeeded"


def test_a_machine_without_the_mark_of_its_deployment_is_not_torn_down(building: Make) -> None:
    yard = Yard()
    bench = building(yard)
    server, _ = bench.ended(bench.create()[0])
    node = yard.ironic.world.node(server.machine)
    node.instance_info["corral_operation"] = "ffffffff-0000-4000-8000-000000000001"
    assert bench.delete(server).state == "reverted"
    assert (node.provision_state, node.instance_uuid) == ("active", server.uuid)


def test_a_composed_machine_that_somebody_took_is_left_with_its_hardware(building: Make) -> None:
    yard = Yard()
    bench = building(yard)
    server, _ = bench.ended(bench.create(bench.wish(compose=COMPOSED))[0])
    node = yard.ironic.world.node(server.machine)
    node.instance_uuid = "ffffffff-0000-4000-8000-000000000001"
    assert bench.delete(server).state == "reverted"
    assert node.uuid in yard.ironic.world.nodes
    assert len(yard.pod.world.records) == 1


def test_a_server_that_is_half_deleted_can_not_be_switched(building: Make) -> None:
    yard = Yard()
    bench = building(yard)
    server, _ = bench.ended(bench.create()[0])

    def network_is_gone(told: str) -> None:
        if told.startswith("before PUT /v2.0/ports"):
            raise Unreachable("connection refused")

    yard.faults = network_is_gone
    assert bench.delete(server).state == "reverted"
    yard.faults = None
    # By now the machine is anybody's.
    assert yard.ironic.world.node(server.machine).instance_uuid is None
    with pytest.raises(Conflict, match="has no machine any more"):
        bench.corral.servers.power(bench.corral.servers.get(server.uuid), PowerTarget.ON, ACTOR)
    assert bench.delete(server).state == "succeeded"


def test_unmanaging_a_created_server_is_refused(building: Make) -> None:
    bench = building(Yard())
    server, _ = bench.ended(bench.create()[0])
    with pytest.raises(Conflict, match="created by Corral"):
        bench.corral.adoption.unmanage(server, ACTOR)


def test_a_port_of_another_project_is_refused_before_anything_is_done(building: Make) -> None:
    yard = Yard()
    yard.ironic.world.ports[NAMED].project = "another"
    bench = building(yard)
    before = yard.everything()
    server, _ = bench.ended(bench.create()[0])
    assert server.status == "error"
    assert server.fault is not None
    assert "of project another" in server.fault["message"]
    assert yard.everything() == before


def test_an_adopted_server_can_not_be_deleted_by_creating_ways(building: Make) -> None:
    bench = building(Yard())
    server, _ = bench.ended(bench.create()[0])
    with pytest.raises(Conflict, match="was adopted"):
        bench.corral.creation.delete(replace(server, adopted=True), ACTOR)
