"""The lab's virtual environment.

Role: installs lab/requirements.txt with pip, quietly, and remembers a digest of it, so that a second call costs nothing.
"""

from __future__ import annotations

import hashlib
import os
import subprocess
import sys
import time
from pathlib import Path

from lab.errors import LabError
from lab.places import CHECKOUT, Places
from lab.processes import tail

REQUIREMENTS = CHECKOUT / "lab" / "requirements.txt"
HINT = "see the log; Python 3.11 with venv, a C compiler and a reachable package index are needed"


def digest(requirements: Path = REQUIREMENTS) -> str:
    """What an installation depends on: the pins and the Python that runs them."""
    text = requirements.read_text() + ".".join(str(part) for part in sys.version_info[:2])
    return hashlib.sha256(text.encode()).hexdigest()


def installed(places: Places) -> bool:
    marker = places.venv / ".lab-requirements"
    return places.python.exists() and marker.exists() and marker.read_text() == digest()


def require(places: Places) -> None:
    """Fail with a hint when there is no virtual environment."""
    if not places.python.exists():
        raise LabError(f"there is no virtual environment at {places.venv}", "python -m lab install")


def install(places: Places) -> None:
    """Make the virtual environment, unless it is there with the same requirements."""
    if installed(places):
        print("installed already")
        return
    if "CORRAL_LAB_VENV" in os.environ and places.python.exists():
        print(f"using {places.venv} as it is, because CORRAL_LAB_VENV says so")
        return
    begun = time.monotonic()
    places.make()
    print("installing OpenStack into the lab's virtual environment, about 2 minutes", flush=True)
    _run(places, [sys.executable, "-m", "venv", str(places.venv)])
    _run(
        places,
        [str(places.python), "-m", "pip", "install", "--quiet", "--disable-pip-version-check", "-r", str(REQUIREMENTS)],
    )
    (places.venv / ".lab-requirements").write_text(digest())
    print(f"installed in {time.monotonic() - begun:.0f} s")


def _run(places: Places, argv: list[str]) -> None:
    log = places.logs / "install.log"
    with log.open("ab") as out:
        # The caller's own environment stays: it may say which package index to use.
        code = subprocess.run(
            argv, stdin=subprocess.DEVNULL, stdout=out, stderr=subprocess.STDOUT, timeout=1800, check=False
        ).returncode
    if code:
        raise LabError(f"{' '.join(argv[1:4])} failed with {code}", HINT, tail(log))
