"""Debian packages for the lab: unpacked into its folder, so that nothing of the machine changes.

Role: tools whose installation would start services (OpenSSH, cloud-init) or that only tests need are fetched with apt and unpacked;
`environment` says how to run them. Only the package lists are refreshed on the machine, where they are missing.
"""

from __future__ import annotations

import hashlib
import os
import shutil
import subprocess
from collections.abc import Sequence
from pathlib import Path

from lab.alone import alone
from lab.errors import LabError
from lab.places import Places
from lab.processes import tail

_HINT = "a Debian 12 with apt and a reachable mirror is needed"
_MARKER = ".lab-packages"
"""Written last and removed first: an unpacked set without it is not whole."""
_LIBRARIES = ("usr/lib/x86_64-linux-gnu", "lib/x86_64-linux-gnu", "usr/lib/x86_64-linux-gnu/systemd")


def root(places: Places, name: str) -> Path:
    """Where a set of packages is unpacked."""
    return places.root / "debian" / name


def environment(folder: Path) -> dict[str, str]:
    """The environment in which programs of an unpacked set find their libraries and each other."""
    paths = [str(folder / part) for part in ("usr/sbin", "usr/bin", "sbin", "bin")]
    libraries = [str(folder / part) for part in _LIBRARIES]
    return {
        **os.environ,
        "PATH": ":".join([*paths, os.environ.get("PATH", "/usr/bin:/bin")]),
        "LD_LIBRARY_PATH": ":".join(libraries),
        "PYTHONPATH": str(folder / "usr/lib/python3/dist-packages"),
    }


def unpack(places: Places, name: str, packages: Sequence[str], *, whole: bool = False) -> Path:
    """The folder with these packages and what they depend on unpacked; made once for a list.

    `whole`: with everything down to the C library, as for a machine of its own; else only what this machine lacks.
    """
    folder = root(places, name)
    wanted = hashlib.sha256("\n".join(packages).encode()).hexdigest()
    marker = folder / _MARKER
    with alone(folder):
        if marker.exists() and marker.read_text() == wanted:
            return folder
        shutil.rmtree(folder, ignore_errors=True)
        debs = folder / "debs"
        (debs / "partial").mkdir(parents=True)
        places.logs.mkdir(parents=True, exist_ok=True)
        _download(places, debs, packages, whole=whole)
        for deb in sorted(debs.glob("*.deb")):
            _run(places, ["dpkg-deb", "--extract", str(deb), str(folder)])
        shutil.rmtree(debs)
        marker.write_text(wanted)
        return folder


def remove(folder: Path) -> None:
    """Remove an unpacked set. One that is half removed counts as none."""
    (folder / _MARKER).unlink()
    shutil.rmtree(folder)


def _download(places: Places, debs: Path, packages: Sequence[str], *, whole: bool) -> None:
    argv = ["apt-get", "install", "--download-only", "--no-install-recommends", "-y", "-q"]
    argv += ["-o", f"Dir::Cache::archives={debs}", "-o", "Debug::NoLocking=true"]
    if whole:
        nothing = debs / "status"
        nothing.touch()
        argv += ["-o", f"Dir::State::status={nothing}"]
    else:
        argv.append("--reinstall")  # those that are installed are fetched as well
    if subprocess.run(["apt-cache", "show", *packages], capture_output=True, check=False).returncode:
        _run(places, _privileged(["apt-get", "update", "-q"]))
    _run(places, _privileged([*argv, *packages]))


def _privileged(argv: list[str]) -> list[str]:
    return argv if os.geteuid() == 0 else ["sudo", *argv]


def _run(places: Places, argv: list[str]) -> None:
    log = places.logs / "debian.log"
    with log.open("ab") as out:
        code = subprocess.run(
            argv, stdin=subprocess.DEVNULL, stdout=out, stderr=subprocess.STDOUT, timeout=900, check=False
        ).returncode
    if code:
        raise LabError(f"{' '.join(argv[:3])} failed with {code}", _HINT, tail(log))
