"""One lab as it was decided: places, ports and the kind of database.

Role: every module that renders or starts something takes a Setup. What was decided at the first start is remembered in
run/, because data and the Keystone catalog depend on it.
"""

from __future__ import annotations

from dataclasses import dataclass

from lab import ports
from lab.errors import LabError
from lab.places import DATABASES, Places, write_whole

SERVICES = ("keystone", "glance", "neutron", "cinder", "ironic", "sushy")
PATHS = {"keystone": "/v3", "cinder": "/v3", "sushy": "/redfish/v1"}


@dataclass(frozen=True)
class Setup:
    """What the configuration files are rendered from."""

    places: Places
    ports: dict[str, int]
    database: str = "sqlite"

    @property
    def names(self) -> tuple[str, ...]:
        """The services in the order in which they are stopped last to first."""
        return ("mysql", *SERVICES) if self.database == "mysql" else SERVICES

    def root_url(self, service: str) -> str:
        return f"http://{ports.HOST}:{self.ports[service]}"

    def url(self, service: str) -> str:
        """The URL that clients use, with the version in its path where the catalog wants one."""
        return self.root_url(service) + PATHS.get(service, "")

    def database_url(self, service: str) -> str:
        """SQLAlchemy's URL of the service's database."""
        if self.database == "mysql":
            return f"mysql+pymysql://lab:lab@{ports.HOST}:{self.ports['mysql']}/{service}?charset=utf8mb3"
        # Seconds that a writer waits for another one, in place of SQLite's 5.
        return f"sqlite:///{self.sqlite_file(service)}?timeout=60"

    def sqlite_file(self, service: str) -> str:
        return str(self.places.data / service / f"{service}.sqlite")


def decide(places: Places) -> Setup:
    """The remembered setup; decided and remembered now if this is the first start."""
    database = _database(places)
    names = (*SERVICES, "mysql") if database == "mysql" else SERVICES
    places.make()
    chosen = ports.remembered(places.run / "ports.json", names)
    write_whole(places.run / "database", database + "\n")
    return Setup(places, chosen, database)


def recall(places: Places) -> Setup | None:
    """The remembered setup, or None when this lab was never started or was reset."""
    return decide(places) if (places.run / "ports.json").exists() else None


def _database(places: Places) -> str:
    memo = places.run / "database"
    before = memo.read_text().strip() if memo.exists() else ""
    wanted = places.wanted_database or before or DATABASES[0]
    if wanted not in DATABASES:
        raise LabError(f"LAB_DB is {wanted!r}", f"use one of {', '.join(DATABASES)}")
    if before and before != wanted:
        raise LabError(f"this lab was started with LAB_DB={before}", "python -m lab reset, then start again")
    return wanted
