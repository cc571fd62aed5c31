"""The guests: what an administrator might have made over the years, ordinary ones and such that can't be taken as they are."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from xml.sax.saxutils import escape, quoteattr

MEMORY = 96
"""MiB. With less the kernel does not come up."""
_LINE = "console=ttyS0 quiet loglevel=0 rcupdate.rcu_cpu_stall_suppress=1 rdinit=/init panic=-1 nokaslr mitigations=off"
"""Nothing but the guest's own lines may come to the console."""


@dataclass(frozen=True)
class Disk:
    """`elsewhere`: in a folder that is no pool. `backed`: rests on another file."""

    target: str
    format: str = "qcow2"
    serial: str = ""
    elsewhere: bool = False
    backed: bool = False


@dataclass(frozen=True)
class Guest:
    """One guest. `number` makes its UUID and its MACs. `moves`: what it says goes on in one file when it runs elsewhere.
    `screen`: it has a VNC screen. `bare`: it has no system but a boot sector that waits, so that it costs next to nothing; its
    first disk is raw. `off`: it is not started."""

    name: str
    number: int
    disks: tuple[Disk, ...] = (Disk("vda"),)
    nics: int = 1
    transient: bool = False
    snapshot: bool = False
    nova: bool = False
    moves: bool = False
    screen: bool = False
    bare: bool = False
    off: bool = False

    @property
    def uuid(self) -> str:
        return f"c0a1c0a1-0000-4000-8000-{self.number:012d}"

    def mac(self, nic: int) -> str:
        return f"52:54:00:c0:{self.number:02x}:{nic:02x}"


GUESTS = (
    Guest("web", 1, (Disk("vda", serial="LAB-WEB-0001"),)),
    Guest("db", 2, (Disk("vda"), Disk("vdb", "raw")), nics=2),
    Guest("app", 3, (Disk("vda", backed=True),), snapshot=True),
    Guest("odd", 4, (Disk("vda", "raw", elsewhere=True),), transient=True),
    Guest("cloud", 5, nova=True),
)


@dataclass(frozen=True)
class Ground:
    """Where a guest's files are: the pool's folder, another one, and those of the serial consoles."""

    pool: Path
    elsewhere: Path
    consoles: Path
    kernel: Path
    archive: Path
    seconds: int

    def image(self, guest: Guest, disk: Disk) -> Path:
        return (self.elsewhere if disk.elsewhere else self.pool) / f"{guest.name}-{disk.target}.{disk.format}"

    def console(self, guest: Guest) -> Path:
        return self.consoles / f"{guest.name}.log"


def definition(guest: Guest, ground: Ground) -> str:
    """The domain's XML."""
    return (
        f"<domain type='qemu'><name>{escape(guest.name)}</name><uuid>{guest.uuid}</uuid>{_metadata(guest)}"
        f"<memory unit='MiB'>{MEMORY}</memory><vcpu>1</vcpu>"
        f"<os><type arch='x86_64' machine='pc'>hvm</type>{'' if guest.bare else _system(ground)}</os>"
        "<features><acpi/><apic/><tcg><tb-cache unit='MiB'>32</tb-cache></tcg></features>"
        "<on_poweroff>destroy</on_poweroff><on_reboot>restart</on_reboot><on_crash>destroy</on_crash>"
        f"<devices><emulator>/usr/bin/qemu-system-x86_64</emulator>{''.join(_devices(guest, ground))}</devices></domain>"
    )


def boot_sector(seconds: int) -> bytes:
    """For a bare guest's disk: counts the timer's ticks (18.2 a second) for so long, asleep in between, and then switches the
    machine off by the register that the firmware of QEMU's `pc` has set up for that."""
    ticks = int(seconds * 18.2).to_bytes(4, "little")
    wait = b"\xfb\x66\xb9" + ticks + b"\xf4\x66\x49\x75\xfb"  # sti; mov ecx, ticks; again: hlt; dec ecx; jnz again
    off = b"\xba\x04\x06\xb8\x00\x20\xef\xf4\xeb\xfd"  # mov dx, 0x604; mov ax, 0x2000; out dx, ax; forever: hlt; jmp forever
    return (wait + off).ljust(510, b"\0") + b"\x55\xaa"


def _system(ground: Ground) -> str:
    return (
        f"<kernel>{ground.kernel}</kernel><initrd>{ground.archive}</initrd>"
        f"<cmdline>{_LINE} seconds={ground.seconds}</cmdline>"
    )


def _metadata(guest: Guest) -> str:
    if not guest.nova:
        return ""
    return "<metadata><nova:instance xmlns:nova='http://openstack.org/xmlns/libvirt/nova/1.1'/></metadata>"


def _devices(guest: Guest, ground: Ground) -> Iterator[str]:
    for disk in guest.disks:
        serial = f"<serial>{escape(disk.serial)}</serial>" if disk.serial else ""
        yield (
            f"<disk type='file' device='disk'><driver name='qemu' type='{disk.format}'/>"
            f"<source file={quoteattr(str(ground.image(guest, disk)))}/><target dev='{disk.target}' bus='virtio'/>{serial}</disk>"
        )
    for nic in range(guest.nics):
        yield f"<interface type='user'><mac address='{guest.mac(nic)}'/><model type='virtio'/><rom enabled='no'/></interface>"
    console = quoteattr(str(ground.console(guest)))
    if guest.screen:
        yield "<graphics type='vnc' autoport='yes' listen='127.0.0.1'/>"
    append = " append='on'" if guest.moves else ""
    yield f"<serial type='file'><source path={console}{append}/><target port='0'/></serial><memballoon model='virtio'/>"
