"""Verdicts on a terminal and in CSV; shared by every `corral probe …`."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from rich.console import Console
from rich.text import Text

from corral.cli.output import Column, Row, field, write_csv
from corral.cli.readiness import Finding, Readiness, Verdict, machine_row
from corral.cli.reasons import full
from corral.cli.subjects import amount, facts
from corral.cli.text import clean, counted
from corral.domain.host import Host

_FIXES_SHOWN = 5


_WHY = (
    Column("codes", lambda row: [reason["code"] for reason in row["reasons"]]),
    Column("reasons", lambda row: " | ".join(reason["message"] for reason in row["reasons"])),
    Column("fixes", lambda row: " | ".join(reason["fix"] for reason in row["reasons"])),
)
CSV_COLUMNS = (
    *(
        field(key)
        for key in ("uuid", "name", "source", "adoptable", "resource_class", "provision_state", "power_state")
    ),
    *(field(key) for key in ("observed_power", "driver", "macs", "ports")),
    *_WHY,
)
VM_COLUMNS = (
    *(field(key) for key in ("uuid", "name", "host", "adoptable", "state", "cpus", "memory", "firmware")),
    *(field(key) for key in ("machine_type", "persistent", "agent", "macs", "addresses")),
    Column("volumes", lambda row: [_named(volume) for volume in row["volumes"]]),
    field("snapshots"),
    *_WHY,
)


def _named(volume: Row) -> str:
    return " ".join([volume["disk"], *(f"{kind}={value}" for kind, value in volume["identifiers"].items())])


def write_verdicts(stream: Any, verdicts: Iterator[Verdict], columns: Sequence[Column] = CSV_COLUMNS) -> None:
    """Verdicts as CSV, each as it comes."""
    write_csv(stream, (machine_row(verdict) for verdict in verdicts), columns)


def print_host(console: Console, host: Host) -> None:
    """One host: a line; the reason where it did not answer."""
    if not host.reachable:
        console.print(Text.assemble(("✘ ", "red"), (clean(host.problem), "bold")), soft_wrap=True)
        return
    known = (
        f"{host.hypervisor} {host.version}",
        f"{counted(host.vms, 'VM')}",
        f"{host.cpus_given} of {counted(host.cores, 'CPU')} given",
        f"{amount(host.memory_given)} of {amount(host.memory)} given",
        counted(len(host.pools), "pool"),
    )
    line = Text.assemble(("● ", "cyan"), (f"host {clean(host.name)}", "bold"), (f"  {clean(' · '.join(known))}", "dim"))
    for part, why in host.untold:
        line.append(f"\n    {part} not told: {clean(why)}", style="yellow")
    console.print(line, soft_wrap=True)


def print_verdict(console: Console, verdict: Verdict) -> None:
    """One machine: a line, and its reasons with their fixes under it."""
    machine = verdict.machine
    mark, style = ("✔", "green") if verdict.adoptable else ("✘", "red")
    line = Text.assemble((f"{mark} ", style), (clean(machine.label), "bold"), (f"  {clean(machine.id)}", "dim"))
    line.append(f"  {clean(' · '.join(facts(machine)))}", style="dim")
    if reasons := full(verdict.reasons):
        line.append("\n")
        line.append_text(_indented(reasons))
    console.print(line, soft_wrap=True)


def _indented(text: Text) -> Text:
    lines = text.split("\n")
    return Text("\n").join([Text("    ") + line for line in lines])


def summary(report: Readiness) -> Text:
    """The counts, and what to fix first."""
    text = Text.assemble("\n", (f"{clean(report.source)}: {counted(report.total, 'machine')}", "bold"), ", ")
    text.append(f"{report.ready} adoptable", style="green")
    if report.warned:
        text.append(f" ({report.warned} with warnings)", style="yellow")
    text.append(", ")
    text.append(f"{report.blocked} not", style="red" if report.blocked else "")
    text.append(". Nothing was changed.")
    for number, finding in enumerate(report.first_fixes[:_FIXES_SHOWN], 1):
        text.append_text(_first(number, finding))
    return text


def _first(number: int, finding: Finding) -> Text:
    head = "\nWhat to fix first" if number == 1 else ""
    pays = f"frees {counted(finding.alone, 'machine')} on its own" if finding.alone else "frees none on its own"
    have = "has" if finding.count == 1 else "have"
    text = Text(head, style="bold")
    text.append_text(Text.assemble(f"\n  {number}. ", (finding.code, "red"), f"  {finding.count} {have} it, {pays}"))
    return text.append(f"\n     → {clean(finding.fix)}", style="dim")
