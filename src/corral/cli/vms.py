"""VMs with their verdicts, as tables show them: on one host (`corral host machines`) or on all (`corral adoptable vms`)."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Annotated, Any

import typer
from rich.text import Text

from corral.cli.faults import reasons_of
from corral.cli.options import Limit, Output
from corral.cli.output import Column, Format, Row, chosen, field, print_table, show_list
from corral.cli.reasons import brief, codes, full_cell, next_step
from corral.cli.session import Session, session
from corral.cli.subjects import amount
from corral.cli.text import counted

Why = Annotated[bool, typer.Option("--why", help="Show every reason in full, with its fix.")]
Every = Annotated[bool, typer.Option("--all/--only-adoptable", help="All VMs, or those that can be adopted.")]
Like = Annotated[str | None, typer.Option("--name", metavar="GLOB", help="Only VMs of such a name.")]
Folder = Annotated[str | None, typer.Option("--folder", help="Only VMs in this folder or below it; or a glob.")]
Tag = Annotated[str | None, typer.Option("--tag", help="Only VMs with this tag; or a glob.")]
HostName = Annotated[str | None, typer.Option("--host", help="Only VMs on this host, by its name or id.")]
VmSource = Annotated[str | None, typer.Option("--source", help="Only VMs of this source of hosts.")]


def _verdict(row: Row) -> Text:
    if row.get("server_uuid"):
        return Text("managed", style="green")
    return Text("✔ yes", style="green") if row.get("adoptable") else Text("✘ no", style="red")


def _codes(row: Row) -> str:
    return codes(reasons_of(row.get("reasons")))


_NAME = field("Name", keep=True)
_FACTS = (
    field("State"),
    field("CPUs"),
    Column("Memory", lambda row: amount(int(row.get("memory") or 0))),
    field("Volumes"),
    field("Addresses"),
)
_WHERE = (field("Host", "host_name"), field("Folder", extra=True), field("Tags", extra=True))
_VERDICT = Column("Adoptable", lambda row: bool(row.get("adoptable")), _verdict)
_MORE = (
    field("MACs", extra=True),
    field("Agent", extra=True),
    field("Owner", extra=True),
    field("Server", "server_uuid", extra=True),
)
_ID = field("ID", keep=True, extra=True)
_BRIEF = Column("Reasons", _codes, lambda row: brief(reasons_of(row.get("reasons"))))
REASONS = Column("Reasons", _codes, lambda row: full_cell(reasons_of(row.get("reasons"))))

ON_A_HOST = (_NAME, _ID, *_FACTS, _VERDICT, _BRIEF, *_WHERE[1:], *_MORE, field("Gone since", "gone_since", extra=True))
EVERYWHERE = (_NAME, _ID, field("Source", extra=True), _WHERE[0], *_FACTS, _VERDICT, _BRIEF, *_WHERE[1:], *_MORE)
IN_FULL = (_NAME, _WHERE[0], _FACTS[0], _VERDICT, REASONS)


def register(app: typer.Typer) -> None:
    """Add `vms` to the commands around what could be adopted."""
    app.command("vms")(vms)


def vms(
    ctx: typer.Context,
    why: Why = False,
    every: Every = True,
    source: VmSource = None,
    host: HostName = None,
    name: Like = None,
    folder: Folder = None,
    tag: Tag = None,
    limit: Limit = None,
    output: Output = None,
) -> None:
    """List the VMs that could be adopted, and those that could not, with reasons, as surveys saw them."""
    how = session(ctx)
    query = {"source": source, "host": host, "name": name, "folder": folder, "tag": tag}
    show_vms(how, "adoptable_vms", "adoptable_vms", query, EVERYWHERE, limit, output, why=why, every=every)


def show_vms(
    how: Session,
    path: str,
    key: str,
    query: dict[str, Any],
    columns: Sequence[Column],
    limit: int | None,
    output: Format | None,
    *,
    why: bool,
    every: bool,
) -> None:
    """Print the VMs that a list has, and what to do next."""
    rows = how.api.pages(path, key, {**query, "adoptable": None if every else True}, limit)
    if chosen(how, output) is not Format.TABLE:
        show_list(how, output, rows, columns)
        return
    kept = list(rows)
    print_table(how.out, kept, IN_FULL if why else columns, lines=why)
    _sum_up(how, kept, why=why)


def _sum_up(how: Session, rows: Sequence[Row], *, why: bool) -> None:
    """Say how many of how many, and what to type next."""
    ready = [row for row in rows if row.get("adoptable")]
    managed = sum(1 for row in rows if row.get("server_uuid"))
    told = f", {managed} managed" if managed else ""
    rest = len(rows) - len(ready) - managed
    how.note(f"{counted(len(rows), 'VM')}: {len(ready)} adoptable{told}, {rest} not.")
    if not rows:
        next_step(how, "`corral host list` tells which hosts there are, and whether they answer.")
    elif rest and not why:
        next_step(how, "`--why` tells what to do about the others.")
