"""VMs kept in step over the survey record, with hosts in memory."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa
import yaml
from sync_bench import ACTOR, QUICK, Clock

from corral import config
from corral.domain.drift import Drift, DriftState, Field
from corral.domain.errors import CorralError
from corral.domain.lifecycle import Status
from corral.domain.server import ManageRequest, Server
from corral.domain.vm import Address, Origin, RunState
from corral.drivers.memory.hosts import MemoryHosts, example_host, example_vm
from corral.services.surveyor import HostGroup
from corral.store.drift import DriftFilter
from corral.store.host_tables import vms
from corral.wiring import build
from tests.prepared import prepared

SOURCE = "racks"
SETTLING = DriftFilter(state=DriftState.SETTLING)
VM = example_vm(example_host(0), 0).id


class VmBench:
    """Two hosts with two VMs each, of which one is managed; surveys and passes come when tests want them."""

    def __init__(self, folder: Path, **policy: Any) -> None:
        self.hosts = MemoryHosts(SOURCE)
        self.hosts.lost = True
        for number in range(2):
            self.hosts.add_host(example_host(number))
            for position in range(2):
                self.hosts.put(example_vm(example_host(number), 2 * number + position))
        self.clock = Clock()
        file = folder / "policy.yaml"
        said = {"settle": 60, "looks": 2, "gone_looks": 2, **policy}
        file.write_text(yaml.safe_dump({"sources": {SOURCE: said}}))
        self.corral = build(
            prepared(config.Settings(data_dir=folder, sync=config.SyncSettings(policy_file=file), workers=2)),
            sources={},
            hosts=[HostGroup(SOURCE, "memory", 3600.0, lambda: self.hosts.source)],
            emit=lambda *_told, **_more: None,
            clock=self.clock,
            sleep=lambda _seconds: None,
            back_off=QUICK,
        )
        self.corral.engine.start()
        self.survey()
        wish = ManageRequest(name="app-01", node=VM, flavor="", networks=(), source=SOURCE)
        self._server, operation = self.corral.adoption.manage(wish, ACTOR)
        assert self.corral.engine.wait(operation.uuid, 20).state == "succeeded"

    def survey(self) -> None:
        self.corral.surveyor.survey(SOURCE)

    def looks(self, times: int = 3) -> None:
        for _ in range(times):
            self.survey()
            self.corral.synchronizer.synchronize(SOURCE)
            for operation in self.corral.engine.operations(limit=100):
                if not operation.state.final:
                    self.corral.engine.wait(operation.uuid, 20)
            self.clock.wait(60)

    def server(self) -> Server:
        return self.corral.servers.get(self._server.uuid)

    def drifts(self) -> dict[Field, Drift]:
        return {one.field: one for one in self.corral.drift.page(DriftFilter(), limit=100)}

    def change(self, **fields: Any) -> None:
        self.hosts.put(replace(self.hosts.vm(VM), **fields))


@pytest.fixture
def bench(tmp_path: Path) -> Iterator[Callable[..., VmBench]]:
    with ExitStack() as stack:

        def made(**policy: Any) -> VmBench:
            one = VmBench(tmp_path, **policy)
            stack.callback(one.corral.stop)
            return one

        yield made


def test_a_vm_that_nobody_touched_does_not_drift(bench: Callable[..., VmBench]) -> None:
    one = bench(policy="sync")
    one.looks(3)
    assert one.drifts() == {}


def test_a_live_migration_is_taken_as_a_new_host(bench: Callable[..., VmBench]) -> None:
    one = bench(policy="tolerate")
    one.looks(1)
    one.change(host=example_host(1).id)
    one.looks(3)
    assert one.server().host == example_host(1).id
    assert one.drifts() == {}


def test_what_a_survey_finds_changed_is_compared_at_once(bench: Callable[..., VmBench]) -> None:
    one = bench(policy="none", poll={"every": 3600, "at_most": 3600})
    one.corral.synchronizer.start()
    until(lambda: one.corral.drift.sources()[0].state.ended_at is not None)
    one.change(host=example_host(1).id)
    one.survey()
    until(lambda: [row.field for row in one.corral.drift.page(SETTLING, limit=9)] == [Field.HOST])


def until(true: Callable[[], bool], seconds: float = 20.0) -> None:
    end = time.monotonic() + seconds
    while not true():
        assert time.monotonic() < end, "it did not come about in time"
        time.sleep(0.05)


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
def test_each_kind_of_change_of_a_vm_in_each_phase(bench: Callable[..., VmBench], what: Field, policy: str) -> None:
    one = bench(policy=policy)
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


def test_a_silent_host_makes_nothing_drift_and_nothing_lost(bench: Callable[..., VmBench]) -> None:
    one = bench(policy="sync")
    one.looks(1)
    before = one.server()
    one.hosts.silence(example_host(0).id)
    one.looks(5)
    assert one.server() == before
    assert one.drifts() == {}


def test_a_vm_that_is_gone_is_lost_only_after_its_hypervisor_said_so_itself(bench: Callable[..., VmBench]) -> None:
    one = bench(policy="tolerate")
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


def test_a_vm_is_started_only_where_a_rule_says_so_by_name(bench: Callable[..., VmBench]) -> None:
    always_on = {"power": {"policy": "sync", "wins": "record"}}
    one = bench(policy="tolerate", fields=always_on, servers=[{"name": "app-*", "allow": ["start"]}])
    one.looks(2)
    changed(one, Field.POWER)
    one.looks(4)
    assert one.hosts.vm(VM).state is RunState.RUNNING
    assert one.drifts() == {}


def test_without_a_survey_nothing_is_believed(bench: Callable[..., VmBench]) -> None:
    one = bench(policy="tolerate")
    one.looks(1)
    with one.corral.sql.begin() as conn:
        conn.exec_driver_sql("UPDATE host_sources SET problem = 'the vCenter does not answer'")
    with pytest.raises(CorralError, match="did not come to its end"):
        one.corral.synchronizer.synchronize(SOURCE)
    assert one.server().status is Status.ACTIVE


def test_only_vms_whose_digest_is_new_are_read(bench: Callable[..., VmBench]) -> None:
    one = bench(policy="tolerate")
    one.looks(2)
    with one.corral.sql.connect() as conn:
        before = conn.exec_driver_sql("SELECT stamp FROM sync_servers").scalar_one()
        digest = conn.execute(sa.select(vms.c.digest).where(vms.c.id == VM)).scalar_one()
    assert before.startswith(f"{digest}:")
