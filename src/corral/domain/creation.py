"""Servers that are created: what is asked for, and what the record keeps of how one was built."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass, field, replace
from typing import Any

from corral.domain.server import NetworkRequest, Server

BUILD = "build"
"""The key of a server's snapshot under which `Built` is kept."""


@dataclass(frozen=True, slots=True)
class CreateRequest:
    """What somebody asks for. `user_data`: text for cloud-init. `partitions`: `root_gb`, `ephemeral_gb`, `swap_mb`, for an image
    of one partition. `project`: whose the server is; None: the caller's."""

    name: str
    image: str
    flavor: str
    networks: tuple[NetworkRequest, ...]
    description: str | None = None
    availability_zone: str | None = None
    metadata: Mapping[str, str] = field(default_factory=dict)
    user_data: str | None = field(default=None, repr=False)
    partitions: Mapping[str, int] | None = None
    project: str | None = None

    def as_json(self) -> dict[str, Any]:
        """As an operation carries it."""
        partitions = None if self.partitions is None else dict(self.partitions)
        plain = {"networks": [one.as_json() for one in self.networks], "metadata": dict(self.metadata)}
        return {**asdict(self), **plain, "partitions": partitions}

    @classmethod
    def from_json(cls, data: Mapping[str, Any]) -> CreateRequest:
        """What `as_json` gave."""
        return cls(**{**data, "networks": tuple(NetworkRequest(**one) for one in data["networks"])})

    def fields(self) -> dict[str, Any]:
        """What a deployment of it sets, in Ironic's words."""
        return {"image_source": self.image, **{key: value for key, value in (self.partitions or {}).items() if value}}

    def config_drive(self, server: str) -> dict[str, Any] | None:
        """What the machine is told at its first boot; None when nothing was said, and so the image needs no such drive."""
        if self.user_data is None:
            return None
        meta = {"uuid": server, "name": self.name, "hostname": self.name, "meta": dict(self.metadata)}
        return {"meta_data": meta, "user_data": self.user_data}


@dataclass(frozen=True, slots=True)
class Built:
    """How a server came about. `operation`: the one whose mark its machine bears, beside the server's own. `tried`: machines whose
    deployment failed. `before`: what `Deploys.deployable` gave of the machine. `ports`: the fields of each named port from before,
    to be restored. `partitions`: as asked. `leaving`: it is being torn down, and its machine may soon be somebody else's."""

    operation: str | None = None
    tried: tuple[str, ...] = ()
    before: Mapping[str, Any] | None = None
    ports: Mapping[str, Any] = field(default_factory=dict)
    partitions: Mapping[str, int] | None = None
    leaving: bool = False

    @classmethod
    def of(cls, server: Server) -> Built:
        """What the record keeps; all empty for a server that was adopted."""
        kept = dict(server.snapshot.get(BUILD) or {})
        return cls(**{**kept, "tried": tuple(kept.get("tried", ()))})

    def on(self, server: Server) -> Server:
        """The server with this in its record."""
        return replace(server, snapshot={**server.snapshot, BUILD: {**asdict(self), "tried": list(self.tried)}})
