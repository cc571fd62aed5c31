"""mend: take away what an adoption left over at a source, and nobody has a record of.

look once more whether it is explained by now → take it away. Nothing is put back if that fails: what is left over is nobody's, and
what is done is done. The next look finds the rest.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from corral.contracts.border import Purpose
from corral.contracts.sources import Source
from corral.contracts.traces import Traces
from corral.domain.errors import Conflict, DriverFailed, NotSupported
from corral.domain.leak_kinds import Kind
from corral.domain.lifecycle import STABLE
from corral.engine import Flow, Json, Run, Step
from corral.flows.env import Env, adopter, at_border, source_of
from corral.flows.fill_gaps import cloud_of
from corral.flows.vms import hypervisor_of, where_of

Params = Mapping[str, Any]
_PATIENCE = 60
"""Seconds that Cinder is given to forget a volume."""


def mend(run: Run[Env]) -> Json | None:
    """Take it away, unless a server explains it by now."""
    kind = Kind(run.params["leak"])
    _refuse_explained(run, kind)
    run.check()
    with at_border(run, Purpose.MEND):
        if kind in _MARKS:
            _unmark(run)
        elif kind in _IN_CLOUDS:
            _forsake_recorded(run, kind)
        else:
            _WAYS[kind](source_of(run), run.params)
    return None


def _refuse_explained(run: Run[Env], kind: Kind) -> None:
    if kind in _IN_CLOUDS:
        if run.env.cloud_records.existing([run.params["record"]]):
            raise Conflict(f"What was found is explained by now: record {run.params['record']}.", fix="Scan again.")
        return
    server = run.env.servers.find(run.params["server"])
    # These two are of a server which is ours, and at rest; everything else is of servers that are not.
    if kind in (Kind.MAINTENANCE, Kind.VM_MARK_ELSEWHERE):
        as_found = server is not None and server.status in STABLE
    else:
        as_found = server is None
    if kind is Kind.VM_MARK_ELSEWHERE and server is not None:
        as_found = as_found and server.machine != run.params["machine"]
    if not as_found:
        raise Conflict(f"What was found is explained by now: server {run.params['server']}.", fix="Scan again.")


def tracer(source: Source) -> Traces:
    """The source's machines as ones that show their marks. Raises NotSupported."""
    if not isinstance(source.machines, Traces):
        raise NotSupported(f"The {source.driver} driver of source {source.name} can't look for leaks.")
    return source.machines


def _forsake(source: Source, params: Params) -> None:
    tracer(source).forsake(params["machine"], params["server"])


def _end_maintenance(source: Source, params: Params) -> None:
    tracer(source).end_maintenance(params["machine"], params["server"])


def _delete_port(source: Source, params: Params) -> None:
    if params["machine"] is not None:
        adopter(source).unplug(params["machine"], params["subject"])
    source.networks.delete(params["subject"], params["server"])


def _unmark(run: Run[Env]) -> None:
    with hypervisor_of(run).vms() as vms:
        vms.unmark(where_of(run), run.params["server"])


def _forsake_recorded(run: Run[Env], kind: Kind) -> None:
    cloud = cloud_of(run)
    if kind is Kind.CLOUD_PORT:
        cloud.ports.forsake(run.params["subject"], run.params["record"])
        return
    volumes = cloud.volumes(None)
    volumes.forsake(run.params["subject"], run.params["record"])
    for second in range(_PATIENCE):
        if not volumes.known([run.params["subject"]]):
            return
        run.progress(second / _PATIENCE, "Cinder lets the volume go")
        run.check()
        run.env.sleep(1.0)
    raise DriverFailed(
        f"Cinder did not let go of volume {run.params['subject']} within {_PATIENCE} s.",
        fix="The log of cinder-volume says why.",
    )


def _free_port(source: Source, params: Params) -> None:
    source.networks.free(params["subject"], params["server"])


_WAYS: Mapping[Kind, Callable[[Source, Params], None]] = {
    Kind.CLAIM: _forsake,
    Kind.ALLOCATION: _forsake,
    Kind.MAINTENANCE: _end_maintenance,
    Kind.PORT_MADE: _delete_port,
    Kind.PORT_HELD: _free_port,
}
_MARKS = frozenset({Kind.VM_MARK, Kind.VM_MARK_ELSEWHERE})
_IN_CLOUDS = frozenset({Kind.CLOUD_VOLUME, Kind.CLOUD_PORT})
AT_SOURCES = frozenset(_WAYS) | _MARKS | _IN_CLOUDS
"""The kinds that are mended at a source, by an operation; the others are mended in the record."""

FLOW: Flow[Env] = Flow(
    name="mend",
    version=1,
    # What is left over is nobody's: there is nothing to go back to.
    steps=(Step("mend", "Take away what is left over", mend, undo=None),),
)
