"""What clients send to create servers: Mogan's schema. What it has and Corral does not is refused by name, never ignored."""

from __future__ import annotations

import base64
import binascii
from typing import Annotated, Any

from pydantic import Field, StringConstraints

from corral.api.schemas import Metadata, Name, NetworkEntry, Text, Uuid, _Strict
from corral.domain.creation import CreateRequest
from corral.domain.errors import Invalid, NotSupported
from corral.domain.server import NetworkRequest
from corral.services.creation import MOST, Count

_MOST_USER_DATA = 64 * 1024  # bytes in base64, as Nova has it
_UNSUPPORTED = {
    "key_name": "Corral keeps no key pairs: put the public key into user_data (ssh_authorized_keys).",
    "adminPass": "Corral sets no passwords: put what you need into user_data.",
    "personality": "Corral injects no files: put them into user_data (write_files).",
}


class Partitions(_Strict):
    """For an image of one partition: what to make around it. GB and MB as Ironic counts them."""

    root_gb: Annotated[int, Field(ge=1, le=1_000_000)]
    ephemeral_gb: Annotated[int, Field(ge=0, le=1_000_000)] = 0
    swap_mb: Annotated[int, Field(ge=0, le=1_000_000)] = 0


class NewServer(_Strict):
    """One server, or several that are alike."""

    name: Name
    image_uuid: Uuid
    flavor_uuid: Uuid
    networks: Annotated[list[NetworkEntry], Field(min_length=1, max_length=64)]
    description: Text | None = None
    availability_zone: Text | None = None
    metadata: Metadata | None = None
    user_data: Annotated[str, StringConstraints(max_length=_MOST_USER_DATA)] | None = None
    partitions: Partitions | None = None
    min_count: Annotated[int, Field(ge=1, le=MOST)] = 1
    max_count: Annotated[int, Field(ge=1, le=MOST)] | None = None
    project_id: Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9_-]{1,64}$")] | None = None
    key_name: Any = None
    adminPass: Any = None
    personality: Any = None


class CreateServers(_Strict):
    """Mogan's body: the server, and hints for the scheduler."""

    server: NewServer
    scheduler_hints: dict[str, Any] | None = None

    def wish(self) -> CreateRequest:
        """The request in the domain's terms. Raises NotSupported, Invalid."""
        asked = self.server
        self._refuse_unsupported()
        return CreateRequest(
            name=asked.name,
            image=asked.image_uuid,
            flavor=asked.flavor_uuid,
            networks=tuple(NetworkRequest(**entry.model_dump()) for entry in asked.networks),
            description=asked.description,
            availability_zone=asked.availability_zone,
            metadata=asked.metadata or {},
            user_data=None if asked.user_data is None else _decoded(asked.user_data),
            partitions=None if asked.partitions is None else asked.partitions.model_dump(),
            project=asked.project_id,
        )

    def count(self) -> Count:
        """How many servers. Raises Invalid."""
        least, most = self.server.min_count, self.server.max_count or self.server.min_count
        if most < least:
            raise Invalid(
                f"max_count is {most}, and min_count {least}.", fix="Ask for at least as many as for at most."
            )
        if most > 1 and any(entry.port_id for entry in self.server.networks):
            raise Invalid(
                "Several servers can't share one port.", fix="Name networks (net_id), or create them one by one."
            )
        return Count(least, most)

    def _refuse_unsupported(self) -> None:
        for field, instead in _UNSUPPORTED.items():
            if getattr(self.server, field) is not None:
                raise NotSupported(f"{field} is not supported.", fix=instead)
        if self.scheduler_hints:
            raise NotSupported("scheduler_hints are not supported.", fix="Leave them out: Corral has no server groups.")


def _decoded(text: str) -> str:
    try:
        found = base64.b64decode(text, validate=True).decode("utf-8")
    except (binascii.Error, UnicodeDecodeError) as exc:
        raise Invalid("user_data is no text in base64.", fix="Send cloud-config or a script, in base64.") from exc
    if "\x00" in found:
        raise Invalid("user_data has a zero byte.", fix="Send text.")
    return found
