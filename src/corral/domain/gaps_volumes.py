"""Which volume of Cinder's backends a disk is, by what the hypervisor and the storage both say of it; and whether it may be
managed while its VM uses it.

Rule: identifiers decide, a size can only deny. Two candidates are an ambiguity, however alike.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from corral.domain.cloud_backends import Backend, Manageable, Treatment, driver_of, names_of
from corral.domain.disk_names import iscsi_name, plain_wwn
from corral.domain.gaps import Gap, Kind
from corral.domain.host import Host
from corral.domain.machine import is_uuid
from corral.domain.reasons import Reason, reason
from corral.domain.vm import Vm, VmDisk
from corral.domain.vm_holders import Holders, disk_key

_GIB = 1 << 30
_SHORTEST_SERIAL = 8
"""Shorter ones are numbers that somebody counted, here and there."""
_CINDERS = re.compile(r"volume-([0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12})")
_LUN = re.compile(r"unit:\d+:\d+:(\d+)")
Key = tuple[str, str]


@dataclass(frozen=True, slots=True)
class Storage:
    """What Cinder's backends tell. `backends`: the pools of each, by `host@backend`. `known`: of the volumes whose ids disks bear,
    those that Cinder has."""

    backends: Mapping[str, tuple[Backend, ...]] = field(default_factory=dict)
    volumes: tuple[Manageable, ...] = ()
    known: frozenset[str] = frozenset()
    silent: tuple[str, ...] = ()
    """What those backends said that did not tell their volumes."""
    keeps: frozenset[str] = frozenset()
    """Backends of which an operator says that managing changes neither name nor access: `host@backend`."""


@dataclass(frozen=True, slots=True)
class Match:
    """A disk, and the volumes that it may be, each with the identifiers that say so."""

    disk: VmDisk
    found: tuple[tuple[Manageable, tuple[Key, ...]], ...] = ()
    managed: str = ""


def known_as(disk: VmDisk, host: Host) -> tuple[Key, ...]:
    """Everything that storage may know a disk by, also through the pool that it is in."""
    keys = [_plain(kind, value) for kind, value in disk.names]
    pool = next((one for one in host.pools if one.name == disk.pool), None) if disk.pool else host.pool_of(disk.path)
    if pool is not None and pool.source:
        inside = disk.path[len(pool.path.rstrip("/")) :] if pool.path and disk.path.startswith(pool.path) else ""
        keys += [("remote", pool.source.rstrip("/") + inside)] if inside else []
        # A libvirt pool of kind logical is a volume group, one of kind rbd a pool of Ceph's.
        word = {"logical": "lvm", "rbd": "rbd"}.get(pool.kind)
        name = disk.volume or inside.lstrip("/")
        keys += [(word, f"{pool.source}/{name}")] if word and name else []
        # A pool of kind iscsi is a target, and libvirt names the volumes in it by their LUNs.
        lun = _LUN.fullmatch(name) if pool.kind.startswith("iscsi") else None
        keys += [("iscsi", f"{pool.source}/{lun[1]}")] if lun else []
    return tuple(dict.fromkeys(key for key in keys if key[1]))


def _plain(kind: str, value: str) -> Key:
    if kind == "wwn":
        return kind, plain_wwn(value)
    if kind == "iscsi":
        return kind, iscsi_name(value)
    if kind == "serial" and len(value) < _SHORTEST_SERIAL:
        return kind, ""
    return kind, value


def cinder_ids(disk: VmDisk) -> frozenset[str]:
    """Ids of volumes that a disk bears: Nova gives the id as serial, and drivers name volumes by it."""
    named = {found[1] for _, value in disk.names for found in [_CINDERS.search(value.lower())] if found}
    return frozenset(named | ({disk.serial.lower()} if is_uuid(disk.serial) else set()))


class Index:
    """The volumes of a storage by all their names, as a hypervisor of that name would know them."""

    def __init__(self, storage: Storage, host: Host) -> None:
        self.storage, self.host = storage, host
        self._by_key: defaultdict[Key, list[int]] = defaultdict(list)
        for number, one in enumerate(storage.volumes):
            for key in {key for pool in storage.backends[one.backend] for key in names_of(one, pool, host.name)}:
                self._by_key[key].append(number)

    def match(self, disk: VmDisk) -> Match:
        """What the disk is, or may be."""
        hits: dict[int, list[Key]] = {}
        for key in known_as(disk, self.host):
            for number in self._by_key.get(key, ()):
                hits.setdefault(number, []).append(key)
        found = tuple((self.storage.volumes[number], tuple(keys)) for number, keys in hits.items())
        managed = next(iter(sorted(cinder_ids(disk) & self.storage.known)), "")
        return Match(disk, found, managed or (found[0][0].cinder_id if len(found) == 1 else ""))


def matches(vms: Iterable[Vm], index: Index) -> dict[tuple[str, str], Match]:
    """By (VM, disk), what each disk is."""
    return {(vm.id, disk.id): index.match(disk) for vm in vms for disk in vm.own_disks}


def gaps_of_volumes(
    vms: Sequence[Vm], index: Index, projects: Mapping[str, str], having: Holders
) -> dict[str, list[Gap]]:
    """By VM, the gap that each of its disks is. `projects`: by VM. `having`: who else has the same disk, on any host."""
    found = matches(vms, index)
    users: defaultdict[tuple[str, str], list[str]] = defaultdict(list)
    for (ident, disk_id), match in found.items():
        for one, _ in match.found:
            users[one.backend, one.label].append(f"{ident}/{disk_id}")
    made: dict[str, list[Gap]] = {vm.id: [] for vm in vms}
    for vm in vms:
        for disk in vm.own_disks:
            shared = [having.others(vm, disk_key(vm, disk))]
            shared += [user for one, _ in found[vm.id, disk.id].found for user in users[one.backend, one.label]]
            others = tuple(user for user in shared if user not in ("", f"{vm.id}/{disk.id}"))
            made[vm.id].append(_gap(vm, found[vm.id, disk.id], index, others, projects.get(vm.id, "")))
    return made


def _gap(vm: Vm, match: Match, index: Index, others: Sequence[str], project: str) -> Gap:
    disk = match.disk
    if match.managed:
        why = (reason("volume-managed", disk=disk.id, volume=match.managed),)
        return Gap(Kind.VOLUME, vm.id, disk.id, project, reasons=why, there=match.managed)
    reasons = list(_reasons(vm, match, index, others))
    wanted = _wanted(vm, disk, match.found[0][0], index.storage) if len(match.found) == 1 else {}
    evidence = tuple(f"{kind} {value}" for _, keys in match.found[:1] for kind, value in keys)
    return Gap(Kind.VOLUME, vm.id, disk.id, project, wanted, evidence, tuple(reasons))


def _pool(one: Manageable, storage: Storage) -> Backend | None:
    """The pool that has it: the only one, or the one that its reference names."""
    pools = storage.backends[one.backend]
    named = [pool for pool in pools if pool.pool and any(pool.pool in ref.split("/") for ref in one.reference.values())]
    return pools[0] if len(pools) == 1 else named[0] if len(named) == 1 else None


def _wanted(vm: Vm, disk: VmDisk, one: Manageable, storage: Storage) -> dict[str, Any]:
    """What Cinder is asked to manage, but for the mark, which each record has its own of."""
    pool = _pool(one, storage)
    return {
        "host": pool.host if pool else one.backend,
        "ref": dict(one.reference),
        "name": f"{vm.label}-{disk.id}"[:255],
        "description": f"Disk {disk.id} of VM {vm.id}, recorded where it is by Corral"[:255],
    }


def _reasons(vm: Vm, match: Match, index: Index, others: Sequence[str]) -> Iterator[Reason]:
    disk = match.disk
    if not match.found and index.storage.silent:
        yield reason("volume-untold", disk=disk.id, silent="; ".join(index.storage.silent))
        return
    if not match.found:
        known = ", ".join(f"{kind} {value}" for kind, value in disk.identifiers) or "nothing"
        yield reason("volume-unmatched", disk=disk.id, known=known)
        return
    if len(match.found) > 1:
        told = "; ".join(f"{one.label} of {one.backend}" for one, _ in match.found[:5])
        yield reason("volume-ambiguous", disk=disk.id, found=told)
        return
    one = match.found[0][0]
    if others:
        yield reason("volume-shared", reference=one.label, backend=one.backend, others=", ".join(others[:3]))
    if disk.backing:
        yield reason("volume-chain", disk=disk.id, backing=disk.backing[0], vm=vm.id)
    yield from _size(disk, one)
    yield from _treated(one, index.storage)


def _size(disk: VmDisk, one: Manageable) -> Iterator[Reason]:
    if not disk.size or one.gib is None:
        yield reason("volume-size-unknown", disk=disk.id)
    elif -(-disk.size // _GIB) != one.gib:
        yield reason(
            "volume-size-differs", disk=disk.id, size=disk.size, reference=one.label, backend=one.backend, gib=one.gib
        )


def _treated(one: Manageable, storage: Storage) -> Iterator[Reason]:
    backend = storage.backends[one.backend][0]
    driver = driver_of(backend)
    if _pool(one, storage) is None:
        yield reason("cinder-pool-unknown", reference=one.label, backend=backend.service)
    about = {"backend": backend.service, "driver": driver.name}
    if driver.treatment is Treatment.RENAMES:
        yield reason("cinder-renames", what=driver.what, **about)
    elif driver.treatment is Treatment.REFUSES:
        yield reason("cinder-refuses-in-use", **about)
    elif driver.treatment is Treatment.UNKNOWN and backend.service not in storage.keeps:
        yield reason("cinder-driver-unknown", **{**about, "driver": backend.vendor or backend.protocol or "unknown"})
    elif not one.safe:
        yield reason("volume-unsafe", reference=one.label, backend=one.backend, why=one.why_not or "not safe to manage")
