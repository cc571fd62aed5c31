"""Debian's own tools, unpacked into the lab's folder and run from there."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path

import pytest

from lab import debian
from lab.places import from_environment

TOOLS = ("ignition", "cloud-init", "systemd", "fdisk", "gdisk", "parted", "openssh-server")


class Tools:
    """The tools, ready to run."""

    def __init__(self) -> None:
        places = from_environment()
        if os.environ.get("CORRAL_REQUIRE_LAB") != "1" and not debian.root(places, "tools").exists():
            pytest.skip("the tools are not there: run with CORRAL_REQUIRE_LAB=1, which fetches them")
        self.environment = debian.environment(debian.unpack(places, "tools", TOOLS))
        self.folder = debian.root(places, "tools")

    def run(self, *argv: str | Path, check: bool = True) -> subprocess.CompletedProcess[str]:
        """Run one of the tools by its name; its output is in the answer."""
        found = subprocess.run(
            [str(self.path(str(argv[0]))), *map(str, argv[1:])],
            env=self.environment,
            capture_output=True,
            text=True,
            timeout=60,
        )
        assert not check or found.returncode == 0, f"{argv}: {found.stdout}{found.stderr}"
        return found

    def path(self, name: str) -> Path:
        """Where a tool is."""
        places: Sequence[str] = ("usr/bin", "usr/sbin", "bin", "sbin")
        return next(path for part in places if (path := self.folder / part / name).exists())

    @property
    def python(self) -> str:
        """Debian's Python, which its tools are written for."""
        return "/usr/bin/python3" if Path("/usr/bin/python3").exists() else sys.executable
