"""What a pod has of systems that were composed there, in few requests: each system's own record, and seldom a block's.

Rule: few systems are read by themselves, many by the list of all. One that is not in that list is asked for before it is gone, and
one that can't be read is unknown. A pod that is no pod any more is asked nothing else.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from typing import Any

from corral.domain.errors import CorralError, DriverFailed, NotFound
from corral.domain.sync_pods import Assemblies, Assembly
from corral.drivers.redfish import reading
from corral.drivers.redfish.pool import SYSTEMS, block_status, service
from corral.drivers.redfish.walk import Walk

_FEW = 8
"""So many systems are read by themselves, with their blocks; of more the list of all costs less."""
_ASKED = 50
"""So many systems that a list lacks are asked for by themselves in a look; of the others nothing is known."""
_DOUBLED = 200
"""So many blocks that several systems have are asked whether they may be shared; of the others that is taken for granted."""
_MOST_BLOCKS = 1_000
_AMISS = frozenset({"Disabled", "Absent", "UnavailableOffline", "Quiesced", "Deferring"})
"""Words of Status.State for a system that is not in use. StandbyOffline is said of one that is switched off, too."""

Row = Mapping[str, Any] | CorralError
"""What a path answered; NotFound for nothing there."""


def read_assemblies(walk: Walk, claimed: Mapping[str, Collection[str]]) -> Assemblies:
    """What there is of these systems; see `TellsAssemblies`."""
    service(walk)  # whoever answers there without composing anything says nothing of our systems
    return _by_list(walk, claimed) if len(claimed) > _FEW else _one_by_one(walk, claimed)


def _by_list(walk: Walk, claimed: Mapping[str, Collection[str]]) -> Assemblies:
    listed = walk.members(SYSTEMS)
    missing = sorted(claimed.keys() - set(listed))
    rows = _rows(walk, [*listed, *missing[:_ASKED]])
    assemblies = _assemblies(walk, rows)
    holders: dict[str, list[str]] = {}
    for one in assemblies.values():
        for block in one.blocks or ():
            holders.setdefault(block, []).append(one.system)
    wanted = {block for blocks in claimed.values() for block in blocks}
    doubled = sorted(block for block, systems in holders.items() if len(systems) > 1 and _ours(systems, claimed))
    shared = _shared(_rows(walk, doubled[:_DOUBLED]), walk) | set(doubled[_DOUBLED:])
    unsure = frozenset((_unread(rows, assemblies) | set(missing[_ASKED:])) & claimed.keys())
    known = {block: systems for block, systems in holders.items() if block in wanted or block in doubled}
    return _sure(Assemblies(_only(assemblies, claimed), unsure, known, frozenset(shared)), claimed, rows)


def _one_by_one(walk: Walk, claimed: Mapping[str, Collection[str]]) -> Assemblies:
    rows = _rows(walk, claimed)
    assemblies = _assemblies(walk, rows)
    blocks = {block for some in claimed.values() for block in some}
    blocks |= {block for one in assemblies.values() for block in one.blocks or ()}
    read = _rows(walk, sorted(blocks))
    holders = {path: block_status(walk, path, row).systems for path, row in read.items() if isinstance(row, Mapping)}
    found = Assemblies(assemblies, frozenset(_unread(rows, assemblies)), holders, frozenset(_shared(read, walk)))
    return _sure(found, claimed, rows)


def _rows(walk: Walk, paths: Iterable[str]) -> dict[str, Row]:
    wanted = list(dict.fromkeys(paths))
    return dict(zip(wanted, walk.all(lambda path: _row(walk, path), wanted), strict=True))


def _row(walk: Walk, path: str) -> Row:
    try:
        return walk.get(walk.links.target(path))
    except CorralError as exc:
        return exc


def _assemblies(walk: Walk, rows: Mapping[str, Row]) -> dict[str, Assembly]:
    """Those that can be read."""
    found = {}
    for path, row in rows.items():
        if isinstance(row, Mapping):
            try:
                found[path] = _assembly(walk, path, row)
            except DriverFailed:
                continue  # it is told as one that can't be read
    return found


def _assembly(walk: Walk, path: str, row: Mapping[str, Any]) -> Assembly:
    blocks = walk.links.all_of(reading.part(row, "Links"), "ResourceBlocks")
    if len(blocks) > _MOST_BLOCKS:
        raise DriverFailed(f"System {path} has {len(blocks)} blocks, which nobody composed.")
    state = reading.text(reading.part(row, "Status"), "State")
    return Assembly(path, reading.text(row, "Name"), state if state in _AMISS else "", frozenset(blocks))


def _unread(rows: Mapping[str, Row], read: Mapping[str, Assembly]) -> set[str]:
    return {path for path, row in rows.items() if path not in read and not isinstance(row, NotFound)}


def _ours(systems: Iterable[str], claimed: Mapping[str, Collection[str]]) -> bool:
    return any(one in claimed for one in systems)


def _only(found: Mapping[str, Assembly], claimed: Mapping[str, Collection[str]]) -> dict[str, Assembly]:
    return {path: one for path, one in found.items() if path in claimed}


def _shared(rows: Mapping[str, Row], walk: Walk) -> set[str]:
    """Blocks that several systems may have; one that can't be read is not blamed."""
    return {
        path for path, row in rows.items() if not isinstance(row, Mapping) or block_status(walk, path, row).limit > 1
    }


def _sure(found: Assemblies, claimed: Mapping[str, Collection[str]], rows: Mapping[str, Row]) -> Assemblies:
    """Raise what was answered when nothing could be read at all."""
    if claimed and found.unsure >= claimed.keys():
        first = next((row for row in rows.values() if isinstance(row, CorralError)), None)
        raise first or DriverFailed("None of the pod's systems could be read.")
    return found
