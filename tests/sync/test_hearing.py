"""What is heard on a bus: a hint that leads to a look, and is believed in nothing."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path
from typing import Any

import pytest
from hearing_bench import SELDOM, HearingBench, until
from sync_bench import Bench, node_id

from corral.domain.drift import DriftState, Field


@pytest.fixture
def bench(tmp_path: Path) -> Iterator[Callable[..., HearingBench]]:
    with ExitStack() as stack:

        def made(machines: int = 3, **policy: Any) -> HearingBench:
            one = HearingBench(tmp_path, {"poll": SELDOM, **policy}, machines)
            stack.callback(one.stop)
            one.adopt(*range(1, machines + 1))
            one.begin()
            return one

        yield made


def test_a_node_that_a_notification_names_is_looked_at_at_once(bench: Callable[..., HearingBench]) -> None:
    one = bench(policy="tolerate")
    passed = one.state().ended_at
    one.node(2).power = "power off"
    one.clock.wait(1)
    one.bus.announce(node_id(2))
    until(lambda: one.drift(2, Field.POWER) is not None)
    drift = one.drift(2, Field.POWER)
    assert drift is not None
    assert (drift.state, drift.looks) == (DriftState.SETTLING, 1)
    assert one.state().ended_at == passed  # it took no pass
    assert one.server(2).power == "power on"  # nothing is decided by a hint


def test_notifications_that_are_doubled_or_made_up_change_nothing(bench: Callable[..., HearingBench]) -> None:
    one = bench(policy="tolerate")
    before = one.servers()
    for _ in range(20):
        one.bus.announce(node_id(1), node_id(99), node_id(1), "not-a-node")
    one.node(3).power = "power off"
    one.bus.announce(node_id(3))
    until(lambda: one.drift(3, Field.POWER) is not None)
    assert [row.machine for row in one.drifts("settling")] == [node_id(3)]
    assert one.servers() == before


def test_a_lost_bus_is_told_and_polling_goes_on(bench: Callable[..., HearingBench]) -> None:
    one = bench(policy="none", poll={"every": 1, "at_most": 1})
    one.bus.lose("bus.example.org:5672: refused")
    until(lambda: one.state().hears is False)
    assert one.state().hears_why == "bus.example.org:5672: refused"
    assert one.state().hears_since == one.clock()
    one.node(1).power = "power off"
    until(lambda: one.drift(1, Field.POWER) is not None)


def test_a_source_without_a_bus_says_that_it_has_none(tmp_path: Path) -> None:
    one = Bench(tmp_path, {})
    try:
        one.corral.synchronizer.start()
        until(lambda: one.corral.drift.source("lab").state.ended_at is not None)
        assert one.corral.drift.source("lab").state.hears is None
    finally:
        one.stop()


def test_only_the_sources_one_synchronizer_listens_and_stops_when_it_ends(bench: Callable[..., HearingBench]) -> None:
    one = bench()
    assert one.bus.ends == 0
    one.corral.synchronizer.stop()
    assert one.bus.ends == 1


# --- the policy's file ------------------------------------------------------------------------------------


def write(one: HearingBench, text: str) -> None:
    fresh = one.folder / "fresh.yaml"
    fresh.write_text(text)
    fresh.replace(one.folder / "policy.yaml")


def test_a_changed_policy_counts_at_once_and_everything_is_compared_by_it(bench: Callable[..., HearingBench]) -> None:
    one = bench(policy="none", settle=0, looks=1)
    one.node(1).power = "power off"
    write(one, "sources: {lab: {policy: tolerate, settle: 0, looks: 1, poll: {every: 3600}}}")
    until(lambda: one.server(1).power == "power off")
    assert str(one.synced().policy.say.policy) == "tolerate"


def test_a_broken_policy_leaves_the_old_one_in_force_and_is_told_until_it_is_mended(
    bench: Callable[..., HearingBench],
) -> None:
    one = bench(policy="tolerate")
    write(one, "sources: {lab: {policy: everything}}")
    until(lambda: one.synced().policy_problem is not None)
    assert "everything" in str(one.synced().policy_problem)
    assert str(one.synced().policy.say.policy) == "tolerate"
    until(lambda: one.state().policy_problem is not None)  # other processes tell it too
    metric = b'corral_sync_policy_broken{source="lab"} 1.0'
    assert metric in one.corral.metrics.text()
    write(one, "sources: {lab: {policy: sync}}")
    until(lambda: one.synced().policy_problem is None and one.state().policy_problem is None)
    assert str(one.synced().policy.say.policy) == "sync"


def test_a_source_that_the_policy_names_no_more_is_left_alone_and_let_go(bench: Callable[..., HearingBench]) -> None:
    one = bench(policy="tolerate")
    write(one, "sources: {}")
    until(lambda: one.corral.drift.sources() == [])
    until(lambda: one.bus.ends == 1)
    write(one, "sources: {lab: {policy: none}}")
    until(lambda: [str(it.policy.say.policy) for it in one.corral.drift.sources()] == ["none"])
    one.node(1).power = "power off"
    one.corral.drift.look("lab")
    until(lambda: one.drift(1, Field.POWER) is not None)


def test_a_file_that_seems_the_same_is_read_again_when_somebody_says_so(bench: Callable[..., HearingBench]) -> None:
    one = bench(policy="none")
    file = one.folder / "policy.yaml"
    stat, text = file.stat(), file.read_text()
    with file.open("r+") as stream:  # as long as it was, and no younger
        stream.write(text.replace("none", "sync"))
    os.utime(file, ns=(stat.st_atime_ns, stat.st_mtime_ns))
    one.corral.synchronizer.reload()
    until(lambda: str(one.synced().policy.say.policy) == "sync")
