"""A private RabbitMQ of Debian's packages, on loopback, for tests of what services announce.

Its packages are unpacked into the lab's folder, as their installation would start a server for the machine. The name of the node,
its ports, its cookie and its data are its own, and so is the port mapper that Erlang wants beside it: nothing is left when it ends.
"""

from __future__ import annotations

import os
import shutil
import signal
import socket
import subprocess
import tempfile
import time
from pathlib import Path
from types import TracebackType

from lab import debian
from lab.alone import alone
from lab.errors import LabError
from lab.places import Places
from lab.ports import HOST, choose
from lab.processes import tail

PACKAGES = ("rabbitmq-server",)
_ERLANG = "usr/lib/erlang"
_START_SECONDS = 180.0


class RabbitMq:
    """One broker. `url` is how oslo.messaging names it; everybody may log in as guest."""

    def __init__(self, places: Places) -> None:
        self._root = _installed(places)
        self.directory = Path(tempfile.mkdtemp(prefix="corral-rabbitmq-", dir="/tmp"))
        self._ports = choose(["amqp", "erlang", "mapper"])
        self.url = f"rabbit://guest:guest@{HOST}:{self._ports['amqp']}/"
        self._running: list[subprocess.Popen[bytes]] = []

    def start(self) -> None:
        """Start it with what it had stored, and wait until it takes connections."""
        (self.directory / "plugins").write_text("[].\n")
        (self.directory / "rabbitmq.conf").write_text(f"listeners.tcp.1 = {HOST}:{self._ports['amqp']}\n")
        erlang = self._root / _ERLANG
        server = next((self._root / "usr/lib/rabbitmq/lib").glob("rabbitmq_server-*/sbin/rabbitmq-server"))
        self._launch([str(erlang / "bin" / "epmd"), "-address", HOST, "-port", str(self._ports["mapper"])])
        self._launch([str(server)])
        end = time.monotonic() + _START_SECONDS
        while not self._listens():
            if self._running[-1].poll() is not None or time.monotonic() > end:
                self.kill()
                raise LabError("RabbitMQ did not start", log=tail(self.directory / "log"))
            time.sleep(0.1)

    def kill(self) -> None:
        """As a power cut."""
        self._end(signal.SIGKILL)

    def stop(self) -> None:
        """End it in its own way, by force if it takes too long."""
        self._end(signal.SIGTERM)

    def __enter__(self) -> RabbitMq:
        try:
            self.start()
        except BaseException:
            self.__exit__(None, None, None)
            raise
        return self

    def __exit__(self, _t: type[BaseException] | None, _e: BaseException | None, _tb: TracebackType | None) -> None:
        self.stop()
        shutil.rmtree(self.directory, ignore_errors=True)

    def _launch(self, argv: list[str]) -> None:
        with (self.directory / "log").open("ab") as log:
            self._running.append(
                subprocess.Popen(
                    argv,
                    env=self._environment(),
                    cwd=self.directory,
                    stdin=subprocess.DEVNULL,
                    stdout=log,
                    stderr=log,
                    start_new_session=True,
                )
            )

    def _end(self, number: signal.Signals) -> None:
        # The broker goes first. Each is the leader of its own group: a script with Erlang's machine below it.
        for process in reversed(self._running):
            for sent in (number, signal.SIGKILL):
                try:
                    os.killpg(process.pid, sent)
                    process.wait(60)
                except ProcessLookupError:
                    break
                except subprocess.TimeoutExpired:
                    continue
            process.wait()
        self._running.clear()

    def _environment(self) -> dict[str, str]:
        own, erlang = self.directory, self._root / _ERLANG
        names = {
            "HOME": own,  # the cookie
            "PATH": f"{erlang / 'bin'}:{os.environ.get('PATH', '/usr/bin:/bin')}",
            "LD_LIBRARY_PATH": debian.environment(self._root)["LD_LIBRARY_PATH"],
            "ERL_EPMD_ADDRESS": HOST,
            "ERL_EPMD_PORT": self._ports["mapper"],
            "RABBITMQ_NODENAME": f"lab{self._ports['amqp']}@localhost",
            "RABBITMQ_DIST_PORT": self._ports["erlang"],
            "RABBITMQ_MNESIA_BASE": own / "data",
            "RABBITMQ_LOG_BASE": own / "logs",
            "RABBITMQ_LOGS": "-",
            "RABBITMQ_CONFIG_FILE": own / "rabbitmq.conf",
            "RABBITMQ_ADVANCED_CONFIG_FILE": own / "none",
            "RABBITMQ_CONF_ENV_FILE": "/dev/null",
            "RABBITMQ_ENABLED_PLUGINS_FILE": own / "plugins",
            # One scheduler that does not spin while it waits; and no port mapper that outlives it.
            "RABBITMQ_SERVER_ADDITIONAL_ERL_ARGS": "-start_epmd false +S 1:1 +sbwt none",
        }
        kept = {key: value for key, value in os.environ.items() if not key.startswith(("RABBITMQ_", "ERL_"))}
        return kept | {key: str(value) for key, value in names.items()}

    def _listens(self) -> bool:
        with socket.socket() as probe:
            probe.settimeout(1.0)
            return probe.connect_ex((HOST, self._ports["amqp"])) == 0


def _installed(places: Places) -> Path:
    """The folder with RabbitMQ and Erlang, whose own script is told where it was unpacked."""
    root = debian.unpack(places, "rabbitmq", PACKAGES)
    script = root / _ERLANG / "bin" / "erl"
    with alone(root):
        text = script.read_text()
        script.write_text(text.replace("ROOTDIR=/usr/lib/erlang", f"ROOTDIR={root / _ERLANG}"))
    return root
