"""The tutorial and the how-to guides, typed in as they stand there. What they show is what is printed."""

from __future__ import annotations

import json
import os
import re
import shlex
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.e2e.support.adopting import unmanage
from tests.e2e.support.corral import CORRAL, Corral
from tests.e2e.support.lab import Lab
from tests.e2e.support.pages import WIDTH, Shown, blocks, never_printed, shown

pytestmark = [pytest.mark.lab, pytest.mark.alone, pytest.mark.timeout(900)]

TUTORIAL = "docs/tutorial/first-adoption.md"
STARTS = ("make run", ". .venv/bin/activate")
"""What the tutorial begins with; the README's test runs it."""


class Reader:
    """Somebody at a terminal who types what a page says, with the names of their own site in place of the page's."""

    def __init__(self, lab: Lab, corral: Corral, home: Path) -> None:
        self.names: dict[str, str] = {}
        self.home = home
        self._env = corral.env | {"COLUMNS": str(WIDTH)}
        self._env["PATH"] = f"{CORRAL.parent}:{Path(lab.venv) / 'bin'}:{os.environ['PATH']}"

    def types(self, command: str) -> str:
        """Run one command; what a terminal shows of it."""
        for name, meant in self.names.items():
            command = re.sub(rf"(?<![\w-]){re.escape(name)}(?![\w-])", meant, command)
        done = subprocess.run(
            shlex.split(command),
            env=self._env,
            cwd=self.home,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            timeout=120,
            check=False,
        )
        assert done.returncode == 0, f"{command}: {done.returncode} {done.stdout[-3000:]}"
        return done.stdout

    def follows(self, one: Shown) -> str:
        """Type a command of a page, and see what the page shows."""
        printed = self.types(one.command)
        assert never_printed(one.output, printed) == [], f"{one.command} printed:\n{printed}"
        return printed


@pytest.fixture(scope="module")
def served(lab: Lab, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Corral]:
    """A fresh Corral, served and named as `make run` does it."""
    corral = Corral(tmp_path_factory.mktemp("reader"), lab.clouds, source="corral-system")
    corral.start()
    try:
        corral.flavor("gold")
        yield corral
    finally:
        corral.stop()
        corral.http.close()


@pytest.fixture
def reader(lab: Lab, served: Corral) -> Iterator[Reader]:
    """Its reader; what a page leaves managed is let go."""
    yield Reader(lab, served, served.home)
    for server in served.servers():
        unmanage(served, server)


def test_the_tutorial_can_be_followed_word_by_word(reader: Reader) -> None:
    pages = [one for one in shown(TUTORIAL) if one.command not in STARTS]
    assert [one.command.split()[0] for one in pages] == ["corral"] * len(pages)
    assert sum(bool(one.output) for one in pages) >= 5
    for one in pages:
        reader.follows(one)


def test_many_machines_are_adopted_as_the_guide_says(lab: Lab, reader: Reader) -> None:
    page = "docs/how-to/adopt-many.md"
    (table,) = blocks(page, "csv")
    (net,) = re.findall(r"[0-9a-f-]{36}", table)
    (reader.home / "machines.csv").write_text(table.replace(net, lab.seeded["networks"]["tenant"]))
    plan, apply, listed, watch, result, *_of_ten_thousand = shown(page)

    planned = reader.follows(plan)
    (kept,) = set(re.findall(r"corral plan apply ([0-9a-f-]{36})", planned))
    reader.names = {"PLAN": kept, "apply": "apply --yes"}
    reader.follows(apply)
    reader.names = {"PLAN": kept}
    reader.follows(result)
    reader.names = {"OPERATION": json.loads(reader.types("corral operation list --kind manage -o json"))[0]["uuid"]}
    reader.follows(listed)
    reader.follows(watch)


def test_a_server_is_let_go_as_the_guide_says(reader: Reader) -> None:
    unmanage, listed, show = shown("docs/how-to/unmanage.md")
    reader.types("corral adopt bank-web-01 --name db-01 --flavor gold --yes")

    operations = json.loads(reader.types("corral operation list --server db-01 -o json"))
    reader.names = {"OPERATION": operations[0]["uuid"], "unmanage": "unmanage --yes"}
    reader.follows(listed)
    reader.follows(show)
    reader.follows(unmanage)


def test_a_source_is_probed_as_the_guide_says(reader: Reader) -> None:
    reader.names = {"ironic-a-system": "corral-system", "ironic-a-project": "corral"}
    for one in shown("docs/how-to/probe-a-source.md"):
        reader.follows(one)
    assert "<script src" not in (reader.home / "readiness.html").read_text()


def test_nodes_are_checked_as_the_guide_says(reader: Reader) -> None:
    reader.names = {"NODE": "bank-db-01 --flavor gold"}
    commands = [one for one in shown("docs/how-to/prepare-nodes.md") if one.command.startswith("corral ")]
    assert commands
    for one in commands:
        reader.follows(one)
