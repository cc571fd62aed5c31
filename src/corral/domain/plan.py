"""A plan: what an adoption would do to each machine, and the digest of what that was based on."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from corral.domain.digest import digest
from corral.domain.machine import Machine, Network, NetworkPort
from corral.domain.reasons import Reason, blockers
from corral.domain.server import Flavor, ManageRequest


@dataclass(frozen=True, slots=True)
class Step:
    """One thing that would be done. `call` is what would leave this machine, empty for a change of our own record."""

    title: str
    call: str = ""


@dataclass(frozen=True, slots=True)
class PlanItem:
    """The plan for one machine. `basis` is the digest of the observation; `server` the uuid that the server would get
    once it is applied, None before."""

    request: ManageRequest
    source: str
    machine: str
    machine_name: str | None
    project: str
    basis: str
    reasons: tuple[Reason, ...]
    steps: tuple[Step, ...]

    @property
    def adoptable(self) -> bool:
        return not blockers(self.reasons)


@dataclass(frozen=True, slots=True)
class Plan:
    """A stored plan. `digest` covers every item's basis and request, so that two plans for the same wish on the same
    world have the same digest, and no others do."""

    uuid: str
    project: str
    user: str | None
    items: tuple[PlanItem, ...]
    created_at: datetime
    applied_at: datetime | None = None
    operations: tuple[str, ...] = ()

    @property
    def digest(self) -> str:
        return digest([(item.source, item.machine, item.request.as_json(), item.basis) for item in self.items])


def basis(
    machine: Machine,
    ports: dict[str, NetworkPort],
    networks: dict[str, Network],
    flavor: Flavor | None,
    image_known: bool,
) -> str:
    """The digest of everything that the judgement on one machine rests on.

    Left out: times (`updated_at` moves with each heartbeat of the source's own book-keeping) and free text that changes
    nothing. A change of any other fact makes the plan stale.
    """
    return digest(
        {
            "machine": _facts(machine),
            "ports": ports,
            "networks": networks,
            "flavor": None if flavor is None else [flavor.uuid, dict(flavor.resources), flavor.disabled],
            "image_known": image_known,
        }
    )


def _facts(machine: Machine) -> dict[str, Any]:
    return {
        "id": machine.id,
        "name": machine.name,
        "state": machine.provision_state,
        "problem": machine.problem,
        "power": [machine.power, machine.observed_power, machine.target_power, machine.power_asked],
        "class": machine.resource_class,
        "claim": machine.claimed_by,
        "busy": [machine.reserved_by, machine.fault],
        "flags": [machine.maintenance, machine.retired, machine.protected],
        "owner": [machine.owner, machine.lessee],
        "image": machine.image,
        "driver": [machine.driver, machine.network_interface],
        "nics": machine.nics,
        "disks": machine.disks,
    }
