"""A plan as people read it before they say yes."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from rich.text import Text

from corral.cli.api import Json
from corral.cli.faults import reasons_of
from corral.cli.output import Column, field, table
from corral.cli.reasons import codes, full, full_cell
from corral.cli.session import Session
from corral.cli.text import clean, counted, plain
from corral.domain.errors import Refused
from corral.domain.reasons import Reason, blockers

_ONE_BY_ONE = 3
"""Up to so many machines are shown with every step; more become a table."""


def verdict(item: Mapping[str, Any]) -> Text:
    """Whether a machine of the plan can be adopted; warnings are no obstacle, and are seen."""
    if not item.get("adoptable"):
        return Text("blocked", style="yellow")
    count = len(reasons_of(item.get("reasons")))
    return Text("adoptable", style="green") + (
        Text(f", {counted(count, 'warning')}", style="yellow") if count else Text()
    )


def wired(item: Mapping[str, Any]) -> str:
    """The networks of the request, in a few words."""
    entries = (item.get("request") or {}).get("networks") or []
    ports = sum(1 for entry in entries if entry.get("port_id"))
    parts = [counted(ports, "port")] * bool(ports) + [counted(len(entries) - ports, "new port")] * (
        ports < len(entries)
    )
    return " + ".join(parts)


COLUMNS = (
    Column("Node", lambda item: item.get("node_name") or item.get("node_uuid"), keep=True),
    field("Server", "name"),
    field("Source"),
    Column("Network", wired),
    Column("Verdict", lambda item: "adoptable" if item.get("adoptable") else "blocked", verdict),
    Column(
        "Reasons",
        lambda item: codes(reasons_of(item.get("reasons"))),
        lambda item: full_cell(reasons_of(item.get("reasons"))),
    ),
)


def print_plan(session: Session, plan: Json, *, result: bool) -> None:
    """Print a plan: to stdout where it is the result, else to stderr."""
    target = session.out if result else session.err
    items = plan.get("items") or []
    if len(items) > _ONE_BY_ONE:
        target.print(table(items, COLUMNS, lines=any(item.get("reasons") for item in items)))
    else:
        for item in items:
            target.print(_in_full(item), soft_wrap=True)
    target.print(tally(plan))


def tally(plan: Json) -> Text:
    """The counts of a plan in one line."""
    counts = plan.get("counts") or {}
    total, adoptable, blocked = (int(counts.get(key) or 0) for key in ("total", "adoptable", "blocked"))
    text = Text.assemble((counted(total, "machine"), "bold"), ": ", (f"{adoptable} adoptable", "green"))
    return text + (Text(f", {blocked} blocked", style="yellow") if blocked else Text("."))


def _in_full(item: Json) -> Text:
    node = clean(item.get("node_name") or item.get("node_uuid"))
    text = Text.assemble((node, "bold"), " → server ", (clean(item.get("name")), "bold"), "  ", verdict(item))
    for number, step in enumerate(item.get("steps") or [], 1):
        text.append_text(Text.assemble(f"\n  {number}. ", clean(step.get("title"))))
        if step.get("call"):
            text.append_text(plain(f"   {step['call']}", "dim"))
    reasons = full(reasons_of(item.get("reasons")))
    return text + Text("\n") + reasons if reasons else text


def refusal(plan: Json) -> Refused:
    """The error for a plan that has nothing to apply."""
    reasons: Sequence[Reason] = [r for item in plan.get("items") or [] for r in reasons_of(item.get("reasons"))]
    blocked = int((plan.get("counts") or {}).get("blocked") or 0)
    return Refused(f"{counted(blocked, 'machine')} can't be adopted as asked.", blockers(tuple(reasons)))
