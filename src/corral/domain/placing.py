"""Where a server that is created may go: the machines that nobody has and that have what its flavor asks for.

Rule: pure, and on the side of leaving alone. Only a machine that its source calls available, and that nobody claims, is capacity:
one that is active and unclaimed runs for somebody who never heard of us.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, replace

from corral.domain.deployability import deploy_reasons
from corral.domain.machine import Machine
from corral.domain.server import Flavor

_TRAIT = "trait:"
ZONE = "availability_zone"
"""The property of a machine that says in which zone it is."""


@dataclass(frozen=True, slots=True)
class Capacity:
    """`fits`: machines that will do, ordered by id. `others`: how many do not, by why."""

    fits: tuple[Machine, ...]
    others: Mapping[str, int]

    @property
    def told(self) -> str:
        """Why there are no more, in words."""
        counts = ", ".join(f"{count} {why}" for why, count in sorted(self.others.items()))
        return f"Of the machines that are available: {counts}." if counts else "No machine is available."


def capacity(
    machines: Iterable[Machine],
    flavor: Flavor,
    zone: str | None,
    networks: int,
    managed: Collection[str],
    tried: Collection[str] = (),
) -> Capacity:
    """Sort machines by whether a server of that flavor may have them, with so many networks. `managed`: ids of those that Corral
    has a server on."""
    fits, others = [], Counter[str]()
    for machine in machines:
        why = "tried already" if machine.id in tried else misfit(machine, flavor, zone, networks, machine.id in managed)
        if why:
            others[why] += 1
        else:
            fits.append(machine)
    return Capacity(tuple(sorted(fits, key=lambda one: one.id)), others)


def misfit(machine: Machine, flavor: Flavor, zone: str | None, networks: int, managed: bool) -> str:
    """Why a server of that flavor can't have this machine; empty when it can."""
    if managed or is_enrolled_here(machine.id):
        return "of another server of Corral's"
    if deploy_reasons(machine):
        return "not free"
    if not _sold(flavor).fits(machine.resource_class):
        return "of another resource class"
    if missing := sorted(wanted_traits(flavor) - set(machine.traits)):
        return f"without trait {', '.join(missing)}"
    if zone is not None and machine.properties.get(ZONE) != zone:
        return "in another availability zone"
    for key, value in sorted(flavor.resource_aggregates.items()):
        if str(machine.properties.get(key, "")).lower() != value.lower():
            return f"without {key}={value}"
    return "with too few free NICs" if len(open_macs(machine)) < networks else ""


def open_macs(machine: Machine) -> list[str]:
    """The MACs of NICs into which a network port can be plugged: free ones, of which none is part of a bond."""
    return [nic.mac for nic in machine.nics if nic.mac and not (nic.vif or nic.group or nic.bond)]


def wanted_traits(flavor: Flavor) -> set[str]:
    """The traits that a flavor requires: `trait:NAME` among its resources, as Nova's extra specs have it."""
    return {
        key[len(_TRAIT) :] for key, value in flavor.resources.items() if key.startswith(_TRAIT) and value == "required"
    }


def sold_class(flavor: Flavor) -> str | None:
    """The resource class that a flavor sells, as it is written there; None for one that sells none."""
    return next(iter(_sold(flavor).resources), None)


def is_enrolled_here(machine: str) -> bool:
    """Whether a machine's id is one that Corral chose, for a system that it composed: nobody else's capacity."""
    return len(machine) == 36 and machine[14] == "8"


def _sold(flavor: Flavor) -> Flavor:
    """The flavor with resource classes alone. A machine is one of its class: who asks for two gets none."""
    classes = {key: value for key, value in flavor.resources.items() if not key.startswith(_TRAIT)}
    return replace(flavor, resources=classes if set(classes.values()) <= {"1"} else {})
