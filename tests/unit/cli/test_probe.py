"""`corral probe`: verdicts on a terminal, in CSV and JSON, and the readiness report."""

from __future__ import annotations

import base64
import csv
import hashlib
import io
import json
import re
from dataclasses import dataclass
from datetime import UTC, datetime

import pytest

from corral.cli.readiness import Readiness, as_json
from corral.cli.readiness_html import prose, render
from corral.domain.errors import Unreachable
from corral.domain.machine import Machine, Nic, Power
from corral.domain.reasons import Reason, blockers, reason

EVIL = "<script>alert(1)</script>\"'[red]\x1b[31m\u202e"
AT = datetime(2026, 1, 2, 3, 4, tzinfo=UTC)


@dataclass(frozen=True)
class Seen:
    machine: Machine
    reasons: tuple[Reason, ...] = ()

    @property
    def adoptable(self) -> bool:
        return not blockers(self.reasons)


def seen(name: str, *reasons: Reason) -> Seen:
    nics = (Nic("n", "52:54:00:00:00:01", vif="v"),)
    return Seen(Machine("lab", f"id-{name}", name, "active", Power.ON, resource_class="gold", nics=nics), reasons)


IN_WORK = reason("maintenance", because=" (ticket)", node="b")
CLASSLESS = reason("no-resource-class", node="b")
FLEET = (
    seen("a"),
    seen("b", IN_WORK),
    seen("c", IN_WORK, CLASSLESS),
    seen("d", CLASSLESS, reason("power-off")),
    seen("e", CLASSLESS),
    seen("f", reason("power-off")),
)


@pytest.fixture
def probe(run):
    def go(*args: str, fleet=FLEET, **more):
        def surveyor(driver, options, query):
            go.asked = (driver, dict(options), query)
            yield from fleet

        return run("probe", "ironic", "--cloud", "prod", *args, surveyor=surveyor, **more)

    return go


def report(fleet=FLEET, source="prod") -> Readiness:
    return Readiness(source, "ironic", AT, tuple(fleet))


def test_the_table_shows_every_machine_with_reasons_and_fixes_and_what_to_fix_first(probe, api):
    result = probe()
    assert result.exit_code == 0, result.output
    assert "✔ a" in result.stdout
    assert "✘ c" in result.stdout
    assert "→ Finish the work" in result.stdout
    assert "prod: 6 machines, 2 adoptable (1 with warnings), 4 not. Nothing was changed." in result.stdout
    assert "1. no-resource-class  3 have it, frees 2 machines on its own" in result.stdout
    assert not api.sent


def test_verdicts_are_printed_before_the_source_is_done(probe, capsys):
    def failing():
        yield seen("first")
        raise Unreachable("The source went away.")

    result = probe(fleet=failing())
    assert "✔ first" in result.stdout
    assert result.exit_code == 5


def test_options_reach_the_driver(probe):
    probe("--region", "east", "--class", "gold", "--no-bmc", "--network-cloud", "net")
    driver, options, query = probe.asked
    assert driver == "ironic"
    assert options == {"cloud": "prod", "network_cloud": "net", "region": "east", "bmc": {"ask": False}}
    assert query.resource_class == "gold"


def test_json_and_csv_hold_every_machine(probe):
    data = json.loads(probe("-o", "json").stdout)
    assert data["counts"] == {"total": 6, "adoptable": 2, "warned": 1, "blocked": 4}
    assert data["fix_first"] == ["no-resource-class", "maintenance"]
    assert len(data["machines"]) == 6
    lines = list(csv.DictReader(io.StringIO(probe("-o", "csv").stdout)))
    assert lines[2]["codes"] == "maintenance, no-resource-class"
    assert lines[0]["adoptable"] == "yes"


def test_csv_of_a_hostile_name_is_neutralised(probe):
    line = next(csv.DictReader(io.StringIO(probe("-o", "csv", fleet=[seen("=1+1\x1b")]).stdout)))
    assert line["name"] == "'=1+1"


def test_a_hostile_name_is_plain_text_on_the_terminal(probe):
    out = probe(fleet=[seen(EVIL, IN_WORK)]).stdout
    assert "<script>alert(1)</script>\"'[red][31m" in out
    assert "\x1b" not in out
    assert "\u202e" not in out


def test_the_file_names_the_format_and_a_format_is_no_file(probe, tmp_path):
    for name, start in (("r.html", "<!doctype html>"), ("r.csv", "uuid,"), ("r.json", "{"), ("r.txt", "✔ a")):
        path = tmp_path / name
        assert probe("--output", str(path)).exit_code == 0
        assert path.read_text().startswith(start)
    assert probe("--output", "html").exit_code == 2
    assert probe("--output", str(tmp_path / "no" / "r.html")).exit_code == 1


def test_what_to_fix_first_is_what_frees_most_machines_alone():
    first, second = report().first_fixes
    assert (first.code, first.count, first.alone) == ("no-resource-class", 3, 2)
    assert (second.code, second.count, second.alone) == ("maintenance", 2, 1)
    assert [finding.code for finding in report().findings] == ["no-resource-class", "maintenance", "power-off"]


def test_a_group_is_told_in_general_and_a_single_machine_in_its_own_words():
    general = report().first_fixes[1]
    assert general.message == "It is in maintenance."
    assert "maintenance unset NODE" in general.fix
    single = report([seen("b", IN_WORK)]).first_fixes[0]
    assert single.message == "It is in maintenance (ticket)."


def test_a_reason_outside_the_catalogue_is_shown_as_it_came():
    odd = Reason("new-code", "Odd.", "Fix it.")
    assert as_json(report([seen("a", odd), seen("b", odd)]))["findings"][0]["message"] == "Odd."


def test_the_report_escapes_everything_that_the_world_says():
    hostile = Reason("<b>code", f"{EVIL} `<i>`", f"`{EVIL}`")
    machine = Machine("lab", EVIL, EVIL, EVIL, Power.ON, resource_class=EVIL)
    html = render(report([Seen(machine, (hostile,))], source=EVIL))
    assert "<script>alert" not in html
    assert "<i>" not in html.replace("<i></i>", "")
    assert "<b>code" not in html
    assert "\x1b" not in html
    assert "\u202e" not in html
    assert html.count("<script>") == 1


def test_the_report_loads_nothing_and_runs_only_its_own_script():
    html = render(report())
    assert not re.search(r"""(?:src|href)\s*=|url\(|@import|<link|<img""", html)
    policy = re.search(r'Content-Security-Policy" content="([^"]*)"', html)
    script = re.search(r"<script>(.*?)</script>", html, re.DOTALL)
    digest = base64.b64encode(hashlib.sha256(script.group(1).encode()).digest()).decode()
    assert policy.group(1).startswith("default-src 'none'")
    assert f"script-src 'sha256-{digest}'" in policy.group(1)


def test_the_report_says_when_of_what_and_counts():
    html = render(report())
    for words in ("2 January 2026, 03:04 UTC", "<h1>prod</h1>", ">6</dd>", "What to fix first", "nothing was changed"):
        assert words in html
    assert html.count("<tr data-kind=") == 6
    assert 'data-kind="warned"' in html


def test_a_report_on_nothing_or_on_a_healthy_source_is_whole():
    for fleet in ((), (seen("a"),)):
        html = render(report(fleet))
        assert "What to fix first" not in html
        assert html.rstrip().endswith("</html>")


def test_code_in_backticks_is_code_also_when_a_backtick_is_left_over():
    assert prose("do `a <b>` now `c") == "do <code>a &lt;b&gt;</code> now `c"


def test_ten_thousand_machines_make_a_report():
    fleet = [seen(f"m{i}", *((IN_WORK,) if i % 3 else ())) for i in range(10_000)]
    assert report(fleet).first_fixes[0].alone == 6666


def test_a_cloud_that_nobody_described_is_bad_input_and_not_a_cloud_that_is_silent(run, tmp_path, monkeypatch):
    described = tmp_path / "clouds.yaml"
    described.write_text("clouds: {other: {auth: {auth_url: 'http://127.0.0.1:1/v3'}}}")
    monkeypatch.setenv("OS_CLIENT_CONFIG_FILE", str(described))
    result = run("probe", "ironic", "--cloud", "nowhere")
    assert result.exit_code == 2, result.stderr
    assert "nowhere" in result.stderr
    assert "clouds.yaml" in result.stderr
