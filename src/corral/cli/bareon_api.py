"""The command that runs the Bareon-API service. Like `serve` it starts a process of Corral's own, and calls no API."""

from __future__ import annotations

import logging
import os
from typing import Annotated

import typer

from corral import config
from corral.cli.logs import log
from corral.domain.errors import Invalid


def register(app: typer.Typer) -> None:
    """Add the command to the application."""
    app.command("bareon-api", help="Run the Bareon-API service: disk layouts of nodes.")(bareon_api)


def bareon_api(
    host: Annotated[str | None, typer.Option(help="Address to listen on (default 127.0.0.1).")] = None,
    port: Annotated[int | None, typer.Option(min=0, max=65535, help="Port to listen on (default 9322).")] = None,
    data_dir: Annotated[str | None, typer.Option(help="Directory of the embedded database.")] = None,
    upgrade: Annotated[
        bool, typer.Option("--upgrade-database", help="Bring its database to this release's schema, and end.")
    ] = False,
) -> None:
    """Run the Bareon-API service, until it is stopped."""
    settings = config.load(data_dir=data_dir)
    given = {key: value for key, value in (("host", host), ("port", port)) if value is not None}
    wanted = settings.bareon_api.model_copy(update=given)
    url = wanted.database_url or f"sqlite:///{settings.data_dir / 'bareon-api.db'}"
    if upgrade:
        from corral.bareon_api import upgrade_storage

        upgrade_storage(url)
        typer.echo("The database of the Bareon-API service is at this release's schema.")
    else:
        _run(wanted, url)


def _run(wanted: config.BareonApiSettings, url: str) -> None:
    # Imported here: no other command should wait for the web server.
    import uvicorn

    from corral.bareon_api import Door, Nodes, Service, create_app, now, open_storage, refuse_open_door

    log(logging.INFO)
    logging.getLogger("alembic").setLevel(logging.WARNING)
    door = Door(_token(wanted.token_env))
    refuse_open_door(wanted.host, door)
    service = Service(Nodes(open_storage(url), now))
    typer.echo(f"The Bareon-API service is at http://{wanted.host}:{wanted.port}, its documentation is at /docs.")
    uvicorn.run(
        create_app(service, door),
        host=wanted.host,
        port=wanted.port,
        log_level="warning",
        # The peer's address is what the door believes; a header must not replace it.
        proxy_headers=False,
        timeout_graceful_shutdown=5,
    )


def _token(variable: str | None) -> str | None:
    if variable is None:
        return None
    token = os.environ.get(variable, "").strip()
    if not token:
        raise Invalid(f"The environment has no variable {variable}.", fix="Set it to the token that clients must send.")
    return token
