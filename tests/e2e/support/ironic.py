"""An Ironic of a test's own beside the lab's, with its conductor in a process of its own: so that one can be stopped while the
other answers. Keystone, Neutron, Glance and the Redfish emulator are the lab's.

Why not the lab's Ironic: that one is a single process, as Ironic wants it on SQLite, and others may be at work on it.
"""

from __future__ import annotations

import configparser
import os
import signal
import socket
import subprocess
from dataclasses import replace
from pathlib import Path

from lab import health, processes
from lab.commands import environment, run, script
from lab.places import Places, from_environment
from tests.e2e.support.lab import Lab
from tests.loopback import free_port

PARTS = ("conductor", "api")
_SECONDS = 180.0


class SplitIronic:
    """API and conductor, with a database of their own below `home`. `hardware`: one more hardware type than the lab's; `bus`: the
    transport URL of the broker where changes are announced."""

    def __init__(self, lab: Lab, home: Path, hardware: str | None = None, *, bus: str | None = None) -> None:
        self._hardware = hardware
        self._bus = bus
        self._places = _places(lab, home)
        self._ports = {part: free_port() for part in PARTS}
        self._children: dict[str, subprocess.Popen[bytes]] = {}
        self.url = f"http://127.0.0.1:{self._ports['api']}"
        self._conf = home / "ironic.conf"
        with self._conf.open("w") as file:
            self._settings(Path(lab.clouds).parents[1] / "ironic" / "ironic.conf").write(file)
        dbsync = [self._places.tool("ironic-dbsync"), "--config-file", str(self._conf), "create_schema"]
        run(self._places, dbsync, "ironic-setup")

    def start(self, part: str) -> None:
        """Start a part that does not run, and wait until it answers."""
        log = self._places.logs / f"{part}.log"
        command = script(self._places, "ironic_part.py", part, str(self._conf))
        self._children[part] = processes.launch(
            command, environment(self._places), log, self._pid_file(part), self._places.data
        )
        if not health.wait(lambda: self._answers(part), lambda: self._pid(part) is not None, _SECONDS):
            raise RuntimeError(f"{part} did not come up: {processes.tail(log)}")

    def kill(self, part: str) -> None:
        """End the part as a power cut would, with its workers; one that does not run is done."""
        pid = self._pid(part)
        if pid is not None:
            os.killpg(pid, signal.SIGKILL)
        if part in self._children:
            self._children.pop(part).wait(timeout=_SECONDS)

    def runs(self, part: str) -> bool:
        return self._pid(part) is not None

    def _settings(self, lab_conf: Path) -> configparser.ConfigParser:
        conf = configparser.ConfigParser(interpolation=None, default_section="none")
        conf.read(lab_conf)
        data = self._places.data
        conf["DEFAULT"].update({"rpc_transport": "json-rpc", "host": "127.0.0.1", "state_path": str(data)})
        if self._hardware is not None:
            conf["DEFAULT"]["enabled_hardware_types"] += f",{self._hardware}"
        if self._bus is not None:
            conf["DEFAULT"]["notification_level"] = "info"
            conf["oslo_messaging_notifications"] = {"driver": "messagingv2", "transport_url": self._bus, "retry": "0"}
        conf["api"]["port"] = str(self._ports["api"])
        conf["database"]["connection"] = f"sqlite:///{data / 'ironic.sqlite'}?timeout=60"
        conf["conductor"]["node_locked_retry_attempts"] = "1"  # what is locked is said at once
        conf["service_catalog"]["endpoint_override"] = self.url
        conf["json_rpc"] = {
            "auth_strategy": "noauth",
            "host_ip": "127.0.0.1",
            "port": str(self._ports["conductor"]),
        }
        return conf

    def _answers(self, part: str) -> bool:
        if part == "api":
            return health.answers(f"{self.url}/")
        # It takes calls as soon as it listens, and knows only POST.
        with socket.socket() as probe:
            return probe.connect_ex(("127.0.0.1", self._ports[part])) == 0

    def _pid_file(self, part: str) -> Path:
        return self._places.run / f"{part}.pid"

    def _pid(self, part: str) -> int | None:
        return processes.running(self._pid_file(part))


def _places(lab: Lab, home: Path) -> Places:
    places = replace(from_environment({}), root=home.resolve(), venv=Path(lab.venv))
    places.make()
    return places
