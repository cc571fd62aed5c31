"""Tables of each service's database, made once.

Role: `make` runs a service's own tools; a marker file in its data directory says that they succeeded, so that a start
which was interrupted tries again.
"""

from __future__ import annotations

import sqlite3
from contextlib import closing

from lab import mysql
from lab.commands import run, script
from lab.setup import Setup

Command = list[str]


def make(setup: Setup, service: str) -> None:
    """Make the service's tables, unless they were made before."""
    marker = setup.places.data / service / ".schema"
    if marker.exists() or service not in _COMMANDS:
        return
    if setup.database == "mysql":
        mysql.make_database(setup.places, service)
    for command in _COMMANDS[service](setup):
        run(setup.places, command, f"{service}-setup")
    if setup.database == "sqlite":
        _allow_readers_beside_a_writer(setup.sqlite_file(service))
    marker.touch()


def _allow_readers_beside_a_writer(file: str) -> None:
    # Write-ahead logging is a property of the file: said once, it holds for every later connection.
    with closing(sqlite3.connect(file)) as connection:
        connection.execute("PRAGMA journal_mode=WAL")


def _keystone(setup: Setup) -> list[Command]:
    return [
        script(
            setup.places,
            "keystone_setup.py",
            str(setup.places.etc / "keystone" / "keystone.conf"),
            setup.url("keystone"),
        )
    ]


def _glance(setup: Setup) -> list[Command]:
    conf = setup.places.etc / "glance" / "glance-api.conf"
    return [[setup.places.tool("glance-manage"), "--config-file", str(conf), "db_sync"]]


def _cinder(setup: Setup) -> list[Command]:
    conf = setup.places.etc / "cinder" / "cinder.conf"
    return [[setup.places.tool("cinder-manage"), "--config-file", str(conf), "db", "sync"]]


def _ironic(setup: Setup) -> list[Command]:
    conf = setup.places.etc / "ironic" / "ironic.conf"
    return [[setup.places.tool("ironic-dbsync"), "--config-file", str(conf), "create_schema"]]


def _neutron(setup: Setup) -> list[Command]:
    conf = setup.places.etc / "neutron" / "neutron.conf"
    tool = [setup.places.tool("neutron-db-manage"), "--config-file", str(conf)]
    if setup.database == "mysql":
        return [[*tool, "upgrade", "heads"]]
    # Its migrations change constraints, which SQLite can't: the tables are made from the models instead.
    tables = script(setup.places, "neutron_sqlite.py", setup.database_url("neutron"))
    return [tables, [*tool, "stamp", "heads"]]


_COMMANDS = {"keystone": _keystone, "glance": _glance, "cinder": _cinder, "ironic": _ironic, "neutron": _neutron}
