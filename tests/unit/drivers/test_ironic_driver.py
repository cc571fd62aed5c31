"""The Ironic driver's settings, its reading of records, and its lists, without a cloud."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from corral.contracts.sources import Discovers, Query
from corral.domain.errors import DriverFailed, Invalid, NotFound
from corral.domain.machine import Machine, Nic, Power
from corral.drivers.ironic import open_source, translate
from corral.drivers.ironic.indexes import Indexes
from corral.drivers.ironic.listing import NodeNics
from corral.drivers.ironic.machines import ironic_service
from corral.drivers.ironic.options import read_options
from corral.drivers.memory import Answered, MemorySource
from corral.drivers.memory import open_source as open_memory
from corral.drivers.memory.world import NicRecord

UUID = "11111111-1111-4111-8111-{:012d}"


def machine(number: int, **fields: Any) -> Machine:
    nic = Nic(UUID.format(number + 500_000), f"52:54:00:00:{number // 256:02x}:{number % 256:02x}")
    more: dict[str, Any] = {"power": Power.ON, "resource_class": "gold", "nics": (nic,), **fields}
    return Machine("m", UUID.format(number), f"node-{number}", "active", **more)


@pytest.mark.parametrize(
    "options",
    [
        {},
        {"cloud": ""},
        {"cloud": 1},
        {"cloud": "x", "clowd": "y"},
        {"cloud": "x", "page_size": 0},
        {"cloud": "x", "page_size": 1001},
        {"cloud": "x", "page_size": True},
        {"cloud": "x", "interface": "private"},
        {"cloud": "x", "read_timeout": "60"},
        {"cloud": "x", "bmc": True},
        {"cloud": "x", "bmc": {"ask": "yes"}},
        {"cloud": "x", "bmc": {"password": "in clear"}},
        {"cloud": "x", "bmc": {"password_env": "NOT_IN_THE_ENVIRONMENT"}},
        {"cloud": "x", "bmc": {"networks": ["10.0.0.0/40"]}},
        {"cloud": "x", "bmc": {"networks": "10.0.0.0/8"}},
    ],
)
def test_wrong_options_are_refused(options: dict[str, Any]) -> None:
    with pytest.raises(Invalid) as caught:
        open_source("lab", options)
    assert "in clear" not in str(caught.value)


def test_options_have_defaults() -> None:
    options = read_options({"cloud": "x", "bmc": {"ask": False, "networks": ["10.0.0.0/8"]}, "read_timeout": 10})
    assert (options.cloud, options.network_cloud, options.page_size, options.read_timeout) == ("x", None, 1000, 10.0)
    assert (options.bmc.ask, options.bmc.networks, options.bmc.timeout) == (False, ("10.0.0.0/8",), 5.0)


def test_opening_a_source_does_no_io_and_a_missing_cloud_is_told_by_check(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("OS_CLIENT_CONFIG_FILE", "/nonexistent/clouds.yaml")
    source = open_source("lab", {"cloud": "no-such-cloud"})
    health = source.machines.check()
    assert not health.reachable
    assert "no-such-cloud" in health.detail
    with pytest.raises(Invalid):
        source.machines.observe("x")
    source.close()


def test_old_and_new_records_of_what_is_plugged_in_are_read() -> None:
    row = {"uuid": UUID.format(1), "address": "52:54:00:AA:BB:CC", "extra": {"vif_port_id": "old"}}
    assert (translate.nic(row).vif, translate.nic(row).mac) == ("old", "52:54:00:aa:bb:cc")
    assert translate.nic({**row, "internal_info": {"tenant_vif_port_id": "new"}}).vif == "new"


def test_a_group_without_a_mac_has_that_of_its_first_member() -> None:
    group = {"uuid": UUID.format(9), "address": None, "internal_info": {"tenant_vif_port_id": "v"}}
    port = {"uuid": UUID.format(1), "address": "52:54:00:AA:BB:CC", "portgroup_uuid": UUID.format(9)}
    member, bond = translate.nics([port], [group])
    assert (member.group, member.vif, bond.bond, bond.mac, bond.vif) == (bond.id, None, True, member.mac, "v")


@pytest.mark.parametrize(
    "spoilt",
    [
        {"uuid": None},
        {"name": 7},
        {"provision_state": None},
        {"maintenance": "yes"},
        {"instance_info": "text"},
        {"properties": []},
        {"created_at": "yesterday"},
    ],
)
def test_a_record_that_cannot_be_read_is_a_machine_with_a_problem(spoilt: dict[str, Any]) -> None:
    row = {"uuid": UUID.format(1), "name": "n", "provision_state": "active", **spoilt}
    found = translate.machine("m", row, ())
    assert next(iter(spoilt)) in found.problem
    assert translate.machine("m", "not even an object", ()).problem


def test_values_that_are_too_big_or_nested_too_deep_are_left_out() -> None:
    deep: Any = "x"
    for _ in range(450):
        deep = [deep]
    info = {"configdrive": "x" * 100_000, "deep": deep, "image_source": "i"}
    row = {"uuid": UUID.format(1), "provision_state": "active", "instance_info": info}
    kept = translate.machine("m", row, ()).instance_info
    assert kept == {"configdrive": "(left out: too long)", "deep": "(left out: too long)", "image_source": "i"}


@pytest.mark.parametrize(("count", "page_size"), [(5, 2), (11, 5), (30, 1000), (30, 7), (250, 100)])
def test_every_way_of_reading_nics_gives_the_same(count: int, page_size: int) -> None:
    memory = MemorySource("m", [machine(number) for number in range(count)], page_size=page_size)
    found = list(memory.source.machines.discover(Query()))
    assert [(one.id, one.nics[0].mac) for one in found] == [
        (one.id, one.nics[0].mac) for one in map(machine, range(count))
    ]
    memory.source.close()


def test_a_list_of_ten_thousand_needs_few_requests_and_one_page_of_it_does_not_read_all() -> None:
    source = open_memory("m", {"machines": 10_000})
    calls: list[str] = []
    machines: Discovers = source.machines
    machines._service._wire.faults = calls.append  # type: ignore[attr-defined]
    assert sum(1 for _ in machines.discover(Query(active_free=True))) == 10_000
    assert len(calls) / 2 < 30
    calls.clear()
    assert len(list(machines.discover(Query(), limit=5))) == 5
    assert len(calls) / 2 == 7
    source.close()


def _indexes(count: int, page_size: int) -> tuple[MemorySource, Indexes, list[str], list[float]]:
    """Of so many machines; with the requests that are made, each of which takes a second, and the time."""
    memory = MemorySource("m", [machine(number) for number in range(count)])
    calls, now = list[str](), [0.0]

    def call(moment: str) -> None:
        if moment.startswith("before"):
            calls.append(moment)
            now[0] += 1

    memory.faults = call
    return memory, Indexes(ironic_service(memory.wire), page_size, lambda: now[0]), calls, now


def test_who_goes_through_a_large_list_page_by_page_reads_all_nics_once() -> None:
    memory, indexes, calls, _now = _indexes(1_990, page_size=50)
    found = [indexes.for_nodes(200) for _ in range(10)]
    assert all(one is found[0] for one in found)
    assert len(calls) == 40 + 1, "40 pages of ports and one of groups, for all pages together"
    assert found[0] is not None
    assert [found[0].of(machine(number).id)[0].mac for number in (0, 1_989)] == [
        min(machine(n).macs) for n in (0, 1_989)
    ]
    memory.source.close()


def test_small_pages_of_a_large_list_pay_for_single_requests_until_all_is_worth_its_price() -> None:
    memory, indexes, calls, _now = _indexes(1_990, page_size=50)
    read = []
    for _ in range(12):
        before = len(calls)
        found = indexes.for_nodes(50)
        read.append((len(calls) - before, found is not None))
    alone = (0, False)
    assert read == [(10, False), alone, (20, False), alone, alone, alone, (40 + 1, True), *[(0, True)] * 5]
    memory.source.close()


def test_an_index_is_believed_for_ten_times_as_long_as_reading_it_took_and_then_it_is_read_again() -> None:
    memory, indexes, _calls, now = _indexes(990, page_size=50)
    kept = indexes.for_nodes(100)
    now[0] += 209
    assert indexes.for_nodes(100) is kept
    now[0] += 1
    assert indexes.for_nodes(100) not in (None, kept)
    memory.source.close()


def test_what_a_listing_pays_for_by_itself_is_read_anew_for_each() -> None:
    memory, indexes, calls, _now = _indexes(90, page_size=50)
    before = indexes.for_nodes(80)
    memory.world.nodes[machine(1).id].nics[0].vif = "v"
    after = indexes.for_nodes(80)
    assert before is not None
    assert after is not None
    assert [found.of(machine(1).id)[0].vif for found in (before, after)] == [None, "v"]
    assert (indexes.for_nodes(9), len(calls)) == (None, 6), "a few nodes are asked one by one"
    memory.source.close()


def test_port_groups_are_looked_for_where_there_can_be_one() -> None:
    ungrouped, grouped = machine(1), machine(2)
    memory = MemorySource("m", [ungrouped])
    now = [100.0]
    nics = NodeNics(ironic_service(memory.wire), lambda: now[0])
    assert not any(nic.bond for nic in nics.of(ungrouped.id))

    bond = NicRecord(UUID.format(90), "", vif="v", bond=True)
    memory.world.add_machine(replace(grouped, nics=(replace(grouped.nics[0], group=bond.uuid),)))
    memory.world.nodes[grouped.id].nics.append(bond)
    assert [nic.vif for nic in nics.of(grouped.id) if nic.bond] == ["v"], "a member tells that there is one, at once"

    memory.world.nodes[ungrouped.id].nics.append(NicRecord(UUID.format(91), "", vif="w", bond=True))
    now[0] += 6
    assert [nic.vif for nic in nics.of(ungrouped.id) if nic.bond] == ["w"], "one without members is found too"
    memory.source.close()


def test_a_list_whose_source_fails_half_way_says_so() -> None:
    memory = MemorySource("m", [machine(number) for number in range(30)], page_size=10)
    seen = 0

    def fail_third_page(moment: str) -> None:
        nonlocal seen
        seen += moment == "before GET /v1/nodes"
        if seen == 3:
            raise Answered(500, "no")

    memory.faults = fail_third_page
    with pytest.raises(DriverFailed):
        list(memory.source.machines.discover(Query()))


def test_a_database_that_is_locked_for_a_moment_is_asked_again() -> None:
    memory = MemorySource("m", [machine(1)])
    left = 2

    def stumble(moment: str) -> None:
        nonlocal left
        if moment.startswith("before") and left:
            left -= 1
            raise Answered(500, "database is locked")

    memory.faults = stumble
    assert memory.source.machines.observe("node-1").id == machine(1).id


def test_a_dead_bmc_is_told_and_does_not_stop_a_list() -> None:
    dead = machine(1, power_asked=True, power_error="connection refused", driver="redfish")
    memory = MemorySource("m", [dead, machine(2, observed_power=Power.OFF, driver="redfish")])
    first, second = memory.source.machines.discover(Query())
    assert (first.observed_power, first.power_asked, "connection refused" in first.power_error) == (None, True, True)
    assert (second.observed_power, second.power) == (Power.OFF, Power.ON)


def test_the_memory_driver_refuses_options_that_it_does_not_know() -> None:
    for options in ({"x": 1}, {"machines": -1}, {"machines": True}, {"demo": 1}):
        with pytest.raises(Invalid):
            open_memory("m", options)


def test_the_demonstration_has_every_case_and_can_be_looked_at() -> None:
    source = open_memory("demo", {})
    found = {one.name: one for one in source.machines.discover(Query())}
    assert len(found) > 25
    assert [one.name for one in found.values() if one.problem] == ["unreadable-01"]
    assert found["power-untrue-01"].observed_power is not found["power-untrue-01"].power
    ports = source.networks.ports([vif for one in found.values() for vif in one.vifs])
    assert found["bad-port-01"].vifs[0] not in ports
    with pytest.raises(NotFound):
        source.machines.observe("no-such-node")
    source.close()
