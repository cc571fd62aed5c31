"""`corral drift` and `corral sync`: where record and world differ, who decides, and how the passes over each source go."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Annotated, Any

import typer

from corral.cli.api import Json
from corral.cli.lookup import find_server, segment
from corral.cli.options import Limit, Output, Wait, Yes
from corral.cli.output import Column, Format, Row, chosen, field, show_list, show_one
from corral.cli.progress import succeeded, watch
from corral.cli.reasons import next_step
from corral.cli.session import Session, session
from corral.cli.sources import heard
from corral.domain.errors import Forbidden

app = typer.Typer(help="Differences between record and world.", no_args_is_help=True)
sync = typer.Typer(help="How sources are kept in step.", no_args_is_help=True)

_NAME_A_POLICY = (
    "Nothing is compared yet. Write a policy that names sources, and name its file in the server's setting "
    "`sync.policy_file`."
)

DriftArg = Annotated[int, typer.Argument(metavar="DRIFT", help="Id of a drift.")]
SourceArg = Annotated[str, typer.Argument(metavar="SOURCE", help="A source that the policy names.")]
SourceName = Annotated[str | None, typer.Option("--source", help="Only at this source.", show_default="all")]
What = Annotated[str | None, typer.Option("--field", help="Only this field: power, name, ports, gone, new…")]
State = Annotated[
    str | None, typer.Option("--state", help="Only in this state: open, conflict, held, ignored, settling…")
]
ServerName = Annotated[str | None, typer.Option("--server", help="Only those of this server (name or UUID).")]


def side(value: Any) -> str:
    """A side of a drift, in words."""
    if value is None:
        return "(none)"
    if isinstance(value, list):
        return ", ".join(map(str, value)) or "(none)"
    return value if isinstance(value, str) else json.dumps(value)


def _sided(title: str) -> Column:
    return Column(title, lambda row: side(row.get(title.lower())))


DRIFTS = (
    field("ID", keep=True),
    field("Name", keep=True),
    field("Source", extra=True),
    field("Field", keep=True),
    _sided("Record"),
    _sided("World"),
    field("State", keep=True),
    field("Why"),
    field("Since", "changed_at", extra=True),
)
DETAIL = (
    *DRIFTS,
    field("Server", "server_uuid"),
    field("Machine"),
    _sided("Agreed"),
    field("Looks"),
    field("First seen", "first_seen_at"),
    field("Last seen", "last_seen_at"),
    field("Operation"),
)


@app.command("list")
def list_(
    ctx: typer.Context,
    source: SourceName = None,
    server: ServerName = None,
    what: What = None,
    state: State = None,
    limit: Limit = None,
    output: Output = None,
) -> None:
    """List what is not as recorded, and what is done about it. What was not seen for long enough yet is at `--state settling`."""
    how = session(ctx)
    uuid = find_server(how.api, server)["uuid"] if server else None
    query = {"source": source, "server": uuid, "field": what, "state": state}
    rows = list(how.api.pages("drift", "drifts", query, limit))
    show_list(how, output, rows, DRIFTS)
    if not rows and not _compared(how):
        next_step(how, _NAME_A_POLICY)
    if any(row.get("state") == "conflict" for row in rows):
        next_step(how, "`corral drift accept|restore|ignore ID` decides a conflict.")
    if any(row.get("state") == "held" for row in rows):
        next_step(how, "A brake is on: `corral sync status` says why.")


def _compared(how: Session) -> bool:
    """Whether anything is compared at all, as far as the caller may know."""
    try:
        return bool(how.api.get("sync")["sources"])
    except Forbidden:
        return True


@app.command()
def show(ctx: typer.Context, drift: DriftArg, output: Output = None) -> None:
    """Show a drift with both sides."""
    how = session(ctx)
    show_one(how, output, how.api.get(f"drift/{drift}"), DETAIL)


@app.command()
def accept(ctx: typer.Context, drift: DriftArg, yes: Yes = False, wait: Wait = True, output: Output = None) -> None:
    """The world is right: the record follows. The server of a machine that is gone is let go."""
    how = session(ctx)
    found = how.api.get(f"drift/{drift}")
    what = "let its server go" if found["field"] == "gone" else f"record {side(found['world'])}"
    how.confirm(f"{found['name']}, {found['field']}: {what}?", yes=yes)
    _decided(how, how.api.post(f"drift/{drift}/accept"), wait, output)


@app.command()
def restore(ctx: typer.Context, drift: DriftArg, yes: Yes = False, wait: Wait = True, output: Output = None) -> None:
    """The record is right: the source is told. This may start or stop the machine."""
    how = session(ctx)
    found = how.api.get(f"drift/{drift}")
    how.confirm(
        f"{found['name']}, {found['field']}: change it at {found['source']} from {side(found['world'])} to "
        f"{side(found['record'])}?",
        yes=yes,
    )
    _decided(how, how.api.post(f"drift/{drift}/restore"), wait, output)


@app.command()
def ignore(ctx: typer.Context, drift: DriftArg, output: Output = None) -> None:
    """It does not matter: it is left alone until either side changes again."""
    how = session(ctx)
    _decided(how, how.api.post(f"drift/{drift}/ignore"), wait=False, output=output)


def _decided(how: Session, answer: Json, wait: bool, output: Format | None) -> None:
    operation = answer.get("operation")
    if operation and wait:
        answer["operation"] = succeeded(watch(how, operation))
    if chosen(how, output) is not Format.TABLE:
        show_one(how, output, answer)
    elif operation and not wait:
        next_step(how, f"`corral operation watch {operation['uuid']}` shows how it goes.")
    else:
        how.note("Done.")


# --- corral sync ------------------------------------------------------------------------------------------


def _brake(row: Row) -> str:
    brake = row.get("brake") or {}
    return f"on since {brake['since']}" if brake.get("on") else "off"


def _lag(row: Row) -> str:
    return "never" if row.get("lag") is None else f"{row['lag']:.0f} s"


def _problems(row: Row) -> Iterator[str]:
    told = row.get("notifications")
    if row["brake"]["on"]:
        yield row["brake"]["why"]
    if row.get("problem"):
        yield row["problem"]
    if row.get("policy_problem"):
        yield f"An older policy is in force: {row['policy_problem']}"
    if told is not None and not told["heard"]:
        yield f"Its notifications are not heard, only polls see its changes: {told['why']}"
    for pod in row.get("pods") or ():
        told = pod["notifications"]
        if told is not None and not told["heard"]:
            yield f"Pod {pod['name']} is not heard: {told['why']}"


SOURCES = (
    field("Source", "name", keep=True),
    field("Policy"),
    Column("Brake", _brake),
    Column("Last pass", _lag),
    field("Servers"),
    Column("Drifts", lambda row: [f"{state}: {number}" for state, number in (row.get("drifts") or {}).items()]),
    Column("Notifications", lambda row: heard(row.get("notifications")), extra=True),
    field("Problem", extra=True),
)


@sync.command()
def status(ctx: typer.Context, output: Output = None) -> None:
    """Show what the policy says of each source, how the passes go, and whether a brake is on."""
    how = session(ctx)
    rows = how.api.get("sync")["sources"]
    show_list(how, output, rows, SOURCES)
    for row in rows:
        for problem in _problems(row):
            how.note(f"Source {row['name']}: {problem}", "yellow")
    if not rows:
        next_step(how, _NAME_A_POLICY)
    elif any(row["brake"]["on"] for row in rows):
        next_step(how, "Look at `corral drift list`; if it is right, `corral sync release SOURCE`.")


@sync.command()
def release(ctx: typer.Context, source: SourceArg, yes: Yes = False, output: Output = None) -> None:
    """Release a source's brake: all that differs by now may be settled."""
    how = session(ctx)
    found = how.api.get(f"sync/{segment(source)}")
    held = sum(number for state, number in found["drifts"].items() if state in ("held", "settling"))
    how.confirm(f"Release the brake of {source}? {held} drifts wait for it.", yes=yes)
    _source(how, how.api.post(f"sync/{segment(source)}/release"), output)


@sync.command()
def look(ctx: typer.Context, source: SourceArg, output: Output = None) -> None:
    """Have a source looked at now."""
    how = session(ctx)
    _source(how, how.api.post(f"sync/{segment(source)}/look"), output)


def _source(how: Session, found: Json, output: Format | None) -> None:
    show_one(how, output, found, SOURCES)
