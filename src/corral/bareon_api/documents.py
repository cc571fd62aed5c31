"""What clients tell of a node and its disks, checked and brought into one form.

Clients may say more than is asked for: it is kept and given back. Rule: what is stored is plain JSON of bounded size and depth, and
disks always have sizes in bytes, whichever of the two forms they came in.
"""

from __future__ import annotations

from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field, StringConstraints, model_validator

from corral.bareon_api.objects import MOST, Flag, Partitioning, Word
from corral.domain.layout import MIB

NodeId = Annotated[
    str, StringConstraints(pattern=r"^[A-Za-z0-9][A-Za-z0-9._:-]{0,127}$", to_lower=True, max_length=128)
]
Name = Annotated[
    str, StringConstraints(max_length=64, pattern=r"^[A-Za-z0-9][A-Za-z0-9_.:+-]*(/[A-Za-z0-9][A-Za-z0-9_.:+-]*)?$")
]
Link = Annotated[str, StringConstraints(min_length=1, max_length=255, pattern=r"^[^\x00-\x1f\x7f]+$")]
_MIB_ONLY = MOST // MIB


class Disk(BaseModel):
    """A disk. In the form of an agent's discovery: `disk` is its durable name under /dev (`disk/by-path/…`), `extra` its other
    names, `size` bytes. Or with `type: disk`, as Nailgun's volume manager shows it: `id` for `disk`, `size` in MiB."""

    model_config = ConfigDict(extra="allow")

    name: Name
    disk: Link | None = None
    extra: Annotated[list[Link], Field(max_length=64)] = Field(default_factory=list)
    size: Annotated[int, Field(ge=0, le=MOST, strict=True)]
    type: Literal["disk"] | None = None

    @model_validator(mode="after")
    def _fits(self) -> Disk:
        if self.type and self.size > _MIB_ONLY:
            raise ValueError("with type: disk, size is in MiB; this is more than any disk has")
        return self

    def as_json(self) -> dict[str, Any]:
        """The disk in the form of discovery, with whatever else came along; what was made from it is left out."""
        told = self.model_dump(exclude_unset=True)
        made = {"type", "volumes", "free_space", "device", "bootable"} if self.type else set()
        kept = {key: value for key, value in told.items() if key not in made}
        identity = self.disk or kept.pop("id", None) or f"disk/by-name/{self.name}"
        size = self.size * MIB if self.type else self.size
        return {**kept, "disk": identity, "extra": self.extra, "size": size}


Disks = Annotated[list[Disk], Field(max_length=1024)]


class Memory(BaseModel):
    """`total` in bytes."""

    model_config = ConfigDict(extra="allow")

    total: Annotated[int, Field(ge=0, le=MOST, strict=True)] = 0


class Meta(BaseModel):
    """What an agent told of the node's hardware, disks aside."""

    model_config = ConfigDict(extra="allow")

    memory: Memory = Field(default_factory=Memory)


class NodeBody(BaseModel):
    """A node. Without `schema` it has no default layout: only service partitions are made."""

    model_config = ConfigDict(extra="allow")

    source_id: Annotated[int, Field(ge=0, le=MOST, strict=True)] | Word | None = None
    roles: Annotated[list[Word], Field(max_length=64)] = Field(default_factory=list)
    os: Word | None = None
    images_ceph: Flag = False
    meta: Meta = Field(default_factory=Meta)
    layout_schema: dict[str, Any] | None = Field(
        default=None, alias="schema", description="Which volumes each role gets; none: only service partitions."
    )
    disks: Disks | None = None

    def facts(self) -> dict[str, Any]:
        """All but id and disks, as it was told."""
        return self.model_dump(by_alias=True, exclude_unset=True, exclude={"id", "disks"})

    def stored_disks(self) -> list[dict[str, Any]] | None:
        """The disks in the one form; None when the body does not speak of them."""
        return None if self.disks is None else [one.as_json() for one in self.disks]


class NewNode(NodeBody):
    """A new node, by its id."""

    id: NodeId


class Spaces(BaseModel):
    """What is on each disk and in each volume group, in MiB, in the form that Corral's extensions hand layouts over in."""

    model_config = ConfigDict(extra="forbid")

    version: Literal[1] = 1
    ks_spaces: Annotated[list[dict[str, Any]], Field(max_length=2048)]
    edited: Flag = False


class Record(BaseModel):
    """All that is kept of a node, to be put back as it was. `partitioning` is empty where nothing could be laid out."""

    model_config = ConfigDict(extra="forbid")

    facts: NodeBody
    disks: Disks
    spaces: Annotated[list[dict[str, Any]], Field(max_length=2048)]
    partitioning: Partitioning | Annotated[dict[str, Any], Field(max_length=0)]
    edited: Flag = False

    def parts(self) -> dict[str, Any]:
        """The fields as they are stored."""
        layout = self.partitioning.as_json() if isinstance(self.partitioning, Partitioning) else {}
        disks = [one.as_json() for one in self.disks]
        return {
            "facts": self.facts.facts(),
            "disks": disks,
            "spaces": self.spaces,
            "partitioning": layout,
            "edited": self.edited,
        }
