"""Capabilities of a pod: a place of disaggregated hardware. Errors as in `contracts.sources`."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Protocol, runtime_checkable

from corral.domain.blocks import ComposedSystem, Pool, Wanted
from corral.domain.sync_pods import Assemblies


@dataclass(frozen=True, slots=True)
class Enrolment:
    """What a provisioning service needs to manage a composed system, in Ironic's words. `driver_info` holds no secrets: whoever
    enrols adds `secrets` to it in what it sends, and nowhere else. They are read anew each time from the settings that the pod was
    opened with, and are never stored, logged or shown."""

    driver: str
    driver_info: Mapping[str, Any]
    secrets: Mapping[str, str] = field(default_factory=dict, repr=False, compare=False)


@runtime_checkable
class Pools(Protocol):
    """A pod whose blocks can be looked at. Reads only."""

    def pool(self) -> Pool:
        """Every block and zone. A block that can't be read comes with `problem` set. Raises Unreachable, DriverFailed."""

    def systems(self) -> Sequence[ComposedSystem]:
        """Every system of the pod, composed or not."""

    def system(self, system: str) -> ComposedSystem:
        """One system by its id. Raises NotFound."""

    def named(self, name: str) -> Sequence[ComposedSystem]:
        """The systems that bear this name: one after an answer that was lost, none when nothing was done. Two when a pod that
        cannot keep names apart was asked twice."""


@runtime_checkable
class Composes(Protocol):
    """A pod that composes systems of blocks, and takes them apart again.

    A pod may lie about success, let two systems have one block, or act after it did not answer: so `compose` believes what it reads
    back, and nothing else."""

    def compose(self, name: str, wanted: Wanted, blocks: Sequence[str]) -> ComposedSystem:
        """Compose a system called `name`, unique for each attempt, of exactly these blocks; of blocks that the pod chooses when
        there are none and it can choose. Returns it as it was read back: every block composed and linked to it alone (or shared
        within its limit). `name` is looked for before anything is sent: asking again for the same name gives the same system.

        Raises Conflict when a block was taken by somebody else meanwhile, after our system was released again; Refused when the
        pod can't make it of these blocks; OutcomeUnknown when neither the answer nor a look tells what was done."""

    def release(self, system: str, name: str) -> None:
        """Take a composed system apart: its blocks go back to the pool. Only one that still bears `name`: another one is somebody
        else's by now, and stays. One that is gone is done. Raises DriverFailed when it is still there afterwards."""

    def enrolment(self, system: ComposedSystem) -> Enrolment:
        """How a provisioning service reaches the system. Raises NotSupported where the pod does not say."""


@runtime_checkable
class TellsAssemblies(Protocol):
    """A pod that can be asked, in a few calls, what it has of many systems. Reads only."""

    def assemblies(self, claimed: Mapping[str, Collection[str]]) -> Assemblies:
        """What there is of these systems now, and who has these blocks. `claimed`: by system, the blocks that it should have.

        Many are read by one list; one that the list lacks is asked for by itself before it is gone. Raises Unreachable,
        DriverFailed and NotSupported when nothing can be said of any of them."""
