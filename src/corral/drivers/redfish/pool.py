"""Blocks, zones and systems of a pod, as they are at one look."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from corral.domain.blocks import Adapter, Block, BlockKind, BlockState, ComposedSystem, Drive, Limit, Pool, Zone
from corral.domain.errors import DriverFailed, NotFound, NotSupported, Unreachable
from corral.drivers.redfish import reading
from corral.drivers.redfish.walk import Walk

ROOT = "/redfish/v1"
SYSTEMS = f"{ROOT}/Systems"
_WHOLE = "all blocks"


def service(walk: Walk) -> Mapping[str, Any]:
    """The composition service. Raises NotSupported where there is none."""
    path = walk.links.of(walk.get(f"{ROOT}/"), "CompositionService")
    if path is None:
        raise NotSupported("This Redfish service has no CompositionService: nothing can be composed there.")
    return walk.get(path)


def read_pool(walk: Walk) -> Pool:
    """Every block and zone."""
    found = service(walk)
    path = walk.links.of(found, "ResourceBlocks")
    if path is None:
        raise DriverFailed("The CompositionService has no ResourceBlocks.")
    blocks = walk.all(lambda one: read_or_problem(walk, one), walk.members(path))
    _all_wrong(blocks)
    zones = _zones(walk, found, blocks)
    return Pool(tuple(_in_zones(block, zones) for block in blocks), zones)


def read_or_problem(walk: Walk, path: str) -> Block:
    """One block; with `problem` when it can't be read."""
    try:
        return read_block(walk, path)
    except (DriverFailed, NotFound, Unreachable) as exc:
        return Block(path, frozenset(), state=BlockState.UNKNOWN, problem=exc.message[:300])


def read_block(walk: Walk, path: str) -> Block:
    """One block with what it is made of."""
    found = walk.get(path)
    block = block_status(walk, path, found)
    processors = [walk.get(one) for one in walk.links.all_of(found, "Processors")]
    systems = [_figures(walk, walk.get(one)) for one in walk.links.all_of(found, "ComputerSystems")]
    return replace(
        block,
        cores=reading.cores(processors) + sum(one.cores for one in systems),
        memory=reading.memory(walk.get(one) for one in walk.links.all_of(found, "Memory"))
        + sum(one.memory for one in systems),
        drives=_drives(walk, found),
        adapters=tuple(reading.adapter(walk.get(one)) for one in walk.links.all_of(found, "EthernetInterfaces"))
        + tuple(Adapter(mac=mac) for one in systems for mac in one.macs),
        traits=reading.traits(processors),
        problem="" if block.kinds else "The service does not say of what type it is.",
    )


def block_status(walk: Walk, path: str, found: Mapping[str, Any]) -> Block:
    """What a block's own record says, without what it is made of."""
    status, links = reading.part(found, "CompositionStatus"), reading.part(found, "Links")
    return Block(
        id=path,
        kinds=reading.kinds(found),
        name=reading.text(found, "Name"),
        state=reading.state(status),
        healthy=reading.healthy(found),
        reserved=reading.flag(status, "Reserved"),
        zones=frozenset(walk.links.all_of(links, "Zones")),
        systems=walk.links.all_of(links, "ComputerSystems"),
        limit=reading.sharing(status),
    )


def read_systems(walk: Walk, name: str | None = None) -> list[ComposedSystem]:
    """Every system; with `name` those that bear it, of which only these are read in full. One that was released meanwhile is left
    out."""
    found = walk.all(lambda path: _system_or_none(walk, path, name), walk.members(SYSTEMS))
    return [one for one in found if one is not None]


def read_system(walk: Walk, path: str) -> ComposedSystem:
    """One system. Raises NotFound."""
    return _system(walk, path, walk.get(path))


def _system_or_none(walk: Walk, path: str, name: str | None) -> ComposedSystem | None:
    try:
        found = walk.get(path)
        return _system(walk, path, found) if name in (None, found.get("Name")) else None
    except NotFound:
        return None


def _system(walk: Walk, path: str, found: Mapping[str, Any]) -> ComposedSystem:
    figures = _figures(walk, found)
    return replace(
        figures,
        id=path,
        name=reading.text(found, "Name"),
        uuid=reading.text(found, "UUID"),
        composed=found.get("SystemType") == "Composed",
        blocks=frozenset(walk.links.all_of(reading.part(found, "Links"), "ResourceBlocks")),
        power=reading.text(found, "PowerState"),
    )


def _figures(walk: Walk, found: Mapping[str, Any]) -> ComposedSystem:
    """Cores, memory, MACs and architecture of a system: its summaries, or its parts where these say nothing."""
    processors: list[Mapping[str, Any]] = []
    cores = reading.number(reading.part(found, "ProcessorSummary"), "CoreCount")
    gib = reading.part(found, "MemorySummary").get("TotalSystemMemoryGiB")
    memory = int(gib * 1024) if isinstance(gib, int | float) and 0 < gib < 2**30 else 0
    if not cores or not reading.architecture(found, ()):
        processors = _parts(walk, found, "Processors")
    return ComposedSystem(
        id="",
        name="",
        cores=cores or reading.cores(processors),
        memory=memory or reading.memory(_parts(walk, found, "Memory")),
        macs=_macs(walk, found),
        architecture=reading.architecture(found, processors),
    )


def _macs(walk: Walk, found: Mapping[str, Any]) -> tuple[str, ...]:
    adapters = map(reading.adapter, _parts(walk, found, "EthernetInterfaces"))
    return tuple(dict.fromkeys(one.mac for one in adapters if one.mac))


def _parts(walk: Walk, found: Mapping[str, Any], key: str) -> list[Mapping[str, Any]]:
    path = walk.links.of(found, key)
    return [walk.get(one) for one in walk.members(path)] if path else []


def _drives(walk: Walk, found: Mapping[str, Any]) -> tuple[Drive, ...]:
    paths = dict.fromkeys(walk.links.all_of(found, "Drives"))
    for storage in walk.links.all_of(found, "Storage"):
        paths.update(dict.fromkeys(walk.links.all_of(walk.get(storage), "Drives")))
    drives = [reading.drive(walk.get(path)) for path in paths]
    for simple in walk.links.all_of(found, "SimpleStorage"):
        devices = walk.get(simple).get("Devices")
        found_here = devices if isinstance(devices, list) else []
        drives += [reading.drive(one) for one in found_here if isinstance(one, Mapping)]
    return tuple(one for one in drives if one.size)


def _zones(walk: Walk, found: Mapping[str, Any], blocks: list[Block]) -> tuple[Zone, ...]:
    """The zones in which systems can be composed, each with its limits. A pod without zones is one."""
    path = walk.links.of(found, "ResourceZones")
    paths = walk.members(path) if path else ()
    capable = _capable(walk)
    if not paths:
        limits = next(iter(capable.values()), {})
        return (Zone(_WHOLE, _WHOLE, frozenset(block.id for block in blocks), limits),)
    composing = [one for one in paths if one in capable] if set(capable) & set(paths) else list(paths)
    return tuple(_zone(walk, one, blocks, capable.get(one, {})) for one in composing)


def _zone(walk: Walk, path: str, blocks: list[Block], limits: Mapping[BlockKind, Limit]) -> Zone:
    found = walk.get(path)
    said = set(walk.links.all_of(reading.part(found, "Links"), "ResourceBlocks"))
    said |= {block.id for block in blocks if path in block.zones}
    return Zone(path, reading.text(found, "Name"), frozenset(said), limits)


def _capable(walk: Walk) -> dict[str, dict[BlockKind, Limit]]:
    """Limits of each zone of which the collection of systems says that they can be composed of; "" where no zone is named."""
    found: dict[str, dict[BlockKind, Limit]] = {}
    for one in reading.capabilities(walk.get(SYSTEMS)):
        described = walk.links.of(one, "CapabilitiesObject")
        limits = reading.limits(walk.get(described)) if described else {}
        for zone in walk.links.all_of(reading.part(one, "Links"), "RelatedItem") or ("",):
            found[zone] = {**found.get(zone, {}), **limits}
    return found


def _in_zones(block: Block, zones: tuple[Zone, ...]) -> Block:
    return replace(block, zones=frozenset(zone.id for zone in zones if block.id in zone.blocks))


def _all_wrong(blocks: list[Block]) -> None:
    """A service that answers nothing about any block is not a pod full of bad blocks."""
    if blocks and all(block.problem for block in blocks):
        raise DriverFailed(f"None of {len(blocks)} blocks could be read. The first: {blocks[0].problem}")
