"""VMs kept in step over the survey record, with hosts in memory."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import pytest
import sqlalchemy as sa
from vms_bench import SOURCE, VM, VmBench

from corral.domain.drift import DriftState, Field
from corral.domain.errors import CorralError
from corral.domain.lifecycle import Status
from corral.domain.vm import Address, Origin, RunState
from corral.drivers.memory.hosts import example_host
from corral.store import host_tables
from corral.store.drift import DriftFilter
from tests.waiting import until

SETTLING = DriftFilter(state=DriftState.SETTLING)


def test_a_vm_that_nobody_touched_does_not_drift(vms: Callable[..., VmBench]) -> None:
    one = vms(policy="sync")
    one.looks(3)
    assert one.drifts() == {}


def test_a_live_migration_is_taken_as_a_new_host(vms: Callable[..., VmBench]) -> None:
    one = vms(policy="tolerate")
    one.looks(1)
    one.change(host=example_host(1).id)
    one.looks(3)
    assert one.server().host == example_host(1).id
    assert one.drifts() == {}


def test_what_a_survey_finds_changed_is_compared_at_once(vms: Callable[..., VmBench]) -> None:
    one = vms(policy="none", poll={"every": 3600, "at_most": 3600})
    one.corral.synchronizer.start()
    until(lambda: one.corral.drift.sources()[0].state.ended_at is not None)
    one.change(host=example_host(1).id)
    one.survey()
    until(lambda: [row.field for row in one.corral.drift.page(SETTLING, limit=9)] == [Field.HOST])


def changed(one: VmBench, what: Field) -> None:
    vm = one.hosts.vm(VM)
    moved = {
        Field.NAME: {"name": "renamed"},
        Field.CPU: {"cpus": vm.cpus + 1},
        Field.MEMORY: {"memory": vm.memory * 2},
        Field.POWER: {"state": RunState.OFF, "run": ""},
        Field.DISKS: {"disks": vm.disks[:-1]},
        Field.NICS: {"nics": (*vm.nics, replace(vm.nics[0], id="late", mac="52:54:00:99:99:99"))},
        Field.ADDRESSES: {
            "nics": (replace(vm.nics[0], addresses=(Address("192.0.2.99", Origin.AGENT),)), *vm.nics[1:])
        },
    }
    one.change(**moved[what])


@pytest.mark.parametrize("policy", ["none", "tolerate", "sync"])
@pytest.mark.parametrize(
    "what", [Field.NAME, Field.CPU, Field.MEMORY, Field.POWER, Field.DISKS, Field.NICS, Field.ADDRESSES]
)
def test_each_kind_of_change_of_a_vm_in_each_phase(vms: Callable[..., VmBench], what: Field, policy: str) -> None:
    one = vms(policy=policy)
    one.looks(2)
    before = one.server()
    changed(one, what)
    one.looks(4)
    if policy == "none":
        assert one.drifts()[what].state is DriftState.OPEN
        assert one.server() == before
    else:
        assert one.drifts() == {}
        assert one.server() != before
        assert one.server().name == "app-01"  # a server keeps its name, whatever its VM is called


def test_a_silent_host_makes_nothing_drift_and_nothing_lost(vms: Callable[..., VmBench]) -> None:
    one = vms(policy="sync")
    one.looks(1)
    before = one.server()
    one.hosts.silence(example_host(0).id)
    one.looks(5)
    assert one.server() == before
    assert one.drifts() == {}


def test_a_vm_that_is_gone_is_lost_only_after_its_hypervisor_said_so_itself(vms: Callable[..., VmBench]) -> None:
    one = vms(policy="tolerate")
    one.looks(1)
    vm = one.hosts.vm(VM)
    one.hosts.take(VM)
    one.survey()
    one.hosts.silence(example_host(1).id)  # which may have it by now
    one.looks(4)
    assert one.server().status is Status.ACTIVE
    one.hosts.silence(example_host(1).id, "")
    one.looks(3)
    assert one.server().status is Status.LOST
    one.hosts.put(vm)
    one.looks(2)
    assert one.server().status is Status.ACTIVE


def test_a_vm_is_started_only_where_a_rule_says_so_by_name(vms: Callable[..., VmBench]) -> None:
    always_on = {"power": {"policy": "sync", "wins": "record"}}
    one = vms(policy="tolerate", fields=always_on, servers=[{"name": "app-*", "allow": ["start"]}])
    one.looks(2)
    changed(one, Field.POWER)
    one.looks(4)
    assert one.hosts.vm(VM).state is RunState.RUNNING
    assert one.drifts() == {}


def test_without_a_survey_nothing_is_believed(vms: Callable[..., VmBench]) -> None:
    one = vms(policy="tolerate")
    one.looks(1)
    with one.corral.sql.begin() as conn:
        conn.exec_driver_sql("UPDATE host_sources SET problem = 'the vCenter does not answer'")
    with pytest.raises(CorralError, match="did not come to its end"):
        one.corral.synchronizer.synchronize(SOURCE)
    assert one.server().status is Status.ACTIVE


def test_only_vms_whose_digest_is_new_are_read(vms: Callable[..., VmBench]) -> None:
    one = vms(policy="tolerate")
    one.looks(2)
    with one.corral.sql.connect() as conn:
        before = conn.exec_driver_sql("SELECT stamp FROM sync_servers").scalar_one()
        digest = conn.execute(sa.select(host_tables.vms.c.digest).where(host_tables.vms.c.id == VM)).scalar_one()
    assert before.startswith(f"{digest}:")
