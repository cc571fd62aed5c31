"""`corral source`: the places that have machines, and whether they answer."""

from __future__ import annotations

from typing import Annotated

import typer
from rich.text import Text

from corral.cli.api import Json
from corral.cli.blocks import AMOUNTS, BLOCKS, KINDS, ZONES
from corral.cli.exits import Exit
from corral.cli.lookup import segment
from corral.cli.options import Output
from corral.cli.output import Column, Format, Row, chosen, field, print_table, show_list, write_data
from corral.cli.reasons import next_step
from corral.cli.session import Session, session
from corral.domain.errors import NotFound
from corral.domain.quantities import memory_text, size_text

app = typer.Typer(help="The places that have machines.", no_args_is_help=True)


def heard(told: Json | None) -> str:
    """Whether a source's notifications are heard, and since when."""
    return "none" if told is None else f"{'heard' if told['heard'] else 'lost'} since {told['since']}"


def _answers(row: Row) -> Text:
    return Text("✔ answers", style="green") if row.get("reachable") else Text("✘ does not answer", style="bold red")


COLUMNS = (
    field("Name", keep=True),
    field("Driver"),
    Column("Reachable", lambda row: bool(row.get("reachable")), _answers),
    Column("Seconds", lambda row: f"{float(row.get('seconds') or 0):.2f}"),
    field("Capabilities", extra=True),
    Column("Notifications", lambda row: heard(row.get("notifications")), extra=True),
    field("Detail"),
)


@app.command("list")
def list_(ctx: typer.Context, output: Output = None) -> None:
    """List the sources of nodes and pods. Those of hypervisors are at `corral host list`."""
    how = session(ctx)
    rows = _sources(how)
    show_list(how, output, rows, COLUMNS)
    if not rows:
        next_step(how, "Name one under `sources` in the server's settings, then start it again.")
    next_step(how, "`corral host list` shows hypervisors, which are no part of this list.")


@app.command()
def check(
    ctx: typer.Context,
    name: Annotated[str | None, typer.Argument(help="Only this one.", show_default=False)] = None,
    output: Output = None,
) -> None:
    """Check that the sources answer and that the credentials hold. Exits 5 when one does not."""
    how = session(ctx)
    rows = [row for row in _sources(how) if name in (None, row.get("name"))]
    if not rows:
        raise NotFound(f"There is no source {name!r}." if name else "No source is configured.", fix=_CONFIGURE)
    show_list(how, output, rows, COLUMNS)
    if not all(row.get("reachable") for row in rows):
        next_step(how, "Check the address and the credentials of each source that does not answer, then check again.")
        raise typer.Exit(Exit.UNREACHABLE)


@app.command()
def show(
    ctx: typer.Context,
    name: Annotated[str, typer.Argument(metavar="POD", help="Name of a source that has a pool of blocks.")],
    blocks: Annotated[bool, typer.Option("--blocks", help="List every block too.")] = False,
    output: Output = None,
) -> None:
    """Show a pod: its blocks by kind, its zones, and how much of what is free one system could still have."""
    how = session(ctx)
    pool = how.api.get(f"sources/{segment(name)}/pool")
    form = chosen(how, output)
    if form in (Format.JSON, Format.YAML):
        write_data(how.out.file, form, pool)
    elif form is Format.CSV:
        show_list(how, output, pool.get("blocks") or [], BLOCKS)
    else:
        print_table(how.out, [{"kind": kind, **row} for kind, row in (pool.get("kinds") or {}).items()], KINDS)
        print_table(how.out, pool.get("zones") or [], ZONES)
        print_table(how.out, _amounts(pool), AMOUNTS)
        if blocks:
            print_table(how.out, pool.get("blocks") or [], BLOCKS)


def _amounts(pool: Json) -> list[Json]:
    free, split = pool.get("free") or {}, pool.get("fragmentation") or {}
    texts = {"memory": memory_text, "disk": size_text}
    return [
        {"amount": name, "text": texts.get(name, str)(have), "fragmentation": split.get(name)}
        for name, have in free.items()
    ]


_CONFIGURE = (
    "`corral source list` shows those that the server's settings name under `sources`; `corral host list` shows "
    "hypervisors."
)


def _sources(how: Session) -> list[Json]:
    return list(how.api.get("sources").get("sources") or [])
