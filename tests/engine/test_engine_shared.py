"""Several processes share the work: boards on real Redis and etcd, records in a real PostgreSQL."""

import os
import signal
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
import sqlalchemy as sa
from engine_world import WHOLE, AnyRun, Start, World, flow, until
from shared_world import LEASE, Worker, engine_on

from corral.engine import (
    BoardUnusable,
    Engine,
    EventKind,
    NewOperation,
    SharedBoard,
    State,
    Step,
    create_all,
    open_board,
    open_database,
)
from corral.engine._taskflow import JobFailure, UnclaimableJob
from lab import backing

pytestmark = [
    pytest.mark.lab,
    pytest.mark.apart,
    pytest.mark.skipif(
        bool(backing.missing()) and "CORRAL_REQUIRE_LAB" not in os.environ,
        reason=f"apt-get install {' '.join(backing.missing())}",
    ),
]
NEW = NewOperation()


@pytest.fixture(scope="module", params=["redis", "etcd"])
def server(request: pytest.FixtureRequest) -> Iterator[backing.Backing]:
    with getattr(backing, request.param)() as one:
        yield one


@pytest.fixture
def board(server: backing.Backing) -> Iterator[SharedBoard]:
    _empty(server)
    board = open_board(server.url, lease=LEASE)
    yield board
    board.close()


@pytest.fixture(scope="module")
def database() -> Iterator[str]:
    with backing.postgresql() as one:
        yield one.url


def _empty(server: backing.Backing) -> None:
    """What an earlier test left on the board goes."""
    server.kill()
    server.forget()
    server.start()


def post(board: SharedBoard, uuid: str) -> Any:
    return board.post("flow", details={"flow_uuid": uuid})


def test_a_job_is_claimed_once_and_leaves_the_board_with_its_owner(board: SharedBoard) -> None:
    post(board, "1")
    [job] = board.iterjobs()
    board.claim(job, "me")
    with pytest.raises(UnclaimableJob):
        board.claim(job, "you")
    assert (list(board.iterjobs()), board.flows()) == ([], {"1"})
    board.consume(job, "me")
    assert board.flows() == set()


def test_a_claim_that_nobody_renews_ends(board: SharedBoard) -> None:
    post(board, "1")
    [job] = board.iterjobs()
    board.claim(job, "me")
    until(lambda: list(board.iterjobs()))
    [again] = board.iterjobs()
    board.claim(again, "you")


def test_a_claim_that_is_renewed_lasts_also_when_it_is_not_the_first_of_its_job(board: SharedBoard) -> None:
    post(board, "1")
    [job] = board.iterjobs()
    board.claim(job, "me")
    board.renew([job])
    board.abandon(job, "me")
    [job] = board.iterjobs()
    board.claim(job, "me")
    end = time.monotonic() + 2 * LEASE
    while time.monotonic() < end:
        board.renew([job])
        renewed = time.monotonic()
        time.sleep(LEASE / 4)
        free = list(board.iterjobs())
        assert not free or time.monotonic() - renewed > LEASE / 2, "it was renewed in time"


def test_a_board_that_is_down_says_so_and_is_used_again_when_it_is_back(
    board: SharedBoard, server: backing.Backing
) -> None:
    post(board, "1")
    server.kill()
    try:
        with pytest.raises(JobFailure):
            board.flows()
    finally:
        server.start()
    until(lambda: _answers(board))
    post(board, "2")
    assert "2" in board.flows()


def _answers(board: SharedBoard) -> bool:
    try:
        board.flows()
    except JobFailure:
        return False
    return True


@pytest.mark.parametrize("url", ["http://localhost", "redis://", "zookeeper://h", "redis://h/x", "redis://:secret@h"])
def test_an_url_that_makes_no_board_is_refused_without_showing_a_password(url: str) -> None:
    with pytest.raises(BoardUnusable) as caught:
        open_board(url, lease=LEASE)
    assert "secret" not in str(caught.value)


def test_engines_share_the_work_and_none_does_it_twice(engine_of: Start, server: backing.Backing, board: Any) -> None:
    calls: list[str] = []
    once = flow(Step[Any]("a", "A", lambda run: calls.append(run.operation), None))
    engines = [engine_of(once, board=open_board(server.url, lease=LEASE)) for _ in range(3)]
    with ThreadPoolExecutor(8) as pool:
        uuids = list(pool.map(lambda n: engines[n % 3].submit("flow", {}, operation=NEW).uuid, range(60)))
    assert {engines[0].wait(uuid, 90).state for uuid in uuids} == {State.SUCCEEDED}
    assert sorted(calls) == sorted(uuids)


def test_an_operation_that_is_posted_again_while_it_runs_is_left_to_its_worker(
    engine_of: Start, board: SharedBoard
) -> None:
    attempts: list[int] = []

    def act(run: AnyRun) -> None:
        attempts.append(run.attempt)
        post(board, run.operation)  # another process's reconciler was as quick
        time.sleep(2 * LEASE)
        run.check()

    engine = engine_of(flow(Step("a", "A", act, None)), board=board)
    uuid = engine.submit("flow", {}, operation=NEW).uuid
    assert engine.wait(uuid, 90).state is State.SUCCEEDED
    assert attempts == [1]


def test_a_board_that_forgets_everything_has_no_operation_done_twice(
    engine_of: Start, board: SharedBoard, server: backing.Backing
) -> None:
    attempts: list[int] = []

    def act(run: AnyRun) -> None:
        attempts.append(run.attempt)
        _empty(server)
        time.sleep(2 * LEASE)
        run.check()

    slow = flow(Step("a", "A", act, None))
    first = engine_of(slow, board=board)
    uuid = first.submit("flow", {}, operation=NEW).uuid
    engine_of(slow, board=open_board(server.url, lease=LEASE))
    assert first.wait(uuid, 90).state is State.SUCCEEDED
    assert attempts == [1]


def test_a_board_that_is_down_delays_operations_and_loses_none(
    engine_of: Start, board: SharedBoard, server: backing.Backing
) -> None:
    engine = engine_of(WHOLE, board=board)
    server.kill()
    try:
        uuid = engine.submit("flow", {}, operation=NEW).uuid
        time.sleep(0.5)
        assert engine.operation(uuid).state is State.PENDING  # type: ignore[union-attr]
    finally:
        server.start()
    assert engine.wait(uuid, 90).state is State.SUCCEEDED


@pytest.fixture
def site(database: str, server: backing.Backing, tmp_path: Path) -> Iterator[SimpleNamespace]:
    """An API process that only submits (this one), and a way to start workers."""
    _empty(server)
    schema = f"t{time.monotonic_ns()}"
    with open_database(database).begin() as conn:
        conn.execute(sa.schema.CreateSchema(schema))
    own = sa.make_url(database).update_query_dict({"options": f"-csearch_path={schema}"})
    url = own.render_as_string(hide_password=False)
    arguments = (url, server.url, str(tmp_path / "world"))
    sql, engine = engine_on(*arguments, 0.0)
    create_all(sql)
    with ExitStack() as stack:

        def worker(seconds: float) -> Worker:
            one = Worker(*arguments, str(seconds))
            stack.callback(one.kill)
            return one

        yield SimpleNamespace(engine=engine, worker=worker, world=World(tmp_path / "world"))
    sql.dispose()


def started(engine: Engine[Any], uuid: str) -> Callable[[], bool]:
    return lambda: any(event.kind is EventKind.STEP_STARTED for event in engine.events(uuid))


def test_a_killed_workers_operations_are_completed_by_another(site: SimpleNamespace) -> None:
    first = site.worker(1.0)
    uuids = [site.engine.submit("flow", {}, operation=NEW).uuid for _ in range(4)]
    for uuid in uuids:
        until(started(site.engine, uuid))
    site.worker(0.1)
    first.kill()
    for uuid in uuids:
        assert site.engine.wait(uuid, 90).state is State.SUCCEEDED
    assert site.world.things() == {f"{uuid}.{step}" for uuid in uuids for step in "abc"}


def test_a_worker_that_sleeps_past_its_lease_wakes_up_and_changes_nothing(site: SimpleNamespace) -> None:
    sleeper = site.worker(0.5)
    uuid = site.engine.submit("flow", {}, operation=NEW).uuid
    until(started(site.engine, uuid))
    sleeper.send(signal.SIGSTOP)
    site.worker(0.1)
    done = site.engine.wait(uuid, 90)
    before = site.engine.events(uuid)
    for thing in list(site.world.things()):
        site.world.remove(thing)  # whatever the sleeper still does would be seen
    sleeper.send(signal.SIGCONT)
    time.sleep(3.0)
    assert done.state is State.SUCCEEDED
    assert site.world.things() == set()
    assert (site.engine.operation(uuid), site.engine.events(uuid)) == (done, before)


def test_a_worker_that_is_stopped_in_a_transaction_holds_up_nobody(database: str) -> None:
    first, second = open_database(database), open_database(database)
    with first.begin() as conn:
        conn.execute(sa.text("CREATE TABLE held (id integer)"))
        conn.execute(sa.text("INSERT INTO held VALUES (1)"))
    stopped = first.connect()
    stopped.execute(sa.text("SELECT id FROM held FOR UPDATE"))
    began = time.monotonic()
    with second.begin() as conn:
        conn.execute(sa.text("UPDATE held SET id = 2"))
    assert time.monotonic() - began < 60.0
    # And if it wakes up, it changes nothing.
    with pytest.raises(sa.exc.DBAPIError) as lost:
        stopped.execute(sa.text("UPDATE held SET id = 3"))
    assert isinstance(lost.value, sa.exc.OperationalError | sa.exc.InternalError)
    stopped.invalidate()
    stopped.close()
    with second.begin() as conn:
        assert conn.execute(sa.text("SELECT id FROM held")).scalars().all() == [2]
        conn.execute(sa.text("DROP TABLE held"))
    first.dispose()
    second.dispose()
