"""The local board, the reconciler, leases, and when the engine counts as healthy."""

import threading
import time
from typing import Any

import pytest
from engine_world import WHOLE, Start, until

from corral.engine import LocalBoard, NewOperation, State
from corral.engine._taskflow import NotFound, UnclaimableJob, states
from corral.engine.conductor import Conductor, Doorbell

NEW = NewOperation()


def post(board: LocalBoard, uuid: str) -> Any:
    return board.post("flow", details={"flow_uuid": uuid})


def test_a_job_is_claimed_once_and_consumed_by_its_owner_only() -> None:
    board = LocalBoard()
    job = post(board, "1")
    assert (job.state, board.find_owner(job)) == (states.UNCLAIMED, None)
    board.claim(job, "me")
    with pytest.raises(UnclaimableJob):
        board.claim(job, "you")
    with pytest.raises(NotFound):
        board.consume(job, "you")
    board.consume(job, "me")
    assert (job.state, board.job_count) == (states.COMPLETE, 0)


def test_an_abandoned_job_is_free_again() -> None:
    board = LocalBoard()
    job = post(board, "1")
    board.claim(job, "me")
    board.abandon(job, "me")
    assert [j.uuid for j in board.iterjobs(only_unclaimed=True)] == ["1"]


def test_an_operation_is_on_the_board_once() -> None:
    board = LocalBoard()
    assert post(board, "1") is post(board, "1")
    assert board.flows() == {"1"}


def test_jobs_are_given_in_order_of_posting_free_ones_first() -> None:
    board = LocalBoard()
    jobs = [post(board, str(n)) for n in range(3)]
    board.claim(jobs[0], "me")
    assert [job.uuid for job in board.iterjobs()] == ["1", "2", "0"]


def test_waiting_ends_when_a_job_is_posted() -> None:
    board = LocalBoard()
    threading.Timer(0.05, post, (board, "1")).start()
    assert [job.uuid for job in board.wait(60)] == ["1"]


def test_operations_that_the_board_forgot_are_posted_again(engine_of: Start) -> None:
    submitter = engine_of(WHOLE, start=False)
    uuids = [submitter.submit("flow", {}, operation=NEW).uuid for _ in range(5)]
    worker = engine_of(WHOLE)
    assert {worker.wait(uuid, 90).state for uuid in uuids} == {State.SUCCEEDED}


def test_the_reconciler_keeps_a_backlog_in_sql_and_not_on_the_board(engine_of: Start, monkeypatch: Any) -> None:
    monkeypatch.setattr("corral.engine.reconciler.BATCH", 3)
    submitter = engine_of(WHOLE, start=False)
    uuids = [submitter.submit("flow", {}, operation=NEW).uuid for _ in range(8)]
    worker = engine_of(WHOLE, start=False)
    assert worker._reconciler.post_missing() == 3
    assert worker._reconciler.post_missing() == 0
    assert worker._board.flows() == set(uuids[:3])
    worker.start()
    assert {worker.wait(uuid, 90).state for uuid in uuids} == {State.SUCCEEDED}


def test_an_engine_is_healthy_from_its_first_comparison_until_it_stops(engine_of: Start) -> None:
    engine = engine_of(WHOLE, start=False)
    assert (engine.healthy, engine.heartbeat()) == (False, float("inf"))
    engine.start()
    until(lambda: engine.healthy)
    assert engine.heartbeat() < 60
    assert engine.stop(60)
    assert not engine.healthy


def test_an_idle_engine_uses_no_processor_time(engine_of: Start) -> None:
    engine = engine_of(WHOLE, reconcile_every=5.0)
    engine.wait(engine.submit("flow", {}, operation=NEW).uuid, 90)

    def used() -> float:
        before = time.process_time()
        time.sleep(1.0)
        return time.process_time() - before

    # What the process does besides, it does not do all the time.
    assert any(used() < 0.05 for _ in range(10))


def test_the_conductor_does_not_look_at_an_empty_board_again_and_again() -> None:
    board = LocalBoard()
    looks: list[int] = []
    iterjobs = board.iterjobs
    board.iterjobs = lambda **options: looks.append(1) or iterjobs(**options)  # type: ignore[method-assign, func-returns-value]
    bell = Doorbell(None)
    conductor = Conductor("me", board, lambda _uuid: True, 2, bell)
    thread = threading.Thread(target=conductor.run, daemon=True)
    thread.start()
    time.sleep(0.3)
    assert len(looks) <= 2
    conductor.stop()
    thread.join(60)
    assert not thread.is_alive()
