"""What a domain's XML says: a Vm, as far as the definition goes. State, sizes and addresses are added by `look`."""

from __future__ import annotations

import re
from collections.abc import Mapping
from xml.etree.ElementTree import Element

from corral.domain.descriptions import LONGEST_NOTES
from corral.domain.machine import is_uuid, normal_mac
from corral.domain.vm import Agent, Passthrough, Vm, VmDisk, VmNic
from corral.drivers.libvirt.disk_xml import disk
from corral.drivers.libvirt.labels import labels_in
from corral.drivers.libvirt.xml import Unreadable, attribute, number, parse, text_of

_UNITS = {
    "b": 1,
    "bytes": 1,
    "": 2**10,
    **{f"{letter}B": 1000 ** (power + 1) for power, letter in enumerate("KMGTPE")},
    **{f"{letter}iB": 1024 ** (power + 1) for power, letter in enumerate("KMGTPE")},
    **{letter: 1024 ** (power + 1) for power, letter in enumerate("kMGTPE")},
}
_NOVA = "http://openstack.org/xmlns/libvirt/nova/"
_OWNERS = {
    _NOVA: "OpenStack Nova",
    "http://ovirt.org/": "oVirt",
    "http://kubevirt.io": "KubeVirt",
    "http://opennebula.org/": "OpenNebula",
}
"""Who writes what into a domain's metadata, by the beginning of the namespace."""
_NORMAL = re.compile(r"(?:[0-9a-f]{2}:){5}[0-9a-f]{2}")
_AGENT_CHANNEL = "org.qemu.guest_agent.0"
MOST_DEVICES = 1024


def vm(text: str, source: str, host: str, host_name: str) -> Vm:
    """A domain's definition. Raises Unreadable."""
    root = parse(text)
    if root.tag != "domain":
        raise Unreadable(f"its XML is of a {root.tag[:40]!r}, not of a domain")
    parts = {child.tag: child for child in root}
    if not is_uuid(uuid := text_of(parts.get("uuid"))):
        raise Unreadable(f"{uuid[:40]!r} is no UUID")
    os, kind = parts.get("os"), None
    if os is not None:
        kind = os.find("type")
    disks, nics, held, agent = _devices(parts.get("devices"))
    labels = labels_in(parts.get("metadata"))
    return Vm(
        source=source,
        host=host,
        host_name=host_name,
        id=uuid,
        name=labels.name(text_of(parts.get("name")), text_of(parts.get("title"))),
        cpus=number(attribute(parts.get("vcpu"), "current") or text_of(parts.get("vcpu"))),
        memory=scaled(parts.get("memory")),
        arch=attribute(kind, "arch"),
        machine_type=attribute(kind, "machine"),
        firmware=_firmware(os),
        hypervisor=attribute(root, "type"),
        disks=disks,
        nics=nics,
        passthrough=held,
        agent=agent,
        owner=_owner(parts.get("metadata")),
        project=_project(parts.get("metadata")),
        folder=labels.folder,
        tags=labels.tags,
        notes=_notes(parts.get("description")),
        metadata=labels.metadata,
    )


def scaled(element: Element | None) -> int:
    """Bytes of a scaled number."""
    unit = attribute(element, "unit")
    if unit not in _UNITS:
        raise Unreadable(f"{unit[:40]!r} is no unit of memory")
    factor: int = _UNITS[unit]
    return number(text_of(element)) * factor


def _firmware(os: Element | None) -> str:
    if os is None:
        return ""
    if attribute(os, "firmware") == "efi" or attribute(os.find("loader"), "type") == "pflash":
        return "uefi"
    return "bios"


def _owner(metadata: Element | None) -> str:
    for child in metadata if metadata is not None else ():
        namespace = child.tag[1:].partition("}")[0] if child.tag.startswith("{") else ""
        for start, owner in _OWNERS.items():
            if namespace.startswith(start):
                return owner
    return ""


def _project(metadata: Element | None) -> str:
    """The project that Nova wrote there, in whichever version of its namespace."""
    for instance in metadata if metadata is not None else ():
        namespace, _, tag = instance.tag[1:].partition("}")
        if tag == "instance" and namespace.startswith(_NOVA):
            return attribute(instance.find(f"{{{namespace}}}owner/{{{namespace}}}project"), "uuid")
    return ""


def _notes(element: Element | None) -> str:
    return (element.text or "")[: LONGEST_NOTES + 1] if element is not None else ""


def _devices(devices: Element | None) -> tuple[tuple[VmDisk, ...], tuple[VmNic, ...], tuple[Passthrough, ...], Agent]:
    disks: list[VmDisk] = []
    nics: list[VmNic] = []
    held: list[Passthrough] = []
    agent = Agent.ABSENT
    if devices is None:
        return (), (), (), agent
    if len(devices) > MOST_DEVICES:
        raise Unreadable(f"it has {len(devices)} devices, more than {MOST_DEVICES}")
    for element in devices:
        if element.tag == "disk":
            disks.append(disk(element))
        elif element.tag == "interface":
            nics.append(_nic(element))
            if attribute(element, "type") == "hostdev":
                held.append(Passthrough("network", _address(element.find("source"))))
        elif element.tag == "hostdev":
            held.append(Passthrough(attribute(element, "type") or "unknown", _address(element.find("source"))))
        elif element.tag == "channel":
            agent = _agent(element, agent)
    return tuple(disks), tuple(nics), tuple(held), agent


def _agent(channel: Element, known: Agent) -> Agent:
    target = channel.find("target")
    if attribute(target, "name") != _AGENT_CHANNEL:
        return known
    return Agent.CONNECTED if attribute(target, "state") == "connected" else Agent.SILENT


def _nic(element: Element) -> VmNic:
    parts = {child.tag: child for child in element}
    source, port = parts.get("source"), parts.get("virtualport")
    tag = parts["vlan"].find("tag") if "vlan" in parts else None
    mac = attribute(parts.get("mac"), "address")
    if not _NORMAL.fullmatch(mac):
        mac = normal_mac(mac)
    return VmNic(
        id=mac,
        mac=mac,
        kind=attribute(element, "type"),
        model=attribute(parts.get("model"), "type"),
        network=attribute(source, "network"),
        bridge=attribute(source, "bridge")
        or (attribute(source, "dev") if attribute(element, "type") == "direct" else ""),
        interface_id=attribute(port.find("parameters"), "interfaceid") if port is not None else "",
        vlan=number(attribute(tag, "id")) if tag is not None else None,
        device=attribute(parts.get("target"), "dev"),
    )


def _address(source: Element | None) -> str:
    """A host device as people name it: 0000:3b:00.1, bus 1 device 4, a vendor and a product, a UUID, an adapter."""
    if source is None:
        return "without an address"
    address = source.find("address")
    values: Mapping[str, str] = address.attrib if address is not None else {}
    if "slot" in values:
        plain = [values.get(key, "").removeprefix("0x")[:8] for key in ("domain", "bus", "slot", "function")]
        return "{}:{}:{}.{}".format(*plain)
    named = [
        *values.items(),
        *((child.tag, child.get("id", "") or child.get("name", "")) for child in source if child is not address),
    ]
    return " ".join(f"{key} {value}" for key, value in named if value)[:120] or "without an address"
