"""`corral leaks`: what sources and record don't both explain, and repairing what is certainly Corral's."""

from __future__ import annotations

from typing import Annotated

import typer
from rich.text import Text

from corral.cli.api import Json
from corral.cli.exits import Exit
from corral.cli.options import Output, Yes
from corral.cli.output import Column, Format, chosen, field, show_list
from corral.cli.progress import watch_many
from corral.cli.reasons import next_step
from corral.cli.session import Session, session
from corral.cli.text import counted

Fix = Annotated[bool, typer.Option("--fix", help="Repair what is fixable, then look again.")]
SourceName = Annotated[str | None, typer.Option("--source", help="Look at this source only.", show_default="all")]
Installation = Annotated[
    str | None,
    typer.Option(
        "--installation",
        metavar="ID",
        help="Treat what bears the mark of this installation as this Corral's own. Needs --source.",
    ),
]

COLUMNS = (
    field("Kind", keep=True),
    field("Source", keep=True),
    field("Subject", keep=True, extra=True),
    field("Server", "server_uuid", keep=True, extra=True),
    field("What"),
    Column("Fixable", lambda row: bool(row.get("fixable")), lambda row: Text("yes" if row.get("fixable") else "no")),
    field("Fix"),
    field("Installation", extra=True),
)


def register(app: typer.Typer) -> None:
    """Add `leaks` to the app."""
    app.command("leaks")(leaks)


def leaks(
    ctx: typer.Context,
    fix: Fix = False,
    source: SourceName = None,
    installation: Installation = None,
    yes: Yes = False,
    output: Output = None,
) -> None:
    """Find claims, allocations, ports, marks and records that sources and record don't both explain.

    What an operation moves right now is no leak. Exits 1 when there are any (with --fix: when any are left), 5 when there are none
    and a source could not be looked at."""
    how, query = session(ctx), {"source": source, "installation": installation}
    found = how.api.get("leaks", **query)
    fixable = [one for one in found["leaks"] if one["fixable"]]
    if fix and fixable:
        for one in fixable:
            how.note(f"{one['what']} → {one['fix']}")
        how.confirm(f"Repair {counted(len(fixable), 'leak')}?", yes=yes)
        _mend(how, query)
        found = how.api.get("leaks", **query)
    _report(how, found, output)


def _mend(how: Session, query: Json) -> None:
    """Repair, and wait for the end. What could not be repaired is told, and is found again by the next look."""
    answer = how.api.post("leaks/fix", query)
    operations = [one["operation"] for one in answer["mended"] if one.get("operation")]
    ended = watch_many(how, operations, {}) if operations else {}
    problems = [f"{one['kind']} {one['subject']}: {one['problem']}" for one in answer["mended"] if one.get("problem")]
    for operation in ended.values():
        if operation.get("state") != "succeeded":
            problems.append(f"operation {operation['uuid']}: {(operation.get('error') or {}).get('message')}")
    for problem in problems:
        how.note(f"Not repaired: {problem}", "yellow")


def _report(how: Session, found: Json, output: Format | None) -> None:
    rows = found["leaks"]
    if rows or chosen(how, output) is not Format.TABLE:
        show_list(how, output, rows, COLUMNS)
    unseen = [one for one in found["sources"] if not one["looked_at"]]
    for one in unseen:
        how.note(f"Source {one['name']} could not be looked at: {one['problem']}", "yellow")
    if not rows:
        how.note(f"No leaks at {counted(len(found['sources']) - len(unseen), 'source')}.")
    elif any(one["fixable"] for one in rows):
        next_step(how, "`corral leaks --fix` repairs those that are fixable.")
    if rows or unseen:
        raise typer.Exit(Exit.FAILED if rows else Exit.UNREACHABLE)
