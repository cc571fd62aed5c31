"""What the XML of a host, its pools and its networks says."""

from __future__ import annotations

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
    named = [text_of(source.find("name")), attribute(source.find("dir"), "path")] if source is not None else []
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
