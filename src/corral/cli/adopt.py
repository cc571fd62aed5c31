"""`corral adopt`: one machine by name, or many from a file (`adopt_many`)."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from corral.cli.adopt_all import adopt_all
from corral.cli.adopt_many import adopt_file
from corral.cli.api import Json
from corral.cli.batch import FORMAT
from corral.cli.options import Metadata, Output, Wait, Yes
from corral.cli.output import Format, chosen, show_one
from corral.cli.plan_view import print_plan, refusal
from corral.cli.progress import succeeded, watch
from corral.cli.reasons import next_step
from corral.cli.session import Session, session
from corral.cli.wishes import Draft, Wish, body, pairs
from corral.cli.wishes_vms import complete_any
from corral.domain.errors import Invalid
from corral.domain.server import NetworkRequest

EPILOG = f"Columns of a file (--from), CSV with a header or a YAML list:\n{FORMAT}"

Node = Annotated[str | None, typer.Argument(metavar="NODE", help="Name or UUID of the node or VM.", show_default=False)]
Name = Annotated[str | None, typer.Option("--name", help="Name of the server.", show_default="the machine's")]
Flavor = Annotated[
    str | None,
    typer.Option("--flavor", help="Name or UUID of a flavor.", show_default="the only one that fits; a VM: none"),
]
Ports = Annotated[
    list[str] | None,
    typer.Option("--port", help="UUID of an existing port to bind. May be given often.", show_default="those it has"),
]
Nets = Annotated[
    list[str] | None, typer.Option("--net", help="UUID of a network to make a port on. May be given often.")
]
PortType = Annotated[str | None, typer.Option("--port-type", help="Port type of these.")]
Description = Annotated[str | None, typer.Option("--description", help="A text for people.")]
Zone = Annotated[str | None, typer.Option("--az", help="Availability zone.")]
Project = Annotated[str | None, typer.Option("--project", help="UUID of the project that gets the server.")]
SourceName = Annotated[str | None, typer.Option("--source", help="The source, where two have a machine of that name.")]
PlanOnly = Annotated[bool, typer.Option("--plan", help="Show what would be done, and do nothing.")]
From = Annotated[
    Path | None,
    typer.Option("--from", metavar="FILE", help="Adopt every machine that a CSV or YAML file names.", dir_okay=False),
]


All = Annotated[bool, typer.Option("--all", help="Adopt every free machine of --source that matches.")]
Class = Annotated[str | None, typer.Option("--class", help="With --all: only machines of this resource class.")]
Match = Annotated[str | None, typer.Option("--match", metavar="GLOB", help="With --all: only machines of such names.")]
Host = Annotated[str | None, typer.Option("--host", help="With --all: only VMs on this host, by its name or id.")]
Folder = Annotated[
    str | None, typer.Option("--folder", help="With --all: only VMs in this folder or below it; or a glob.")
]
Tag = Annotated[str | None, typer.Option("--tag", help="With --all: only VMs with this tag; or a glob.")]
Map = Annotated[
    Path | None,
    typer.Option("--map", metavar="FILE", help="With --all: YAML rules for name, flavor, networks, …", dir_okay=False),
]


def register(app: typer.Typer) -> None:
    """Add `adopt` to the app."""
    app.command("adopt", epilog=EPILOG)(adopt)


def adopt(
    ctx: typer.Context,
    node: Node = None,
    from_: From = None,
    all_: All = False,
    class_: Class = None,
    match: Match = None,
    host: Host = None,
    folder: Folder = None,
    tag: Tag = None,
    map_: Map = None,
    name: Name = None,
    flavor: Flavor = None,
    port: Ports = None,
    net: Nets = None,
    port_type: PortType = None,
    description: Description = None,
    az: Zone = None,
    project: Project = None,
    metadata: Metadata = None,
    source: SourceName = None,
    plan: PlanOnly = False,
    yes: Yes = False,
    wait: Wait = True,
    output: Output = None,
) -> None:
    """Bring a running machine under management, without touching it.

    Shows the plan and asks; with --yes it goes on at once. What is left out is taken from the machine, and said.
    """
    how = session(ctx)
    networks = _networks(port or [], net or [], port_type)
    words = (name, flavor, description, az, project, *networks, *(metadata or []))
    if from_ is not None:
        _alone(node, (all_, class_, match, host, folder, tag, map_, *words), "--from names everything in the file.")
        adopt_file(how, from_, source, plan_only=plan, yes=yes, wait=wait, output=output)
        return
    if all_:
        _alone(node, words, "--all takes everything else from --map.")
        of_vms = {"host": host, "folder": folder, "tag": tag}
        asked = {"source": source, "resource_class": class_, "name": match, **of_vms}
        adopt_all(how, asked, map_, plan_only=plan, yes=yes, wait=wait, output=output)
        return
    if class_ or match or host or folder or tag or map_:
        raise Invalid(
            "--class, --match, --host, --folder, --tag and --map go with --all.",
            fix="`corral adopt --all --source SOURCE …`.",
        )
    if node is None:
        raise Invalid("Neither a node nor a file was named.", fix="`corral adopt NODE`, or `corral adopt --from FILE`.")
    wish = Wish(node, name, flavor, networks, description, az, project, source, pairs(metadata or []))
    drafted = complete_any(how.api, wish, list(how.api.pages("flavors", "flavors")))
    for note in drafted.notes:
        how.note(note, "dim")
    _one(how, drafted, plan_only=plan, yes=yes, wait=wait, output=output)


def _networks(ports: list[str], nets: list[str], port_type: str | None) -> tuple[NetworkRequest, ...]:
    bound = [NetworkRequest(port_id=port, port_type=port_type) for port in ports]
    return (*bound, *(NetworkRequest(net_id=net, port_type=port_type) for net in nets))


def _alone(node: str | None, words: tuple[object, ...], why: str) -> None:
    if node is not None or any(words):
        raise Invalid(why, fix="Leave NODE and its options out; use columns, or rules, for them.")


def _one(how: Session, drafted: Draft, *, plan_only: bool, yes: bool, wait: bool, output: Format | None) -> None:
    assert drafted.request is not None
    request = body(drafted.request)
    if yes and not plan_only:
        accepted = how.api.post("servers/manage", request)
    else:
        plan = how.api.post("plans", {"machines": [request]})
        if plan_only:
            show_plan(how, plan, output)
            return
        accepted = _asked(how, plan)
    _ended(how, accepted, {request["node_uuid"]: request["name"]}, wait=wait, output=output)


def show_plan(how: Session, plan: Json, output: Format | None) -> None:
    """Print a plan as the result, and how to apply it. Raises Refused when it blocks everything."""
    if chosen(how, output) is Format.TABLE:
        print_plan(how, plan, result=True)
    else:
        show_one(how, output, plan)
    if not (plan.get("counts") or {}).get("adoptable"):
        raise refusal(plan)
    if not plan.get("applied_at"):
        next_step(
            how, f"`corral plan apply {plan.get('uuid')}` does exactly this, or refuses if the world has changed."
        )


def _asked(how: Session, plan: Json) -> Json:
    """Show the plan, ask, and apply what was shown and nothing else."""
    print_plan(how, plan, result=False)
    if not (plan.get("counts") or {}).get("adoptable"):
        raise refusal(plan)
    how.confirm("Adopt it?", yes=False)
    applied = how.api.post(f"plans/{plan['uuid']}/apply")
    return {"operation": applied["operations"][0]}


def _ended(how: Session, accepted: Json, names: dict[str, str], *, wait: bool, output: Format | None) -> None:
    operation = accepted["operation"]
    if not wait:
        if chosen(how, output) is Format.TABLE:
            next_step(how, f"Accepted. `corral operation watch {operation['uuid']}` shows how it goes.")
        else:
            show_one(how, output, accepted)
        return
    done = succeeded(watch(how, operation, names))
    server = how.api.get(f"servers/{done['server_uuid']}")
    if chosen(how, output) is Format.TABLE:
        how.note(f"{server.get('name')} is managed. Nothing of the running machine was touched.", "green")
        next_step(how, f"`corral server proof {server['uuid']}` proves it.")
        show_one(how, output, server)
    else:
        show_one(how, output, {"server": server, "operation": done})
