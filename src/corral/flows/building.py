"""What the steps of creating and deleting a server have in common: its record while it is built, and why that failed."""

from __future__ import annotations

import functools
from collections.abc import Callable
from dataclasses import replace
from typing import Any, TypeVar

from corral.contracts.provisioning import Deployer, Deployment
from corral.domain.creation import Built, CreateRequest
from corral.domain.errors import CorralError, NotFound, Stale
from corral.domain.server import Flavor, Server
from corral.engine import Run
from corral.flows.env import Env, payload
from corral.notify import ServerPayload

T = TypeVar("T")
_SAVES = 5


def wish_of(run: Run[Env]) -> CreateRequest:
    """What was asked for."""
    return CreateRequest.from_json(run.params["request"])


def flavor_of(run: Run[Env]) -> Flavor:
    """The flavor that was asked for. Raises NotFound."""
    found = run.env.flavors.find(wish_of(run).flavor)
    if found is None:
        raise NotFound(f"Flavor {wish_of(run).flavor} was deleted.", fix="Choose another flavor.")
    return found


def who(run: Run[Env]) -> Deployer:
    """Whose marks the machine of this operation bears."""
    return Deployer(run.params["server"], run.operation)


def deployment(run: Run[Env]) -> Deployment:
    """What is deployed."""
    wish = wish_of(run)
    return Deployment(wish.fields(), wish.config_drive(run.params["server"]))


def change(run: Run[Env], how: Callable[[Server], Server]) -> Server:
    """Change the server's record, whoever else changes another part of it at the same time. Raises NotFound, Conflict."""
    for _ in range(_SAVES):
        run.check()
        server = run.env.servers.get(run.params["server"])
        changed = how(server)
        if changed == server:
            return server
        try:
            return run.env.servers.save(changed)
        except Stale:
            continue
    raise Stale("The server's record is being changed all the time.", fix="Try again.")


def unplaced(server: Server) -> Server:
    """The server without a machine."""
    kept = replace(Built.of(server), before=None)
    return replace(kept.on(server), machine=server.uuid, machine_name=None)


def machine_of(run: Run[Env]) -> str | None:
    """The machine that the server has by now, or is about to have; None for one that has none yet."""
    server = run.env.servers.find(run.params["server"])
    return server.machine if server is not None and server.placed else None


def telling(step: Callable[[Run[Env]], T]) -> Callable[[Run[Env]], T]:
    """The step, with why it failed kept in the server's record: the operation's own error is not known to what comes after."""

    @functools.wraps(step)
    def told(run: Run[Env]) -> T:
        try:
            return step(run)
        except Exception as exc:
            known = exc.as_json() if isinstance(exc, CorralError) else {"code": "failed", "message": f"A defect: {exc}"}
            fault = {**known, "operation": run.operation, "created_at": run.env.clock().isoformat()}
            change(run, lambda server: replace(server, fault=fault))
            raise

    return told


def about(run: Run[Env], server: Server | None) -> ServerPayload:
    """The body of a notification, with the machine that the server has."""
    machine = server.machine if server is not None and server.placed else run.params["machine"]
    return replace(payload(run, server), node_uuid=machine)


def built(**fields: Any) -> Callable[[Server], Server]:
    """A change of what the record keeps of the build."""
    return lambda server: replace(Built.of(server), **fields).on(server)
