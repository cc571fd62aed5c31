"""`corral layout check` and `corral layout explain`: what is wrong with a layout, and why a node's is as it is."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Any

import typer

from corral.cli.exits import Exit
from corral.cli.layout import NodeFile, SchemaFile, Strict, inputs, read_file
from corral.cli.output import Column, Format, chosen, field, print_table, write_data
from corral.cli.session import Session, session
from corral.cli.text import counted
from corral.domain.layout import Layout
from corral.layouts import exact, nailgun
from corral.layouts.check import check
from corral.layouts.draw import human
from corral.layouts.explain_roles import explain_roles
from corral.layouts.explained import Explanation
from corral.layouts.serial import from_json
from corral.layouts.text import load_json

LayoutFile = Annotated[
    Path, typer.Argument(metavar="LAYOUT.json", help="A layout, as `corral layout compute --as layout` writes it.")
]
NodeNow = Annotated[
    Path | None,
    typer.Option("--node", metavar="NODE.json", help="The node as it is: what is kept there must be in the layout."),
]
Output = Annotated[Format | None, typer.Option("-o", "--output", help="How to print it.", show_default="table")]

_FLAWS = (field("Where", "where"), field("What", "message"), field("Fix", "fix"), field("Code", "code", extra=True))
_VOLUMES = (
    field("Volume", "volume"),
    Column("Size", lambda row: human(row["size"])),
    Column("Disks", lambda row: ", ".join(dict.fromkeys(one["disk"] for one in row["at"]))),
    Column("Why", lambda row: " ".join(row["why"])),
    Column("From", lambda row: "; ".join(row["keys"])),
)
_SERVICE = (
    field("For booting", "part"),
    Column("Size", lambda row: human(row["size"])),
    field("Disk", "disk"),
    field("Why", "why"),
)
_CONFLICTS = (field("What", "message"), field("Fix", "fix"))
_SPARE = (field("Left over on", "where"), Column("Size", lambda row: human(row["size"])), field("Why", "why"))


def register(app: typer.Typer) -> None:
    """Put the commands into `corral layout`."""
    app.command("check")(check_layout)
    app.command("explain")(explain)


def check_layout(ctx: typer.Context, layout: LayoutFile, node: NodeNow = None, output: Output = None) -> None:
    """Everything that is wrong with a layout, at once. Ends with 4 when there is something."""
    how = session(ctx)
    now = read_file(node, lambda text: exact.tables(load_json(text))) if node else ()
    flaws = check(read_file(layout, _layout), now)
    rows = [flaw.as_json() for flaw in flaws]
    if chosen(how, output) is not Format.TABLE:
        write_data(how.out.file, chosen(how, output), rows)
    elif rows:
        print_table(how.out, rows, _FLAWS)
    else:
        how.out.print("Nothing is wrong with it.")
    if rows:
        raise typer.Exit(Exit.REFUSED)


def explain(
    ctx: typer.Context, node: NodeFile, schema: SchemaFile = None, strict: Strict = False, output: Output = None
) -> None:
    """Why each volume is where it is and as large as it is, and what is left over. Ends with 4 when it can't be had."""
    how, (rules, data) = session(ctx), inputs(node, schema, strict=strict)
    told = _explained(rules, data)
    _show(how, chosen(how, output), told)
    if told.conflicts:
        raise typer.Exit(Exit.REFUSED)


def _explained(rules: nailgun.Schema | exact.Schema, data: Any) -> Explanation:
    if isinstance(rules, nailgun.Schema):
        return explain_roles(nailgun.read_node(data), rules)
    return exact.explain(exact.allocate(rules, exact.tables(data), exact.roles(data)))


def _show(how: Session, form: Format, explanation: Explanation) -> None:
    told = explanation.as_json()
    if form is not Format.TABLE:
        write_data(how.out.file, form, told)
        return
    for rows, columns in ((told["volumes"], _VOLUMES), (told["service"], _SERVICE)):
        if rows:
            print_table(how.out, rows, columns, lines=True)
    how.out.print(f"{counted(len(told['spare']), 'place')} with space left over.")
    if told["spare"]:
        print_table(how.out, told["spare"], _SPARE)
    if explanation.conflicts:
        how.out.print("It can't be had:")
        print_table(how.out, told["conflicts"], _CONFLICTS)


def _layout(text: str) -> Layout:
    return from_json(load_json(text))
