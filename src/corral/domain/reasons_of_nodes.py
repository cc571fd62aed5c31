"""The reasons of bare metal: adopting a node, and building one."""

from __future__ import annotations

from corral.domain.reason_kinds import Kind, Severity

_WARN = Severity.WARNING

NODES: dict[str, Kind] = {
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
}
