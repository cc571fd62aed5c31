"""Why a machine can't be adopted (or should be looked at first): the catalogue.

Each entry says, with the same three parts everywhere — API, command line, readiness report — what is the
case, and what to do about it. Rule: a code is never renamed or reused; docs/reference/reasons.md is generated from
here.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import Any


class Severity(StrEnum):
    """A blocker prevents the adoption; a warning is shown and recorded, and the adoption goes on."""

    BLOCKER = "blocker"
    WARNING = "warning"


@dataclass(frozen=True, slots=True)
class Reason:
    """One reason, ready to show: `{code, message, fix}`, with the severity beside it."""

    code: str
    message: str
    fix: str
    severity: Severity = Severity.BLOCKER

    def as_json(self) -> dict[str, str]:
        return {"code": self.code, "message": self.message, "fix": self.fix, "severity": str(self.severity)}

    @classmethod
    def from_json(cls, data: dict[str, Any]) -> Reason:
        return cls(data["code"], data["message"], data["fix"], Severity(data.get("severity", "blocker")))

    @property
    def blocks(self) -> bool:
        return self.severity is Severity.BLOCKER


@dataclass(frozen=True, slots=True)
class Kind:
    """A catalogue entry. `message` and `fix` are templates over the facts that `reason` is given; `why` is for docs."""

    message: str
    fix: str
    why: str
    severity: Severity = Severity.BLOCKER


_WARN = Severity.WARNING

CATALOGUE: dict[str, Kind] = {
    # The node itself
    "not-active": Kind(
        "Its provision state is {state!r}, not 'active'.",
        "Bring it to active without deploying: `openstack baremetal node manage {node}`, then `… node adopt {node}`.",
        "Only an active node is one that runs something; any other state means that Ironic may still act on it.",
    ),
    "claimed": Kind(
        "It already belongs to instance {instance}.",
        "If that instance is gone, clear instance_uuid in Ironic; otherwise leave it to its owner.",
        "One machine has one owner. Taking over a claim would put two controllers on one machine.",
    ),
    "already-managed": Kind(
        "Corral already manages it as server {server}.",
        "Nothing to do; `corral server show {server}` shows it.",
        "A machine of a source is recorded once.",
    ),
    "no-resource-class": Kind(
        "It has no resource class.",
        "Set one that matches a flavor: `openstack baremetal node set {node} --resource-class CLASS`.",
        "The resource class is what a flavor is compared with.",
    ),
    "maintenance": Kind(
        "It is in maintenance{because}.",
        "Finish the work, then `openstack baremetal node maintenance unset {node}`.",
        "A node in maintenance can be deleted while active, and somebody may be working on it.",
    ),
    "retired": Kind(
        "It is retired{because}.",
        "Leave it, or `openstack baremetal node unset {node} --retired` if it is to live on.",
        "A retired node leaves the fleet at its next clean-up.",
    ),
    "power-unknown": Kind(
        "Its power state is not known to the source{because}.",
        "Check the BMC's address and credentials: `openstack baremetal node validate {node}`.",
        "Without a known power state nobody can tell that adoption left the machine alone.",
    ),
    "power-untrue": Kind(
        "The source has it as {recorded!r}, but the machine itself says {observed!r}.",
        "Correct the record before anything else: put the node into maintenance, let the power sync read it, or "
        "manage and adopt it again. With force_power_state_during_sync the wrong record is pushed onto the machine.",
        "Ironic pushes the power state that it has on record onto the machine. A wrong record is a reboot to come.",
    ),
    "power-changing": Kind(
        "A power change to {target!r} is under way.",
        "Wait until it is done.",
        "A machine that is being switched has no state worth recording.",
    ),
    "busy": Kind(
        "The source holds a lock on it for {holder!r}.",
        "Wait until the work there is done; if the conductor died, restart it to free the lock.",
        "A locked node is one that Ironic works on right now.",
    ),
    "fault": Kind(
        "The source reports a fault on it: {fault!r}.",
        "Look at `openstack baremetal node show {node}` (last_error) and repair that first.",
        "A node with a power or clean failure is not under control.",
    ),
    "machine-twice": Kind(
        "Entry {entry} of this plan names the same machine.",
        "Name each machine once.",
        "A machine becomes one server.",
    ),
    "no-nics": Kind(
        "It has no ports.",
        "Create them: `openstack baremetal port create MAC --node {node}`.",
        "Without a port with a MAC there is nothing to put a network on.",
    ),
    "not-composable": Kind(
        "The pod can't compose it: {why}.",
        "Look at the pod's blocks and zones, and at what the flavor asks for.",
        "Blocks are taken whole and within one zone; what the pod refuses for good is not asked of it again.",
    ),
    "unreadable": Kind(
        "What the source says of it can't be read: {problem}",
        "Look at the node at the source, and repair the field that is named.",
        "One bad answer never hides the other machines; the bad one is shown with this reason.",
    ),
    # Its network
    "port-missing": Kind(
        "Port {port}, plugged into NIC {mac}, does not exist in the network service.",
        "Detach the dead VIF: `openstack baremetal node vif detach {node} {port}`. Or recreate the port and attach it.",
        "A server's addresses come from its ports; each one that the node names must be there.",
    ),
    "port-not-found": Kind(
        "Port {port} does not exist in the network service.",
        "Choose a port that exists: `openstack port list --mac-address MAC`.",
        "An existing port must exist.",
    ),
    "port-mac-mismatch": Kind(
        "Port {port} has MAC {mac}, which is none of the machine's NICs.",
        "Choose the port whose MAC is one of {macs}, or correct the Ironic port's address.",
        "With another MAC the traffic of the running system would not match its port.",
    ),
    "port-of-another-project": Kind(
        "Port {port} belongs to project {owner}, the server would belong to {project}.",
        "Adopt it into project {owner}, or move the port there first.",
        "Both owners are checked when something moves between projects.",
    ),
    "port-bound-elsewhere": Kind(
        "Port {port} is in use by {device}.",
        "Free it there first, or choose another port.",
        "One port serves one device.",
    ),
    "port-managed-already": Kind(
        "Port {port} is already a NIC of server {server}.",
        "Unmanage that server first, or choose another port.",
        "One port serves one server.",
    ),
    "port-twice": Kind(
        "Port {port} is named twice.",
        "Name each port once.",
        "One entry is one NIC.",
    ),
    "network-not-found": Kind(
        "Network {network} does not exist in the network service.",
        "Choose one from `openstack network list`.",
        "A new port needs its network.",
    ),
    "network-of-another-project": Kind(
        "Network {network} belongs to project {owner} and is not shared with {project}.",
        "Share the network, or choose another one.",
        "Both owners are checked when something moves between projects.",
    ),
    "no-free-nic": Kind(
        "{wanted} new ports are asked for, and the machine has {free} NICs without a port.",
        "Ask for fewer networks, or register the missing NICs as Ironic ports.",
        "Each new port is plugged into a NIC of its own.",
    ),
    "mac-taken": Kind(
        "MAC {mac} already belongs to {holder}.",
        "Find out which of the two records is wrong; two machines can't share a MAC.",
        "The network service refuses a second port with the same MAC on one network.",
    ),
    "vif-not-listed": Kind(
        "Port {port} is plugged into the machine and is not among the networks asked for.",
        "It stays exactly as it is. Name it under networks to have it recorded with the server.",
        "A NIC that is not named is left alone, and not shown as part of the server.",
        _WARN,
    ),
    "port-bound-not-plugged": Kind(
        "Port {port} is bound to the machine already, and is not plugged in at the source.",
        "It is recorded and left exactly as it is. Attach it in Ironic yourself if you want it there: that gives the port a "
        "new MAC for a moment.",
        "Ironic unbinds a bound port when it attaches it, and Neutron then resets its MAC: a disturbance.",
        _WARN,
    ),
    "vif-not-kept": Kind(
        "The source accepted VIF {port} and did not keep it: its network interface is {interface!r}.",
        "The port exists and is recorded, but the source does not wire it. Set a network interface that does "
        "(flat, neutron), or wire the switch port by hand.",
        "The noop network interface answers 204 and does nothing.",
        _WARN,
    ),
    # Image, flavor, owner
    "image-not-found": Kind(
        "Its image {image} is not in the image service.",
        "Nothing has to be done: the server is recorded without an image. Rebuild will need one.",
        "The approved spec: the image is None when it can't be found.",
        _WARN,
    ),
    "image-not-a-uuid": Kind(
        "Its image is given as {image}, which is not an image's UUID. It was not fetched.",
        "Nothing has to be done: the server is recorded without an image. Upload the image, set its UUID to have it.",
        "A URL or path is shown, never fetched: it could point anywhere.",
        _WARN,
    ),
    "no-image": Kind(
        "It has no image on record.",
        "Nothing has to be done: the server is recorded without an image.",
        "Machines that were installed by hand have none.",
        _WARN,
    ),
    "flavor-not-found": Kind(
        "Flavor {flavor} does not exist.",
        "Choose one from `corral flavor list`.",
        "A server has a flavor.",
    ),
    "flavor-disabled": Kind(
        "Flavor {flavor} is disabled.",
        "Enable it, or choose another one.",
        "A disabled flavor takes no new servers.",
    ),
    "flavor-private": Kind(
        "Flavor {flavor} is private, and project {project} may not use it.",
        "Choose a public one, or let the project use it: `corral flavor access add {flavor} {project}`.",
        "What a private flavor is sold as is meant for some projects only.",
    ),
    "flavor-mismatch": Kind(
        "Flavor {flavor} asks for {wanted}; the machine's resource class is {resource_class!r}.",
        "Choose a flavor with resource class {resource_class!r}, or change the node's resource class.",
        "What a server is billed and scheduled as must be what the machine is.",
    ),
    "no-flavor": Kind(
        "No flavor asks for resource class {resource_class!r}.",
        "Create one: `corral flavor create NAME --resource-class {resource_class}`.",
        "Mogan's own form of manage names no flavor; it is chosen by resource class.",
    ),
    "node-of-another-project": Kind(
        "It belongs to project {owner}, the server would belong to {project}.",
        "Adopt it into project {owner}, or change the node's owner or lessee first.",
        "Both owners are checked when something moves between projects.",
    ),
    "name-taken": Kind(
        "A server named {name!r} already exists in project {project}.",
        "Choose another name.",
        "Names are for people; two servers of one project with one name can't be told apart.",
    ),
    "node-not-found": Kind(
        "Node {node} does not exist at {sources}.",
        "Look at `corral adoptable list`.",
        "Only a machine that a source knows can be adopted.",
    ),
    "power-unverified": Kind(
        "The machine itself could not be asked for its power state{because}; the source says {recorded!r}.",
        "Check it once at the console before adopting, or give the source read access to the BMC.",
        "Ironic pushes its record onto the machine. Where the BMC can't be asked, a person should.",
        _WARN,
    ),
    "power-off": Kind(
        "It is switched off.",
        "Nothing has to be done: it is adopted as a stopped server and stays off.",
        "An adopted machine keeps its power state.",
        _WARN,
    ),
    "protected-already": Kind(
        "It is already protected{because}.",
        "Nothing has to be done: unmanage leaves that protection as it was found.",
        "Someone protected the node before; that stays theirs.",
        _WARN,
    ),
    # Provisioning
    "not-available": Kind(
        "Its provision state is {state!r}, not 'available'.",
        "Provision a machine that nobody uses. If nothing on this one is wanted, undeploy it at its source first.",
        "Provisioning erases disks, so it takes no machine that might be running for somebody, and never undeploys one to get it.",
    ),
    "protected": Kind(
        "It is protected{because}.",
        "Leave it, or find out who protected it and why.",
        "Protection says that nobody may tear the machine down.",
    ),
    "not-restorable": Kind(
        "Its instance_info has values that the source does not show: {keys}.",
        "Remove them if they are left over: `openstack baremetal node unset {node} --instance-info KEY`.",
        "What can't be read can't be put back if the deployment is taken back.",
    ),
    # Virtual machines
    "vm-owned": Kind(
        "It belongs to {owner}, by what is written with it at its host.",
        "Leave it to {owner}, or have it released there first.",
        "One machine has one owner. Two systems that switch, move and delete one VM work against each other.",
    ),
    "vm-twice": Kind(
        "There is a VM with the same id: {others}.",
        "Find out which one lives. If it was migrated, remove the inactive definition that stayed behind; if it was copied, "
        "give the copy a UUID of its own.",
        "A VM is known by its id. With two of them a stop, a volume or an address would go to either.",
    ),
    "vm-unsettled": Kind(
        "Its state is {state!r}.",
        "Wait until it runs or is off; look after a crashed one first.",
        "A VM between two states has none that adoption could keep.",
    ),
    "vm-halted": Kind(
        "It is {state}.",
        "Nothing has to be done: it is adopted as it is and stays so.",
        "An adopted machine keeps its state, and nobody resumes it unasked.",
        _WARN,
    ),
    "vm-saved": Kind(
        "It is off with its memory saved: the next start goes on from there.",
        "Start it once, or drop the saved state if nobody needs it: `virsh managedsave-remove {vm}`.",
        "A start that changes anything of the VM would lose the saved memory, or fail.",
        _WARN,
    ),
    "vm-transient": Kind(
        "It is transient: its host forgets it as soon as it stops.",
        "Make it persistent while it runs: `virsh dumpxml {vm} > vm.xml && virsh define vm.xml`.",
        "After a stop there would be nothing left to start.",
    ),
    "vm-passthrough": Kind(
        "It holds {kind} device {address} of its host.",
        "Leave it where it is managed now, or take the device from it at a time that suits its users.",
        "Such a VM can't move, and no record of flavor, volume or port describes the device.",
    ),
    "vm-template": Kind(
        "It is a template.",
        "Leave it. If it is to be a machine, make a VM of it or from it first.",
        "A template never runs: there is nothing to keep running, and others are made from it.",
    ),
    "vm-fault-tolerant": Kind(
        "It is fault tolerant: a second VM runs in step with it.",
        "Leave it where it is managed now, or turn Fault Tolerance off first.",
        "Power, disks and moves of the two belong together, which no record of one server describes.",
    ),
    "vm-linked-clone": Kind(
        "It is a linked clone: its disks rest on those of another VM.",
        "Clone it in full and take the clone, or move its disks to another datastore at a time that suits its users, which makes "
        "them whole.",
        "Whoever deletes or changes the VM that was cloned destroys it, and its volumes can't be recorded by themselves.",
    ),
    "vm-encrypted": Kind(
        "It is encrypted: it starts only where its keys are.",
        "Nothing has to be done. Keep the key provider reachable for its hosts.",
        "Tools that copy or move its disks without its hypervisor can't read them.",
        _WARN,
    ),
    "vm-unconsolidated": Kind(
        "Its disks need consolidation: files of deleted snapshots are still in use.",
        "Consolidate its disks in the vSphere Client: Snapshots, Consolidate.",
        "The files that hold its disks are others after that: what was recorded of its volumes would be wrong.",
    ),
    "vm-question": Kind(
        "It stands still until it is told an answer to “{question}”.",
        "Answer it in the vSphere Client.",
        "What it does next depends on the answer.",
    ),
    "vm-snapshots": Kind(
        "It has snapshots: {names}.",
        "Look at them in the vSphere Client or with `virsh snapshot-list {vm}`, and delete those that nobody needs any more.",
        "Its disks are then chains that only its hypervisor understands; tools that take the VM over break or drop them.",
    ),
    "agent-missing": Kind(
        "Its guest agent {agent}.",
        "Nothing has to be done. With qemu-guest-agent or VMware Tools its addresses and its uptime are known from inside.",
        "Without an agent addresses come from leases or ARP, and a reboot of the guest itself can't be seen.",
        _WARN,
    ),
    "vm-no-nics": Kind(
        "It has no NIC.",
        "Nothing has to be done: it is recorded without networks.",
        "There is nothing to put a port on.",
        _WARN,
    ),
    # Their volumes
    "disk-shared": Kind(
        "Disk {disk} is also a disk of {others}.",
        "Find out who writes to it. For a cluster's shared disk use storage that knows several attachments, and mark it shareable.",
        "A volume is recorded with its attachments; one that two VMs write to unannounced is lost sooner or later.",
    ),
    "disk-shareable": Kind(
        "Disk {disk} is marked as shared between VMs.",
        "Adopt all VMs that use it, and record it as a volume for several attachments.",
        "Others may use it that this look did not see.",
        _WARN,
    ),
    "disk-volatile": Kind(
        "Disk {disk} drops what was written to it when the VM is switched off.",
        "Make its mode persistent at the next stop, if that is meant to be kept.",
        "A volume is taken for something that lasts.",
        _WARN,
    ),
    "disk-busy": Kind(
        "On disk {disk} a {job} is under way.",
        "Wait until it has ended, or end it.",
        "What the disk is afterwards is not decided yet.",
    ),
    "disk-backed": Kind(
        "Disk {disk} rests on {backing}.",
        "Flatten it while it runs: `virsh blockpull {vm} {disk} --wait`, or in vSphere by deleting the snapshots. Until then, "
        "keep that file.",
        "Whoever moves or cleans up the file below destroys the disk.",
        _WARN,
    ),
    "disk-path-fleeting": Kind(
        "Disk {disk} is {path}, a name that may mean another device after the host's next boot.",
        "At the next maintenance, name it by /dev/disk/by-id.",
        "A volume is matched by an identifier that lasts.",
        _WARN,
    ),
    "disk-not-in-pool": Kind(
        "Disk {disk} is {path}, which is in no storage pool of its host.",
        "Make that folder a pool, which touches nothing in it: `virsh pool-create-as NAME dir --target {folder}`.",
        "Only a pool tells sizes and free space, and lets a volume be named without its host.",
        _WARN,
    ),
    # Their NICs
    "nic-network-unknown": Kind(
        "NIC {mac} is on network {network}, which host {host} does not have.",
        "Start or define that network at the host, or correct the VM's definition.",
        "A port needs a network, and at its next start the VM would have none.",
    ),
    "nic-unplugged": Kind(
        "NIC {mac} is connected as {kind!r}, which is no network that others are on.",
        "Nothing has to be done: it is left alone and recorded without a port. Put it on a bridge to have it managed.",
        "There is no network to match it with.",
        _WARN,
    ),
    "mac-twice": Kind(
        "MAC {mac} is also that of {others}.",
        "Give one of them another MAC at a time that suits its users.",
        "The network service refuses a second port with the same MAC on one network.",
    ),
    "address-twice": Kind(
        "Address {address} (known by {origin}) is also that of {others}.",
        "Find out which one answers; leases and ARP entries may be out of date.",
        "On one network an address is given once. On networks that never meet, it may be right.",
        _WARN,
    ),
}


def reason(code: str, **facts: Any) -> Reason:
    """The reason of that code about these facts. Unknown codes and missing facts raise KeyError: they are bugs."""
    kind = CATALOGUE[code]
    return Reason(code, kind.message.format(**facts), kind.fix.format(**facts), kind.severity)


def blockers(reasons: tuple[Reason, ...]) -> tuple[Reason, ...]:
    """Only those that prevent an adoption."""
    return tuple(r for r in reasons if r.blocks)


def warnings(reasons: tuple[Reason, ...]) -> tuple[Reason, ...]:
    """Only those that do not."""
    return tuple(r for r in reasons if not r.blocks)
