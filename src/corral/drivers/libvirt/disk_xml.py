"""What a domain's XML says of a disk: where its bytes are, what it rests on, what is under way on it."""

from __future__ import annotations

from xml.etree.ElementTree import Element

from corral.domain.vm import VmDisk
from corral.drivers.libvirt.xml import LONGEST, Unreadable, attribute, text_of

LONGEST_CHAIN = 64


def disk(element: Element) -> VmDisk:
    """One `<disk>`. Raises Unreadable for a chain that has no end."""
    parts = {child.tag: child for child in element}
    kind, source = attribute(element, "type"), parts.get("source")
    pool, volume, protocol, path = _place(kind, source)
    return VmDisk(
        id=attribute(parts.get("target"), "dev"),
        kind=kind if source is not None else "none",
        device=attribute(element, "device") or "disk",
        bus=attribute(parts.get("target"), "bus"),
        format=attribute(parts.get("driver"), "type"),
        serial=text_of(parts.get("serial")),
        wwn=text_of(parts.get("wwn")),
        backing=_backing(parts.get("backingStore")),
        read_only="readonly" in parts,
        shared="shareable" in parts,
        job=_job(parts.get("mirror")),
        pool=pool,
        volume=volume,
        protocol=protocol,
        path=path,
    )


def _place(kind: str, source: Element | None) -> tuple[str, str, str, str]:
    """Pool, volume, protocol and path."""
    if kind == "network":
        return "", attribute(source, "name"), attribute(source, "protocol"), ""
    if kind == "volume":
        # A running domain's XML also says where the volume was found.
        return attribute(source, "pool"), attribute(source, "volume"), "", _path(source)
    return "", "", "", _path(source)


def _path(source: Element | None) -> str:
    if source is None:
        return ""
    return (source.get("file") or source.get("dev") or source.get("dir") or "")[:LONGEST]


def _backing(store: Element | None) -> tuple[str, ...]:
    chain: list[str] = []
    while store is not None and (source := store.find("source")) is not None:
        if len(chain) == LONGEST_CHAIN:
            raise Unreadable(f"a disk's backing chain is longer than {LONGEST_CHAIN}")
        named = attribute(source, "name")
        chain.append(_path(source) or (f"{attribute(source, 'protocol')}:{named}" if named else "another volume"))
        store = store.find("backingStore")
    return tuple(chain)


def _job(mirror: Element | None) -> str:
    return attribute(mirror, "job") or "copy" if mirror is not None else ""
