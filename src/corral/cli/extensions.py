"""`corral extension`: what can act on the nodes of clusters."""

from __future__ import annotations

import typer

from corral.cli.options import Output
from corral.cli.output import Column, field, show_list
from corral.cli.session import session

app = typer.Typer(help="What can act on the nodes of clusters.", no_args_is_help=True)

COLUMNS = (
    field("Name", keep=True),
    field("Version"),
    Column("Provides", lambda row: ", ".join(row.get("provides") or [])),
    field("Description"),
    field("Problem"),
)


@app.callback()
def extension() -> None:
    """What can act on the nodes of clusters."""


@app.command("list")
def list_(ctx: typer.Context, output: Output = None) -> None:
    """List the extensions that are installed, those that can't be loaded too."""
    how = session(ctx)
    show_list(how, output, how.api.get("extensions").get("extensions") or [], COLUMNS)
