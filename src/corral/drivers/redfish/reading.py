"""From a Redfish service's records to our values: tolerant of what real services write, never guessing.

Rule: pure functions. A value that is missing is unknown; one of the wrong kind is unknown too, where nothing rests on it.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from corral.domain.blocks import Adapter, BlockKind, BlockState, Drive, Limit, Media
from corral.domain.machine import normal_mac

_MOST = 2**62
_COMPOSITION = ("ComputerSystemComposition", "ComputerSystemConstrainedComposition")


def text(resource: Mapping[str, Any], key: str) -> str:
    """A short text, empty when there is none."""
    value = resource.get(key)
    return value[:255] if isinstance(value, str) else ""


def number(resource: Mapping[str, Any], key: str) -> int:
    """A whole number of 0 or more, 0 when there is none. Some services write numbers as text."""
    value = resource.get(key)
    if isinstance(value, str) and value.isascii() and value.isdigit() and len(value) < 19:
        value = int(value)
    if isinstance(value, bool) or not isinstance(value, int | float) or not 0 <= value < _MOST:
        return 0
    return int(value)


def flag(resource: Mapping[str, Any], key: str) -> bool:
    """True, or the word; some services write "false"."""
    value = resource.get(key)
    return value is True or (isinstance(value, str) and value.strip().lower() == "true")


def part(resource: Mapping[str, Any], key: str) -> Mapping[str, Any]:
    """The object under `key`, an empty one when there is none."""
    value = resource.get(key)
    return value if isinstance(value, Mapping) else {}


def members(collection: Mapping[str, Any]) -> Any:
    """The list of a collection's members, which one service keeps under Links; None when there is none."""
    found = collection.get("Members")
    return found if found is not None else part(collection, "Links").get("Members")


def kinds(block: Mapping[str, Any]) -> frozenset[BlockKind]:
    """The block's types: an array by the standard, one word for some services. Words that we do not know are left out."""
    found = block.get("ResourceBlockType")
    words = found if isinstance(found, list) else [found]
    return frozenset(BlockKind(word) for word in words if isinstance(word, str) and word in set(BlockKind))


def state(status: Mapping[str, Any]) -> BlockState:
    """What is being done with a block; UNKNOWN for another word or none, which no new system takes."""
    word = text(status, "CompositionState")
    return BlockState(word) if word in set(BlockState) else BlockState.UNKNOWN


def healthy(resource: Mapping[str, Any]) -> bool:
    """Nothing wrong is said of it."""
    status = part(resource, "Status")
    return status.get("Health") in (None, "OK") and status.get("State") in (None, "Enabled", "StandbySpare")


def sharing(status: Mapping[str, Any]) -> int:
    """How many systems may have a block at once: more than one only where sharing is enabled, and a number is given."""
    if not flag(status, "SharingCapable") or not flag(status, "SharingEnabled"):
        return 1
    return max(1, number(status, "MaxCompositions"))


def cores(processors: Iterable[Mapping[str, Any]]) -> int:
    """Cores of all processors that are CPUs."""
    return sum(number(one, "TotalCores") for one in processors if one.get("ProcessorType") in (None, "CPU", "Core"))


def traits(processors: Iterable[Mapping[str, Any]]) -> frozenset[str]:
    """A trait for each kind of accelerator: CUSTOM_GPU, CUSTOM_FPGA, …"""
    words = {text(one, "ProcessorType") for one in processors} - {"", "CPU", "Core", "Thread", "OEM"}
    return frozenset(f"CUSTOM_{word.upper()}" for word in words if word.isalnum())


def memory(modules: Iterable[Mapping[str, Any]]) -> int:
    """MiB of all modules."""
    return sum(number(one, "CapacityMiB") for one in modules)


def drive(resource: Mapping[str, Any]) -> Drive:
    """A drive; NVMe is a protocol of SSDs in Redfish."""
    nvme = resource.get("Protocol") in ("NVMe", "NVMeOverFabrics")
    word = "NVMe" if nvme else text(resource, "MediaType")
    return Drive(number(resource, "CapacityBytes"), Media(word) if word in set(Media) else None)


def adapter(resource: Mapping[str, Any]) -> Adapter:
    """A network interface. The permanent MAC counts: the other one may be changed by an operating system."""
    mac = text(resource, "PermanentMACAddress") or text(resource, "MACAddress")
    return Adapter(number(resource, "SpeedMbps"), normal_mac(mac) if mac else "")


def limits(capabilities: Mapping[str, Any]) -> dict[BlockKind, Limit]:
    """ResourceBlockLimits of a capabilities object."""
    found = part(capabilities, "@Redfish.ResourceBlockLimits")
    bounds = {}
    for kind in BlockKind:
        least, most = f"Min{kind}", f"Max{kind}"
        if least in found or most in found:
            bounds[kind] = Limit(number(found, least), number(found, most) if most in found else None)
    return bounds


def capabilities(systems: Mapping[str, Any]) -> list[Mapping[str, Any]]:
    """What the collection of systems says of composing: its capabilities for that."""
    found = part(systems, "@Redfish.CollectionCapabilities").get("Capabilities")
    every = found if isinstance(found, list) else []
    return [one for one in every if isinstance(one, Mapping) and one.get("UseCase") in _COMPOSITION]


def chooses(systems: Mapping[str, Any]) -> bool:
    """Whether the pod composes by quantity, choosing the blocks itself."""
    return any(one.get("UseCase") == _COMPOSITION[1] for one in capabilities(systems))


def request_types(action: Mapping[str, Any], info: Mapping[str, Any]) -> frozenset[str]:
    """The RequestTypes that a Compose action takes, as it says itself or as its ActionInfo does."""
    found = action.get("RequestType@Redfish.AllowableValues")
    parameters = info.get("Parameters")
    for one in parameters if isinstance(parameters, list) else []:
        if isinstance(one, Mapping) and one.get("Name") == "RequestType":
            found = one.get("AllowableValues")
    return frozenset(one for one in found if isinstance(one, str)) if isinstance(found, list) else frozenset()


def architecture(system: Mapping[str, Any], processors: Iterable[Mapping[str, Any]]) -> str:
    """Ironic's word for the instruction set, empty when nothing is said of it."""
    for one in (part(system, "ProcessorSummary"), *processors):
        if (word := text(one, "InstructionSet")) in _ARCHITECTURES:
            return _ARCHITECTURES[word]
    return ""


_ARCHITECTURES = {
    "x86-64": "x86_64",
    "x86": "i686",
    "ARM-A64": "aarch64",
    "ARM-A32": "arm",
    "PowerISA": "ppc64le",
    "RV64": "riscv64",
}
