"""Which volumes roles have: the schema, as data that a user may replace.

`version` says how faithfully the original computation is followed: `legacy` to the last number, its faults included; `strict`
without them. Sizes are MiB, or a generator's name with its arguments. The file `default.yaml` is the default.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from functools import cache
from importlib.resources import files
from typing import Any

from corral.domain.errors import Invalid
from corral.layouts.nailgun import reading
from corral.layouts.nailgun.generators import GENERATORS, Generator, Size, read_size
from corral.layouts.nailgun.node import NodeDisks
from corral.layouts.text import load

OTHER = "other"
"""The role whose volumes a node has when the schema knows none of its own."""


class Version(StrEnum):
    """How the computation behaves where the original is at fault."""

    LEGACY = "legacy"
    STRICT = "strict"


class Allocate(StrEnum):
    """How much of the disks a volume gets: its minimum, an equal part of all that is left, or every disk that is still free."""

    MIN = "min"
    ALL = "all"
    FULL_DISK = "full-disk"


class Kind(StrEnum):
    """What a volume is."""

    GROUP = "vg"
    PARTITION = "partition"
    RAID = "raid"


@dataclass(frozen=True, slots=True)
class LogicalSpec:
    """A logical volume of a volume group. `size` in MiB."""

    name: str
    size: Size
    mount: str
    file_system: str


@dataclass(frozen=True, slots=True)
class VolumeSpec:
    """A volume: a volume group with `logical` volumes, or a partition on each disk, or a RAID of partitions."""

    id: str
    kind: Kind
    label: str
    min_size: Size
    logical: tuple[LogicalSpec, ...] = ()
    mount: str | None = None
    file_system: str | None = None
    guid: str | None = None
    disk_label: str | None = None


@dataclass(frozen=True, slots=True)
class Placement:
    """A volume of a role."""

    id: str
    allocate: Allocate


@dataclass(frozen=True, slots=True)
class Schema:
    """The volumes, and which ones roles have. `shun`: disks whose name starts so are not booted from when there are others;
    `follow_root`: a disk with root on it whose name starts so is booted from."""

    version: Version
    roles: Mapping[str, tuple[Placement, ...]]
    volumes: Mapping[str, VolumeSpec]
    shun: tuple[str, ...] = ()
    follow_root: tuple[str, ...] = ()
    source: Mapping[str, Any] = field(default_factory=dict, compare=False, repr=False)
    """The data that this was read from, as JSON."""

    @property
    def strict(self) -> bool:
        """Whether the original's faults are mended."""
        return self.version is Version.STRICT


def default_schema(version: Version = Version.LEGACY) -> Schema:
    """The schema that Corral brings."""
    return read_schema({"version": str(version)})


@cache
def _default_data() -> str:
    # As text, so that nobody who gets the data can change it for all.
    return json.dumps(load(files(__package__).joinpath("default.yaml").read_text(encoding="utf-8")))


def load_schema(text: str) -> Schema:
    """A schema from YAML or JSON. Raises Invalid."""
    return read_schema(load(text))


def read_schema(data: Any) -> Schema:
    """A schema from data; keys that are left out are those of the default. Raises Invalid, with the place of what is wrong."""
    given = reading.mapping(data, "schema", ("version", *_PARTS))
    default = json.loads(_default_data())
    if "volumes" in given and "volumes_roles_mapping" not in given:
        raise Invalid("schema: has volumes and no volumes_roles_mapping.", fix="Say which roles have them.")
    whole = {**default, **given}
    volumes = _volumes(whole["volumes"])
    boot = _boot_rules(whole["rule_to_pick_boot_disk"])
    return Schema(
        version=Version(reading.choice(whole["version"], "version", list(Version))),
        roles=_roles(whole["volumes_roles_mapping"], volumes),
        volumes=volumes,
        shun=boot["exclude_disks_by_name"],
        follow_root=boot["pick_root_disk_if_disk_name_match"],
        source=whole,
    )


def volumes_of(node: NodeDisks, schema: Schema) -> tuple[tuple[VolumeSpec, Allocate], ...]:
    """The node's volumes, each once, in the order of its roles; none without roles. Raises Invalid for roles without volumes,
    which in the strict version are all that the schema does not name."""
    if not node.roles:
        return ()
    unknown = [role for role in node.roles if role not in schema.roles]
    if unknown and schema.strict:
        known = set(schema.roles) - {OTHER}
        raise Invalid(f"The schema has no volumes for the role {unknown[0]!r}.", fix=reading.nearest(unknown[0], known))
    placements = [one for role in node.roles for one in _of_role(role, node, schema)] or _of_role(OTHER, node, schema)
    if not placements:
        raise Invalid(
            f"The schema has no volumes for the roles {', '.join(node.roles)}.", fix=f"Add a role, or {OTHER!r}, to it."
        )
    first = {one.id: one for one in reversed(placements)}
    return tuple((schema.volumes[id], _allocate(first[id], node)) for id in dict.fromkeys(one.id for one in placements))


def _of_role(role: str, node: NodeDisks, schema: Schema) -> list[Placement]:
    # A controller stores Glance's images only while they are not in Ceph.
    drop = "image" if role == "controller" and node.images_ceph else None
    return [one for one in schema.roles.get(role, ()) if one.id != drop]


def _allocate(placement: Placement, node: NodeDisks) -> Allocate:
    # A volume that wants whole disks could never share the only one with the system.
    alone = placement.allocate is Allocate.FULL_DISK and len(node.disks) == 1
    return Allocate.ALL if alone else placement.allocate


# --- reading ------------------------------------------------------------------------------------------------

_PARTS = ("volumes_roles_mapping", "volumes", "rule_to_pick_boot_disk")
_VOLUME_KEYS = (
    *("id", "type", "label", "min_size", "volumes", "mount"),
    *("file_system", "name", "partition_guid", "disk_label"),
)
_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9_.+-]*")


def _name(value: Any, where: str) -> str:
    name = reading.text(value, where, 64)
    if not _NAME.fullmatch(name):
        raise Invalid(f"{where}: {name!r} can't be the name of a volume.", fix="Use letters, digits, and `_.+-`.")
    return name


def _roles(data: Any, volumes: Mapping[str, VolumeSpec]) -> dict[str, tuple[Placement, ...]]:
    where = "volumes_roles_mapping"
    if not isinstance(data, Mapping):
        raise Invalid(f"{where}: is not an object.", fix="Give an object with a list of volumes for each role.")
    roles = {}
    for role, placements in data.items():
        place = f"{where}.{reading.text(role, where)}"
        listed = reading.sequence(placements, place, 64)
        roles[role] = tuple(_placement(one, f"{place}[{n}]", volumes) for n, one in enumerate(listed))
    return roles


def _placement(data: Any, where: str, volumes: Mapping[str, VolumeSpec]) -> Placement:
    given = reading.mapping(data, where, ("id", "allocate_size"), ("id", "allocate_size"))
    allocate = reading.choice(given["allocate_size"], f"{where}.allocate_size", list(Allocate))
    return Placement(reading.choice(given["id"], f"{where}.id", volumes), Allocate(allocate))


def _volumes(data: Any) -> dict[str, VolumeSpec]:
    listed = [_volume(one, f"volumes[{n}]") for n, one in enumerate(reading.sequence(data, "volumes", 128))]
    volumes = {one.id: one for one in listed}
    if len(volumes) != len(listed):
        raise Invalid("volumes: two have the same id.", fix="Give each its own.")
    for n, volume in enumerate(listed):
        for logical in volume.logical:
            _refer(logical.size, f"volumes[{n}].volumes", volumes)
    return volumes


def _volume(data: Any, where: str) -> VolumeSpec:
    given = reading.mapping(data, where, _VOLUME_KEYS, ("id", "type", "min_size"))
    kind = Kind(reading.choice(given["type"], f"{where}.type", list(Kind)))
    if kind is not Kind.GROUP:
        reading.mapping(given, where, _VOLUME_KEYS, ("mount", "file_system"))
    logical = reading.sequence(given.get("volumes") or (), f"{where}.volumes", 64)
    named = tuple(_logical(one, f"{where}.volumes[{n}]") for n, one in enumerate(logical))
    if len({one.name for one in named}) != len(named):
        raise Invalid(f"{where}.volumes: two have the same name.", fix="Give each its own.")
    id = _name(given["id"], f"{where}.id")
    plain = {"mount": "mount", "file_system": "file_system", "partition_guid": "guid", "disk_label": "disk_label"}
    texts = {to: reading.text(given[key], f"{where}.{key}") for key, to in plain.items() if given.get(key)}
    return VolumeSpec(
        id=id,
        kind=kind,
        label=reading.text(given.get("label") or id, f"{where}.label"),
        min_size=read_size(given["min_size"], f"{where}.min_size"),
        logical=named,
        **texts,
    )


def _logical(data: Any, where: str) -> LogicalSpec:
    given = reading.mapping(data, where, ("name", "type", "mount", "file_system", "size"), ("name", "size"))
    reading.choice(given.get("type", "lv"), f"{where}.type", ("lv",))
    return LogicalSpec(
        name=_name(given["name"], f"{where}.name"),
        size=read_size(given["size"], f"{where}.size"),
        mount=reading.text(given.get("mount") or "none", f"{where}.mount"),
        file_system=reading.text(given.get("file_system") or "xfs", f"{where}.file_system", 32),
    )


def _refer(size: Size, where: str, volumes: Mapping[str, VolumeSpec]) -> None:
    """A generator that sums up a volume group must name one."""
    if isinstance(size, Generator) and GENERATORS[size.name].of_group:
        reading.choice(size.args[0], f"{where}: {size.name}", volumes)


_RULES = ("exclude_disks_by_name", "pick_root_disk_if_disk_name_match")
_START = re.compile(r"\^([A-Za-z0-9_-]+)")


def _boot_rules(data: Any) -> dict[str, tuple[str, ...]]:
    found: dict[str, list[str]] = {rule: [] for rule in _RULES}
    for n, one in enumerate(reading.sequence(data, "rule_to_pick_boot_disk", 16)):
        where = f"rule_to_pick_boot_disk[{n}]"
        given = reading.mapping(one, where, ("type", "regex", "root_mount", "description"), ("type", "regex"))
        # A pattern of a user could take for ever; the start of a name is all that rules ever needed.
        start = _START.fullmatch(reading.text(given["regex"], f"{where}.regex", 64))
        if start is None:
            raise Invalid(f"{where}.regex: only the start of a name can be matched.", fix="Write it as `^nvme`.")
        found[reading.choice(given["type"], f"{where}.type", _RULES)].append(start[1])
    return {rule: tuple(starts) for rule, starts in found.items()}
