"""The cloud around a source of hosts: a login by its name in clouds.yaml, in its own project and in others.

Rule: opening does no I/O. The list below is everything that is ever sent there.
"""

from __future__ import annotations

import re
import threading
from dataclasses import replace
from typing import Any

from corral.cloud.patience import Patience
from corral.cloud.session import CloudWire, Place
from corral.cloud.volumes import (
    CinderVolumes,
    allowed_attachment,
    allowed_completion,
    allowed_managed,
    allowed_unmanaging,
)
from corral.cloud.volumes_ports import NeutronRecords, allowed_recorded_port, allowed_renewed_port
from corral.cloud.wire import Service, Wire, record, segment
from corral.contracts.border import Border, Purpose, Rule
from corral.contracts.cloud_records import CloudAround, CloudProject, Volumes
from corral.domain.errors import NotFound

UUID = r"[0-9a-fA-F]{8}(?:-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}"
_PROJECT = r"[A-Za-z0-9_-]{1,64}"


def _no_body(body: Any) -> bool:
    return body is None


_LOOK = (
    ("identity", "GET", r"/.*", "finds out which versions Keystone speaks, reads a project"),
    ("identity", "POST", r"/v3/auth/tokens", "logs in"),
    ("block-storage", "GET", r"/v3/scheduler-stats/get_pools", "lists the backends"),
    ("block-storage", "GET", r"/v3/manageable_volumes/detail", "lists what a backend has"),
    ("block-storage", "GET", rf"/v3/volumes(?:/detail|/{UUID})?", "looks volumes up"),
    ("block-storage", "GET", r"/v3/attachments/detail", "looks attachments up"),
    ("network", "GET", r"/v2\.0/(?:ports|networks|subnets)", "looks networks, subnets and ports up"),
)
_VOLUMES = (
    ("block-storage", "POST", r"/v3/manageable_volumes", "has a volume managed where it is", allowed_managed),
    ("block-storage", "POST", r"/v3/attachments", "records whose disk it is", allowed_attachment),
    ("block-storage", "POST", rf"/v3/attachments/{UUID}/action", "says that it is in use", allowed_completion),
)
_PORTS = (
    ("network", "POST", r"/v2\.0/ports", "makes a port, marked as Corral's", allowed_recorded_port),
    ("network", "DELETE", rf"/v2\.0/ports/{UUID}", "removes a port that Corral made", _no_body),
)
_RECORD = (
    *_VOLUMES,
    *_PORTS,
    ("block-storage", "DELETE", rf"/v3/attachments/{UUID}", "takes the attachment back", _no_body),
    ("block-storage", "POST", rf"/v3/volumes/{UUID}/action", "has Cinder forget a volume", allowed_unmanaging),
)
_MEND = (
    ("block-storage", "DELETE", rf"/v3/attachments/{UUID}", "takes the attachment of a lost record back", _no_body),
    ("block-storage", "POST", rf"/v3/volumes/{UUID}/action", "has Cinder forget its volume", allowed_unmanaging),
    ("network", "DELETE", rf"/v2\.0/ports/{UUID}", "removes its port", _no_body),
)

# Keeping records in step with what VMs have. Nothing here has storage do anything: there is no extending, retyping, exporting or
# deleting of a volume, nor may one that Cinder has be let go of.
_SYNC = (
    *_VOLUMES,
    *_PORTS,
    ("network", "PUT", rf"/v2\.0/ports/{UUID}", "brings a port's MAC and addresses back", allowed_renewed_port),
)

RULES: tuple[Rule, ...] = (
    *(Rule(Purpose.LOOK, service, method, re.compile(path), why) for service, method, path, why in _LOOK),
    *(
        Rule(purpose, service, method, re.compile(path), why, body)
        for purpose, list_of in ((Purpose.RECORD, _RECORD), (Purpose.MEND, _MEND), (Purpose.SYNC, _SYNC))
        for service, method, path, why, body in list_of
    ),
)


def open_cloud(name: str) -> CloudAround:
    """The cloud of that name in clouds.yaml."""
    border, wires = Border(RULES), _Wires(name)
    own = wires.into(None, border)
    network, identity = Service(own, "network"), Service(own, "identity")

    def volumes(project: str | None) -> Volumes:
        return CinderVolumes(Service(wires.into(project, border), "block-storage"))

    return CloudAround(
        name,
        volumes,
        NeutronRecords(network),
        lambda project: project_at(identity, project),
        wires.close,
        own.check_settings,
        border,
    )


def around(name: str, wire: Wire, border: Border, patience: Patience | None = None) -> CloudAround:
    """The cloud behind one wire, which is in every project: a world in memory."""
    service = {kind: Service(wire, kind, patience=patience) for kind in ("block-storage", "network", "identity")}

    def volumes(project: str | None) -> Volumes:
        return CinderVolumes(service["block-storage"].saying({"X-Project-Id": project or ""}))

    ports = NeutronRecords(service["network"])
    return CloudAround(name, volumes, ports, lambda project: project_at(service["identity"], project), border=border)


def project_at(identity: Service, project: str) -> CloudProject | None:
    """A project of Keystone's, or None."""
    if re.fullmatch(_PROJECT, project) is None:
        return None
    try:
        row = record(identity.read(f"/v3/projects/{segment(project)}"), "project", "identity")
    except NotFound:
        return None
    return CloudProject(project, str(row.get("name") or "")[:255], row.get("enabled") is True)


class _Wires:
    """The wires into a cloud, one for each project: Cinder puts what it manages into the project of the login."""

    def __init__(self, cloud: str) -> None:
        self._place = Place(cloud)
        self._made: dict[str | None, CloudWire] = {}
        self._lock = threading.Lock()

    def into(self, project: str | None, border: Border) -> CloudWire:
        with self._lock:
            if project not in self._made:
                self._made[project] = CloudWire(replace(self._place, project=project), border)
            return self._made[project]

    def close(self) -> None:
        with self._lock:
            for wire in self._made.values():
                wire.close()
