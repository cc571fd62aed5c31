"""A pod as a source: its capabilities in one object.

Rule: a pod has no machines of its own. What is composed there is a machine where it is enrolled, and is adopted from there: so it
is never listed twice.
"""
# ruff: noqa: ARG002 - a pod has no machines of its own, whatever a query asks for

from __future__ import annotations

import time
from collections.abc import Collection, Iterator, Mapping, Sequence
from typing import Any

from corral.contracts.composition import Enrolment
from corral.contracts.sources import Health, Query
from corral.contracts.watching import Listens
from corral.domain.blocks import ComposedSystem, Pool, Wanted
from corral.domain.errors import CorralError, DriverFailed, NotFound
from corral.domain.machine import Machine
from corral.domain.sync_pods import Assemblies
from corral.drivers.redfish import reading
from corral.drivers.redfish.announcing import Announcements
from corral.drivers.redfish.assembled import read_assemblies
from corral.drivers.redfish.client import Client
from corral.drivers.redfish.compose import Composer
from corral.drivers.redfish.options import Options
from corral.drivers.redfish.pool import ROOT, read_pool, read_system, read_systems, service
from corral.drivers.redfish.walk import Walk

_LOOK = 30.0
"""Seconds that a look at what was composed may take."""


class RedfishPod:
    """`Discovers`, `Pools`, `Composes`, `TellsAssemblies` and `Announces` over one Redfish service."""

    driver = "redfish"

    def __init__(self, name: str, options: Options, client: Client) -> None:
        self.name = name
        self._options = options
        self._client = client
        self._composer = Composer(client, options)

    def check(self) -> Health:
        start = time.monotonic()
        try:
            walk = self._walk()
            root = walk.get(f"{ROOT}/")
            service(walk)
        except CorralError as exc:
            return Health(False, str(exc), time.monotonic() - start)
        maker = " ".join(filter(None, (reading.text(root, "Vendor"), reading.text(root, "Product"))))
        version = reading.text(root, "RedfishVersion") or "of a version that it does not tell"
        return Health(True, f"Redfish {version}{f', {maker}' if maker else ''}", time.monotonic() - start)

    def discover(self, query: Query, *, marker: str | None = None, limit: int | None = None) -> Iterator[Machine]:
        """None: see the module."""
        return iter(())

    def observe(self, machine: str) -> Machine:
        raise NotFound(f"{machine[:255]!r} is no machine of a pod.", fix="Look for it where it is enrolled.")

    def pool(self) -> Pool:
        return read_pool(self._walk())

    def systems(self) -> Sequence[ComposedSystem]:
        return read_systems(self._walk())

    def system(self, system: str) -> ComposedSystem:
        walk = self._walk()
        try:
            path = walk.links.id(system)
        except DriverFailed as exc:
            raise NotFound(f"{system[:255]!r} is no system of this pod.") from exc
        return read_system(walk, path)

    def named(self, name: str) -> Sequence[ComposedSystem]:
        return read_systems(self._walk(), name)

    def compose(self, name: str, wanted: Wanted, blocks: Sequence[str]) -> ComposedSystem:
        return self._composer.compose(name, wanted, blocks)

    def release(self, system: str, name: str) -> None:
        self._composer.release(system, name)

    def enrolment(self, system: ComposedSystem) -> Enrolment:
        """In the words of Ironic's redfish hardware type."""
        options = self._options
        info: dict[str, Any] = {
            "redfish_address": options.url,
            "redfish_system_id": system.id,
            "redfish_verify_ca": options.ca_file or options.verify,
        }
        if options.username is None:
            return Enrolment("redfish", info)
        info["redfish_auth_type"] = options.auth
        return Enrolment("redfish", info, {"redfish_username": options.username, "redfish_password": options.password})

    def assemblies(self, claimed: Mapping[str, Collection[str]]) -> Assemblies:
        # A pass over many machines waits for this: a slow pod is told of as one that does not answer.
        return read_assemblies(Walk(self._client, self._options.threads, min(self._options.longest, _LOOK)), claimed)

    def announcements(self) -> Listens | None:
        return Announcements(self.name, self._client) if self._options.events else None

    def _walk(self) -> Walk:
        return Walk(self._client, self._options.threads, self._options.longest)
