"""Flows as they are written, and rehearsed without an engine."""

from typing import Any

import pytest
from engine_world import NOTHING, WHOLE, AnyRun, Broken, Environment, World, failing, flow, making

from corral.engine import Cancelled, ClaimLost, Engine, Flow, Rehearsal, open_database


def test_a_rehearsed_flow_does_its_steps_in_order(world: World) -> None:
    rehearsal = Rehearsal(Environment(world))
    rehearsal.play(WHOLE)
    assert (world.log, rehearsal.results["a"]) == (["do a", "do b", "do c"], {"made": "a"})


def test_a_rehearsed_flow_that_fails_is_undone(world: World) -> None:
    with pytest.raises(Broken):
        Rehearsal(Environment(world)).play(NOTHING)
    assert world.things() == set()


def test_a_rehearsal_checks_as_the_engine_does(world: World) -> None:
    run: AnyRun = Rehearsal(world, cancelled=True)
    with pytest.raises(Cancelled):
        run.check()
    Rehearsal(world, cancelled=True, reverting=True).check()
    with pytest.raises(ClaimLost):
        Rehearsal(world, superseded=True, reverting=True).check()


@pytest.mark.parametrize("steps", [(), (making("a"), making("a")), (making("n" * 65),)], ids=["none", "twice", "long"])
def test_a_flow_that_could_not_be_stored_is_refused_when_it_is_written(steps: Any) -> None:
    with pytest.raises(ValueError):
        Flow("flow", 1, steps)


def test_two_flows_of_one_name_and_version_are_refused(tmp_path: Any) -> None:
    sql = open_database(f"sqlite:///{tmp_path}/corral.db")
    with pytest.raises(ValueError, match="registered twice"):
        Engine(sql, [WHOLE, flow(failing())], None)
