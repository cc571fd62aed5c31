"""`corral cloud`: what hypervisors have and Cinder and Neutron don't know, recorded there where it is, and taken back."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Any

import typer
from rich.text import Text

from corral.cli.api import Json
from corral.cli.exits import Exit
from corral.cli.faults import reasons_of
from corral.cli.lookup import segment
from corral.cli.options import Limit, Output, Yes
from corral.cli.output import Column, Format, Row, chosen, field, print_table, show_list
from corral.cli.progress import watch_many
from corral.cli.reasons import codes, full_cell, next_step
from corral.cli.session import Session, session
from corral.cli.subjects import amount
from corral.cli.text import counted
from corral.domain.errors import Invalid, Refused
from corral.written import read_yaml

app = typer.Typer(help="Volumes and NICs of VMs in Cinder and Neutron.", no_args_is_help=True)

HostOption = Annotated[str, typer.Option("--host", metavar="HOST", help="Name or id of a hypervisor host.")]
SourceName = Annotated[str | None, typer.Option("--source", help="The host's source, where its name is not enough.")]
Machines = Annotated[
    list[str] | None, typer.Option("--vm", metavar="VM", help="Only this VM, by id; may be given often.")
]
Project = Annotated[
    str | None, typer.Option("--project", metavar="ID", help="The project of VMs that are not adopted.")
]
Map = Annotated[Path | None, typer.Option("--map", metavar="FILE", help="YAML with rules: networks, volumes, project.")]
Apply = Annotated[bool, typer.Option("--apply", help="Record what can be, after a look at the plan.")]
Revert = Annotated[bool, typer.Option("--revert", help="Take back what was recorded.")]


def _verdict(row: Row) -> str:
    if row.get("there"):
        return "there"
    return "fillable" if row.get("fillable") else "blocked" if _blocked(row) else "left"


def _blocked(row: Row) -> bool:
    return any(one.blocks for one in reasons_of(row.get("reasons")))


def _verdict_text(row: Row) -> Text:
    styles = {"there": "dim", "fillable": "green", "blocked": "yellow", "left": "dim"}
    return Text(_verdict(row), style=styles[_verdict(row)])


def _wanted(row: Row) -> list[str]:
    wanted = row.get("wanted") or {}
    if row.get("kind") == "port" and wanted:
        return [f"network {wanted['network_id']}", *(one["ip_address"] for one in wanted["fixed_ips"])]
    return [f"{key} {value}" for key, value in (wanted.get("ref") or {}).items()] + [str(wanted.get("host") or "")]


GAPS = (
    field("VM", "machine_name", keep=True),
    field("Part", keep=True),
    field("Project", "project_id", extra=True),
    Column("Would be", _wanted),
    field("By", "evidence", extra=True),
    Column("Verdict", _verdict, _verdict_text),
    Column(
        "Reasons",
        lambda row: codes(reasons_of(row.get("reasons"))),
        lambda row: full_cell(reasons_of(row.get("reasons"))),
    ),
)
RECORDS = (
    field("Record", "id", keep=True, extra=True),
    field("Kind"),
    field("VM", "machine_name", keep=True),
    field("Part", keep=True),
    field("Made", keep=True),
    field("Project", "project_id"),
    field("State"),
    field("Cloud", extra=True),
    field("Operation", extra=True),
)
MATCHES = (
    field("VM", "machine_name", keep=True),
    field("Disk", keep=True),
    Column("Known as", lambda row: [f"{kind}={value}" for kind, value in (row.get("identifiers") or {}).items()]),
    Column("Size", lambda row: amount(int(row.get("size") or 0))),
    field("In Cinder", "managed"),
    Column("Candidates", lambda row: [_candidate(one) for one in row.get("candidates") or []]),
)
NEEDS = (
    field("What", keep=True),
    Column("Met", lambda row: {True: "yes", False: "no", None: "not told"}[row.get("met")]),
    field("Detail"),
    field("What to do", "fix"),
)


def _candidate(one: Json) -> str:
    reference = ", ".join(one["reference"].values())
    return f"{one['backend']} {reference} ({', '.join(one['by'])})"


@app.command()
def matches(ctx: typer.Context, host: HostOption, source: SourceName = None, output: Output = None) -> None:
    """List the disks on a host with the volumes of Cinder's backends that they are, or may be."""
    how = session(ctx)
    show_list(how, output, how.api.get(f"hosts/{segment(host)}/volumes/matches", source=source)["matches"], MATCHES)


@app.command()
def volumes(
    ctx: typer.Context,
    host: HostOption,
    source: SourceName = None,
    vm: Machines = None,
    project: Project = None,
    rules: Map = None,
    apply: Apply = False,
    revert: Revert = False,
    yes: Yes = False,
    output: Output = None,
) -> None:
    """Show which disks on a host would become volumes of Cinder, and why others can't; record them, or take that back."""
    _gaps(session(ctx), "volume", _wish(host, source, vm, project, rules), _mode(apply, revert), yes, output)


@app.command()
def ports(
    ctx: typer.Context,
    host: HostOption,
    source: SourceName = None,
    vm: Machines = None,
    project: Project = None,
    rules: Map = None,
    apply: Apply = False,
    revert: Revert = False,
    yes: Yes = False,
    output: Output = None,
) -> None:
    """Show which NICs on a host would become ports of Neutron, and why others can't; record them, or take that back."""
    _gaps(session(ctx), "port", _wish(host, source, vm, project, rules), _mode(apply, revert), yes, output)


@app.command()
def records(
    ctx: typer.Context,
    source: SourceName = None,
    vm: Annotated[str | None, typer.Option("--vm", metavar="VM", help="Only of this VM, by id.")] = None,
    limit: Limit = None,
    output: Output = None,
) -> None:
    """List what was recorded in Cinder and Neutron."""
    how = session(ctx)
    query = {"source": source, "machine": vm}
    show_list(how, output, how.api.pages("cloud/records", "records", query, limit), RECORDS)


@app.command()
def nova(
    ctx: typer.Context,
    vm: Annotated[str, typer.Argument(metavar="VM", help="Id or name of a VM.")],
    host: HostOption,
    source: SourceName = None,
    images_type: Annotated[
        str | None, typer.Option("--images-type", help="That of the compute service: raw, qcow2, …")
    ] = None,
    output: Output = None,
) -> None:
    """Tell what Nova would need to have a VM. Nothing is asked of Nova. Exits 1 when something stands against it."""
    how = session(ctx)
    path = f"hosts/{segment(host)}/machines/{segment(vm)}/nova"
    found = how.api.get(path, source=source, images_type=images_type)
    if chosen(how, output) is Format.TABLE:
        print_table(how.out, found["needs"], NEEDS, lines=True)
        for untold in found["untold"]:
            how.note(f"Not told by surveys, look at it yourself: {untold}.", "yellow")
    else:
        show_list(how, output, found["needs"] if chosen(how, output) is Format.CSV else [found], NEEDS)
    if not found["possible"]:
        raise typer.Exit(Exit.FAILED)


def _mode(apply: bool, revert: bool) -> str:
    if apply and revert:
        raise Invalid("--apply and --revert say the opposite.", fix="Say one of the two.")
    return "apply" if apply else "revert" if revert else "show"


def _wish(
    host: str, source: str | None, vm: list[str] | None, project: str | None, rules: Path | None
) -> dict[str, Any]:
    wish = {"host": host, "source": source, "machines": vm or [], "project": project, "mapping": _rules(rules)}
    return {key: value for key, value in wish.items() if value is not None}


def _rules(path: Path | None) -> dict[str, Any]:
    if path is None:
        return {}
    found = read_yaml(path, "file of rules")
    if not isinstance(found, dict):
        raise Invalid(f"The rules in {path} are no mapping.", fix="Write them as `networks: …`, one key a line.")
    return found


def _gaps(how: Session, kind: str, wish: Json, mode: str, yes: bool, output: Format | None) -> None:
    if mode == "revert":
        _revert(how, kind, wish, yes)
        return
    plan = how.api.post("cloud/plans", {**wish, "kinds": [kind]})
    show_list(how, output, plan["gaps"], GAPS)
    number = int(plan["counts"]["fillable"])
    if mode == "apply" and number:
        how.confirm(f"Record {counted(number, kind)} in cloud {plan['cloud']}?", yes=yes)
        _watched(how, how.api.post("cloud/records", {**wish, "kinds": [kind], "digest": plan["digest"]}))
        return
    how.note(f"{counted(number, kind)} of {plan['counts']['total']} would be recorded in cloud {plan['cloud']}.")
    if mode == "apply" and plan["counts"]["blocked"]:
        raise Refused(
            "Nothing was recorded: reasons speak against all that is not there yet.", (), fix="See the reasons."
        )
    if number:
        next_step(how, "The same with `--apply` records them.")


def _revert(how: Session, kind: str, wish: Json, yes: bool) -> None:
    host = how.api.get(f"hosts/{segment(wish['host'])}", source=wish.get("source"))
    query = {"source": host["source"], "host": host["id"], "kind": kind}
    found = [
        one
        for one in how.api.pages("cloud/records", "records", query)
        if not wish["machines"] or one["machine"] in wish["machines"]
    ]
    if not found:
        whose = f" of {', '.join(wish['machines'])}" if wish["machines"] else ""
        how.note(f"There is nothing to take back{whose}. `corral cloud records` lists all records.")
        return
    print_table(how.err, found, RECORDS)
    how.confirm(f"Take back {counted(len(found), 'record')}?", yes=yes)
    _watched(how, how.api.post("cloud/records/revert", {"records": [one["id"] for one in found]}))


def _watched(how: Session, started: Json) -> None:
    ended = watch_many(how, started["operations"], {})
    failed = [one for one in ended.values() if one.get("state") != "succeeded"]
    for one in failed:
        how.note(f"Operation {one['uuid']}: {(one.get('error') or {}).get('message')}", "yellow")
    how.note(f"{len(ended) - len(failed)} of {counted(len(ended), 'operation')} succeeded.")
    if failed:
        raise typer.Exit(Exit.FAILED)
