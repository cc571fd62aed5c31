"""What Nova would need to have a VM: the instance, what its image would have to say, disks and ports; and what stands against it.

Rule: pure, and a report only: nothing is ever written to Nova. What surveys don't tell is named, and must be looked up by hand.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from corral.domain.host import Host
from corral.domain.vm import RunState, Vm, VmDisk

_GIB, _MIB = 1 << 30, 1 << 20
_VIRTUAL_BUSES = ("virtio", "scsi", "")
UNTOLD = (
    "NUMA topology, CPU pinning and huge pages",
    "a virtual TPM",
    "a kernel that is booted directly, and custom QEMU arguments",
    "9p and virtiofs shares",
    "the place of PCI devices in the definition",
)
"""Nova's own definition would do without these from the next power cycle on, and surveys don't tell them."""


@dataclass(frozen=True, slots=True)
class Need:
    """Something that must be as Nova wants it. `met`: True, False, or None where surveys don't tell. `fix`: what to do then."""

    what: str
    met: bool | None
    detail: str
    fix: str = ""


@dataclass(frozen=True, slots=True)
class NovaNeeds:
    """The report about one VM. `instance`, `image` and `disks` are what records would say."""

    instance: dict[str, Any]
    image: dict[str, str]
    disks: tuple[dict[str, Any], ...]
    ports: tuple[dict[str, Any], ...]
    needs: tuple[Need, ...]
    untold: tuple[str, ...] = UNTOLD

    @property
    def possible(self) -> bool:
        """Whether nothing that is known stands against it."""
        return all(one.met is not False for one in self.needs)


def nova_needs(vm: Vm, host: Host, images_type: str = "") -> NovaNeeds:
    """What Nova would need. `images_type`: that of the compute service that would have the VM (raw, qcow2, rbd …), "" when it is
    not known."""
    return NovaNeeds(_instance(vm), _image(vm), _disks(vm), _ports(vm), tuple(_needs(vm, host, images_type)))


def _instance(vm: Vm) -> dict[str, Any]:
    root = next((disk for disk in vm.own_disks), None)
    return {
        "uuid": vm.id,
        "display_name": vm.label,
        "vcpus": vm.cpus,
        "memory_mb": -(-vm.memory // _MIB),
        "root_gb": -(-root.size // _GIB) if root is not None else 0,
        "power_state": str(vm.power),
        "architecture": vm.arch or None,
    }


def _image(vm: Vm) -> dict[str, str]:
    """The properties under which Nova's definition becomes what the VM has."""
    models = {nic.model for nic in vm.nics if nic.model}
    buses = {disk.bus for disk in vm.own_disks if disk.bus}
    told = {
        "architecture": vm.arch,
        "hw_machine_type": vm.machine_type,
        "hw_firmware_type": {"efi": "uefi"}.get(vm.firmware, vm.firmware),
        "hw_disk_bus": next(iter(buses)) if len(buses) == 1 else "",
        "hw_vif_model": next(iter(models)) if len(models) == 1 else "",
        "hw_qemu_guest_agent": "" if vm.agent == "absent" else "yes",
    }
    return {key: value for key, value in told.items() if value}


def _disks(vm: Vm) -> tuple[dict[str, Any], ...]:
    return tuple(
        {
            "id": disk.id,
            "format": disk.format or None,
            "images_type": {"raw": "raw", "qcow2": "qcow2"}.get(disk.format) if _is_file(disk) else None,
            "as": "image file" if _is_file(disk) else "volume",
            "place": " ".join(disk.place or ()),
            "size": disk.size,
        }
        for disk in vm.own_disks
    )


def _ports(vm: Vm) -> tuple[dict[str, Any], ...]:
    return tuple(
        {"mac": nic.mac, "kind": nic.kind, "network": nic.network or nic.bridge or None, "device": nic.device or None}
        for nic in vm.nics
    )


def _is_file(disk: VmDisk) -> bool:
    return disk.kind in ("file", "volume") and not disk.protocol and not disk.path.startswith("/dev/")


def _needs(vm: Vm, host: Host, images_type: str) -> Iterator[Need]:
    yield Need("uuid", True, f"The instance's UUID is the domain's: {vm.id}. No deleted instance may have had it.")
    known = host.hypervisor.lower() in ("qemu", "esxi")
    yield Need("driver", True if known else None, f"Its hypervisor is {host.hypervisor or 'unknown'}.")
    yield _flag("persistent", vm.persistent, "It is defined, and not transient.", "Make it persistent while it runs.")
    yield Need("state", *_state(vm))
    yield _flag("owner", not vm.owner, f"It is {'nobody' if not vm.owner else vm.owner}'s.", "Have it released there.")
    yield _flag(
        "devices", not vm.passthrough, _listed("devices of its host", [f"{one.kind} {one.address}" for one in vm.passthrough]),
        "Nova would define it without them: leave it, or take them from it.",
    )  # fmt: skip
    yield _flag(
        "snapshots", not vm.snapshots, _listed("snapshots", vm.snapshots), "Delete them: Nova knows none of them."
    )
    yield from (need for disk in vm.own_disks for need in _of_disk(disk, images_type))
    yield _firmware(vm)
    yield _machine_type(vm)
    yield from _of_nics(vm)


def _flag(what: str, met: bool, detail: str, fix: str) -> Need:
    return Need(what, met, detail, "" if met else fix)


def _listed(what: str, names: Any) -> str:
    found = list(names)
    return f"It has {what}: {', '.join(found[:5])}." if found else f"It has no {what}."


def _state(vm: Vm) -> tuple[bool, str, str]:
    good = vm.state in (RunState.RUNNING, RunState.OFF) and not vm.saved
    told = f"It is {vm.state}{', with its memory saved' if vm.saved else ''}."
    return good, told, "" if good else "Nova makes a suspended VM a stopped one: have it run, or switch it off."


def _of_disk(disk: VmDisk, images_type: str) -> Iterator[Need]:
    what = f"disk {disk.id}"
    if disk.backing:
        yield Need(what, False, f"It rests on {disk.backing[0]}.", "Flatten it while it runs (virsh blockpull).")
    if disk.bus not in _VIRTUAL_BUSES:
        yield Need(what, False, f"Its bus is {disk.bus}.", "Nova would attach it otherwise: change the bus at a stop.")
    if not _is_file(disk):
        yield Need(
            what, None, f"It is on {disk.protocol or disk.kind} storage.",
            "It must be a volume of Cinder first: `corral cloud volumes`. An instance with such a disk was never tried.",
        )  # fmt: skip
    elif not images_type:
        yield Need(
            what,
            None,
            f"Its format is {disk.format or 'unknown'}.",
            "images_type of the compute service must be the same.",
        )
    else:
        same = disk.format == images_type
        fix = "" if same else "Convert it while it runs: virsh blockcopy --pivot --transient-job."
        yield Need(what, same, f"Its format is {disk.format or 'unknown'}, images_type is {images_type}.", fix)


def _firmware(vm: Vm) -> Need:
    if not vm.firmware:
        return Need("firmware", None, "Its firmware is not told.", "Look at <os> of its definition.")
    bios = vm.firmware == "bios"
    return _flag("firmware", bios, f"It boots by {vm.firmware}.", "Nova would make new NVRAM: not tried, so leave it.")


def _machine_type(vm: Vm) -> Need:
    if not vm.machine_type:
        return Need(
            "machine type", None, "Its machine type is not told.", "Set hw_machine_type to that of the definition."
        )
    if "q35" in vm.machine_type:
        fix = (
            "See whether its PCI layout is libvirt's own: Nova defines it anew, and guests may find devices elsewhere."
        )
        return Need("machine type", None, f"It is {vm.machine_type}.", fix)
    return Need("machine type", True, f"It is {vm.machine_type}: set hw_machine_type to that.")


def _of_nics(vm: Vm) -> Iterator[Need]:
    for nic in vm.nics:
        what = f"NIC {nic.mac}"
        if nic.interface_id:
            yield Need(
                what, True, f"It is on a switch that knows it as {nic.interface_id}: the port's id must be that."
            )
        elif nic.kind == "bridge":
            fix = "Nova 34 and newer have no Linux bridge: moving it to Open vSwitch interrupts it for seconds."
            yield Need(what, False, f"It is on bridge {nic.bridge}.", fix)
        else:
            yield Need(what, None, f"It is connected as {nic.kind}.", "Bind its port before the instance is recorded.")
