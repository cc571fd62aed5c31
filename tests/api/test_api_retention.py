"""What is forgotten when it is old, and what stays because its server exists."""

from __future__ import annotations

import time
from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest
import sqlalchemy as sa
from api_world import Api, Serve, fleet, wish

from corral.domain.errors import Unreachable
from corral.domain.plan import Plan, PlanItem
from corral.domain.server import ManageRequest
from corral.drivers.memory import MemorySource
from corral.drivers.memory.fleet import synthetic
from corral.engine import read
from corral.services.retention import Janitor, Keep
from corral.store import Plans, Retention, Turns
from corral.wiring import now

MANAGE = "/v1/servers/manage"
ALL = Keep(operations=90, plans=30, audit=365)


def sweep(api: Api, days: int, keep: Keep = ALL) -> dict[str, int]:
    """What a sweep removes that many days from now."""
    corral = api.corral

    def later() -> Any:
        return now() + timedelta(days=days)

    return dict(Janitor(corral.engine, Retention(corral.sql), corral.audit, keep, later).sweep())


def rows(api: Api, table: str) -> int:
    with read(api.corral.sql) as conn:
        return int(conn.execute(sa.text(f"SELECT count(*) FROM {table}")).scalar_one())


@pytest.fixture
def lives(api: Api, memory: MemorySource, gold: str) -> str:
    """A server that exists: adopted, switched, noted."""
    server = api.done(api.post(MANAGE, json=wish(memory, "bank-db-01", gold)))["uuid"]
    api.done(api.put(f"/v1/servers/{server}/states/power", json={"target": "off"}))
    return str(server)


@pytest.fixture
def left(api: Api, memory: MemorySource, gold: str) -> str:
    """A server that was let go."""
    server = api.done(api.post(MANAGE, json=wish(memory, "bank-db-02", gold)))["uuid"]
    api.done(api.post(f"/v1/servers/{server}/unmanage"))
    return str(server)


def test_everything_of_a_live_server_stays_and_that_of_a_former_one_goes(api: Api, lives: str, left: str) -> None:
    proof, audit = api.seen(f"/v1/servers/{lives}/proof"), api.seen(f"/v1/servers/{lives}/audit")
    assert sweep(api, 400) == {"operations": 2, "audit": 5}  # the flavor's entry is as old
    assert api.seen(f"/v1/servers/{lives}/proof") == proof
    assert api.seen(f"/v1/servers/{lives}/audit") == audit
    assert [one["kind"] for one in api.seen("/v1/operations", server=lives)["operations"]] == ["power", "manage"]
    assert api.get(f"/v1/servers/{left}/proof").status_code == 404
    assert api.seen("/v1/operations", server=left)["operations"] == []
    with read(api.corral.sql) as conn:
        kept = set(conn.execute(sa.text("SELECT uuid FROM operations")).scalars())
        for table in ("operation_events", "calls", "proofs"):
            assert set(conn.execute(sa.text(f"SELECT operation FROM {table}")).scalars()) <= kept, table
    assert rows(api, "logbooks") == rows(api, "flowdetails") == rows(api, "atomdetails") == 0


def test_what_is_not_old_enough_stays(api: Api, lives: str, left: str) -> None:
    before = rows(api, "operations"), rows(api, "audit")
    assert sweep(api, 29) == {}
    assert (rows(api, "operations"), rows(api, "audit")) == before


def test_zero_days_keep_for_ever(api: Api, left: str) -> None:
    assert sweep(api, 30_000, Keep(0, 0, 0)) == {}
    assert api.seen(f"/v1/servers/{left}/proof")["operations"]


def test_a_sweep_tells_in_the_trail_what_it_removed(api: Api, left: str) -> None:
    assert sweep(api, 100) == {"operations": 2}
    (entry,) = api.seen("/v1/audit", action="retention:sweep")["audit"]
    assert (entry["outcome"], entry["detail"], entry["user_id"]) == ("done", {"operations": 2}, None)
    assert len(api.seen("/v1/audit", server=left)["audit"]) == 4, "the trail is kept for longer than the operations"


def test_what_is_under_way_stays_however_old_it_is(serve: Serve) -> None:
    from threading import Event

    memory, reached, go_on = fleet(), Event(), Event()
    api = serve(memory.source)

    def hold(moment: str) -> None:
        if moment.startswith("before PUT /v2.0/ports/"):
            reached.set()
            go_on.wait(120)

    memory.faults = hold
    taken = api.post(MANAGE, json=wish(memory, "bank-web-01", api.flavor())).json()
    assert reached.wait(60)
    assert sweep(api, 10_000, Keep(1, 1, 0)) == {}
    go_on.set()
    assert api.ended(taken["operation"])["state"] == "succeeded"


def test_plans_go_when_they_expired_or_when_all_their_machines_were_let_go(
    api: Api, memory: MemorySource, gold: str
) -> None:
    def plan(name: str) -> str:
        made = api.post("/v1/plans", json={"machines": [wish(memory, name, gold)]})
        return str(made.json()["uuid"])

    def applied(name: str) -> tuple[str, str]:
        uuid = plan(name)
        (operation,) = api.post(f"/v1/plans/{uuid}/apply").json()["operations"]
        return uuid, api.ended(operation)["server_uuid"]

    unapplied, (here, _), (gone, server) = plan("bank-web-01"), applied("bank-db-01"), applied("bank-db-02")
    api.done(api.post(f"/v1/servers/{server}/unmanage"))
    assert sweep(api, 31) == {"plans": 1}
    assert api.get(f"/v1/plans/{unapplied}").status_code == 404
    assert sweep(api, 100)["plans"] == 1
    assert api.get(f"/v1/plans/{gone}").status_code == 404
    assert api.seen(f"/v1/plans/{here}")["applied_at"]
    assert rows(api, "plan_items") == 1


def test_a_plan_whose_writing_was_broken_off_goes_after_a_day_whatever_is_kept(api: Api) -> None:
    plans = Plans(api.corral.sql)
    plans.begin(broken := Plan(str(uuid4()), "default", None, (), now()))
    item = PlanItem(ManageRequest("one", "n", "f", ()), "demo", "n", None, "default", "", (), ())
    plans.append(broken.uuid, 0, [item])
    assert sweep(api, 0, Keep(0, 0, 0)) == {}
    assert sweep(api, 2, Keep(0, 0, 0)) == {"unfinished_plans": 1}
    assert rows(api, "plans") == rows(api, "plan_items") == 0


def test_a_plan_that_can_not_be_completed_leaves_nothing(serve: Serve) -> None:
    memory = fleet()
    api, seen = serve(memory.source), []

    def fails(moment: str) -> None:
        if moment.startswith("after GET /v2.0/ports"):
            seen.append(rows(api, "plans"))
            if seen[-1]:
                raise Unreachable("nobody answers")

    synthetic(memory.world, 600)
    api.flavor()
    memory.faults = fails
    answer = api.post("/v1/plans", json={"from": {"source": "lab"}})
    assert answer.status_code == 503, answer.text
    assert 1 in seen, "it was never begun"
    assert rows(api, "plans") == rows(api, "plan_items") == 0


def test_of_two_processes_one_sweeps_in_an_hour(api: Api, left: str) -> None:
    corral, swept = api.corral, []

    class Counted(Retention):
        def unsealed_plans(self, before: Any) -> Any:
            swept.append(before)
            return super().unsealed_plans(before)

    janitors = [
        Janitor(
            corral.engine, Counted(corral.sql), corral.audit, ALL, now, turns=Turns(corral.sql), first=0.0, every=4.0
        )
        for _ in range(2)
    ]
    for janitor in janitors:
        janitor.start()
    begun = time.monotonic()
    while not swept:
        assert time.monotonic() < begun + 120
        time.sleep(0.02)
    time.sleep(0.8)
    assert len(swept) == 1 or time.monotonic() - begun > 3.9
    janitors[0].stop()  # and the other goes on when its turn has come
    until = time.monotonic() + 120
    while len(swept) < 2 and time.monotonic() < until:
        time.sleep(0.05)
    janitors[1].stop()
    assert len(swept) >= 2


def test_the_janitor_sweeps_by_itself_and_stops(api: Api, left: str) -> None:
    corral = api.corral
    janitor = Janitor(
        corral.engine, Retention(corral.sql), corral.audit, ALL, lambda: now() + timedelta(days=100), first=0.0
    )
    janitor.start()
    try:
        for _ in range(200):
            if not api.seen("/v1/operations", server=left)["operations"]:
                break
        else:
            raise AssertionError("it never swept")
    finally:
        janitor.stop()
