"""`corral adopt --all`: every free machine of a source that matches, nodes or VMs, as the rules of a mapping say."""

from __future__ import annotations

from collections.abc import Mapping
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
    asked: Mapping[str, str | None],
    rules: Path | None,
    *,
    plan_only: bool,
    yes: bool,
    wait: bool,
    output: Format | None,
) -> None:
    """The whole run; `asked` as the API's filter has it. Exits 4 when a machine was blocked, 1 when an operation failed."""
    if asked["source"] is None:
        raise Invalid(
            "--all needs a source.",
            fix="Say `--source NAME`; `corral source list` and `corral host list` have them.",
        )
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
