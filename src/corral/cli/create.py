"""`corral server create` and `corral server delete`: servers that Corral itself brings about."""

from __future__ import annotations

import base64
from pathlib import Path
from typing import Annotated, Any

import typer

from corral.cli.api import Json
from corral.cli.lookup import find_flavor, find_server
from corral.cli.options import Metadata, Output, ServerArg, Wait, Yes
from corral.cli.output import Column, Format, chosen, field, show_list, show_one
from corral.cli.reasons import next_step
from corral.cli.session import Session, session
from corral.cli.text import counted
from corral.cli.wishes import pairs
from corral.domain.errors import CorralError, Invalid, NotFound
from corral.domain.lifecycle import STABLE
from corral.domain.machine import is_uuid

_LOOK_EVERY = 2.0
_COLUMNS = (
    field("Name", keep=True),
    field("UUID", keep=True),
    field("Status"),
    Column("Node", lambda row: row.get("node")),
    field("Composed"),
)


def create(
    ctx: typer.Context,
    name: Annotated[str, typer.Argument(help="What the server is called; several get -1, -2 … behind it.")],
    flavor: Annotated[str, typer.Option("--flavor", help="Name or UUID of the flavor.")],
    image: Annotated[str, typer.Option("--image", help="UUID of the image.")],
    net: Annotated[list[str] | None, typer.Option("--net", help="UUID of a network: a port is made there.")] = None,
    port: Annotated[list[str] | None, typer.Option("--port", help="UUID of a port that exists.")] = None,
    count: Annotated[int, typer.Option("--count", min=1, max=64, help="How many servers.")] = 1,
    zone: Annotated[str | None, typer.Option("--availability-zone", help="Only machines of this zone.")] = None,
    description: Annotated[str | None, typer.Option("--description", help="What it is for.")] = None,
    user_data: Annotated[Path | None, typer.Option("--user-data", exists=True, help="A file for cloud-init.")] = None,
    project: Annotated[str | None, typer.Option("--project", help="Id of the project whose it is.")] = None,
    metadata: Metadata = None,
    wait: Wait = True,
    output: Output = None,
) -> None:
    """Create servers: on machines that nobody uses, or composed for them, as the flavor says."""
    how = session(ctx)
    networks = [{"net_id": _uuid("--net", each)} for each in net or []]
    networks += [{"port_id": _uuid("--port", each)} for each in port or []]
    if not networks:
        raise Invalid("A server needs a network.", fix="Name one or several: `--net NETWORK` or `--port PORT`.")
    wish: dict[str, Any] = {
        "name": name,
        "image_uuid": _uuid("--image", image),
        "flavor_uuid": find_flavor(how.api.pages("flavors", "flavors"), flavor)["uuid"],
        "networks": networks,
        "availability_zone": zone,
        "description": description,
        "metadata": pairs(metadata or []),
        "min_count": count,
        "max_count": count,
        "project_id": project,
        "user_data": None if user_data is None else base64.b64encode(user_data.read_bytes()).decode(),
    }
    answer = how.api.post("servers", {"server": wish})
    made = [answer] if count == 1 else answer["servers"]
    if wait:
        made = [_settled(how, one["uuid"]) or one for one in made]
    _show(how, output, made)
    if failed := [one for one in made if one.get("status") == "error"]:
        fault = failed[0].get("fault") or {}
        raise CorralError(
            f"{counted(len(failed), 'server')} could not be created: {fault.get('message')}",
            fix=f"{fault.get('fix') or ''} `corral server delete {failed[0]['name']}` removes the record.".strip(),
        )
    if not wait:
        next_step(how, "Accepted. `corral server list` shows how it goes.")


def delete(ctx: typer.Context, server: ServerArg, yes: Yes = False, wait: Wait = True) -> None:
    """Delete a server that Corral created: its machine is torn down and its disks wiped. One that was adopted is refused."""
    how = session(ctx)
    found = find_server(how.api, server)
    if found.get("adopted"):
        raise Invalid(
            f"{found['name']} was adopted, and its machine is not Corral's to tear down.",
            fix=f"`corral server unmanage {found['name']}` lets it go; the machine runs on.",
        )
    where = "and what was composed for it is released" if found.get("composed") else "and its disks are wiped"
    how.confirm(f"Delete {found['name']}? Its machine is torn down, {where}.", yes=yes)
    how.api.delete(f"servers/{found['uuid']}")
    if not wait:
        next_step(how, f"Accepted. `corral server show {found['uuid']}` shows how it goes.")
        return
    left = _settled(how, found["uuid"])
    if left is not None:
        fault = left.get("fault") or {}
        raise CorralError(
            f"{found['name']} is not deleted yet: {fault.get('message')}", fix=str(fault.get("fix") or "")
        )
    how.note(f"{found['name']} is deleted.", "green")


def _show(how: Session, output: Format | None, made: list[Json]) -> None:
    if len(made) == 1 and chosen(how, output) is not Format.TABLE:
        show_one(how, output, made[0])
    else:
        show_list(how, output, made, _COLUMNS)


def _settled(how: Session, uuid: str) -> Json | None:
    """The server at rest; None when it is gone. An attempt that fails is followed by others: so its status tells, no operation."""
    with how.err.status("Waiting for the server…"):
        while True:
            try:
                now: Json = how.api.get(f"servers/{uuid}")
            except NotFound:
                return None
            if now.get("status") in STABLE:
                return now
            how.pause(_LOOK_EVERY)


def _uuid(option: str, text: str) -> str:
    if not is_uuid(text):
        raise Invalid(
            f"{option} {text!r} is no UUID.", fix="`openstack image list`, `openstack network list` show them."
        )
    return text.lower()
