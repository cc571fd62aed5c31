"""The commands that run Corral itself, and so build services instead of calling the API: serve, worker, db."""

from __future__ import annotations

import gc
import logging
import signal
import threading
from typing import Annotated, Any

import typer

from corral import config
from corral.cli.logs import log
from corral.domain.errors import Invalid

_Driver = Annotated[str, typer.Option(help="Driver of the source that --cloud opens.")]


def register(app: typer.Typer) -> None:
    """Add the commands to the application."""
    app.command("serve", help="Run the API with its worker.")(serve)
    app.command("worker", help="Carry out operations for servers that share a job board.")(worker)
    db = typer.Typer(no_args_is_help=True)
    db.command("upgrade", help="Bring the database to this release's schema.")(upgrade_database)
    app.add_typer(db, name="db", help="Look after the database.")


def serve(
    host: Annotated[str | None, typer.Option(help="Address to listen on (default 127.0.0.1).")] = None,
    port: Annotated[int | None, typer.Option(min=0, max=65535, help="Port to listen on (default 6688).")] = None,
    cloud: Annotated[str | None, typer.Option(help="Add a source: this entry of clouds.yaml, named like it.")] = None,
    network_cloud: Annotated[
        str | None, typer.Option(help="Entry of clouds.yaml for ports and images, when --cloud is system-scoped.")
    ] = None,
    driver: _Driver = "ironic",
    demo: Annotated[bool, typer.Option("--demo", help="Serve an in-memory source instead of a real one.")] = False,
    data_dir: Annotated[str | None, typer.Option(help="Directory of the embedded database.")] = None,
    verbose: Annotated[bool, typer.Option("--verbose", help="Log more.")] = False,
) -> None:
    """Run the API with its worker, until it is stopped."""
    log(logging.DEBUG if verbose else logging.INFO)
    settings = config.load(host=host, port=port, data_dir=data_dir)
    settings = settings.model_copy(
        update={
            "sources": _sources(settings, cloud, network_cloud, driver, demo),
            "hypervisors": [*settings.hypervisors, *_DEMO_RACKS] if demo else settings.hypervisors,
        }
    )
    if not (settings.sources or settings.hypervisors):
        raise Invalid(
            "No source is configured.",
            fix="Use --cloud NAME, --demo, or `sources` or `hypervisors` in corral.yaml.",
        )
    _run(settings, demo)


def worker(
    verbose: Annotated[bool, typer.Option("--verbose", help="Log more.")] = False,
) -> None:
    """Carry out operations for servers that share a job board (`board.url`), until it is stopped. Start as many as you need."""
    log(logging.DEBUG if verbose else logging.INFO)
    settings = config.load()
    if settings.board.url is None:
        raise Invalid(
            "No job board is configured, so `corral serve` carries out operations itself.",
            fix="Set `board.url` and `database_url`, for the server and all workers alike.",
        )
    from corral.wiring import build

    stopping = threading.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_told: stopping.set())
    corral = build(settings)
    signal.signal(signal.SIGHUP, lambda *_told: corral.synchronizer.reload())
    corral.work()
    typer.echo(f"This worker carries out up to {settings.workers} operations at a time.")
    stopping.wait()
    corral.stop()


def _sources(
    settings: config.Settings, cloud: str | None, network_cloud: str | None, driver: str, demo: bool
) -> list[config.SourceSettings]:
    sources = list(settings.sources)
    if cloud:
        options: dict[str, Any] = {"cloud": cloud}
        if network_cloud:
            options["network_cloud"] = network_cloud
        sources.append(config.SourceSettings(name=cloud, driver=driver, options=options))
    if demo:
        sources.append(config.SourceSettings(name="demo", driver="memory", options={}))
    return sources


_DEMO_RACKS = (config.HypervisorSettings(name="racks", driver="memory"),)


def _run(settings: config.Settings, demo: bool) -> None:
    # Nothing of what is loaded now becomes garbage: to look for it at every few modules takes a tenth of the start.
    gc.disable()
    # Imported here: the web server and all services take a second to load, which no other command should wait for.
    import uvicorn

    from corral.api import create_app
    from corral.identity import refuse_open_listen
    from corral.wiring import build

    identity = settings.identity
    refuse_open_listen(settings.host, bool(identity.keystone_cloud or identity.tokens))
    corral = build(settings)
    signal.signal(signal.SIGHUP, lambda *_told: corral.synchronizer.reload())
    if demo:
        typer.echo(
            "Demo: the source `demo` and the hypervisors `racks` live in memory and are no real hardware; they are gone when this "
            "process ends."
        )
    typer.echo(f"Corral serves http://{settings.host}:{settings.port}, its documentation is at /docs.")
    app = create_app(corral)
    gc.freeze()
    gc.enable()
    uvicorn.run(
        app,
        host=settings.host,
        port=settings.port,
        log_level="warning",
        # The peer's address is what identity believes; a header must not replace it.
        proxy_headers=False,
        timeout_graceful_shutdown=5,
    )


def upgrade_database() -> None:
    """Bring the database to this release's schema. Running it again does nothing."""
    from corral.engine import open_database
    from corral.wiring import upgrade_all

    settings = config.load()
    if settings.embedded:
        settings.data_dir.mkdir(parents=True, exist_ok=True, mode=0o700)
    sql = open_database(settings.url)
    problems = upgrade_all(settings, sql)
    sql.dispose()
    for problem in problems:
        typer.echo(f"Extension {problem}", err=True)
    typer.echo("The database is at this release's schema.")
