"""What can be done with a single VM of a source of hosts, beside looking at all of them (`contracts.hosts`).

All methods may raise Unreachable (nothing was sent or carried out), OutcomeUnknown (sent, answer lost) and DriverFailed (the
answer is a failure that fits nothing else), besides what they name. All are safe to call from several threads at once, and make
calls that the border allows for the purpose under which they are called.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Protocol, runtime_checkable

from corral.contracts.sources import PowerTarget
from corral.domain.drift import Field, Value
from corral.domain.host import Host
from corral.domain.vm import Vm


@dataclass(frozen=True, slots=True)
class Where:
    """A VM by its durable id, and the id of the host that had it when it was last seen: that one is asked first."""

    vm: str
    host: str


@dataclass(frozen=True, slots=True)
class Mark:
    """What says at the hypervisor whose a VM is: the server's uuid, and its name for people who look there."""

    server: str
    name: str = ""


@runtime_checkable
class Vms(Protocol):
    """VMs that can be observed one by one, marked as a server's, and given back as they were. Never touches power, devices,
    names, or another system's marks."""

    def observe(self, where: Where) -> tuple[Host, Vm]:
        """The VM as it is now, asked of the hypervisor, with the host that has it: another one than `where` names when it moved.

        Raises NotFound when every host answered and none has it; Unreachable when one that may have it does not answer."""

    def observe_marked(self, where: Where) -> tuple[Host, Vm, Mark | None]:
        """As `observe`, with the mark that the VM bears, in as few calls as can be."""

    def mark(self, where: Where, mark: Mark) -> None:
        """Mark the VM, live and lasting, as that server's. Marking it again for the same server does nothing, but completes a mark
        that was left half-done. Raises Conflict when it bears the mark of another server; NotFound."""

    def unmark(self, where: Where, server: str) -> None:
        """Remove that server's mark and leave everything else as it is. Idempotent: does nothing to a VM that bears none or
        another's, and nothing to one that is gone."""

    def marked(self, where: Where) -> Mark | None:
        """The mark that the VM bears. Raises NotFound."""

    def marks(self) -> Iterator[tuple[Where, Mark]]:
        """Every mark at every host that answers, in few calls: for finding those that nobody's record explains."""


@runtime_checkable
class SwitchesVms(Protocol):
    """VMs that can be switched. Called only because a person, or a rule that says so by name, asked for it."""

    def switch(self, where: Where, target: PowerTarget) -> None:
        """Ask for a power change; returns when the hypervisor has taken the request. A VM that is as wanted already is left
        alone. Raises NotFound; Conflict while something else is done to it."""


@runtime_checkable
class DescribesVms(Protocol):
    """VMs that can be called something, and of which something can be said: only for people, nothing runs otherwise for it. Called
    under the purpose *sync* only. What other systems and people wrote beside it stays."""

    def describable(self) -> frozenset[Field]:
        """Which of name, notes, metadata and tags this hypervisor has a place for. Asks nobody."""

    def refusal(self, what: Field, value: Value) -> str:
        """Why this hypervisor can't have that value, for people; "" when it can. Asks nobody."""

    def describe(self, where: Where, what: Field, value: Value) -> None:
        """Say it, live and lasting: a name or notes as a text, metadata as sorted texts `key=value`, tags as sorted texts; None for
        none. It is told so by the next look, in the normal form of `domain.descriptions`. Saying it again does nothing.

        Raises NotFound; NotSupported for what `refusal` names; Conflict while something else is done to the VM, and where what is
        there could not be put back."""


@dataclass(frozen=True, slots=True)
class Console:
    """A way to a VM's screen or serial line. `kind`: vnc, spice, serial, or mks. `url`: what a person's client opens; it may
    hold a ticket that works once, so it is shown and never stored. `note`: how a person comes to it, where the url by itself does
    not say so (a screen that only its own host may open)."""

    kind: str
    url: str
    note: str = ""


@runtime_checkable
class OpensConsoles(Protocol):
    """VMs whose consoles can be reached."""

    def consoles(self, where: Where) -> tuple[Console, ...]:
        """The consoles that the VM has while it runs; none for one that has none. Raises NotFound; Conflict while it is off."""
