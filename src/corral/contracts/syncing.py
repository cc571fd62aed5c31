"""What a source can tell of all its machines at little cost, and what it can be told.

All methods may raise Unreachable (nothing was sent or carried out), OutcomeUnknown (sent, answer lost) and DriverFailed (the
answer is a failure that fits nothing else), besides what they name. All are safe to call from several threads at once.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Protocol, runtime_checkable

from corral.domain.drift import Facts, Field, Value
from corral.domain.sync_cloud import Beside
from corral.domain.sync_pods import Composed
from corral.domain.vm import Vm


@dataclass(frozen=True, slots=True)
class Told:
    """What a source tells of one machine right now. A field that it does not tell, or that is just changing, is not in `facts`.

    `name`: what the source calls the machine. `free`: nobody has it, and it could be adopted; then `resource_class` is its class.
    `stamp`: another one when `facts` are others, "" where the facts themselves are to be held against each other. `vm`: of a VM,
    all of it. `beside`: what the cloud around it has of it, where somebody looked. `composed`: what its pod has of it. `problem`:
    set when its record could not be read; then nothing is known of it but that it is there."""

    machine: str
    name: str = ""
    facts: Facts = field(default_factory=dict)
    free: bool = False
    resource_class: str | None = None
    stamp: str = ""
    vm: Vm | None = None
    problem: str = ""
    beside: Beside | None = None
    composed: Composed | None = None


@runtime_checkable
class Tells(Protocol):
    """A source that can be asked for everything that is compared, of all machines, in a few calls. Reads only."""

    def told(self, *, free: bool) -> Iterator[Told]:
        """Every machine that somebody has, and with `free` also those that could be adopted: in pages, never one by one.

        Raises rather than end early: whoever is not told is taken to be missing."""

    def told_of(self, machine: str) -> Told:
        """One machine, asked now. Raises NotFound only when the source itself says that it does not exist."""


@runtime_checkable
class Sets(Protocol):
    """A source that can be told how a machine should be. Called under the purpose *sync* only."""

    def settable(self) -> frozenset[Field]:
        """The fields that it can be told."""

    def disturbance(self, what: Field, value: Value) -> str:
        """What telling it that would do to the machine: start, stop, reboot, migrate, resize, plug; "" for nothing."""

    def refusal(self, what: Field, value: Value) -> str:
        """Why it can't be told that value of a field that it can be told, for people; "" when it can. Asks nobody."""

    def set(self, machine: str, what: Field, value: Value) -> None:
        """Tell it; returns when the request was taken. Telling it again what it is already does nothing. A name of None takes the
        name away. Raises NotFound; Conflict while something else is done to the machine, and where the source shows something
        else than it was told; that is taken back then."""
