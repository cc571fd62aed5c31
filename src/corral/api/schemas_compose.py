"""What clients send about composing: what a flavor's servers are composed of, and what to try."""

from __future__ import annotations

from collections.abc import Callable, Collection
from difflib import get_close_matches
from typing import Annotated, Any

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, StringConstraints, model_validator

from corral.domain import quantities
from corral.domain.blocks import Media
from corral.domain.composing import Composition

_MAX = 2**53


def _amount(read: Callable[[int | str], int]) -> BeforeValidator:
    """Numbers as they are, text with its unit; anything else is left to the type to refuse."""
    return BeforeValidator(
        lambda value: read(value) if isinstance(value, str) else value,
        json_schema_input_type=Annotated[int, Field(ge=1, le=_MAX)] | str,
    )


def _medium(value: Any) -> Any:
    known = {one.value.lower(): one for one in Media}
    return known.get(value.lower(), value) if isinstance(value, str) else value


Whole = Annotated[int, Field(strict=True, ge=1, le=_MAX)]
Count = Annotated[int, Field(strict=True, ge=1, le=1024)]
Memory = Annotated[Whole, _amount(quantities.mebibytes)]
Size = Annotated[Whole, _amount(quantities.size)]
Speed = Annotated[int, Field(strict=True, ge=0, le=_MAX), _amount(quantities.speed)]
Medium = Annotated[Media, BeforeValidator(_medium)]
Trait = Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9_:.-]{1,255}$")]
SourceName = Annotated[str, StringConstraints(min_length=1, max_length=63, pattern=r"^[^\x00-\x1f\x7f]+$")]


class _Named(BaseModel):
    """Refuses a key that it does not know, with the one that was probably meant."""

    model_config = ConfigDict(extra="forbid")

    @model_validator(mode="before")
    @classmethod
    def _known(cls, data: Any) -> Any:
        unknown = [str(key) for key in data if key not in cls.model_fields] if isinstance(data, dict) else []
        if unknown:
            raise ValueError("; ".join(_unknown(key, cls.model_fields) for key in unknown[:10]))
        return data


def _unknown(key: str, known: Collection[str]) -> str:
    said = _SAID.get(key.lower())
    near = [said] if said in known else get_close_matches(key.lower(), known, 1, 0.6)
    meant = f"did you mean {near[0]!r}?" if near else f"there are {', '.join(known)}"
    return f"there is no {key[:64]!r}: {meant}"


_SAID = {
    **dict.fromkeys(("cores", "vcpus", "processors"), "cpus"),
    **dict.fromkeys(("ram", "memory_mb", "memory_mib"), "memory"),
    **dict.fromkeys(("drives", "storage", "volumes"), "disks"),
    **dict.fromkeys(("networks", "interfaces", "ports", "adapters"), "nics"),
    **dict.fromkeys(("pod", "from"), "source"),
    **dict.fromkeys(("capacity", "size_gb", "bytes"), "size"),
    **dict.fromkeys(("type", "kind"), "media"),
    **dict.fromkeys(("number", "amount"), "count"),
}
"""Words that others use for the same."""


class DiskWish(_Named):
    """Drives that a composed server must have."""

    size: Annotated[Size, Field(description="The least size of each: bytes, or text as `480GB`.")]
    count: Count = 1
    media: Medium | None = None


class NicWish(_Named):
    """Network interfaces that a composed server must have."""

    count: Count = 1
    speed: Annotated[Speed, Field(description="The least speed of each: Mbit/s, or text as `25G`; 0 for any.")] = 0


class ComposeFields(_Named):
    """What a server of a flavor is composed of: at least that."""

    cpus: Annotated[Count, Field(description="Processor cores.")]
    memory: Annotated[Memory, Field(description="MiB, or text as `64GiB`.")]
    disks: Annotated[list[DiskWish], Field(max_length=8)] = Field(default_factory=list)
    nics: Annotated[list[NicWish], Field(max_length=8)] = Field(default_factory=list)
    traits: Annotated[list[Trait], Field(max_length=64)] = Field(default_factory=list)
    source: Annotated[SourceName | None, Field(description="The pod; null for the only one that there is.")] = None
    compose_when_full: Annotated[bool, Field(description="Compose only when no existing node fits.")] = False

    def composition(self) -> Composition:
        """The same in the domain's terms."""
        return Composition.from_json(self.model_dump())


class PreviewBody(_Named):
    """What to choose blocks for: a flavor, or what one would compose."""

    flavor: Annotated[str, StringConstraints(min_length=1, max_length=255, pattern=r"^[^\x00-\x1f\x7f]+$")] | None = (
        None
    )
    compose: ComposeFields | None = None
    source: Annotated[SourceName | None, Field(description="Another pod than the flavor's.")] = None

    @model_validator(mode="after")
    def _one_of_both(self) -> PreviewBody:
        if (self.flavor is None) == (self.compose is None):
            raise ValueError("give exactly one of flavor and compose")
        return self
