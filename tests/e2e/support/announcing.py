"""A Neutron and a Cinder that announce on a RabbitMQ, as the lab's do not: Neutron's API once more, over the lab's own database,
and a whole Cinder with a database and an array of its own.
"""

from __future__ import annotations

import configparser
import json
import os
import shutil
import signal
import subprocess
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path

import httpx

from lab import health, processes
from lab.commands import environment, run, script
from lab.places import Places, from_environment
from lab.rabbitmq import RabbitMq
from tests.e2e.support.estate import VERSION
from tests.e2e.support.lab import Api, Json, Lab
from tests.loopback import free_port

_SECONDS = 180.0


@dataclass(frozen=True)
class Announcing:
    """The broker, both services as an administrator sees them, where Cinder is, and the file that tells its array's volumes."""

    bus: RabbitMq
    neutron: Api
    cinder: Api
    cinder_url: str
    array: Path

    def fill_array(self, *luns: Json) -> None:
        """The array has these volumes, each `{name, gib, wwn}`."""
        self.array.write_text(json.dumps({"luns": luns}))


@contextmanager
def announcing(lab: Lab, home: Path) -> Iterator[Announcing]:
    """All of it, below `home`."""
    places = replace(from_environment({}), root=home.resolve(), venv=Path(lab.venv))
    places.make()
    bus = RabbitMq(from_environment())
    services = _Services(lab, places, bus.url)
    with ThreadPoolExecutor(3) as pool:
        begun = [pool.submit(act) for act in (bus.start, services.neutron, services.cinder)]
    try:
        _, neutron, cinder = (one.result() for one in begun)
        login = {"auth": lab.project_token, "timeout": 90, "trust_env": False}
        with (
            httpx.Client(base_url=neutron, **login) as networks,
            httpx.Client(base_url=cinder, headers=VERSION, **login) as volumes,
        ):
            yield Announcing(bus, Api(networks), Api(volumes), cinder, places.data / "array.json")
    finally:
        services.kill()
        bus.kill()  # its own way takes 5 s
        bus.__exit__(None, None, None)


class _Services:
    def __init__(self, lab: Lab, places: Places, bus: str) -> None:
        self._etc = Path(lab.clouds).parents[1]
        self._places = places
        self._bus = bus
        self._children: list[subprocess.Popen[bytes]] = []

    def neutron(self) -> str:
        """Start it. Gives its URL."""
        port, folder = free_port(), self._places.etc / "neutron"
        shutil.copytree(self._etc / "neutron", folder)
        self._announce(folder / "neutron.conf")
        self._start("neutron", script(self._places, "serve.py", "neutron.wsgi.api", str(port)), port)
        return f"http://127.0.0.1:{port}"

    def cinder(self) -> str:
        port, data, file = free_port(), self._places.data, self._places.etc / "cinder.conf"
        shutil.copy(self._etc / "cinder" / "cinder.conf", file)
        changes = {
            "DEFAULT": {"state_path": str(data), "osapi_volume_listen_port": str(port), "enabled_backends": "array"},
            "array": {"lab_place": str(data / "array.json")},
            "coordination": {"backend_url": f"file://{data}/coord"},
            "database": {"connection": f"sqlite:///{data}/cinder.sqlite?timeout=60"},
            "oslo_concurrency": {"lock_path": str(data / "lock")},
        }
        self._announce(file, changes)
        run(self._places, [self._places.tool("cinder-manage"), "--config-file", str(file), "db", "sync"], "cinder")
        self._start("cinder", script(self._places, "cinder_all.py", str(file)), port)
        return f"http://127.0.0.1:{port}/v3"

    def kill(self) -> None:
        for child in self._children:
            os.killpg(child.pid, signal.SIGKILL)
            child.wait(_SECONDS)

    def _announce(self, file: Path, changes: dict[str, dict[str, str]] | None = None) -> None:
        conf = configparser.ConfigParser(interpolation=None, default_section="none")
        conf.read(file)
        said = {"driver": "messagingv2", "transport_url": self._bus, "retry": "0"}
        for section, values in {**(changes or {}), "oslo_messaging_notifications": said}.items():
            conf[section].update(values)
        with file.open("w") as stream:
            conf.write(stream)

    def _start(self, name: str, command: list[str], port: int) -> None:
        log, pid_file = self._places.logs / f"{name}.log", self._places.run / f"{name}.pid"
        child = processes.launch(command, environment(self._places), log, pid_file, self._places.data)
        self._children.append(child)
        if not health.wait(lambda: health.answers(f"http://127.0.0.1:{port}/"), lambda: child.poll() is None, _SECONDS):
            raise RuntimeError(f"{name} did not come up: {processes.tail(log)}")
