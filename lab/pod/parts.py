"""How the parts of a block look: processors, memory, drives, interfaces; and what every resource has in common."""

from __future__ import annotations

import secrets
import zlib
from collections.abc import Callable, Iterable
from typing import Any

from lab.pod.stock import Hardware

Json = dict[str, Any]
OK = {"State": "Enabled", "Health": "OK"}


def links(paths: Iterable[str]) -> list[Json]:
    return [{"@odata.id": path} for path in paths]


def resource(path: str, kind: str, name: str, **more: Any) -> Json:
    """A resource. `kind`: its @odata.type after the `#`."""
    return {"@odata.id": path, "@odata.type": f"#{kind}", "Id": path.rpartition("/")[2], "Name": name, **more}


def collection(path: str, kind: str, members: Iterable[str]) -> Json:
    found = links(members)
    return {
        "@odata.id": path,
        "@odata.type": f"#{kind}.{kind}",
        "Name": f"{kind.removesuffix('Collection')} Collection",
        "Members@odata.count": len(found),
        "Members": found,
    }


def _processor(path: str, cores: int) -> Json:
    return resource(
        path,
        "Processor.v1_19_0.Processor",
        "Processor",
        Status=OK,
        ProcessorType="CPU",
        ProcessorArchitecture="x86",
        InstructionSet="x86-64",
        TotalCores=cores,
        TotalThreads=2 * cores,
    )


def _module(path: str, size: int) -> Json:
    return resource(
        path, "Memory.v1_19_0.Memory", "Memory", Status=OK, MemoryType="DRAM", MemoryDeviceType="DDR5", CapacityMiB=size
    )


_MAKER = secrets.randbits(32)
"""No two pods that run have NICs with the same MACs: a network service refuses the second."""


def _drive(path: str, disk: Any) -> Json:
    nvme = disk.media == "NVMe"
    return resource(
        path,
        "Drive.v1_18_0.Drive",
        "Drive",
        Status=OK,
        CapacityBytes=disk.size,
        MediaType="SSD" if nvme else disk.media,
        Protocol="NVMe" if nvme else "SATA",
        SerialNumber=f"LAB{zlib.crc32(path.encode()):08X}",
    )


def _interface(path: str, speed: int) -> Json:
    digits = f"5254{zlib.crc32(path.encode(), _MAKER):08x}"
    mac = ":".join(digits[at : at + 2] for at in range(0, 12, 2))
    return resource(
        path,
        "EthernetInterface.v1_12_1.EthernetInterface",
        "Ethernet interface",
        Status=OK,
        InterfaceEnabled=True,
        LinkStatus="LinkUp",
        MACAddress=mac.upper(),
        PermanentMACAddress=mac.upper(),
        SpeedMbps=speed,
        FullDuplex=True,
    )


PARTS: dict[str, Callable[[Hardware], tuple[Any, ...]]] = {
    "Processors": lambda block: block.processors,
    "Memory": lambda block: block.memory,
    "Drives": lambda block: block.disks,
    "EthernetInterfaces": lambda block: block.adapters,
}
RENDER: dict[str, Callable[[str, Any], Json]] = {
    "Processors": _processor,
    "Memory": _module,
    "Drives": _drive,
    "EthernetInterfaces": _interface,
}
