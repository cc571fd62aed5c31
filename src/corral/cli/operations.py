"""`corral operation`: what is being done, and what was."""

from __future__ import annotations

from typing import Annotated, Any

import typer

from corral.cli.api import Api
from corral.cli.lookup import find_server, segment
from corral.cli.options import Limit, OperationArg, Output
from corral.cli.output import Column, Format, chosen, field, show_list, show_one
from corral.cli.progress import finished, succeeded, watch
from corral.cli.reasons import next_step
from corral.cli.session import session
from corral.domain.machine import is_uuid

app = typer.Typer(help="What is being done, and what was.", no_args_is_help=True)


def _percent(row: Any) -> str:
    return f"{float(row.get('progress') or 0):.0%}"


COLUMNS = (
    field("UUID", keep=True),
    field("Kind", keep=True),
    field("Machine", extra=True),
    field("State", keep=True),
    Column("Progress", _percent),
    field("Step", extra=True),
    Column("Note", lambda row: (row.get("error") or {}).get("message") or row.get("attention")),
    Column("Created", lambda row: str(row.get("created_at") or "")[:19].replace("T", " "), keep=True, extra=True),
)


@app.command("list")
def list_(
    ctx: typer.Context,
    state: Annotated[str | None, typer.Option("--state", help="Only operations in this state.")] = None,
    kind: Annotated[str | None, typer.Option("--kind", help="Only this kind: manage, unmanage, power…")] = None,
    server: Annotated[str | None, typer.Option("--server", help="Only those of this server (name or UUID).")] = None,
    limit: Limit = 50,
    output: Output = None,
) -> None:
    """List operations, the newest first."""
    how = session(ctx)
    uuid = _server_uuid(how.api, server) if server else None
    query = {"state": state, "kind": kind, "server": uuid}
    show_list(how, output, how.api.pages("operations", "operations", query, limit), COLUMNS)


def _server_uuid(api: Api, server: str) -> str:
    """A UUID is taken as it is: operations outlive their server."""
    return server if is_uuid(server) else str(find_server(api, server)["uuid"])


@app.command()
def show(ctx: typer.Context, operation: OperationArg, output: Output = None) -> None:
    """Show an operation."""
    how = session(ctx)
    show_one(how, output, how.api.get(f"operations/{segment(operation)}"))


@app.command("watch")
def watch_(ctx: typer.Context, operation: OperationArg, output: Output = None) -> None:
    """Watch an operation until it ends. Exits 1 when it did not succeed. Ctrl-C stops the watching only."""
    how = session(ctx)
    found = how.api.get(f"operations/{segment(operation)}")
    done = found if finished(found) else watch(how, found)
    show_one(how, output, done, None if chosen(how, output) is not Format.TABLE else COLUMNS)
    succeeded(done)


@app.command()
def cancel(ctx: typer.Context, operation: OperationArg, output: Output = None) -> None:
    """Ask an operation to stop. What it has done so far is undone."""
    how = session(ctx)
    answer = how.api.post(f"operations/{segment(operation)}/cancel")
    found = answer.get("operation") or answer
    if chosen(how, output) is Format.TABLE:
        next_step(how, f"Asked. `corral operation watch {operation}` shows how it is undone.")
    else:
        show_one(how, output, found)
