"""The reasons why a volume or a NIC of a VM can't be recorded in Cinder or Neutron, or should be looked at first."""

from __future__ import annotations

from corral.domain.reason_kinds import Kind, Severity

_WARN = Severity.WARNING

CLOUD: dict[str, Kind] = {
    # Volumes, in Cinder
    "volume-unmatched": Kind(
        "Disk {disk} is none of the volumes that Cinder could manage; the hypervisor knows it as {known}.",
        "Have Cinder serve the storage that it is on. If it does, see what the backend tells of its volumes: "
        "`cinder manageable-list HOST --detailed`.",
        "Only what the hypervisor and the storage both say of a volume makes them one; a size or a name alone would be a guess.",
    ),
    "volume-untold": Kind(
        "Disk {disk} is none of the volumes that Cinder told, and {silent}.",
        "If it is there: see the log of cinder-volume. Some drivers list nothing; then manage it by hand.",
        "What a backend does not tell can't be matched, and is not known to be missing either.",
    ),
    "volume-ambiguous": Kind(
        "Disk {disk} may be any of {found}.",
        "Find out at the storage which one it is, and give it a serial or a WWN that its backend tells too.",
        "The wrong volume under a VM's name is lost data as soon as somebody deletes the VM.",
    ),
    "volume-managed": Kind(
        "Disk {disk} is volume {volume} of Cinder already.",
        "Nothing has to be done.",
        "What is in Cinder is not put there twice.",
        _WARN,
    ),
    "volume-size-differs": Kind(
        "Disk {disk} has {size} bytes, and volume {reference} of {backend} has {gib} GiB.",
        "Find out whether they are one volume; if it was resized, have the host see the new size.",
        "Two sizes are two volumes, or one of them is out of date.",
    ),
    "volume-size-unknown": Kind(
        "The size of disk {disk} is not known on both sides, so it was not compared.",
        "Nothing has to be done, when the identifiers are right.",
        "The size is a second witness: where there is none, only the identifiers speak.",
        _WARN,
    ),
    "volume-shared": Kind(
        "Volume {reference} of {backend} is also a disk of {others}.",
        "Record it by hand, with a volume type for several attachments.",
        "A volume that one VM is recorded to have is given away, moved and deleted with that VM.",
    ),
    "volume-chain": Kind(
        "Disk {disk} rests on {backing}.",
        "Flatten it while it runs: `virsh blockpull {vm} {disk} --wait`, or in vSphere by deleting the snapshots.",
        "Cinder knows the upper volume only, and would copy, move and delete it without the one below.",
    ),
    "volume-unsafe": Kind(
        "Cinder says of volume {reference} of {backend}: {why}.",
        "Nothing has to be done, when that is because its VM uses it.",
        "Cinder's word is about managing a volume that nobody watches; here the use is known, and recorded as an attachment.",
        _WARN,
    ),
    "cinder-renames": Kind(
        "Cinder's driver for {backend} ({driver}) renames what it manages: {what}.",
        "Leave it until a stop that suits its users; then manage the volume, and put the new name into the VM's definition.",
        "The VM is defined with the old name. It runs on, and does not start or migrate any more; letting the volume go does not "
        "bring the name back.",
    ),
    "cinder-refuses-in-use": Kind(
        "Cinder's driver for {backend} ({driver}) manages no volume that a host is connected to.",
        "Leave it until a stop that suits its users; then disconnect, manage and connect it again.",
        "A volume would have to be taken from a VM that runs.",
    ),
    "cinder-driver-unknown": Kind(
        "Nobody has said what Cinder's driver for {backend} ({driver}) does to a volume in use when it manages it.",
        "Read the driver's manage_existing. If it changes neither name nor access, say so in the mapping: `volumes: "
        "{{keeps: [{backend}]}}`.",
        "Drivers rename, move, retype and unexport what they manage, each in its own way.",
    ),
    "cinder-pool-unknown": Kind(
        "Backend {backend} has several pools, and nobody tells which of them has volume {reference}.",
        "Manage it by hand: `cinder manage HOST@BACKEND#POOL …`.",
        "Cinder keeps the pool with the volume, and looks for it there from then on.",
    ),
    "cinder-project": Kind(
        "Cinder can't be used in project {project}: {problem}",
        "Give the account of cloud {cloud} the role that manages volumes (admin) in that project.",
        "Cinder puts a volume into the project of the login that manages it, and lets nobody else put it elsewhere.",
    ),
    # NICs, in Neutron
    "network-unmatched": Kind(
        "NIC {mac} ({where}) is on no network of Neutron: {why}.",
        "Make the network and its subnet in Neutron, or name them in the mapping: `networks`.",
        "A port on another network would give away addresses that are used elsewhere.",
    ),
    "network-ambiguous": Kind(
        "NIC {mac} ({where}) may be on any of the networks {found}.",
        "Say which one it is in the mapping: `networks`.",
        "VLANs are told apart by their physical network, and addresses by their network; neither is known here.",
    ),
    "network-by-address": Kind(
        "Network {network} was found for NIC {mac} by its addresses alone.",
        "See whether it is the right one; name its VLAN in the mapping (`networks`) where the hypervisor does not tell it.",
        "The same addresses may be used on networks that never meet.",
        _WARN,
    ),
    "network-left": Kind(
        "NIC {mac} ({where}) is left out by the mapping.",
        "Nothing has to be done.",
        "Some networks are none of the cloud's.",
        _WARN,
    ),
    "port-recorded": Kind(
        "NIC {mac} is port {port} of Neutron already.",
        "Nothing has to be done.",
        "What is in Neutron is not put there twice.",
        _WARN,
    ),
    "port-mac-taken": Kind(
        "MAC {mac} is that of port {port} on the same network, which {holder} has.",
        "See whose port that is. One that nobody has may be deleted.",
        "Neutron refuses a second port with one MAC on one network.",
    ),
    "port-address-taken": Kind(
        "Address {address} of NIC {mac} is that of port {port}, which {holder} has.",
        "Find out which of the two uses it. Leases and ARP entries may be out of date.",
        "Neutron gives an address once on a network.",
    ),
    "port-address-outside": Kind(
        "Address {address} of NIC {mac} is in no subnet of network {network}.",
        "Add a subnet with it to the network, or name another network in the mapping.",
        "An address that Neutron does not know is one that it may give to somebody else.",
    ),
    "port-address-unusable": Kind(
        "Address {address} of NIC {mac} is the first or the last of subnet {subnet}.",
        "See whether the subnet in Neutron is as large as the real one.",
        "They are the addresses of the network itself and of all in it; Neutron gives them to nobody.",
    ),
    "port-address-gateway": Kind(
        "Address {address} of NIC {mac} is the gateway of subnet {subnet}.",
        "If the VM is the router of that subnet, take the gateway from the subnet first (`--gateway none`).",
        "Neutron keeps that address for its own router.",
    ),
    "port-outside-pools": Kind(
        "Address {address} of NIC {mac} is outside of the pools of subnet {subnet}.",
        "Nothing has to be done: Neutron takes it when it is named.",
        "Such addresses are kept for what is not in Neutron; this one will be.",
        _WARN,
    ),
    "port-address-unknown": Kind(
        "No address of NIC {mac} is known.",
        "Wait until its guest agent, its lease or its ARP entry tells one, or record the port without an address.",
        "A port without addresses keeps the MAC, and Neutron may give the NIC's addresses to somebody else.",
        _WARN,
    ),
    "nic-port-twice": Kind(
        "NIC {mac} has {what} that another NIC here has too: {others}.",
        "Find out which of them is right, and leave the other one out.",
        "Neutron would take the first one and refuse the second.",
    ),
    # The project of both
    "project-unset": Kind(
        "It is not said to which project {vm} belongs.",
        "Adopt the VM, or name the project: in the request, or in the mapping (`project`).",
        "A volume and a port belong to a project, whose members may delete them.",
    ),
    "project-other": Kind(
        "Project {project} was named, and server {server} is of project {owner}.",
        "Leave the project out: that of the server is taken.",
        "One machine has one owner.",
    ),
    "project-unknown": Kind(
        "Project {project} {what} in cloud {cloud}.",
        "Name one of `openstack project list`, by its id.",
        "Neutron takes any text for a project, and nobody would find the port again.",
    ),
    "record-exists": Kind(
        "{part} is recorded already, by operation {operation}.",
        "Look at it with `corral cloud records`, and take it back first if it is to be another.",
        "One disk is one volume, and one NIC one port.",
        _WARN,
    ),
}
