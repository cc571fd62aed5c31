"""What keeps the volumes of a node's roles from its disks: the smallest sets of requirements that can't be kept together.

Rule: what is feasible is `nailgun.checks`' and `nailgun.layout`'s to say; here it is only put into words and data.
"""

from __future__ import annotations

from collections.abc import Iterator

from corral.domain.errors import Invalid
from corral.domain.layout import MIB
from corral.layouts.exact.amounts import size_text
from corral.layouts.explained import Conflict, Requirement
from corral.layouts.nailgun import NodeDisks, Schema, Spaces
from corral.layouts.nailgun.checks import check_disk_space, lacking
from corral.layouts.nailgun.compute import NO_DISKS, facts_of
from corral.layouts.nailgun.generators import BOOT, BOOT_RECORDS, MEMORY_KEY, mib
from corral.layouts.nailgun.schema import volumes_of

_MORE = "Give the node more disk space, or fewer roles; or lower the minimums in the schema."


def no_disks(node: NodeDisks) -> Conflict:
    """A node with roles, of which no disks are known."""
    roles = ", ".join(node.roles)
    return Conflict(
        (
            Requirement("size", "volumes", words=f"node: roles = {roles}: they have volumes"),
            Requirement("disks", "node", words="node: meta.disks has none"),
        ),
        f"{NO_DISKS}, and its roles ({roles}) have volumes.",
        "Have its agent tell of them, or take its roles away.",
    )


def conflicts(node: NodeDisks, schema: Schema, spaces: Spaces, failure: Invalid | None) -> Iterator[Conflict]:
    """Everything that keeps the layout from being had; nothing when it can. `failure`: why no exact layout came of the spaces."""
    if not node.roles:
        return
    if check_disk_space(node, schema) is not None:
        yield _too_much(node, schema)
    else:
        for label, size, minimum in lacking(spaces, node, schema):
            yield _short(label, size, minimum, schema)
    if failure is not None:
        yield _impossible(node, spaces, failure)


def _too_much(node: NodeDisks, schema: Schema) -> Conflict:
    """The largest minimums, as many as it takes to need more than there is: without any of them the rest would fit."""
    facts = facts_of(node)
    there = sum(disk.mib for disk in node.disks)
    boot = sum(BOOT + BOOT_RECORDS for disk in node.disks if disk.mib)
    asked = sorted(((mib(one.min_size, facts), one.id) for one, _ in volumes_of(node, schema)), reverse=True)
    alone = sum(minimum for minimum, _ in asked) > there  # what booting takes does not matter then
    needed, found = 0 if alone else boot, list[Requirement]()
    for minimum, volume in asked:
        if needed > there:
            break
        needed += minimum
        found.append(Requirement("size", volume, words=f"{volume} needs at least {_size(minimum)}"))
    if not alone:
        disks = "1 disk sets" if len(node.disks) == 1 else f"{len(node.disks)} disks set"
        found.append(Requirement("boot", "disks", words=f"{disks} {_size(boot)} aside for booting"))
    words = "; ".join(one.words for one in found)
    return Conflict(
        tuple(found), f"Together that is {_size(needed)}, and the disks have {_size(there)}: {words}.", _MORE
    )


def _short(label: str, size: int, minimum: int, schema: Schema) -> Conflict:
    """There is enough room for all, but not where this volume looks for it."""
    way = "what LVM takes for itself on each disk comes off, and a volume is never moved for another's sake"
    by_hand = "Place the volumes by hand (PUT /v1/nodes/N/disks), or give the node a little more disk space."
    if not schema.strict:
        way = "minimums fill the disks first, whole disks are taken next, and what is left is shared in equal parts"
        by_hand = "Use the strict schema, which keeps minimums, or place the volumes by hand (PUT /v1/nodes/N/disks)."
    return Conflict(
        (
            Requirement("size", label, words=f"{label} needs at least {_size(minimum)}"),
            Requirement("share", label, words=f"the way volumes are placed leaves it {_size(size)}"),
        ),
        f"{label} needs at least {_size(minimum)} and gets {_size(size)}: {way}.",
        by_hand,
    )


def _impossible(node: NodeDisks, spaces: Spaces, failure: Invalid) -> Conflict:
    root = next((group for group in spaces.groups if any(one.mount == "/" for one in group.logical)), None)
    if root is None or repr(root.id) not in failure.message:
        return Conflict((Requirement("boot", "disks", words=failure.message),), failure.message, failure.fix)
    others = [one for one in root.logical if one.mount != "/"]
    found = [
        Requirement("size", f"{root.id}/{one.name}", words=f"{root.id}/{one.name} takes {_size(one.size)}")
        for one in others
    ]
    found.append(Requirement("disks", root.id, words=f"{root.id} has {_size(spaces.allocated(root.id))} on all disks"))
    memory = f" Swap follows from the memory ({MEMORY_KEY}: {size_text(node.memory)})." if others else ""
    return Conflict(tuple(found), f"{failure.message}{memory}", failure.fix)


def _size(mebibytes: int) -> str:
    return size_text(mebibytes * MIB)
