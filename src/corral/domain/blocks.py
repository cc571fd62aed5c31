"""Disaggregated hardware: the blocks of a pod, what somebody wants of them, and what was composed of them.

Rule: a value here is what the pod said, made typed and bounded, or what a flavor says. Which blocks to take is `corral.chooser`'s.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum

MIB_IN_GIB = 1024


class BlockKind(StrEnum):
    """What a block is made of; the values are those of Redfish's ResourceBlockType."""

    COMPUTE = "Compute"
    PROCESSOR = "Processor"
    MEMORY = "Memory"
    NETWORK = "Network"
    STORAGE = "Storage"
    COMPUTER_SYSTEM = "ComputerSystem"
    EXPANSION = "Expansion"
    INDEPENDENT = "IndependentResource"


class BlockState(StrEnum):
    """What is being done with a block; the values are those of Redfish's CompositionState, and UNKNOWN for any other word."""

    UNUSED = "Unused"
    COMPOSING = "Composing"
    COMPOSED = "Composed"
    COMPOSED_AND_AVAILABLE = "ComposedAndAvailable"
    FAILED = "Failed"
    UNAVAILABLE = "Unavailable"
    UNKNOWN = "Unknown"


class Media(StrEnum):
    """What a drive stores on."""

    HDD = "HDD"
    SSD = "SSD"
    NVME = "NVMe"


@dataclass(frozen=True, slots=True)
class Drive:
    """A drive of a block. `size`: bytes. `media`: None when the pod does not say."""

    size: int
    media: Media | None = None


@dataclass(frozen=True, slots=True)
class Adapter:
    """A network interface of a block. `speed`: Mbit/s, 0 when the pod does not say. `mac`: normalised, empty likewise."""

    speed: int = 0
    mac: str = ""


@dataclass(frozen=True, slots=True)
class Block:
    """A resource block, which is taken whole or not at all.

    `id`: the pod's durable id (for Redfish the path of the resource). `cores`: processor cores in all. `memory`: MiB. `limit`: how
    many systems may share it, 1 for a block that can't be shared; `systems`: those that have it now, by id. `zones`: ids."""

    id: str
    kinds: frozenset[BlockKind]
    name: str = ""
    state: BlockState = BlockState.UNUSED
    healthy: bool = True
    reserved: bool = False
    cores: int = 0
    memory: int = 0
    drives: tuple[Drive, ...] = ()
    adapters: tuple[Adapter, ...] = ()
    traits: frozenset[str] = frozenset()
    zones: frozenset[str] = frozenset()
    systems: tuple[str, ...] = ()
    limit: int = 1
    problem: str = ""
    """Set when the pod's answer about this block could not be read: it is listed all the same, and never taken."""

    @property
    def free(self) -> bool:
        """Whether a new system may have it, as far as the pod tells."""
        if self.problem or not self.healthy or self.reserved or len(self.systems) >= self.limit:
            return False
        shared = self.state is BlockState.COMPOSED_AND_AVAILABLE and self.limit > 1
        return self.state is BlockState.UNUSED or shared


@dataclass(frozen=True, slots=True)
class Limit:
    """How many blocks of a kind one system may or must have (Redfish's ResourceBlockLimits); None for no bound."""

    least: int = 0
    most: int | None = None


@dataclass(frozen=True, slots=True)
class Zone:
    """Blocks that can be composed with each other. One system never spans two."""

    id: str
    name: str = ""
    blocks: frozenset[str] = frozenset()
    limits: Mapping[BlockKind, Limit] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Pool:
    """All blocks and zones of a pod, at one look. A pod without zones is one zone: its driver makes it."""

    blocks: tuple[Block, ...]
    zones: tuple[Zone, ...]


@dataclass(frozen=True, slots=True)
class WantedDrives:
    """`count` drives of at least `size` bytes each, on `media` where that is said."""

    size: int
    count: int = 1
    media: Media | None = None


@dataclass(frozen=True, slots=True)
class WantedAdapters:
    """`count` network interfaces of at least `speed` Mbit/s each."""

    count: int = 1
    speed: int = 0


@dataclass(frozen=True, slots=True)
class Wanted:
    """What a system must have at least. `cores`: processor cores; `memory`: MiB; `traits`: that some block of it must have."""

    cores: int
    memory: int
    drives: tuple[WantedDrives, ...] = ()
    adapters: tuple[WantedAdapters, ...] = ()
    traits: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class ComposedSystem:
    """A system of a pod. `id`: the pod's durable id. `blocks`: ids of what it is made of, as the system itself links them.
    `name`: what whoever composed it called it, by which it is found again when an answer was lost."""

    id: str
    name: str
    uuid: str = ""
    composed: bool = True
    blocks: frozenset[str] = frozenset()
    cores: int = 0
    memory: int = 0
    macs: tuple[str, ...] = ()
    power: str = ""
    architecture: str = ""
