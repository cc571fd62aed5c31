"""Installing the agents: one virtual environment for each list of requirements beside this file.

Role: remembers a digest of the list, so that a second call costs nothing. Both are source packages of their time: they build with
the setuptools and pbr of the environment, so these go in first.
"""

from __future__ import annotations

import subprocess
import sys
import time
from pathlib import Path

from lab.alone import alone
from lab.errors import LabError
from lab.install import digest
from lab.places import Places
from lab.processes import tail

HERE = Path(__file__).resolve().parent
NAMES = ("bareon", "fuel-agent")
_TOOLS = ("setuptools<81", "pbr", "wheel")


def python(places: Places, name: str) -> Path:
    """The agent's Python."""
    return places.root / "agents" / name / "bin" / "python"


def install(places: Places) -> None:
    """Make the environments that are missing or not up to date."""
    for name in NAMES:
        with alone(places.root / "agents" / name):
            _install(places, name)


def _install(places: Places, name: str) -> None:
    requirements = HERE / f"{name}.txt"
    marker = places.root / "agents" / name / ".lab-requirements"
    if marker.exists() and marker.read_text() == digest(requirements):
        print(f"{name} is installed already")
        return
    begun = time.monotonic()
    _make(places, name, requirements)
    marker.write_text(digest(requirements))
    print(f"{name} installed in {time.monotonic() - begun:.0f} s")


def _make(places: Places, name: str, requirements: Path) -> None:
    places.make()
    pip = [str(python(places, name)), "-m", "pip", "install", "--quiet", "--disable-pip-version-check"]
    _run(places, [sys.executable, "-m", "venv", "--clear", str(places.root / "agents" / name)])
    _run(places, [*pip, *_TOOLS])
    _run(places, [*pip, "--no-build-isolation", "-r", str(requirements)])


def _run(places: Places, argv: list[str]) -> None:
    log = places.logs / "agents.log"
    with log.open("ab") as out:
        code = subprocess.run(
            argv, stdin=subprocess.DEVNULL, stdout=out, stderr=subprocess.STDOUT, timeout=900, check=False
        ).returncode
    if code:
        raise LabError(f"{' '.join(argv[1:5])} failed with {code}", "a reachable package index is needed", tail(log))
