"""Running the guest once: blank disks, a job, and what it said.

Role: QEMU with TCG only, without network, off by itself or ended after a time.
"""

from __future__ import annotations

import json
import shutil
import subprocess
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from lab import debian
from lab.errors import LabError
from lab.guest.archive import write_files
from lab.guest.building import HERE, guest
from lab.places import CHECKOUT, Places

MARK = "corral-guest:"
_QEMU = ("qemu-system-x86", "qemu-system-common", "qemu-system-data", "seabios")
_INSIDE = CHECKOUT / "lab" / "agents" / "inside"
_KERNEL_LINE = "console=ttyS0 quiet rdinit=/init panic=-1 nokaslr mitigations=off"


@dataclass(frozen=True)
class Step:
    """One agent's turn: `bareon` or `fuel-agent`, with its provisioning data."""

    agent: str
    data: Mapping[str, Any]


def run(
    places: Places, steps: Sequence[Step], disks: Mapping[str, int], folder: Path, seconds: float
) -> list[dict[str, Any]]:
    """What each step came to. `disks`: bytes by serial number; the guest has them as /dev/sda, /dev/sdb … in this order.

    Raises:
        LabError: the guest did not come to its end in time, or said nothing that can be read.
    """
    kernel, archive = guest(places)
    qemu = debian.unpack(places, "qemu", _QEMU)
    whole = folder / "initrd"
    shutil.copy(archive, whole)
    with whole.open("ab") as out:
        write_files(out, "job", _job(steps))
    console = folder / "console"
    command = _command(qemu, kernel, whole, _blank(folder, disks))
    with console.open("wb") as out:
        try:
            environment = debian.environment(qemu)
            subprocess.run(
                command, env=environment, stdin=subprocess.DEVNULL, stdout=out, stderr=out, timeout=seconds, check=True
            )
        except (subprocess.TimeoutExpired, subprocess.CalledProcessError) as error:
            said = console.read_text(errors="replace")[-3000:]
            raise LabError(f"the guest did not come to its end: {error}", log=said) from error
    lines = console.read_text(errors="replace").splitlines()
    found = [json.loads(line.partition(MARK)[2]) for line in lines if MARK in line]
    if len(found) != len(steps):
        raise LabError("the guest did not finish its job", log="\n".join(lines[-40:]))
    return found


def _job(steps: Sequence[Step]) -> dict[str, str]:
    files = {path.name: path.read_text() for path in (HERE / "job.py", _INSIDE / "shims.py", _INSIDE / "partition.py")}
    files["steps.json"] = json.dumps([{"agent": step.agent, "data": f"{n}.json"} for n, step in enumerate(steps)])
    return files | {f"{number}.json": json.dumps(step.data) for number, step in enumerate(steps)}


def _blank(folder: Path, disks: Mapping[str, int]) -> list[tuple[str, Path]]:
    """Files without content, which take no space on this machine."""
    made = []
    for serial, size in disks.items():
        path = folder / f"{serial}.img"
        with path.open("wb") as file:
            file.truncate(size)
        made.append((serial, path))
    return made


def _command(qemu: Path, kernel: Path, archive: Path, disks: Sequence[tuple[str, Path]]) -> list[str]:
    firmware = [option for part in ("qemu", "seabios") for option in ("-L", str(qemu / "usr/share" / part))]
    argv = [str(qemu / "usr/bin/qemu-system-x86_64"), *firmware, "-machine", "q35", "-accel", "tcg,thread=multi"]
    argv += ["-cpu", "Nehalem", "-smp", "2", "-m", "1280"]
    argv += ["-nodefaults", "-display", "none", "-serial", "stdio", "-no-reboot", "-nic", "none"]
    argv += ["-kernel", str(kernel), "-initrd", str(archive), "-append", _KERNEL_LINE, "-device", "virtio-scsi-pci"]
    for number, (serial, path) in enumerate(disks):
        argv += ["-drive", f"file={path},format=raw,if=none,id=d{number},cache=unsafe,discard=unmap"]
        argv += ["-device", f"scsi-hd,drive=d{number},scsi-id={number},serial={serial}"]
    return argv
