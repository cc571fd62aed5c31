"""The vCenter simulator while it runs: its start, its address, its end.

Role: it listens on loopback, on a port that is free, keeps its files in a folder of its own, and ends by itself after a time.
"""

from __future__ import annotations

import os
import secrets
import shutil
import subprocess
import tempfile
import time
from dataclasses import asdict, dataclass
from pathlib import Path
from types import TracebackType

from lab import processes
from lab.errors import LabError
from lab.places import Places
from lab.vcenter.building import program

USER = "administrator@vsphere.local"


@dataclass(frozen=True)
class Size:
    """How large its inventory is. `vms`: of each cluster, and of each host that is in none."""

    datacenters: int = 1
    clusters: int = 1
    cluster_hosts: int = 3
    hosts: int = 1
    vms: int = 2
    datastores: int = 1
    portgroups: int = 1

    @property
    def count(self) -> int:
        """How many VMs that makes."""
        return self.datacenters * (self.clusters + self.hosts) * self.vms


class Vcenter:
    """One simulated vCenter. As a context it is started, and removed with all that is in its folder."""

    def __init__(self, places: Places, size: Size | None = None, seconds: int = 900, directory: Path | None = None):
        self._places = places
        self._size = size or Size()
        self._seconds = seconds
        self.directory = directory or Path(tempfile.mkdtemp(prefix="corral-vcenter-"))
        self._pid = self.directory / "vcenter.process"
        self._log = self.directory / "vcenter.log"
        self._child: subprocess.Popen | None = None
        self.host = "127.0.0.1"

    @property
    def certificate(self) -> Path:
        """Its own certificate, signed by itself."""
        return self.directory / "certificate.pem"

    @property
    def password_file(self) -> Path:
        return self.directory / "password"

    @property
    def password(self) -> str:
        return self.password_file.read_text().strip()

    @property
    def port(self) -> int:
        """Where it listens. Raises LabError when it does not run."""
        for line in self._log.read_text(errors="replace").splitlines() if self._log.exists() else []:
            if line.startswith("READY "):
                return int(line.rpartition(":")[2])
        raise LabError("the vCenter simulator did not come up", log=processes.tail(self._log))

    def start(self) -> None:
        """Build it if need be, and start it. Raises LabError."""
        if processes.running(self._pid) is not None:
            return
        made = program(self._places)
        self._log.unlink(missing_ok=True)
        self.password_file.touch(mode=0o600)
        self.password_file.write_text(secrets.token_urlsafe(12) + "\n")
        sizes = [f"-{key.replace('_', '-')}={value}" for key, value in asdict(self._size).items()]
        own = [f"-user={USER}", f"-certificate={self.certificate}", f"-seconds={self._seconds}"]
        # Its datastores are folders below TMPDIR: so they are in our own, and go with it.
        env = {**os.environ, "TMPDIR": str(self.directory), "VCENTER_PASSWORD": self.password}
        self._child = processes.launch([str(made), *sizes, *own], env, self._log, self._pid, self.directory)
        deadline = time.monotonic() + 300
        while "READY " not in self._log.read_text(errors="replace"):
            if processes.running(self._pid) is None or time.monotonic() > deadline:
                raise LabError("the vCenter simulator did not come up", log=processes.tail(self._log))
            time.sleep(0.05)

    def stop(self) -> None:
        """End it. What it knew is gone."""
        processes.stop(self._pid)
        if self._child is not None:
            self._child.wait(60)

    def remove(self) -> None:
        """End it, and delete everything."""
        self.stop()
        shutil.rmtree(self.directory, ignore_errors=True)

    def __enter__(self) -> Vcenter:
        try:
            self.start()
        except BaseException:
            self.remove()
            raise
        return self

    def __exit__(self, _t: type[BaseException] | None, _e: BaseException | None, _tb: TracebackType | None) -> None:
        self.remove()
