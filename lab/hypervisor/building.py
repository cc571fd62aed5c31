"""The guests' kernel and first file system: Debian's kernel, busybox, and a script that says that it is alive.

Role: made once; nothing of it is installed or run on this machine.
"""

from __future__ import annotations

import hashlib
import os
import shutil
from pathlib import Path

from lab import debian
from lab.alone import alone
from lab.guest.archive import write_tree
from lab.places import Places

HERE = Path(__file__).resolve().parent
PACKAGES = ("linux-image-cloud-amd64", "busybox-static")


def boot_files(places: Places) -> tuple[Path, Path]:
    """The kernel and the archive; both are built when they are missing or not up to date."""
    folder = places.root / "hypervisor-guest"
    kernel, archive, marker = folder / "vmlinuz", folder / "initrd", folder / ".built"
    wanted = hashlib.sha256((HERE / "init").read_bytes() + " ".join(PACKAGES).encode()).hexdigest()
    with alone(folder):
        if not (marker.exists() and marker.read_text() == wanted):
            shutil.rmtree(folder, ignore_errors=True)
            folder.mkdir(parents=True)
            unpacked = debian.unpack(places, "hypervisor-guest", PACKAGES)
            shutil.copy(next((unpacked / "boot").glob("vmlinuz-*")), kernel)
            with archive.open("wb") as out:
                write_tree(out, _tree(unpacked, folder / "tree"))
            shutil.rmtree(folder / "tree")
            marker.write_text(wanted)
    return kernel, archive


def _tree(unpacked: Path, tree: Path) -> Path:
    for name in ("bin", "proc", "dev"):
        (tree / name).mkdir(parents=True)
    shutil.copy(unpacked / "bin/busybox", tree / "bin/busybox")
    shutil.copy(HERE / "init", tree / "init")
    os.chmod(tree / "init", 0o755)  # the kernel runs it
    return tree
