"""`corral adopt --from FILE`: every machine ends in the result, and none stops another."""

from __future__ import annotations

import csv
import io
import json

import pytest
from fake_api import BARE, BUSY, NODE, VIF, node

from corral.cli.batch import COLUMNS, read_wishes
from corral.domain.errors import Invalid

FLEET = (
    f"node,name,ports,nets,metadata\nweb-1,a,,,rack=1;row=2\n{BUSY},b,,,\nweb-3,c,,{BARE},\nnowhere,d,,,\nweb-3,e,,,\n"
)


@pytest.fixture
def fleet(tmp_path):
    path = tmp_path / "machines.csv"
    path.write_text(FLEET)
    return str(path)


def rows(result):
    return {row["name"]: row for row in json.loads(result.stdout)}


def test_every_machine_has_its_outcome_and_blocked_ones_exit_4(run, fleet):
    result = run("adopt", "--from", fleet, "--yes", "-o", "json")
    assert result.exit_code == 4, result.output
    found = rows(result)
    assert {name: row["outcome"] for name, row in found.items()} == {
        **dict.fromkeys("ac", "adopted"),
        **dict.fromkeys("bde", "blocked"),
    }
    assert [one["code"] for one in found["b"]["reasons"]] == ["maintenance"]
    assert [one["code"] for one in found["d"]["reasons"]] == ["node-not-found"]
    assert [one["code"] for one in found["e"]["reasons"]] == ["no-networks"]
    assert "5 machines: 2 adoptable, 3 blocked" in result.stderr
    assert "2 adopted, 3 blocked." in result.stderr


def test_a_machine_that_fails_stops_no_other_and_exits_1(run, api, fleet):
    api.failing = {NODE}
    result = run("adopt", "--from", fleet, "--yes", "-o", "json")
    assert result.exit_code == 1
    found = rows(result)
    assert found["a"]["outcome"] == "failed"
    assert "Somebody else claimed it." in found["a"]["error"]
    assert found["c"]["outcome"] == "adopted"


def test_the_plan_is_shown_before_the_question_and_a_no_applies_nothing(run, api, fleet):
    result = run("adopt", "--from", fleet, answer="n\n")
    assert result.exit_code == 1
    assert "Adopt 2 machines?" in result.stderr
    assert "It is in maintenance (disk swap)." in result.stderr
    assert api.calls("POST") == ["plans"]


def test_plan_only_applies_nothing_and_exits_4_while_machines_are_blocked(run, api, fleet):
    result = run("adopt", "--from", fleet, "--plan")
    assert result.exit_code == 4
    assert "5 machines: 2 adoptable, 3 blocked" in result.stdout
    assert "--skip-blocked" in result.stderr
    assert api.calls("POST") == ["plans"]


def test_leaving_blocked_machines_out_is_suggested_only_where_some_are_blocked(run, tmp_path):
    path = tmp_path / "machines.csv"
    path.write_text("node,name\nweb-1,a\n")
    result = run("adopt", "--from", str(path), "--plan")
    assert result.exit_code == 0, result.output
    assert "corral plan apply" in result.stderr
    assert "--skip-blocked" not in result.stderr


def test_what_the_server_cannot_read_blocks_its_machine_only(run, api, tmp_path):
    path = tmp_path / "m.csv"
    path.write_text("node,name\nweb-1,good\nweb-1,<bad>\n")
    found = rows(run("adopt", "--from", str(path), "--yes", "-o", "json"))
    assert found["good"]["outcome"] == "adopted"
    assert found["<bad>"]["reasons"][0]["message"] == "name: must not have markup."


def test_no_wait_says_accepted(run, tmp_path):
    path = tmp_path / "m.csv"
    path.write_text("node\nweb-1\n")
    found = rows(run("adopt", "--from", str(path), "--yes", "--no-wait", "-o", "json"))
    assert found["web-1"]["outcome"] == "accepted"
    assert found["web-1"]["operation"]


def test_the_csv_result_is_neutralised(run, api, tmp_path):
    api.nodes = [node(NODE, "+cmd|' /C calc'!A0")]
    path = tmp_path / "m.csv"
    path.write_text(f"node\n{NODE}\n")
    result = run("adopt", "--from", str(path), "--yes", "-o", "csv")
    assert result.exit_code == 0
    row = next(csv.DictReader(io.StringIO(result.stdout)))
    assert row["node"].startswith("'+cmd")
    assert row["server"].startswith("'+cmd")


def test_a_yaml_file_says_the_same_as_a_csv(tmp_path):
    (tmp_path / "m.csv").write_text(f"\ufeffNode,ports,nets,metadata,port_type\nweb-1,{VIF} {BARE},,a=1;b=2,t\n,,,,\n")
    (tmp_path / "m.yaml").write_text(
        f"machines:\n- node: web-1\n  ports: [{VIF}, {BARE}]\n  port_type: t\n  metadata: {{a: 1, b: 2}}\n"
    )
    (one,), (other,) = read_wishes(tmp_path / "m.csv"), read_wishes(tmp_path / "m.yaml")
    assert one.networks == other.networks
    assert one.metadata == other.metadata == {"a": "1", "b": "2"}
    assert (one.row, other.row) == (2, 1)


BAD = {
    "unknown.csv": ("node,flavour\nweb-1,x\n", "unknown column 'flavour'"),
    "nonode.csv": ("name\nweb-1\n", "no column 'node'"),
    "emptynode.csv": ("node,name\n,x\n", "Row 2 can't be used: it names no node"),
    "wide.csv": ("node\nweb-1,x\n", "more cells"),
    "twice.csv": ("node,Node\na,b\n", "twice"),
    "empty.csv": ("node\n", "names no machine"),
    "meta.csv": ("node,metadata\nweb-1,x\n", "not KEY=VALUE"),
    "bad.yaml": ("a: [", "can't be read"),
    "scalar.yaml": ("- web-1\n", "it is no mapping"),
    "tag.yaml": ("!!python/object/apply:os.system ['true']\n", "can't be read"),
    "machines.txt": ("node\n", "neither CSV nor YAML"),
}


@pytest.mark.parametrize("name", BAD)
def test_a_file_that_cannot_be_used_says_where_and_why(run, api, tmp_path, name):
    text, why = BAD[name]
    (tmp_path / name).write_text(text)
    result = run("adopt", "--from", str(tmp_path / name), "--yes")
    assert result.exit_code == 2
    assert why in result.stderr
    assert not api.sent


def test_a_file_that_is_no_text_or_not_there_is_a_usage_error(tmp_path):
    (tmp_path / "x.csv").write_bytes(b"\xff\xfe\x00")
    for name in ("x.csv", "gone.csv"):
        with pytest.raises(Invalid):
            read_wishes(tmp_path / name)


def test_every_column_is_in_the_help(run):
    helped = run("adopt", "--help").stdout
    assert all(column in helped for column in COLUMNS)
