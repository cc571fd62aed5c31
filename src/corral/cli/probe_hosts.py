"""`corral probe libvirt`: hypervisor hosts and their VMs, looked at without a server, a database or a single write."""

from __future__ import annotations

from collections.abc import Mapping
from contextlib import closing
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer
import yaml

from corral.cli.exits import Exit
from corral.cli.probe import Form, Target, present
from corral.cli.reasons import next_step
from corral.cli.session import Session, session
from corral.cli.text import clean, counted
from corral.domain.errors import Invalid
from corral.domain.host import Host

if TYPE_CHECKING:
    from corral.services.survey_hosts import Surveyed

_LARGEST = 4 << 20

Uris = Annotated[list[str] | None, typer.Option("--uri", help="A host's libvirt URI; may be given several times.")]
File = Annotated[
    Path | None,
    typer.Option(
        "--hosts", metavar="FILE", help="A YAML list of hosts: URIs, or tables of uri and name.", dir_okay=False
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
    _probe(session(ctx), counted(len(hosts), "host"), "libvirt", options, form, target)


def _listed(file: Path) -> list[Any]:
    """The hosts of a file; what stands in it is checked by the driver."""
    try:
        with file.open(encoding="utf-8") as stream:
            text = stream.read(_LARGEST + 1)
        found = yaml.safe_load(text) if len(text) <= _LARGEST else None
    except (OSError, UnicodeError, yaml.YAMLError) as exc:
        raise Invalid(f"{clean(file)} can't be read: {clean(exc)}", fix="Give a YAML list of hosts.") from exc
    if not isinstance(found, list):
        raise Invalid(f"{clean(file)} is no list of hosts.", fix="One host a line: `- qemu+ssh://root@kvm-01/system`.")
    return found


def _probe(how: Session, name: str, driver: str, options: Mapping[str, Any], form: Any, target: Path | None) -> None:
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
    total = len(options["hosts"])
    with closing(open_hosts(name, driver, options)) as source, how.err.status("Looking…") as status:

        def seen(host: Host) -> None:
            done.append(host)
            status.update(f"Looked at {len(done)} of {counted(total, 'host')}: {clean(host.name)}…")

        return survey_hosts(source.hosts, seen)
