"""`corral server`: what Corral manages."""

from __future__ import annotations

from collections.abc import Sequence
from enum import StrEnum
from typing import Annotated, Any

import typer

from corral.cli.api import Json
from corral.cli.create import create, delete
from corral.cli.lookup import find_server
from corral.cli.options import Limit, Metadata, Output, ServerArg, Wait, Yes
from corral.cli.output import Column, Format, chosen, field, show_list, show_one
from corral.cli.progress import succeeded, watch
from corral.cli.proof import proof
from corral.cli.reasons import next_step
from corral.cli.session import Session, session
from corral.cli.subjects import amount
from corral.cli.wishes import pairs
from corral.domain.errors import CorralError, Invalid
from corral.domain.lifecycle import STABLE
from corral.domain.server import Kind

app = typer.Typer(help="Machines that Corral manages.", no_args_is_help=True)
app.command("proof")(proof)
app.command("create")(create)
app.command("delete")(delete)

_PATIENCE = 600
"""Seconds to wait for a power change; a big machine's self-test takes minutes."""


class Target(StrEnum):
    """What can be asked of a server's power."""

    ON = "on"
    OFF = "off"
    REBOOT = "reboot"
    SOFT_OFF = "soft_off"
    SOFT_REBOOT = "soft_reboot"


def addresses(row: Any) -> str:
    """All addresses of a server, without the networks they are on."""
    found = (row.get("addresses") or {}).values()
    return ", ".join(str(entry.get("addr")) for entries in found for entry in entries or [])


COLUMNS = (
    field("Name", keep=True),
    field("UUID", keep=True),
    field("Status"),
    field("Power", "power_state"),
    Column("Node", lambda row: row.get("node") or row.get("node_uuid")),
    field("Kind", extra=True),
    field("Source", extra=True),
    Column("Addresses", addresses),
    field("Locked", extra=True),
    field("Project", "project_id", extra=True),
)
NICS = (
    field("Port", "port_id", keep=True),
    field("Network", "network_id", keep=True, extra=True),
    field("MAC", "mac_address", keep=True),
    Column("Addresses", lambda row: [str(one.get("ip_address")) for one in row.get("fixed_ips") or []]),
    field("Floating IP", "floating_ip", extra=True),
)
VOLUMES = (
    field("ID", keep=True),
    field("Device"),
    field("Bus"),
    field("Format"),
    Column("Size", lambda row: amount(int(row.get("size") or 0))),
    field("Path"),
    field("Kind", extra=True),
    Column("Identifiers", lambda row: [f"{key}={value}" for key, value in (row.get("identifiers") or {}).items()]),
)
CONSOLES = (field("Kind"), field("URL", "url", keep=True), field("Note"))


@app.command("list")
def list_(
    ctx: typer.Context,
    name: Annotated[str | None, typer.Option("--name", help="Only servers of this name.")] = None,
    status: Annotated[str | None, typer.Option("--status", help="Only servers in this status.")] = None,
    kind: Annotated[Kind | None, typer.Option("--kind", help="Only nodes, or only VMs.")] = None,
    all_projects: Annotated[bool, typer.Option("--all-projects", help="Those of every project.")] = False,
    limit: Limit = None,
    output: Output = None,
) -> None:
    """List servers."""
    how = session(ctx)
    query = {"name": name, "status": status, "kind": kind, "all_tenants": all_projects or None}
    count = show_list(how, output, how.api.pages("servers/detail", "servers", query, limit), COLUMNS)
    if not count and chosen(how, output) is Format.TABLE:
        elsewhere = "" if all_projects else "`--all-projects` shows those of every project. "
        next_step(how, f"{elsewhere}`corral adoptable list` shows what could be adopted.")


@app.command()
def show(ctx: typer.Context, server: ServerArg, output: Output = None) -> None:
    """Show everything about a server."""
    how = session(ctx)
    show_one(how, output, find_server(how.api, server))


@app.command()
def networks(ctx: typer.Context, server: ServerArg, output: Output = None) -> None:
    """List the network ports of a server."""
    how = session(ctx)
    uuid = find_server(how.api, server)["uuid"]
    show_list(how, output, how.api.get(f"servers/{uuid}/networks").get("nics") or [], NICS)


@app.command()
def volumes(ctx: typer.Context, server: ServerArg, output: Output = None) -> None:
    """List the volumes that a VM had when it was adopted."""
    how = session(ctx)
    uuid = find_server(how.api, server)["uuid"]
    show_list(how, output, how.api.get(f"servers/{uuid}/volumes").get("volumes") or [], VOLUMES)


@app.command()
def console(ctx: typer.Context, server: ServerArg, output: Output = None) -> None:
    """Open the consoles of a VM: prints where a client finds them. An address may work only once."""
    how = session(ctx)
    uuid = find_server(how.api, server)["uuid"]
    found = how.api.get(f"servers/{uuid}/consoles").get("consoles") or []
    if not show_list(how, output, found, CONSOLES) and chosen(how, output) is Format.TABLE:
        next_step(how, "It has no screen and no serial line that could be reached.")


@app.command()
def power(ctx: typer.Context, server: ServerArg, target: Target, wait: Wait = True, output: Output = None) -> None:
    """Switch a server on or off, or restart it."""
    how = session(ctx)
    found = find_server(how.api, server)
    accepted = how.api.put(f"servers/{found['uuid']}/states/power", {"target": str(target)})
    if wait:
        _settled(how, found, accepted.get("operation"))
    show_one(how, output, how.api.get(f"servers/{found['uuid']}"), COLUMNS)


def _called(server: Json) -> dict[str, str]:
    return {str(server.get("node_uuid")): str(server.get("name"))}


def _settled(how: Session, server: Json, operation: Json | None) -> None:
    """Wait until a power change is over: by its operation where the server names one, else by the status."""
    if operation:
        succeeded(watch(how, operation, _called(server)))
        return
    with how.err.status("Waiting for the power change…"):
        for _ in range(_PATIENCE):
            now = how.api.get(f"servers/{server['uuid']}")
            if now.get("status") in STABLE:
                return
            how.pause(1.0)
    raise CorralError(
        f"The server is still {now.get('status')} after {_PATIENCE} seconds.",
        fix=f"`corral server show {server['uuid']}` shows how it goes on.",
    )


@app.command()
def lock(ctx: typer.Context, server: ServerArg) -> None:
    """Lock a server: until it is unlocked, nobody can switch, change or unmanage it."""
    _lock(session(ctx), server, target=True)


@app.command()
def unlock(ctx: typer.Context, server: ServerArg) -> None:
    """Unlock a server."""
    _lock(session(ctx), server, target=False)


def _lock(how: Session, server: str, *, target: bool) -> None:
    found = find_server(how.api, server)
    how.api.put(f"servers/{found['uuid']}/states/lock", {"target": target})
    how.note(f"{found.get('name')} is {'locked' if target else 'unlocked'}.", "green")


@app.command()
def update(
    ctx: typer.Context,
    server: ServerArg,
    name: Annotated[str | None, typer.Option("--name", help="A new name.")] = None,
    description: Annotated[str | None, typer.Option("--description", help="A new description.")] = None,
    metadata: Metadata = None,
    forget: Annotated[list[str] | None, typer.Option("--forget", metavar="KEY", help="Remove this metadata.")] = None,
    tag: Annotated[list[str] | None, typer.Option("--tag", metavar="TAG", help="Add this tag.")] = None,
    untag: Annotated[list[str] | None, typer.Option("--untag", metavar="TAG", help="Remove this tag.")] = None,
    output: Output = None,
) -> None:
    """Change a server's name, description, metadata or tags. Where the policy of synchronization says so, its source follows."""
    how = session(ctx)
    values = {"name": name, "description": description}
    changes = patch(values, pairs(metadata or []), forget or [], tag or [], untag or [])
    found = find_server(how.api, server)
    show_one(how, output, how.api.patch(f"servers/{found['uuid']}", changes))


def patch(
    values: dict[str, Any],
    metadata: dict[str, str],
    forget: list[str],
    tags: Sequence[str] = (),
    untag: Sequence[str] = (),
) -> list[Json]:
    """The JSON patch for what was given. Raises Invalid when that is nothing."""
    changes = [
        {"op": "replace", "path": f"/{key}", "value": value} for key, value in values.items() if value is not None
    ]
    changes += [{"op": "add", "path": f"/metadata/{_pointer(key)}", "value": value} for key, value in metadata.items()]
    changes += [{"op": "remove", "path": f"/metadata/{_pointer(key)}"} for key in forget]
    changes += [{"op": "add", "path": "/tags/-", "value": tag} for tag in tags]
    changes += [{"op": "remove", "path": f"/tags/{_pointer(tag)}"} for tag in untag]
    if not changes:
        raise Invalid("Nothing to change was given.", fix="`--help` shows what can be changed.")
    return changes


def _pointer(key: str) -> str:
    return key.replace("~", "~0").replace("/", "~1")


@app.command()
def unmanage(ctx: typer.Context, server: ServerArg, yes: Yes = False, wait: Wait = True, output: Output = None) -> None:
    """Let a server go: the machine runs on as it is, and its source and ports are put back as they were found."""
    how = session(ctx)
    found = find_server(how.api, server)
    how.confirm(f"Let {found.get('name')} go? The machine runs on; power and disks are not touched.", yes=yes)
    accepted = how.api.post(f"servers/{found['uuid']}/unmanage")
    operation = succeeded(watch(how, accepted["operation"], _called(found))) if wait else accepted["operation"]
    if chosen(how, output) is not Format.TABLE:
        show_one(how, output, {"server": accepted.get("server"), "operation": operation})
    elif wait:
        how.note(f"{found.get('name')} is no longer managed; the machine runs on untouched.", "green")
        next_step(how, f"`corral server proof {found['uuid']}` still proves it.")
    else:
        next_step(how, f"Accepted. `corral operation watch {operation['uuid']}` shows how it goes.")
