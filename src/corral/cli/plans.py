"""`corral plan`: look at a plan again, and apply exactly that."""

from __future__ import annotations

from typing import Annotated

import typer

from corral.cli.adopt import show_plan
from corral.cli.adopt_many import apply_plan, report, row_of
from corral.cli.lookup import segment
from corral.cli.options import Output, PlanArg, Wait, Yes
from corral.cli.plan_view import print_plan, refusal
from corral.cli.session import session
from corral.cli.text import counted

app = typer.Typer(help="What an adoption would do.", no_args_is_help=True)

Skip = Annotated[bool, typer.Option("--skip-blocked", help="Adopt those that can be, and leave the others.")]


@app.command()
def show(ctx: typer.Context, plan: PlanArg, output: Output = None) -> None:
    """Show a plan: every machine, every step, every reason."""
    how = session(ctx)
    show_plan(how, how.api.get(f"plans/{segment(plan)}"), output)


@app.command()
def apply(
    ctx: typer.Context,
    plan: PlanArg,
    skip_blocked: Skip = False,
    yes: Yes = False,
    wait: Wait = True,
    output: Output = None,
) -> None:
    """Do what a plan says, or nothing: it is refused when the world has changed since."""
    how = session(ctx)
    found = how.api.get(f"plans/{segment(plan)}")
    counts = found.get("counts") or {}
    if not counts.get("adoptable") or (counts.get("blocked") and not skip_blocked):
        raise refusal(found)
    if not yes:
        print_plan(how, found, result=False)
    how.confirm(f"Adopt {counted(int(counts['adoptable']), 'machine')}?", yes=yes)
    rows = [row_of(item) for item in found["items"]]
    apply_plan(how, found, rows, wait=wait)
    report(how, rows, output)
