"""Corral as a user has it: a process that serves an API, and the command line beside it."""

from __future__ import annotations

import contextlib
import os
import signal
import subprocess
import sys
import time
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import httpx

from tests.e2e.support.lab import CHECKOUT, Json
from tests.loopback import free_port

CORRAL = Path(sys.executable).with_name("corral")
FINAL = ("succeeded", "reverted", "cancelled")
SOURCE = "lab"

_SETTINGS = """\
data_dir: {data}
port: {port}
workers: {workers}
settle_timeout: {settle}
sources:
  - name: {source}
    driver: {driver}
    options: {options}
    limits: {limits}
    notifications: {notifications}
sync: {sync}
"""
_OPTIONS = {"ironic": "{cloud: corral-system, network_cloud: corral}", "memory": "{}"}
IMPATIENT = "{cloud: corral-system, network_cloud: corral, read_timeout: 5}"
"""Options of the lab's Ironic for tests in which answers are lost."""
PATIENT = "{cloud: corral-system, network_cloud: corral, read_timeout: 240}"
"""The same for tests that hold calls: nobody gives up on one that is held while others are on their way."""
BRIEF = "{pause: 1}"
"""Limits of a source for tests in which a service is gone for a moment: it is asked again soon."""


@dataclass
class Corral:
    """One server process over the lab, with a data directory of its own. Start it again after a crash: same data."""

    home: Path
    clouds: str
    port: int = 0
    workers: int = 16
    driver: str = "ironic"
    options: str = ""
    source: str = SOURCE
    limits: str = "{}"
    settle: float = 3
    sync: str = "{}"
    notifications: str = "null"
    http: httpx.Client = field(init=False)
    _process: subprocess.Popen[bytes] | None = None

    def __post_init__(self) -> None:
        self.port = self.port or free_port()
        # The server lets go of a connection that is idle for 5 s: one that is used just then would be cut. So none is kept.
        brief = httpx.Limits(max_keepalive_connections=0)
        self.http = httpx.Client(base_url=self.url, timeout=120, trust_env=False, limits=brief)
        self.configure(self.options)

    def configure(self, options: str) -> None:
        """Write the settings with these options of the source, or the usual ones; they count from the next start on."""
        text = _SETTINGS.format(
            data=self.home / "data",
            port=self.port,
            workers=self.workers,
            settle=self.settle,
            source=self.source,
            driver=self.driver,
            options=options or _OPTIONS[self.driver],
            limits=self.limits,
            sync=self.sync,
            notifications=self.notifications,
        )
        (self.home / "corral.yaml").write_text(text)

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    @property
    def env(self) -> dict[str, str]:
        kept = {key: value for key, value in os.environ.items() if not key.startswith(("CORRAL_", "OS_"))}
        settings = {"CORRAL_CONFIG": str(self.home / "corral.yaml"), "OS_CLIENT_CONFIG_FILE": self.clouds}
        return kept | settings | {"CORRAL_URL": self.url, "COLUMNS": "200"}

    @property
    def database(self) -> Path:
        return self.home / "data" / "corral.db"

    @property
    def pid(self) -> int:
        assert self._process is not None
        return self._process.pid

    @property
    def cpu_seconds(self) -> float:
        """Processor time that the server has used since it was started."""
        fields = Path(f"/proc/{self.pid}/stat").read_text().rpartition(")")[2].split()
        return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")

    def start(self) -> None:
        """Start the server and wait until it is ready."""
        with (self.home / "serve.log").open("ab") as log:
            self._process = subprocess.Popen(
                [str(CORRAL), "serve"], env=self.env, cwd=self.home, stdout=log, stderr=subprocess.STDOUT
            )
        deadline = time.monotonic() + 180
        while not self._ready():
            if self._process.poll() is not None or time.monotonic() > deadline:
                raise RuntimeError(f"corral serve did not become ready: {self.log()[-2000:]}")
            time.sleep(0.05)

    def _ready(self) -> bool:
        try:
            return self.http.get("/readyz").status_code == 200
        except httpx.TransportError:
            return False

    def stop(self) -> int:
        """Ask the process to end, and give its exit code."""
        return self._end(signal.SIGTERM)

    def kill(self) -> None:
        """End the process as a power cut would."""
        self._end(signal.SIGKILL)

    def _end(self, with_signal: signal.Signals) -> int:
        if self._process is None:
            return 0
        with contextlib.suppress(ProcessLookupError):
            self._process.send_signal(with_signal)
        code = self._process.wait(timeout=180)
        self._process = None
        return code

    def log(self) -> str:
        return (self.home / "serve.log").read_text(errors="replace")

    def run(self, *args: str) -> subprocess.CompletedProcess[str]:
        """`corral ARGS` as a user types it, without a terminal."""
        return subprocess.run(
            [str(CORRAL), *args], env=self.env, cwd=CHECKOUT, capture_output=True, text=True, timeout=120, check=False
        )

    # --- the API, as far as every test needs it -------------------------------------------------------------

    def get(self, path: str, **query: Any) -> Any:
        return self.http.get(path, params=query).raise_for_status().json()

    def flavor(self, name: str) -> str:
        """The uuid of the flavor for this resource class, made when there is none."""
        for one in self.get("/v1/flavors")["flavors"]:
            if one["name"] == name:
                return str(one["uuid"])
        body = {"name": name, "resources": {f"CUSTOM_{name.upper()}": "1"}}
        return str(self.http.post("/v1/flavors", json=body).raise_for_status().json()["uuid"])

    def finished(self, operation: Json, patience: float = 180) -> Json:
        """The operation at its end."""
        deadline = time.monotonic() + patience
        while operation["state"] not in FINAL:
            if time.monotonic() > deadline:
                raise TimeoutError(f"operation {operation}: {self.log()[-2000:]}")
            time.sleep(0.05)
            operation = self.get(f"/v1/operations/{operation['uuid']}")
        return operation

    def servers(self) -> list[Json]:
        return list(self.get("/v1/servers/detail", all_tenants=True)["servers"])
