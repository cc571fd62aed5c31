"""What the XML of a host, its pools and its networks says."""

from __future__ import annotations

from xml.etree.ElementTree import Element

from corral.domain.host import HostNetwork, Pool
from corral.drivers.libvirt.domain_xml import scaled
from corral.drivers.libvirt.xml import attribute, number, parse, text_of


def host_id(capabilities: str) -> str:
    """The machine's UUID, "" where it tells none. Raises Unreadable."""
    return text_of(parse(capabilities).find("host/uuid"))


def pool(text: str, *, active: bool) -> Pool:
    """A storage pool. Raises Unreadable."""
    root = parse(text)
    source = root.find("source")
    named = _named(attribute(root, "type"), source) if source is not None else ()
    return Pool(
        id=text_of(root.find("uuid")),
        name=text_of(root.find("name")),
        kind=attribute(root, "type"),
        path=text_of(root.find("target/path")),
        source=next((name for name in named if name), ""),
        capacity=scaled(root.find("capacity")),
        used=scaled(root.find("allocation")),
        active=active,
    )


def _named(kind: str, source: Element) -> tuple[str, ...]:
    """What the storage calls it: a name, the target of iSCSI, an export with its server, or a folder."""
    folder, server = attribute(source.find("dir"), "path"), attribute(source.find("host"), "name")
    export = f"{server}:{folder}" if kind == "netfs" and server and folder else folder
    target = attribute(source.find("device"), "path") if kind.startswith("iscsi") else ""
    return text_of(source.find("name")), target, export


def network(text: str, *, active: bool) -> HostNetwork:
    """A libvirt network. Raises Unreadable."""
    root = parse(text)
    tag = root.find("vlan/tag")
    return HostNetwork(
        name=text_of(root.find("name")),
        kind="network",
        id=text_of(root.find("uuid")),
        bridge=attribute(root.find("bridge"), "name"),
        vlan=number(attribute(tag, "id")) if tag is not None else None,
        active=active,
    )
