"""Plans as JSON, and their results as JSON and CSV, drawn machine by machine: an answer of any length needs no memory."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Iterable, Iterator, Sequence
from typing import Any

from corral.api.render import links, time
from corral.domain.plan import ItemState, PlanItem, PlannedMachine, PlanRecord

_FORMULA = ("=", "+", "-", "@", "\t", "\r")
"""What a spreadsheet may take for the beginning of a formula."""


def plan(one: PlanRecord, machines: Sequence[PlannedMachine], base: str) -> dict[str, Any]:
    """A plan with how far it is, and the first of its machines; `next` leads to the others."""
    progress = {state.value: one.count(state) for state in ItemState if state is not ItemState.BLOCKED}
    answer: dict[str, Any] = {
        "uuid": one.uuid,
        "digest": one.digest,
        "project_id": one.project,
        "user_id": one.user,
        "state": one.state.value,
        "created_at": time(one.created_at),
        "applied_at": time(one.applied_at),
        "paused_at": time(one.paused_at),
        "cancelled_at": time(one.cancelled_at),
        "counts": {"total": one.total, "adoptable": one.adoptable, "blocked": one.count(ItemState.BLOCKED)},
        "progress": {**progress, "over": one.over},
        "items": [plan_item(machine.item) for machine in machines],
        "operations": list(one.operations),
        "operation": one.feeder,
        "links": links(base, "plans", one.uuid),
    }
    if len(machines) < one.total:
        answer["next"] = f"{base}/v1/plans/{one.uuid}/machines?marker={machines[-1].position}"
    return answer


def planned_machine(one: PlannedMachine) -> dict[str, Any]:
    """A machine of a plan, and what has become of it."""
    became = {
        "operation": one.operation,
        "server_uuid": one.server,
        "error": None if one.error is None else dict(one.error),
    }
    return {"position": one.position, "state": one.state.value, **plan_item(one.item), **became}


def plan_outcome(one: PlannedMachine) -> dict[str, Any]:
    """What has become of a machine of a plan, in one row."""
    error = one.error or {}
    return {
        "node": one.item.machine_name or one.item.machine,
        "node_uuid": one.item.machine,
        "source": one.item.source,
        "name": one.item.request.name,
        "outcome": one.state.value,
        "server_uuid": one.server,
        "operation": one.operation,
        "reasons": [reason.as_json() for reason in one.item.reasons],
        "error": error.get("message"),
        "fix": error.get("fix"),
    }


def plan_item(item: PlanItem) -> dict[str, Any]:
    """What a plan says of one machine."""
    return {
        "name": item.request.name,
        "node_uuid": item.machine,
        "node_name": item.machine_name,
        "source": item.source,
        "flavor_uuid": item.request.flavor or None,
        "project_id": item.project,
        "basis": item.basis,
        "adoptable": item.adoptable,
        "reasons": [reason.as_json() for reason in item.reasons],
        "steps": [{"title": step.title, "call": step.call} for step in item.steps],
        "request": {key: value for key, value in item.request.as_json().items() if value not in (None, "")},
    }


def as_json(machines: Iterable[PlannedMachine]) -> Iterator[str]:
    """The result of a plan: `{"machines": […]}`."""
    yield '{"machines": ['
    for number, one in enumerate(machines):
        yield (",\n" if number else "\n") + json.dumps(plan_outcome(one))
    yield "\n]}\n"


def as_csv(machines: Iterable[PlannedMachine]) -> Iterator[str]:
    """The result of a plan as CSV with a header. No cell can be a formula: names of machines are other people's words."""
    columns = ("node", "node_uuid", "source", "name", "outcome", "server_uuid", "operation", "reasons", "error", "fix")
    yield _line(columns)
    for one in machines:
        row = plan_outcome(one)
        row["reasons"] = " ".join(reason["code"] for reason in row["reasons"])
        yield _line([_harmless(row[column]) for column in columns])


def _line(cells: Sequence[str]) -> str:
    text = io.StringIO()
    csv.writer(text).writerow(cells)
    return text.getvalue()


def _harmless(value: str | None) -> str:
    text = (value or "").replace("\0", "")
    return f"'{text}" if text.startswith(_FORMULA) else text
