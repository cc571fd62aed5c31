"""What must come of each kind of change, under each word of the policy, at each driver: data, and nothing else.

A row is a kind of change at one field of a machine. For each word of the policy it says what the record, the world and the queue
are afterwards, as one of the outcomes below. Where a driver can't have the change, the row says why.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

IRONIC, LIBVIRT, VSPHERE = DRIVERS = ("ironic", "libvirt", "vsphere")

# --- what the policy says ---------------------------------------------------------------------------------

_RECORD = {"policy": "sync", "wins": "record"}
_COUNTS = dict.fromkeys(("power", "host", "cpu", "memory", "volumes"), _RECORD)
_DISTURBING = ["start", "stop", "reboot", "migrate", "resize"]

PHASES: Mapping[str, Mapping[str, Any]] = {
    "none": {"policy": "none"},
    "tolerate": {"policy": "tolerate"},
    "sync": {"policy": "sync"},
    # The record counts for what disturbs a machine: without a rule that allows it by name, and with one.
    "strict": {"policy": "tolerate", "fields": _COUNTS, "allow": []},
    "allowed": {"policy": "tolerate", "fields": _COUNTS, "allow": _DISTURBING},
}
"""What is said of servers whose names begin with the word."""
WAITING, CAUTIOUS, BELIEVING = 3600.0, 20.0, 0.0
"""Seconds for which a difference must last: while changes are made none is believed, however long that takes; then all are."""


def policy(**more: Any) -> dict[str, Any]:
    """What is said of the source: nothing is believed yet, and as much as there is may change at once."""
    rules = [{"name": f"{phase}-*", **said} for phase, said in PHASES.items()]
    quick = {"settle": WAITING, "looks": 2, "gone_looks": 2, "poll": {"every": 3600, "at_most": 3600}}
    return {"policy": "none", "servers": rules, "brake": {"least": 10_000}, **quick, **more}


def adopted_by_rule(name: str, **more: Any) -> dict[str, Any]:
    """What is said of new machines: those of that name are adopted, others are told. `more`: of the rule."""
    return {"adopt": [{"name": name, "project": "bank", **more}]}


# --- what comes of it -------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Outcome:
    """What is there in the end. `record`: as it was right after the change (`kept`), as the `world` is, or `lost`. `world`: as it
    was changed (`kept`), or as the `record` is. `queue`: the drift's state, "" for none. `acts`: what the audit trail has in the
    name of the policy."""

    record: str = "kept"
    world: str = "kept"
    queue: str = ""
    acts: frozenset[str] = frozenset()


NOTHING = Outcome()
REPORTED = Outcome(queue="open")
ASKED = Outcome(queue="conflict")
TAKEN = Outcome(record="world", acts=frozenset({"sync:take"}))
NOTICED = Outcome(acts=frozenset({"sync:take"}))
"""The record has no place for it: what the world says becomes what is agreed."""
CORRECTED = Outcome(world="record", acts=frozenset({"sync:correct"}))
LOST = Outcome(record="lost", queue="open", acts=frozenset({"sync:lost"}))
RETURNED = Outcome(acts=frozenset({"sync:lost", "sync:returned"}))
ADOPTED = Outcome(record="world", acts=frozenset({"server:manage"}))
"""Both sides of `new` are whether there is the machine: its server, and itself."""

Outcomes = dict[str, Outcome]


def _by(none: Outcome, tolerate: Outcome, sync: Outcome, **more: Outcome) -> Outcomes:
    return {"none": none, "tolerate": tolerate, "sync": sync, **more}


FOLLOWED = _by(REPORTED, TAKEN, TAKEN)
WITH_RULES = _by(REPORTED, TAKEN, TAKEN, strict=ASKED, allowed=CORRECTED)
"""Power: nothing is switched but where a rule names what is done."""
NEVER_TOLD = _by(REPORTED, TAKEN, TAKEN, strict=REPORTED, allowed=REPORTED)
"""Nobody migrates or resizes, whatever is allowed: no driver can."""
UNRECORDED = _by(REPORTED, NOTICED, NOTICED, strict=REPORTED, allowed=REPORTED)
"""What a node's record has no place for."""
DOUBTED = _by(REPORTED, ASKED, ASKED)
BY_SYNC = _by(REPORTED, REPORTED, CORRECTED)
FILLED = _by(NOTHING, NOTHING, CORRECTED)
"""What a source need not have is told where the policy would fill it in, and is no difference elsewhere."""
UNTOLD = _by(NOTHING, NOTHING, NOTHING)
AGREED = _by(REPORTED, NOTICED, NOTICED)

# --- the rows ---------------------------------------------------------------------------------------------


@dataclass(frozen=True, eq=False)
class Row:
    """A kind of change. `machine`: at which one of each phase it is made; rows of one machine happen to it at once. `inside`: what
    is first done with Corral; `outside`: what is then done with the peer's own client; `later`: what is done there once all of
    that is settled. `absent`: by driver, why there is no such change; `other`: by driver, what else comes of it."""

    field: str
    machine: str
    outcomes: Outcomes
    outside: str = ""
    inside: str = ""
    later: str = ""
    absent: Mapping[str, str] = field(default_factory=dict)
    other: Mapping[str, Outcomes] = field(default_factory=dict)

    @property
    def change(self) -> str:
        """Its name."""
        return ", then ".join(part for part in (self.inside, self.outside, self.later) if part)

    def at(self, driver: str) -> Outcomes:
        """What comes of it there; nothing where there is no such change."""
        return {} if driver in self.absent else self.other.get(driver, self.outcomes)


def _only(*drivers: str, why: str) -> Mapping[str, str]:
    return {one: why for one in DRIVERS if one not in drivers}


_OF_IRONIC = "A VM has none of it: it is a word of Ironic's, or of a cloud that these hypervisors are not in."
_NO_ADDRESS = {
    LIBVIRT: "A guest without an agent tells no address.",
    VSPHERE: "The simulator's VMs have no tools that tell addresses.",
}
_STAYS_LISTED = "The simulator moves a VM and leaves it in its former host's list: a look at either host misses it."
_NO_ARRAY = "Only libvirt's guests have disks that are volumes of the lab's Cinder; a node has none of its own there."
_NO_METADATA = {VSPHERE: "A vCenter has no place for pairs of a VM but its custom attributes, which are its tags."}
ELSEWHERE = {
    "composition": "Of servers that were composed: tests of pods.",
}
"""Fields that other tests are about."""

NEWCOMER, RECORDED = "newcomer", "recorded"
"""What is not there in the beginning; and what Cinder and Neutron know of."""

ROWS = (
    Row("power", "stopped", WITH_RULES, outside="stop"),
    Row("power", "led", UNTOLD, inside="stop with Corral"),
    # Before it is started again: libvirt renames only what is off.
    Row("name", "fought over", DOUBTED, inside="rename with Corral", outside="rename"),
    # Its own act was carried out and seen: who switches it on after that has changed the world, and Corral did not.
    Row("power", "fought over", FOLLOWED, inside="stop with Corral", outside="start"),
    Row("name", "led", BY_SYNC, inside="rename with Corral"),
    Row("name", "reshaped", FOLLOWED | {"strict": TAKEN, "allowed": TAKEN}, outside="rename"),
    Row("cpu", "reshaped", NEVER_TOLD, outside="add a CPU", other={IRONIC: UNRECORDED}),
    Row("memory", "reshaped", NEVER_TOLD, outside="add memory", other={IRONIC: UNRECORDED}),
    Row("disks", "reshaped", FOLLOWED | {"strict": TAKEN, "allowed": TAKEN}, outside="add a disk",
        other={IRONIC: UNRECORDED | {"strict": NOTICED, "allowed": NOTICED}}),
    Row("nics", "reshaped", FOLLOWED | {"strict": TAKEN, "allowed": TAKEN}, outside="remove a NIC"),
    # It was off: its shape is changed first.
    Row("power", "reshaped", WITH_RULES, outside="start"),
    Row("nics", "plugged", FOLLOWED, outside="add a NIC"),
    Row("nics", "swapped", DOUBTED, outside="replace all NICs"),
    # Of a machine that may be another one nothing else is believed.
    Row("cpu", "swapped", UNTOLD, outside="add a CPU"),
    Row("host", "moved", NEVER_TOLD, outside="migrate",
        absent={IRONIC: "A node stays where it is: Ironic tells no host.", VSPHERE: _STAYS_LISTED}),
    Row("ports", "plugged", FOLLOWED, outside="unplug its port", absent=_only(IRONIC, why=_OF_IRONIC)),
    Row("ports", "reshaped", FOLLOWED | {"strict": TAKEN, "allowed": TAKEN}, outside="plug in a port",
        absent=_only(IRONIC, why=_OF_IRONIC)),
    # Both are records of what a VM has: it is told nothing, and keeps its life.
    Row("ports", RECORDED, FOLLOWED | {"strict": TAKEN}, outside="delete its port", absent=_only(LIBVIRT, why=_NO_ARRAY)),
    Row("volumes", RECORDED, FOLLOWED | {"strict": CORRECTED}, outside="detach its volume",
        absent=_only(LIBVIRT, why=_NO_ARRAY)),
    Row("flavor", "", {}, outside="change its class",
        absent={IRONIC: "Ironic refuses another class while a node is in use.", **_only(IRONIC, why=_OF_IRONIC)}),
    Row("image", "reshaped", FOLLOWED | {"strict": TAKEN, "allowed": TAKEN}, outside="change its image",
        absent=_only(IRONIC, why=_OF_IRONIC)),
    Row("owner", "disowned", DOUBTED, outside="give it to another",
        absent=_only(IRONIC, why="A VM's owner is a mark, which is not compared: the leak scan looks for marks.")),
    Row("addresses", "led", FOLLOWED, outside="give its port another address", absent=_NO_ADDRESS),
    Row("wiring", "led", AGREED, outside="switch its port off",
        absent=_only(IRONIC, why="What Neutron has of a VM's NICs are its ports; where they are plugged in, hypervisors say.")),
    Row("notes", "plugged", FOLLOWED, outside="write notes"),
    Row("notes", "led", FILLED, inside="write notes with Corral"),
    Row("tags", "plugged", FOLLOWED, outside="tag"),
    Row("tags", "led", FILLED, inside="tag with Corral"),
    Row("metadata", "plugged", FOLLOWED, outside="label", absent=_NO_METADATA),
    Row("metadata", "led", FILLED, inside="label with Corral", absent=_NO_METADATA),
    Row("gone", "lost", _by(REPORTED, LOST, LOST), outside="remove"),
    Row("gone", "back", _by(NOTHING, RETURNED, RETURNED), outside="remove", later="bring back"),
    # It has no server whose name a phase could be told by, but is called so: one rule adopts those of `sync`.
    Row("new", NEWCOMER, _by(REPORTED, REPORTED, ADOPTED), outside="appear"),
)  # fmt: skip
"""A power has two values: of two sides that differ one is always as it was agreed, so it has no row for a change on both sides."""


@dataclass(frozen=True)
class Cell:
    """One row in one phase."""

    phase: str
    row: Row
    outcome: Outcome

    @property
    def machine(self) -> str:
        """The machine's name, which is the server's in the beginning."""
        return machine(self.phase, self.row)

    def __str__(self) -> str:
        return f"{self.machine}: {self.row.change} ({self.row.field})"


def machine(phase: str, row: Row) -> str:
    """The name of the row's machine of that phase."""
    return f"{phase}-{row.machine.replace(' ', '-')}"


def cells(driver: str) -> list[Cell]:
    """All there are at a driver."""
    return [Cell(phase, row, outcome) for row in ROWS for phase, outcome in row.at(driver).items()]


def machines(driver: str) -> list[str]:
    """All machines that are needed for that."""
    return sorted({cell.machine for cell in cells(driver)})


def absences(driver: str) -> Mapping[str, str]:
    """The fields that nothing can happen to at a driver, and why."""
    there = {row.field for row in ROWS if row.at(driver)}
    return {row.field: row.absent[driver] for row in ROWS if row.field not in there and driver in row.absent}
