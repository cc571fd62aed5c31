"""Options that several commands share, described once."""

from __future__ import annotations

from typing import Annotated

import typer

from corral.cli.output import Format

Output = Annotated[Format | None, typer.Option("-o", "--output", help="How to print the result.", show_default="table")]
Yes = Annotated[bool, typer.Option("--yes", "-y", help="Do not ask.")]
Wait = Annotated[bool, typer.Option("--wait/--no-wait", help="Wait for the end and show the progress.")]
Limit = Annotated[int | None, typer.Option("--limit", min=1, help="At most that many.", show_default="all")]
SourceName = Annotated[str | None, typer.Option("--source", help="Only machines of this source.")]
ServerArg = Annotated[str, typer.Argument(metavar="SERVER", help="Name or UUID of a server.")]
FlavorArg = Annotated[str, typer.Argument(metavar="FLAVOR", help="Name or UUID of a flavor.")]
OperationArg = Annotated[str, typer.Argument(metavar="OPERATION", help="UUID of an operation.")]
PlanArg = Annotated[str, typer.Argument(metavar="PLAN", help="UUID of a plan.")]
Metadata = Annotated[list[str] | None, typer.Option("--metadata", metavar="KEY=VALUE", help="May be given often.")]
