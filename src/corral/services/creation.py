"""Creating servers, and deleting those that were created.

Rule: nothing that was adopted is deleted here, and nothing that runs is counted as room for a new server.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any
from uuid import UUID, uuid4, uuid5

import sqlalchemy as sa

from corral.contracts.enrolling import Enrolls
from corral.contracts.provisioning import Deploys
from corral.contracts.sources import Source
from corral.domain.creation import Built, CreateRequest
from corral.domain.errors import Conflict, Invalid, NotFound, NotSupported
from corral.domain.lifecycle import Event, Status
from corral.domain.server import Flavor, Server
from corral.domain.traces import marked_uuid
from corral.engine import Engine, Operation, Submission
from corral.flows import Env
from corral.flows.create import NO_NODE, fitting
from corral.flows.delete import refuse_adopted
from corral.flows.start import Actor, Books, about, accept, params_of
from corral.services.composition import CompositionService
from corral.store import Flavors

_KEYS = UUID("b7a4a6f6-9d0e-4c5b-8a6a-6f5a3b0f7d23")
MOST = 64
"""How many servers one request may create."""


@dataclass(frozen=True, slots=True)
class Count:
    """How many servers are wanted: at least, or none is created; and at most."""

    least: int = 1
    most: int = 1


class Creation:
    """The use cases around created servers."""

    def __init__(
        self,
        sources: Mapping[str, Source],
        default: str | None,
        pods: CompositionService,
        engine: Engine[Env],
        flavors: Flavors,
        books: Books,
        installation: str,
    ) -> None:
        self._sources = sources
        self._default = default
        self._pods = pods
        self._engine = engine
        self._flavors = flavors
        self._books = books
        self._installation = installation

    def create(
        self, wish: CreateRequest, count: Count, actor: Actor, *, key: str | None = None
    ) -> list[tuple[Server, Operation]]:
        """Start as many servers as there is room for, at least `count.least`. Raises NotFound, Invalid, Conflict."""
        if answered := self._answered(key, actor, count):
            return answered
        flavor = self._usable(wish.flavor, wish.project or actor.project)
        source = self._deploying(flavor)
        composed = self._kinds(wish, flavor, source, count)
        wanted = [
            self._submission(wish, flavor, source, number, composed, actor, key) for number in range(len(composed))
        ]
        operations = self._engine.submit_many([one for one, _ in wanted])
        return [(self._books.servers.get(uuid), done) for (_, uuid), done in zip(wanted, operations, strict=True)]

    def delete(self, server: Server, actor: Actor, *, key: str | None = None) -> tuple[Server, Operation]:
        """Tear a created server down, and give back all that was made for it. Raises Conflict for one that was adopted, and while
        something else is done to it."""
        refuse_adopted(server)
        uuid = _operation_uuid(key, actor, 0)
        if key and (found := self._engine.operation(uuid)) is not None:
            return server, found
        leaving = server.on(Event.DELETE)
        params = params_of(server, actor) | {"name": server.name}

        def alongside(conn: sa.Connection) -> None:
            accept(conn, self._books, "delete", self._books.servers.save(leaving, conn=conn), actor, uuid)

        operation = self._engine.submit(
            "delete", params, operation=about(server, actor, uuid, key), alongside=alongside
        )
        return leaving, operation

    # --- inside -------------------------------------------------------------------------------------------

    def _answered(self, key: str | None, actor: Actor, count: Count) -> list[tuple[Server, Operation]]:
        """What an earlier request with the same Idempotency-Key was answered."""
        found = []
        for number in range(count.most if key else 0):
            operation = self._engine.operation(_operation_uuid(key, actor, number))
            server = self._books.servers.find(str(operation.subject)) if operation else None
            if operation is not None and (operation.kind not in ("create", "compose") or server is None):
                raise Conflict(
                    f"The Idempotency-Key was used for operation {operation.uuid} ({operation.kind}, {operation.state}).",
                    fix="Use a new key for a new wish.",
                )
            if operation is not None and server is not None:
                found.append((server, operation))
        return found

    def _usable(self, uuid: str, project: str) -> Flavor:
        flavor = self._flavors.find(uuid)
        if flavor is None or not flavor.allows(project):
            raise NotFound(f"No flavor has the uuid {uuid}.", fix="Look at `corral flavor list`.")
        if flavor.disabled:
            raise Conflict(f"Flavor {flavor.name} is disabled: no new servers get it.", fix="Choose another flavor.")
        return flavor

    def _deploying(self, flavor: Flavor) -> Source:
        """The source at which the server is deployed."""
        able = [one for _, one in sorted(self._sources.items()) if isinstance(one.machines, Deploys)]
        if flavor.compose is not None:
            able = [one for one in able if isinstance(one.machines, Enrolls)]
        if not able:
            raise NotSupported("No source can deploy machines.", fix="Configure an Ironic.")
        chosen = [one for one in able if one.name == self._default] or able
        if len(chosen) > 1:
            names = ", ".join(one.name for one in chosen)
            raise Invalid(f"Several sources deploy machines: {names}.", fix="Set `default_source` to one of them.")
        return chosen[0]

    def _kinds(self, wish: CreateRequest, flavor: Flavor, source: Source, count: Count) -> list[bool]:
        """For each server whether it is composed: all, none, or those for which no machine is free. Raises Conflict when there is
        room for fewer than asked."""
        compose = flavor.compose
        if compose is not None:
            nics = sum(one.count for one in compose.wanted.adapters)
            if len(wish.networks) > nics:
                raise Invalid(
                    f"Flavor {flavor.name} composes {nics} NICs, and {len(wish.networks)} networks are asked for.",
                    fix="Ask for fewer networks, or choose a flavor with more NICs.",
                )
            if not compose.when_full:
                return [True] * count.most
        room = fitting(source, self._books.servers, flavor, wish.availability_zone, len(wish.networks))
        free = min(len(room.fits), count.most)
        if compose is not None:
            return [False] * free + [True] * (count.most - free)
        if free < count.least:
            raise Conflict(
                f"There is room for {free} servers of flavor {flavor.name}, and {count.least} are needed. {room.told}",
                code=NO_NODE,
                fix="Free a machine, add one, or choose another flavor.",
            )
        return [False] * free

    def _submission(
        self,
        wish: CreateRequest,
        flavor: Flavor,
        source: Source,
        number: int,
        composed: list[bool],
        actor: Actor,
        key: str | None,
    ) -> tuple[Submission, str]:
        """The operation that creates one of them, and the uuid of its server."""
        named = wish if len(composed) == 1 else replace(wish, name=f"{wish.name}-{number + 1}")
        uuid = _operation_uuid(key, actor, number)
        server_uuid = marked_uuid(uuid5(_KEYS, f"server\n{uuid}"), self._installation)
        own = marked_uuid(uuid5(_KEYS, f"machine\n{uuid}"), self._installation)
        server = Built(operation=uuid, partitions=wish.partitions).on(
            Server(
                uuid=server_uuid,
                name=named.name,
                source=source.name,
                machine=own if composed[number] else server_uuid,
                project=wish.project or actor.project,
                user=actor.user,
                status=Status.BUILDING,
                flavor=flavor.uuid,
                description=named.description,
                availability_zone=named.availability_zone,
                image=named.image,
                metadata=dict(named.metadata),
                adopted=False,
                composed=composed[number],
            )
        )
        return self._operation(server, named, flavor, own, actor, uuid, key if number == 0 else None), server_uuid

    def _operation(
        self, server: Server, wish: CreateRequest, flavor: Flavor, own: str, actor: Actor, uuid: str, key: str | None
    ) -> Submission:
        params: dict[str, Any] = {**params_of(server, actor), "name": server.name, "request": wish.as_json()}
        if flavor.compose is not None:
            params |= {"pod": self._pods.pod(flavor.compose.source), "own_machine": own}

        def alongside(conn: sa.Connection) -> None:
            accept(conn, self._books, "create", self._books.servers.add(conn, server), actor, uuid)

        flow = "compose" if server.composed else "create"
        return Submission(flow, params, about(server, actor, uuid, key), alongside)


def _operation_uuid(key: str | None, actor: Actor, number: int) -> str:
    """Known before the operation is stored. A key counts within the caller's project."""
    return str(uuid4() if key is None else uuid5(_KEYS, f"{actor.project}\n{key}\n{number}"))
