"""Running the guest once: blank disks, and a job and what it said, or SSH into it.

Role: QEMU with TCG only, off by itself or ended after a time. Without network; for SSH, one port of this machine's loopback leads
to the guest, which itself reaches nothing.
"""

from __future__ import annotations

import json
import shutil
import socket
import subprocess
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from lab import debian, ports
from lab.errors import LabError
from lab.guest.archive import write_files
from lab.guest.building import HERE, guest
from lab.places import CHECKOUT, Places

MARK = "corral-guest:"
_QEMU = ("qemu-system-x86", "qemu-system-common", "qemu-system-data", "seabios")
_INSIDE = CHECKOUT / "lab" / "agents" / "inside"
_KERNEL_LINE = "console=ttyS0 quiet rdinit=/init panic=-1 nokaslr mitigations=off"


@dataclass(frozen=True)
class Keys:
    """The guest's own key (private, as OpenSSH writes it), and the public one that is let in."""

    host: str
    login: str


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
    command, environment = _machine(places, _job(steps), disks, folder)
    console = folder / "console"
    with console.open("wb") as out:
        try:
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


@contextmanager
def serving(
    places: Places, keys: Keys, disks: Mapping[str, int], folder: Path, seconds: float, boot: float = 900.0
) -> Iterator[int]:
    """A guest with `bareon-provision` in it, that lets root in over SSH: the port on 127.0.0.1. It is ended afterwards, and ends
    itself after `seconds`. `disks` as for `run`; `boot`: seconds that it may take until SSH answers.

    Raises:
        LabError: SSH did not answer in time.
    """
    job = _inside("serve", "bareon-provision", "reading.py") | {"seconds": f"{seconds:.0f}"}
    job |= {"host_key": keys.host, "authorized_keys": keys.login}
    port = ports.choose(["the guest's SSH"])["the guest's SSH"]
    command, environment = _machine(places, job, disks, folder, port)
    console = folder / "console"
    with console.open("wb") as out:
        process = subprocess.Popen(command, env=environment, stdin=subprocess.DEVNULL, stdout=out, stderr=out)
    try:
        deadline = time.monotonic() + boot
        while not _answers(port):
            if process.poll() is not None or time.monotonic() > deadline:
                raise LabError("the guest's SSH did not answer", log=console.read_text(errors="replace")[-3000:])
            time.sleep(0.5)
        yield port
    finally:
        process.terminate()
        process.wait(timeout=60)


def _answers(port: int) -> bool:
    """Whether an SSH server says who it is. QEMU itself takes connections long before."""
    try:
        with socket.create_connection(("127.0.0.1", port), timeout=5) as connection:
            return connection.recv(4) == b"SSH-"
    except OSError:
        return False


def _machine(
    places: Places, job: Mapping[str, str], disks: Mapping[str, int], folder: Path, port: int | None = None
) -> tuple[list[str], dict[str, str]]:
    """The command that runs the guest with these files in /job, and its environment."""
    kernel, archive = guest(places)
    qemu = debian.unpack(places, "qemu", _QEMU)
    whole = folder / "initrd"
    shutil.copy(archive, whole)
    with whole.open("ab") as out:
        write_files(out, "job", job)
    return [*_command(qemu, kernel, whole, _blank(folder, disks)), *_network(port)], debian.environment(qemu)


def _network(port: int | None) -> list[str]:
    if port is None:
        return ["-nic", "none"]
    forwarded = f"user,id=net,restrict=on,hostfwd=tcp:127.0.0.1:{port}-:22"
    return ["-nic", "none", "-netdev", forwarded, "-device", "virtio-net-pci,netdev=net,romfile="]


def _inside(*names: str) -> dict[str, str]:
    """Files that every job has, and these."""
    paths = [*(HERE / name for name in names), _INSIDE / "shims.py", _INSIDE / "partition.py"]
    return {path.name: path.read_text() for path in paths}


def _job(steps: Sequence[Step]) -> dict[str, str]:
    files = _inside("job.py", "reading.py")
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
    argv += ["-cpu", "Nehalem,+rdrand", "-smp", "2", "-m", "1280"]
    argv += ["-nodefaults", "-display", "none", "-serial", "stdio", "-no-reboot"]
    argv += ["-kernel", str(kernel), "-initrd", str(archive), "-append", _KERNEL_LINE, "-device", "virtio-scsi-pci"]
    for number, (serial, path) in enumerate(disks):
        argv += ["-drive", f"file={path},format=raw,if=none,id=d{number},cache=unsafe,discard=unmap"]
        argv += ["-device", f"scsi-hd,drive=d{number},scsi-id={number},serial={serial}"]
    return argv
