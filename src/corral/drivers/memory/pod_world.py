"""The service of a pod in memory: blocks, zones, composed systems, and the faults of real services as levers."""

from __future__ import annotations

import threading
import uuid
from dataclasses import dataclass, replace

from corral.domain.blocks import Adapter, Block, BlockKind, BlockState, Drive, Media, Pool, Zone

GIB = 1024**3
SYSTEMS = "/redfish/v1/Systems"
BLOCKS = "/redfish/v1/CompositionService/ResourceBlocks"


@dataclass(slots=True)
class SystemRecord:
    """A system as the service keeps it."""

    id: str
    name: str
    uuid: str
    blocks: tuple[str, ...]
    composed: bool = True
    power: str = "Off"


class PodWorld:
    """All records, under one lock. `double_allocates`: lets a block that a system has be composed once more, as some services do.
    `stingy`: leaves this block out of whatever is composed next, and says that all went well."""

    def __init__(self) -> None:
        self.lock = threading.RLock()
        self.blocks: dict[str, Block] = {}
        self.zones: dict[str, Zone] = {}
        self.records: dict[str, SystemRecord] = {}
        self.double_allocates = False
        self.stingy: str | None = None

    # --- levers -------------------------------------------------------------------------------------------

    def add(self, *blocks: Block, zone: str = "zone-1") -> None:
        """Put blocks into a zone."""
        with self.lock:
            for block in blocks:
                self.blocks[block.id] = replace(block, zones=block.zones | {zone})
            old = self.zones.get(zone) or Zone(zone, zone)
            self.zones[zone] = replace(old, blocks=old.blocks | {block.id for block in blocks})

    def take(self, *blocks: str, name: str = "somebody-else") -> SystemRecord:
        """Another client composes a system."""
        with self.lock:
            return self._made(name, blocks)

    def vanish(self, system: str) -> None:
        """The system is gone, and nobody released it."""
        with self.lock:
            self._apart(self.records.pop(system))

    # --- the service --------------------------------------------------------------------------------------

    def pool(self) -> Pool:
        """Blocks and zones as they are now."""
        with self.lock:
            return Pool(tuple(self._shown(one) for one in self.blocks.values()), tuple(self.zones.values()))

    def compose(self, name: str, blocks: tuple[str, ...]) -> SystemRecord | str:
        """A new system, or the MessageId of a refusal."""
        with self.lock:
            if any(block not in self.blocks for block in blocks):
                return "ResourceBlockNotFound"
            if not any(zone.blocks >= set(blocks) for zone in self.zones.values()):
                return "IncompatibleZone"
            if not self.double_allocates and not all(self._shown(self.blocks[block]).free for block in blocks):
                return "ResourceBlockInUse"
            left_out, self.stingy = self.stingy, None
            return self._made(name, tuple(block for block in blocks if block != left_out))

    def remove(self, system: str) -> bool:
        """Take a system apart; False when there is none of that id."""
        with self.lock:
            found = self.records.pop(system, None)
            if found is not None:
                self._apart(found)
            return found is not None

    def of(self, record: SystemRecord) -> tuple[Block, ...]:
        """What a system is made of."""
        return tuple(self.blocks[block] for block in record.blocks if block in self.blocks)

    def _made(self, name: str, blocks: tuple[str, ...]) -> SystemRecord:
        ident = str(uuid.uuid4())
        made = SystemRecord(f"{SYSTEMS}/{ident}", name, ident, blocks)
        self.records[made.id] = made
        for block in blocks:
            old = self.blocks[block]
            self.blocks[block] = replace(old, systems=(*old.systems, made.id))
        return made

    def _apart(self, record: SystemRecord) -> None:
        for block in self.of(record):
            left = tuple(one for one in block.systems if one != record.id)
            self.blocks[block.id] = replace(block, systems=left)

    @staticmethod
    def _shown(block: Block) -> Block:
        if block.state not in (BlockState.UNUSED, BlockState.COMPOSED, BlockState.COMPOSED_AND_AVAILABLE):
            return block
        state = BlockState.COMPOSED if block.systems else BlockState.UNUSED
        if 0 < len(block.systems) < block.limit:
            state = BlockState.COMPOSED_AND_AVAILABLE
        return replace(block, state=state)


def machines_worth(world: PodWorld, count: int, zone: str = "zone-1") -> None:
    """Blocks for `count` machines of 16 cores, 64 GiB, a 960 GB SSD and a 25 Gbit/s NIC each."""
    for number in range(1, count + 1):
        mac = f"02:00:5e:{number // 65536 % 256:02x}:{number // 256 % 256:02x}:{number % 256:02x}"
        world.add(
            Block(f"{BLOCKS}/compute-{number}", frozenset({BlockKind.COMPUTE}), cores=16, memory=65536),
            Block(f"{BLOCKS}/drive-{number}", frozenset({BlockKind.STORAGE}), drives=(Drive(960 * 10**9, Media.SSD),)),
            Block(f"{BLOCKS}/nic-{number}", frozenset({BlockKind.NETWORK}), adapters=(Adapter(25_000, mac),)),
            zone=zone,
        )
