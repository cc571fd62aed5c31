"""What must not change while a machine is adopted or let go.

The fingerprint is taken before the first and after the last act; any difference fails the operation. Rule: only what
an onlooker could notice belongs here, never the fields that adoption itself writes (claim, protection, VIFs).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from corral.domain.digest import digest, plain
from corral.domain.machine import Disk, Machine


@dataclass(frozen=True, slots=True)
class Fingerprint:
    """`power` is the record at the source, `observed_power` the machine's own word (None where nobody can ask)."""

    machine: str
    name: str | None
    driver: str
    provision_state: str
    power: str
    observed_power: str | None
    target_power: str | None
    macs: tuple[str, ...]
    disks: tuple[Disk, ...]
    resource_class: str | None
    maintenance: bool
    boot: tuple[tuple[str, str], ...] = ()
    """What the machine tells of its boot settings and last reset, where it can be asked."""

    @property
    def digest(self) -> str:
        return digest(self)

    def as_json(self) -> dict[str, Any]:
        return {**plain(self), "digest": self.digest}


@dataclass(frozen=True, slots=True)
class Difference:
    """One field that is not as it was."""

    field: str
    before: Any
    after: Any

    def __str__(self) -> str:
        return f"{self.field}: {self.before!r} became {self.after!r}"


def fingerprint(machine: Machine, boot: dict[str, str] | None = None) -> Fingerprint:
    """The fingerprint of a machine as it was just observed."""
    return Fingerprint(
        machine=machine.id,
        name=machine.name,
        driver=machine.driver,
        provision_state=machine.provision_state,
        power=str(machine.power),
        observed_power=str(machine.observed_power) if machine.observed_power else None,
        target_power=machine.target_power,
        macs=tuple(sorted(machine.macs)),
        disks=machine.disks,
        resource_class=machine.resource_class,
        maintenance=machine.maintenance,
        boot=tuple(sorted((boot or {}).items())),
    )


_BESIDE = frozenset({"digest", "host"})


def differences(before: dict[str, Any], after: dict[str, Any]) -> tuple[Difference, ...]:
    """What changed between two fingerprints in their JSON form, field by field, digests left out.

    Of a VM, that its host is another one is no change: it was moved while it ran. The number of its run is another host's count
    then, and tells nothing; a run that is told by its time, and what the guest says of its boot, still does."""
    beside = _BESIDE | ({"run"} if _recounted(before, after) else set())
    keys = sorted((before.keys() | after.keys()) - beside)
    return tuple(Difference(key, before.get(key), after.get(key)) for key in keys if before.get(key) != after.get(key))


def _recounted(before: dict[str, Any], after: dict[str, Any]) -> bool:
    moved = before.get("host") != after.get("host")
    return moved and all(str(one.get("run")).isdigit() for one in (before, after))
