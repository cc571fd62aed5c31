"""A whole Corral that keeps a machine in step: each kind of change in each phase, in memory and on a real Ironic."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
import yaml
from contract_yard import CLASS, Yard

from corral import config
from corral.contracts.border import Purpose, crossing
from corral.contracts.sources import Powers, PowerTarget
from corral.contracts.syncing import Sets
from corral.domain.drift import Drift, DriftState, Field
from corral.domain.lifecycle import Status
from corral.domain.server import ManageRequest, NetworkRequest, Server
from corral.engine import BackOff
from corral.services.adoption import Actor
from corral.store.drift import DriftFilter
from corral.store.servers import ServerFilter
from corral.wiring import Corral, build

ACTOR = Actor("operator", "bank")
WORDS = {"power on": PowerTarget.ON, "power off": PowerTarget.OFF}


class Pair:
    """One machine of a yard, a server of it, and a Corral with a policy under which one look is enough."""

    def __init__(self, yard: Yard, folder: Path, **policy: Any) -> None:
        self.yard = yard
        self.machine = yard.machine()
        self.before = yard.record(self.machine)
        self.corral = self._build(folder, policy)
        self.corral.engine.start()
        self.uuid = self._adopt()

    def _build(self, folder: Path, policy: dict[str, Any]) -> Corral:
        file = folder / "policy.yaml"
        quick = {"settle": 0, "looks": 1, "gone_looks": 1}
        file.write_text(yaml.safe_dump({"sources": {self.yard.source.name: {**quick, **policy}}}))
        source = replace(self.yard.source, close=lambda: None)  # it is the yard's to close
        settings = config.Settings(data_dir=folder, sync=config.SyncSettings(policy_file=file), workers=2)
        quick_again = BackOff(first=0.05, factor=1.5, cap=0.5, jitter=0.0, tries=20)
        return build(
            settings, sources={source.name: source}, hosts=(), emit=lambda *_a, **_k: None, back_off=quick_again
        )

    def _adopt(self) -> str:
        flavor = self.corral.flavors.create({"name": "c", "resources": {CLASS: "1"}}, ACTOR).uuid
        networks = (NetworkRequest(net_id=self.yard.network),)
        wish = ManageRequest(
            f"server-{self.machine[:8]}",
            self.machine,
            flavor,
            networks,
            self.yard.source.name,
            project=self.yard.project,
        )
        server, operation = self.corral.adoption.manage(wish, ACTOR)
        ended = self.corral.engine.wait(operation.uuid, 60)
        assert ended.state == "succeeded", ended.error
        return server.uuid

    def stop(self) -> None:
        """Give back what is still managed, and end."""
        server = self.corral.servers.page(ServerFilter(), limit=1, marker=None, sort_key="created_at", descending=False)
        for one in server:
            self.corral.engine.wait(self.corral.adoption.unmanage(one, ACTOR)[1].uuid, 90)
        self.corral.stop()

    @property
    def server(self) -> Server:
        return self.corral.servers.get(self.uuid)

    def look(self, times: int = 1) -> None:
        for _ in range(times):
            self.corral.synchronizer.synchronize(self.yard.source.name)
            for operation in self.corral.engine.operations(limit=100):
                if not operation.state.final:
                    self.corral.engine.wait(operation.uuid, 90)

    def drift(self, what: Field) -> Drift | None:
        found = self.corral.drift.page(DriftFilter(server=self.uuid), limit=50)
        return next((one for one in found if one.field is what), None)

    def told(self, what: Field) -> Any:
        return self.yard.source.machines.told_of(self.machine).facts.get(what)  # type: ignore[attr-defined]

    def switch(self, power: str) -> None:
        """Somebody else switches it."""
        machines = self.yard.source.machines
        assert isinstance(machines, Powers)
        with crossing(Purpose.POWER):
            machines.switch(self.machine, WORDS[power])
        self.until(Field.POWER, power)

    def call_it(self, name: str) -> None:
        """Somebody else calls its instance something."""
        machines = self.yard.source.machines
        assert isinstance(machines, Sets)
        with crossing(Purpose.SYNC):
            machines.set(self.machine, Field.NAME, name)

    def until(self, what: Field, value: Any) -> None:
        end = time.monotonic() + 120
        while (told := self.told(what)) != value:
            assert time.monotonic() < end, told
            time.sleep(0.1)


@pytest.fixture
def pair(yard: Yard, tmp_path: Path) -> Iterator[Callable[..., Pair]]:
    made: list[Pair] = []

    def start(**policy: Any) -> Pair:
        made.append(Pair(yard, tmp_path, **policy))
        return made[-1]

    yield start
    for one in made:
        one.stop()


@pytest.mark.parametrize("policy", ["none", "tolerate", "sync"])
def test_power_that_somebody_else_switched(pair: Callable[..., Pair], policy: str) -> None:
    one = pair(policy=policy, fields={"name": "none"})
    one.look()
    one.switch("power off")
    one.look(2)
    found = one.drift(Field.POWER)
    if policy == "none":
        assert found is not None
        assert (found.state, found.record, found.world) == (DriftState.OPEN, "power on", "power off")
        assert one.server.status is Status.ACTIVE
    else:
        assert found is None
        assert (one.server.status, one.server.power) == (Status.STOPPED, "power off")
    assert one.told(Field.POWER) == "power off"


@pytest.mark.parametrize("allow", [[], ["start"]])
def test_a_record_that_wins_starts_a_machine_only_by_a_rule(pair: Callable[..., Pair], allow: list[str]) -> None:
    one = pair(policy="sync", fields={"power": {"wins": "record"}, "name": "none"}, allow=allow)
    one.look()
    one.switch("power off")
    one.look(2)
    if allow:
        assert one.told(Field.POWER) == "power on"
        assert one.drift(Field.POWER) is None
    else:
        found = one.drift(Field.POWER)
        assert found is not None
        assert found.state is DriftState.CONFLICT
        assert one.told(Field.POWER) == "power off"
    assert one.server.status is Status.ACTIVE


@pytest.mark.parametrize("policy", ["none", "tolerate", "sync"])
def test_a_name_that_somebody_else_gave(pair: Callable[..., Pair], policy: str) -> None:
    one = pair(policy=policy, brake={"least": 5})
    one.call_it(one.server.name)
    one.look()
    name = one.server.name
    one.call_it("another")
    one.look(2)
    assert one.server.name == (name if policy == "none" else "another")
    assert (one.drift(Field.NAME) is None) == (policy != "none")


def test_a_name_given_here_is_the_sources_until_the_server_is_let_go(pair: Callable[..., Pair]) -> None:
    one = pair(policy="sync", fields={"name": {"wins": "record"}}, brake={"least": 5})
    one.look(2)
    assert one.told(Field.NAME) == one.server.name
    one.corral.servers.update(one.server, [{"op": "replace", "path": "/name", "value": "renamed"}], ACTOR)
    one.look(2)
    assert one.told(Field.NAME) == "renamed"
    _, operation = one.corral.adoption.unmanage(one.server, ACTOR)
    ended = one.corral.engine.wait(operation.uuid, 90)
    assert ended.state == "succeeded", ended.error
    assert one.yard.record(one.machine) == one.before


def test_a_change_on_both_sides_waits_for_a_person_who_decides(pair: Callable[..., Pair]) -> None:
    one = pair(policy="sync", brake={"least": 5})
    one.call_it(one.server.name)
    one.look()
    one.corral.servers.update(one.server, [{"op": "replace", "path": "/name", "value": "ours"}], ACTOR)
    one.call_it("theirs")
    one.look(2)
    found = one.drift(Field.NAME)
    assert found is not None
    assert (found.state, found.record, found.world) == (DriftState.CONFLICT, "ours", "theirs")
    operation = one.corral.drift.restore(found, ACTOR)
    assert one.corral.engine.wait(operation.uuid, 60).state == "succeeded"
    assert (one.told(Field.NAME), one.server.name) == ("ours", "ours")


def test_a_machine_that_was_deleted_at_its_source_is_lost_and_let_go_when_that_is_confirmed(
    pair: Callable[..., Pair],
) -> None:
    one = pair(policy="tolerate")
    one.look()
    one.yard.delete(one.machine)
    one.look(2)
    assert one.server.status is Status.LOST
    gone = one.drift(Field.GONE)
    assert gone is not None
    operation = one.corral.drift.accept(gone, ACTOR)
    assert operation is not None
    ended = one.corral.engine.wait(operation.uuid, 60)
    assert ended.state == "succeeded", ended.error
