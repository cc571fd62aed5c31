"""What a person switched with Corral was seen at the source, so both sides agreed on it: the next change is the world's."""

from __future__ import annotations

from collections.abc import Callable

from sync_bench import ACTOR, Bench

from corral.contracts.sources import PowerTarget
from corral.domain.lifecycle import Status


def test_who_switches_on_what_corral_switched_off_is_not_worked_against(bench: Callable[..., Bench]) -> None:
    one = bench(policy="sync", allow=["start", "stop"], fields={"name": "none"})
    one.adopt(1)
    one.look()
    one.corral.servers.power(one.server(1), PowerTarget.OFF, ACTOR)
    one.settle()
    assert one.server(1).status is Status.STOPPED
    one.node(1).power = "power on"  # before any pass has seen it off
    one.looks(4)
    assert one.node(1).power == "power on"
    assert (one.server(1).status, one.server(1).power) == (Status.ACTIVE, "power on")
    assert one.drifts() == []
    assert one.acts() == []


def test_who_changes_the_record_often_is_not_told_that_somebody_fights_about_it(bench: Callable[..., Bench]) -> None:
    one = bench(policy="sync")
    one.adopt(1)
    one.looks(3)
    for number in range(6):
        one.corral.servers.update(one.server(1), [{"op": "replace", "path": "/name", "value": f"name-{number}"}], ACTOR)
        one.looks(3)
        assert one.node(1).instance_info["display_name"] == f"name-{number}"
    assert one.drifts() == []


def test_who_changes_it_back_at_the_source_each_time_is_found_all_the_same(bench: Callable[..., Bench]) -> None:
    one = bench(policy="sync", fields={"name": {"policy": "sync", "wins": "record"}})
    one.adopt(1)
    one.corral.servers.update(one.server(1), [{"op": "replace", "path": "/name", "value": "ours"}], ACTOR)
    one.looks(3)
    for _ in range(5):
        one.node(1).instance_info["display_name"] = "theirs"
        one.looks(3)
    assert one.node(1).instance_info["display_name"] == "theirs"
    assert [(drift.field, drift.state) for drift in one.drifts()] == [("name", "conflict")]
