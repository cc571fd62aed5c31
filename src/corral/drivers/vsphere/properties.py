"""What a VM's properties say: a Vm.

`STANDING` is what a VM has, `MOMENT` what it does and what tells whether it may have changed: the first is read again when the
second says so, the second at each look.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator, Mapping
from typing import Any

from corral.domain.descriptions import LONGEST, LONGEST_NOTES, MOST_TAGS
from corral.domain.host import Host
from corral.domain.machine import is_uuid, normal_mac
from corral.domain.vm import Address, Agent, Origin, RunState, Vm
from corral.drivers.vsphere.devices import Unreadable, disks, held, nics, sorted_out
from corral.drivers.vsphere.inventory import Inventory, text
from corral.drivers.vsphere.rules import ATTRIBUTE, TAGS

CHANGES = (
    *("name", "config.changeVersion", "config.modified", "runtime.host"),
    *("summary.config.numEthernetCards", "summary.config.numVirtualDisks", "guest.ipAddress"),
)
"""Of the moment: another value here means that the VM is read again."""
MOMENT = (
    *CHANGES,
    *("summary.runtime.powerState", "summary.runtime.connectionState", "summary.runtime.bootTime"),
    *("summary.runtime.consolidationNeeded", "summary.runtime.question", "guest.toolsRunningStatus", "snapshot"),
    *("parent", "customValue"),
)
STANDING = (
    *(
        "config.instanceUuid",
        "config.template",
        "config.firmware",
        "config.version",
        "config.managedBy",
        "config.keyId",
        "config.annotation",
    ),
    *("config.hardware.device", "config.hardware.numCPU", "config.hardware.memoryMB"),
    *("summary.runtime.faultToleranceState", "guest.net", "guest.toolsVersionStatus2"),
)
_LABELS = ("parent", "customValue")
MOST_SNAPSHOTS = 512
MOST_ADDRESSES = 64
_STATES = {"poweredOn": RunState.RUNNING, "poweredOff": RunState.OFF, "suspended": RunState.SUSPENDED}
_OWNERS = {
    "org.openstack.compute": "OpenStack Nova",
    "com.vmware.vim.eam": "vSphere ESX Agent Manager",
    "com.vmware.vcDr": "VMware Site Recovery Manager",
}
"""Who manages a VM, by the key of the extension that says so."""
Known = Mapping[str, Any]


def vm(known: Known, missing: Known, number: str, source: str, host: Host | None, inventory: Inventory) -> Vm:
    """A VM by all its properties. One that can't be read has `problem`. `number`: the vCenter's own id for it."""
    uuid = text(known.get("config.instanceUuid")).lower()
    name, on = plain_name(text(known.get("name"))), (host.id, host.name) if host else ("", "")
    try:
        _check(known, missing, uuid)
        return _vm(known, uuid, source, host, inventory)
    except (Unreadable, AttributeError, TypeError, ValueError, LookupError) as exc:
        # What the API's own types don't say of an answer, the answer must not be trusted to keep.
        said = str(exc) if isinstance(exc, Unreadable) else f"it has what can't be: {type(exc).__name__}: {exc}"
        return Vm(source, on[0], uuid if is_uuid(uuid) else number, name, host_name=on[1], problem=said[:300])


def _check(known: Known, missing: Known, uuid: str) -> None:
    state = text(known.get("summary.runtime.connectionState"))
    if state not in ("connected", ""):
        raise Unreadable(f"its vCenter says that it is {state}")
    if refused := sorted(path for path, why in missing.items() if "NoPermission" in why and path not in _LABELS):
        raise Unreadable(f"the user may not read its {', '.join(refused[:3])}")
    if not is_uuid(uuid):
        raise Unreadable(f"its instanceUuid is {uuid[:40]!r}, which is no UUID" if uuid else "it has no instanceUuid")


def _vm(known: Known, uuid: str, source: str, host: Host | None, inventory: Inventory) -> Vm:
    found = sorted_out(known.get("config.hardware.device") or ())
    own = disks(found, inventory.pools)
    running = known.get("summary.runtime.powerState") == "poweredOn"
    snapshots = snapshot_names(known.get("snapshot"))
    apart = known.get("summary.runtime.consolidationNeeded") is True
    question = known.get("summary.runtime.question")
    return Vm(
        source=source,
        host=host.id if host else "",
        host_name=host.name if host else "",
        id=uuid,
        name=plain_name(text(known.get("name"))),
        state=_STATES.get(text(known.get("summary.runtime.powerState")), RunState.UNKNOWN),
        cpus=int(known.get("config.hardware.numCPU") or 0),
        memory=int(known.get("config.hardware.memoryMB") or 0) << 20,
        machine_type=text(known.get("config.version")),
        firmware="uefi" if known.get("config.firmware") == "efi" else text(known.get("config.firmware")),
        hypervisor="vmware",
        disks=own,
        nics=nics(found, host, inventory, _addresses(known.get("guest.net"))),
        snapshots=snapshots,
        passthrough=held(found),
        agent=_agent(known),
        owner=_owner(known.get("config.managedBy")),
        run=_run(known.get("summary.runtime.bootTime")) if running else "",
        template=known.get("config.template") is True,
        fault_tolerant=text(known.get("summary.runtime.faultToleranceState")) not in ("", "notConfigured"),
        # With snapshots, or files of deleted ones, a disk rests on its own; only without them certainly on another's.
        linked=not (snapshots or apart) and any(disk.backing for disk in own),
        encrypted=known.get("config.keyId") is not None,
        unconsolidated=apart,
        question=" ".join(text(getattr(question, "text", "")).split())[:200],
        folder=inventory.folders.get(getattr(known.get("parent"), "_moId", ""), ""),
        notes=notes_of(known),
        tags=_tags(known.get("customValue"), inventory.attributes),
    )


def values(told: Any) -> dict[int, str]:
    """The values of custom attributes by the attributes' keys."""
    return {int(one.key): text(getattr(one, "value", "")) for one in told or ()}


def _tags(told: Any, names: Mapping[int, str]) -> tuple[str, ...]:
    """Custom attributes that have a value, as `attribute:value`. The tags of the vSphere Client are in a service of its own, which
    is not asked; and the mark is no tag. Of more than the record can have, one too many is told."""
    return tags_in(values(told), names)[: MOST_TAGS + 1]


def tags_in(told: Mapping[int, str], names: Mapping[int, str]) -> tuple[str, ...]:
    """All tags in the values of attributes: each is one, but for those that our own has."""
    found = {
        name: value for key, value in told.items() if (name := names.get(key, "")) not in ("", ATTRIBUTE) and value
    }
    own = (tag.strip() for tag in found.pop(TAGS, "").split(","))
    return tuple(sorted({*(tag_of(name, value) for name, value in found.items()), *(tag for tag in own if tag)}))


def tag_of(name: str, value: str) -> str:
    """The tag that an attribute's value is. No more is kept of it than is ever compared."""
    return f"{name}:{value}"[: LONGEST + 1]


def notes_of(known: Known) -> str:
    """What people wrote of a VM. No more is kept of it than is ever compared."""
    return str(known.get("config.annotation") or "")[: LONGEST_NOTES + 1]


def plain_name(name: str) -> str:
    """A name as people write it: vCenters keep a slash, a backslash and a percent as %2f, %5c and %25."""
    return _ESCAPED.sub(lambda found: chr(int(found[1], 16)), name)


_ESCAPED = re.compile(r"%(25|2[fF]|5[cC])")


def _run(boot: Any) -> str:
    return str(boot.isoformat()) if boot is not None else ""


def _agent(known: Known) -> Agent:
    if known.get("guest.toolsRunningStatus") == "guestToolsRunning":
        return Agent.CONNECTED
    installed = text(known.get("guest.toolsVersionStatus2")) not in ("", "guestToolsNotInstalled")
    return Agent.SILENT if installed else Agent.ABSENT


def _owner(managed: Any) -> str:
    key = text(getattr(managed, "extensionKey", ""))
    return _OWNERS.get(key, key)


def _addresses(told: Any) -> dict[str, tuple[Address, ...]]:
    """What VMware Tools says, by MAC."""
    found: dict[str, dict[str, Address]] = defaultdict(dict)
    for one in told or ():
        given = one.ipConfig.ipAddress if one.ipConfig else ()
        ips = [text(address.ipAddress) for address in given] or [text(ip) for ip in one.ipAddress]
        for ip in ips[:MOST_ADDRESSES]:
            found[normal_mac(text(one.macAddress))][ip] = Address(ip[:64], Origin.AGENT)
    return {mac: tuple(addresses.values()) for mac, addresses in found.items()}


def snapshot_names(snapshot: Any) -> tuple[str, ...]:
    """All snapshots of the tree, parents first. Raises Unreadable for one that has no end."""
    return tuple(_walk(list(snapshot.rootSnapshotList))) if snapshot is not None else ()


def _walk(trees: list[Any]) -> Iterator[str]:
    for count, tree in enumerate(trees):
        if count == MOST_SNAPSHOTS:
            raise Unreadable(f"it has more than {MOST_SNAPSHOTS} snapshots")
        trees.extend(tree.childSnapshotList)
        yield text(tree.name)
