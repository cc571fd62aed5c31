"""What the service does: keeps nodes, computes their layouts, and applies what people edit.

Rule: a layout is computed when disks, roles or schema change, and only then; in between it is its editors'. What they write is
checked as a whole, and refused with everything that is wrong.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Any

from corral.bareon_api import compute, edits, spaces
from corral.bareon_api.checks import problems
from corral.bareon_api.compute import Shape
from corral.bareon_api.documents import NewNode, NodeBody, Record
from corral.bareon_api.objects import Kind, Object, Partition, Partitioning
from corral.bareon_api.storage import Nodes, Stored
from corral.domain.errors import Conflict, Invalid, NotFound, Refused
from corral.domain.layout import SECTOR
from corral.domain.reasons import Reason
from corral.layouts.read_nailgun_simple import disk_device


class Service:
    """The use cases, each in one transaction. `expected` is the version that a client has seen, or None."""

    def __init__(self, nodes: Nodes) -> None:
        self.nodes = nodes

    # --- nodes ------------------------------------------------------------------------------------------------

    def create(self, body: NewNode) -> Stored:
        """A new node with its layout. The same once more is no error: the first answer may have been lost.

        Raises Conflict when the id is taken by a node that was told of otherwise."""
        new = _new(body.id, body)
        try:
            return self.nodes.add(new)
        except Conflict:
            there = self.nodes.get(body.id)
            if there.facts == new.facts and (body.disks is None or new.disks == there.disks):
                return there
            raise

    def put(self, node: str, body: NodeBody, expected: str | None) -> Stored:
        """The node with other facts, and other disks if the body has any; made if it is not there."""

        def change(before: Stored) -> Stored:
            return _relaid(before, body.facts(), body.stored_disks())

        return self._put(node, expected, change, lambda: _new(node, body))

    def put_record(self, node: str, record: Record, expected: str | None) -> Stored:
        """The node exactly as a record of it says; made if it is not there. Raises Refused."""

        def change(before: Stored) -> Stored:
            return _checked_record(replace(before, **record.parts()))

        return self._put(node, expected, change, lambda: change(Stored(node)))

    def _put(
        self, node: str, expected: str | None, change: Callable[[Stored], Stored], make: Callable[[], Stored]
    ) -> Stored:
        try:
            return self.nodes.change(node, expected, change)
        except NotFound:
            if expected is not None:
                raise
        try:
            return self.nodes.add(make())
        except Conflict:  # somebody else made it between our two looks
            return self.nodes.change(node, None, change)

    def put_disks(self, node: str, disks: list[dict[str, Any]], expected: str | None) -> Stored:
        """The node with these disks. Its layout is computed anew, unless they are the ones that it was made for."""
        return self.nodes.change(node, expected, lambda before: _relaid(before, before.facts, disks))

    def disk(self, node: str, number: int) -> tuple[str, dict[str, Any]]:
        """The node's version, and its disk of that number, from 1. Raises NotFound."""
        found = self.nodes.get(node)
        if not 1 <= number <= len(found.disks):
            raise NotFound(f"The node {node} has no disk {number}.", fix=f"It has {len(found.disks)}, counted from 1.")
        return found.version, found.disks[number - 1]

    # --- layouts ----------------------------------------------------------------------------------------------

    def put_spaces(self, node: str, new: list[dict[str, Any]], edited: bool, expected: str | None) -> Stored:
        """The node with these spaces, and the layout that follows from them. Raises Invalid."""

        def change(before: Stored) -> Stored:
            return _with_spaces(before, _shape(before), new, edited)

        return self.nodes.change(node, expected, change)

    def set_volumes(self, node: str, wanted: list[Any], expected: str | None) -> Stored:
        """The node with the volumes on its disks as a user wants them, in the simple form. Raises Invalid."""

        def change(before: Stored) -> Stored:
            shape = _shape(before)
            return _with_spaces(before, shape, compute.spaces_set(before.spaces, wanted, shape), edited=True)

        return self.nodes.change(node, expected, change)

    def layout(self, node: str) -> tuple[str, Partitioning]:
        """The node's version and layout. Raises Refused when nothing can be laid out from its spaces; why."""
        found = self.nodes.get(node)
        return found.version, _layout(found)

    def partitioning(self, node: str) -> tuple[str, str]:
        """The same as the text that agents read."""
        version, content = self.nodes.document(node, "partitioning")
        if content == "{}":
            self.layout(node)
        return version, content

    def written_for(self, node: str, target: compute.Target) -> tuple[str, dict[str, Any]]:
        """The node's version, and its layout in another agent's form. Raises Refused."""
        found = self.nodes.get(node)
        return found.version, compute.written_for(target, _layout(found), found.disks)

    def follows(self, node: Stored) -> bool:
        """Whether the layout is just what the spaces say: nobody has edited what they can't, or it was taken back."""
        return node.follows or node.partitioning == _follows(_shape(node), node.spaces)

    def put_partitioning(self, node: str, layout: Partitioning, expected: str | None) -> Stored:
        """The node with another layout altogether. Raises Refused."""
        return self._edit(node, lambda _before: layout, expected)

    def put_object(self, node: str, kind: Kind, name: str, new: Object, expected: str | None) -> Stored:
        """One object in its place. Raises Invalid, Refused."""
        return self._edit(node, lambda layout: edits.put(layout, kind, name, new), expected)

    def remove_object(self, node: str, kind: Kind, name: str, expected: str | None) -> Stored:
        """The layout without an object and what is built on it. Raises NotFound, Refused."""
        return self._edit(node, lambda layout: edits.remove(layout, kind, name), expected)

    def put_partition(self, node: str, disk: str, name: str, new: Partition, expected: str | None) -> Stored:
        """One partition in its place. Raises NotFound, Invalid, Refused."""
        return self._edit(node, lambda layout: edits.put_partition(layout, disk, name, new), expected)

    def remove_partition(self, node: str, disk: str, name: str, expected: str | None) -> Stored:
        """The layout without a partition and what is built on it. Raises NotFound, Refused."""
        return self._edit(node, lambda layout: edits.remove_partition(layout, disk, name), expected)

    def _edit(self, node: str, edit: Callable[[Partitioning], Partitioning], expected: str | None) -> Stored:
        def change(before: Stored) -> Stored:
            was = Partitioning.model_validate(before.partitioning)
            now = edit(was)
            if now.as_json() == was.as_json():
                return before
            _refuse(node, _wrong(before, now))
            seen = spaces.as_edited(before.spaces, was, now)
            return replace(before, partitioning=now.as_json(), spaces=seen, edited=True, follows=False)

        return self.nodes.change(node, expected, change)


def _new(node: str, body: NodeBody) -> Stored:
    empty = Stored(node, body.facts(), body.stored_disks() or [])
    shape = _shape(empty)
    if body.disks is None:
        return empty  # they come later; until then there is nothing to lay out
    return _with_spaces(empty, shape, compute.spaces(shape), edited=False)


def _relaid(before: Stored, facts: Mapping[str, Any], disks: list[dict[str, Any]] | None) -> Stored:
    """The node with these facts and disks; laid out anew only where something has changed that a layout follows from."""
    after = replace(before, facts=facts, disks=before.disks if disks is None else disks)
    shape = _shape(after)
    if disks is None and not after.disks:
        return after
    was = _shape(before)
    if before.spaces and (shape == was or (shape.basis() == was.basis() and not before.follows)):
        return after
    renewed, edited = compute.spaces_renewed(before.spaces, before.edited, shape)
    return after if renewed == before.spaces else _with_spaces(after, shape, renewed, edited)


def _shape(node: Stored) -> Shape:
    return Shape.of(node.facts, node.disks)


def _with_spaces(node: Stored, shape: Shape, new: list[dict[str, Any]], edited: bool) -> Stored:
    return replace(node, spaces=new, partitioning=_follows(shape, new), edited=edited, follows=True)


def _follows(shape: Shape, of: list[dict[str, Any]]) -> dict[str, Any]:
    """The layout that follows from spaces; empty when none does. That is told when somebody asks for it, as volume_manager does:
    a node whose disks are too small can be known, and gets larger ones."""
    try:
        return compute.partitioning(shape, of)
    except (Invalid, Refused):
        return {}


def _layout(node: Stored) -> Partitioning:
    if not node.partitioning and node.spaces:
        compute.partitioning(_shape(node), node.spaces)  # raises what is wrong
    return Partitioning.model_validate(node.partitioning)


def _checked_record(node: Stored) -> Stored:
    """A record may have what the computation gives; anything else must be possible."""
    follows = node.partitioning == _follows(_shape(node), node.spaces)
    if not follows:
        _refuse(node.id, _wrong(node, Partitioning.model_validate(node.partitioning)))
    return replace(node, follows=follows)


def _wrong(node: Stored, layout: Partitioning) -> list[Reason]:
    return problems(layout, {disk_device(disk["name"]): _usable(disk) for disk in node.disks})


def _usable(disk: Mapping[str, Any]) -> int:
    """A disk's bytes in whole sectors."""
    sector = disk.get("sector") or SECTOR
    return int(disk["size"]) // int(sector) * int(sector)


def _refuse(node: str, wrong: list[Reason]) -> None:
    if wrong:
        raise Refused(f"The layout of {node} would be impossible.", wrong)
