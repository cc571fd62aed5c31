"""What must not change while a VM is looked at, adopted or let go.

Rule: as `fingerprint`: only what an onlooker could notice. The run's id is part of it, so a restart shows even when everything else
came back the same. Compare two of them with `fingerprint.differences`.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from corral.domain.digest import digest, plain
from corral.domain.vm import Vm


@dataclass(frozen=True, slots=True)
class VmFingerprint:
    """`disks` and `nics` as (id, what it is connected to); `memory` is bytes. `host` is told and not compared."""

    machine: str
    name: str
    state: str
    run: str
    cpus: int
    memory: int
    persistent: bool
    disks: tuple[tuple[str, str], ...]
    nics: tuple[tuple[str, str], ...]
    snapshots: tuple[str, ...]
    passthrough: tuple[str, ...]
    boot: tuple[tuple[str, str], ...] = ()
    host: str = field(default="", compare=False)

    @property
    def digest(self) -> str:
        return digest(self)

    def as_json(self) -> dict[str, Any]:
        return {**plain(self), "digest": self.digest, "host": self.host}


def vm_fingerprint(vm: Vm) -> VmFingerprint:
    """The fingerprint of a VM as it was just observed. Its host is not in it: a live migration disturbs nobody."""
    return VmFingerprint(
        machine=vm.id,
        name=vm.name,
        state=str(vm.state),
        run=vm.run,
        cpus=vm.cpus,
        memory=vm.memory,
        persistent=vm.persistent,
        disks=tuple(sorted((disk.id, " ".join(disk.place or ())) for disk in vm.disks)),
        nics=tuple(sorted((nic.mac, f"{nic.kind} {nic.network or nic.bridge}".strip()) for nic in vm.nics)),
        snapshots=tuple(sorted(vm.snapshots)),
        passthrough=tuple(sorted(f"{one.kind} {one.address}" for one in vm.passthrough)),
        boot=tuple(sorted(vm.boot.items())),
        host=vm.host,
    )
