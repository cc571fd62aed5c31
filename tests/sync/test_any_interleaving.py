"""Nodes and VMs of a whole Corral, under every policy: whatever is changed on either side, and whenever it is heard of, both sides
end agreed or in the queue, nothing goes round in a loop, and no side ever has a value that nobody gave it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import suppress
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa
import yaml
from hypothesis import HealthCheck, Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, rule, run_state_machine_as_test
from sync_bench import ACTOR, QUICK, SETTLE, Clock, add_machine, node_id, port_id
from sync_lies import Lying

from corral import config
from corral.contracts.sources import PowerTarget
from corral.domain.drift import Drift, DriftState, Field
from corral.domain.errors import CorralError
from corral.domain.machine import Network
from corral.domain.server import ManageRequest, NetworkRequest, Server
from corral.domain.vm import RunState, Vm
from corral.drivers.memory import MemorySource
from corral.drivers.memory.hosts import MemoryHosts, example_host, example_vm
from corral.services.surveyor import HostGroup
from corral.store.drift import DriftFilter
from corral.wiring import build
from tests.prepared import prepared

NODES, VMS = "lab", "racks"
WINS = {"policy": "sync", "fields": {"power": {"policy": "sync", "wins": "record"}}, "allow": ["start", "stop"]}
POLICIES: list[dict[str, Any]] = [
    {"policy": "none"},
    {"policy": "tolerate"},
    {"policy": "sync"},
    {"policy": "sync", "allow": ["start", "stop"]},
    WINS,
    {"policy": "sync", "fields": {"name": {"policy": "sync", "wins": "world"}}, "allow": ["start"]},
]
ON, OFF = "power on", "power off"
FIELDS = {NODES: (Field.POWER, Field.NAME), VMS: (Field.POWER, Field.NAME, Field.CPU)}
_AS_ADOPTED = sa.text(
    "UPDATE servers SET name = :name, power = :power, status = 'active', fault = NULL, revision = revision + 1, "
    "machine_name = coalesce(CAST(:called AS VARCHAR), machine_name), cpus = :cpus WHERE uuid = :uuid"
)
ENDED = (DriftState.OPEN, DriftState.CONFLICT, DriftState.IGNORED)


def example(number: int) -> Vm:
    """A VM, with other MACs than the nodes have."""
    return example_vm(example_host(0), 5000 + number)


class Fleet:
    """One machine of each kind for each policy, all of them servers."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.clock = Clock()
        self.memory = MemorySource(NODES, page_size=4)
        self.memory.world.add(networks=[Network("cccccccc-0000-4000-8000-000000000001", "tenant", "bank")])
        self.lying = Lying(self.memory.source.machines)
        self.hosts = MemoryHosts(VMS)
        self.hosts.add_host(example_host(0))
        for number in range(len(POLICIES)):
            add_machine(self.memory, number + 1)
            self.hosts.put(example(number))
        self.corral = self._build([])
        self.uuids = self._adopted()
        self.corral.stop()
        self.corral = self._build(self.uuids)
        self.corral.engine.start()

    def _build(self, uuids: list[str]) -> Any:
        file = self.folder / "policy.yaml"
        common = {"settle": SETTLE, "looks": 2, "gone_looks": 2, "brake": {"percent": 100, "least": 1000}}
        rules = [{"uuid": uuid, **POLICIES[number % len(POLICIES)]} for number, uuid in enumerate(uuids)]
        file.write_text(yaml.safe_dump({"sources": {name: {**common, "servers": rules} for name in (NODES, VMS)}}))
        sync = config.SyncSettings(policy_file=file)
        return build(
            prepared(config.Settings(data_dir=self.folder, sync=sync, workers=2)),
            sources={NODES: replace(self.memory.source, machines=self.lying, close=lambda: None)},
            hosts=[HostGroup(VMS, "memory", 3600.0, lambda: self.hosts.source)],
            emit=lambda *_told, **_more: None,
            clock=self.clock,
            sleep=lambda _seconds: None,
            back_off=QUICK,
        )

    def _adopted(self) -> list[str]:
        self.corral.engine.start()
        self.corral.surveyor.survey(VMS)
        flavor = self.corral.flavors.create({"name": "gold", "resources": {"CUSTOM_GOLD": "1"}}, ACTOR).uuid
        made = []
        for number in range(1, len(POLICIES) + 1):
            networks = (NetworkRequest(port_id=port_id(number)),)
            wish = ManageRequest(f"node-{number}", node_id(number), flavor, networks, NODES, project="bank")
            made.append(self._managed(wish))
        for number in range(len(POLICIES)):
            made.append(self._managed(ManageRequest(f"vm-{number}", self._vm_id(number), "", (), VMS)))
        return made

    def _managed(self, wish: ManageRequest) -> str:
        server, operation = self.corral.adoption.manage(wish, ACTOR)
        assert self.corral.engine.wait(operation.uuid, 90).state == "succeeded"
        return str(server.uuid)

    def reset(self) -> None:
        """As after adoption: every example begins in the same way."""
        self.lying.page = None
        for number in range(len(POLICIES)):
            node = self.memory.world.node(node_id(number + 1))
            node.power = ON
            node.instance_info.pop("display_name", None)
            self.hosts.put(example(number))
        with self.corral.sql.begin() as conn:
            for table in ("drifts", "sync_servers"):
                conn.exec_driver_sql(f"DELETE FROM {table}")
            for number, uuid in enumerate(self.uuids):
                kind, vm = self.kind(number), example(number % len(POLICIES))
                name, called = self.first_name(number), vm.name if kind == VMS else None
                cpus = vm.cpus if kind == VMS else None
                conn.execute(_AS_ADOPTED, {"name": name, "power": ON, "called": called, "cpus": cpus, "uuid": uuid})

    # --- machines -----------------------------------------------------------------------------------------

    def kind(self, number: int) -> str:
        return NODES if number < len(POLICIES) else VMS

    def first_name(self, number: int) -> str:
        return f"node-{number + 1}" if self.kind(number) == NODES else f"vm-{number - len(POLICIES)}"

    def _vm_id(self, number: int) -> str:
        return example(number).id

    def machine(self, number: int) -> str:
        """The machine's id at its source."""
        return node_id(number + 1) if self.kind(number) == NODES else self._vm_id(number - len(POLICIES))

    def server(self, number: int) -> Server:
        return self.corral.servers.get(self.uuids[number])

    def vm(self, number: int) -> Vm:
        return self.hosts.vm(self.machine(number))

    def world(self, number: int) -> Mapping[Field, Any]:
        """The world's side."""
        if self.kind(number) == VMS:
            vm = self.vm(number)
            return {Field.POWER: str(vm.power), Field.NAME: vm.name, Field.CPU: vm.cpus}
        node = self.memory.world.node(self.machine(number))
        return {Field.POWER: node.power, Field.NAME: node.instance_info.get("display_name")}

    def record(self, number: int) -> Mapping[Field, Any]:
        """The record's side."""
        server = self.server(number)
        if self.kind(number) == VMS:
            return {Field.POWER: server.power, Field.NAME: server.machine_name, Field.CPU: server.cpus}
        return {Field.POWER: server.power, Field.NAME: server.name}

    def change(self, number: int, what: Field, value: Any) -> None:
        """Somebody changes the machine at its source."""
        if self.kind(number) == VMS:
            on = {"state": RunState.RUNNING, "run": "9"} if value == ON else {"state": RunState.OFF, "run": ""}
            made = {Field.POWER: on, Field.NAME: {"name": value}, Field.CPU: {"cpus": value}}[what]
            self.hosts.put(replace(self.vm(number), **made))
        elif what is Field.POWER:
            self.memory.world.node(self.machine(number)).power = value
        else:
            self.memory.world.node(self.machine(number)).instance_info["display_name"] = value

    # --- looks --------------------------------------------------------------------------------------------

    def look(self, source: str) -> None:
        self.corral.synchronizer.synchronize(source)
        self.settle()

    def glance(self, number: int) -> None:
        self.corral.synchronizer.glance(self.kind(number), [self.machine(number)])

    def survey(self) -> None:
        self.corral.surveyor.survey(VMS)

    def settle(self) -> None:
        for operation in self.corral.engine.operations(limit=50):
            if not operation.state.final:
                self.corral.engine.wait(operation.uuid, 90)

    def everything(self) -> None:
        """All is heard of, for long enough for whatever is to be done."""
        self.lying.page = None
        for wait in (4000.0, 61.0, 61.0, 61.0, 61.0):
            self.survey()
            for source in (NODES, VMS):
                self.look(source)
            self.clock.wait(wait)

    def rows(self) -> dict[tuple[str, Field], Drift]:
        settling = DriftFilter(state=DriftState.SETTLING)
        found = [row for where in (DriftFilter(), settling) for row in self.corral.drift.page(where, limit=1000)]
        return {(row.machine, row.field): row for row in found}

    def acts(self) -> int:
        """How many operations corrected something, ever."""
        with self.corral.sql.connect() as conn:
            return int(conn.exec_driver_sql("SELECT count(*) FROM operations WHERE kind = 'sync'").scalar_one())


def machine_over(fleet: Fleet) -> type[RuleBasedStateMachine]:
    numbers = st.integers(0, 2 * len(POLICIES) - 1)

    class Interleaving(RuleBasedStateMachine):
        """Two sides that change, and a synchronizer that hears of it at any time, twice, late or never."""

        @initialize()
        def begin(self) -> None:
            fleet.reset()
            fleet.everything()
            self.late: list[int] = []
            self.pages: list[list[Any]] = []
            self.said: set[tuple[int, Field, Any]] = set()
            self.acts = fleet.acts()
            self._remember()

        def _remember(self, only: int | None = None) -> None:
            for number in range(len(fleet.uuids)) if only is None else [only]:
                for side in (fleet.record(number), fleet.world(number)):
                    self.said |= {(number, what, value) for what, value in side.items()}

        @rule(number=numbers, on=st.booleans(), heard=st.sampled_from(["never", "once", "twice", "late"]))
        def switched_at_the_source(self, number: int, on: bool, heard: str) -> None:
            self._changed(number, Field.POWER, ON if on else OFF, heard)

        @rule(number=numbers, letter=st.sampled_from("abc"), heard=st.sampled_from(["never", "once", "twice", "late"]))
        def renamed_at_the_source(self, number: int, letter: str, heard: str) -> None:
            self._changed(number, Field.NAME, f"{letter}-{number}", heard)

        @rule(number=st.integers(len(POLICIES), 2 * len(POLICIES) - 1), cpus=st.integers(1, 4))
        def given_other_processors(self, number: int, cpus: int) -> None:
            self._changed(number, Field.CPU, cpus, "once")

        def _changed(self, number: int, what: Field, value: Any, heard: str) -> None:
            fleet.change(number, what, value)
            self._remember(number)
            if heard == "late":
                self.late.append(number)
            for _ in range({"once": 1, "twice": 2}.get(heard, 0)):
                self._heard(number)

        def _heard(self, number: int) -> None:
            if fleet.kind(number) == VMS:
                fleet.survey()
            fleet.glance(number)

        @rule(data=st.data())
        def what_was_late_is_heard_in_any_order(self, data: st.DataObject) -> None:
            if self.late:
                self._heard(self.late.pop(data.draw(st.integers(0, len(self.late) - 1))))

        @rule(number=st.integers(0, len(POLICIES) - 1), letter=st.sampled_from("abc"))
        def renamed_here(self, number: int, letter: str) -> None:
            change = [{"op": "replace", "path": "/name", "value": f"{letter}-{number}"}]
            fleet.corral.servers.update(fleet.server(number), change, ACTOR)
            self._remember(number)

        @rule(number=numbers, on=st.booleans())
        def switched_here(self, number: int, on: bool) -> None:
            with suppress(CorralError):  # it may be in that state already
                fleet.corral.servers.power(fleet.server(number), PowerTarget.ON if on else PowerTarget.OFF, ACTOR)
                fleet.settle()
            self._remember(number)

        @rule(source=st.sampled_from([NODES, VMS]))
        def looked_at(self, source: str) -> None:
            fleet.look(source)
            self._made_up()

        @rule()
        def a_page_is_kept(self) -> None:
            self.pages.append(list(fleet.memory.source.machines.told(free=False)))

        @rule(data=st.data())
        def an_old_page_is_told(self, data: st.DataObject) -> None:
            if self.pages:
                old = data.draw(st.sampled_from(self.pages))
                fleet.lying.page = lambda _told: old
                fleet.look(NODES)
                fleet.lying.page = None
                self._made_up()

        @rule(seconds=st.sampled_from([1.0, 30.0, SETTLE + 1, 4000.0]))
        def time_goes_by(self, seconds: float) -> None:
            fleet.clock.wait(seconds)

        @rule(data=st.data(), decision=st.sampled_from(["accept", "restore", "ignore"]))
        def somebody_decides(self, data: st.DataObject, decision: str) -> None:
            rows = sorted(fleet.corral.drift.page(DriftFilter(), limit=100), key=lambda row: (row.machine, row.field))
            if rows:
                with suppress(CorralError):  # it may have changed since, or not be possible
                    getattr(fleet.corral.drift, decision)(data.draw(st.sampled_from(rows)), ACTOR)
                    fleet.settle()
                self._made_up()

        def _made_up(self) -> None:
            for number in range(len(fleet.uuids)):
                for side in (fleet.record(number), fleet.world(number)):
                    for what, value in side.items():
                        assert (number, what, value) in self.said, (number, what, value)

        def teardown(self) -> None:
            if not hasattr(self, "said"):
                return
            fleet.everything()
            self._made_up()
            self._agreed_or_in_the_queue()
            before = self._state()
            fleet.everything()
            assert self._state() == before  # nothing goes on

        def _agreed_or_in_the_queue(self) -> None:
            rows = fleet.rows()
            for number in range(len(fleet.uuids)):
                record, world = fleet.record(number), fleet.world(number)
                for what in FIELDS[fleet.kind(number)]:
                    row = rows.pop((fleet.machine(number), what), None)
                    if record[what] == world[what] or (world[what] is None and row is None):
                        assert row is None, row
                    else:
                        assert row is not None, (number, what, record[what], world[what])
                        assert row.state in ENDED, row
                        assert (row.record, row.world) == (record[what], world[what])
            assert rows == {}

        def _state(self) -> Any:
            sides = [(fleet.record(number), fleet.world(number)) for number in range(len(fleet.uuids))]
            states = {key: (row.state, row.record, row.world) for key, row in fleet.rows().items()}
            return sides, states, fleet.acts()

    return Interleaving


@pytest.fixture(scope="module")
def fleet(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Fleet]:
    made = Fleet(tmp_path_factory.mktemp("fleet"))
    yield made
    made.corral.stop()


def test_both_sides_end_agreed_or_in_the_queue(fleet: Fleet) -> None:
    slow = [HealthCheck.too_slow, HealthCheck.data_too_large]
    # Without making an example smaller: a step may take a tenth of a second.
    some = settings(
        max_examples=6, stateful_step_count=25, deadline=None, suppress_health_check=slow, phases=[Phase.generate]
    )
    run_state_machine_as_test(machine_over(fleet), settings=some)  # type: ignore[no-untyped-call]
