"""`corral plan`: look at a plan again, apply exactly that, and steer it on the way."""

from __future__ import annotations

from typing import Annotated

import typer

from corral.cli.adopt import show_plan
from corral.cli.adopt_many import COLUMNS, apply_plan, report
from corral.cli.api import Json
from corral.cli.lookup import segment
from corral.cli.options import Output, PlanArg, Wait, Yes
from corral.cli.output import show_list
from corral.cli.plan_machines import machines, row_of, whole
from corral.cli.plan_view import print_plan, refusal
from corral.cli.session import Session, session
from corral.cli.text import counted

app = typer.Typer(help="What an adoption would do.", no_args_is_help=True)

Revert = Annotated[bool, typer.Option("--revert", help="Turn around what is under way, too.")]
Skip = Annotated[bool, typer.Option("--skip-blocked", help="Adopt those that can be, and leave the others.")]


@app.command()
def show(ctx: typer.Context, plan: PlanArg, output: Output = None) -> None:
    """Show a plan: every machine, every step, every reason."""
    how = session(ctx)
    show_plan(how, whole(how, how.api.get(f"plans/{segment(plan)}")), output)


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
    found = whole(how, how.api.get(f"plans/{segment(plan)}"))
    counts = found.get("counts") or {}
    if not counts.get("adoptable") or (counts.get("blocked") and not skip_blocked):
        raise refusal(found)
    if not yes:
        print_plan(how, found, result=False)
    how.confirm(f"Adopt {counted(int(counts['adoptable']), 'machine')}?", yes=yes)
    rows = [row_of(item) for item in found["items"]]
    apply_plan(how, found, rows, wait=wait)
    report(how, rows, output)


@app.command()
def pause(ctx: typer.Context, plan: PlanArg) -> None:
    """Start no more machines for now; what is under way goes on."""
    _steered(session(ctx), plan, "pause")


@app.command()
def resume(ctx: typer.Context, plan: PlanArg) -> None:
    """Go on with a paused plan."""
    _steered(session(ctx), plan, "resume")


@app.command()
def cancel(ctx: typer.Context, plan: PlanArg, revert: Revert = False, yes: Yes = False) -> None:
    """Start no more machines, for good. What is adopted stays so."""
    how = session(ctx)
    how.confirm(f"Cancel plan {plan}?", yes=yes)
    _steered(how, plan, "cancel", revert="true" if revert else None)


@app.command()
def result(ctx: typer.Context, plan: PlanArg, output: Output = None) -> None:
    """Show what has become of each machine; `-o csv` and `-o json` for further use."""
    how = session(ctx)
    found = how.api.get(f"plans/{segment(plan)}")
    show_list(how, output, (row_of(item) for item in machines(how, found)), COLUMNS)
    how.note(_told(found))


def _steered(how: Session, plan: str, what: str, **query: str | None) -> None:
    how.note(_told(how.api.post(f"plans/{segment(plan)}/{what}", **query)))


def _told(plan: Json) -> str:
    words = ", ".join(f"{number} {name}" for name, number in plan["progress"].items() if number and name != "over")
    return f"The plan is {plan['state']}: {words or 'nothing was adoptable'}."
