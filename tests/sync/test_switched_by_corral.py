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
