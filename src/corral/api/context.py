"""What a handler gets of its request: the services, the caller, and what the caller may do."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import partial
from typing import Annotated, Any

from fastapi import Depends, Header, Query, Request

from corral.api.trail import Asked
from corral.domain.errors import Invalid, NotFound
from corral.domain.machine import is_uuid
from corral.domain.server import Server
from corral.identity import Caller
from corral.services.adoption import Actor
from corral.services.servers import OperationProof
from corral.wiring import Corral

MAX_LIMIT = 1000
DEFAULT_PROJECT = "default"
STORABLE = r"^[^\x00]*$"
"""The pattern of text that every database can look for."""


@dataclass(frozen=True)
class Context:
    """One request's view of Corral."""

    corral: Corral
    caller: Caller
    base: str
    asked: Asked
    key: str | None = None

    @property
    def project(self) -> str:
        """The caller's project; system-scoped callers have none and stand for `default`."""
        return self.caller.project or DEFAULT_PROJECT

    @property
    def actor(self) -> Actor:
        may = partial(self.allows, "server:manage")
        return Actor(self.caller.user, self.project, self.caller.request_id, may)

    def check(
        self, action: str, project: str | None = None, *, subject: str | None = None, machine: str | None = None
    ) -> None:
        """Raise Forbidden unless policy allows the action. `subject` (a uuid) and `machine`: what it is about, for the audit."""
        self.asked.about(action, subject=subject, machine=machine)
        self.corral.policy.check(self.caller, f"corral:{action}", {"project_id": project or self.project})

    def allows(self, action: str, project: str | None = None) -> bool:
        """Whether policy allows the action."""
        return bool(self.corral.policy.allows(self.caller, f"corral:{action}", {"project_id": project or self.project}))

    @property
    def admin(self) -> bool:
        """Whether the caller may see every project."""
        return self.allows("server:list_all_projects")

    def server(self, uuid: str, action: str | Callable[[Server], str]) -> Server:
        """The server, for that action, which may depend on the server. One that the caller may not even see does not exist for
        it."""
        server = self.corral.servers.get(_server_uuid(uuid))
        action = action if isinstance(action, str) else action(server)
        self.asked.about(action, subject=server.uuid, machine=server.machine)
        if not self.allows("server:show", server.project):
            raise self.hidden(f"No server has the uuid {uuid}.", fix="Look at `corral server list`.")
        self.check(action, server.project)
        return server

    def hidden(self, message: str, *, fix: str) -> NotFound:
        """The error for something that exists and not for this caller: the answer does not tell, the audit does."""
        self.asked.hidden = True
        return NotFound(message, fix=fix)

    def proofs(self, look: Callable[[], list[OperationProof]]) -> list[OperationProof]:
        """The proofs that `look` finds, as far as the caller may see them. Those of another project don't exist for it."""
        self.check("server:proof")
        found = look()
        seen = [one for one in found if self.allows("server:proof", owner_of(one))]
        if not seen:
            raise self.hidden("There is no such proof in this project.", fix="Look at `corral operation list`.")
        return seen


def owner_of(proof: OperationProof) -> str:
    """The project whose server the proof is about: `row.project` is that of whoever asked for the operation."""
    owner = proof.operation.project_id if proof.operation else None
    return owner or proof.row.project


def _server_uuid(text: str) -> str:
    if not is_uuid(text):
        raise NotFound(f"No server has the uuid {text!r}.", fix="Find its uuid: GET /v1/servers?name=NAME.")
    return text.lower()


def context(
    request: Request,
    key: Annotated[
        str | None,
        Header(
            alias="Idempotency-Key", max_length=255, description="Sent again, the same key gives the same operation."
        ),
    ] = None,
) -> Context:
    """Authenticate the request. Raises Unauthenticated."""
    corral: Corral = request.app.state.corral
    client = request.client.host if request.client else ""
    caller = corral.authenticator.authenticate(
        request.headers, client, method=request.method, path=request.url.path, request_id=request.state.request_id
    )
    base = corral.settings.public_url or str(request.base_url)
    request.state.asked = Asked(caller)
    return Context(corral, caller, base.rstrip("/"), request.state.asked, key or None)


Ctx = Annotated[Context, Depends(context)]
Limit = Annotated[int, Query(ge=1, le=MAX_LIMIT, description="How many entries a page has.")]
Marker = Annotated[str | None, Query(max_length=320, description="The last entry of the page before; `next` has it.")]
Fields = Annotated[list[str] | None, Query(description="Only these fields; several, or one text with commas.")]


def chosen(fields: list[str] | None, known: Mapping[str, Any] | frozenset[str]) -> frozenset[str] | None:
    """The fields asked for, None for all. Raises Invalid for one that does not exist."""
    names = [name.strip() for field in fields or [] for name in field.split(",") if name.strip()]
    if not names:
        return None
    if unknown := sorted(set(names) - set(known)):
        raise Invalid(
            f"There are no fields {', '.join(unknown)[:200]}.", fix=f"Choose from {', '.join(sorted(known))}."
        )
    return frozenset(names)


def only(entry: Mapping[str, Any], fields: frozenset[str] | None) -> dict[str, Any]:
    """The entry with those fields alone."""
    return dict(entry) if fields is None else {key: value for key, value in entry.items() if key in fields}
