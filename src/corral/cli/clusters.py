"""`corral cluster`: nodes that are deployed together, and which extensions act on them, in which order."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Annotated, Any

import typer

from corral.cli.api import Api, Json
from corral.cli.lookup import only, segment
from corral.cli.options import Limit, Output, Wait, Yes
from corral.cli.output import Column, Format, chosen, field, show_list, show_one
from corral.cli.progress import succeeded, watch
from corral.cli.reasons import next_step
from corral.cli.session import Session, session
from corral.domain.errors import Invalid, NotFound
from corral.domain.machine import is_uuid

app = typer.Typer(help="Nodes that are deployed together.", no_args_is_help=True)

COLUMNS = (
    field("Name", keep=True),
    field("ID", keep=True),
    Column("Extensions", lambda row: ", ".join(row.get("extensions") or [])),
    field("Project", "project_id", extra=True),
    Column("Attributes", lambda row: json.dumps(row.get("attributes") or {}), extra=True),
    field("Operation", extra=True),
)
ClusterArg = Annotated[str, typer.Argument(metavar="CLUSTER", help="Name or id of a cluster.")]
Names = Annotated[
    list[str] | None, typer.Option("--extension", help="An extension; given often, in the order in which they act.")
]
AllProjects = Annotated[bool, typer.Option("--all-projects", help="Those of every project.")]


def find_cluster(api: Api, wanted: str) -> Json:
    """The cluster with that id or exact name. Raises NotFound, Conflict."""
    if is_uuid(wanted):
        found: Json = api.get(f"clusters/{wanted.lower()}")
        return found
    missing = NotFound(f"There is no cluster named {wanted!r}.", fix="`corral cluster list` shows them all.")
    return only(list(api.pages("clusters", "clusters", {"name": wanted})), f"cluster named {wanted!r}", missing)


def settled(how: Session, answer: Json) -> bool:
    """Wait for a change that the server has not finished yet. True when there was one, so that the answer is not its end."""
    operation = answer.get("operation")
    if not isinstance(operation, dict):
        return False
    succeeded(watch(how, operation))
    return True


def read_json(path: Path) -> Any:
    """What a JSON file holds. Raises Invalid."""
    try:
        return json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError) as exc:
        raise Invalid(f"{path} can't be read as JSON: {exc}", fix="Correct the file or its name.") from exc


@app.command("list")
def list_(ctx: typer.Context, all_projects: AllProjects = False, limit: Limit = None, output: Output = None) -> None:
    """List clusters."""
    how = session(ctx)
    query = {"all_projects": all_projects or None}
    count = show_list(how, output, how.api.pages("clusters", "clusters", query, limit), COLUMNS)
    if not count and chosen(how, output) is Format.TABLE:
        next_step(how, "`corral cluster create NAME` makes the first one.")


@app.command()
def create(
    ctx: typer.Context,
    name: Annotated[str, typer.Argument(help="Its name.")],
    extension: Names = None,
    attributes: Annotated[Path | None, typer.Option("--attributes", help="A JSON file with its attributes.")] = None,
    output: Output = None,
) -> None:
    """Create a cluster, with the default extensions unless others are named."""
    how = session(ctx)
    body: Json = {"name": name, "attributes": read_json(attributes) if attributes else {}}
    if extension:
        body["extensions"] = extension
    made = how.api.post("clusters", body)
    show_one(how, output, find_cluster(how.api, name) if settled(how, made) else made, COLUMNS)


@app.command()
def show(ctx: typer.Context, cluster: ClusterArg, output: Output = None) -> None:
    """Show a cluster."""
    how = session(ctx)
    show_one(how, output, find_cluster(how.api, cluster))


@app.command()
def delete(ctx: typer.Context, cluster: ClusterArg, yes: Yes = False) -> None:
    """Delete a cluster that has no nodes."""
    how = session(ctx)
    found = find_cluster(how.api, cluster)
    how.confirm(f"Delete cluster {found.get('name')}?", yes=yes)
    settled(how, how.api.delete(f"clusters/{found['id']}"))
    how.note(f"Cluster {found.get('name')} is deleted.", "green")


@app.command()
def extensions(
    ctx: typer.Context,
    cluster: ClusterArg,
    put: Annotated[str | None, typer.Option("--set", metavar="A,B", help="Exactly these, in this order.")] = None,
    add: Annotated[str | None, typer.Option("--add", metavar="NAME", help="One more, after the others.")] = None,
    remove: Annotated[str | None, typer.Option("--remove", metavar="A,B", help="No longer these.")] = None,
    output: Output = None,
) -> None:
    """Show, or change, which extensions act on a cluster's nodes, in which order."""
    how = session(ctx)
    found = find_cluster(how.api, cluster)
    path, names = f"clusters/{found['id']}/extensions", list(found.get("extensions") or [])
    if sum(one is not None for one in (put, add, remove)) > 1:
        raise Invalid("One change at a time.", fix="Give one of --set, --add and --remove.")
    if remove is not None:
        settled(how, how.api.delete(path, extension_names=remove))
    elif put is not None or add is not None:
        settled(how, how.api.put(path, [*names, str(add)] if add is not None else _listed(put)))
    rows = [{"position": number, "name": name} for number, name in enumerate(how.api.get(path)["extensions"], 1)]
    show_list(how, output, rows, (field("Position"), field("Name", keep=True)))


def _listed(names: str | None) -> list[str]:
    return [one.strip() for one in (names or "").split(",") if one.strip()]


@app.command("migrate-extension")
def migrate_extension(
    ctx: typer.Context,
    cluster: ClusterArg,
    name: Annotated[str, typer.Argument(metavar="EXTENSION", help="The extension that is to have the layouts.")],
    wait: Wait = True,
    output: Output = None,
) -> None:
    """Move the disk layouts of all nodes to another extension. Nodes notice nothing; a failure leaves them where they are."""
    how = session(ctx)
    found = find_cluster(how.api, cluster)
    operation = how.api.post(f"clusters/{segment(found['id'])}/extensions/migrate", {"to": name})["operation"]
    done = watch(how, operation) if wait else operation
    show_one(how, output, done, _MIGRATION if chosen(how, output) is Format.TABLE else None)
    if wait:
        succeeded(done)


_MIGRATION = (
    field("Operation", "uuid", keep=True),
    field("State"),
    Column("Nodes", lambda row: (row.get("result") or {}).get("nodes")),
    Column("From", lambda row: (row.get("result") or {}).get("from")),
    Column("To", lambda row: (row.get("result") or {}).get("to")),
)
