"""What is composed of a pod's hardware, and the power of it.

Rule: everything runs in one thread, so a check and the act that follows it are one. That two systems have one block happens
only where a fault asks for it.
"""

from __future__ import annotations

import uuid
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any

from lab.pod.messages import Failed
from lab.pod.stock import Hardware, Stock

RESERVATION = timedelta(seconds=60)
RESETS = {
    "On": "On",
    "ForceOn": "On",
    "ForceOff": "Off",
    "GracefulShutdown": "Off",
    "ForceRestart": "On",
    "GracefulRestart": "On",
    "PowerCycle": "On",
}


def now() -> str:
    """The time as Redfish writes it."""
    return datetime.now(UTC).isoformat(timespec="seconds").replace("+00:00", "Z")


@dataclass
class System:
    """A composed system. `reset`: when its power was last changed."""

    id: str
    name: str
    blocks: tuple[str, ...]
    uuid: str = field(default_factory=lambda: str(uuid.uuid4()))
    power: str = "Off"
    reset: str = field(default_factory=now)
    tag: str = ""
    state: str = "Enabled"
    boot: dict[str, Any] = field(
        default_factory=lambda: {
            "BootSourceOverrideEnabled": "Disabled",
            "BootSourceOverrideTarget": "None",
            "BootSourceOverrideMode": "UEFI",
        }
    )


@dataclass(frozen=True)
class Reservation:
    """Blocks that are kept for whoever shows its id."""

    id: str
    blocks: tuple[str, ...]
    made: datetime = field(default_factory=lambda: datetime.now(UTC))

    @property
    def over(self) -> bool:
        return datetime.now(UTC) - self.made > RESERVATION


class Pod:
    """The state. `told` is called with each change: a message's key, its arguments, and the path of what changed."""

    def __init__(self, stock: Stock) -> None:
        self.stock = stock
        self.uuid = str(uuid.uuid4())
        self.blocks = {block.id: block for block in stock.blocks}
        self.systems: dict[str, System] = {}
        self.reservations: dict[str, Reservation] = {}
        self.orphans: set[str] = set()
        self.told: Callable[[str, tuple[str, ...], str], None] = lambda _key, _args, _path: None
        self._made = 0

    def users(self, block: str) -> list[System]:
        """The systems that have a block."""
        return [system for system in self.systems.values() if block in system.blocks]

    def reserved(self, block: str) -> Reservation | None:
        """The reservation that a block is under."""
        self.reservations = {key: one for key, one in self.reservations.items() if not one.over}
        return next((one for one in self.reservations.values() if block in one.blocks), None)

    def composition(self, block: Hardware) -> str:
        """The block's CompositionState."""
        used = len(self.users(block.id))
        if block.id in self.orphans:
            return "Composed"
        if not used:
            return "Unused"
        return "ComposedAndAvailable" if used < block.shared else "Composed"

    def check(self, blocks: Iterable[str], reservation: str | None = None) -> tuple[str, ...]:
        """Raises Failed unless a system can be composed of these blocks now."""
        wanted = tuple(dict.fromkeys(blocks))
        for name in wanted:
            if name not in self.blocks:
                raise Failed(400, "ResourceBlockNotFound", name)
        self._check_zone(wanted)
        self._check_limits(wanted)
        for name in wanted:
            self._check_free(name, reservation)
        return wanted

    def compose(self, name: str | None, blocks: Iterable[str]) -> System:
        """A system of these blocks, whoever has them: see `check`."""
        self._made += 1
        system = System(f"composed-{self._made}", name or f"Composed system {self._made}", tuple(blocks))
        self.systems[system.id] = system
        self._tell(system.blocks)
        return system

    def release(self, system: str) -> None:
        """Take a system apart."""
        self._tell(self.systems.pop(system).blocks)

    def lose(self, system: str) -> None:
        """A system is gone without having been released: its blocks stay composed, and link to nothing."""
        self.orphans.update(self.systems.pop(system).blocks)

    def add(self, system: System, block: str) -> None:
        """Put one more block into a system. Raises Failed when it is not free, or does not go with the others."""
        if block not in self.blocks:
            raise Failed(400, "ResourceBlockNotFound", block)
        self._check_zone((*system.blocks, block))
        self._check_free(block, None)
        system.blocks = (*system.blocks, block)
        self._tell((block,))

    def remove(self, system: System, block: str) -> None:
        """Take a block out of a system. Raises Failed when it is not in there."""
        if block not in system.blocks:
            raise Failed(400, "ResourceBlockNotFound", block)
        system.blocks = tuple(one for one in system.blocks if one != block)
        self._tell((block,))

    def reserve(self, blocks: tuple[str, ...]) -> Reservation:
        made = Reservation(uuid.uuid4().hex[:12], blocks)
        self.reservations[made.id] = made
        return made

    def reset(self, system: System, kind: str) -> None:
        """Change the power. An override that holds once is used up by the next start."""
        system.power, system.reset = RESETS[kind], now()
        if system.power == "On" and system.boot["BootSourceOverrideEnabled"] == "Once":
            system.boot.update(BootSourceOverrideEnabled="Disabled", BootSourceOverrideTarget="None")

    def _check_zone(self, wanted: tuple[str, ...]) -> None:
        if wanted and not set.intersection(*(set(self.blocks[name].zones) for name in wanted)):
            raise Failed(400, "IncompatibleZone")

    def _check_limits(self, wanted: tuple[str, ...]) -> None:
        kinds = [kind for name in wanted for kind in self.blocks[name].kinds]
        for key, bound in self.stock.limits.items():
            count = kinds.count(key[3:])
            if count < bound if key.startswith("Min") else count > bound:
                raise Failed(400, "NoResourceMatch", key[3:])

    def _check_free(self, name: str, reservation: str | None) -> None:
        block = self.blocks[name]
        if block.health != "OK" or name in self.orphans or len(self.users(name)) >= block.shared:
            raise Failed(409, "ResourceBlockInUse", name)
        holder = self.reserved(name)
        if holder is not None and holder.id != reservation:
            raise Failed(409, "SpecifiedResourceAlreadyReserved", name, holder.id)

    def _tell(self, blocks: Iterable[str]) -> None:
        for name in blocks:
            path = f"/redfish/v1/CompositionService/ResourceBlocks/{name}"
            self.told("ResourceBlockCompositionStateChanged", (name,), path)
