"""`corral compose`: what would be composed of a pod's blocks."""

from __future__ import annotations

from typing import Annotated

import typer
from rich.text import Text

from corral.cli.api import Json
from corral.cli.blocks import BLOCKS
from corral.cli.exits import Exit
from corral.cli.options import Output
from corral.cli.output import Format, chosen, print_table, show_list, write_data
from corral.cli.session import Session, session
from corral.cli.text import clean, counted, plain
from corral.domain.quantities import memory_text, size_text

app = typer.Typer(help="New machines of disaggregated hardware.", no_args_is_help=True)


@app.callback()
def compose() -> None:
    """New machines of disaggregated hardware."""


@app.command()
def preview(
    ctx: typer.Context,
    flavor: Annotated[str, typer.Option("--flavor", help="Name or UUID of a flavor that composes.")],
    source: Annotated[
        str | None, typer.Option("--source", metavar="POD", help="Another pod than the flavor's.")
    ] = None,
    output: Output = None,
) -> None:
    """Show the blocks that would be composed now, or why nothing fits. Nothing is reserved. Exits 4 when nothing fits."""
    how = session(ctx)
    found = how.api.post("compose/preview", {"flavor": flavor} | ({"source": source} if source else {}))
    form = chosen(how, output)
    if form in (Format.JSON, Format.YAML):
        write_data(how.out.file, form, found)
    elif form is Format.CSV:
        show_list(how, output, found.get("blocks") or [], BLOCKS)
    elif found.get("fits"):
        _show(how, found)
    if not found.get("fits"):
        _explain(how, found)
        raise typer.Exit(Exit.REFUSED)


def _show(how: Session, found: Json) -> None:
    print_table(how.out, found.get("blocks") or [], BLOCKS)
    how.out.print(plain(f"From zone {found.get('zone')} of {found.get('source')}. {_left_over(found)}"), soft_wrap=True)


def _left_over(found: Json) -> str:
    """What the blocks have beyond the wish."""
    extra = found.get("surplus") or {}
    parts = [
        counted(extra["cores"], "core") if extra.get("cores") else "",
        f"{memory_text(extra['memory'])} of memory" if extra.get("memory") else "",
        f"{size_text(extra['disk'])} of disk" if extra.get("disk") else "",
        f"{extra['network']} Mbit/s" if extra.get("network") else "",
    ]
    said = ", ".join(part for part in parts if part) or "nothing"
    proven = "No choice leaves less over." if found.get("exact") else "There may be a choice that leaves less over."
    return f"Beyond what is asked for: {said}. {proven}"


def _explain(how: Session, found: Json) -> None:
    how.err.print(Text.assemble(("Nothing fits", "bold red"), f" at {clean(found.get('source'))}."), soft_wrap=True)
    for one in found.get("reasons") or []:
        how.err.print(Text.assemble(("✘ ", "red"), clean(one.get("message"))), soft_wrap=True)
    aside = ", ".join(f"{count} {clean(why)}" for why, count in (found.get("not_counted") or {}).items())
    if aside:
        how.err.print(plain(f"Blocks that were not counted: {aside}.", "dim"), soft_wrap=True)
