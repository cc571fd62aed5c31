"""`corral probe vsphere`: the hosts and VMs of a vCenter, looked at without a server, a database or a single write.

The password comes from a file, the environment or the terminal; a command line can be read by everybody on the machine.
"""

from __future__ import annotations

import os
from pathlib import Path
from typing import Annotated, Any

import typer

from corral.cli.probe import Form, Target
from corral.cli.probe_hosts import probe_hosts
from corral.cli.session import Session, session
from corral.domain.errors import Invalid

PASSWORD = "CORRAL_VSPHERE_PASSWORD"  # noqa: S105  # the name of a variable

Host = Annotated[str, typer.Option("--host", help="The vCenter's name or address.")]
User = Annotated[str, typer.Option("--user", help="Who looks; a read-only role is enough.")]
Port = Annotated[int, typer.Option("--port", help="Its port.")]
PasswordFile = Annotated[
    Path | None,
    typer.Option(
        "--password-file", metavar="FILE", help="The user's password.", show_default=f"${PASSWORD}, else asked for"
    ),
]
Ca = Annotated[
    Path | None, typer.Option("--ca-file", metavar="FILE", help="CAs to check its certificate with.", dir_okay=False)
]
Thumbprint = Annotated[str | None, typer.Option("--thumbprint", help="Its certificate's SHA-256, instead of a CA.")]
Timeout = Annotated[float, typer.Option("--timeout", help="Seconds of silence after which it is left alone.")]
Longest = Annotated[float, typer.Option("--longest", help="Seconds that the look may take in all.")]


def register(app: typer.Typer) -> None:
    """Add the commands of this module."""
    app.command()(vsphere)


def vsphere(
    ctx: typer.Context,
    host: Host,
    user: User,
    port: Port = 443,
    password_file: PasswordFile = None,
    ca: Ca = None,
    thumbprint: Thumbprint = None,
    form: Form = None,
    target: Target = None,
    timeout: Timeout = 30.0,
    longest: Longest = 600.0,
) -> None:
    """Every VM of a vCenter, with its verdict, reasons and fixes. Exits 5 when it, or one of its hosts, did not answer."""
    how = session(ctx)
    options: dict[str, Any] = {
        "host": host,
        "port": port,
        "user": user,
        "ca_file": str(ca) if ca else None,
        "thumbprint": thumbprint,
        "timeout": timeout,
        "longest": longest,
    }
    if password_file is not None:
        options["password_file"] = str(password_file)
    else:
        _ask(how, user, host)
        options["password_env"] = PASSWORD
    probe_hosts(how, host, "vsphere", options, form, target)


def _ask(how: Session, user: str, host: str) -> None:
    """Have the password in this process's own environment."""
    if os.environ.get(PASSWORD):
        return
    if not how.interactive:
        raise Invalid(f"There is no password for {user}.", fix=f"Say `--password-file FILE`, or set {PASSWORD}.")
    os.environ[PASSWORD] = typer.prompt(f"Password of {user} at {host}", hide_input=True, err=True)
