"""A plan: what an adoption would do to each machine, and the digest of what that was based on."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Any

from corral.domain.digest import Digest, digest
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


class ItemState(StrEnum):
    """What has become of one machine of a plan."""

    BLOCKED = "blocked"  # it can't be adopted as asked
    PLANNED = "planned"  # nothing was begun
    RUNNING = "running"  # its operation is stored, or under way
    ADOPTED = "adopted"
    FAILED = "failed"  # its operation was reverted, or could not be started; `error` says why
    CANCELLED = "cancelled"
    EXPIRED = "expired"  # its operation is older than what is kept


_OVER = (ItemState.ADOPTED, ItemState.FAILED, ItemState.CANCELLED, ItemState.EXPIRED)


class PlanState(StrEnum):
    """Where a plan is."""

    PLANNED = "planned"
    APPLYING = "applying"
    PAUSED = "paused"  # starts no more machines until it is resumed; those under way go on
    CANCELLED = "cancelled"  # starts no more machines
    APPLIED = "applied"


@dataclass(frozen=True, slots=True)
class PlanRecord:
    """A plan as it is kept, without its items. `counts`: how many machines are in each state, those with none left out.
    `feeder`: the operation that starts the machines' operations one after another; None for a plan so small that they
    were started together: these are `operations`."""

    uuid: str
    project: str
    user: str | None
    digest: str
    created_at: datetime
    counts: Mapping[ItemState, int] = field(default_factory=dict)
    applied_at: datetime | None = None
    paused_at: datetime | None = None
    cancelled_at: datetime | None = None
    feeder: str | None = None
    operations: tuple[str, ...] = ()

    @property
    def total(self) -> int:
        return sum(self.counts.values())

    @property
    def adoptable(self) -> int:
        """Those that could be adopted when the plan was made."""
        return self.total - self.count(ItemState.BLOCKED)

    @property
    def over(self) -> int:
        """Those of which nothing more will come."""
        return sum(self.count(state) for state in _OVER)

    @property
    def state(self) -> PlanState:
        if self.cancelled_at is not None:
            return PlanState.CANCELLED
        if self.applied_at is None:
            return PlanState.PLANNED
        fed = self.feeder is None and not self.count(ItemState.RUNNING)
        if fed or self.over == self.adoptable:
            return PlanState.APPLIED
        return PlanState.APPLYING if self.paused_at is None else PlanState.PAUSED

    def count(self, state: ItemState) -> int:
        """How many machines are in that state."""
        return self.counts.get(state, 0)


@dataclass(frozen=True, slots=True)
class PlannedMachine:
    """An item of a plan that is kept, and what has become of it. `position` counts from 0; `server` and `operation` are None
    before it was started; `error` as operations have it."""

    position: int
    item: PlanItem
    state: ItemState
    operation: str | None = None
    server: str | None = None
    error: Mapping[str, Any] | None = None


@dataclass(frozen=True, slots=True)
class Plan:
    """A plan as it is made. `digest` covers every item's basis and request, so that two plans for the same wish on the same
    world have the same digest, and no others do."""

    uuid: str
    project: str
    user: str | None
    items: tuple[PlanItem, ...]
    created_at: datetime

    @property
    def digest(self) -> str:
        return digest([_identity(item) for item in self.items])

    def machines(self) -> list[PlannedMachine]:
        """Its items, of which nothing has become yet."""
        states = {True: ItemState.PLANNED, False: ItemState.BLOCKED}
        return [PlannedMachine(n, item, states[item.adoptable]) for n, item in enumerate(self.items)]

    def record(self) -> PlanRecord:
        """The plan as it would be kept."""
        counts = Counter(one.state for one in self.machines())
        return PlanRecord(self.uuid, self.project, self.user, self.digest, self.created_at, counts)


class PlanDigest:
    """`Plan.digest` of items that come one after another."""

    def __init__(self) -> None:
        self._digest = Digest()

    def add(self, item: PlanItem) -> None:
        """The next item."""
        self._digest.add(_identity(item))

    def text(self) -> str:
        """The digest of all that was added."""
        return self._digest.text()


def _identity(item: PlanItem) -> tuple[Any, ...]:
    return (item.source, item.machine, item.request.as_json(), item.basis)


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
