"""The simulator's program: built from Debian's Go and Debian's govmomi, which are unpacked, used and removed again.

Role: made once, and again when its source has changed; about a minute on two processors.
"""

from __future__ import annotations

import hashlib
import os
import shutil
import subprocess
from pathlib import Path

from lab import debian
from lab.alone import alone
from lab.errors import LabError
from lab.places import Places
from lab.processes import tail

HERE = Path(__file__).resolve().parent
PACKAGES = ("golang-1.19-go", "golang-1.19-src", "golang-github-vmware-govmomi-dev", "golang-github-google-uuid-dev")
_SET = "vcenter"


def program(places: Places) -> Path:
    """The program, up to date. Raises LabError."""
    folder = places.root / "vcenter"
    made, marker = folder / "vcsim", folder / ".built"
    wanted = hashlib.sha256((HERE / "main.go").read_bytes() + " ".join(PACKAGES).encode()).hexdigest()
    with alone(folder):
        folder.mkdir(parents=True, exist_ok=True)
        if not (marker.exists() and made.exists() and marker.read_text() == wanted):
            unpacked = debian.unpack(places, _SET, PACKAGES)
            _build(unpacked, folder, made)
            marker.write_text(wanted)
            # Half a gigabyte that nobody needs again until the source changes.
            debian.remove(unpacked)
    return made


def _build(unpacked: Path, folder: Path, made: Path) -> None:
    go = unpacked / "usr/lib/go-1.19"
    cache, log = folder / "cache", folder / "build.log"
    own = {
        "GO111MODULE": "off",
        "GOROOT": str(go),
        "GOPATH": str(unpacked / "usr/share/gocode"),
        "GOCACHE": str(cache),
        "CGO_ENABLED": "0",
    }
    # Made beside its place and moved there: one that is half written is never run.
    fresh = made.with_suffix(f".{os.getpid()}")
    argv = [str(go / "bin/go"), "build", "-trimpath", "-o", str(fresh), "."]
    with log.open("wb") as out:
        code = subprocess.run(
            argv, cwd=HERE, env={**os.environ, **own}, stdout=out, stderr=subprocess.STDOUT, timeout=600, check=False
        ).returncode
    if code:
        raise LabError("the vCenter simulator could not be built", "is this Debian 12?", tail(log))
    fresh.replace(made)
    shutil.rmtree(cache)
