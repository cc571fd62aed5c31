"""Building the guest: Debian packages unpacked, the agents beside them, and one archive of it all.

Role: made once for the packages, the agents and the files of this folder; nothing of it is run on this machine but `depmod`.
"""

from __future__ import annotations

import compileall
import hashlib
import os
import py_compile
import shutil
import subprocess
from pathlib import Path

from lab import debian
from lab.agents import installing
from lab.alone import alone
from lab.errors import LabError
from lab.guest.archive import write_tree
from lab.install import digest
from lab.places import Places

HERE = Path(__file__).resolve().parent
PACKAGES = (
    *("linux-image-cloud-amd64", "kmod", "udev", "dash", "coreutils", "util-linux", "mount", "grep", "sed", "file"),
    *("python3.11-minimal", "libpython3.11-stdlib"),
    *("fdisk", "gdisk", "parted", "mdadm", "lvm2", "e2fsprogs", "xfsprogs", "dosfstools"),
    *("dropbear-bin", "busybox"),
)
_MODULES = ("block", "virtio", "scsi", "md", "dax")
_KERNEL = ("lib", "crypto", "arch/x86/crypto")
_NETWORK = ("drivers/net/virtio_net.ko", "drivers/net/net_failover.ko", "net/core/failover.ko")
_NEEDLESS = (
    "share/doc",
    "share/man",
    "share/locale",
    "share/perl",
    "share/perl5",
    "share/initramfs-tools",
    "bin/perl",
    "lib/klibc",
)
_RULES = (
    "50-udev-default",
    "55-dm",
    "56-lvm",
    "60-block",
    "60-persistent-storage",
    "60-persistent-storage-dm",
    "63-md-raid-arrays",
    "95-dm-notify",
)
"""The agents wait for udev once for each file of rules, so that only those of disks are kept."""
_AGENTS_NEEDLESS = ("pip", "setuptools", "tzdata", "wheel")


def guest(places: Places) -> tuple[Path, Path]:
    """The kernel and the archive; both are built when they are missing or not up to date."""
    folder = places.root / "guest"
    kernel, archive, marker = folder / "vmlinuz", folder / "initrd", folder / ".lab-guest"
    wanted = _digest()
    with alone(folder):
        if not (marker.exists() and marker.read_text() == wanted):
            shutil.rmtree(folder, ignore_errors=True)
            tree = folder / "tree"
            installing.install(places)
            shutil.copytree(debian.unpack(places, "guest", PACKAGES, whole=True), tree, symlinks=True)
            shutil.copy(next((tree / "boot").glob("vmlinuz-*")), kernel)
            _slim(tree)
            _modules(tree)
            _furnish(places, tree)
            with archive.open("wb") as out:
                write_tree(out, tree)
            shutil.rmtree(tree)
            marker.write_text(wanted)
    return kernel, archive


def _digest() -> str:
    parts = [*PACKAGES, *(digest(installing.HERE / f"{name}.txt") for name in installing.NAMES)]
    parts += [(HERE / name).read_text() for name in ("init", "building.py", "archive.py")]
    return hashlib.sha256("\n".join(parts).encode()).hexdigest()


def _slim(tree: Path) -> None:
    for part in _NEEDLESS:
        path = tree / "usr" / part
        shutil.rmtree(path) if path.is_dir() else path.unlink(missing_ok=True)
    shutil.rmtree(tree / "boot")
    for pattern in ("libicu*", "libperl*", "perl*"):
        for path in (tree / "usr/lib/x86_64-linux-gnu").glob(pattern):
            shutil.rmtree(path) if path.is_dir() else path.unlink()
    for rules in (tree / "lib/udev/rules.d").iterdir():
        if rules.stem not in _RULES:
            rules.unlink()
    shutil.rmtree(tree / "lib/udev/hwdb.d", ignore_errors=True)


def _modules(tree: Path) -> None:
    """Keep the modules for disks, and write down what depends on what."""
    [modules] = (tree / "lib/modules").iterdir()
    kept = modules / "kept"
    for part in (*(f"drivers/{name}" for name in _MODULES), *_KERNEL, *_NETWORK):
        source = modules / "kernel" / part
        if source.exists():
            (kept / part).parent.mkdir(parents=True, exist_ok=True)
            source.rename(kept / part)
    shutil.rmtree(modules / "kernel")
    kept.rename(modules / "kernel")
    libraries = ":".join(str(tree / part) for part in ("lib/x86_64-linux-gnu", "usr/lib/x86_64-linux-gnu"))
    loader = tree / "lib/x86_64-linux-gnu/ld-linux-x86-64.so.2"
    argv = [str(loader), "--library-path", libraries, "--argv0", "depmod", str(tree / "bin/kmod")]
    done = subprocess.run([*argv, "-b", str(tree), modules.name], capture_output=True, text=True, check=False)
    if done.returncode:
        raise LabError(f"depmod failed: {done.stderr.strip()}", "a Debian 12 on x86-64 is needed")


def _furnish(places: Places, tree: Path) -> None:
    """The agents with their packages, compiled; the first process; empty folders to mount on."""
    for name in installing.NAMES:
        [packages] = (places.root / "agents" / name / "lib").glob("python*/site-packages")
        ignored = shutil.ignore_patterns("__pycache__", "tests", *_AGENTS_NEEDLESS)
        shutil.copytree(packages, tree / "agents" / name, symlinks=True, ignore=ignored)
    mode = py_compile.PycInvalidationMode.UNCHECKED_HASH
    for folder in (tree / "agents", tree / "usr/lib/python3.11"):
        compileall.compile_dir(folder, quiet=2, invalidation_mode=mode, stripdir=str(tree))
    for name in ("proc", "sys", "dev", "run", "tmp", "root", "etc"):
        (tree / name).mkdir(exist_ok=True)
    shutil.copy(HERE / "init", tree / "init")
    os.chmod(tree / "init", 0o755)  # the kernel runs it
