"""`corral host`: hypervisor hosts and what is on them, as surveys saw them last."""

from __future__ import annotations

import time
from typing import Annotated

import typer
from rich.text import Text

from corral.cli.api import Json
from corral.cli.exits import Exit
from corral.cli.faults import reasons_of
from corral.cli.lookup import segment
from corral.cli.options import Limit, Output
from corral.cli.output import Column, Format, Row, chosen, field, print_table, sheet, show_list, show_one
from corral.cli.reasons import brief, codes, next_step
from corral.cli.session import Session, session
from corral.cli.subjects import amount
from corral.cli.vms import ON_A_HOST, Every, Folder, Like, Tag, Why, show_vms
from corral.domain.errors import Unreachable

app = typer.Typer(help="Hypervisor hosts, their VMs, volumes and NICs.", no_args_is_help=True)

HostArg = Annotated[str, typer.Argument(metavar="HOST", help="Name or id of a host.")]
SourceName = Annotated[str | None, typer.Option("--source", help="Only of this source of hosts.")]
Gone = Annotated[bool, typer.Option("--gone", help="Also what its source does not tell any more.")]
_PAUSE = 0.5


def _health(row: Row) -> str:
    if row.get("gone_since"):
        return f"gone since {row['gone_since']}"
    if row.get("reachable"):
        return "answers"
    return f"stale since {row['stale_since']}" if row.get("stale_since") else "never answered"


def _health_text(row: Row) -> Text:
    good = row.get("reachable") and not row.get("gone_since")
    return Text(f"✔ {_health(row)}" if good else f"✘ {_health(row)}", style="green" if good else "bold red")


def _given(title: str, given: str, total: str) -> Column:
    return Column(title, lambda row: f"{row.get(given)} of {row.get(total)}")


def _bytes(title: str, given: str, total: str) -> Column:
    return Column(title, lambda row: f"{amount(int(row.get(given) or 0))} of {amount(int(row.get(total) or 0))}")


def _storage(row: Row) -> str:
    storage = row.get("storage") or {}
    return f"{amount(int(storage.get('used') or 0))} of {amount(int(storage.get('capacity') or 0))}"


HOSTS = (
    field("Name", keep=True),
    field("ID", extra=True),
    field("Source"),
    Column("Health", _health, _health_text),
    field("VMs", "machines"),
    _given("CPUs given", "cpus_given", "cores"),
    _bytes("Memory given", "memory_given", "memory"),
    Column("Storage used", _storage, extra=True),
    field("Networks", extra=True),
)
DETAIL = (
    *HOSTS,
    field("Problem"),
    field("Hypervisor"),
    field("Version"),
    field("Seen", "seen_at"),
    field("First seen", "first_seen_at"),
    field("Changed", "changed_at"),
    Column("Not told", lambda row: [f"{one['part']}: {one['why']}" for one in row.get("untold") or []]),
)
POOLS = (
    field("Pool", "name", keep=True),
    field("Kind"),
    field("Path"),
    _bytes("Used", "used", "capacity"),
    field("Active"),
)
NETWORKS = (field("Network", "name", keep=True), field("Kind"), field("Bridge"), field("VLAN"), field("Active"))
_REASONS = Column(
    "Reasons", lambda row: codes(reasons_of(row.get("reasons"))), lambda row: brief(reasons_of(row.get("reasons")))
)
VOLUMES = (
    field("VM", "machine_name", keep=True),
    field("Disk", "id", keep=True),
    Column("Known as", lambda row: [f"{kind}={value}" for kind, value in (row.get("identifiers") or {}).items()]),
    field("Format"),
    Column("Size", lambda row: amount(int(row.get("size") or 0))),
    Column("Used", lambda row: amount(int(row.get("used") or 0)), extra=True),
    field("Rests on", "backing", extra=True),
    _REASONS,
)
NICS = (
    field("VM", "machine_name", keep=True),
    field("MAC", keep=True),
    field("Kind"),
    field("Network"),
    field("Bridge"),
    field("VLAN", extra=True),
    field("Interface id", "interface_id", extra=True),
    Column("Addresses", lambda row: [one["ip"] for one in row.get("addresses") or []]),
    _REASONS,
)


@app.command("list")
def list_(
    ctx: typer.Context,
    source: SourceName = None,
    stale: Annotated[bool, typer.Option("--stale", help="Only those that do not answer.")] = False,
    gone: Gone = False,
    limit: Limit = None,
    output: Output = None,
) -> None:
    """List the hosts, those that do not answer as well."""
    how = session(ctx)
    query = {"source": source, "reachable": False if stale else None, "gone": gone or None}
    rows = list(how.api.pages("hosts", "hosts", query, limit))
    show_list(how, output, rows, HOSTS)
    _sources(how, source)
    if chosen(how, output) is Format.TABLE:
        for row in rows:
            if row.get("problem") and not row.get("gone_since"):
                how.note(f"Host {row.get('name')}: {row.get('problem')}", "yellow")


def _sources(how: Session, source: str | None) -> None:
    """Say what is wrong with whole sources."""
    told = how.api.get("hosts", source=source, limit=1).get("sources") or []
    for one in told:
        if one.get("problem"):
            how.note(f"Source {one.get('name')}: {one.get('problem')}", "yellow")
    if not told:
        next_step(how, "Name hosts under `hypervisors` in the server's settings, then start it again.")


@app.command()
def show(ctx: typer.Context, host: HostArg, source: SourceName = None, output: Output = None) -> None:
    """Show a host with its pools and networks."""
    how = session(ctx)
    _shown(how, how.api.get(f"hosts/{segment(host)}", source=source), output)


def _shown(how: Session, found: Json, output: Format | None) -> None:
    if chosen(how, output) is not Format.TABLE:
        show_one(how, output, found, DETAIL if chosen(how, output) is Format.CSV else None)
        return
    how.out.print(sheet(found, DETAIL))
    for rows, columns in ((found.get("pools"), POOLS), (found.get("host_networks"), NETWORKS)):
        if rows:
            print_table(how.out, rows, columns)


@app.command()
def machines(
    ctx: typer.Context,
    host: HostArg,
    why: Why = False,
    every: Every = True,
    source: SourceName = None,
    name: Like = None,
    folder: Folder = None,
    tag: Tag = None,
    gone: Gone = False,
    limit: Limit = None,
    output: Output = None,
) -> None:
    """List the VMs of a host, and whether they can be adopted."""
    query = {"source": source, "name": name, "folder": folder, "tag": tag, "gone": gone or None}
    path = f"hosts/{segment(host)}/machines"
    show_vms(session(ctx), path, "machines", query, ON_A_HOST, limit, output, why=why, every=every)


@app.command()
def volumes(
    ctx: typer.Context, host: HostArg, source: SourceName = None, limit: Limit = None, output: Output = None
) -> None:
    """List the volumes that the VMs of a host use, with what storage may know them by."""
    how = session(ctx)
    pages = how.api.pages(f"hosts/{segment(host)}/volumes", "volumes", {"source": source}, limit)
    show_list(how, output, pages, VOLUMES)


@app.command()
def nics(
    ctx: typer.Context, host: HostArg, source: SourceName = None, limit: Limit = None, output: Output = None
) -> None:
    """List the NICs of the VMs of a host, with their networks and addresses."""
    how = session(ctx)
    pages = how.api.pages(f"hosts/{segment(host)}/nics", "nics", {"source": source}, limit)
    show_list(how, output, pages, NICS)


@app.command()
def survey(
    ctx: typer.Context,
    host: HostArg,
    source: SourceName = None,
    patience: Annotated[float, typer.Option("--timeout", help="Seconds to wait for it; 0: not at all.")] = 120.0,
    output: Output = None,
) -> None:
    """Have a host surveyed now, and wait for it. Reads only. Exits 5 when the host does not answer."""
    how = session(ctx)
    found = how.api.post(f"hosts/{segment(host)}/survey", source=source)
    path, end = f"hosts/{segment(found['id'])}", time.monotonic() + patience
    while found.get("survey_wanted_at") and patience:
        if time.monotonic() > end:
            raise Unreachable(
                f"Host {found['name']} was not surveyed within {patience:g} s.",
                fix="Look whether Corral runs, and try again.",
            )
        how.pause(_PAUSE)
        found = how.api.get(path, source=found["source"])
    _shown(how, found, output)
    if found.get("problem"):
        how.note(f"Host {found['name']}: {found['problem']}", "yellow")
        raise typer.Exit(Exit.UNREACHABLE)
