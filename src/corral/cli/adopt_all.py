"""`corral adopt --all`: every free machine of a source that matches, as the rules of a mapping say."""

from __future__ import annotations

from itertools import islice
from pathlib import Path

import typer

from corral.cli.adopt_many import apply_plan, only_plan, report
from corral.cli.api import Json
from corral.cli.batch import read_mapping
from corral.cli.exits import Exit
from corral.cli.output import Format, chosen
from corral.cli.plan_machines import machines, row_of, whole
from corral.cli.plan_view import print_plan
from corral.cli.session import Session
from corral.cli.text import counted
from corral.domain.errors import Invalid

_SHOWN = 200
"""Of a plan with more machines the preview shows only those that are blocked, and of these so many."""


def adopt_all(
    how: Session,
    source: str | None,
    resource_class: str | None,
    name: str | None,
    rules: Path | None,
    *,
    plan_only: bool,
    yes: bool,
    wait: bool,
    output: Format | None,
) -> None:
    """The whole run. Exits 4 when a machine was blocked, 1 when an operation failed."""
    if source is None:
        raise Invalid("--all needs a source.", fix="Name it: `--source NAME`; `corral source list` has them.")
    asked = {"source": source, "resource_class": resource_class, "name": name}
    body = {"from": {key: value for key, value in asked.items() if value is not None}, "mapping": read_mapping(rules)}
    plan = how.api.post("plans", body)
    is_result = plan_only and chosen(how, output) is Format.TABLE
    _preview(how, plan, result=is_result)
    if plan_only:
        only_plan(how, plan if is_result else whole(how, plan), output, printed=is_result)
        return
    adoptable = int(plan["counts"]["adoptable"])
    if not adoptable:
        raise typer.Exit(Exit.REFUSED)
    how.confirm(f"Adopt {counted(adoptable, 'machine')}?", yes=yes)
    rows = [row_of(item) for item in whole(how, plan)["items"]]
    apply_plan(how, plan, rows, wait=wait)
    report(how, rows, output)


def _preview(how: Session, plan: Json, *, result: bool) -> None:
    if plan["counts"]["total"] <= _SHOWN:
        print_plan(how, whole(how, plan), result=result)
        return
    blocked = list(islice(machines(how, plan, adoptable="false"), _SHOWN))
    print_plan(how, {**plan, "items": blocked}, result=result)
    how.note(f"Shown are machines that are blocked; `corral plan show {plan['uuid']}` has all.", "dim")
