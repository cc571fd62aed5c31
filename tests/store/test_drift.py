"""Drifts and what was agreed on, on the real SQL: one row for a field, pages by index, one synchronizer for a source."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
import sqlalchemy as sa

from corral.domain.drift import Drift, DriftState, Field
from corral.domain.errors import NotFound, Stale
from corral.domain.lifecycle import Status
from corral.domain.server import Server
from corral.engine import read
from corral.store import Drifts, Servers, SyncState
from corral.store.drift import DriftFilter
from corral.store.sync_state import Agreed

AT = datetime(2026, 1, 1, tzinfo=UTC)


def drift(number: int, what: Field = Field.POWER, **more: Any) -> Drift:
    fields: dict[str, Any] = {
        "source": "lab", "machine": f"m{number:05d}", "server": None, "name": f"n{number}", "project": "p", "field": what,
        "record": "on", "world": "off", "agreed": None, "state": DriftState.OPEN, "why": "", "looks": 1,
        "first_seen_at": AT, "changed_at": AT, "last_seen_at": AT,
    }  # fmt: skip
    return Drift(**{**fields, **more})


@pytest.fixture
def drifts(sql: sa.Engine) -> Drifts:
    return Drifts(sql)


def put(sql: sa.Engine, drifts: Drifts, *some: Drift) -> None:
    with sql.begin() as conn:
        for one in some:
            drifts.put(conn, one)


def add_servers(sql: sa.Engine, numbers: range, source: str = "lab") -> Servers:
    servers = Servers(sql, lambda: AT)
    with sql.begin() as conn:
        for number in numbers:
            servers.add(conn, Server(f"u{number:05d}", f"s{number}", source, f"m{number:05d}", "p", Status.ACTIVE, "f"))
    return servers


def test_a_field_of_a_machine_has_one_row_however_often_it_is_written(sql: sa.Engine, drifts: Drifts) -> None:
    put(sql, drifts, drift(1), drift(1, world="unknown", looks=2), drift(1, Field.NAME))
    found = drifts.at("lab")["m00001"]
    assert set(found) == {Field.POWER, Field.NAME}
    assert (found[Field.POWER].world, found[Field.POWER].looks) == ("unknown", 2)


@pytest.mark.parametrize("value", [None, "text", 7, ["a", "b"], []])
def test_a_side_comes_back_as_it_was_written(sql: sa.Engine, drifts: Drifts, value: Any) -> None:
    put(sql, drifts, drift(1, record=value, world=value, agreed=value))
    (found,) = drifts.page(DriftFilter(), limit=5)
    assert (found.record, found.world, found.agreed) == (value, value, value)
    assert found == drift(1, record=value, world=value, agreed=value, id=found.id)


def test_pages_come_in_the_order_in_which_drifts_were_found_and_each_once(sql: sa.Engine, drifts: Drifts) -> None:
    put(sql, drifts, *(drift(number) for number in range(25)))
    seen, after = [], 0
    while page := drifts.page(DriftFilter(source="lab"), limit=10, after=after):
        seen += [one.name for one in page]
        after = page[-1].id or 0
    assert seen == [f"n{number}" for number in range(25)]


def test_what_still_settles_is_listed_only_when_it_is_asked_for(sql: sa.Engine, drifts: Drifts) -> None:
    put(sql, drifts, drift(1), drift(2, state=DriftState.SETTLING))
    assert [one.name for one in drifts.page(DriftFilter(), limit=5)] == ["n1"]
    assert [one.name for one in drifts.page(DriftFilter(state="settling"), limit=5)] == ["n2"]
    assert sorted(drifts.counts()) == [("lab", "open", 1), ("lab", "settling", 1)]


@pytest.mark.parametrize(
    "where",
    [{"source": "lab"}, {"server": "u00001"}, {"project": "p"}, {"field": "power"}, {"state": "open"}],
)
def test_every_filter_goes_by_an_index(sql: sa.Engine, where: dict[str, str]) -> None:
    if sql.dialect.name != "sqlite":
        pytest.skip("SQLite tells its plan in a stable form")
    column, value = next(iter(where.items()))
    with read(sql) as conn:
        plan = conn.exec_driver_sql(
            f"EXPLAIN QUERY PLAN SELECT * FROM drifts WHERE id > 5 AND {column} = ? ORDER BY id LIMIT 10", (value,)
        ).all()
    told = " ".join(str(row) for row in plan)
    assert f"ix_drifts_{column}_id" in told
    assert "TEMP B-TREE" not in told


def test_a_drift_goes_with_its_server(sql: sa.Engine, drifts: Drifts) -> None:
    servers, state = add_servers(sql, range(1, 2)), SyncState(sql)
    put(sql, drifts, drift(1, server="u00001"))
    with state.changing() as conn:
        state.agree(conn, "u00001", Agreed({Field.POWER: "on"}))
    servers.remove("u00001")
    assert drifts.page(DriftFilter(), limit=5) == []
    assert state.agreed(["u00001"]) == {}


def test_an_operation_that_ends_frees_only_what_it_corrects(sql: sa.Engine, drifts: Drifts) -> None:
    mine = drift(1, state=DriftState.CORRECTING, operation="op")
    put(sql, drifts, mine, replace(mine, machine="m00002", operation="other"))
    with sql.begin() as conn:
        drifts.free(conn, "op", DriftState.OPEN, "It failed.")
    states = {one.machine: one.state for one in drifts.page(DriftFilter(), limit=5)}
    assert states == {"m00001": DriftState.OPEN, "m00002": DriftState.CORRECTING}


def test_a_drift_that_is_settled_is_not_found(sql: sa.Engine, drifts: Drifts) -> None:
    put(sql, drifts, drift(1))
    (found,) = drifts.page(DriftFilter(), limit=5)
    assert found.id is not None
    with sql.begin() as conn:
        assert drifts.drop(conn, "lab", "m00001", Field.POWER)
        assert not drifts.drop(conn, "lab", "m00001", Field.POWER)
    with pytest.raises(NotFound):
        drifts.get(found.id)


def test_many_are_written_at_once_and_each_field_of_a_machine_has_one_row(sql: sa.Engine, drifts: Drifts) -> None:
    put(sql, drifts, drift(1), drift(2))
    before = drifts.at("lab")
    with sql.begin() as conn:
        drifts.put_all(
            conn,
            [
                drift(2, world="unknown"),
                drift(3),
                drift(3, Field.NAME),
                *map(drift, range(10, 1210)),
                drift(3, why="x"),
            ],
        )
        drifts.put_all(conn, [])
    after = drifts.at("lab")
    assert len(after) == 1203
    assert after["m00001"] == before["m00001"]
    assert after["m00002"][Field.POWER].id == before["m00002"][Field.POWER].id
    assert after["m00002"][Field.POWER].world == "unknown"
    assert after["m00003"][Field.POWER].why == "x"
    assert drifts.at("lab", ["m00001", "m00003", "nobody"]) == {name: after[name] for name in ("m00001", "m00003")}


# --- what was agreed on, and who synchronizes -------------------------------------------------------------


def test_what_was_agreed_on_comes_back_field_by_field(sql: sa.Engine) -> None:
    add_servers(sql, range(1, 2))
    state = SyncState(sql)
    wanted = Agreed({Field.POWER: "on", Field.NICS: ["a"], Field.NAME: None}, {Field.NAME: None}, {}, "stamp")
    for _ in range(2):
        with state.changing() as conn:
            state.agree(conn, "u00001", wanted)
    assert state.agreed(["u00001", "nobody"]) == {"u00001": wanted}


def test_nothing_is_agreed_with_a_server_that_is_gone(sql: sa.Engine) -> None:
    state = SyncState(sql)
    with state.changing() as conn:
        state.agree(conn, "nobody", Agreed({Field.POWER: "on"}))
    assert state.agreed(["nobody"]) == {}


def test_what_was_agreed_with_many_is_written_at_once_where_there_are_servers(sql: sa.Engine) -> None:
    add_servers(sql, range(1, 4))
    state = SyncState(sql)
    with state.changing() as conn:
        state.agree_all(conn, {"u00001": Agreed(stamp="old")})
    wanted = {f"u{number:05d}": Agreed({Field.POWER: "on"}, stamp=f"s{number}") for number in range(1, 4)}
    with state.changing() as conn:
        state.agree_all(conn, {**wanted, "nobody": Agreed()})
        assert state.several_in(conn, [*wanted, "nobody"]) == wanted
    assert state.agreed([*wanted, "nobody"]) == wanted


def test_servers_are_told_with_what_says_whether_they_changed(sql: sa.Engine) -> None:
    add_servers(sql, range(3))
    state = SyncState(sql)
    with state.changing() as conn:
        state.agree(conn, "u00001", Agreed(stamp="seen"))
    found = state.known("lab", ["m00000", "m00001", "m00009"])
    assert {one.uuid: one.stamp for one in found.values()} == {"u00000": "", "u00001": "seen"}
    assert state.known("elsewhere", ["m00001"]) == {}


def test_every_server_of_a_source_is_told_once_in_any_number_of_pages(sql: sa.Engine) -> None:
    add_servers(sql, range(1201))
    add_servers(sql, range(2000, 2002), source="other")
    found = [one.machine for one in SyncState(sql).all("lab")]
    assert found == [f"m{number:05d}" for number in range(1201)]


def test_a_source_has_one_synchronizer_and_another_one_when_that_is_gone(sql: sa.Engine) -> None:
    state = SyncState(sql)
    assert state.lease("lab", "first", 30)
    assert not state.lease("lab", "second", 30)
    assert state.lease("lab", "first", 30)
    with state.changing() as conn:
        state.prove(conn, "lab", "first")
    state.end_lease("lab", "first")
    assert state.lease("lab", "second", 30)
    with pytest.raises(Stale), state.changing() as conn:
        state.prove(conn, "lab", "first")


def test_a_lease_that_ran_out_is_anybodys(sql: sa.Engine) -> None:
    state = SyncState(sql)
    assert state.lease("lab", "first", -1)
    assert state.lease("lab", "second", 30)


def test_a_wish_that_was_made_again_outlives_the_first(sql: sa.Engine) -> None:
    state = SyncState(sql)
    state.lease("lab", "first", 30)
    state.want("lab")
    wanted = state.state("lab").wanted_at
    assert wanted is not None
    state.granted("lab", wanted - timedelta(seconds=5))
    assert state.state("lab").wanted_at == wanted
    state.granted("lab", wanted)
    assert state.state("lab").wanted_at is None


def test_releasing_a_source_that_was_never_looked_at_is_refused(sql: sa.Engine) -> None:
    state = SyncState(sql)
    with pytest.raises(NotFound), state.changing() as conn:
        state.release(conn, "lab", AT)
