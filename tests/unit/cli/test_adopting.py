"""`corral adopt NODE`, plans, and what happens to a server afterwards."""

from __future__ import annotations

import json

import httpx
import pytest
from fake_api import BARE, BUSY, GOLD, NODE, OPERATION, PLAN, SERVER, VIF, node


def test_adopt_takes_name_flavor_and_ports_from_the_machine_and_says_so(run, api):
    result = run("adopt", "web-1", "--yes")
    assert result.exit_code == 0, result.output
    sent = api.body("POST", "servers/manage")
    assert sent == {
        "name": "web-1",
        "node_uuid": NODE,
        "flavor_uuid": GOLD,
        "networks": [{"port_id": VIF}],
        "source": "lab",
    }
    assert "Name: web-1 (the node's)." in result.stderr
    assert "the only one for class 'gold'" in result.stderr
    assert f"the 1 port that it has plugged in: {VIF}" in result.stderr
    assert f"`corral server proof {SERVER}`" in result.stderr


def test_adopt_sends_what_was_said(run, api):
    run(
        *("adopt", NODE, "--name", "n", "--flavor", "gold-flavor", "--port", VIF, "--net", BARE, "--port-type", "t"),
        *("--description", "d", "--az", "z", "--project", "p", "--metadata", "k=v=w", "--yes"),
    )
    sent = api.body("POST", "servers/manage")
    assert sent["networks"] == [{"port_id": VIF, "port_type": "t"}, {"net_id": BARE, "port_type": "t"}]
    assert (sent["name"], sent["description"], sent["availability_zone"]) == ("n", "d", "z")
    assert (sent["project_id"], sent["metadata"]) == ("p", {"k": "v=w"})


def test_progress_is_told_line_by_line_where_nobody_watches(run):
    assert " 40%  Claim the node" in run("adopt", "web-1", "--yes").stderr


def test_adopt_json_is_the_server_and_its_operation(run):
    result = json.loads(run("adopt", "web-1", "--yes", "-o", "json").stdout)
    assert result["server"]["uuid"] == SERVER
    assert result["operation"]["state"] == "succeeded"


def test_no_wait_returns_at_once_with_the_next_step(run, api):
    result = run("adopt", "web-1", "--yes", "--no-wait")
    assert result.exit_code == 0
    assert f"`corral operation watch {OPERATION.format(0)}`" in result.stderr
    assert not [path for path in api.calls("GET") if path.startswith("operations")]


def test_without_yes_the_plan_is_shown_and_exactly_that_plan_is_applied(run, api):
    result = run("adopt", "web-1", answer="y\n")
    assert result.exit_code == 0, result.output
    assert "1. Claim the node" in result.stderr
    assert api.calls("POST") == ["plans", f"plans/{PLAN}/apply"]


def test_a_no_adopts_nothing(run, api):
    assert run("adopt", "web-1", answer="n\n").exit_code == 1
    assert api.calls("POST") == ["plans"]


def test_plan_shows_and_does_nothing(run, api):
    result = run("adopt", "web-1", "--plan")
    assert result.exit_code == 0
    assert "Claim the node" in result.stdout
    assert "1 machine: 1 adoptable" in result.stdout
    assert f"`corral plan apply {PLAN}`" in result.stderr
    assert api.calls("POST") == ["plans"]
    assert json.loads(run("adopt", "web-1", "--plan", "--yes", "-o", "json").stdout)["uuid"] == PLAN


def test_a_blocked_machine_exits_4_with_its_reasons_and_is_not_asked_about(run, api):
    for args in (("--yes",), (), ("--plan",)):
        result = run("adopt", "web-2", *args)
        assert result.exit_code == 4
        assert "It is in maintenance (disk swap)." in result.output
        assert "Finish the work" in result.output
    assert "servers/manage" in api.calls("POST")
    assert not api.servers


def test_a_failed_operation_exits_1_and_says_why(run, api):
    api.failing = {NODE}
    result = run("adopt", "web-1", "--yes")
    assert result.exit_code == 1
    assert "Error: The manage was reverted: Somebody else claimed it." in result.stderr
    assert "Next: Look again." in result.stderr


def test_two_flavors_that_fit_are_named_and_none_is_guessed(run, api):
    api.flavors.append({"uuid": BARE, "name": "other", "resources": {"CUSTOM_GOLD": "1"}})
    result = run("adopt", "web-1", "--yes")
    assert result.exit_code == 2
    assert "gold-flavor, other" in result.stderr
    api.flavors[1]["disabled"] = True
    assert run("adopt", "web-1", "--yes").exit_code == 0


def test_no_flavor_that_fits_says_how_to_make_one(run, api):
    api.flavors.clear()
    result = run("adopt", "web-1", "--yes")
    assert result.exit_code == 2
    assert "corral flavor create NAME --resource-class gold" in result.stderr


def test_a_machine_without_ports_needs_them_named(run):
    result = run("adopt", "web-3", "--yes")
    assert result.exit_code == 2
    assert "--net" in result.stderr


def test_a_node_that_is_not_there_or_there_twice_is_no_guess(run, api):
    assert run("adopt", "nowhere", "--yes").exit_code == 3
    assert run("adopt", "web-1", "--flavor", "nothing", "--yes").exit_code == 3
    api.nodes.append(node(BUSY, "web-1", source="other"))
    result = run("adopt", "web-1", "--yes")
    assert result.exit_code == 4
    assert "other" in result.stderr
    assert run("adopt", "web-1", "--source", "lab", "--yes").exit_code == 0


@pytest.mark.parametrize("args", [(), ("web-1", "--metadata", "novalue"), ("web-1", "--from", "x.csv")])
def test_contradictions_are_usage_errors(run, args):
    assert run("adopt", *args).exit_code == 2


def test_plan_show_and_apply(run, api):
    run("adopt", "web-1", "--plan")
    assert "Claim the node" in run("plan", "show", PLAN).stdout
    result = run("plan", "apply", PLAN, "--yes", "-o", "json")
    assert result.exit_code == 0
    assert json.loads(result.stdout)[0]["outcome"] == "adopted"
    assert run("plan", "show", GOLD).exit_code == 3


def test_a_stale_plan_exits_4(run, api):
    run("adopt", "web-1", "--plan")
    error = {
        "title": "stale",
        "status": 409,
        "detail": "web-1 has changed since.",
        "code": "stale",
        "fix": "Plan again.",
    }
    api.answers["POST", f"plans/{PLAN}/apply"] = httpx.Response(409, json=error)
    result = run("plan", "apply", PLAN, "--yes")
    assert result.exit_code == 4
    assert "web-1 has changed since." in result.stderr


def managed(api):
    return api.server({"name": "web", "node_uuid": NODE})


def test_unmanage_asks_and_says_that_the_machine_runs_on(run, api):
    managed(api)
    assert run("server", "unmanage", "web", answer="n\n").exit_code == 1
    assert not api.calls("POST")
    result = run("server", "unmanage", "web", answer="y\n")
    assert result.exit_code == 0, result.output
    assert "The machine runs on" in result.stderr
    assert f"`corral server proof {SERVER}`" in result.stderr
    accepted = run("server", "unmanage", "web", "--yes", "--no-wait")
    assert "corral operation watch" in accepted.stderr


def test_power_lock_and_update_send_what_they_say(run, api):
    managed(api)
    assert run("server", "power", "web", "soft_off").exit_code == 0
    assert api.body("PUT", f"servers/{SERVER}/states/power") == {"target": "soft_off"}
    assert run("server", "power", "web", "explode").exit_code == 2
    assert run("server", "lock", "web").exit_code == 0
    assert api.body("PUT", f"servers/{SERVER}/states/lock") == {"target": True}
    assert "unlocked" in run("server", "unlock", "web").stderr
    assert run("server", "update", "web", "--name", "n", "--metadata", "a/b=1", "--forget", "old").exit_code == 0
    assert api.body("PATCH", f"servers/{SERVER}") == [
        {"op": "replace", "path": "/name", "value": "n"},
        {"op": "add", "path": "/metadata/a~1b", "value": "1"},
        {"op": "remove", "path": "/metadata/old"},
    ]
    assert run("server", "update", "web").exit_code == 2


def test_power_without_an_operation_waits_for_a_status_that_lasts(run, api):
    server = {**managed(api), "status": "rebooting"}
    waits = []

    def pause(seconds: float) -> None:
        waits.append(seconds)
        api.servers[0]["status"] = "active"

    api.servers[0]["status"] = "rebooting"
    api.answers["PUT", f"servers/{SERVER}/states/power"] = httpx.Response(202, json={"server": server})
    assert run("server", "power", "web", "reboot", pause=pause).exit_code == 0
    assert waits == [1.0]


def test_watch_takes_up_a_broken_stream_where_it_broke(run, api):
    uuid = api.operation("manage", managed(api))["uuid"]
    api.operations[uuid]["state"] = "running"
    event = {"seq": 7, "kind": "step", "message": "Halfway", "fraction": 0.5}
    broken = httpx.Response(200, text=f"event: step\nid: 7\ndata: {json.dumps(event)}\n\n")
    api.answers["GET", f"operations/{uuid}/events"] = broken

    def pause(_seconds: float) -> None:
        api.answers.clear()
        api.operations[uuid]["state"] = "succeeded"

    result = run("operation", "watch", uuid, pause=pause)
    assert result.exit_code == 0, result.output
    resumed = [headers.get("last-event-id") for _, path, _, _, headers in api.sent if path.endswith("/events")]
    assert resumed == [None, "7"]


def test_watch_gives_up_on_a_server_that_stays_away_and_says_that_the_work_goes_on(run, api):
    uuid = api.operation("manage", managed(api))["uuid"]
    api.operations[uuid]["state"] = "running"
    api.answers["GET", f"operations/{uuid}/events"] = httpx.ConnectError("refused")
    result = run("operation", "watch", uuid)
    assert result.exit_code == 5
    assert f"`corral operation watch {uuid}`" in result.stderr


def test_watch_interrupted_exits_130_and_leaves_the_operation_alone(run, api):
    uuid = api.operation("manage", managed(api))["uuid"]
    api.operations[uuid]["state"] = "running"
    api.answers["GET", f"operations/{uuid}/events"] = httpx.Response(200, text="")

    def pause(_seconds: float) -> None:
        raise KeyboardInterrupt

    result = run("operation", "watch", uuid, pause=pause)
    assert result.exit_code == 130
    assert "goes on at the server" in result.stderr
    assert not api.calls("POST")


def test_watch_and_cancel(run, api):
    api.failing = {NODE}
    uuid = api.operation("manage", managed(api))["uuid"]
    assert run("operation", "watch", uuid).exit_code == 1
    assert run("operation", "cancel", uuid).exit_code == 0
    assert api.calls("POST") == [f"operations/{uuid}/cancel"]
