"""What the steps of every flow find around them, and the border that they cross."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Protocol

from corral.contracts.border import Call, Purpose, crossing
from corral.contracts.sources import Adopts, Powers, Source
from corral.domain.errors import DriverFailed, NotFound, NotSupported
from corral.domain.fingerprint import differences, fingerprint
from corral.domain.machine import Machine
from corral.domain.server import Server
from corral.engine import Run
from corral.notify import ServerPayload
from corral.store import Audit, AuditEntry, Flavors, Proofs, Servers

_LOOKS = 3
_BETWEEN_LOOKS = 2.0  # seconds


class Emit(Protocol):
    """Sends a notification; never raises for a bus that is down."""

    def __call__(self, event_type: str, payload: ServerPayload, *, error: bool = False) -> None: ...


@dataclass(frozen=True)
class Env:
    """What this process gave to its engine. `sleep(seconds)` waits, and is replaced in tests."""

    sources: Mapping[str, Source]
    servers: Servers
    flavors: Flavors
    proofs: Proofs
    audit: Audit
    emit: Emit
    clock: Callable[[], datetime]
    sleep: Callable[[float], None]
    power_timeout: float = 600.0

    def source(self, name: str) -> Source:
        """The source of that name. Raises NotFound when it is no longer configured."""
        try:
            return self.sources[name]
        except KeyError:
            raise NotFound(
                f"Source {name!r} is not configured.", fix="Add it to the settings, then try again."
            ) from None


@contextmanager
def at_border(run: Run[Env], purpose: Purpose) -> Iterator[None]:
    """Open the border for this operation; every call that is tried is kept with its proof.

    Acts are written one by one as their outcome is known, so that a crash loses no more than the call on the wire;
    look-ups are written together at the end."""
    proofs, looks = run.env.proofs, []

    def keep(call: Call) -> None:
        if call.method == "GET":
            looks.append(call)
        else:
            proofs.record(run.operation, [call])

    try:
        with crossing(purpose, keep):
            yield
    finally:
        proofs.record(run.operation, looks)


def source_of(run: Run[Env]) -> Source:
    """The source that this operation works at."""
    return run.env.source(run.params["source"])


def adopter(source: Source) -> Adopts:
    """The source's machines as ones that can be adopted. Raises NotSupported."""
    if not isinstance(source.machines, Adopts):
        raise NotSupported(f"The {source.driver} driver of source {source.name} can't adopt machines.")
    return source.machines


def powerer(source: Source) -> Powers:
    """The source's machines as ones that can be switched. Raises NotSupported."""
    if not isinstance(source.machines, Powers):
        raise NotSupported(f"The {source.driver} driver of source {source.name} can't switch machines.")
    return source.machines


def take_fingerprint(source: Source, machine: Machine) -> dict[str, Any]:
    """The fingerprint of a machine that was just observed, with what the machine itself tells."""
    return fingerprint(machine, dict(source.machines.boot_facts(machine))).as_json()


def unchanged(run: Run[Env], before: Mapping[str, Any]) -> dict[str, Any]:
    """Take the fingerprint again and hold it against the one from before; it is kept with the proof.

    A BMC that does not answer once, or answers late, looks like a change: so a difference counts when it lasts over a few
    looks. A real one does — a machine that was reset says so for good. Raises DriverFailed with every difference."""
    source = source_of(run)
    for look in range(_LOOKS):
        with at_border(run, Purpose.LOOK):
            after = take_fingerprint(source, source.machines.observe(run.params["machine"]))
        changed = differences(dict(before), after)
        if not changed:
            break
        if look < _LOOKS - 1:
            run.env.sleep(_BETWEEN_LOOKS)
    run.env.proofs.after(run.operation, after)
    if changed:
        raise DriverFailed(
            f"The machine is not as it was before: {'; '.join(map(str, changed))}.",
            fix="Find out who changed it (the proof lists every call that Corral made), then try again.",
            code="disturbed",
        )
    return after


def payload(run: Run[Env], server: Server | None, *, reason: str | None = None) -> ServerPayload:
    """The body of a notification about a server, also about one whose record is gone."""
    fault = str(server.fault.get("message")) if server is not None and server.fault else None
    return ServerPayload(
        server_uuid=run.params["server"],
        name=server.name if server else run.params["name"],
        project_id=run.params["project"],
        user_id=run.params.get("user"),
        source=run.params["source"],
        node_uuid=run.params["machine"],
        operation=run.operation,
        state=str(server.status) if server else "deleted",
        flavor_uuid=server.flavor if server else None,
        image_uuid=server.image if server else None,
        power_state=server.power if server else None,
        reason=reason,
        fault=fault,
    )


def note(run: Run[Env], action: str, outcome: str, **detail: Any) -> None:
    """Put the end of an operation into the audit trail."""
    entry = AuditEntry(
        action=action,
        outcome=outcome,
        user=run.params.get("user"),
        project=run.params.get("project"),
        request_id=run.params.get("request_id"),
        subject=run.params["server"],
        operation=run.operation,
        detail={"source": run.params["source"], "machine": run.params["machine"], **detail},
    )
    run.env.audit.add(entry)
