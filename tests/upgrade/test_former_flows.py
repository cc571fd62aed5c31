"""Every version of a flow that was ever released is still there, with all its steps, until it is given up on purpose."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from corral.flows import FLOWS

RELEASED: dict[str, list[str]] = json.loads((Path(__file__).parent / "data" / "flows.json").read_text())


@pytest.mark.parametrize("released", RELEASED)
def test_no_step_of_a_released_flow_is_removed_renamed_or_moved(released: str) -> None:
    name, version = released.rsplit(" ", 1)
    [flow] = [one for one in FLOWS if (one.name, one.version) == (name, int(version))]
    kept = [step.name for step in flow.steps if step.name in RELEASED[released]]
    assert kept == RELEASED[released], "add a version, and keep this one in flows/former"
