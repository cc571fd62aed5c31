"""The kinds of leaks, and how each is told.

Rule: a kind that `mends` is repaired by Corral itself, when it is certainly its own. The values of `Kind` are stable: scripts go
by them, and docs/reference/leaks.md is generated from here.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from enum import StrEnum
from types import MappingProxyType

from corral.domain.traces import Ours, installation_of

Words = Mapping[str, str | None]


class Kind(StrEnum):
    """What can be wrong. The values are stable."""

    CLAIM = "claim-without-server"
    ALLOCATION = "allocation-without-server"
    PORT_MADE = "port-without-server"
    PORT_HELD = "port-held-without-server"
    MARK = "mark-left"
    MISPLACED = "claim-misplaced"
    MAINTENANCE = "maintenance-left"
    MACHINE_GONE = "machine-gone"
    MACHINE_TAKEN = "machine-taken"
    MACHINE_UNCLAIMED = "machine-not-claimed"
    UNPROTECTED = "machine-not-protected"
    NOT_BACKED = "claim-not-backed"
    PORT_GONE = "server-port-gone"
    PORT_TAKEN = "server-port-taken"
    PORT_UNPLUGGED = "server-port-unplugged"
    PORT_UNKNOWN = "port-not-recorded"
    SYSTEM = "system-without-server"
    ATTEMPT = "composing-left"
    SYSTEM_GONE = "server-system-gone"
    VM_MARK = "vm-mark-without-server"
    VM_MARK_ELSEWHERE = "vm-mark-misplaced"
    VM_UNMARKED = "vm-not-marked"
    CLOUD_VOLUME = "volume-without-record"
    CLOUD_PORT = "vm-port-without-record"
    CLOUD_COPY = "record-mark-copied"
    RECORD_GONE = "cloud-record-gone"
    RECORD_CHANGED = "cloud-record-changed"
    SOURCE_GONE = "source-not-configured"
    STUCK = "server-stuck"
    UNATTENDED = "operation-unattended"
    HALF_APPLIED = "plan-half-applied"
    HELD = "hold-left"


@dataclass(frozen=True, slots=True)
class Telling:
    """How a kind is told. `mends`: Corral can repair it, when it is certainly its own. `fix` is what it does, or what a person
    should."""

    what: str
    fix: str
    mends: bool = False


CATALOGUE: Mapping[Kind, Telling] = {
    Kind.CLAIM: Telling(
        "Machine {subject} is {how} for server {owner}, of which there is no record.",
        "Takes claim, protection and maintenance of that server away. Power, disks and ports stay as they are.",
        mends=True,
    ),
    Kind.ALLOCATION: Telling(
        "Allocation {subject} has no machine, and there is no such server.", "Deletes the allocation.", mends=True
    ),
    Kind.PORT_MADE: Telling(
        "Network port {subject} was made for server {owner}, of which there is no record.",
        "Unplugs the port where it is plugged in, and deletes it.",
        mends=True,
    ),
    Kind.PORT_HELD: Telling(
        "Network port {subject} is held for server {owner}, of which there is no record.",
        "Clears device_id and device_owner of the port. It stays plugged in where it is.",
        mends=True,
    ),
    Kind.MARK: Telling(
        "Machine {subject} of {other} is {how} for server {owner}, of which there is no record.",
        "Nothing is taken from a machine that has an owner: `openstack baremetal node set --protected-reason '…' {subject}`, or "
        "`openstack baremetal node maintenance unset {subject}`, after asking them.",
    ),
    Kind.MISPLACED: Telling(
        "Machine {subject} is {how} for server {owner}, whose machine is another one.",
        "Find out who wrote that into the machine's record at the source, and take it away there.",
    ),
    Kind.MAINTENANCE: Telling(
        "Machine {subject} of server {owner} is in the maintenance in which Corral gives a machine back, and nobody does.",
        "Ends that maintenance. The machine stays the server's.",
        mends=True,
    ),
    Kind.MACHINE_GONE: Telling(
        "Server {owner} has machine {subject}, which the source does not list.",
        "If it is gone for good, `corral server unmanage {owner}`; else look at the source's login and scope.",
    ),
    Kind.MACHINE_TAKEN: Telling(
        "Machine {subject} of server {owner} is claimed by {other}.",
        "Find out who took it. If it is theirs now, `corral server unmanage {owner}`: nothing of theirs is touched.",
    ),
    Kind.MACHINE_UNCLAIMED: Telling(
        "Machine {subject} of server {owner} is claimed by nobody at the source.",
        "`openstack baremetal node set --instance-uuid {owner} {subject}`, then "
        "`openstack baremetal allocation create --uuid {owner} --node {subject}`; or `corral server unmanage {owner}`.",
    ),
    Kind.UNPROTECTED: Telling(
        "Machine {subject} of server {owner} is not protected: it can be torn down.",
        "`openstack baremetal node set --protected --protected-reason 'Managed by Corral as server {owner}' {subject}`.",
    ),
    Kind.NOT_BACKED: Telling(
        "Server {owner} has no allocation for machine {subject}: any client may take the claim away.",
        "`openstack baremetal allocation create --uuid {owner} --node {subject}`, after deleting one that is in error.",
    ),
    Kind.PORT_GONE: Telling(
        "Network port {subject} of server {owner} does not exist any more.",
        "Find out who deleted it. `corral server unmanage {owner}`, then adopt the machine with the ports that it has.",
    ),
    Kind.PORT_TAKEN: Telling(
        "Network port {subject} of server {owner} belongs to device {other}.",
        "If nobody uses it there: `openstack port set --device {owner} --device-owner baremetal:corral {subject}`.",
    ),
    Kind.PORT_UNPLUGGED: Telling(
        "Network port {subject} of server {owner} is not plugged into machine {machine} any more.",
        "`openstack baremetal node vif attach {machine} {subject}` if it should be.",
    ),
    Kind.PORT_UNKNOWN: Telling(
        "Network port {subject} is server {owner}'s at the source, and not in its record.",
        "If nothing uses it, delete it: `openstack port delete {subject}`.",
    ),
    Kind.SYSTEM: Telling(
        "System {subject} of the pod was composed for server {owner}, whose record does not have it.",
        "If no node uses it any more (`openstack baremetal node list --driver redfish`), delete the system at the pod.",
    ),
    Kind.ATTEMPT: Telling(
        "Blocks are claimed for {subject}, composed for server {owner}: the pod has no such system, and nobody composes it.",
        "Lets the blocks go: they can be composed again.",
        mends=True,
    ),
    Kind.SYSTEM_GONE: Telling(
        "Server {owner} was composed as system {subject}, which the pod does not list.",
        "Look at the pod. If the system is gone for good, delete the server.",
    ),
    Kind.VM_MARK: Telling(
        "VM {subject} bears the mark of server {owner}, of which there is no record.",
        "Removes the mark. Power, disks, NICs and all else that is written with it stay as they are.",
        mends=True,
    ),
    Kind.VM_MARK_ELSEWHERE: Telling(
        "VM {subject} bears the mark of server {owner}, whose VM is another one: it was copied with what is written with it.",
        "Removes the mark of this VM. The server and its own VM stay as they are.",
        mends=True,
    ),
    Kind.VM_UNMARKED: Telling(
        "VM {subject} of server {owner} does not bear the mark that it was given.",
        "Find out who removed it. To have it marked again, `corral server unmanage {owner}` and adopt the VM anew.",
    ),
    Kind.CLOUD_VOLUME: Telling(
        "Volume {subject} in Cinder bears the mark of record {record}, which does not exist.",
        "Has Cinder forget the volume, which stays where it is with all that is on it. To keep it in Cinder instead: "
        "`openstack volume unset --property corral:record {subject}`.",
        mends=True,
    ),
    Kind.CLOUD_PORT: Telling(
        "Port {subject} in Neutron, of VM {machine}, bears the mark of record {record}, which does not exist.",
        "Deletes the port, which is bound nowhere. To keep it instead: `openstack port set --description '' {subject}`.",
        mends=True,
    ),
    Kind.CLOUD_COPY: Telling(
        "{how} {subject} bears the mark of record {record}, which is of {other}.",
        "It was copied with its mark. `openstack volume unset --property corral:record {subject}`, or `openstack port set "
        "--description '' {subject}`.",
    ),
    Kind.RECORD_GONE: Telling(
        "{how} {other}, recorded for {part} of VM {machine}, does not exist in cloud {cloud} any more.",
        "Forgets record {subject}: what it was about can be recorded again.",
        mends=True,
    ),
    Kind.RECORD_CHANGED: Telling(
        "{how} {other} was recorded for {part} of VM {machine}, and is {now}.",
        "Find out who changed it. `corral cloud records --vm {machine}` has the record; `corral cloud {word}s --revert` takes it "
        "back, once nobody else uses it.",
    ),
    Kind.SOURCE_GONE: Telling(
        "Server {owner} is on source {source}, which is not configured.", "Add the source to the settings again."
    ),
    Kind.STUCK: Telling(
        "Server {owner} is {how}, and no operation moves it on.",
        "Forgets a server whose adoption never ended; brings any other back to rest, as its machine's power is.",
        mends=True,
    ),
    Kind.UNATTENDED: Telling(
        "Operation {subject} ({how}) is unfinished, and nobody has worked on it for long.",
        "See that a worker runs (`corral worker`) and what its log says; or `corral operation cancel {subject}`.",
    ),
    Kind.HALF_APPLIED: Telling(
        "Plan {subject} was being applied, not all its machines were tried, and nobody goes on with it.",
        "Calls it over, with the operations that it started; a plan that started none can be applied again.",
        mends=True,
    ),
    Kind.HELD: Telling(
        "{how} {subject} is held by operation {other}, which is over.",
        "Lets it go: it can be changed again.",
        mends=True,
    ),
}

_BY_SERVER_ID = frozenset(
    {Kind.CLAIM, Kind.MARK, Kind.ALLOCATION, Kind.PORT_MADE, Kind.PORT_HELD, Kind.SYSTEM, Kind.VM_MARK}
)
_BY_RECORD_ID = frozenset({Kind.CLOUD_VOLUME, Kind.CLOUD_PORT})
"""Those that only the uuid in a mark connects with Corral, a server's or a record's: it may be another Corral's."""


@dataclass(frozen=True, slots=True)
class Leak:
    """One thing that is not explained. `subject`: its id; `owner`: the uuid of the server that its mark names. `fixable`: Corral
    may repair it. `installation`: whose mark it may be, where nothing says that it is this Corral's. `record`: the record of
    something in Cinder or Neutron that a mark names."""

    kind: Kind
    source: str
    subject: str
    what: str
    fix: str
    fixable: bool = False
    owner: str | None = None
    machine: str | None = None
    installation: str | None = None
    record: str | None = None

    @property
    def key(self) -> tuple[str, str, str, str]:
        """What makes it the same leak when one looks again."""
        return self.kind, self.source, self.subject, self.owner or self.record or ""


def leak(kind: Kind, source: str, subject: str, words: Words = MappingProxyType({}), ours: Ours | None = None) -> Leak:
    """A leak in the words of its kind. With `ours`, one that may be another Corral's is told as such, and is not fixable."""
    told, owner = CATALOGUE[kind], words.get("owner")
    filled = {"source": source, "subject": subject, **words}
    what, fix = told.what.format_map(filled), told.fix.format_map(filled)
    found = Leak(kind, source, subject, what, fix, told.mends, owner, words.get("machine"), record=words.get("record"))
    named = owner if kind in _BY_SERVER_ID else found.record if kind in _BY_RECORD_ID else None
    if ours is None or named is None or ours.certain(named):
        return found
    whose, thing = installation_of(named), "server" if kind in _BY_SERVER_ID else "record"
    what = f"{what} {(_HERE if whose == ours.installation else _ELSEWHERE).format(thing)}"
    if told.mends:
        fix = (
            f"Only if no other Corral manages it: `corral leaks --fix --source {source} --installation {whose}`. {fix}"
        )
    return replace(found, what=what, fix=fix, fixable=False, installation=whose)


_ELSEWHERE = "This Corral has never known that {}: perhaps it is another Corral's."
_HERE = "Its uuid is of this installation, and this database does not know it: it was restored, or a copy is at work elsewhere."
