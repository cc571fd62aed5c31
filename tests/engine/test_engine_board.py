"""The local board, the reconciler, leases, and when the engine counts as healthy."""

import threading
import time
from typing import Any
from uuid import uuid4

import pytest
from engine_world import WHOLE, AnyRun, Start, flow, until

from corral.engine import LocalBoard, NewOperation, State, Step
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
    assert [job.uuid for job in board.wait(10)] == ["1"]


class LeasedJob:
    """A job as TaskFlow's Redis board has it."""

    def __init__(self, details: dict[str, str]) -> None:
        self.uuid = str(uuid4())
        self.details = details
        self.owner: str | None = None
        self.leases: list[float] = []

    def extend_expiry(self, seconds: float) -> bool:
        self.leases.append(seconds)
        return True


class LeasedBoard:
    """A board as other processes would share it: any number of jobs per operation, claims with an expiry."""

    def __init__(self) -> None:
        self.jobs: list[LeasedJob] = []
        self.kept: list[LeasedJob] = []
        self.down = False

    def post(self, _name: str, book: Any = None, details: Any = None) -> LeasedJob:
        if self.down:
            raise ConnectionError("the board is down")
        self.jobs.append(LeasedJob(details))
        return self.jobs[-1]

    def iterjobs(self, **_options: bool) -> Any:
        return iter(list(self.jobs))

    def claim(self, job: LeasedJob, who: str, expiry: float) -> None:
        if job.owner:
            raise UnclaimableJob("taken")
        job.owner = who
        job.leases.append(expiry)

    def consume(self, job: LeasedJob, _who: str) -> None:
        self.jobs.remove(job)
        self.kept.append(job)

    def find_owner(self, job: LeasedJob) -> str | None:
        return job.owner

    def register_entity(self, _entity: Any) -> None:
        pass


def test_claims_on_a_shared_board_are_leases_that_are_renewed_while_the_operation_runs(
    engine_of: Start,
) -> None:
    board = LeasedBoard()
    slow = Step[Any]("a", "A", lambda _run: time.sleep(0.5), None)
    engine = engine_of(flow(slow), board=board, lease=0.3)
    engine.wait(engine.submit("flow", {}, operation=NEW).uuid, 10)
    until(lambda: board.kept)
    assert board.kept[0].leases[0] == 0.3
    assert len(board.kept[0].leases) >= 3


def test_an_operation_posted_twice_is_not_carried_out_twice_at_once(engine_of: Start) -> None:
    board = LeasedBoard()
    calls: list[int] = []

    def act(run: AnyRun) -> None:
        calls.append(run.attempt)
        board.post("flow", details={"flow_uuid": run.operation})  # another process's reconciler was as quick
        time.sleep(1.5)  # the conductor looks at shared boards once a second
        run.check()

    engine = engine_of(flow(Step("a", "A", act, None)), board=board, lease=5.0)
    uuid = engine.submit("flow", {}, operation=NEW).uuid
    assert engine.wait(uuid, 10).state is State.SUCCEEDED
    assert calls == [1]


def test_a_board_that_is_down_loses_no_operation(engine_of: Start, caplog: Any) -> None:
    board = LeasedBoard()
    board.down = True
    engine = engine_of(WHOLE, board=board, lease=5.0)
    uuid = engine.submit("flow", {}, operation=NEW).uuid
    until(lambda: "could not be compared" in caplog.text)
    board.down = False
    assert engine.wait(uuid, 10).state is State.SUCCEEDED


def test_operations_that_the_board_forgot_are_posted_again(engine_of: Start) -> None:
    submitter = engine_of(WHOLE, start=False)
    uuids = [submitter.submit("flow", {}, operation=NEW).uuid for _ in range(5)]
    worker = engine_of(WHOLE)
    assert {worker.wait(uuid, 10).state for uuid in uuids} == {State.SUCCEEDED}


def test_the_reconciler_keeps_a_backlog_in_sql_and_not_on_the_board(engine_of: Start, monkeypatch: Any) -> None:
    monkeypatch.setattr("corral.engine.reconciler.BATCH", 3)
    submitter = engine_of(WHOLE, start=False)
    uuids = [submitter.submit("flow", {}, operation=NEW).uuid for _ in range(8)]
    worker = engine_of(WHOLE, start=False)
    assert worker._reconciler.post_missing() == 3
    assert worker._reconciler.post_missing() == 0
    assert worker._board.flows() == set(uuids[:3])
    worker.start()
    assert {worker.wait(uuid, 20).state for uuid in uuids} == {State.SUCCEEDED}


def test_an_engine_is_healthy_from_its_first_comparison_until_it_stops(engine_of: Start) -> None:
    engine = engine_of(WHOLE, start=False)
    assert (engine.healthy, engine.heartbeat()) == (False, float("inf"))
    engine.start()
    until(lambda: engine.healthy)
    assert engine.heartbeat() < 5
    assert engine.stop(5)
    assert not engine.healthy


def test_an_idle_engine_uses_no_processor_time(engine_of: Start) -> None:
    engine = engine_of(WHOLE, reconcile_every=5.0)
    engine.wait(engine.submit("flow", {}, operation=NEW).uuid, 10)
    time.sleep(0.1)
    before = time.process_time()
    time.sleep(1.0)
    assert time.process_time() - before < 0.05


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
    thread.join(5)
    assert not thread.is_alive()
