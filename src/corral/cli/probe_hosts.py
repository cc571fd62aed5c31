"""`corral probe libvirt`: hypervisor hosts and their VMs, looked at without a server, a database or a single write."""

from __future__ import annotations

from collections.abc import Mapping
from contextlib import closing
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from corral.cli.exits import Exit
from corral.cli.probe import Form, ReportFormat, Target, present
from corral.cli.reasons import next_step
from corral.cli.session import Session, session
from corral.cli.text import clean, counted
from corral.domain.errors import Invalid
from corral.domain.host import Host

if TYPE_CHECKING:
    from corral.services.survey_hosts import Surveyed

Uris = Annotated[list[str] | None, typer.Option("--uri", help="A host's libvirt URI; may be given several times.")]
File = Annotated[
    Path | None,
    typer.Option(
        "--hosts",
        metavar="FILE",
        help="A YAML list of hosts: URIs, or tables of uri and name; or a CSV.",
        dir_okay=False,
    ),
]
Timeout = Annotated[float, typer.Option("--timeout", help="Seconds of silence after which a host is left alone.")]
Agent = Annotated[
    bool, typer.Option("--agent", help="Ask guest agents for addresses; libvirt then wants a login that may write.")
]
Arp = Annotated[bool, typer.Option("--arp", help="Look for addresses in the hosts' ARP tables.")]


def register(app: typer.Typer) -> None:
    """Add the commands of this module."""
    app.command()(libvirt)


def libvirt(
    ctx: typer.Context,
    uris: Uris = None,
    file: File = None,
    form: Form = None,
    target: Target = None,
    timeout: Timeout = 30.0,
    agent: Agent = False,
    arp: Arp = False,
) -> None:
    """Every VM on hypervisors with libvirt, with its verdict, reasons and fixes. Exits 5 when a host did not answer."""
    hosts: list[Any] = [*(uris or []), *(_listed(file) if file else [])]
    if not hosts:
        raise Invalid("No host is named.", fix="Say `--uri qemu+ssh://root@kvm-01/system`, or `--hosts FILE`.")
    options = {"hosts": hosts, "timeout": timeout, "ask_agent": agent, "ask_arp": arp}
    probe_hosts(session(ctx), counted(len(hosts), "host"), "libvirt", options, form, target)


def _listed(file: Path) -> list[Any]:
    """The hosts of a file; what stands in it is checked by the driver. Imported late, as below."""
    from corral.wiring.hosts_file import read_hosts

    return read_hosts(file)


def probe_hosts(
    how: Session, name: str, driver: str, options: Mapping[str, Any], form: ReportFormat | None, target: Path | None
) -> None:
    """Look at hosts by a driver, and show what was found. Exits 5 when one did not answer."""
    surveyed = _survey(how, name, driver, options)
    present(how, name, driver, iter(surveyed.verdicts), form, target, surveyed.hosts)
    if silent := [host for host in surveyed.hosts if not host.reachable]:
        next_step(
            how, f"{counted(len(silent), 'host')} could not be looked at; what is said above is about the others."
        )
        raise typer.Exit(Exit.UNREACHABLE)


def _survey(how: Session, name: str, driver: str, options: Mapping[str, Any]) -> Surveyed:
    """Imported late: drivers bring heavy libraries, and no other command needs them."""
    from corral.services.survey_hosts import survey_hosts
    from corral.wiring.hosts import open_hosts

    done: list[Host] = []
    total = f"{len(options['hosts'])} hosts" if "hosts" in options else ""
    with closing(open_hosts(name, driver, options)) as source, how.err.status("Looking…") as status:

        def seen(host: Host) -> None:
            done.append(host)
            so_far = f"{len(done)} of {total}" if total else counted(len(done), "host")
            status.update(f"Looked at {so_far}: {clean(host.name)}…")

        return survey_hosts(source.hosts, seen)
