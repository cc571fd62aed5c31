"""Every command of the README, run as it stands there."""

from __future__ import annotations

import os
import re
import socket
import subprocess
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
pytestmark = pytest.mark.lab


def commands() -> list[str]:
    """The fenced lines that a reader types: in blocks without a language, which show no output."""
    text = (ROOT / "README.md").read_text()
    # Blocks open and close in turn; the odd parts are their contents.
    return [line for block in text.split("```")[1::2] if block.startswith("\n") for line in block.strip().splitlines()]


def test_the_readme_names_commands_that_exist() -> None:
    targets = re.findall(r"^([a-z0-9-]+):", (ROOT / "Makefile").read_text(), re.MULTILINE)
    assert commands() == ["make run", "make test"]
    assert {command.split()[1] for command in commands()} <= set(targets)


@pytest.mark.timeout(600)
def test_make_run_shows_the_first_adoption(lab: object) -> None:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    environment = {**os.environ, "CORRAL_PORT": str(port), "CORRAL_RUN_ONCE": "1"}
    shown = subprocess.run(["make", "run"], cwd=ROOT, env=environment, capture_output=True, text=True, timeout=580)
    assert shown.returncode == 0, shown.stdout[-3000:] + shown.stderr[-3000:]
    for told in (
        "✘ maintenance",
        "bank-db-01 is managed. Nothing of the running machine was touched.",
        "✔ untouched",
        "0 outside the allowed list",
        "bank-db-01 is no longer managed; the machine runs on untouched.",
    ):
        # Results are on stdout; progress and hints on stderr, where they can't get into a pipe.
        assert told in shown.stdout + shown.stderr
