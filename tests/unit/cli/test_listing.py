"""Lists and single things: what is printed, where, and in which form."""

from __future__ import annotations

import csv
import io
import json

import httpx
import yaml
from fake_api import BUSY, GOLD, NODE, OPERATION, SERVER, node, problem

EVIL = "[red]web\x1b[31m-\u202e=1"


def test_adoptable_list_shows_all_nodes_over_several_pages_with_the_codes_of_their_reasons(run, api):
    result = run("adoptable", "list")
    assert result.exit_code == 0
    assert "web-1" in result.stdout
    assert "web-3" in result.stdout
    assert "maintenance" in result.stdout
    assert "3 nodes: 2 adoptable, 1 not." in result.stderr
    assert len(api.calls("GET")) == 2
    assert {where for _, where, *_ in api.sent} == {"adoptable_nodes"}


def test_why_shows_message_and_fix_of_every_reason(run):
    result = run("adoptable", "list", "--why")
    assert "It is in maintenance (disk swap)." in result.stdout
    assert "→ Finish the work" in result.stdout


def test_only_adoptable_class_name_and_source_are_asked_of_the_server(run, api):
    run("adoptable", "list", "--only-adoptable", "--class", "gold", "--source", "lab", "--name", "web-1")
    assert api.sent[0][2] == {"adoptable": "true", "resource_class": "gold", "source": "lab", "name": "web-1"}


def test_limit_stops_in_the_middle_of_a_page(run):
    rows = json.loads(run("adoptable", "list", "--limit", "1", "-o", "json").stdout)
    assert [row["name"] for row in rows] == ["web-1"]


def test_output_is_taken_before_and_after_the_command_and_stdout_holds_nothing_else(run):
    after = run("adoptable", "list", "-o", "json")
    before = run("-o", "json", "adoptable", "list")
    assert json.loads(after.stdout) == json.loads(before.stdout)
    assert len(yaml.safe_load(run("adoptable", "list", "-o", "yaml").stdout)) == 3
    assert run("adoptable", "list", "-o", "xml").exit_code == 2


def test_csv_neutralises_what_a_spreadsheet_would_run(run, api):
    api.nodes = [node(NODE, "=HYPERLINK(1)"), node(BUSY, " @SUM(1)")]
    rows = list(csv.DictReader(io.StringIO(run("adoptable", "list", "-o", "csv").stdout)))
    assert [row["name"] for row in rows] == ["'=HYPERLINK(1)", "' @SUM(1)"]


def test_markup_escapes_and_bidi_in_a_name_reach_no_terminal(run, api):
    api.nodes = [node(NODE, EVIL, adoptable=False, reasons=[{"code": "x", "message": EVIL, "fix": EVIL}])]
    for form in ("table", "csv", "json", "yaml"):
        out = run("adoptable", "list", "--why", "-o", form).output
        assert "\x1b" not in out
        assert "\u202e" not in out
        assert "[red]web" in out


def test_an_empty_list_says_what_to_do_next(run, api):
    api.nodes = []
    assert "Next: `corral source check`" in run("adoptable", "list").stderr
    assert "`corral adoptable list` shows what could be adopted" in run("server", "list").stderr


def test_no_drift_says_so_when_nothing_is_compared_at_all(run, api):
    api.answers["GET", "drift"] = httpx.Response(200, json={"drifts": []})
    api.answers["GET", "sync"] = httpx.Response(200, json={"sources": []})
    assert "Next: Nothing is compared yet." in run("drift", "list").stderr
    assert "`sync.policy_file`" in run("sync", "status").stderr
    api.answers["GET", "sync"] = httpx.Response(200, json={"sources": [{"name": "lab"}]})
    assert "Nothing is compared" not in run("drift", "list").stderr
    api.answers["GET", "sync"] = problem(403, "forbidden", "You may not see that.")
    result = run("drift", "list")
    assert (result.exit_code, "Nothing is compared" in result.stderr) == (0, False)


def test_the_list_of_sources_says_where_hypervisors_are(run, api):
    assert "`corral host list` shows hypervisors" in run("source", "list").stderr
    assert "`corral host list` shows hypervisors" in run("source", "check", "nowhere").stderr
    api.answers["GET", "sources"] = httpx.Response(200, json={"sources": []})
    assert "Name one under `sources` in the server's settings" in run("source", "list").stderr


def test_source_check_exits_5_when_one_does_not_answer(run):
    assert run("source", "list").exit_code == 0
    assert run("source", "check", "lab").exit_code == 0
    assert run("source", "check").exit_code == 5
    assert run("source", "check", "nowhere").exit_code == 3


def test_a_server_is_found_by_exact_name_and_by_uuid(run, api):
    api.server({"name": "web", "node_uuid": NODE})
    assert SERVER in run("server", "show", "web").stdout
    assert SERVER in run("server", "show", SERVER.upper()).stdout
    assert run("server", "show", "we").exit_code == 3
    api.server({"name": "web", "node_uuid": BUSY})
    result = run("server", "show", "web")
    assert result.exit_code == 4
    assert "Next: Use the UUID." in result.stderr


def test_a_name_with_a_slash_stays_one_path_segment(run, api):
    run("operation", "show", "../servers")
    assert api.calls("GET") == ["operations/../servers"]
    assert api.sent[0][1].count("operations") == 1


def test_server_list_and_networks_show_addresses_and_ports(run, api):
    api.server({"name": "web", "node_uuid": NODE})
    assert "192.0.2.7" in run("server", "list").stdout
    assert "52:54:00:00:00:01" in run("server", "networks", "web").stdout


def test_operation_list_shows_errors(run, api):
    api.failing = {NODE}
    api.operation("manage", api.server({"name": "web", "node_uuid": NODE}))
    assert "Somebody else claimed it." in run("operation", "list").stdout
    assert OPERATION.format(0) in run("operation", "list", "-o", "csv").stdout


def test_flavors_are_made_changed_granted_and_deleted(run, api):
    assert "gold=1" in run("flavor", "list").stdout
    assert GOLD in run("flavor", "show", "gold-flavor").stdout
    assert run("flavor", "create", "f", "--resource-class", "gold", "--private").exit_code == 0
    assert api.body("POST", "flavors") == {
        "name": "f",
        "description": None,
        "resources": {"gold": "1"},
        "is_public": False,
    }
    assert run("flavor", "create", "f").exit_code == 2
    assert run("flavor", "update", "gold-flavor", "--disable").exit_code == 0
    assert api.body("PATCH", f"flavors/{GOLD}") == [{"op": "replace", "path": "/disabled", "value": True}]
    assert "p1" in run("flavor", "access", "list", "gold-flavor").stdout
    assert run("flavor", "access", "add", "gold-flavor", "p2").exit_code == 0
    assert run("flavor", "access", "remove", "gold-flavor", "p2").exit_code == 0
    assert run("flavor", "delete", "gold-flavor", answer="n\n").exit_code == 1
    assert run("flavor", "delete", "gold-flavor", "--yes").exit_code == 0
    assert api.calls("DELETE") == [f"flavors/{GOLD}/access/p2", f"flavors/{GOLD}"]


def test_version_and_help_say_what_they_must(run):
    assert run("--version").stdout.startswith("corral ")
    helped = run("--help").stdout
    assert "Exit codes" in helped
    assert "130" in helped


def test_a_page_that_is_empty_but_not_the_last_does_not_end_the_list(run, api):
    first = httpx.Response(200, json={"operations": [], "next": "http://x/v1/operations?marker=m"})
    api.answers["GET", "operations"] = first
    run("operation", "list")
    assert [query.get("marker") for _, _, query, *_ in api.sent] == [None, "m"]


def test_a_server_of_another_project_is_found_by_name_too_by_those_who_may_look(run, api):
    found = api.server({"name": "web", "node_uuid": NODE})
    api.servers = []
    everywhere = httpx.Response(200, json={"servers": [found]})

    class Scoped(type(api)):
        def handle_request(self, request):
            if request.url.params.get("all_tenants") == "true":
                return everywhere
            return super().handle_request(request)

    scoped = Scoped()
    scoped.answers["GET", f"servers/{SERVER}/networks"] = httpx.Response(200, json={"nics": []})
    assert run("server", "networks", "web", transport=scoped).exit_code == 0


def test_who_may_not_look_elsewhere_is_told_that_there_is_no_such_server(run, api):
    empty, refused = httpx.Response(200, json={"servers": []}), httpx.Response(403, json={"title": "forbidden"})

    class Guarded(type(api)):
        def handle_request(self, request):
            return refused if "all_tenants" in request.url.params else empty

    assert run("server", "show", "web", transport=Guarded()).exit_code == 3


def test_a_narrow_terminal_drops_columns_and_breaks_no_heading(run, monkeypatch):
    monkeypatch.setenv("COLUMNS", "80")
    shown = run("adoptable", "list").stdout
    assert "ADOPTABLE" in shown
    assert NODE not in shown
    assert NODE in run("adoptable", "list", "-o", "csv").stdout


def test_the_status_of_synchronization_names_each_pod_that_is_not_heard_and_why(run, api):
    told = [
        (None, "quiet"),
        ({"heard": True, "why": None}, "good"),
        ({"heard": False, "why": "It only pushes."}, "deaf"),
    ]
    pods = [{"name": name, "notifications": said} for said, name in told]
    lab = {"name": "lab", "policy": "none", "brake": {"on": False}, "pods": pods}
    api.answers["GET", "sync"] = httpx.Response(200, json={"sources": [lab]})
    shown = run("sync", "status").stderr
    assert "Pod deaf is not heard: It only pushes." in shown
    assert "good" not in shown and "quiet" not in shown
