"""The judgement: may this machine's disks be erased? All reasons at once.

Rule: pure, and on the side of leaving alone. Only a machine that nobody has, and that its source says is available, is free.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from corral.domain.machine import Machine
from corral.domain.reasons import Reason, reason

AVAILABLE = "available"
MASK = "******"
"""What a source shows in place of a secret."""


def deploy_reasons(machine: Machine, server: str | None = None) -> tuple[Reason, ...]:
    """Why `machine` can't be deployed. `server`: the one that Corral manages it as."""
    if machine.problem:
        return (reason("unreadable", problem=machine.problem),)
    return (*_use(machine, server), *_marks(machine), *_hidden(machine))


def _use(machine: Machine, server: str | None) -> Iterator[Reason]:
    if server:
        yield reason("already-managed", server=server)
    if machine.provision_state != AVAILABLE:
        yield reason("not-available", state=machine.provision_state)
    holder = machine.claimed_by or machine.allocation
    if holder and holder != server:
        yield reason("claimed", instance=holder)


def _marks(machine: Machine) -> Iterator[Reason]:
    node = machine.label
    if machine.maintenance:
        yield reason("maintenance", because=_because(machine.maintenance_reason), node=node)
    if machine.retired:
        yield reason("retired", because=_because(machine.retired_reason), node=node)
    if machine.protected:
        yield reason("protected", because=_because(machine.protected_reason))
    if machine.reserved_by:
        yield reason("busy", holder=machine.reserved_by)
    if machine.fault:
        yield reason("fault", fault=machine.fault, node=node)
    if machine.target_power and machine.target_power != machine.power:
        yield reason("power-changing", target=machine.target_power)


def _hidden(machine: Machine) -> Iterator[Reason]:
    # Whoever undeploys another one empties its instance_info.
    if machine.provision_state != AVAILABLE:
        return
    if keys := [key for key, value in machine.instance_info.items() if _masked(value)]:
        yield reason("not-restorable", keys=", ".join(sorted(keys)), node=machine.label)


def _masked(value: Any) -> bool:
    if isinstance(value, Mapping):
        return any(map(_masked, value.values()))
    if isinstance(value, list):
        return any(map(_masked, value))
    return bool(value == MASK)


def _because(text: str | None) -> str:
    return f" ({text})" if text else ""
