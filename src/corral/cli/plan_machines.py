"""The machines of a plan, page by page, and waiting for a plan that starts them one after another."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from corral.cli.api import Json
from corral.cli.progress import bars
from corral.cli.reasons import next_step
from corral.cli.session import Session

Row = dict[str, Any]

_OUTCOMES = {"planned": "accepted", "running": "accepted"}
_LOOK = 1.0  # seconds between looks


def machines(how: Session, plan: Json, **query: object) -> Iterator[Json]:
    """A plan's machines, drawn page by page."""
    return how.api.pages(f"plans/{plan['uuid']}/machines", "machines", query)


def whole(how: Session, plan: Json) -> Json:
    """The plan with all its machines, where its own answer has only the first."""
    return {**plan, "items": list(machines(how, plan))} if plan.get("next") else plan


def row_of(item: Mapping[str, Any]) -> Row:
    """The result of one machine: what its plan says, and what has become of it."""
    state = str(item.get("state") or ("planned" if item.get("adoptable") else "blocked"))
    error = item.get("error") or {}
    return {
        "node": item.get("node_name") or item.get("node_uuid"),
        "node_uuid": item.get("node_uuid"),
        "source": item.get("source"),
        "name": item.get("name"),
        "outcome": _OUTCOMES.get(state, state),
        "reasons": [*(item.get("reasons") or []), *(error.get("reasons") or [])],
        "server_uuid": item.get("server_uuid"),
        "operation": item.get("operation"),
        "error": error.get("message"),
        "fix": error.get("fix"),
    }


def watch_plan(how: Session, uuid: str) -> Json:
    """Wait with a live bar until nothing more becomes of the plan; the plan as it is then. A paused one is waited for."""
    told = -1
    try:
        with bars(how) as progress:
            task = progress.add_task("all machines", total=None, step="")
            while True:
                plan: Json = how.api.get(f"plans/{uuid}")
                total, over = int(plan["counts"]["adoptable"]), int(plan["progress"]["over"])
                progress.update(task, total=total, completed=over, step=_told(plan))
                if _is_over(plan):
                    return plan
                if not how.err.is_terminal and told < (told := 10 * over // total):
                    how.note(f"{10 * told:3}%  {_told(plan)}")
                how.pause(_LOOK)
    except KeyboardInterrupt:
        how.note("Stopped waiting. The plan goes on at the server.")
        next_step(how, f"`corral plan result {uuid}`, `corral plan pause {uuid}`, `corral plan cancel {uuid}`.")
        raise


def _told(plan: Json) -> str:
    count = plan["progress"]
    words = ", ".join(f"{count[key]} {key}" for key in ("adopted", "failed", "cancelled", "running") if count[key])
    return f"paused; {words}" if plan["state"] == "paused" else words or "beginning"


def _is_over(plan: Json) -> bool:
    return plan["state"] == "applied" or (plan["state"] == "cancelled" and not plan["progress"]["running"])
