"""The service gives the recorded answers, and what it gives can be read back and written for every agent."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa
from alembic.autogenerate import compare_metadata
from alembic.runtime.migration import MigrationContext

from corral.bareon_api import compute, open_storage
from corral.bareon_api.checks import problems
from corral.bareon_api.compute import Shape, Target
from corral.bareon_api.objects import Partitioning
from corral.bareon_api.storage import VERSION_TABLE, metadata
from corral.domain.errors import Invalid
from corral.domain.layout import SECTOR

CASES: list[dict[str, Any]] = json.loads(
    (Path(__file__).parents[1] / "layouts" / "golden_volume_manager.json").read_text()
)
NO_ROOM = {12, 20}  # the recorded answer leaves nothing for the root file system


def shape(case: dict[str, Any]) -> Shape:
    told = case["node"]
    return Shape.of({**told, "schema": {"version": "legacy"}}, told["meta"]["disks"])


@pytest.mark.parametrize("case", CASES, ids=lambda case: str(case["case"]))
def test_the_recorded_answers(case: dict[str, Any]) -> None:
    found, expected = compute.spaces(shape(case)), case["expected"]
    assert found == expected["ks_spaces"]
    assert compute.simple(found) == expected["disks"]
    assert compute.volumes(shape(case)) == expected.get("volumes", [])  # none recorded for a node without role


@pytest.mark.parametrize(
    "case", [one for one in CASES if one["case"] not in NO_ROOM], ids=lambda case: str(case["case"])
)
def test_layouts_are_possible_and_read_back_for_every_agent(case: dict[str, Any]) -> None:
    written = compute.partitioning(shape(case), compute.spaces(shape(case)))
    layout, disks = Partitioning.model_validate(written), case["node"]["meta"]["disks"]
    assert layout.as_json() == written
    assert problems(layout, {f"/dev/{one['name']}": one["size"] // SECTOR * SECTOR for one in disks}) == []
    if written["parteds"]:
        assert compute.written_for(Target.BAREON, layout, disks) == written
        for target in Target:
            assert len(compute.written_for(target, layout, disks)["lvs"]) == len(written["lvs"])


def test_a_layout_without_room_for_the_system_is_refused_in_words() -> None:
    for case in (one for one in CASES if one["case"] in NO_ROOM):
        with pytest.raises(Invalid, match="root file system"):
            compute.partitioning(shape(case), compute.spaces(shape(case)))


def test_the_migrated_schema_is_the_one_that_the_code_uses(tmp_path: Path) -> None:
    sql = open_storage(f"sqlite:///{tmp_path / 'bareon-api.db'}")
    with sql.connect() as conn:
        options = {"compare_type": True, "version_table": VERSION_TABLE}
        assert compare_metadata(MigrationContext.configure(conn, opts=options), metadata) == []
        assert VERSION_TABLE in sa.inspect(conn).get_table_names()
    sql.dispose()
