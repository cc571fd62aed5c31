"""`corral node`: what is deployed, its roles and its disks."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Any

import typer

from corral.cli.api import Api, Json
from corral.cli.clusters import AllProjects, find_cluster, read_json, settled
from corral.cli.lookup import only
from corral.cli.options import Limit, Output, Wait, Yes
from corral.cli.output import Column, Format, chosen, field, show_list, show_one, write_data
from corral.cli.progress import succeeded, watch
from corral.cli.reasons import next_step
from corral.cli.session import session
from corral.domain.errors import NotFound
from corral.domain.machine import is_uuid

app = typer.Typer(help="What is deployed, its roles and disks.", no_args_is_help=True)

COLUMNS = (
    field("Name", keep=True),
    field("ID", keep=True),
    field("Status"),
    Column("Roles", lambda row: ", ".join(row.get("roles") or [])),
    field("Cluster", extra=True),
    Column("Disks", lambda row: len((row.get("meta") or {}).get("disks") or []), extra=True),
    Column("Machine", lambda row: row.get("machine") and f"{row.get('source')}/{row.get('machine')}", extra=True),
)
NodeArg = Annotated[str, typer.Argument(metavar="NODE", help="Name or id of a node.")]
RoleOption = Annotated[list[str] | None, typer.Option("--role", help="A role; given often, in order.")]


def _volumes(row: Any) -> str:
    used = [one for one in row.get("volumes") or [] if one.get("size", 1)]
    return ", ".join(f"{one.get('name')} {one.get('size', '')}".strip() for one in used)


DISKS = (
    Column("Disk", lambda row: row.get("name") or row.get("id"), keep=True),
    field("MiB", "size"),
    Column("Volumes (MiB)", _volumes),
    field("Bootable"),
    field("ID", extra=True),
)


def find_node(api: Api, wanted: str) -> Json:
    """The node with that id or exact name. Raises NotFound, Conflict."""
    if is_uuid(wanted):
        found: Json = api.get(f"nodes/{wanted.lower()}")
        return found
    missing = NotFound(f"There is no node named {wanted!r}.", fix="`corral node list` shows them all.")
    return only(list(api.pages("nodes", "nodes", {"name": wanted})), f"node named {wanted!r}", missing)


@app.command("list")
def list_(
    ctx: typer.Context,
    cluster: Annotated[str | None, typer.Option("--cluster", help="Only those of this cluster (name or id).")] = None,
    status: Annotated[str | None, typer.Option("--status", help="Only those in this status.")] = None,
    all_projects: AllProjects = False,
    limit: Limit = None,
    output: Output = None,
) -> None:
    """List nodes."""
    how = session(ctx)
    where = find_cluster(how.api, cluster)["id"] if cluster else None
    query = {"cluster": where, "status": status, "all_projects": all_projects or None}
    count = show_list(how, output, how.api.pages("nodes", "nodes", query, limit), COLUMNS)
    if not count and chosen(how, output) is Format.TABLE:
        next_step(how, "`corral node add NAME --meta FILE` adds one.")


@app.command()
def add(
    ctx: typer.Context,
    name: Annotated[str, typer.Argument(help="Its name.")],
    cluster: Annotated[str | None, typer.Option("--cluster", help="The cluster that it belongs to.")] = None,
    role: RoleOption = None,
    meta: Annotated[Path | None, typer.Option("--meta", help="A JSON file: disks, memory, agent.")] = None,
    source: Annotated[str | None, typer.Option("--source", help="Where its machine is.")] = None,
    machine: Annotated[str | None, typer.Option("--machine", help="The machine's id at the source.")] = None,
    output: Output = None,
) -> None:
    """Add a node."""
    how = session(ctx)
    where = find_cluster(how.api, cluster)["id"] if cluster else None
    wish = {"name": name, "cluster": where, "roles": role or [], "source": source, "machine": machine}
    body = {**wish, "meta": read_json(meta) if meta else {}}
    made = how.api.post("nodes", {key: value for key, value in body.items() if value is not None})
    show_one(how, output, find_node(how.api, name) if settled(how, made) else made, COLUMNS)


@app.command()
def show(ctx: typer.Context, node: NodeArg, output: Output = None) -> None:
    """Show a node."""
    how = session(ctx)
    show_one(how, output, find_node(how.api, node))


@app.command()
def roles(
    ctx: typer.Context,
    node: NodeArg,
    role: Annotated[
        list[str] | None, typer.Argument(metavar="[ROLE]...", help="Its roles from now on, in order.")
    ] = None,
    none: Annotated[bool, typer.Option("--none", help="It has no role from now on.")] = False,
    output: Output = None,
) -> None:
    """Show a node's roles, or give it others. Without roles it has no default layout, only service partitions."""
    how = session(ctx)
    found = find_node(how.api, node)
    if role or none:
        settled(how, how.api.put(f"nodes/{found['id']}/roles", {"roles": role or []}))
        found = how.api.get(f"nodes/{found['id']}")
    show_list(how, output, [{"role": one} for one in found["roles"]], (field("Role", keep=True),))


@app.command()
def move(
    ctx: typer.Context,
    node: NodeArg,
    cluster: Annotated[str | None, typer.Option("--to", help="The cluster to move to; without, out of any.")] = None,
    output: Output = None,
) -> None:
    """Move a node to another cluster, or out of its cluster."""
    how = session(ctx)
    found = find_node(how.api, node)
    where = find_cluster(how.api, cluster)["id"] if cluster else None
    settled(how, how.api.put(f"nodes/{found['id']}", {"cluster": where}))
    show_one(how, output, how.api.get(f"nodes/{found['id']}"), COLUMNS)


@app.command()
def reset(ctx: typer.Context, node: NodeArg, yes: Yes = False) -> None:
    """Make a node's record as if it had just been found. Its disks are not touched."""
    how = session(ctx)
    found = find_node(how.api, node)
    how.confirm(f"Reset node {found.get('name')}? What was wanted for its disks is forgotten.", yes=yes)
    settled(how, how.api.post(f"nodes/{found['id']}/reset"))
    how.note(f"Node {found.get('name')} is reset.", "green")


@app.command()
def delete(
    ctx: typer.Context,
    nodes: Annotated[list[str], typer.Argument(metavar="NODE...", help="Names or ids of nodes.")],
    yes: Yes = False,
) -> None:
    """Forget nodes, all or none. Their machines are not touched."""
    how = session(ctx)
    found = [find_node(how.api, one) for one in nodes]
    how.confirm(f"Forget {', '.join(str(one.get('name')) for one in found)}?", yes=yes)
    settled(how, how.api.delete("nodes", ids=",".join(one["id"] for one in found)))
    how.note(f"{len(found)} node{'s are' if len(found) > 1 else ' is'} forgotten.", "green")


@app.command()
def disks(
    ctx: typer.Context,
    node: NodeArg,
    defaults: Annotated[bool, typer.Option("--defaults", help="As they would be by default.")] = False,
    put: Annotated[Path | None, typer.Option("--set", help="A JSON file with the disks as wanted.")] = None,
    output: Output = None,
) -> None:
    """Show how a node's disks are to be laid out, or change it. Nothing is written before the node is provisioned."""
    how = session(ctx)
    path = f"nodes/{find_node(how.api, node)['id']}/disks"
    shown = f"{path}/defaults" if defaults else path
    rows = how.api.put(path, read_json(put), list) if put else how.api.listed(shown)
    show_list(how, output, rows, DISKS)


@app.command()
def provisioning(ctx: typer.Context, node: NodeArg) -> None:
    """Show the data that a node would be provisioned with, as JSON."""
    how = session(ctx)
    found = find_node(how.api, node)
    write_data(how.out.file, Format.JSON, how.api.get(f"nodes/{found['id']}/provisioning"))


@app.command()
def provision(
    ctx: typer.Context,
    node: NodeArg,
    erase: Annotated[bool, typer.Option("--erase-disks", help="Yes, erase them.")] = False,
    wait: Wait = True,
    output: Output = None,
) -> None:
    """ERASE a node's disks and lay them out anew. Refused for a machine that is in use."""
    how = session(ctx)
    found = find_node(how.api, node)
    how.confirm(f"ERASE ALL DISKS of node {found.get('name')}?", yes=erase)
    operation = how.api.post(f"nodes/{found['id']}/provision", {"erase_disks": True})["operation"]
    if wait:
        succeeded(watch(how, operation))
    show_one(how, output, how.api.get(f"nodes/{found['id']}"), COLUMNS)
