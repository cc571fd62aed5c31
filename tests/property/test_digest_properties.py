"""Equal facts, equal digest; any other fact, another digest."""

from __future__ import annotations

import dataclasses
import json
import random
from datetime import UTC, datetime
from typing import Any

import pytest
from domain_strategies import MACS, UUIDS, machines, networks, ports, requests
from hypothesis import given, settings
from hypothesis import strategies as st

from corral.domain.digest import digest, plain
from corral.domain.machine import Disk, Machine, Network, NetworkPort, Nic, Power
from corral.domain.plan import Plan, PlanItem, basis
from corral.domain.server import Flavor, ManageRequest

NOW = datetime(2025, 1, 1, tzinfo=UTC)

json_values: st.SearchStrategy[Any] = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=8),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=5), inner, max_size=4),
    max_leaves=12,
)


def shuffled(value: Any, order: random.Random) -> Any:
    """The same data with the keys of every object in another order."""
    if isinstance(value, dict):
        keys = list(value)
        order.shuffle(keys)
        return {key: shuffled(value[key], order) for key in keys}
    if isinstance(value, list):
        return [shuffled(one, order) for one in value]
    return value


def canonical(value: Any) -> str:
    return json.dumps(value, sort_keys=True)


@given(value=json_values, order=st.randoms(use_true_random=False))
def test_the_order_of_keys_does_not_matter(value: Any, order: random.Random) -> None:
    assert digest(shuffled(value, order)) == digest(value)


@given(one=json_values, other=json_values)
def test_digests_are_equal_exactly_when_the_facts_are(one: Any, other: Any) -> None:
    assert (digest(one) == digest(other)) is (canonical(one) == canonical(other))


@given(machine=machines)
def test_storing_a_fact_and_reading_it_again_keeps_its_digest(machine: Machine) -> None:
    assert digest(json.loads(json.dumps(plain(machine)))) == digest(machine)


# --- the basis of a plan ----------------------------------------------------------------------------------

UNJUDGED = {
    "source",  # part of the plan's own digest
    "power_error",
    "allocation",
    "maintenance_reason",
    "retired_reason",
    "protected_reason",
    "created_at",
    "updated_at",
    "properties",
    "instance_info",
}
OTHER_VALUES: dict[str, Any] = {
    "id": "another id",
    "name": "another name that no strategy makes",
    "provision_state": "rescue",
    "power": "rebooting",
    "resource_class": "platinum",
    "observed_power": Power.UNKNOWN,
    "target_power": "soft power off",
    "claimed_by": "another instance",
    "reserved_by": "a conductor of another name",
    "image": "another image",
    "owner": "p9",
    "lessee": "p9",
    "driver": "a driver of another name",
    "network_interface": "neutron",
    "fault": "a fault of another name",
    "nics": (Nic(id="new", mac=MACS[5]),),
    "disks": (Disk("a disk of another name"),),
    "problem": "a problem of another name",
}
FLAVOR = Flavor(uuid=UUIDS[1], name="gold", resources={"gold": "1"})


def fields_of(kind: type) -> list[str]:
    """Those that count: what is not compared is carried along, for whoever acts."""
    return [one.name for one in dataclasses.fields(kind) if one.compare]


def another(name: str, value: Any) -> Any:
    return not value if isinstance(value, bool) else OTHER_VALUES[name]


@pytest.mark.parametrize("name", [name for name in fields_of(Machine) if name not in UNJUDGED])
@settings(max_examples=15)
@given(machine=machines, port=ports, network=networks)
def test_any_single_fact_of_the_machine_that_changes_changes_the_basis(
    name: str, machine: Machine, port: NetworkPort, network: Network
) -> None:
    now = dataclasses.replace(machine, **{name: another(name, getattr(machine, name))})
    around = ({port.id: port}, {network.id: network}, FLAVOR, True)
    assert basis(now, *around) != basis(machine, *around)


@pytest.mark.parametrize("name", sorted(UNJUDGED))
@settings(max_examples=15)
@given(machine=machines)
def test_what_is_not_judged_does_not_make_a_plan_stale(name: str, machine: Machine) -> None:
    value: Any = {"properties": {"cpus": 9}, "instance_info": {"root_gb": 9}}.get(name, "other words")
    now = dataclasses.replace(machine, **{name: value})
    assert basis(now, {}, {}, FLAVOR, True) == basis(machine, {}, {}, FLAVOR, True)


@pytest.mark.parametrize("name", fields_of(NetworkPort))
@settings(max_examples=15)
@given(machine=machines, port=ports)
def test_any_single_fact_of_a_port_that_changes_changes_the_basis(
    name: str, machine: Machine, port: NetworkPort
) -> None:
    value: Any = ("new",) if isinstance(getattr(port, name), tuple) else "other"
    now = dataclasses.replace(port, **{name: value})
    assert basis(machine, {"x": now}, {}, FLAVOR, True) != basis(machine, {"x": port}, {}, FLAVOR, True)


@given(machine=machines, port=ports)
def test_what_is_only_carried_along_does_not_make_a_plan_stale(machine: Machine, port: NetworkPort) -> None:
    now = dataclasses.replace(machine, boot={"last_reset_time": "another"})
    moved = dataclasses.replace(port, snapshot={"revision_number": 9})
    assert basis(now, {"x": moved}, {}, FLAVOR, True) == basis(machine, {"x": port}, {}, FLAVOR, True)


@given(machine=machines, found=st.lists(ports, max_size=4), order=st.randoms(use_true_random=False))
def test_the_order_in_which_ports_were_found_does_not_matter(
    machine: Machine, found: list[NetworkPort], order: random.Random
) -> None:
    by_id = {one.id: one for one in found}
    assert basis(machine, shuffled(by_id, order), {}, FLAVOR, True) == basis(machine, by_id, {}, FLAVOR, True)


# --- the digest of a plan ---------------------------------------------------------------------------------


def plan(*wishes: tuple[ManageRequest, str]) -> Plan:
    items = tuple(PlanItem(wish, "lab", UUIDS[0], None, "p1", seen, (), ()) for wish, seen in wishes)
    return Plan(uuid="any", project="p1", user=None, items=items, created_at=NOW)


@given(
    one=st.lists(st.tuples(requests, st.sampled_from(["a", "b"])), max_size=2),
    other=st.lists(st.tuples(requests, st.sampled_from(["a", "b"])), max_size=2),
)
def test_plans_have_one_digest_exactly_when_wish_and_world_are_the_same(
    one: list[tuple[ManageRequest, str]], other: list[tuple[ManageRequest, str]]
) -> None:
    assert (plan(*one).digest == plan(*other).digest) is (one == other)
    assert plan(*one).digest == dataclasses.replace(plan(*one), uuid="other", user="u").digest


@given(wish=requests)
def test_a_request_that_was_stored_is_the_request(wish: ManageRequest) -> None:
    assert ManageRequest.from_json(json.loads(json.dumps(wish.as_json()))) == wish
