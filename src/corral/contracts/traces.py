"""What a source shows of Corral's own doing, for the leak scanner. Errors as in `contracts.sources`."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Protocol, runtime_checkable

from corral.domain.traces import ClaimTrace, MachineTrace


@runtime_checkable
class Traces(Protocol):
    """A source that can list what bears Corral's mark, and take away what is left over."""

    def traces(self) -> Iterator[MachineTrace | ClaimTrace]:
        """Every machine with the marks that it bears, and every claim that the source keeps beside machines, whoever made it.
        Reads lists only, page by page: never a machine at a time."""

    def forsake(self, machine: str | None, owner: str) -> None:
        """Take away whatever of `owner` (a server that there is no record of) a machine bears; None: a claim that never got its
        machine. Never touches power, disks or ports. Idempotent; one that is gone is done. Looks first, and raises Conflict for a
        machine that somebody else owns by now, and for a claim that has a machine by now."""

    def end_maintenance(self, machine: str, owner: str) -> None:
        """End the maintenance in which Corral gives a machine of `owner` back. Any other stays. Idempotent."""
