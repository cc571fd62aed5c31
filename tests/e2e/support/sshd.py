"""A real sshd on loopback with a host key of its own, and a folder of commands that its logins find first."""

from __future__ import annotations

import getpass
import os
import shlex
import socket
import subprocess
import time
from pathlib import Path

import asyncssh

from corral.drivers.agent import Login
from tests.e2e.support.debian import Tools
from tests.loopback import free_port

CONFIG = """\
ListenAddress 127.0.0.1
Port {port}
HostKey {home}/host
AuthorizedKeysFile {home}/login.pub
StrictModes no
UsePAM no
PasswordAuthentication no
PermitRootLogin prohibit-password
PidFile none
SetEnv PATH={home}/bin:/usr/bin:/bin
"""


class Sshd:
    """As root it runs in mounts of its own, where the user `sshd` exists and /run is empty: nothing of the machine changes."""

    def __init__(self, tools: Tools, home: Path) -> None:
        self.home, self._tools = home, tools
        (home / "bin").mkdir()
        for name in ("host", "login", "stranger"):
            key = asyncssh.generate_private_key("ssh-ed25519")
            key.write_private_key(str(home / name))
            (home / name).chmod(0o600)
            key.write_public_key(str(home / f"{name}.pub"))
        self.port = free_port()
        (home / "config").write_text(CONFIG.format(port=self.port, home=home))
        self.process = self._start()

    def login(self, known: str = "host", key: str = "login") -> Login:
        """A login that knows one of the keys as the host's. `known` may be empty: no key is known."""
        hosts = self.home / f"known-{known}"
        public = (self.home / f"{known}.pub").read_text() if known else ""
        hosts.write_text(f"[127.0.0.1]:{self.port} {public}" if known else "")
        return Login("127.0.0.1", hosts, (self.home / key,), self.port, getpass.getuser(), connect_timeout=60)

    def command(self, name: str, script: str) -> None:
        """Put a command where logins find it."""
        path = self.home / "bin" / name
        path.write_text(f"#!/bin/sh\n{script}")
        path.chmod(0o755)

    def stop(self) -> None:
        """End it, with the sessions it serves."""
        self.process.terminate()
        self.process.wait(timeout=60)

    def _start(self) -> subprocess.Popen[bytes]:
        argv = [str(self._tools.path("sshd")), "-D", "-e", "-f", str(self.home / "config")]
        if os.geteuid() == 0:
            users = [line for line in Path("/etc/passwd").read_text().splitlines() if not line.startswith("sshd:")]
            passwd = self.home / "passwd"
            passwd.write_text("\n".join([*users, "sshd:x:65534:65534::/run/sshd:/usr/sbin/nologin"]) + "\n")
            script = f"mount --bind {passwd} /etc/passwd && mount -t tmpfs tmpfs /run && mkdir /run/sshd && exec {shlex.join(argv)}"
            argv = ["unshare", "--mount", "sh", "-c", script]
        with (self.home / "log").open("wb") as log:
            process = subprocess.Popen(argv, env=self._tools.environment, stdin=subprocess.DEVNULL, stderr=log)
        for _ in range(600):
            with socket.socket() as probe:
                if probe.connect_ex(("127.0.0.1", self.port)) == 0:
                    return process
            assert process.poll() is None, (self.home / "log").read_text()
            time.sleep(0.1)
        process.kill()
        raise AssertionError((self.home / "log").read_text())
