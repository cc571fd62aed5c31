"""`corral source`: the places that have machines, and whether they answer."""

from __future__ import annotations

from typing import Annotated

import typer
from rich.text import Text

from corral.cli.api import Json
from corral.cli.exits import Exit
from corral.cli.options import Output
from corral.cli.output import Column, Row, field, show_list
from corral.cli.reasons import next_step
from corral.cli.session import Session, session
from corral.domain.errors import NotFound

app = typer.Typer(help="The places that have machines.", no_args_is_help=True)


def _answers(row: Row) -> Text:
    return Text("✔ answers", style="green") if row.get("reachable") else Text("✘ does not answer", style="bold red")


COLUMNS = (
    field("Name", keep=True),
    field("Driver"),
    Column("Reachable", lambda row: bool(row.get("reachable")), _answers),
    Column("Seconds", lambda row: f"{float(row.get('seconds') or 0):.2f}"),
    field("Capabilities", extra=True),
    field("Detail"),
)


@app.command("list")
def list_(ctx: typer.Context, output: Output = None) -> None:
    """List the sources."""
    how = session(ctx)
    show_list(how, output, _sources(how), COLUMNS)


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


_CONFIGURE = "`corral source list` shows those that the server's configuration names."


def _sources(how: Session) -> list[Json]:
    return list(how.api.get("sources").get("sources") or [])
