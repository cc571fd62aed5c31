"""kill -9 at every boundary: after a restart the world is whole or nothing, and the record says which."""

import multiprocessing
import signal
from collections.abc import Callable
from pathlib import Path

import pytest
from engine_crash import STEPS, crash_after_commit, crash_at_moment, recover

from corral.engine import State

FORWARDS = [f"{when} do {name}" for name in STEPS for when in ("before", "after")]
BACKWARDS = [f"{when} undo {name}" for name in reversed(STEPS) for when in ("before", "after")]
SERVER = multiprocessing.get_context("forkserver")
SERVER.set_forkserver_preload(["corral.engine"])


def killed(target: Callable[..., None], *args: object) -> bool:
    """Run in a child process; whether it was killed rather than came to its end."""
    child = SERVER.Process(target=target, args=args)
    child.start()
    child.join(60)
    assert child.exitcode in (0, -signal.SIGKILL), child.exitcode
    return child.exitcode != 0


def assert_whole_or_nothing(place: Path, fails: bool) -> None:
    done, things, events = recover(place, fails=fails)
    assert done.state is (State.REVERTED if fails else State.SUCCEEDED)
    assert things == (set() if fails else set(STEPS))
    assert events[0] == "operation.started"
    assert events.count("operation.started") == 1
    assert events[-1] == f"operation.{done.state}"
    assert events.count(events[-1]) == 1


@pytest.mark.parametrize("moment", FORWARDS)
def test_an_operation_killed_in_a_step_is_completed_by_the_next_process(moment: str, tmp_path: Path) -> None:
    assert killed(crash_at_moment, tmp_path, False, moment)
    assert_whole_or_nothing(tmp_path, fails=False)


@pytest.mark.parametrize("moment", FORWARDS + BACKWARDS)
def test_a_failing_operation_killed_anywhere_is_undone_by_the_next_process(moment: str, tmp_path: Path) -> None:
    assert killed(crash_at_moment, tmp_path, True, moment)
    assert_whole_or_nothing(tmp_path, fails=True)


@pytest.mark.parametrize("fails", [False, True])
@pytest.mark.parametrize("number", range(1, 34, 2))
def test_an_operation_killed_after_any_transaction_comes_to_its_end(number: int, fails: bool, tmp_path: Path) -> None:
    killed(crash_after_commit, tmp_path, fails, number)
    assert_whole_or_nothing(tmp_path, fails)


def test_an_operation_killed_again_and_again_still_comes_to_its_end(tmp_path: Path) -> None:
    for moment in ("after do a", "before do c", "after do c", "before undo c", "after undo b"):
        assert killed(crash_at_moment, tmp_path, True, moment)
    assert_whole_or_nothing(tmp_path, fails=True)


def test_a_revert_never_goes_forwards_again_after_a_crash(tmp_path: Path) -> None:
    assert killed(crash_at_moment, tmp_path, True, "before undo b")
    # The next process would succeed if it went forwards.
    done, things, _events = recover(tmp_path, fails=False)
    assert (done.state, things) == (State.REVERTED, set())
    assert done.error is not None and done.error["step"] == "c"
