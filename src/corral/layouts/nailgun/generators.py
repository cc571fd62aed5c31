"""Sizes that are computed from the node: the generators that a schema may name. All results are MiB.

Names and numbers are those of the original schemas, so that a user's own schema keeps working.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from corral.domain.errors import Invalid
from corral.layouts.nailgun import reading

GIB = 1024
BOOT_RECORDS = 300
"""Kept free at the start of each disk for boot loaders, the ESP and the table itself."""
BOOT = 200
LVM_META = 64
"""What LVM takes for itself on each physical volume."""
LEAST_ROOT = 15 * GIB
MOST_ROOT = 50 * GIB


@dataclass(frozen=True, slots=True)
class Facts:
    """What generators look at, in MiB: the first disk's size, the memory, and what each volume group has got."""

    first_disk: int
    memory: int
    groups: Mapping[str, int] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Generator:
    """A generator with its arguments, as a schema names it."""

    name: str
    args: tuple[Any, ...] = ()


Size = int | Generator
"""MiB, or how to compute them."""

_FIXED = "a fixed size"


@dataclass(frozen=True, slots=True)
class _Rule:
    compute: Callable[..., int]
    takes: int = 0
    of_group: bool = False
    """Its argument names a volume group; otherwise it is a number."""
    words: str = _FIXED
    keys: tuple[str, ...] = ()
    """Of the node, what it is computed from."""


def root_size(facts: Facts) -> int:
    """A fifth of the first disk, within bounds."""
    return min(max(facts.first_disk // 5, LEAST_ROOT), MOST_ROOT)


def swap_size(facts: Facts) -> int:
    """By the memory: twice of little, half of much, a fixed size of more."""
    memory = facts.memory
    if memory <= 2 * GIB:
        return 2 * memory
    if memory <= 8 * GIB:
        return memory
    return memory // 2 if memory <= 64 * GIB else 4 * GIB


def os_size(facts: Facts) -> int:
    """Root and swap."""
    return root_size(facts) + swap_size(facts)


def total(facts: Facts, group: str) -> int:
    """All that the volume group has got."""
    return facts.groups.get(group, 0)


def root_rest(facts: Facts) -> int:
    """What swap leaves of the group `os`; below zero when the group is smaller than swap."""
    return total(facts, "os") - swap_size(facts)


def _fixed(mib: int) -> _Rule:
    return _Rule(lambda _facts: mib)


DISK_KEY, MEMORY_KEY = "node: meta.disks (the first by name): size", "node: meta.memory.total"
_ROOT = "a fifth of the first disk, but 15 to 50 GiB"
_SWAP = "swap by memory: twice up to 2 GiB, as much up to 8 GiB, half up to 64 GiB, else 4 GiB"
_OS = _Rule(os_size, words=f"root and swap ({_ROOT}; {_SWAP})", keys=(DISK_KEY, MEMORY_KEY))
_REST = "what swap leaves of the group os"

GENERATORS: Mapping[str, _Rule] = {
    "calc_boot_size": _fixed(BOOT),
    "calc_boot_records_size": _fixed(BOOT_RECORDS),
    "calc_mbr_size": _fixed(10),
    "calc_lvm_meta_size": _fixed(LVM_META),
    "calc_root_size": _Rule(root_size, words=_ROOT, keys=(DISK_KEY,)),
    "calc_swap_size": _Rule(swap_size, words=_SWAP, keys=(MEMORY_KEY,)),
    "calc_os_size": _OS,
    "calc_os_vg_size": _OS,
    "calc_min_os_size": _OS,
    "calc_min_vm_size": _fixed(5 * GIB),
    "calc_min_glance_size": _fixed(5 * GIB),
    "calc_min_cinder_size": _fixed(GIB + GIB // 2),
    "calc_min_mongo_size": _fixed(10 * GIB),
    "calc_min_ceph_size": _fixed(3 * GIB),
    "calc_min_ceph_journal_size": _fixed(0),
    "calc_min_mysql_size": _fixed(20 * GIB),
    "calc_gb_to_mb": _Rule(lambda _facts, gib: int(gib * GIB), takes=1),
    "calc_total_vg": _Rule(total, takes=1, of_group=True, words="all that its group has"),
    "calc_total_root_vg": _Rule(root_rest, words=_REST, keys=(MEMORY_KEY,)),
}


def mib(size: Size, facts: Facts) -> int:
    """The size in MiB."""
    return GENERATORS[size.name].compute(facts, *size.args) if isinstance(size, Generator) else size


def told(size: Size) -> tuple[str, tuple[str, ...]]:
    """How a size comes about, in words, and the node's keys that it is computed from."""
    if isinstance(size, Generator):
        return GENERATORS[size.name].words, GENERATORS[size.name].keys
    return _FIXED, ()


def read_size(data: Any, where: str) -> Size:
    """A size of a schema: MiB, or `{generator, generator_args}`. Raises Invalid."""
    if not isinstance(data, Mapping):
        return reading.integer(data, where)
    given = reading.mapping(data, where, ("generator", "generator_args"), ("generator",))
    name = reading.choice(given["generator"], f"{where}.generator", GENERATORS)
    args = reading.sequence(given.get("generator_args") or (), f"{where}.generator_args", 8)
    rule = GENERATORS[name]
    if len(args) != rule.takes:
        raise Invalid(f"{where}.generator_args: {name} takes {rule.takes}, not {len(args)}.", fix="Correct the list.")
    return Generator(name, tuple(_argument(one, rule, f"{where}.generator_args") for one in args))


def _argument(value: Any, rule: _Rule, where: str) -> Any:
    if rule.of_group:
        return reading.text(value, where)
    most = reading.MOST_MIB // GIB
    if isinstance(value, float) and 0 <= value <= most:  # a NaN compares as neither
        return value
    return reading.integer(value, where, most)
