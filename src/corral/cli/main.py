"""The `corral` command: the app, its global options, and the one place where errors become words and exit codes."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable
from typing import Annotated, Any

import typer

from corral import __version__
from corral.cli import (
    adopt,
    adoptable,
    audit,
    bareon_api,
    cloud,
    clusters,
    compose,
    drift,
    extensions,
    flavors,
    hosts,
    layout,
    layout_exact,
    layout_write,
    leaks,
    nodes,
    operations,
    plans,
    probe,
    probe_hosts,
    probe_vsphere,
    servers,
    sources,
    tokens,
)
from corral.cli.exits import EXIT_CODES, Exit, exit_for
from corral.cli.output import Format
from corral.cli.reasons import show_error
from corral.cli.serve import register
from corral.cli.session import Session
from corral.domain.errors import CorralError

EPILOG = f"Exit codes:\n{EXIT_CODES}"


class Guarded(typer.core.TyperGroup):
    """The app, with errors shown as message, reasons and next step. An error that nobody planned is no traceback either."""

    def invoke(self, ctx: Any) -> Any:
        try:
            return super().invoke(ctx)
        except CorralError as error:
            show_error(ctx.find_object(Session) or Session(), error)
            raise typer.Exit(exit_for(error)) from error


app = typer.Typer(
    name="corral",
    help="Brings machines that already run under management without disturbing them.",
    epilog=EPILOG,
    cls=Guarded,
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    context_settings={"help_option_names": ["-h", "--help"]},
)

Url = Annotated[
    str | None,
    typer.Option("--url", envvar="CORRAL_URL", help="Where Corral is.", show_default="http://127.0.0.1:6688"),
]
Token = Annotated[
    str | None,
    typer.Option("--token", envvar=["CORRAL_TOKEN", "OS_TOKEN"], help="A token: Keystone's, or a local one."),
]
Cloud = Annotated[
    str | None,
    typer.Option(
        "--os-cloud",
        "--cloud",
        envvar="OS_CLOUD",
        help="A cloud of clouds.yaml: gives the token and, unless --url, where.",
    ),
]
Output = Annotated[Format | None, typer.Option("-o", "--output", help="How to print results.", show_default="table")]


def _version(asked: bool) -> None:
    if asked:
        print(f"corral {__version__}")
        raise typer.Exit


@app.callback()
def options(
    ctx: typer.Context,
    url: Url = None,
    token: Token = None,
    cloud: Cloud = None,
    output: Output = None,
    version: Annotated[bool, typer.Option("--version", callback=_version, is_eager=True, help="Show it.")] = False,
) -> None:
    """Take the global options. A session that a test handed in keeps what it has."""
    del version  # its callback has answered already
    found = ctx.find_object(Session) or Session()
    found.url, found.token = url or found.url, token or found.token
    found.cloud, found.output = cloud or found.cloud, output or found.output
    ctx.obj = found


for _name, _app in (
    ("source", sources.app),
    ("host", hosts.app),
    ("cloud", cloud.app),
    ("adoptable", adoptable.app),
    ("server", servers.app),
    ("flavor", flavors.app),
    ("compose", compose.app),
    ("operation", operations.app),
    ("plan", plans.app),
    ("cluster", clusters.app),
    ("node", nodes.app),
    ("extension", extensions.app),
    ("drift", drift.app),
    ("sync", drift.sync),
    ("audit", audit.app),
    ("probe", probe.app),
    ("layout", layout.app),
):
    app.add_typer(_app, name=_name)
adopt.register(app)
leaks.register(app)
probe_hosts.register(probe.app)
probe_vsphere.register(probe.app)
layout_write.register(layout.app)
layout_exact.register(layout.app)
register(app)
tokens.register(app)
bareon_api.register(app)


def main(run: Callable[[], object] = app) -> None:
    """The console script: `run`, with what it did not expect told in words."""
    for stream in (sys.stdout, sys.stderr):
        # A terminal that lacks ✔ gets a question mark, not a traceback.
        stream.reconfigure(errors="replace")  # type: ignore[union-attr]
    try:
        run()
    except Exception as exc:  # the last line of defence: whatever is left is our defect
        if os.environ.get("CORRAL_DEBUG"):
            raise
        error = CorralError(
            f"Something unexpected happened: {type(exc).__name__}: {exc}",
            fix="This is a defect in Corral. Set CORRAL_DEBUG=1, run it again, and report what it prints.",
        )
        show_error(Session(), error)
        sys.exit(Exit.FAILED)
