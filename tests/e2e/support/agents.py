"""The published agents, in their own virtual environments: what their drivers understand of our data."""

from __future__ import annotations

import json
import os
import subprocess
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest

from tests.e2e.support.lab import CHECKOUT

Json = dict[str, Any]
INSIDE = CHECKOUT / "lab" / "agents" / "inside"


def agents_folder() -> Path:
    """Where `python -m lab agents install` puts them."""
    return Path(os.environ.get("CORRAL_LAB_DIR") or CHECKOUT / ".lab") / "agents"


def install_agents() -> None:
    """Install them, or skip where the lab is not required and they are not there."""
    if os.environ.get("CORRAL_REQUIRE_LAB") != "1" and not (agents_folder() / "fuel-agent").exists():
        pytest.skip("the agents are not installed: python -m lab agents install")
    done = subprocess.run(
        ["python3.11", "-m", "lab", "agents", "install"], cwd=CHECKOUT, capture_output=True, text=True, timeout=900
    )
    assert done.returncode == 0, done.stderr


def parsed(agent: str, documents: Mapping[str, Json], folder: Path) -> dict[str, Json]:
    """What the agent's nailgun_simple driver makes of each document, by the same names."""
    for name, document in documents.items():
        (folder / f"{name}.json").write_text(json.dumps(document))
    python = agents_folder() / agent / "bin" / "python"
    done = subprocess.run(
        [str(python), "-W", "ignore", str(INSIDE / "parse.py"), agent, str(folder)],
        capture_output=True,
        text=True,
        timeout=300,
    )
    assert done.returncode == 0, done.stderr[-2000:]
    return json.loads(done.stdout)
