"""`corral server proof`: that a machine was not touched. Every call that left, and what it looked like before and after."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated, Any

import typer
from rich.table import Table
from rich.text import Text

from corral.cli.api import Api, Json
from corral.cli.exits import Exit
from corral.cli.lookup import find_server
from corral.cli.options import Output
from corral.cli.output import Column, Format, Row, chosen, field, print_table, table, write_csv, write_data
from corral.cli.reasons import next_step
from corral.cli.session import Session, session
from corral.cli.text import clean, counted, flat, plain
from corral.domain.errors import NotFound
from corral.domain.machine import is_uuid

Subject = Annotated[
    str,
    typer.Argument(metavar="SERVER", help="Name or UUID of a server, also of one that was let go, or of an operation."),
]

_VERDICTS = {
    "untouched": ("✔ untouched", "bold green"),
    "changed": ("✘ changed", "bold red"),
    "unfinished": ("… unfinished", "bold yellow"),
}


def _allowed(row: Row) -> Text:
    return Text("✔", style="green") if row.get("allowed") else Text("✘ stopped at the border", style="bold red")


CALLS = (
    field("At", extra=True),
    field("Service"),
    field("Method"),
    field("Path"),
    field("Outcome"),
    Column("Allowed", lambda row: bool(row.get("allowed")), _allowed),
    Column("Seconds", lambda row: f"{float(row.get('seconds') or 0):.3f}"),
)


def proof(ctx: typer.Context, server: Subject, output: Output = None) -> None:
    """Show the no-disturbance proof. Exits 1 when the machine is not as it was. CSV: the calls."""
    how = session(ctx)
    found = _fetch(how.api, server)
    form = chosen(how, output)
    if form is Format.CSV:
        write_csv(how.out.file, [call for one in _operations(found) for call in one.get("calls") or []], CALLS)
    elif form is not Format.TABLE:
        write_data(how.out.file, form, found)
    else:
        _show(how, found)
    if found.get("verdict") == "changed":
        next_step(how, "See which field differs and whether a person did it; if nobody did, report it with this proof.")
        raise typer.Exit(Exit.FAILED)


def _fetch(api: Api, subject: str) -> Json:
    """The proof by the server's name or UUID, which outlives the server, or by an operation's UUID."""
    uuid = subject.lower() if is_uuid(subject) else find_server(api, subject)["uuid"]
    found: Json = {}
    try:
        found = api.get(f"servers/{uuid}/proof")
    except NotFound:
        if not is_uuid(subject):
            raise
    if not found.get("operations") and is_uuid(subject):
        found = api.get(f"operations/{uuid}/proof")
    return found


def _operations(found: Mapping[str, Any]) -> list[Json]:
    return list(found.get("operations") or [found])


def _show(how: Session, found: Json) -> None:
    word, style = _VERDICTS.get(str(found.get("verdict")), (clean(found.get("verdict")), "bold"))
    how.out.print(Text.assemble("Server ", clean(found.get("server_uuid")), ": ", (word, style)))
    for operation in _operations(found):
        _show_operation(how, operation)


def _show_operation(how: Session, operation: Json) -> None:
    actor = operation.get("actor") or {}
    who = f"by {clean(actor.get('user_id') or 'nobody')} of project {clean(actor.get('project_id') or 'none')}"
    title = f"{clean(operation.get('kind'))} {clean(operation.get('uuid'))}"
    how.out.print(Text.assemble("\n", (title, "bold"), f"  {clean(operation.get('state'))}, {who}"))
    if operation.get("fingerprint"):
        how.out.print(_fingerprints(operation["fingerprint"]))
    calls = sorted(operation.get("calls") or [], key=lambda call: str(call.get("at")))
    if calls:
        print_table(how.out, calls, CALLS)
    forbidden = int(operation.get("forbidden") or 0)
    style = "bold red" if forbidden else "green"
    how.out.print(
        Text.assemble(f"{counted(len(calls), 'call')}, ", (f"{forbidden} outside the allowed list", style), ".")
    )


def _fingerprints(prints: Mapping[str, Any]) -> Table:
    """Both fingerprints side by side; what differs stands out."""
    before, after = prints.get("before") or {}, prints.get("after") or {}
    changed = {str(one.get("field")) for one in prints.get("differences") or []}
    moved = _MOVED if before.get("host") != after.get("host") and not changed else frozenset()
    rows = [{"field": key, "before": before.get(key), "after": after.get(key)} for key in _keys(before, after)]
    columns = (
        field("Field", keep=True),
        Column("Before", lambda row: row["before"], lambda row: _value(row["before"])),
        Column(
            "After", lambda row: row["after"], lambda row: _value(row["after"]) if after else Text("not yet", "dim")
        ),
        Column("Same", lambda row: row["field"] not in changed, lambda row: _same(row, changed, after, moved)),
    )
    return table(rows, columns)


def _keys(before: Mapping[str, Any], after: Mapping[str, Any]) -> list[str]:
    """Fields in the order of the fingerprint; the digest, which sums them up, last."""
    keys = list(dict.fromkeys([*before, *after]))
    return sorted(keys, key=lambda key: key == "digest")


def _value(value: object) -> Text:
    text = flat(value)
    return plain(text if len(text) <= 60 else f"{text[:57]}…") if text else Text("–", style="dim")


_MOVED = frozenset({"host", "run", "digest"})
"""What is another of a VM that was moved to another host while it ran, and no change of the VM."""


def _same(row: Row, changed: set[str], after: Mapping[str, Any], moved: frozenset[str]) -> Text:
    if not after:
        return Text("–", style="dim")
    if row["field"] in moved and row["before"] != row["after"]:
        return Text("moved", style="yellow")
    differs = row["field"] in changed or row["before"] != row["after"]
    return Text("✘ differs", style="bold red") if differs else Text("✔", style="green")
