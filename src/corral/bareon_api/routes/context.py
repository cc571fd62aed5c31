"""What a handler gets of its request, and how it answers: versions as ETags, and 304 for what a client has already."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Annotated, Any

from fastapi import Depends, Header, Path, Request, Response

from corral.bareon_api.documents import NodeId
from corral.bareon_api.service import Service
from corral.bareon_api.storage import Stored
from corral.domain.errors import Stale

Id = Annotated[NodeId, Path(description="The node's id; letters are taken as lower case.")]
Key = Annotated[str, Path(min_length=1, max_length=255, pattern=r"^[A-Za-z0-9!_.+:-]+$", description="Its name.")]
IfMatch = Annotated[
    str | None,
    Header(alias="If-Match", max_length=1024, description="The ETag that you saw; 409 when it is another now."),
]
IfNoneMatch = Annotated[
    str | None, Header(alias="If-None-Match", max_length=1024, description="An ETag that you have; 304 while it holds.")
]


@dataclass(frozen=True)
class Ask:
    """One request: the service, and what the client has seen of the node."""

    service: Service
    match: str | None = None
    have: str | None = None

    @property
    def expected(self) -> str | None:
        """The version that the node must have, or None. Raises Stale for an ETag that was never given out."""
        if self.match is None or self.match.strip() == "*":
            return None
        versions = _versions(self.match)
        if len(versions) != 1:
            raise Stale(
                f"If-Match {self.match[:100]} names no version of this node.", fix="Send the ETag of your last GET."
            )
        return versions[0]

    def tell(self, version: str, content: str) -> Response:
        """JSON text with its ETag, or 304."""
        headers = {"ETag": f'"{version}"'}
        if self.have is not None and (version in _versions(self.have) or self.have.strip() == "*"):
            return Response(status_code=304, headers=headers)
        return Response(content, media_type="application/json", headers=headers)

    def show(self, version: str, value: Any) -> Response:
        """A value as JSON, with its ETag, or 304."""
        return self.tell(version, text(value))

    def changed(self, version: str, value: Any) -> Response:
        """The answer to a change that was made."""
        return Response(text(value), media_type="application/json", headers={"ETag": f'"{version}"'})


def _versions(header: str) -> list[str]:
    return [part.strip().removeprefix("W/").strip('"') for part in header.split(",") if part.strip()]


def text(value: Any) -> str:
    """Compact JSON."""
    return json.dumps(value, separators=(",", ":"))


def gone(version: str | None = None) -> Response:
    """204."""
    return Response(status_code=204, headers={"ETag": f'"{version}"'} if version else None)


def node_json(node: Stored) -> Mapping[str, Any]:
    """A node, as clients see it."""
    times = {"created_at": node.created_at, "updated_at": node.updated_at}
    told = {key: value.isoformat() if value else None for key, value in times.items()}
    return {**node.facts, "id": node.id, "disks": node.disks, "edited": node.edited, **told}


def _look(request: Request, have: IfNoneMatch = None) -> Ask:
    return Ask(request.app.state.service, have=have)


def _change(request: Request, match: IfMatch = None) -> Ask:
    return Ask(request.app.state.service, match=match)


Looking = Annotated[Ask, Depends(_look)]
Changing = Annotated[Ask, Depends(_change)]
