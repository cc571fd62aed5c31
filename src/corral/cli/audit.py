"""`corral audit`: who did what to what, and what was refused."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta
from enum import StrEnum
from typing import Annotated

import typer

from corral.cli.lookup import find_server
from corral.cli.options import Output
from corral.cli.output import Column, Format, Row, chosen, field, show_list
from corral.cli.reasons import next_step
from corral.cli.session import Session, session
from corral.domain.errors import Invalid
from corral.domain.machine import is_uuid

app = typer.Typer(help="Who did what to what, and what was refused.", no_args_is_help=True)

_UNITS = {"m": "minutes", "h": "hours", "d": "days", "w": "weeks"}


class Outcome(StrEnum):
    """What `--outcome` takes."""

    ACCEPTED = "accepted"
    DONE = "done"
    REFUSED = "refused"
    SUCCEEDED = "succeeded"
    REVERTED = "reverted"
    CANCELLED = "cancelled"
    FAILED = "failed"


def _why(row: Row) -> str:
    """The codes: of every reason, else of the refusal or the failure itself."""
    return " ".join(row.get("reasons") or []) or str(row.get("code") or "")


COLUMNS = (
    Column("When", lambda row: str(row.get("at") or "")[:19].replace("T", " "), keep=True),
    field("Who", "user_id", keep=True),
    field("Project", "project_id", extra=True),
    field("Action", keep=True),
    field("Outcome", keep=True),
    Column("Why", _why),
    field("Subject", keep=True, extra=True),
    field("Node", "node_uuid", keep=True, extra=True),
    field("Operation", extra=True),
    field("Request", "request_id", extra=True),
)

Server = Annotated[str | None, typer.Option("--server", help="Name or UUID of a server; a former one by its UUID.")]
Since = Annotated[
    str | None,
    typer.Option("--since", metavar="TIME", help="From then on: 2026-01-31, 2026-01-31T12:00 (UTC), or 24h, 7d."),
]


@app.command("list")
def list_(
    ctx: typer.Context,
    server: Server = None,
    node: Annotated[str | None, typer.Option("--node", help="Only about this machine (UUID).")] = None,
    actor: Annotated[str | None, typer.Option("--actor", help="Only what this user did (id).")] = None,
    action: Annotated[
        str | None, typer.Option("--action", help="As policy names it: server:manage, flavor:create…")
    ] = None,
    operation: Annotated[str | None, typer.Option("--operation", help="Only about this operation (UUID).")] = None,
    outcome: Annotated[Outcome | None, typer.Option("--outcome", help="Only what came to this.")] = None,
    request: Annotated[str | None, typer.Option("--request", help="Only this request, by its id.")] = None,
    since: Since = None,
    until: Annotated[str | None, typer.Option("--until", metavar="TIME", help="Before that, likewise.")] = None,
    limit: Annotated[int, typer.Option("--limit", min=1, help="At most that many.")] = 100,
    output: Output = None,
) -> None:
    """List who did what, the newest first. For admins; with `--server` also for readers of the server's project."""
    how = session(ctx)
    query = {
        "node": node,
        "actor": actor,
        "action": action,
        "operation": operation,
        "outcome": outcome,
        "request_id": request,
        "since": moment(since, "--since"),
        "until": moment(until, "--until"),
    }
    rows = how.api.pages(_path(how, server), "audit", query, limit)
    count = show_list(how, output, rows, COLUMNS)
    if count == limit and chosen(how, output) is Format.TABLE:
        next_step(how, f"There may be more: `--limit {limit * 10}`, or narrow it with `--since`.")


def _path(how: Session, server: str | None) -> str:
    if server is None:
        return "audit"
    uuid = server.lower() if is_uuid(server) else find_server(how.api, server)["uuid"]
    return f"servers/{uuid}/audit"


def moment(text: str | None, option: str, now: datetime | None = None) -> str | None:
    """A time as the API takes it. `24h` means that long ago, as seen by this machine's clock. Raises Invalid."""
    if text is None:
        return None
    try:
        at = _ago(text, now or datetime.now(UTC)) or datetime.fromisoformat(text)
    except (ValueError, OverflowError) as exc:
        raise Invalid(
            f"{text!r} is no time.", fix=f"Write it as in `{option} 2026-01-31T12:00` or `{option} 24h`."
        ) from exc
    return (at if at.tzinfo else at.replace(tzinfo=UTC)).isoformat()


def _ago(text: str, now: datetime) -> datetime | None:
    found = re.fullmatch(r"(\d{1,5})([mhdw])", text)
    return now - timedelta(**{_UNITS[found[2]]: int(found[1])}) if found else None
