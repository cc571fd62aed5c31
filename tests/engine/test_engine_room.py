"""One slow source does not hold up the others."""

import threading
import time
from typing import Any

from engine_world import AnyRun, Start, flow, until

from corral.engine import NewOperation, State, Step


def test_a_source_that_stands_still_holds_up_no_other(engine_of: Start) -> None:
    gate = threading.Event()

    def act(run: AnyRun) -> None:
        if run.params["source"] == "slow":
            assert gate.wait(60)

    slow_or_quick = flow(Step[Any]("a", "A", act, None))
    engine = engine_of(slow_or_quick, workers=4, room=lambda source, running: source != "slow" or running < 2)

    def submit(source: str) -> str:
        return str(engine.submit("flow", {"source": source}, operation=NewOperation(source=source)).uuid)

    slow = [submit("slow") for _ in range(8)]
    quick = [submit("quick") for _ in range(8)]
    assert {engine.wait(uuid, 90).state for uuid in quick} == {State.SUCCEEDED}

    def running() -> int:
        return sum(engine.operation(uuid).state is State.RUNNING for uuid in slow)  # type: ignore[union-attr]

    try:
        until(lambda: running() == 2)
        time.sleep(0.3)  # a third one would have begun by now
        assert running() == 2
    finally:
        gate.set()
    assert {engine.wait(uuid, 90).state for uuid in slow} == {State.SUCCEEDED}


def test_operations_begin_by_themselves_when_a_source_has_room_again(engine_of: Start) -> None:
    open_again = threading.Event()
    engine = engine_of(flow(Step[Any]("a", "A", lambda _run: None, None)), room=lambda *_: open_again.is_set())
    uuid = engine.submit("flow", {}, operation=NewOperation(source="s")).uuid
    until(lambda: engine._board.flows() == {uuid})
    assert engine.operation(uuid).state is State.PENDING  # type: ignore[union-attr]
    open_again.set()
    assert engine.wait(uuid, 90).state is State.SUCCEEDED


def test_what_waits_comes_to_the_board_in_turn_of_its_sources(engine_of: Start) -> None:
    engine = engine_of(flow(Step[Any]("a", "A", lambda _run: None, None)), start=False)
    for source in ("one", "one", "one", "two"):
        engine.submit("flow", {}, operation=NewOperation(source=source))
    assert [source for _, source in engine._records.waiting(2, None)] == ["one", "two"]
