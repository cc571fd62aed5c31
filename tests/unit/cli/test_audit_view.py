"""`corral audit`: what is asked of the server, and what people see of the answer."""

from __future__ import annotations

import csv
import io
import json
from datetime import UTC, datetime

import httpx
import pytest
from fake_api import NODE, OPERATION, SERVER, problem

from corral.cli.audit import moment
from corral.domain.errors import Invalid

ENTRY = {
    "id": 7, "at": "2026-01-02T03:04:05.678+00:00", "user_id": "anna", "project_id": "p1", "request_id": "req-1",
    "action": "server:manage", "outcome": "refused", "subject": None, "node_uuid": NODE, "operation": None,
    "code": "refused", "reasons": ["maintenance", "no-nics"], "detail": {},
}  # fmt: skip
DONE = {**ENTRY, "id": 6, "outcome": "succeeded", "code": None, "reasons": [], "operation": OPERATION.format(1)}
LOST = {**ENTRY, "id": 5, "code": "unreachable", "reasons": [], "user_id": "[red]\x1b[31m"}


@pytest.fixture
def trail(api):
    def answers(*rows, path="audit"):
        api.answers["GET", path] = httpx.Response(200, json={"audit": list(rows)})

    answers(ENTRY, DONE, LOST)
    return answers


def test_the_list_shows_who_did_what_when_with_which_outcome_and_why(run, trail):
    result = run("audit", "list")
    assert result.exit_code == 0
    first = next(line for line in result.stdout.splitlines() if "maintenance" in line)
    for word in ("2026-01-02 03:04:05", "anna", "server:manage", "refused", "maintenance no-nics", NODE):
        assert word in first
    assert "unreachable" in result.stdout
    assert "\x1b[31m" not in result.stdout


def test_every_filter_is_asked_of_the_server(run, api, trail):
    run(
        "audit", "list", "--node", NODE, "--actor", "anna", "--action", "server:manage", "--operation", "o", "--outcome",
        "refused", "--request", "req-1", "--since", "2026-01-01", "--until", "2026-01-02T12:00+02:00", "--limit", "5",
    )  # fmt: skip
    assert api.sent[0][2] == {
        "node": NODE, "actor": "anna", "action": "server:manage", "operation": "o", "outcome": "refused",
        "request_id": "req-1", "since": "2026-01-01T00:00:00+00:00", "until": "2026-01-02T12:00:00+02:00", "limit": "5",
    }  # fmt: skip


def test_a_server_is_named_or_given_by_uuid_also_when_it_is_gone(run, api, trail):
    trail(DONE, path=f"servers/{SERVER}/audit")
    by_uuid = json.loads(run("audit", "list", "--server", SERVER.upper(), "-o", "json").stdout)
    assert by_uuid == [DONE]
    assert [path for _, path, *_ in api.sent] == [f"servers/{SERVER}/audit"]
    api.servers.append({"uuid": SERVER, "name": "ledger"})
    by_name = json.loads(run("audit", "list", "--server", "ledger", "-o", "json").stdout)
    assert by_name == by_uuid


def test_csv_has_every_column_and_a_full_list_says_that_there_may_be_more(run, trail):
    rows = list(csv.DictReader(io.StringIO(run("audit", "list", "-o", "csv").stdout)))
    assert rows[0]["why"] == "maintenance no-nics"
    assert rows[1]["operation"] == OPERATION.format(1)
    assert "--limit 30" in run("audit", "list", "--limit", "3").stderr


def test_who_may_not_read_the_trail_is_told_so(run, api):
    api.answers["GET", "audit"] = problem(403, "forbidden", "corral:audit:list needs the role admin.")
    result = run("audit", "list")
    assert result.exit_code == 6
    assert "needs the role admin" in result.stderr


@pytest.mark.parametrize("time", ["yesterday", "25", "3y", "2026-13-01", ""])
def test_a_time_that_is_none_is_refused_before_anything_is_asked(run, api, time):
    result = run("audit", "list", "--since", time)
    assert result.exit_code == 2
    assert api.sent == []


def test_a_span_means_that_long_ago():
    now = datetime(2026, 1, 31, 12, tzinfo=UTC)
    assert moment("24h", "--since", now) == "2026-01-30T12:00:00+00:00"
    assert moment("90m", "--since", now) == "2026-01-31T10:30:00+00:00"
    assert moment("7d", "--since", now) == "2026-01-24T12:00:00+00:00"
    assert moment(None, "--since", now) is None
    with pytest.raises(Invalid):
        moment("24 hours", "--since", now)
