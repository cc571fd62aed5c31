"""What the steps of every flow find around them, and the border that they cross."""

from __future__ import annotations

import math
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any, Protocol

import sqlalchemy as sa

from corral.contracts.agents import RunsCommands
from corral.contracts.border import Call, Purpose, crossing
from corral.contracts.cloud_records import CloudAround
from corral.contracts.composition import Composes, Pools
from corral.contracts.enrolling import Enrolls, NodeDefaults
from corral.contracts.provisioning import Deploys
from corral.contracts.sources import Adopts, Powers, Source
from corral.domain.drift import Field
from corral.domain.errors import DriverFailed, NotFound, NotSupported
from corral.domain.fingerprint import differences, fingerprint
from corral.domain.machine import Machine
from corral.domain.server import Server
from corral.engine import Operation, Run, Submission
from corral.extensions.hooks import Hooks
from corral.extensions.registry import Extensions
from corral.flows.hypervisors import Hypervisor
from corral.notify import ServerPayload
from corral.store import Audit, AuditEntry, Compositions, Drifts, Estate, Flavors, Plans, Proofs, Servers, SyncState
from corral.store.cloud_records import CloudRecords
from corral.store.sync_cloud import CloudSides
from corral.store.vm_records import VmRecords

_LOOKS = 3
_BETWEEN_LOOKS = 2.0  # seconds


class Emit(Protocol):
    """Sends a notification; never raises for a bus that is down."""

    def __call__(self, event_type: str, payload: ServerPayload, *, error: bool = False) -> None: ...


class Submit(Protocol):
    """Stores several operations in one transaction, which `first` begins; see `Engine.submit_many`."""

    def __call__(
        self, wanted: Sequence[Submission], *, first: Callable[[sa.Connection], None]
    ) -> Sequence[Operation]: ...


@dataclass(frozen=True)
class Env:
    """What this process gave to its engine. `sleep(seconds)` waits, and is replaced in tests. `agents`: what runs commands on
    nodes, None where that is not installed. `node_defaults`: by pod, what each node made of its systems gets. `vm_records`: what
    surveys saw on the hosts of `hypervisors`. `clouds`: the cloud around each of these that has one. `look_again(source, machine,
    fields)`: called when a correction of these fields has ended."""

    sources: Mapping[str, Source]
    hypervisors: Mapping[str, Hypervisor]
    servers: Servers
    vm_records: VmRecords
    flavors: Flavors
    compositions: Compositions
    proofs: Proofs
    audit: Audit
    estate: Estate
    extensions: Extensions
    hooks: Hooks
    emit: Emit
    plans: Plans
    submit: Submit
    sync: SyncState
    drifts: Drifts
    cloud_records: CloudRecords
    cloud_sides: CloudSides
    clouds: Mapping[str, CloudAround]
    clock: Callable[[], datetime]
    sleep: Callable[[float], None]
    power_timeout: float = 600.0
    deploy_timeout: float = 3600.0
    settle_timeout: float = 60.0
    plan_ahead: int = 400
    agents: RunsCommands | None = None
    node_defaults: Mapping[str, NodeDefaults] = field(default_factory=dict)
    look_again: Callable[[str, str, Collection[Field]], None] = lambda _source, _machine, _fields: None

    def source(self, name: str) -> Source:
        """The source of that name. Raises NotFound when it is no longer configured."""
        try:
            return self.sources[name]
        except KeyError:
            raise NotFound(
                f"Source {name!r} is not configured.", fix="Add it to the settings, then try again."
            ) from None

    def hypervisor(self, name: str) -> Hypervisor:
        """The source of hosts of that name. Raises NotFound when it is no longer configured."""
        try:
            return self.hypervisors[name]
        except KeyError:
            raise NotFound(
                f"Source {name!r} is not among the configured hypervisors.",
                fix="Add it to the setting `hypervisors`, then try again.",
            ) from None


@contextmanager
def at_border(run: Run[Env], purpose: Purpose) -> Iterator[None]:
    """Open the border for this operation; every call that is tried is kept with its proof. Right before each that may change
    something the claim is checked: another worker may have the operation by now, or somebody cancelled it.

    Acts are written one by one as their outcome is known, so that a crash loses no more than the call on the wire;
    look-ups are written together with the step's end."""
    proofs, looks = run.env.proofs, []

    def keep(call: Call) -> None:
        if call.look:
            looks.append(call)
        else:
            proofs.record(run.operation, [call])

    try:
        with crossing(purpose, keep, run.check):
            yield
    finally:
        if looks:
            run.along(lambda conn: proofs.record(run.operation, looks, conn=conn))


def was_lost(run: Run[Env]) -> bool:
    """Whether some act's answer never came; then wait until it surely is over, done or not.

    A service that was too slow to answer may still carry out what it was asked, after all was undone. Whoever asks this
    undoes once more when it says yes."""
    lost = run.env.proofs.lost(run.operation)
    if lost is None:
        return False
    over = lost + timedelta(seconds=run.env.settle_timeout)
    run.progress(0.0, "waiting until a call that was not answered is over")
    for _ in range(math.ceil(max(0.0, (over - run.env.clock()).total_seconds()))):
        run.check()
        run.env.sleep(1.0)
    return True


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


def deployer(source: Source) -> Deploys:
    """The source's machines as ones that can be deployed. Raises NotSupported."""
    if not isinstance(source.machines, Deploys):
        raise NotSupported(f"The {source.driver} driver of source {source.name} can't deploy machines.")
    return source.machines


def enroller(source: Source) -> Enrolls:
    """The source as one to which machines can be added. Raises NotSupported."""
    if not isinstance(source.machines, Enrolls):
        raise NotSupported(f"Machines can't be enrolled at source {source.name}, by its {source.driver} driver.")
    return source.machines


def composer(source: Source) -> Composes:
    """The source as a pod that composes. Raises NotSupported."""
    if not isinstance(source.machines, Composes):
        raise NotSupported(f"Source {source.name} ({source.driver}) is no pod that composes systems.")
    return source.machines


def pool_of(source: Source) -> Pools:
    """The source as a pod whose blocks can be looked at. Raises NotSupported."""
    if not isinstance(source.machines, Pools):
        raise NotSupported(f"Source {source.name} ({source.driver}) is no pod.")
    return source.machines


def take_fingerprint(machine: Machine) -> dict[str, Any]:
    """The fingerprint of a machine that was just observed, with what the machine itself told."""
    return fingerprint(machine, dict(machine.boot)).as_json()


def unchanged(run: Run[Env], before: Mapping[str, Any]) -> Machine:
    """Take the fingerprint again and hold it against the one from before; it is kept with the proof.

    A BMC that does not answer once, or answers late, looks like a change: so a difference counts when it lasts over a few
    looks. A real one does — a machine that was reset says so for good. Gives the machine as it was seen last; raises
    DriverFailed with every difference."""
    source = source_of(run)
    for look in range(_LOOKS):
        with at_border(run, Purpose.LOOK):
            machine = source.machines.observe(run.params["machine"])
        after = take_fingerprint(machine)
        changed = differences(dict(before), after)
        if not changed:
            break
        if look < _LOOKS - 1:
            run.env.sleep(_BETWEEN_LOOKS)
    run.along(lambda conn: run.env.proofs.after(run.operation, after, conn=conn))
    if changed:
        raise DriverFailed(
            f"The machine is not as it was before: {'; '.join(map(str, changed))}.",
            fix="Find out who changed it (the proof lists every call that Corral made), then try again.",
            code="disturbed",
        )
    return machine


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
        flavor_uuid=(server.flavor or None) if server else None,
        image_uuid=server.image if server else None,
        power_state=server.power if server else None,
        reason=reason,
        fault=fault,
    )


def note(run: Run[Env], action: str, outcome: str, **detail: Any) -> None:
    """Put the end of an operation into the audit trail, in the transaction that makes it final."""
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
    run.along(lambda conn: run.env.audit.add(entry, conn=conn))


def note_change(run: Run[Env], outcome: str) -> None:
    """Put the end of an operation on nodes or a cluster into the audit trail, likewise."""
    entry = AuditEntry(
        action=run.params["action"],
        outcome=outcome,
        user=run.params.get("user"),
        project=run.params.get("project"),
        request_id=run.params.get("request_id"),
        subject=run.params["subject"],
        operation=run.operation,
        detail={"name": run.params["name"]},
    )
    run.along(lambda conn: run.env.audit.add(entry, conn=conn))
