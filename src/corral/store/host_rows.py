"""Hosts and VMs as rows, and back."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, fields
from datetime import datetime
from typing import Any, TypeVar

from corral.domain.digest import digest, plain, plain_digest
from corral.domain.host import Host, HostNetwork, Part, Pool
from corral.domain.vm import Address, Agent, Origin, Passthrough, RunState, Vm, VmDisk, VmNic
from corral.domain.vm_holders import Key, held

T = TypeVar("T")
Row = Mapping[str, Any]
_MAC = 64
_SHORT = 48
_HOST_COLUMNS = ("source", "id", "name", "problem", "stale_since")
_VM_COLUMNS = ("source", "id", "host", "name", "state", "host_name", "disks", "nics")


@dataclass(frozen=True, slots=True)
class KnownHost:
    """A host of the record. `seen_at`: when it last answered, None for one that never did. `wanted_at`: somebody waits for a
    survey of it since then."""

    host: Host
    first_seen_at: datetime
    changed_at: datetime
    seen_at: datetime | None
    gone_since: datetime | None = None
    wanted_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class KnownVm:
    """A VM of the record. `also_on`: ids of other hosts that tell of the same one."""

    vm: Vm
    first_seen_at: datetime
    changed_at: datetime
    gone_since: datetime | None = None
    also_on: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Held:
    """A volume or a NIC, with the VM that has it, and its place among the VM's own."""

    vm: str
    vm_name: str
    position: int
    part: VmDisk | VmNic


def host_digest(host: Host) -> str:
    """Of everything that a look tells of a host that answered."""
    return digest(host)


def vm_digest(told: dict[str, Any]) -> str:
    """Of everything that a look tells of a VM, but for what its host is called. `told`: it as plain data."""
    return plain_digest({**told, "host_name": ""})


def host_facts(host: Host) -> dict[str, Any]:
    """What is told of a host, but for what has a column."""
    return _without(plain(host), _HOST_COLUMNS)


def _without(facts: dict[str, Any], columns: tuple[str, ...]) -> dict[str, Any]:
    return {key: value for key, value in facts.items() if key not in columns}


def host_of(row: Row) -> Host:
    """The host of a row."""
    facts = row["facts"]
    made = {
        "pools": tuple(_made(Pool, one) for one in facts["pools"]),
        "networks": tuple(_made(HostNetwork, one) for one in facts["networks"]),
        "untold": tuple((Part(part), why) for part, why in facts["untold"]),
        "problem": row["problem"] or "",
    }
    return _made(Host, facts, {name: row[name] for name in ("source", "id", "name", "stale_since")}, made)


def vm_of(row: Row, disks: tuple[VmDisk, ...], nics: tuple[VmNic, ...]) -> Vm:
    """The VM of a row that has its host's name as `host_name`."""
    facts = row["facts"]
    made = {
        "snapshots": tuple(facts["snapshots"]),
        "tags": tuple(facts.get("tags", ())),
        "metadata": None if facts.get("metadata") is None else tuple(facts["metadata"]),
        "passthrough": tuple(_made(Passthrough, one) for one in facts["passthrough"]),
        "agent": Agent(facts["agent"]),
        "state": RunState(row["state"]),
        "host_name": row["host_name"] or "",
        "disks": disks,
        "nics": nics,
    }
    return _made(Vm, facts, {name: row[name] for name in ("source", "id", "host", "name")}, made)


def disk_of(facts: Row) -> VmDisk:
    """The disk of a row of `volumes`."""
    told = tuple((kind, value) for kind, value in facts.get("told", ()))
    return _made(VmDisk, facts, {"backing": tuple(facts["backing"]), "told": told})


def nic_of(facts: Row) -> VmNic:
    """The NIC of a row of `nics`."""
    addresses = tuple(Address(one["ip"], Origin(one["origin"])) for one in facts["addresses"])
    return _made(VmNic, facts, {"addresses": addresses})


def _made(kind: type[T], *facts: Row) -> T:
    """One of that kind, of those facts that it has: a newer release may have written more."""
    known = {one.name for one in fields(kind)}  # type: ignore[arg-type]
    return kind(**{key: value for some in facts for key, value in some.items() if key in known})


def vm_rows(vm: Vm, told: dict[str, Any]) -> tuple[dict[str, Any], dict[str, list[dict[str, Any]]]]:
    """A VM as its own row, and the rows of its volumes, its NICs and what it holds. `told`: it as plain data."""
    row = {"host": vm.host, "name": vm.name, "state": str(vm.state), "facts": _without(told, _VM_COLUMNS)}
    disks, nics = (
        [
            {"source": vm.source, "vm": vm.id, "position": number, "facts": part}
            for number, part in enumerate(told[name])
        ]
        for name in ("disks", "nics")
    )
    plugged = [{**one, "mac": one["facts"]["mac"][:_MAC]} for one in nics]
    holds = [{"source": vm.source, "vm": vm.id, "what": one} for one in dict.fromkeys(map(what, held(vm)))]
    return row, {"volumes": disks, "nics": plugged, "vm_holds": holds}


def what(key: Key) -> str:
    """What `held` says, as one short text: as it is where that is short, else its digest. Who asks compares by it, too."""
    kind, *value = key
    text = value[0] if len(value) == 1 else ""
    return f"{kind} {text if 0 < len(text) <= _SHORT else digest(value)}"
