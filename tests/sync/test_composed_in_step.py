"""What somebody does at a pod to systems that servers are composed of: seen, told, and never undone or repeated by Corral."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Mapping
from contextlib import ExitStack
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

import pytest
import yaml
from sync_bench import ACTOR, QUICK, SETTLE, Bench, node_id

from corral import config
from corral.contracts.watching import Hears
from corral.domain.composing import Attempt
from corral.domain.drift import Drift, DriftState, Field
from corral.domain.errors import Conflict, NotSupported, Unreachable
from corral.domain.sync_pods import Assemblies
from corral.drivers.memory.pod import MemoryPod, PodMachines
from corral.drivers.memory.pod_world import BLOCKS, SystemRecord, machines_worth
from corral.store import Compositions
from corral.wiring import Corral, build
from tests.waiting import until


class Announcing(PodMachines):
    """A pod in memory that can be listened to, and answers as badly as a test wants. `looks`: how often it was asked."""

    heard: Hears | None = None
    told: Callable[[str], None] | None = None
    looks = 0
    says: Callable[[], Assemblies] | None = None

    def announcements(self) -> Announcing:
        return self

    def listen(self, heard: Hears, told: Callable[[str], None]) -> Callable[[], None]:
        self.heard, self.told = heard, told
        told("")
        heard(())
        return lambda: setattr(self, "heard", None)

    def assemblies(self, claimed: Mapping[str, Collection[str]]) -> Assemblies:
        self.looks += 1
        return self.says() if self.says is not None else super().assemblies(claimed)


@dataclass
class Made:
    """What servers are made of, by number."""

    names: dict[int, str] = field(default_factory=dict)
    systems: dict[int, SystemRecord] = field(default_factory=dict)


class PodBench(Bench):
    """A bench whose servers are composed of the blocks of a pod: server N of compute-N, drive-N and nic-N."""

    def _build(self, policy: Mapping[str, Any]) -> Corral:
        self.pod = MemoryPod()
        machines_worth(self.pod.world, 12)
        self.machines = Announcing("pod", self.pod.world, self.pod.wire)
        self.policy = {"settle": SETTLE, "looks": 2, "gone_looks": 2, **policy}
        super()._build(policy).stop()  # wrote the policy
        return build(
            config.Settings(
                data_dir=self.folder, sync=config.SyncSettings(policy_file=self.folder / "policy.yaml"), workers=2
            ),
            sources={"lab": self.source, "pod": replace(self.pod.source, machines=self.machines)},
            hosts=(),
            emit=lambda event, payload, **_more: self.events.append((event, payload.as_json())),
            clock=self.clock,
            sleep=lambda _seconds: None,
            back_off=QUICK,
        )

    def compose(self, *numbers: int, chosen: bool = True) -> None:
        """Adopt machines, and have them composed. `chosen`: Corral chose the blocks, and not the pod."""
        store, self.made = Compositions(self.corral.sql, self.clock), getattr(self, "made", Made())
        for number, server in zip(numbers, self.adopt(*numbers), strict=True):
            name = f"corral-{server.uuid}-1"
            record = self.pod.world.take(*self.blocks(number), name=name)
            claimed = self.blocks(number) if chosen else ()
            store.begin(Attempt(name, "pod", server.uuid, "op", claimed), {})
            store.composed(name, record.id)
            self.made.names[number], self.made.systems[number] = name, record

    def blocks(self, number: int) -> tuple[str, ...]:
        return tuple(f"{BLOCKS}/{kind}-{number}" for kind in ("compute", "drive", "nic"))

    def swap(self, number: int, old: str, new: str) -> None:
        """Somebody takes a block out of a system at the pod, and puts another one in."""
        record = self.made.systems[number]
        self.pod.world.vanish(record.id)
        blocks = [f"{BLOCKS}/{new}" if one == f"{BLOCKS}/{old}" else one for one in record.blocks]
        again = self.pod.world.take(*blocks, name=record.name)
        del self.pod.world.records[again.id]
        record.blocks = tuple(blocks)
        self.pod.world.records[record.id] = record
        for block in blocks:
            self.pod.world.blocks[block] = replace(self.pod.world.blocks[block], systems=(record.id,))

    def composition(self, number: int) -> Drift | None:
        return self.drift(number, Field.COMPOSITION)

    def claimed(self) -> set[str]:
        return set(Compositions(self.corral.sql, self.clock).claimed("pod"))

    def changes(self) -> list[str]:
        """Calls to the pod that could change something."""
        with self.corral.sql.connect() as conn:
            return [
                row[0]
                for row in conn.exec_driver_sql("SELECT path FROM calls WHERE method != 'GET' AND service = 'pod'")
            ]


@pytest.fixture
def bench(tmp_path: Path) -> Iterator[Callable[..., PodBench]]:
    with ExitStack() as stack:

        def made(composed: int = 2, machines: int = 4, **policy: Any) -> PodBench:
            one = PodBench(tmp_path, {"fields": {"name": "none"}, **policy}, machines)
            stack.callback(one.stop)
            one.compose(*range(1, composed + 1))
            one.look()
            assert one.drifts() == one.drifts("settling") == []
            return one

        yield made


Make = Callable[..., PodBench]


@pytest.mark.parametrize("policy", ["none", "tolerate", "sync"])
def test_a_system_that_was_released_at_the_pod_is_told_and_nothing_is_done(bench: Make, policy: str) -> None:
    one = bench(policy=policy)
    before = one.servers()
    one.pod.world.vanish(one.made.systems[1].id)
    one.look()
    first = one.composition(1)
    assert first is not None and first.state is DriftState.SETTLING, "a pod that was wrong once is not believed"
    one.clock.wait(SETTLE)
    one.looks(2)
    found = one.composition(1)
    assert found is not None and found.state is DriftState.OPEN
    system = one.made.systems[1].id
    assert found.record == [*(f"block {block}" for block in one.blocks(1)), f"system {system}"]
    assert found.world == [f"system {system} gone"]
    assert one.drifts() == [found]
    assert one.servers() == before, "whether the server is lost is Ironic's to say"
    assert one.acts() == one.changes() == []
    assert one.claimed() == {*one.blocks(1), *one.blocks(2)}


def test_what_is_over_at_the_pod_is_over_here(bench: Make) -> None:
    one = bench()
    record = one.made.systems[1]
    one.pod.world.vanish(record.id)
    one.looks(3)
    assert one.composition(1) is not None
    one.pod.world.records[record.id] = record
    one.look()
    assert one.composition(1) is None


def test_blocks_that_were_changed_at_the_pod_are_told_under_none_and_taken_over_under_tolerate(bench: Make) -> None:
    one = bench(policy="none")
    one.swap(1, "drive-1", "drive-9")
    one.looks(3)
    found = one.composition(1)
    assert found is not None and found.state is DriftState.OPEN
    assert f"block {BLOCKS}/drive-9" in found.world and f"block {BLOCKS}/drive-1" not in found.world
    assert f"{BLOCKS}/drive-1" in one.claimed()
    (one.folder / "policy.yaml").write_text(yaml.safe_dump({"sources": {"lab": {**one.policy, "policy": "tolerate"}}}))
    one.corral.synchronizer.reload()
    one.corral.synchronizer._refresh()
    one.look()
    assert one.composition(1) is None
    now = {f"{BLOCKS}/{kind}" for kind in ("compute-1", "drive-9", "nic-1")}
    assert one.claimed() == {*now, *one.blocks(2)}, "what went may be composed again, what came may not"
    counts = one.look()
    assert {what: number for what, number in counts.items() if number} == {"servers": 2}
    assert one.changes() == []


def test_a_person_may_accept_other_blocks_and_nothing_that_is_wrong(bench: Make) -> None:
    one = bench(policy="none")
    one.swap(1, "drive-1", "drive-9")
    one.pod.world.vanish(one.made.systems[2].id)
    one.looks(3)
    other, gone = one.composition(1), one.composition(2)
    assert other is not None and gone is not None
    one.corral.drift.accept(other, ACTOR)
    assert one.composition(1) is None
    with pytest.raises(Conflict, match="neither composes nor releases"):
        one.corral.drift.accept(gone, ACTOR)
    with pytest.raises(NotSupported):
        one.corral.drift.restore(gone, ACTOR)
    one.corral.drift.ignore(gone, ACTOR)
    one.looks(2)
    assert [drift.state for drift in one.drifts("ignored")] == [DriftState.IGNORED]


def test_a_block_that_another_server_claims_is_not_taken_over(bench: Make) -> None:
    one = bench(policy="tolerate")
    one.swap(1, "drive-1", "drive-9")
    store = Compositions(one.corral.sql, one.clock)
    store.begin(Attempt("corral-x", "pod", "x", "op", (f"{BLOCKS}/drive-9",)), {})
    one.looks(3)
    found = one.composition(1)
    assert found is not None and found.state is DriftState.CONFLICT
    assert "claimed by another server" in found.why
    assert f"{BLOCKS}/drive-1" in one.claimed(), "nothing of it was done"


def test_where_the_pod_chose_the_blocks_what_it_has_first_is_agreed(tmp_path: Path) -> None:
    one = PodBench(tmp_path, {"policy": "none", "fields": {"name": "none"}})
    try:
        one.compose(1, chosen=False)
        one.looks(3)
        assert one.drifts() == []
        one.swap(1, "nic-1", "nic-5")
        one.looks(3)
        found = one.composition(1)
        assert found is not None and f"block {BLOCKS}/nic-1" in found.record
    finally:
        one.stop()


# --- pods that can't be believed ---------------------------------------------------------------------------


def away() -> Assemblies:
    raise Unreachable("The pod is down.")


def test_a_pod_that_is_away_leaves_its_field_untold_and_the_rest_goes_on(bench: Make) -> None:
    one = bench(policy="tolerate")
    one.machines.says = away
    one.node(1).power = "power off"
    one.looks(3)
    assert one.server(1).power == "power off"
    assert one.drifts() == []
    [synced] = one.corral.drift.sources()
    assert synced.state.problem == "Compositions at pod are not compared: The pod is down."
    one.machines.says = None
    one.look()
    assert one.corral.drift.source("lab").state.problem is None


def test_a_pod_that_has_nothing_any_more_puts_the_brake_on_and_is_not_taken_for_true(bench: Make) -> None:
    one = bench(composed=4, machines=16, policy="tolerate", brake={"percent": 30, "least": 3})
    one.adopt(*range(5, 17))
    one.looks(3)
    one.machines.says = Assemblies  # of the whole source it is as much as may differ, of the pod it is everything
    counts = one.looks(3)
    state = one.corral.drift.source("lab").state
    assert state.braked_at is not None
    assert "4 systems differ at once at pod pod, of 4" in str(state.brake_why)
    held = one.drifts()
    assert {drift.state for drift in held} == {DriftState.HELD} and len(held) == 4
    assert all("may not be true" in drift.why for drift in held)
    assert not any(count["taken"] for count in counts)
    assert one.told().count("server.drift.found") == 0
    one.machines.says = None
    one.looks(3)
    assert one.drifts() == []
    assert one.corral.drift.source("lab").state.braked_at is None


def test_one_pass_asks_a_pod_once_and_machines_that_are_not_composed_ask_nobody(bench: Make) -> None:
    one = bench(composed=3)
    before = one.machines.looks
    one.look()
    assert one.machines.looks == before + 1
    one.adopt(4)
    one.glance(4)
    assert one.machines.looks == before + 1


# --- listening ---------------------------------------------------------------------------------------------

SELDOM = {"every": 3600, "at_most": 3600}


def listening(bench: Make, **policy: Any) -> PodBench:
    one = bench(poll=SELDOM, **policy)
    one.corral.synchronizer.start()
    until(lambda: one.machines.heard is not None and one.corral.drift.state("pod").hears is True)
    until(lambda: one.corral.drift.source("lab").state.wanted_at is None)
    return one


def announce(one: PodBench, *ids: str) -> None:
    assert one.machines.heard is not None
    one.machines.heard(ids)


@pytest.mark.parametrize("named", ["system", "block", "below", "something", "stranger"])
def test_what_a_pod_announces_leads_to_a_look_at_the_servers_that_it_may_be_about(bench: Make, named: str) -> None:
    one = listening(bench)
    until(lambda: one.machines.looks >= 2)  # a new stream has everything looked at
    passed = one.corral.drift.source("lab").state.ended_at
    one.clock.wait(1)
    system = one.made.systems[2].id
    one.pod.world.vanish(system)
    words = {
        "system": system,
        "block": one.blocks(2)[0],
        "below": f"{system}/Processors/1",
        "stranger": "/redfish/v1/Systems/x",
    }
    announce(one, *([words[named]] if named in words else []))
    until(lambda: one.composition(2) is not None)
    found = one.composition(2)
    assert found is not None and (found.state, found.looks) == (DriftState.SETTLING, 1)
    assert one.corral.drift.source("lab").state.ended_at == passed, "it took no pass"
    assert one.composition(1) is None


def test_whether_a_pod_is_heard_is_told_at_the_pod_at_its_source_and_as_a_metric(bench: Make) -> None:
    one = listening(bench)
    assert one.machines.told is not None
    assert b'corral_notifications_heard{source="pod"} 1.0' in one.corral.metrics.text()
    one.machines.told("Its EventService only pushes.")
    until(lambda: one.corral.drift.state("pod").hears is False)
    assert one.corral.drift.state("pod").hears_why == "Its EventService only pushes."
    [pod] = one.corral.drift.source("lab").pods
    assert (pod.name, pod.hears, pod.hears_since) == ("pod", False, one.clock())
    assert b'corral_notifications_heard{source="pod"} 0.0' in one.corral.metrics.text()
    (one.folder / "policy.yaml").write_text("sources: {}\n")
    one.corral.synchronizer.reload()
    until(lambda: one.corral.drift.state("pod").hears is None and one.machines.heard is None)


def test_listening_ends_with_the_synchronizer_and_another_one_may_begin_at_once(bench: Make) -> None:
    one = listening(bench)
    one.corral.synchronizer.stop()
    assert one.machines.heard is None
    one.corral.synchronizer.start()
    until(lambda: one.machines.heard is not None)


def test_made_up_announcements_without_end_cost_few_looks(bench: Make) -> None:
    one = listening(bench)
    until(lambda: one.machines.looks >= 2)
    before = one.machines.looks
    for number in range(5000):
        announce(one, f"/redfish/v1/Systems/made-up-{number}")
    one.pod.world.vanish(one.made.systems[1].id)
    announce(one, one.made.systems[1].id)
    until(lambda: one.composition(1) is not None)
    assert one.machines.looks - before < 10
    assert [drift.machine for drift in one.drifts("settling")] == [node_id(1)]
