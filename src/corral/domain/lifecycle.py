"""The life of a server: one table, read by the code, the tests and the diagram in docs/reference/states.md.

Rule: `status` changes through `after`, never by assignment. A new state is a row here, and the tests walk the table.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum

from corral.domain.errors import Conflict


class Status(StrEnum):
    """A server's status; the values are Mogan's words, with `managing`, `unmanaging` and `lost` of our own."""

    BUILDING = "building"
    MANAGING = "managing"
    ACTIVE = "active"
    STOPPED = "stopped"
    POWERING_ON = "powering-on"
    POWERING_OFF = "powering-off"
    SOFT_POWERING_OFF = "soft-powering-off"
    REBOOTING = "rebooting"
    SOFT_REBOOTING = "soft-rebooting"
    UNMANAGING = "unmanaging"
    DELETING = "deleting"
    ERROR = "error"
    LOST = "lost"
    DELETED = "deleted"


class Event(StrEnum):
    """What can happen to a server."""

    BUILT_ON = "deployed, machine is on"
    BUILT_OFF = "deployed, machine is off"
    BUILD_FAILED = "create failed and was reverted"
    MANAGED_ON = "managed, found running"
    MANAGED_OFF = "managed, found switched off"
    MANAGE_FAILED = "manage failed and was reverted"
    POWER_ON = "power on asked"
    POWER_OFF = "power off asked"
    SOFT_POWER_OFF = "soft power off asked"
    REBOOT = "reboot asked"
    SOFT_REBOOT = "soft reboot asked"
    IS_ON = "machine is on"
    IS_OFF = "machine is off"
    POWER_FAILED = "power change failed"
    UNMANAGE = "unmanage asked"
    UNMANAGE_FAILED_ON = "unmanage reverted, machine is on"
    UNMANAGE_FAILED_OFF = "unmanage reverted, machine is off"
    UNMANAGED = "unmanaged"
    DELETE = "delete asked"
    GONE = "torn down and given back"
    DELETE_FAILED = "delete stopped half-way"
    SEEN_ON = "found running"
    SEEN_OFF = "found switched off"
    VANISHED = "no longer at its source"


OBSERVED = frozenset({Event.SEEN_ON, Event.SEEN_OFF, Event.VANISHED})
"""What a look at the source finds: nobody can ask for it."""


@dataclass(frozen=True, slots=True)
class Transition:
    """One row: in `source`, `event` leads to `target`."""

    source: Status
    event: Event
    target: Status


STABLE = frozenset({Status.ACTIVE, Status.STOPPED, Status.ERROR, Status.LOST, Status.DELETED})
"""States that last until somebody acts. Every other one has a flow that moves it on."""


def _rows(sources: Iterable[Status], event: Event, target: Status) -> tuple[Transition, ...]:
    return tuple(Transition(source, event, target) for source in sources)


_POWERING = (
    Status.POWERING_ON,
    Status.POWERING_OFF,
    Status.SOFT_POWERING_OFF,
    Status.REBOOTING,
    Status.SOFT_REBOOTING,
)

TABLE: tuple[Transition, ...] = (
    # Adoption records what it finds: it never starts or stops anything.
    *_rows([Status.MANAGING], Event.MANAGED_ON, Status.ACTIVE),
    *_rows([Status.MANAGING], Event.MANAGED_OFF, Status.STOPPED),
    # A failed adoption leaves no server behind: the machine is wholly untouched, and so is the record.
    *_rows([Status.MANAGING], Event.MANAGE_FAILED, Status.DELETED),
    # A created server whose machine was given back stays, in error, and says why: whoever asked for it deletes it.
    *_rows([Status.BUILDING], Event.BUILT_ON, Status.ACTIVE),
    *_rows([Status.BUILDING], Event.BUILT_OFF, Status.STOPPED),
    *_rows([Status.BUILDING], Event.BUILD_FAILED, Status.ERROR),
    # Power may also be asked for in error: switching a machine is how one gets out of it.
    *_rows([Status.STOPPED, Status.ERROR], Event.POWER_ON, Status.POWERING_ON),
    *_rows([Status.ACTIVE, Status.ERROR], Event.POWER_OFF, Status.POWERING_OFF),
    *_rows([Status.ACTIVE], Event.SOFT_POWER_OFF, Status.SOFT_POWERING_OFF),
    *_rows([Status.ACTIVE, Status.ERROR], Event.REBOOT, Status.REBOOTING),
    *_rows([Status.ACTIVE], Event.SOFT_REBOOT, Status.SOFT_REBOOTING),
    *_rows(_POWERING, Event.IS_ON, Status.ACTIVE),
    *_rows(_POWERING, Event.IS_OFF, Status.STOPPED),
    *_rows(_POWERING, Event.POWER_FAILED, Status.ERROR),
    # Letting go is always possible from rest, whatever state the machine is in.
    *_rows([Status.ACTIVE, Status.STOPPED, Status.ERROR, Status.LOST], Event.UNMANAGE, Status.UNMANAGING),
    *_rows([Status.UNMANAGING], Event.UNMANAGED, Status.DELETED),
    *_rows([Status.UNMANAGING], Event.UNMANAGE_FAILED_ON, Status.ACTIVE),
    *_rows([Status.UNMANAGING], Event.UNMANAGE_FAILED_OFF, Status.STOPPED),
    # What is torn down can't be brought back: a delete that stops half-way can only be asked for again.
    *_rows([Status.ACTIVE, Status.STOPPED, Status.ERROR, Status.LOST], Event.DELETE, Status.DELETING),
    *_rows([Status.DELETING], Event.GONE, Status.DELETED),
    *_rows([Status.DELETING], Event.DELETE_FAILED, Status.ERROR),
    # What a look at the source finds is written down, and nothing is switched. A machine that is not there any more is lost, until
    # it is back or somebody confirms that it is gone: it is never deleted by a look.
    *_rows([Status.STOPPED, Status.LOST], Event.SEEN_ON, Status.ACTIVE),
    *_rows([Status.ACTIVE, Status.LOST], Event.SEEN_OFF, Status.STOPPED),
    *_rows([Status.ACTIVE, Status.STOPPED, Status.ERROR], Event.VANISHED, Status.LOST),
)

_NEXT: dict[tuple[Status, Event], Status] = {(row.source, row.event): row.target for row in TABLE}


def after(status: Status, event: Event) -> Status:
    """The status that `event` leads to. Raises Conflict, naming what is possible, where the table has no such row."""
    try:
        return _NEXT[status, event]
    except KeyError:
        possible = ", ".join(sorted({str(e) for s, e in _NEXT if s is status and e not in OBSERVED})) or "nothing"
        raise Conflict(
            f"A server that is {status} can't take {event!s}.",
            fix=f"Possible now: {possible}. Wait for a running operation to end, then try again.",
        ) from None


def diagram() -> str:
    """The table as a Mermaid state diagram."""
    names = [f"    {status.name}: {status}" for status in Status]
    rows = [f"    {row.source.name} --> {row.target.name}: {row.event}" for row in TABLE]
    begin = ["    [*] --> MANAGING: manage accepted", "    [*] --> BUILDING: create accepted"]
    return "\n".join(["stateDiagram-v2", *names, *begin, *rows, "    DELETED --> [*]"])
