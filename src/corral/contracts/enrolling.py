"""Enrolling machines that Corral itself brought about at a source. Errors as in `contracts.sources`."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any, Protocol, runtime_checkable


@dataclass(frozen=True, slots=True)
class NodeDefaults:
    """What an operator adds to each node that is made of a pod's systems. `interfaces`: as `deploy_interface` → name.
    `driver`: another one than the pod names."""

    driver: str | None = None
    interfaces: Mapping[str, str] = field(default_factory=dict)
    driver_info: Mapping[str, str] = field(default_factory=dict)
    properties: Mapping[str, str] = field(default_factory=dict)


INTERFACES = frozenset(
    f"{one}_interface"
    for one in (
        "bios",
        "boot",
        "console",
        "deploy",
        "inspect",
        "management",
        "network",
        "power",
        "raid",
        "storage",
        "vendor",
    )
)
"""Those that an operator may choose."""


@dataclass(frozen=True, slots=True)
class NewMachine:
    """What is enrolled. `id`: a uuid that the caller chose, by which it is found again when an answer was lost; it is of version 8,
    which no source makes up itself. `owner`: the uuid of the server for which it is there, and `system` the pod's id of what it is
    made of: both are written into the source's record as the mark by which `remove` knows it. `driver_info` holds secrets."""

    id: str
    name: str
    owner: str
    system: str
    driver: str
    driver_info: Mapping[str, Any] = field(repr=False)
    properties: Mapping[str, Any] = field(default_factory=dict)
    resource_class: str | None = None
    macs: tuple[str, ...] = ()
    interfaces: Mapping[str, str] = field(default_factory=dict)


class EnrolState(StrEnum):
    """How far it is."""

    NEW = "new"
    UNDER_WAY = "under way"
    AVAILABLE = "available"
    FAILED = "failed"
    TAKEN = "taken"  # somebody claimed it, or uses it
    GONE = "gone"


@dataclass(frozen=True, slots=True)
class EnrolStatus:
    """How far it is, and that in the source's own words."""

    state: EnrolState
    detail: str = ""


@runtime_checkable
class Enrolls(Protocol):
    """A source to which machines can be added, and from which those that Corral added can be removed.

    No method changes a machine that does not bear the owner's mark, nor removes one that is claimed or deployed."""

    def enroll(self, machine: NewMachine) -> None:
        """Add the machine with its NICs. One that is there already, with the owner's mark, is completed: so a lost answer makes no
        second one. Raises Conflict when the id, the name or a MAC is another machine's; DriverFailed when the source refuses."""

    def provide(self, machine: str, owner: str) -> EnrolStatus:
        """Take the next step from enrolled to available, if one can be taken now: call it again while the answer is UNDER_WAY or
        NEW. Raises NotFound; Conflict for a machine without the owner's mark."""

    def remove(self, machine: str, owner: str) -> EnrolStatus:
        """Take the next step towards its removal: call it again until the answer is GONE, TAKEN or FAILED. TAKEN: somebody has
        claimed it, or something is deployed on it, or it is not the owner's, and nothing was touched. Idempotent."""
