"""`corral adoptable`: every node of the sources and every VM of the hosts, and why those that can't be adopted can't."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Annotated

import typer
from rich.text import Text

from corral.cli import vms
from corral.cli.faults import reasons_of
from corral.cli.options import Limit, Output, SourceName
from corral.cli.output import Column, Format, Row, chosen, field, print_table, show_list
from corral.cli.reasons import brief, codes, full_cell, next_step
from corral.cli.session import Session, session
from corral.cli.text import counted
from corral.cli.wishes import vifs

app = typer.Typer(help="Nodes and VMs that could be adopted.", no_args_is_help=True)
vms.register(app)


def _verdict(row: Row) -> Text:
    return Text("✔ yes", style="green") if row.get("adoptable") else Text("✘ no", style="red")


_FACTS = (
    field("Name", keep=True),
    field("UUID", keep=True, extra=True),
    field("Source", extra=True),
    field("Class", "resource_class"),
    field("State", "provision_state"),
    field("Power", "power_state"),
    Column("Ports", lambda row: f"{len(vifs(dict(row)))} of {len(row.get('ports') or [])}"),
    Column("Adoptable", lambda row: bool(row.get("adoptable")), _verdict),
)


def _codes(row: Row) -> str:
    return codes(reasons_of(row.get("reasons")))


BRIEF = (*_FACTS, Column("Reasons", _codes, lambda row: brief(reasons_of(row.get("reasons")))))
FULL = (_FACTS[0], *_FACTS[3:8], Column("Reasons", _codes, lambda row: full_cell(reasons_of(row.get("reasons")))))


@app.command("list")
def list_(
    ctx: typer.Context,
    why: Annotated[bool, typer.Option("--why", help="Show every reason in full, with its fix.")] = False,
    every: Annotated[bool, typer.Option("--all/--only-adoptable", help="All nodes, or those that can be.")] = True,
    source: SourceName = None,
    resource_class: Annotated[str | None, typer.Option("--class", help="Only this resource class.")] = None,
    name: Annotated[str | None, typer.Option("--name", help="Only nodes of this name.")] = None,
    limit: Limit = None,
    output: Output = None,
) -> None:
    """List the nodes that could be adopted, and those that could not, with reasons."""
    how = session(ctx)
    query = {"source": source, "adoptable": None if every else True, "resource_class": resource_class, "name": name}
    rows = how.api.pages("adoptable_nodes", "adoptable_nodes", query, limit)
    if chosen(how, output) is not Format.TABLE:
        show_list(how, output, rows, BRIEF)
        return
    kept = list(rows)
    print_table(how.out, kept, FULL if why else BRIEF, lines=why)
    _sum_up(how, kept, why=why)


def _sum_up(how: Session, rows: Sequence[Row], *, why: bool) -> None:
    """Say how many of how many, and what to type next."""
    ready = [row for row in rows if row.get("adoptable")]
    how.note(f"{counted(len(rows), 'node')}: {len(ready)} adoptable, {len(rows) - len(ready)} not.")
    if not rows:
        next_step(how, "`corral source check` tells whether the sources answer.")
    elif len(ready) < len(rows) and not why:
        next_step(how, "`corral adoptable list --why` tells what to do about the others.")
    elif ready:
        next_step(
            how, f"`corral adopt {ready[0].get('name') or ready[0].get('uuid')} --plan` shows what would be done."
        )
