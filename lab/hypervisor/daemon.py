"""The private libvirtd: its folders, its start, its end, and the guests in it.

Role: started and ended by `lab.processes`, which never signals a process that it did not start; guests are ended through libvirt,
and those that it can't end any more by the pid files in our own folder.
"""

from __future__ import annotations

import json
import os
import pwd
import shutil
import signal
import subprocess
import tempfile
import time
import uuid
from collections.abc import Iterable, Mapping
from pathlib import Path
from types import TracebackType

from lab import processes
from lab.errors import LabError
from lab.hypervisor.building import boot_files
from lab.hypervisor.guests import Disk, Ground, Guest, boot_sector, definition
from lab.places import Places

PACKAGES = (
    *("libvirt-daemon", "libvirt-daemon-driver-qemu", "libvirt-clients"),
    *("qemu-system-x86", "qemu-utils", "seabios"),
)
_DAEMON = "/usr/sbin/libvirtd"
_PROGRAMS = (_DAEMON, "virsh", "qemu-system-x86_64", "qemu-img", "setpriv")
_IDLE = 120
"""Seconds after which the daemon ends itself when no guest runs and nobody is connected."""


class Hypervisor:
    """One libvirtd with a folder of its own. As a context it is started, and removed with all that is in it. `listen`: settings of
    libvirtd by which it listens on loopback, too; without them it does on its socket only."""

    def __init__(
        self, places: Places, directory: Path | None = None, listen: Mapping[str, str | int] | None = None
    ) -> None:
        # Below /tmp: a socket's path must be short, and the way to a checkout may be closed to the user that it runs as.
        self._places = places
        self.directory = directory or Path(tempfile.mkdtemp(prefix="corral-hypervisor-", dir="/tmp"))
        self._runtime = self.directory / "run"
        self._pid = self.directory / "libvirtd.process"
        self._child: subprocess.Popen | None = None
        self._listen = {**listen, "listen_addr": "127.0.0.1", "listen_tcp": 0} if listen else {}
        self.ground: Ground | None = None

    @property
    def socket(self) -> Path:
        return self._runtime / "libvirt" / "libvirt-sock"

    @property
    def uri(self) -> str:
        return f"qemu+unix:///session?socket={self.socket}"

    def start(self) -> None:
        """Start the daemon, unless it runs. Raises LabError when it does not answer."""
        _check()
        if processes.running(self._pid) is not None:
            return
        self._lay_out()
        argv = [*_user(), _DAEMON, "-f", str(self.directory / "config/libvirt/libvirtd.conf"), "-t", str(_IDLE)]
        argv += ["-l"] if self._listen else []
        self._child = processes.launch(
            argv, self._environment(), self.directory / "libvirtd.log", self._pid, self.directory
        )
        deadline = time.monotonic() + 180
        while not (self.socket.exists() and self._virsh("version").returncode == 0):
            if processes.running(self._pid) is None or time.monotonic() > deadline:
                raise LabError("libvirtd did not come up", log=processes.tail(self.directory / "libvirtd.log"))
            time.sleep(0.3)

    def stop(self) -> None:
        """End the daemon; the guests run on, as they do on any host."""
        processes.stop(self._pid)
        if self._child is not None:
            self._child.wait(60)
        self.socket.unlink(missing_ok=True)

    def restart(self) -> None:
        self.stop()
        self.start()

    def populate(self, guests: Iterable[Guest], seconds: int = 900) -> None:
        """Make and start the guests that are not there yet. They end by themselves after so many seconds."""
        kernel, archive = (Path(shutil.copy(one, self.directory)) for one in boot_files(self._places))
        images, elsewhere = self.directory / "images", self.directory / "elsewhere"
        self.ground = Ground(images, elsewhere, self.directory / "consoles", kernel, archive, seconds)
        if "lab" not in self.virsh("pool-list", "--all", "--name").split():
            self.virsh("pool-define-as", "lab", "dir", "--target", str(images))
            self.virsh("pool-start", "lab")
        there = self.virsh("list", "--all", "--name").split()
        for guest in guests:
            if guest.name not in there:
                self._make(guest, self.ground)

    def _make(self, guest: Guest, ground: Ground) -> None:
        for disk in guest.disks:
            self.image(ground.image(guest, disk), disk)
        if guest.bare:
            with ground.image(guest, guest.disks[0]).open("r+b") as image:
                image.write(boot_sector(ground.seconds))
        path = self.directory / f"{guest.name}.xml"
        path.write_text(definition(guest, ground))
        if guest.transient:
            self.virsh("create", str(path))
            return
        self.virsh("define", str(path))
        if guest.snapshot:
            self.virsh("snapshot-create-as", guest.name, "before-upgrade")
        if not guest.off:
            self.virsh("start", guest.name)

    def image(self, path: Path, disk: Disk = Disk("vdb")) -> None:
        """Make a disk's file."""
        rest = []
        if disk.backed:
            base = path.with_suffix(".base")
            _run([*_user(), "qemu-img", "create", "-q", "-f", "qcow2", str(base), "16M"])
            rest = ["-b", str(base), "-F", "qcow2"]
        _run([*_user(), "qemu-img", "create", "-q", "-f", disk.format, *rest, str(path), "16M"])

    def pid(self, guest: str) -> int:
        """The QEMU process of a running guest, by libvirt's own pid file."""
        return int((self._runtime / "libvirt/qemu/run" / f"{guest}.pid").read_text())

    def beats(self, guest: Guest) -> list[tuple[int, float, str]]:
        """What the guest said so far: number, seconds since its kernel started, id of the boot."""
        assert self.ground is not None, "nothing was populated"
        path = self.ground.console(guest)
        said = [line.split() for line in path.read_text(errors="replace").splitlines()] if path.exists() else []
        return [(int(one[1]), float(one[2]), one[3]) for one in said if len(one) == 4 and one[0] == "beat"]

    def await_beats(self, guests: Iterable[Guest], count: int = 2, seconds: float = 180) -> None:
        """Wait until each guest has said something. Raises LabError."""
        deadline = time.monotonic() + seconds
        for guest in guests:
            while len(self.beats(guest)) < count:
                if time.monotonic() > deadline:
                    raise LabError(f"guest {guest.name} does not come up", log=self.virsh("list", "--all"))
                time.sleep(0.5)

    def move(self, guest: Guest, to: Hypervisor) -> None:
        """Migrate a guest that runs, with its definition. That both daemons see the same files, libvirt can't know. Raises
        LabError."""
        way = f"unix://{to.directory}/{guest.name}.move"
        self.virsh(
            *("migrate", "--live", "--persistent", "--undefinesource", "--unsafe"),
            *("--migrateuri", way, guest.name, to.uri),
        )

    def virsh(self, *arguments: str) -> str:
        """What libvirt's own client says. Raises LabError."""
        done = self._virsh(*arguments)
        if done.returncode:
            raise LabError(f"virsh {arguments[0]} failed", log=done.stderr[-2000:])
        return done.stdout

    def _virsh(self, *arguments: str) -> subprocess.CompletedProcess[str]:
        argv = ["virsh", "-q", "-c", self.uri, *arguments]
        return subprocess.run(argv, capture_output=True, text=True, timeout=120, check=False)

    def remove(self) -> None:
        """End the guests and the daemon, and delete everything."""
        for path in (self._runtime / "libvirt/qemu/run").glob("*.pid"):
            self._end(path)
        self.stop()
        shutil.rmtree(self.directory, ignore_errors=True)

    def _end(self, path: Path) -> None:
        """End a guest's QEMU: only a process that has our folder in its command line is ours."""
        try:
            pid = int(path.read_text())
            ours = str(self.directory).encode() in Path(f"/proc/{pid}/cmdline").read_bytes()
        except (OSError, ValueError):
            return
        if ours:
            os.kill(pid, signal.SIGKILL)

    def _lay_out(self) -> None:
        config = self.directory / "config/libvirt"
        names = ("run", "cache", "data", "images", "elsewhere", "consoles")
        for folder in (config, *(self.directory / name for name in names)):
            folder.mkdir(parents=True, exist_ok=True)
        # A machine without an SMBIOS UUID would get another one at each start of the daemon.
        own = uuid.uuid5(uuid.NAMESPACE_URL, str(self.directory))
        settings = {"auth_unix_rw": "none", "host_uuid": str(own), **self._listen}
        lines = [f"{key} = {json.dumps(value)}" for key, value in settings.items()]
        (config / "libvirtd.conf").write_text("\n".join(lines) + "\n")
        (config / "qemu.conf").write_text('stdio_handler = "file"\n')
        self.directory.chmod(0o755)
        if os.getuid() == 0:
            owner = pwd.getpwnam("nobody")
            for path in (self.directory, *self.directory.rglob("*")):
                if not path.is_symlink():
                    os.chown(path, owner.pw_uid, owner.pw_gid)

    def _environment(self) -> dict[str, str]:
        folders = {"RUNTIME_DIR": "run", "CONFIG_HOME": "config", "CACHE_HOME": "cache", "DATA_HOME": "data"}
        own = {f"XDG_{key}": str(self.directory / name) for key, name in folders.items()}
        return {"PATH": "/usr/sbin:/usr/bin:/sbin:/bin", "HOME": str(self.directory), **own}

    def __enter__(self) -> Hypervisor:
        try:
            self.start()
        except BaseException:
            self.remove()
            raise
        return self

    def __exit__(self, _t: type[BaseException] | None, _e: BaseException | None, _tb: TracebackType | None) -> None:
        self.remove()


def missing() -> list[str]:
    """Programs that are not installed."""
    return [program for program in _PROGRAMS if shutil.which(program) is None]


def _check() -> None:
    if lacking := missing():
        raise LabError(
            f"{lacking[0]} is not installed", f"apt-get install --no-install-recommends {' '.join(PACKAGES)}"
        )


def _user() -> list[str]:
    """As root the daemon would be the machine's own; as anybody else it is a session with its own folders."""
    return ["setpriv", "--reuid=nobody", "--regid=nogroup", "--clear-groups"] if os.getuid() == 0 else []


def _run(command: list[str]) -> None:
    done = subprocess.run(command, capture_output=True, text=True, check=False, timeout=60)
    if done.returncode:
        raise LabError(f"{command[-1]} could not be made", log=done.stderr[-2000:])
