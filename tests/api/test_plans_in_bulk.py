"""Plans for many machines: made of a filter, applied by an operation of their own, paused, resumed, cancelled, told."""

from __future__ import annotations

import csv
import io
import time
from collections.abc import Callable
from typing import Any

import pytest
from api_world import Api, Serve, error_of

from corral.drivers.memory import MemorySource
from corral.drivers.memory.fleet import ident, synthetic

MANY = 110
FILTER = {"source": "memory", "resource_class": "gold"}


@pytest.fixture
def memory() -> MemorySource:
    source = MemorySource("memory")
    synthetic(source.world, MANY)
    return source


@pytest.fixture
def api(serve: Serve, memory: MemorySource) -> Api:
    made = serve(memory.source)
    made.flavor()
    return made


def planned(api: Api, mapping: Any = None, **changes: Any) -> dict[str, Any]:
    answer = api.post("/v1/plans", json={"from": {**FILTER, **changes}, "mapping": mapping or {}})
    assert answer.status_code == 201, answer.text
    return dict(answer.json())


def until(api: Api, plan: str, true: Callable[[dict[str, Any]], bool], seconds: float = 90) -> dict[str, Any]:
    end = time.monotonic() + seconds
    while not true(shown := api.seen(f"/v1/plans/{plan}")):
        assert time.monotonic() < end, shown["progress"]
        time.sleep(0.2)
    return dict(shown)


def machines(api: Api, plan: str, **query: Any) -> list[dict[str, Any]]:
    return list(api.seen(f"/v1/plans/{plan}/machines", **query)["machines"])


def test_a_filter_plans_for_each_machine_that_matches_as_the_mapping_says(api: Api) -> None:
    plan = planned(api, {"name": "server-{number}", "metadata": {"was": "{name}"}}, name="node-0000*")
    assert plan["counts"] == {"total": 10, "adoptable": 10, "blocked": 0}
    found = {item["name"]: item["request"]["metadata"]["was"] for item in plan["items"]}
    assert set(found) == {f"server-{n}" for n in range(1, 11)}
    assert set(found.values()) == {f"node-{n:05d}" for n in range(10)}
    shown = api.seen(f"/v1/plans/{plan['uuid']}")
    assert (shown["digest"], shown["items"], shown["state"]) == (plan["digest"], plan["items"], "planned")


def test_the_same_filter_gives_the_digest_that_the_same_machines_by_name_give(api: Api) -> None:
    plan = planned(api, name="node-0000*")
    wishes = [{key: value for key, value in item["request"].items() if value} for item in plan["items"]]
    assert api.post("/v1/plans", json={"machines": wishes}).json()["digest"] == plan["digest"]


def test_what_the_mapping_can_not_say_of_a_machine_blocks_that_one_only(api: Api, memory: MemorySource) -> None:
    memory.world.node("node-00003").properties = {"rack": "7"}
    plan = planned(api, {"name": "{properties.rack}"}, name="node-0000[34]")
    assert {item["node_name"]: item["adoptable"] for item in plan["items"]} == {"node-00003": True, "node-00004": False}
    (blocked,) = machines(api, plan["uuid"], adoptable="false")
    assert [one["code"] for one in blocked["reasons"]] == ["mapping-empty"]
    assert (blocked["state"], blocked["steps"]) == ("blocked", [])


def test_two_machines_that_would_get_one_name_are_told_across_the_whole_plan(api: Api) -> None:
    plan = planned(api, {"name": "same"}, name="node-0000[12]")
    assert [[one["code"] for one in item["reasons"]] for item in plan["items"]] == [[], ["name-taken"]]


@pytest.mark.parametrize(
    ("body", "told"),
    [
        ({"from": FILTER, "mapping": {"flavr": "gold"}}, "Did you mean 'flavor'"),
        ({"from": FILTER, "mapping": {"flavor": "golt"}}, "Did you mean 'gold'"),
        ({"from": {**FILTER, "source": "nowhere"}}, "There is no source 'nowhere'"),
        ({"from": {**FILTER, "name": "nobody*"}}, "No free machine of source memory matches"),
        ({"mapping": {}}, "exactly one of machines and from"),
        ({"from": FILTER, "machines": []}, ""),
    ],
)
def test_a_filter_or_mapping_that_makes_no_sense_is_refused_and_leaves_no_plan(api: Api, body: Any, told: str) -> None:
    answer = api.post("/v1/plans", json=body)
    assert answer.status_code in (400, 404, 409)
    assert told in answer.text
    outcomes = {one["outcome"] for one in api.seen("/v1/audit", action="plan:create")["audit"]}
    assert "done" not in outcomes


def test_machines_are_told_page_by_page(api: Api) -> None:
    plan = planned(api)
    assert (len(plan["items"]), plan["counts"]["total"]) == (100, MANY)
    rest = api.get(plan["next"]).json()["machines"]
    assert len(rest) == MANY - 100
    first = api.seen(f"/v1/plans/{plan['uuid']}/machines", limit=60, state="planned")
    second = api.get(first["next"]).json()
    assert [one["position"] for one in [*first["machines"], *second["machines"]]] == list(range(MANY))
    assert "next" not in second
    assert api.get(f"/v1/plans/{plan['uuid']}/machines?marker=x").status_code == 400
    assert api.get(f"/v1/plans/{plan['uuid']}/machines?state=x").status_code == 400


def test_a_large_plan_is_one_operation_that_adopts_all_and_one_failure_stops_no_other(
    api: Api, memory: MemorySource
) -> None:
    plan = planned(api)["uuid"]
    memory.world.node("node-00007").maintenance = True
    answer = api.post(f"/v1/plans/{plan}/apply")
    assert (answer.status_code, answer.json()["operations"]) == (202, [])
    assert api.post(f"/v1/plans/{plan}/apply").status_code == 409
    feeder = api.ended(answer.json()["operation"], 120)
    assert (feeder["kind"], feeder["state"]) == ("apply", "succeeded")
    assert feeder["result"] == {"plan": plan, "adopted": MANY - 1, "failed": 1}
    assert api.seen(f"/v1/plans/{plan}")["state"] == "applied"
    (failed,) = machines(api, plan, state="failed")
    assert (failed["node_name"], failed["error"]["code"]) == ("node-00007", "refused")
    assert len(api.seen("/v1/servers", all_tenants="true")["servers"]) == MANY - 1
    assert memory.world.node("node-00007").instance_uuid is None


def test_a_machine_that_was_taken_meanwhile_fails_by_itself(api: Api, memory: MemorySource) -> None:
    plan = planned(api, {"name": "n-{number}"})
    request = {key: value for key, value in plan["items"][5]["request"].items() if value}
    api.done(api.post("/v1/servers/manage", json={**request, "name": "quicker"}))
    api.post(f"/v1/plans/{plan['uuid']}/apply")
    done = until(api, plan["uuid"], lambda shown: shown["state"] == "applied")
    assert (done["progress"]["adopted"], done["progress"]["failed"]) == (MANY - 1, 1)
    (failed,) = machines(api, plan["uuid"], state="failed")
    assert (failed["position"], failed["operation"], failed["error"]["code"]) == (5, None, "conflict")


class Gate:
    """Holds every adoption at its first act until it is opened."""

    def __init__(self) -> None:
        self.open = False

    def __call__(self, told: str) -> None:
        while not self.open and not told.partition(" ")[2].startswith("GET"):
            time.sleep(0.02)


def test_cancelling_turns_around_what_is_under_way_only_when_told_to(api: Api, memory: MemorySource) -> None:
    plan, gate = planned(api)["uuid"], Gate()
    memory.faults = gate
    api.post(f"/v1/plans/{plan}/apply")
    until(api, plan, lambda shown: shown["progress"]["running"] == MANY)
    kept = api.post(f"/v1/plans/{plan}/cancel").json()
    assert (kept["state"], kept["progress"]["running"]) == ("cancelled", MANY)
    assert api.post(f"/v1/plans/{plan}/cancel?revert=true").json()["state"] == "cancelled"
    gate.open = True
    over = until(api, plan, lambda shown: not shown["progress"]["running"])["progress"]
    assert over["cancelled"] + over["adopted"] == MANY
    assert over["cancelled"] >= MANY - 20  # all but those whose last step was done
    assert api.ended(api.seen(f"/v1/plans/{plan}")["operation"])["state"] == "cancelled"
    assert api.post(f"/v1/plans/{plan}/resume").status_code == 409


def test_a_plan_that_is_paused_before_it_is_fed_starts_nothing_until_it_is_resumed(serve: Serve) -> None:
    source = MemorySource("memory")
    synthetic(source.world, MANY)
    api = serve(source.source)
    api.flavor()
    plan = planned(api)["uuid"]
    api.corral.engine.stop()
    api.post(f"/v1/plans/{plan}/apply")
    assert api.post(f"/v1/plans/{plan}/pause").json()["state"] == "paused"
    assert error_of(api.post(f"/v1/plans/{plan}/pause"))["message"].endswith("it is paused.")
    api.corral.engine.start()
    until(api, plan, lambda shown: api.seen(f"/v1/operations/{shown['operation']}")["state"] == "running")
    time.sleep(0.5)
    assert api.seen(f"/v1/plans/{plan}")["progress"]["planned"] == MANY
    assert api.post(f"/v1/plans/{plan}/resume").json()["state"] == "applying"
    done = until(api, plan, lambda shown: shown["state"] == "applied")
    assert done["progress"]["adopted"] == MANY


def test_a_small_plan_is_started_together_and_can_not_be_paused(api: Api) -> None:
    plan = planned(api, name="node-0000*")["uuid"]
    applied = api.post(f"/v1/plans/{plan}/apply").json()
    assert len(applied["operations"]) == 10
    assert applied["plan"]["operations"] == [one["uuid"] for one in applied["operations"]]
    assert api.post(f"/v1/plans/{plan}/pause").status_code == 409
    assert {api.ended(one)["state"] for one in applied["operations"]} == {"succeeded"}
    assert api.post(f"/v1/plans/{plan}/cancel").status_code == 409


def test_a_small_plan_of_which_one_machine_was_taken_starts_nothing(api: Api) -> None:
    plan = planned(api, name="node-0000[12]")
    wish = {key: value for key, value in plan["items"][1]["request"].items() if value}
    api.post("/v1/servers/manage", json=wish)
    assert api.post(f"/v1/plans/{plan['uuid']}/apply").status_code == 409
    assert api.seen(f"/v1/plans/{plan['uuid']}")["progress"]["planned"] == 2


def test_the_result_is_told_as_json_and_as_csv_that_holds_no_formula(api: Api, memory: MemorySource) -> None:
    memory.world.node("node-00001").name = '=HYPERLINK("http://evil")'
    plan = planned(api, {"name": "n-{number}"}, name="[=n]*")["uuid"]
    rows = api.seen(f"/v1/plans/{plan}/result")["machines"]
    assert len(rows) == MANY
    answer = api.get(f"/v1/plans/{plan}/result?format=csv")
    assert answer.headers["content-type"].startswith("text/csv")
    found = {row["node_uuid"]: row for row in csv.DictReader(io.StringIO(answer.text))}
    assert len(found) == MANY
    assert found[ident("node-00001")]["node"] == '\'=HYPERLINK("http://evil")'
    assert {row["outcome"] for row in found.values()} == {"planned"}
    assert api.get(f"/v1/plans/{plan}/result?format=xml").status_code == 400
