"""What Neutron and Cinder announce: looked up in the record, then looked at, and believed in nothing."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest
import sqlalchemy as sa
from cloud_bench import CloudBench
from hearing_bench import SELDOM, Announcer, HearingBench, until
from sync_bench import node_id, port_id

from corral.domain.drift import Drift, DriftState, Field
from corral.drivers.memory import Answered
from corral.services.sync_worlds import AROUND
from corral.store.drift import DriftFilter
from corral.store.tables import servers
from tests.cloud_world import DB, SOURCE, SUBNET

Make = Callable[..., HearingBench]
UNDISTURBED: dict[str, Any] = {"policy": "tolerate", "poll": SELDOM, "settle": 3600}
"""No pass comes by itself, nor to judge what a glance found."""


def foreign(number: int) -> str:
    return str(UUID(int=number))


# --- nodes ------------------------------------------------------------------------------------------------


@pytest.fixture
def bench(tmp_path: Path) -> Iterator[Make]:
    with ExitStack() as stack:

        def made(machines: int = 3) -> HearingBench:
            one = HearingBench(tmp_path, {**UNDISTURBED, "fields": {"name": "none"}}, machines)
            stack.callback(one.stop)
            one.adopt(*range(1, machines + 1))
            one.begin()
            one.clock.wait(1)
            return one

        yield made


def lists(one: HearingBench) -> list[str]:
    """What the source and the cloud are asked from now on."""
    asked: list[str] = []
    one.memory.faults = lambda moment: asked.append(moment) if moment.startswith("before") else None
    return asked


def test_a_nodes_port_that_neutron_announces_is_looked_at_at_once_and_nothing_else_is(bench: Make) -> None:
    one = bench()
    passed, asked = one.state().ended_at, lists(one)
    one.memory.world.ports[port_id(2)].up = False
    one.bus.announce_parts(port_id(2))
    until(lambda: one.drift(2, Field.WIRING) is not None)
    found = one.drift(2, Field.WIRING)
    assert found is not None
    assert (found.state, found.looks) == (DriftState.SETTLING, 1)
    assert one.state().ended_at == passed
    assert not any(node_id(number) in call for call in asked for number in (1, 3))
    assert "before GET /v1/nodes" not in asked
    one.memory.world.ports[port_id(2)].up = True
    one.bus.announce_parts(port_id(2))
    until(lambda: one.drift(2, Field.WIRING) is None)


def test_a_port_that_is_gone_or_said_to_be_of_a_server_or_bound_to_a_node_leads_to_that_node(bench: Make) -> None:
    one = bench()
    del one.memory.world.ports[port_id(1)]
    one.bus.announce_parts(port_id(1))
    until(lambda: one.drift(1, Field.PORTS) is not None)
    one.node(2).power = one.node(3).power = "power off"
    one.bus.announce_parts(foreign(1), one.server(2).uuid, node_id(3))
    until(lambda: None not in (one.drift(2, Field.POWER), one.drift(3, Field.POWER)))


def test_a_thousand_ports_of_others_cost_no_request_no_pass_and_no_row(bench: Make) -> None:
    one = bench()
    passed, asked = one.state().ended_at, lists(one)
    one.bus.announce_parts(*map(foreign, range(1000)))
    one.node(1).power = "power off"
    one.bus.announce_parts(port_id(1))  # looked up after them
    until(lambda: one.drift(1, Field.POWER) is not None)
    assert one.state().ended_at == passed
    assert [row.machine for row in one.drifts("settling")] == [node_id(1)]
    assert not any(node_id(number) in call for call in asked for number in (2, 3))


# --- VMs --------------------------------------------------------------------------------------------------


class Announced(CloudBench):
    """With a bus, and passes that come only when they must."""

    def __init__(self, folder: Path) -> None:
        self.bus = Announcer()
        super().__init__(folder, self.bus, **UNDISTURBED)
        self.corral.synchronizer.start()  # the bench has made a pass: the next one is an hour away
        until(lambda: self.state().hears is True and self.state().wanted_at is None)
        self.clock.wait(1)
        self.passed = self.state().ended_at
        self.asked: list[str] = []
        self.cloud.faults = lambda moment: self.asked.append(moment) if moment.startswith("before") else None

    def state(self) -> Any:
        return self.corral.drift.source(SOURCE).state

    def settling(self) -> dict[Field, Drift]:
        return {one.field: one for one in self.corral.drift.page(DriftFilter(state="settling"), limit=100)}


@pytest.fixture
def vm(tmp_path: Path) -> Iterator[Announced]:
    one = Announced(tmp_path)
    yield one
    one.corral.stop()


def test_a_volume_that_cinder_announces_is_looked_at_at_once_by_no_list(vm: Announced) -> None:
    vm.detach()
    vm.bus.announce_parts(foreign(1), vm.volume["id"], foreign(2))
    until(lambda: Field.VOLUMES in vm.settling())
    found = vm.settling()[Field.VOLUMES]
    assert (found.machine, found.world, found.looks) == (DB, ["sda 2 GiB available"], 1)
    assert vm.state().ended_at == vm.passed
    assert len(vm.asked) == 2, "its port, and its volume by its mark"
    assert vm.addresses() == ["10.12.0.11"]
    # It is as it was: somebody else's act, and the news of that.
    volume = vm.volume["id"]
    vm.volume["status"] = "in-use"
    vm.cloud.world.storage.attachments["a"] = {
        "id": "a", "volume_id": volume, "instance": DB, "status": "attached", "connection_info": {}
    }  # fmt: skip
    vm.bus.announce_parts(volume)
    until(lambda: Field.VOLUMES not in vm.settling())


def test_a_port_that_neutron_announces_is_looked_at_and_what_cinder_does_not_tell_is_not_compared(
    vm: Announced,
) -> None:
    def silent(moment: str) -> None:
        if moment.startswith("before GET /v3/volumes"):
            raise Answered(503)

    vm.cloud.faults = silent
    vm.port.addresses = ((SUBNET, "10.12.0.99"),)
    vm.detach()
    vm.bus.announce_parts(vm.port.id)
    until(lambda: Field.PORTS in vm.settling())
    assert set(vm.settling()) == {Field.PORTS}
    vm.cloud.faults = None
    vm.cloud.world.ports.clear()
    vm.bus.announce_parts(vm.volume["id"])
    until(lambda: Field.VOLUMES in vm.settling())
    assert vm.settling()[Field.PORTS].world == []


def test_a_hypervisors_hint_asks_no_cloud(vm: Announced) -> None:
    vm.change(name="renamed")
    vm.detach()
    vm.survey()
    until(lambda: Field.NAME in vm.settling())
    assert vm.asked == []
    assert Field.VOLUMES not in vm.settling()


def test_of_two_volumes_that_bear_one_mark_nothing_is_known(vm: Announced) -> None:
    storage, first = vm.cloud.world.storage, vm.volume
    storage.volumes[foreign(7)] = {**first, "id": foreign(7), "status": "error"}
    storage.attachments.clear()
    first["status"] = "available"
    vm.port.up = False
    vm.bus.announce_parts(first["id"])
    until(lambda: Field.PORTS in vm.settling())
    assert set(vm.settling()) == {Field.PORTS}


def test_more_machines_than_are_worth_it_are_a_pass(vm: Announced) -> None:
    machines = [DB, *map(foreign, range(AROUND))]
    with vm.corral.sql.begin() as conn:
        row = dict(conn.execute(sa.select(servers)).mappings().one())
        more = [{**row, "uuid": one, "machine": one, "name": one} for one in machines if one != DB]
        conn.execute(sa.insert(servers), more)
    vm.detach()
    assert vm.bus.heard is not None
    vm.bus.heard((), machines)
    until(lambda: vm.state().ended_at != vm.passed)
    until(lambda: Field.VOLUMES in vm.settling())
    assert any("volumes/detail" in call for call in vm.asked)
