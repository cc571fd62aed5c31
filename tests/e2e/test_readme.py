"""Every command of the README, run as it stands there; and what it shows is what is printed."""

from __future__ import annotations

import os
import re
import subprocess
from pathlib import Path

import pytest

from tests.e2e.support.pages import WIDTH, never_printed, shown
from tests.loopback import free_port

ROOT = Path(__file__).parents[2]
pytestmark = [pytest.mark.lab, pytest.mark.alone]


def commands() -> list[str]:
    """The fenced lines that a reader types: in blocks without a language, which show no output."""
    text = (ROOT / "README.md").read_text()
    # Blocks open and close in turn; the odd parts are their contents.
    return [line for block in text.split("```")[1::2] if block.startswith("\n") for line in block.strip().splitlines()]


def test_the_readme_names_commands_that_exist() -> None:
    targets = re.findall(r"^([a-z0-9-]+):", (ROOT / "Makefile").read_text(), re.MULTILINE)
    assert commands() == ["make run", "make test"]
    assert {command.split()[1] for command in commands()} <= set(targets)


@pytest.mark.timeout(900)
def test_make_run_shows_the_first_adoption(lab: object) -> None:
    environment = {**os.environ, "CORRAL_PORT": str(free_port()), "CORRAL_RUN_ONCE": "1", "COLUMNS": str(WIDTH)}
    run = subprocess.run(
        ["make", "run"],
        cwd=ROOT,
        env=environment,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        timeout=580,
    )
    assert run.returncode == 0, run.stdout[-3000:]
    printed = dict(part.split("\n", 1) for part in run.stdout.split("\n$ ")[1:])
    transcripts = shown("README.md")
    assert len(transcripts) >= 4
    for one in transcripts:
        assert never_printed(one.output, printed[one.command]) == [], f"{one.command} printed:\n{printed[one.command]}"
