"""Where the lab keeps its files.

Role: the only module that reads the lab's environment variables. Nothing is ever written outside `root`, except the
virtual environment when its place is overridden.
"""

from __future__ import annotations

import json
import os
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

CHECKOUT = Path(__file__).resolve().parent.parent
DEFAULT_ENDPOINT = "http://127.0.0.1:6688/v1"
DATABASES = ("sqlite", "mysql")


@dataclass(frozen=True)
class Places:
    """The lab's directories, and the choices that its environment variables made."""

    root: Path
    venv: Path
    endpoint: str = DEFAULT_ENDPOINT
    wanted_database: str = ""
    power_delay: str = "0"

    @property
    def etc(self) -> Path:
        return self.root / "etc"

    @property
    def data(self) -> Path:
        return self.root / "data"

    @property
    def run(self) -> Path:
        return self.root / "run"

    @property
    def logs(self) -> Path:
        return self.root / "logs"

    @property
    def clouds(self) -> Path:
        return self.etc / "openstack" / "clouds.yaml"

    @property
    def summary(self) -> Path:
        return self.root / "lab.json"

    @property
    def python(self) -> Path:
        return self.venv / "bin" / "python"

    def tool(self, name: str) -> str:
        """Path of a command that is installed in the lab's virtual environment."""
        return str(self.venv / "bin" / name)

    def make(self) -> None:
        for folder in (self.etc, self.data, self.run, self.logs):
            folder.mkdir(parents=True, exist_ok=True)


def from_environment(env: Mapping[str, str] = os.environ) -> Places:
    """Places as CORRAL_LAB_DIR, CORRAL_LAB_VENV, CORRAL_LAB_ENDPOINT, LAB_DB and LAB_POWER_DELAY want them."""
    root = Path(env.get("CORRAL_LAB_DIR") or CHECKOUT / ".lab").resolve()
    return Places(
        root=root,
        venv=Path(env.get("CORRAL_LAB_VENV") or root / "venv").absolute(),
        endpoint=env.get("CORRAL_LAB_ENDPOINT") or DEFAULT_ENDPOINT,
        wanted_database=env.get("LAB_DB", ""),
        power_delay=env.get("LAB_POWER_DELAY") or "0",
    )


def write_whole(path: Path, text: str) -> None:
    """Replace a file's text in one step, so that a reader never sees half of it."""
    path.parent.mkdir(parents=True, exist_ok=True)
    fresh = path.with_name(f"{path.name}.{os.getpid()}.new")
    fresh.write_text(text)
    fresh.replace(path)


def read_json(path: Path) -> dict:
    """The JSON object in a file; empty when there is no such file."""
    return json.loads(path.read_text()) if path.exists() else {}


def write_json(path: Path, value: object) -> None:
    write_whole(path, json.dumps(value, indent=2, sort_keys=True) + "\n")
