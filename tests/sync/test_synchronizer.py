"""Record and world kept in step, on a source in memory: each kind of change in each phase, and what keeps harm away."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import pytest
from sync_bench import ACTOR, NET, Bench, add_machine, mac, node_id, port_id

from corral.domain.drift import Drift, DriftState, Field
from corral.domain.errors import Conflict, Stale
from corral.domain.lifecycle import Status
from corral.domain.machine import FixedIp, Image, NetworkPort
from corral.domain.server import Server
from corral.drivers.memory import Answered
from corral.drivers.memory.world import NicRecord, Node
from corral.engine import State
from corral.store import SyncState
from corral.store.audit import AuditFilter

Make = Callable[..., Bench]


def test_where_nothing_changed_nothing_is_found_and_nothing_is_written(bench: Make) -> None:
    one = bench(policy="sync", fields={"name": "none"})
    one.adopt(1, 2, 3)
    one.look()
    before = one.corral.drift.source("lab").state.ended_at
    one.clock.wait(1)
    counts = one.look()
    assert {what: number for what, number in counts.items() if number} == {"servers": 3}
    assert one.corral.drift.source("lab").state.ended_at != before
    assert one.drifts() == []


def test_a_change_is_believed_only_when_it_lasts(bench: Make) -> None:
    one = bench(policy="tolerate")
    one.adopt(1)
    one.look()
    one.node(1).power = "power off"
    one.look()
    assert one.drift(1, Field.POWER).state is DriftState.SETTLING
    assert one.server(1).status is Status.ACTIVE
    one.node(1).power = "power on"
    one.clock.wait(120)
    one.look()
    assert one.drift(1, Field.POWER) is None  # it was a reboot


def test_under_tolerate_the_record_follows_the_world(bench: Make) -> None:
    one = bench(policy="tolerate")
    one.adopt(1)
    one.look()
    one.node(1).power = "power off"
    one.looks(3)
    assert (one.server(1).status, one.server(1).power) == (Status.STOPPED, "power off")
    assert one.drifts() == []
    assert one.acts() == []


def test_under_none_a_change_is_reported_and_the_record_stays(bench: Make) -> None:
    one = bench(policy="none")
    one.adopt(1)
    one.look()
    one.node(1).power = "power off"
    one.looks(3)
    found = one.drift(1, Field.POWER)
    assert (found.state, found.record, found.world) == (DriftState.OPEN, "power on", "power off")
    assert one.server(1).power == "power on"


def test_a_name_given_here_appears_at_the_source_and_the_reverse(bench: Make) -> None:
    one = bench(policy="sync", brake={"least": 10})
    server = one.adopt(1)[0]
    one.looks(3)
    assert one.node(1).instance_info["display_name"] == "server-1"
    one.corral.servers.update(server, [{"op": "replace", "path": "/name", "value": "web-1"}], ACTOR)
    one.looks(3)
    assert one.node(1).instance_info["display_name"] == "web-1"
    one.node(1).instance_info["display_name"] = "db-1"
    one.looks(3)
    assert one.server(1).name == "db-1"
    assert one.drifts() == []
    assert {method for method, _ in one.acts()} == {"PATCH"}


def test_a_machine_that_is_gone_is_lost_and_never_deleted(bench: Make) -> None:
    one = bench(policy="tolerate")
    one.adopt(1, 2)
    one.look()
    del one.memory.world.nodes[node_id(1)]
    one.memory.world.order.remove(node_id(1))
    one.looks(4)
    assert one.server(1).status is Status.LOST
    assert one.server(2).status is Status.ACTIVE
    assert "server.lost" in one.told()


# --- each kind of change in each phase --------------------------------------------------------------------

CHANGES: dict[Field, Callable[[Node], None]] = {
    Field.POWER: lambda node: setattr(node, "power", "power off"),
    Field.NAME: lambda node: node.instance_info.update(display_name="other"),
    Field.CPU: lambda node: node.properties.update(cpus=16),
    Field.MEMORY: lambda node: node.properties.update(memory_mb=1024),
    Field.DISKS: lambda node: node.properties.update(local_gb=7),
    Field.NICS: lambda node: node.nics.append(NicRecord("eeeeeeee-0000-4000-8000-000000000999", mac(999))),
    Field.PORTS: lambda node: setattr(node.nics[0], "vif", None),
    Field.FLAVOR: lambda node: setattr(node, "resource_class", "silver"),
    Field.IMAGE: lambda node: node.instance_info.update(image_source=node_id(77)),
    Field.OWNER: lambda node: setattr(node, "instance_uuid", node_id(66)),
}
TAKEN = set(CHANGES) - {Field.FLAVOR, Field.OWNER}
ASKED = {Field.OWNER}


@pytest.mark.parametrize("policy", ["none", "tolerate", "sync"])
@pytest.mark.parametrize("what", list(CHANGES))
def test_each_kind_of_change_in_the_world_in_each_phase(bench: Make, what: Field, policy: str) -> None:
    one = bench(machines=1, policy=policy, fields={} if what is Field.NAME else {"name": "none"})
    one.memory.world.node(node_id(1)).instance_info |= {"image_source": node_id(70), "display_name": "server-1"}
    one.memory.world.add(images=[Image(node_id(70), "first"), Image(node_id(77), "second")])
    one.adopt(1)
    one.looks(2)
    assert one.drifts() == []
    before = one.server(1)
    CHANGES[what](one.node(1))
    one.looks(4)
    found = one.drift(1, what)
    if policy == "none" or what not in TAKEN:
        assert found is not None
        assert found.state is (DriftState.CONFLICT if what in ASKED and policy != "none" else DriftState.OPEN)
        assert replace(one.server(1), updated_at=None) == replace(before, updated_at=None)
    else:
        assert found is None
        assert record_of(one.server(1), what) != record_of(before, what) or what in (
            Field.CPU,
            Field.MEMORY,
            Field.DISKS,
        )
        assert ("server.drift.settled", str(what)) in {(kind, told["field"]) for kind, told in one.events}
    assert one.acts() == []


def record_of(server: Server, what: Field) -> object:
    names = {Field.POWER: "power", Field.NAME: "name", Field.NICS: "macs", Field.PORTS: "nics", Field.IMAGE: "image"}
    return getattr(server, names[what]) if what in names else None


def test_a_port_that_somebody_plugged_in_is_taken_with_its_addresses(bench: Make) -> None:
    one = bench(machines=1, policy="tolerate")
    one.adopt(1)
    one.look()
    one.memory.world.add(ports=[NetworkPort(port_id(50), mac(50), NET, "bank", fixed_ips=(FixedIp("192.0.2.50"),))])
    one.node(1).nics.append(NicRecord("eeeeeeee-0000-4000-8000-000000000050", mac(50), vif=port_id(50)))
    one.looks(4)
    taken = {nic.port: nic for nic in one.server(1).nics}[port_id(50)]
    assert (taken.addresses, taken.made, taken.plugged) == (("192.0.2.50",), False, False)


# --- corrections ------------------------------------------------------------------------------------------

ALWAYS_ON = {"power": {"policy": "sync", "wins": "record"}, "name": "none"}


def test_what_would_disturb_a_machine_waits_in_the_queue_unless_a_rule_names_it(bench: Make) -> None:
    one = bench(policy="sync", fields=ALWAYS_ON, allow=["stop", "reboot", "migrate", "resize"])
    one.adopt(1)
    one.look()
    one.node(1).power = "power off"
    one.looks(4)
    found = one.drift(1, Field.POWER)
    assert found.state is DriftState.CONFLICT
    assert "start the machine" in found.why
    assert one.node(1).power == "power off"
    assert one.acts() == []


def test_a_rule_by_name_lets_a_correction_start_a_machine_with_a_proof_and_an_audit_entry(bench: Make) -> None:
    one = bench(policy="sync", fields=ALWAYS_ON, allow=["start"])
    server = one.adopt(1)[0]
    one.look()
    one.node(1).power = "power off"
    one.looks(4)
    assert one.node(1).power == "power on"
    assert one.drift(1, Field.POWER) is None
    assert one.acts() == [("PUT", f"/v1/nodes/{node_id(1)}/states/power")]
    entries = one.corral.audit.page(AuditFilter(action="sync:correct", subject=server.uuid), limit=10)
    assert {(entry.outcome, entry.user) for entry in entries} == {
        ("accepted", "corral-sync"),
        ("succeeded", "corral-sync"),
    }


def test_somebody_who_changes_it_back_again_and_again_ends_in_the_queue(bench: Make) -> None:
    one = bench(policy="sync", fields=ALWAYS_ON, allow=["start"], settle=1)
    one.adopt(1)
    one.look()
    for _ in range(20):
        one.node(1).power = "power off"
        one.look()
        one.clock.wait(20)
    found = one.drift(1, Field.POWER)
    assert found.state is DriftState.CONFLICT
    assert "somebody else" in found.why
    assert len(one.acts()) == 3


def test_a_change_on_both_sides_overwrites_neither_and_waits_for_a_decision(bench: Make) -> None:
    one = bench(policy="sync", brake={"least": 10})
    one.adopt(1)
    one.looks(3)
    one.corral.servers.update(one.server(1), [{"op": "replace", "path": "/name", "value": "ours"}], ACTOR)
    one.node(1).instance_info["display_name"] = "theirs"
    one.looks(4)
    found = one.drift(1, Field.NAME)
    assert (found.state, found.record, found.world, found.agreed) == (
        DriftState.CONFLICT, "ours", "theirs", "server-1",
    )  # fmt: skip
    assert (one.server(1).name, one.node(1).instance_info["display_name"]) == ("ours", "theirs")


def conflict(one: Bench) -> Drift:
    one.adopt(1)
    one.looks(3)
    one.corral.servers.update(one.server(1), [{"op": "replace", "path": "/name", "value": "ours"}], ACTOR)
    one.node(1).instance_info["display_name"] = "theirs"
    one.looks(3)
    return one.drift(1, Field.NAME)


def test_accepting_takes_the_world_and_restoring_the_record(bench: Make) -> None:
    one = bench(policy="sync", brake={"least": 10})
    one.corral.drift.accept(conflict(one), ACTOR)
    assert one.server(1).name == "theirs"
    one.corral.servers.update(one.server(1), [{"op": "replace", "path": "/name", "value": "again"}], ACTOR)
    one.node(1).instance_info["display_name"] = "other"
    one.looks(3)
    operation = one.corral.drift.restore(one.drift(1, Field.NAME), ACTOR)
    assert one.corral.engine.wait(operation.uuid, 90).state is State.SUCCEEDED
    assert one.node(1).instance_info["display_name"] == "again"
    one.looks(2)
    assert one.drifts() == []


def test_a_decision_about_what_has_changed_since_is_refused(bench: Make) -> None:
    one = bench(policy="sync", brake={"least": 10})
    found = conflict(one)
    one.node(1).instance_info["display_name"] = "newer"
    with pytest.raises(Conflict, match="has changed at its source"):
        one.corral.drift.accept(found, ACTOR)
    operation = one.corral.drift.restore(found, ACTOR)
    assert one.corral.engine.wait(operation.uuid, 90).state is State.REVERTED
    assert (one.server(1).name, one.node(1).instance_info["display_name"]) == ("ours", "newer")


def test_what_is_ignored_is_left_alone_until_it_changes(bench: Make) -> None:
    one = bench(policy="sync", brake={"least": 10})
    one.corral.drift.ignore(conflict(one), ACTOR)
    one.looks(4)
    assert one.drift(1, Field.NAME).state is DriftState.IGNORED
    one.node(1).instance_info["display_name"] = "newer"
    one.looks(3)
    assert one.drift(1, Field.NAME).state is DriftState.CONFLICT


def test_a_correction_that_fails_is_taken_back_and_open_again(bench: Make) -> None:
    one = bench(policy="sync", brake={"least": 10})
    one.adopt(1)
    one.looks(1)

    def refused(moment: str) -> None:
        if moment.startswith("before PATCH"):
            raise Answered(400)

    one.memory.faults = refused
    one.looks(2)
    one.memory.faults = None
    assert "display_name" not in one.node(1).instance_info
    assert one.drift(1, Field.NAME) is not None
    assert one.server(1).status is Status.ACTIVE


# --- gone, back, let go, new ------------------------------------------------------------------------------


def remove(one: Bench, number: int) -> Node:
    one.memory.world.order.remove(node_id(number))
    return one.memory.world.nodes.pop(node_id(number))


def test_a_lost_machine_that_is_back_is_active_again(bench: Make) -> None:
    one = bench(policy="tolerate")
    one.adopt(1, 2)
    one.look()
    node = remove(one, 1)
    one.looks(4)
    assert one.server(1).status is Status.LOST
    one.memory.world.add_node(node)
    one.looks(2)
    assert (one.server(1).status, one.server(1).fault) == (Status.ACTIVE, None)
    assert one.drifts() == []
    assert "server.returned" in one.told()


def test_under_none_a_machine_that_is_gone_is_only_reported(bench: Make) -> None:
    one = bench(policy="none")
    one.adopt(1, 2)
    one.look()
    remove(one, 1)
    one.looks(4)
    assert one.server(1).status is Status.ACTIVE
    assert one.drift(1, Field.GONE).state is DriftState.OPEN


def test_accepting_that_a_machine_is_gone_lets_its_server_go(bench: Make) -> None:
    one = bench(policy="tolerate")
    one.adopt(1, 2)
    one.look()
    remove(one, 1)
    one.looks(4)
    operation = one.corral.drift.accept(one.drift(1, Field.GONE), ACTOR)
    assert one.corral.engine.wait(operation.uuid, 90).state is State.SUCCEEDED
    assert [server.machine for server in one.servers()] == [node_id(2)]
    assert one.drifts() == []


def test_that_a_machine_is_gone_which_is_there_is_not_accepted(bench: Make) -> None:
    one = bench(policy="none")
    one.adopt(1, 2)
    one.look()
    node = remove(one, 1)
    one.looks(3)
    one.memory.world.add_node(node)
    with pytest.raises(Conflict, match="is at its source"):
        one.corral.drift.accept(one.drift(1, Field.GONE), ACTOR)


def test_unmanaging_puts_back_what_synchronization_wrote(bench: Make) -> None:
    one = bench(policy="sync", brake={"least": 10})
    before = dict(one.node(1).instance_info), one.node(1).instance_name
    one.adopt(1)
    one.looks(3)
    assert one.node(1).instance_info["display_name"] == "server-1"
    _, operation = one.corral.adoption.unmanage(one.server(1), ACTOR)
    assert one.corral.engine.wait(operation.uuid, 90).state is State.SUCCEEDED
    assert (dict(one.node(1).instance_info), one.node(1).instance_name) == before


def test_new_machines_are_adopted_where_a_rule_says_so_and_reported_elsewhere(bench: Make) -> None:
    rule = {"name": "node-1*", "resource_class": "gold", "project": "bank", "mapping": {"flavor": "gold"}}
    one = bench(machines=2, policy="tolerate", adopt=[rule], brake={"least": 10})
    one.look()
    add_machine(one.memory, 11)
    one.looks(4)
    assert {server.machine for server in one.servers()} == {node_id(1), node_id(11)}
    assert {server.name for server in one.servers()} == {"node-1", "node-11"}
    assert one.drift(2, Field.NEW).state is DriftState.OPEN
    assert one.drift(1, Field.NEW) is None


def test_without_rules_nobody_looks_for_new_machines(bench: Make) -> None:
    one = bench(policy="sync")
    one.looks(3)
    assert one.drifts() == []


def test_more_new_machines_than_are_believed_are_not_adopted_until_somebody_releases_the_brake(bench: Make) -> None:
    rule = {"project": "bank", "mapping": {"flavor": "gold"}}
    one = bench(machines=6, policy="tolerate", adopt=[rule], brake={"least": 3})
    one.looks(4)
    assert one.servers() == []
    assert {drift.state for drift in one.drifts()} == {DriftState.HELD}
    one.corral.drift.release("lab", ACTOR)
    one.looks(2)
    assert len(one.servers()) == 6


# --- cost -------------------------------------------------------------------------------------------------


def test_a_pass_asks_in_lists_and_never_for_a_machine(bench: Make) -> None:
    one = bench(machines=10, policy="sync", fields={"name": "none"})
    one.adopt(*range(1, 11))
    one.look()
    asked: list[str] = []
    one.memory.faults = lambda moment: asked.append(moment) if moment.startswith("before") else None
    one.look()
    one.memory.faults = None
    ironic = {"before GET /v1/nodes", "before GET /v1/ports", "before GET /v1/portgroups"}
    assert set(asked) == ironic | {"before GET /v2.0/ports"}
    assert len(asked) == 4 + 4 + 1 + 1  # pages of three, and Neutron's ports by their ids


def test_pauses_grow_while_nothing_changes_and_are_short_again_when_something_does(bench: Make) -> None:
    one = bench(policy="none", poll={"every": 10, "at_most": 30})
    one.adopt(1)

    def pause() -> float:
        one.look()
        return float(one.corral.drift.source("lab").state.pause or 0)

    found = [pause() for _ in range(6)]
    assert 13 <= found[0] <= 17
    assert all(27 <= one <= 33 for one in found[3:])
    one.node(1).power = "power off"
    assert 9 <= pause() <= 11


# --- several processes ------------------------------------------------------------------------------------


def test_a_synchronizer_that_was_paused_until_another_took_over_writes_nothing(bench: Make) -> None:
    one = bench(policy="tolerate", settle=0, looks=1)
    one.adopt(1)
    one.look()
    one.node(1).power = "power off"
    state = SyncState(one.corral.sql)

    def taken_over(moment: str) -> None:
        if moment == "before GET /v1/portgroups":
            with state.changing() as conn:
                state.put(conn, "lab", holder="another process")

    one.memory.faults = taken_over
    with pytest.raises(Stale):
        one.corral.synchronizer.synchronize("lab")
    one.memory.faults = None
    assert one.server(1).power == "power on"
    assert one.drift(1, Field.POWER) is None
