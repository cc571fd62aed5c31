"""Submitting, and reading what was submitted."""

from concurrent.futures import ThreadPoolExecutor

import pytest
import sqlalchemy as sa
from engine_world import WHOLE, Broken, Start, World, flow, making

from corral.engine import KeyReused, NewOperation, State, StillRunning, UnknownFlow, UnknownOperation

NEW = NewOperation()


def servers(sql: sa.Engine) -> sa.Table:
    table = sa.Table("servers", sa.MetaData(), sa.Column("machine", sa.String(36), primary_key=True))
    table.create(sql)
    return table


def rows(sql: sa.Engine, table: sa.Table) -> int:
    with sql.connect() as conn:
        return int(conn.execute(sa.select(sa.func.count()).select_from(table)).scalar_one())


def test_what_is_written_alongside_comes_with_the_operation(engine_of: Start, sql: sa.Engine) -> None:
    table = servers(sql)
    engine = engine_of(WHOLE, start=False)
    done = engine.submit("flow", {}, operation=NEW, alongside=lambda c: c.execute(sa.insert(table), {"machine": "m"}))
    assert (rows(sql, table), engine.operation(done.uuid)) == (1, done)
    assert done.state is State.PENDING


def test_when_what_is_written_alongside_fails_nothing_stays(engine_of: Start, sql: sa.Engine) -> None:
    table = servers(sql)
    engine = engine_of(WHOLE, start=False)

    def write(conn: sa.Connection) -> None:
        conn.execute(sa.insert(table), {"machine": "m"})
        raise Broken

    with pytest.raises(Broken):
        engine.submit("flow", {}, operation=NewOperation(key="k"), alongside=write)
    assert (rows(sql, table), engine.operations()) == (0, [])
    with sql.connect() as conn:
        assert conn.execute(sa.text("select count(*) from logbooks")).scalar() == 0


def test_a_broken_rule_of_the_caller_comes_out_as_it_is(engine_of: Start, sql: sa.Engine) -> None:
    table = servers(sql)
    engine = engine_of(WHOLE, start=False)

    def write(conn: sa.Connection) -> None:
        conn.execute(sa.insert(table), {"machine": "m"})

    engine.submit("flow", {}, operation=NewOperation(key="1"), alongside=write)
    with pytest.raises(sa.exc.IntegrityError):
        engine.submit("flow", {}, operation=NewOperation(key="2"), alongside=write)
    assert len(engine.operations()) == 1


def test_the_same_key_gives_the_same_operation_and_acts_once(engine_of: Start, world: World) -> None:
    engine = engine_of(WHOLE)
    calls: list[int] = []
    for number in range(3):
        again = engine.submit(
            "flow", {"n": number}, operation=NewOperation(key="k"), alongside=lambda _c: calls.append(1)
        )
        engine.wait(again.uuid, 90)
    assert (calls, len(engine.operations()), world.log) == ([1], 1, ["do a", "do b", "do c"])
    assert again.params == {"n": 0}


def test_the_same_key_at_the_same_moment_gives_one_operation(engine_of: Start) -> None:
    engine = engine_of(WHOLE, start=False)
    with ThreadPoolExecutor(8) as pool:
        found = pool.map(lambda _n: engine.submit("flow", {}, operation=NewOperation(key="k")).uuid, range(16))
    assert (len(set(found)), len(engine.operations())) == (1, 1)


def test_a_key_of_another_project_is_another_key(engine_of: Start) -> None:
    engine = engine_of(WHOLE, start=False)
    uuids = {
        engine.submit("flow", {}, operation=NewOperation(key="k", project_id=project)).uuid
        for project in (None, "p1", "p2")
    }
    assert len(uuids) == 3


def test_a_key_cannot_be_used_again_for_another_kind_of_operation(engine_of: Start) -> None:
    engine = engine_of(WHOLE, flow(making("x"), name="other"), start=False)
    engine.submit("flow", {}, operation=NewOperation(key="k"))
    with pytest.raises(KeyReused, match="'k'"):
        engine.submit("other", {}, operation=NewOperation(key="k"))


def test_an_unknown_flow_and_params_that_are_not_json_are_refused(engine_of: Start) -> None:
    engine = engine_of(WHOLE, start=False)
    with pytest.raises(UnknownFlow, match="'florw'"):
        engine.submit("florw", {}, operation=NEW)
    with pytest.raises(TypeError):
        engine.submit("flow", {"when": object()}, operation=NEW)
    assert engine.operations() == []


def test_new_operations_get_the_newest_version_of_their_flow(engine_of: Start) -> None:
    engine = engine_of(WHOLE, flow(making("x"), version=3), flow(making("y"), version=2), start=False)
    assert engine.submit("flow", {}, operation=NEW).flow_version == 3


def test_operations_are_listed_newest_first_page_by_page(engine_of: Start) -> None:
    engine = engine_of(WHOLE, start=False)
    uuids = [engine.submit("flow", {"n": n}, operation=NEW).uuid for n in range(7)]
    listed: list[str] = []
    marker = None
    while page := engine.operations(limit=3, marker=marker):
        listed += [operation.uuid for operation in page]
        marker = listed[-1]
    assert listed == list(reversed(uuids))


def test_operations_created_in_the_same_instant_are_all_listed_once(engine_of: Start) -> None:
    from datetime import UTC, datetime

    engine = engine_of(WHOLE, start=False, clock=lambda: datetime(2030, 1, 1, tzinfo=UTC))
    uuids = {engine.submit("flow", {}, operation=NEW).uuid for _ in range(5)}
    first = engine.operations(limit=2)
    rest = engine.operations(limit=9, marker=first[-1].uuid)
    assert {o.uuid for o in first + rest} == uuids and len(first + rest) == 5


def test_operations_are_found_by_kind_state_server_and_project(engine_of: Start) -> None:
    engine = engine_of(WHOLE, flow(making("x"), name="other"), start=False)
    mine = engine.submit("flow", {}, operation=NewOperation(subject="s1", project_id="p1", source="lab"))
    engine.submit("other", {}, operation=NewOperation(subject="s2", project_id="p2"))
    for found in (
        engine.operations(kind="flow"),
        engine.operations(subject="s1"),
        engine.operations(project_id="p1"),
        engine.operations(kind="flow", state=State.PENDING),
        engine.operations(project_id="p1", state=["running", "pending"]),
    ):
        assert found == [mine]
    assert engine.operations(state=State.SUCCEEDED) == []
    assert engine.operations(kind="flow", project_id="p2") == []


def test_a_marker_that_does_not_exist_is_refused(engine_of: Start) -> None:
    with pytest.raises(UnknownOperation):
        engine_of(WHOLE, start=False).operations(marker="no-such")


def test_waiting_ends_when_time_runs_out(engine_of: Start) -> None:
    engine = engine_of(WHOLE, start=False)
    uuid = engine.submit("flow", {}, operation=NEW).uuid
    with pytest.raises(StillRunning, match="still pending"):
        engine.wait(uuid, 0.05)
