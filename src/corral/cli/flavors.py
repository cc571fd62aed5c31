"""`corral flavor`: what servers are sold as, and who may use which."""

from __future__ import annotations

from typing import Annotated

import typer

from corral.cli.api import Json
from corral.cli.composed import ComposeFrom, Cpus, Disks, Memory, Nics, Traits, WhenFull, composed, composed_text
from corral.cli.lookup import find_flavor, segment
from corral.cli.options import FlavorArg, Output, Yes
from corral.cli.output import Column, Format, chosen, field, show_list, show_one
from corral.cli.reasons import next_step
from corral.cli.servers import patch
from corral.cli.session import Session, session
from corral.cli.wishes import pairs
from corral.domain.errors import Invalid

app = typer.Typer(help="What servers are sold as.", no_args_is_help=True)
access = typer.Typer(help="Who may use a flavor that is not public.", no_args_is_help=True)
app.add_typer(access, name="access")

COLUMNS = (
    field("Name", keep=True),
    field("UUID", keep=True),
    Column("Resources", lambda row: ", ".join(f"{k}={v}" for k, v in (row.get("resources") or {}).items())),
    Column("Composed of", composed_text),
    field("Public", "is_public"),
    field("Disabled"),
    field("Description", extra=True),
)

Classes = Annotated[
    list[str] | None, typer.Option("--resource-class", help="The class of machines that it fits. May be given often.")
]
Resources = Annotated[
    list[str] | None, typer.Option("--resource", metavar="CLASS=AMOUNT", help="Likewise, with amount.")
]
Public = Annotated[bool | None, typer.Option("--public/--private", help="For every project, or those with access.")]
About = Annotated[str | None, typer.Option("--description", help="A text for people.")]
ProjectArg = Annotated[str, typer.Argument(metavar="PROJECT", help="UUID of a project.")]


def _find(how: Session, wanted: str) -> Json:
    return find_flavor(how.api.pages("flavors", "flavors"), wanted)


@app.command("list")
def list_(ctx: typer.Context, output: Output = None) -> None:
    """List flavors."""
    how = session(ctx)
    count = show_list(how, output, how.api.pages("flavors", "flavors"), COLUMNS)
    if not count and chosen(how, output) is Format.TABLE:
        next_step(how, "`corral flavor create NAME --resource-class CLASS` makes the first one.")


@app.command()
def show(ctx: typer.Context, flavor: FlavorArg, output: Output = None) -> None:
    """Show a flavor."""
    how = session(ctx)
    show_one(how, output, _find(how, flavor))


@app.command()
def create(
    ctx: typer.Context,
    name: Annotated[str, typer.Argument(help="Its name.")],
    resource_class: Classes = None,
    resource: Resources = None,
    description: About = None,
    public: Public = True,
    cpus: Cpus = None,
    memory: Memory = None,
    disk: Disks = None,
    nic: Nics = None,
    trait: Traits = None,
    compose_from: ComposeFrom = None,
    compose_when_full: WhenFull = False,
    output: Output = None,
) -> None:
    """Create a flavor. It fits the machines of its resource class, or is composed: then say at least --cpus and --memory."""
    how = session(ctx)
    resources = {**dict.fromkeys(resource_class or [], "1"), **pairs(resource or [], "--resource")}
    compose = composed(cpus, memory, disk, nic, trait, compose_from, compose_when_full)
    if not resources and (compose is None or compose_when_full):
        raise Invalid("A flavor without a resource class fits no machine.", fix="Say `--resource-class CLASS`.")
    wish = {"name": name, "description": description, "resources": resources, "is_public": public is not False}
    show_one(how, output, how.api.post("flavors", wish if compose is None else {**wish, "compose": compose}))


@app.command()
def update(
    ctx: typer.Context,
    flavor: FlavorArg,
    name: Annotated[str | None, typer.Option("--name", help="A new name.")] = None,
    description: About = None,
    public: Public = None,
    disabled: Annotated[
        bool | None, typer.Option("--disable/--enable", help="Whether new servers may take it.")
    ] = None,
    output: Output = None,
) -> None:
    """Change a flavor. Servers that have it keep what they have."""
    how = session(ctx)
    values = {"name": name, "description": description, "is_public": public, "disabled": disabled}
    changes = patch(values, {}, [])
    show_one(how, output, how.api.patch(f"flavors/{_find(how, flavor)['uuid']}", changes))


@app.command()
def delete(ctx: typer.Context, flavor: FlavorArg, yes: Yes = False) -> None:
    """Delete a flavor that no server has."""
    how = session(ctx)
    found = _find(how, flavor)
    how.confirm(f"Delete flavor {found.get('name')}?", yes=yes)
    how.api.delete(f"flavors/{found['uuid']}")
    how.note(f"Flavor {found.get('name')} is deleted.", "green")


@access.command("list")
def access_list(ctx: typer.Context, flavor: FlavorArg, output: Output = None) -> None:
    """List the projects that may use a flavor."""
    how = session(ctx)
    projects = how.api.get(f"flavors/{_find(how, flavor)['uuid']}/access").get("flavor_access") or []
    show_list(how, output, [{"project": project} for project in projects], [field("Project", keep=True)])


@access.command("add")
def access_add(ctx: typer.Context, flavor: FlavorArg, project: ProjectArg) -> None:
    """Let a project use a flavor."""
    how = session(ctx)
    found = _find(how, flavor)
    how.api.post(f"flavors/{found['uuid']}/access", {"tenant_id": project})
    how.note(f"Project {project} may use {found.get('name')}.", "green")


@access.command("remove")
def access_remove(ctx: typer.Context, flavor: FlavorArg, project: ProjectArg) -> None:
    """No longer let a project use a flavor."""
    how = session(ctx)
    found = _find(how, flavor)
    how.api.delete(f"flavors/{found['uuid']}/access/{segment(project)}")
    how.note(f"Project {project} may no longer use {found.get('name')}.", "green")
