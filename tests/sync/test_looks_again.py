"""After a correction the machine is looked at again, without a wait for the next pass or survey."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from sync_bench import ACTOR, Bench
from vms_bench import SOURCE, VM, VmBench

from corral.domain.drift import DriftState, Field
from corral.domain.vm import RunState
from corral.drivers.memory import Answered
from corral.store import SurveyLeases
from tests.waiting import until

Make = Callable[..., Bench]


def seen_off(bench: Make) -> Bench:
    """A machine that is off, as a pass saw; the next one is not to come soon."""
    one = bench(machines=1, policy="none", poll={"every": 3600, "at_most": 3600}, looks=1, settle=0)
    one.adopt(1)
    one.look()
    one.node(1).power = "power off"
    one.look()
    drift = one.drift(1, Field.POWER)
    assert drift is not None
    assert drift.state is DriftState.OPEN
    one.corral.synchronizer.start()
    return one


def restored(one: Bench) -> str:
    """Its power is as recorded again, as somebody decided; and meanwhile its source made something else of it too."""
    one.node(1).properties["cpus"] = 99
    found = one.drift(1, Field.POWER)
    assert found is not None
    operation = one.corral.drift.restore(found, ACTOR)
    return one.corral.engine.wait(operation.uuid, 90).state


def test_a_node_that_was_corrected_is_looked_at_again(bench: Make) -> None:
    one = seen_off(bench)
    assert restored(one) == "succeeded"
    until(lambda: one.drift(1, Field.CPU) is not None)
    assert (one.node(1).power, one.drift(1, Field.POWER)) == ("power on", None)


def test_so_is_one_whose_correction_failed(bench: Make) -> None:
    one = seen_off(bench)

    def refused(moment: str) -> None:
        if moment.startswith("before PUT"):
            raise Answered(400)

    one.memory.faults = refused
    assert restored(one) == "reverted"
    until(lambda: one.drift(1, Field.CPU) is not None)
    assert one.drift(1, Field.POWER) is not None


def test_the_host_of_a_vm_that_was_corrected_is_surveyed_again(tmp_path: Path) -> None:
    one = VmBench(tmp_path, policy="none")
    try:
        wanted = SurveyLeases(one.corral.sql).wanted
        one.looks(1)
        one.change(state=RunState.OFF, run="")
        one.looks(3)
        assert wanted(SOURCE) == {}
        operation = one.corral.drift.restore(one.drifts()[Field.POWER], ACTOR)
        assert one.corral.engine.wait(operation.uuid, 90).state == "succeeded"
        assert one.hosts.vm(VM).state is RunState.RUNNING
        assert list(wanted(SOURCE)) == [one.hosts.vm(VM).host]
    finally:
        one.corral.stop()
