"""fill_gaps: volumes and NICs of a VM are recorded in Cinder and Neutron where they are; the VM is not touched, and not asked.

look again → (the records were written when the operation was stored) → have Cinder manage the volumes → record their attachment →
make the ports → read everything back.

A record's id is on what is made for it, from the first moment on: whatever fails afterwards, what bears it is taken back, in
reverse order, and the records go.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from corral.contracts.border import Purpose
from corral.contracts.cloud_records import CloudAround, CloudVolume
from corral.domain.errors import DriverFailed, NotFound, Refused, Stale
from corral.domain.gaps import CloudRecord, Gap, Kind
from corral.domain.gaps_rules import read_gap_rules
from corral.domain.reasons import blockers
from corral.engine import Flow, Json, Run, Step
from corral.flows.env import Env, at_border, was_lost
from corral.flows.fill_gaps_look import Asked, Known, look
from corral.store import AuditEntry

_PATIENCE = 300
"""Seconds that Cinder is given to manage or to forget a volume."""


def cloud_of(run: Run[Env]) -> CloudAround:
    """The cloud around the hypervisor. Raises NotFound when it is no longer configured."""
    found = run.env.clouds.get(run.params["source"])
    if found is None:
        raise NotFound(
            f"Source {run.params['source']} has no cloud any more.", fix="Name it again: `cloud` of the hypervisor."
        )
    return found


def ours(run: Run[Env], kind: Kind) -> list[CloudRecord]:
    """The records of this operation, of that kind."""
    return [one for one in run.env.cloud_records.of_operation(run.operation) if one.kind is kind]


def check(run: Run[Env]) -> Json:
    """Look once more, and refuse what is not as it was when the plan was made."""
    now = {(gap.kind, gap.part): gap for gap in _look(run)}
    for record in run.env.cloud_records.of_operation(run.operation):
        _refuse_changed(record, now.get((record.kind, record.part)))
    return {"gaps": len(now)}


def _look(run: Run[Env]) -> Iterable[Gap]:
    source, ident, env = run.params["source"], run.params["machine"], run.env
    known = env.vm_records.named(source, [ident]).get(ident)
    if known is None or known.gone_since is not None:
        raise NotFound(f"VM {ident} is not at source {source} any more.", fix="`corral host machines HOST` lists them.")
    host = env.vm_records.hosts(source, [known.vm.host])[known.vm.host]
    server = None if run.params["server"] is None else env.servers.find(run.params["server"])
    mine = {key: one for key, one in env.cloud_records.taken(source, [ident]).items() if one.operation != run.operation}
    about = Known({} if server is None else {ident: server}, mine, env.vm_records.holders(source, [known.vm]))
    with at_border(run, Purpose.LOOK):
        return look(cloud_of(run), host, [known.vm], asked_by(run), about)[0].gaps


def asked_by(run: Run[Env]) -> Asked:
    """What the operation was asked for."""
    kinds = frozenset(Kind(one) for one in run.params["kinds"])
    return Asked(kinds, read_gap_rules(run.params["rules"]), run.params["named_project"])


def _refuse_changed(record: CloudRecord, gap: Gap | None) -> None:
    label = f"{record.kind} {record.part} of {record.vm_name}"
    if gap is None or gap.there:
        raise Stale(f"There is no gap any more: {label}.", fix="Make a new plan.")
    if gap.blocked:
        raise Refused(f"It can't be recorded any more: {label}.", blockers(gap.reasons))
    if (gap.project, dict(gap.wanted)) != (record.project, dict(record.wanted)):
        raise Stale(f"Something has changed since the plan was made: {label}.", fix="Make a new plan and look at it.")


def settle(run: Run[Env]) -> None:
    """When an answer was lost: take back once more what may have been done late."""
    if was_lost(run):
        delete_ports(run)
        unmanage(run)


# --- volumes ----------------------------------------------------------------------------------------------


def manage(run: Run[Env]) -> Json:
    """Have Cinder manage each volume where it is, and wait until it has."""
    made = []
    for record in ours(run, Kind.VOLUME):
        volumes = cloud_of(run).volumes(record.project)
        with at_border(run, Purpose.RECORD):
            volumes.manage(record.id, record.wanted)
        volume = settled(run, record)
        if volume is None or volume.status != "available":
            raise DriverFailed(
                f"Cinder could not manage {record.part} of {record.vm_name}: the volume is "
                f"{volume.status if volume else 'gone'}.",
                fix="The log of cinder-volume says why.",
            )
        run.env.cloud_records.made(record.id, volume.id)
        made.append(volume.id)
    return made


def settled(run: Run[Env], record: CloudRecord) -> CloudVolume | None:
    """The record's volume once Cinder is not at work on it; None when there is none. Raises DriverFailed after a while."""
    volumes = cloud_of(run).volumes(record.project)
    for second in range(_PATIENCE):
        with at_border(run, Purpose.LOOK):
            found = volumes.marked(record.id)
        if found is None or not found.moving:
            return found
        run.progress(second / _PATIENCE, f"Cinder is {found.status} volume {found.id}")
        run.check()
        run.env.sleep(1.0)
    raise DriverFailed(
        f"Cinder did not come to an end with {record.part} of {record.vm_name} within {_PATIENCE} s.",
        fix="Look whether cinder-volume runs.",
    )


def unmanage(run: Run[Env]) -> None:
    """Have Cinder forget what bears a record of this operation. The volumes stay where they are."""
    for record in ours(run, Kind.VOLUME):
        let_go(run, record)


def let_go(run: Run[Env], record: CloudRecord) -> None:
    """Have Cinder forget a record's volume, attached to its VM or not, and wait until it has."""
    volumes, volume = cloud_of(run).volumes(record.project), settled(run, record)
    if volume is None:
        return
    with at_border(run, Purpose.RECORD):
        volumes.detach(volume.id, record.vm)
        volumes.unmanage(record.id)
    left = settled(run, record)
    if left is not None:
        raise DriverFailed(
            f"Cinder did not let go of volume {left.id}: it is {left.status}.",
            fix=f"See the log of cinder-volume, then `cinder reset-state --state error {left.id}`, and try again.",
        )


def attach(run: Run[Env]) -> Json | None:
    """Record that each volume is the VM's. Nothing is exported or mapped for it."""
    for record in ours(run, Kind.VOLUME):
        with at_border(run, Purpose.RECORD):
            cloud_of(run).volumes(record.project).attach(record.made, record.vm)
    return None


def detach(run: Run[Env]) -> None:
    """Take the attachments back."""
    for record in ours(run, Kind.VOLUME):
        if record.made:
            with at_border(run, Purpose.RECORD):
                cloud_of(run).volumes(record.project).detach(record.made, record.vm)


# --- ports ------------------------------------------------------------------------------------------------


def create_ports(run: Run[Env]) -> Json:
    """Make a port for each NIC, bound nowhere."""
    made = []
    for record in ours(run, Kind.PORT):
        with at_border(run, Purpose.RECORD):
            port = cloud_of(run).ports.create(record.id, record.wanted)
        run.env.cloud_records.made(record.id, port.id)
        made.append(port.id)
    return made


def delete_ports(run: Run[Env]) -> None:
    """Delete what bears a record of this operation."""
    for record in ours(run, Kind.PORT):
        with at_border(run, Purpose.RECORD):
            cloud_of(run).ports.delete(record.id, record.vm)


# --- the end ----------------------------------------------------------------------------------------------


def verify(run: Run[Env]) -> Json:
    """Believe no status code: read back what was made, and hold it against what was wanted."""
    with at_border(run, Purpose.LOOK):
        told = [_read_back(run, one) for one in run.env.cloud_records.of_operation(run.operation)]
    return {"records": told}


def _read_back(run: Run[Env], record: CloudRecord) -> dict[str, Any]:
    wrong = list(_wrong_volume(run, record) if record.kind is Kind.VOLUME else _wrong_port(run, record))
    if wrong:
        raise DriverFailed(
            f"{record.kind} {record.part} of {record.vm_name} is not as it was asked for: {', '.join(wrong)}.",
            fix="Find out what changes it there, then try again.",
        )
    return {"id": record.id, "kind": str(record.kind), "part": record.part, "made": record.made}


def _wrong_volume(run: Run[Env], record: CloudRecord) -> Iterable[str]:
    volume = cloud_of(run).volumes(record.project).marked(record.id)
    if volume is None:
        return ["it is gone"]
    is_it = {"status": volume.status, "project": volume.project, "name": volume.name, "attached": volume.attached}
    should = {"status": "in-use", "project": record.project, "name": record.wanted["name"], "attached": (record.vm,)}
    return _differences(is_it, should)


def _wrong_port(run: Run[Env], record: CloudRecord) -> Iterable[str]:
    port = cloud_of(run).ports.marked(record.id, record.vm)
    if port is None:
        return ["it is gone"]
    fixed = sorted((one["subnet_id"], one["ip_address"]) for one in record.wanted["fixed_ips"])
    names = {"network_id": "network", "mac_address": "mac", "device_id": "device", "project_id": "project"}
    names |= {"device_owner": "device_owner", "name": "name"}
    is_it = {key: getattr(port, name) for key, name in names.items()} | {"fixed_ips": sorted(port.addresses)}
    return _differences(is_it, {key: record.wanted[key] for key in names} | {"fixed_ips": fixed})


def _differences(is_it: dict[str, Any], should: dict[str, Any]) -> Iterable[str]:
    return [f"{key} is {is_it[key]!r}, not {value!r}" for key, value in should.items() if is_it[key] != value]


def finish(run: Run[Env]) -> None:
    """What was made is made; and the audit entry."""
    run.env.cloud_records.rest(run.operation)
    entry(run, "cloud:fill", "succeeded")


def forget(run: Run[Env]) -> None:
    """There is nothing of these records any more."""
    entry(run, "cloud:fill", "reverted")
    for record in run.env.cloud_records.of_operation(run.operation):
        run.env.cloud_records.forget(record.id)


def entry(run: Run[Env], action: str, outcome: str) -> None:
    """Put the end of the operation into the audit trail."""
    detail = {"source": run.params["source"], "machine": run.params["machine"], "records": run.params["records"]}
    user, project, request, server = (run.params.get(key) for key in ("user", "project", "request_id", "server"))
    run.env.audit.add(AuditEntry(action, outcome, user, project, request, server, run.operation, detail=detail))


FLOW: Flow[Env] = Flow(
    name="fill_gaps",
    version=1,
    steps=(
        Step("check", "Look at cloud and VM once more", check, undo=settle),  # only reads; undone last
        Step("manage", "Have Cinder manage the volumes where they are", manage, undo=unmanage),
        Step("attach", "Record whose disks they are", attach, undo=detach),
        Step("create_ports", "Make the ports", create_ports, undo=delete_ports),
        Step("verify", "Read everything back", verify, undo=None),  # only reads
    ),
    on_success=finish,
    on_reverted=forget,
)
