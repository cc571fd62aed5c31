"""The schema's reader: plain data to `Schema`, with every problem at once and unknown keys named beside the nearest known one."""

from __future__ import annotations

import re
from typing import Any

from corral.domain.errors import Invalid
from corral.domain.layout import MIB, Use
from corral.layouts.exact.amounts import size_text
from corral.layouts.exact.errors import SchemaInvalid
from corral.layouts.exact.fields import Fields, nearest
from corral.layouts.exact.reading_parts import UNSAID, amount, content, selector
from corral.layouts.exact.schema import BIOS_GRUB, ESP, VERSION, Boot, Firmware, Kind, LogicalSpec, Schema, VolumeSpec
from corral.layouts.exact.selectors import Selector
from corral.layouts.text import load

MOST_VOLUMES = 64
NAME = re.compile(r"[A-Za-z0-9_+][A-Za-z0-9_.+-]{0,35}")
"""What both LVM and a GPT label take as a name."""

LEVELS: dict[str, tuple[int, str]] = {
    "0": (2, "at least 2"),
    "1": (2, "at least 2"),
    "5": (3, "at least 3"),
    "6": (4, "at least 4"),
    "10": (2, "an even number, at least 2"),
}
"""The MD levels, with the devices that each needs."""


def read(text: str) -> Schema:
    """The schema of a YAML or JSON text. Raises Invalid, and SchemaInvalid with all problems."""
    return parse(load(text))


def is_exact(text: str) -> bool:
    """Whether a text is a schema of this version. One that can't be read is not; who reads it says why."""
    try:
        data = load(text)
    except Invalid:
        return False
    return isinstance(data, dict) and data.get("version") == VERSION


def parse(data: Any) -> Schema:
    """The schema of plain data. Raises SchemaInvalid with all problems."""
    problems: list[str] = []
    top = Fields("", data, problems)
    if top.raw("version") != VERSION:
        top.problem("version", f"must be {VERSION}, not {top.raw('version')!r:.40}")
    selectors = {name: selector(fields) for name, fields in top.named("disks", MOST_VOLUMES)}
    volumes = tuple(_volume(name, fields, selectors) for name, fields in top.named("volumes", MOST_VOLUMES))
    schema = Schema(
        volumes=volumes,
        roles=_roles(top, [volume.name for volume in volumes]),
        boot=_boot(top.inner("boot"), selectors) if top.has("boot") else None,
        alignment=_power(top, "alignment", MIB, MIB, 1024 * MIB),
        wipe=_existing(top),
        spare=top.bytes("spare", 0),
    )
    top.done()
    problems.extend(_contradictions(schema))
    if problems:
        raise SchemaInvalid("schema", problems)
    return schema


def _existing(top: Fields) -> bool:
    word = top.text("existing", "keep")
    if word not in {"keep", "wipe"}:
        top.problem("existing", f"{word!r} is not known{nearest(word, ['keep', 'wipe'])}")
    return word == "wipe"


def _roles(top: Fields, known: list[str]) -> dict[str, tuple[str, ...]]:
    roles, inner = {}, top.inner("roles")
    for role in list(top.raw("roles") or {}) if isinstance(top.raw("roles"), dict) else []:
        roles[str(role)] = inner.texts(role)
        for name in roles[str(role)]:
            if name not in known:
                inner.problem(str(role)[:60], f"{name!r} is not a volume{nearest(name, known)}")
    return roles


def _boot(fields: Fields, named: dict[str, Selector]) -> Boot:
    boot = Boot(
        fields.choice("firmware", Firmware, Firmware.BOTH), selector_of(fields, named), fields.bytes("esp", 512 * MIB)
    )
    fields.done()
    return boot


def selector_of(fields: Fields, named: dict[str, Selector]) -> Selector:
    """The selector below `disks`: written there, or the name of one of the schema's own."""
    value = fields.raw("disks", {})
    if not isinstance(value, str):
        return selector(fields.inner("disks"))
    if value not in named:
        fields.problem("disks", f"{value[:60]!r} is not one of the schema's disks{nearest(value[:60], named)}")
    return named.get(value, Selector())


def _volume(name: str, fields: Fields, named: dict[str, Selector]) -> VolumeSpec:
    _check_name(name, fields)
    kind = fields.choice("type", Kind, Kind.PARTITION)
    disks = selector_of(fields, named)
    one = {Kind.PARTITION: _partition, Kind.RAID: _raid, Kind.GROUP: _group}[kind](name, fields, disks)
    fields.done()
    return one


def _check_name(name: str, fields: Fields) -> None:
    if not NAME.fullmatch(name):
        fields.problem("", "a name has up to 36 letters, digits and _ . + -, and begins with none of . and -")


def _partition(name: str, fields: Fields, disks: Selector) -> VolumeSpec:
    made = content(fields)
    default = Use.SWAP if made.file_system == "swap" else Use.FILE_SYSTEM if made.file_system else Use.RAW
    reuse = fields.text("reuse")
    return VolumeSpec(
        name,
        Kind.PARTITION,
        amount(fields, optional=bool(reuse), reused=bool(reuse)),
        disks,
        made,
        fields.choice("use", Use, default),
        guid=fields.text("guid"),
        reuse=reuse,
        same_disk=fields.texts("same_disk"),
        other_disk=fields.texts("other_disk"),
    )


def _raid(name: str, fields: Fields, disks: Selector) -> VolumeSpec:
    level = str(fields.raw("level", ""))
    devices = fields.number("devices", 2, 2, 128)
    if level not in LEVELS:
        fields.problem("level", f"{level[:20]!r} is not known{nearest(level[:20], LEVELS)}")
    elif devices < LEVELS[level][0] or (level == "10" and devices % 2):
        fields.problem("devices", f"RAID {level} needs {LEVELS[level][1]} devices, not {devices}")
    return VolumeSpec(
        name,
        Kind.RAID,
        amount(fields, optional=True),
        disks,
        content(fields),
        Use.RAID,
        level=level,
        devices=devices,
        spares=fields.number("spares", 0, 0, 64),
        other_disk=fields.texts("other_disk"),
    )


def _group(name: str, fields: Fields, disks: Selector) -> VolumeSpec:
    one_disk = fields.flag("one_disk")
    return VolumeSpec(
        name,
        Kind.GROUP,
        amount(fields, optional=True),
        disks,
        use=Use.LVM,
        one_disk=one_disk,
        same_disk=fields.texts("same_disk"),
        other_disk=fields.texts("other_disk"),
        on=fields.text("array"),
        extent=_power(fields, "extent", 4 * MIB, MIB, 1024 * MIB),
        metadata=_whole(fields, "metadata", 64 * MIB),
        copies=fields.number("copies", 2, 1, 2),
        label=fields.text("label"),
        volumes=tuple(_logical(one, inner) for one, inner in fields.named("volumes", MOST_VOLUMES)),
    )


def _logical(name: str, fields: Fields) -> LogicalSpec:
    _check_name(name, fields)
    made = LogicalSpec(name, amount(fields), content(fields))
    fields.done()
    return made


def _power(fields: Fields, key: str, default: int, low: int, high: int) -> int:
    count = fields.bytes(key, default)
    if low <= count <= high and count & (count - 1) == 0:
        return count
    limits = f"from {size_text(low)} to {size_text(high)}"
    fields.problem(key, f"must be a power of two {limits}, not {size_text(count)}")
    return default


def _whole(fields: Fields, key: str, default: int) -> int:
    count = fields.bytes(key, default)
    if count % MIB == 0 and MIB <= count <= 1024 * MIB:
        return count
    fields.problem(key, f"must be whole MiB from 1 MiB to 1 GiB, not {size_text(count)}")
    return default


def _contradictions(schema: Schema) -> list[str]:
    """What is wrong between volumes that are each right."""
    known = {volume.name: volume for volume in schema.volumes}
    service = {volume.name: volume for volume in schema.boot.volumes()} if schema.boot else {}
    found = [f"volumes.{name}: the boot disk has a partition of this name" for name in known if name in service]
    for volume in schema.volumes:
        for key, names in (("same_disk", volume.same_disk), ("other_disk", volume.other_disk), ("array", (volume.on,))):
            found += [
                f"volumes.{volume.name}.{key}: {fault}"
                for one in names
                if one and (fault := _about(volume, key, one, known | service))
            ]
        if volume.same_disk and not volume.single:
            found.append(f"volumes.{volume.name}.same_disk: the group may be on several disks; add `one_disk: true`")
        found += [f"volumes.{volume.name}: {fault}" for fault in _sizeless(volume, schema.volumes)]
    return found


def _sizeless(volume: VolumeSpec, volumes: tuple[VolumeSpec, ...]) -> list[str]:
    """An array takes its size from the group on it, and a group from its volumes; both sides can't say it, nor neither."""
    carried = [group for group in volumes if group.on == volume.name]
    if len(carried) > 1:
        return [f"it carries {len(carried)} groups; one array carries one"]
    if carried and carried[0].amount is not UNSAID and volume.amount is not UNSAID:
        return [f"both it and the group {carried[0].name!r} on it say how large they are to be; leave one out"]
    if carried and volume.content.file_system:
        return [f"it has a file system, but carries the group {carried[0].name!r}"]
    told = volume.amount is not UNSAID or carried or volume.reuse or volume.volumes
    return [] if told else ["say how large it is to be: size, min, max or weight"]


def _about(volume: VolumeSpec, key: str, name: str, known: dict[str, VolumeSpec]) -> str:
    other = known.get(name)
    if other is None:
        return f"{name!r} is not a volume{nearest(name, known or [BIOS_GRUB, ESP])}"
    if name == volume.name:
        return "a volume can't be named by itself"
    if key == "array" and other.kind is not Kind.RAID:
        return f"{name!r} is no array; only an array can carry a group"
    if key == "same_disk" and not other.single:
        return f"{name!r} may be on several disks"
    return f"{name!r} is on an array; name the array" if key != "array" and other.on else ""
