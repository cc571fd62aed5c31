"""revert_gaps: what was recorded of a VM in Cinder and Neutron is taken back. Volumes, NICs and the VM stay as they are.

look whether anybody else uses it → delete the ports → take the attachments back and have Cinder forget the volumes.

A record goes with what it is about, one by one; what could not be taken back stays recorded, and can be asked for again.
"""

from __future__ import annotations

from corral.contracts.border import Purpose
from corral.domain.errors import Conflict
from corral.domain.gaps import Kind
from corral.engine import Flow, Json, Run, Step
from corral.flows.env import Env, at_border, was_lost
from corral.flows.fill_gaps import cloud_of, entry, let_go, ours


def check(run: Run[Env]) -> Json | None:
    """Refuse before anything is taken back what somebody else uses by now."""
    for record in ours(run, Kind.VOLUME):
        with at_border(run, Purpose.LOOK):
            found = cloud_of(run).volumes(record.project).marked(record.id)
        others = [one for one in found.attached if one != record.vm] if found is not None else []
        if found is not None and others:
            raise Conflict(
                f"Volume {found.id} is attached to {', '.join(others)} too.",
                fix="Detach it there first, and try again.",
            )
    return None


def delete_ports(run: Run[Env]) -> Json | None:
    """Delete each port, unless somebody has taken it over."""
    for record in ours(run, Kind.PORT):
        with at_border(run, Purpose.RECORD):
            cloud_of(run).ports.delete(record.id, record.vm)
        run.env.cloud_records.forget(record.id)
    return None


def let_volumes_go(run: Run[Env]) -> Json | None:
    """Have Cinder forget each volume."""
    for record in ours(run, Kind.VOLUME):
        let_go(run, record)
        run.env.cloud_records.forget(record.id)
    return None


def attach_again(run: Run[Env]) -> None:
    """A volume that Cinder keeps is still the VM's, whatever was carried out late."""
    was_lost(run)
    for record in ours(run, Kind.VOLUME):
        volumes = cloud_of(run).volumes(record.project)
        with at_border(run, Purpose.RECORD):
            found = volumes.marked(record.id)
            if found is not None and found.status in ("available", "reserved"):
                volumes.attach(found.id, record.vm)


def finish(run: Run[Env]) -> None:
    """The audit entry."""
    entry(run, "cloud:revert", "succeeded")


def stay(run: Run[Env]) -> None:
    """What is left stays recorded."""
    run.env.cloud_records.rest(run.operation)
    entry(run, "cloud:revert", "reverted")


FLOW: Flow[Env] = Flow(
    name="revert_gaps",
    version=1,
    steps=(
        Step("check", "Look who uses it", check, undo=None),  # only reads
        Step(
            "delete_ports", "Delete the ports", delete_ports, undo=None
        ),  # made again by another plan, if they are wanted
        Step("let_volumes_go", "Have Cinder forget the volumes", let_volumes_go, undo=attach_again),
    ),
    on_success=finish,
    on_reverted=stay,
)
