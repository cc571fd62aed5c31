"""The optional MariaDB of the lab, for tests of concurrency.

Role: used when LAB_DB=mysql. MariaDB comes from Debian's packages, not from PyPI; it listens on the loopback interface
and keeps its data in the lab's directory.
"""

from __future__ import annotations

import os
import shutil
import subprocess
from pathlib import Path

from lab.commands import run
from lab.errors import LabError
from lab.places import Places
from lab.ports import HOST
from lab.setup import Setup

PACKAGES = "mariadb-server-core mariadb-client-core"


def _tool(name: str) -> str:
    # Debian puts mariadbd into /usr/sbin, which is not on everybody's PATH.
    found = shutil.which(name, path=f"{os.environ.get('PATH', '')}:/usr/sbin:/usr/bin")
    if not found:
        raise LabError(f"LAB_DB=mysql needs {name}", f"apt-get install --no-install-recommends {PACKAGES}")
    return found


def _socket(places: Places, folder: Path) -> str:
    # Relative to the working directory: the path of a socket may not exceed 107 bytes.
    return os.path.relpath(places.run / "mysql.sock", folder)


def _client(places: Places, statement: str) -> list[str]:
    # Run in `data`, as every command of the lab.
    return [_tool("mariadb"), "--no-defaults", "-u", "root", "-S", _socket(places, places.data), "-e", statement]


def server(setup: Setup) -> list[str]:
    """Command line of the database server."""
    folder = setup.places.data / "mysql"  # where the server goes to work
    return [
        _tool("mariadbd"),
        "--no-defaults",
        *_as_user(),
        f"--datadir={folder}",
        f"--socket={_socket(setup.places, folder)}",
        f"--bind-address={HOST}",
        f"--port={setup.ports['mysql']}",
        f"--tmpdir={setup.places.run}",
        "--innodb-flush-log-at-trx-commit=2",
        "--innodb-buffer-pool-size=128M",
        "--performance-schema=off",
        "--max-connections=300",
    ]


def _as_user() -> list[str]:
    # As root it insists on being told so; as anybody else it must not be told.
    return ["--user=root"] if os.geteuid() == 0 else []


def prepare(setup: Setup) -> None:
    """Make the server's system tables, once."""
    folder = setup.places.data / "mysql"
    if not folder.exists():
        run(
            setup.places,
            [
                _tool("mariadb-install-db"),
                "--no-defaults",
                *_as_user(),
                f"--datadir={folder}",
                "--skip-test-db",
                "--auth-root-authentication-method=normal",
            ],
            "mysql-setup",
        )


def answers(places: Places) -> bool:
    """True when the server takes commands."""
    done = subprocess.run(_client(places, "SELECT 1"), cwd=places.data, capture_output=True, timeout=10, check=False)
    return done.returncode == 0


def _execute(places: Places, statement: str) -> None:
    run(places, _client(places, statement), "mysql-setup")


def make_user(places: Places) -> None:
    _execute(places, f"CREATE USER IF NOT EXISTS lab@'{HOST}' IDENTIFIED BY 'lab';GRANT ALL ON *.* TO lab@'{HOST}'")


def make_database(places: Places, name: str) -> None:
    _execute(places, f"CREATE DATABASE IF NOT EXISTS {name} CHARACTER SET utf8mb3")
