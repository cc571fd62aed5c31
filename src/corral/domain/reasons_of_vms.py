"""The reasons of virtual machines, their volumes and their NICs."""

from __future__ import annotations

from corral.domain.reason_kinds import Kind, Severity

_WARN = Severity.WARNING

VMS: dict[str, Kind] = {
    # Virtual machines
    "vm-owned": Kind(
        "It belongs to {owner}, by what is written with it at its host.",
        "Leave it to {owner}, or have it released there first.",
        "One machine has one owner. Two systems that switch, move and delete one VM work against each other.",
    ),
    "vm-marked": Kind(
        "It bears the mark of server {server}.",
        "Let go of it where that server is known. If nothing knows it any more, `corral leaks` shows the mark, and removes it.",
        "Two Corrals that manage one VM work against each other, and each would undo what the other one did.",
    ),
    "vm-networks": Kind(
        "Networks were named, and a VM keeps the NICs that it has.",
        "Leave `networks` out: its NICs are recorded with what they are connected to.",
        "To connect a running VM to something else would disturb it.",
    ),
    "vm-other-project": Kind(
        "By {how} it belongs to project {other}, and it is to be project {project}'s.",
        "Adopt it for project {other}, or have what says so changed by whoever is responsible there.",
        "Both owners are asked: nobody gets somebody else's machine by naming himself.",
    ),
    "project-forbidden": Kind(
        "You may not adopt machines for project {project}.",
        "Ask somebody who may, or adopt it for a project of yours.",
        "A machine brings its costs and its users along; a project's people decide about both.",
    ),
    "mapping-unmatched": Kind(
        "No rule of the mapping is about it (it is in {folder}, with {tags}).",
        "Write a rule that is, or one without `when` for all that are left.",
        "Whose a machine is is never guessed.",
    ),
    "vm-twice": Kind(
        "There is a VM with the same id: {others}.",
        "Find out which one lives. If it was migrated, remove the inactive definition that stayed behind; if it was copied, "
        "give the copy a UUID of its own.",
        "A VM is known by its id. With two of them a stop, a volume or an address would go to either.",
    ),
    "vm-gone": Kind(
        "Its hypervisor does not tell of it any more.",
        "Nothing, if it was deleted. Else see that its host is in the source still, and `corral host survey HOST`.",
        "What is not there can't be managed.",
    ),
    "host-silent": Kind(
        "Its host {host} could not be looked at: {problem}",
        "Mend that, then `corral host survey {host}`.",
        "What is told of it is what was seen last. It may have moved, stopped or changed since.",
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
