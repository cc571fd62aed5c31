"""`corral probe`: look before you trust. Reads a source directly: no server, no database, not one write.

Each driver is one small command; `present` is what they share.
"""

from __future__ import annotations

import io
from collections.abc import Iterator, Mapping
from contextlib import closing
from datetime import UTC, datetime
from enum import StrEnum
from pathlib import Path
from typing import Annotated, Any

import typer

from corral.cli.output import Format, write_data
from corral.cli.probe_view import CSV_COLUMNS, VM_COLUMNS, print_host, print_verdict, summary, write_verdicts
from corral.cli.readiness import Readiness, Verdict, as_json
from corral.cli.readiness_html import render
from corral.cli.reasons import next_step
from corral.cli.session import Session, console, session
from corral.cli.text import clean, counted
from corral.contracts.sources import Query
from corral.domain.errors import CorralError, Invalid
from corral.domain.host import Host

app = typer.Typer(help="Look before you trust: read a source, and write nothing.", no_args_is_help=True)


class ReportFormat(StrEnum):
    """What `corral probe … -o` takes."""

    TABLE = "table"
    JSON = "json"
    CSV = "csv"
    HTML = "html"


Cloud = Annotated[str, typer.Option("--cloud", envvar="OS_CLOUD", help="The cloud's name in clouds.yaml.")]
Region = Annotated[str | None, typer.Option("--region", help="Its region.", show_default="that of clouds.yaml")]
NetworkCloud = Annotated[
    str | None,
    typer.Option("--network-cloud", help="The one for ports and images.", show_default="the same"),
]
Class = Annotated[str | None, typer.Option("--class", help="Only machines of this resource class.")]
Form = Annotated[
    ReportFormat | None,
    typer.Option("-o", "--format", help="How to print it.", show_default="by the name of the file, else table"),
]
Target = Annotated[Path | None, typer.Option("--output", metavar="FILE", help="Write it there.", dir_okay=False)]
Bmc = Annotated[
    bool, typer.Option("--bmc/--no-bmc", help="Ask each machine's BMC for its true power state (read only).")
]


@app.command()
def ironic(
    ctx: typer.Context,
    cloud: Cloud,
    network_cloud: NetworkCloud = None,
    region: Region = None,
    resource_class: Class = None,
    form: Form = None,
    target: Target = None,
    bmc: Bmc = True,
) -> None:
    """Every node of an Ironic, with its verdict, reasons and fixes."""
    options = {"cloud": cloud, "network_cloud": network_cloud, "region": region, "bmc": {"ask": bmc}}
    how, query = session(ctx), Query(resource_class=resource_class)
    name = f"{cloud}/{region}" if region else cloud
    present(how, name, "ironic", _look(how, name, "ironic", options, query), form, target)


def _look(how: Session, name: str, driver: str, options: Mapping[str, Any], query: Query) -> Iterator[Verdict]:
    """The verdicts, as they are found. Imported late: drivers bring heavy libraries, and no other command needs them."""
    if how.surveyor is not None:
        yield from how.surveyor(driver, options, query)
        return
    from corral.services.survey import survey
    from corral.wiring import open_source

    with closing(open_source(name, driver, options)) as source:
        yield from survey(source, query)


def present(
    how: Session,
    name: str,
    driver: str,
    verdicts: Iterator[Verdict],
    form: ReportFormat | None,
    target: Path | None,
    hosts: tuple[Host, ...] = (),
) -> None:
    """Show verdicts in the form that was asked for, on stdout or in a file. `hosts`: those that the machines are on, if any."""
    form = _form(form, target)
    if form is ReportFormat.TABLE and target is None:
        _stream(how, name, driver, verdicts, hosts)
    elif form is ReportFormat.CSV and target is None:
        write_verdicts(how.out.file, verdicts, VM_COLUMNS if hosts else CSV_COLUMNS)
    else:
        report = Readiness(name, driver, datetime.now(UTC), tuple(_counting(how, verdicts)), hosts)
        _deliver(how, _text(report, form), target)
        how.err.print(summary(report))


def _form(form: ReportFormat | None, target: Path | None) -> ReportFormat:
    """What was asked for, else what the file's name says."""
    if target is None:
        return form or ReportFormat.TABLE
    if target.name in set(ReportFormat):
        raise Invalid(f"--output names a file, and {target.name!r} is a format.", fix=f"Say `-o {target.name}`.")
    endings = {
        ".html": ReportFormat.HTML,
        ".htm": ReportFormat.HTML,
        ".json": ReportFormat.JSON,
        ".csv": ReportFormat.CSV,
    }
    return form or endings.get(target.suffix.lower(), ReportFormat.TABLE)


def _stream(how: Session, name: str, driver: str, verdicts: Iterator[Verdict], hosts: tuple[Host, ...]) -> None:
    """Print each verdict the moment it is there; sum up at the end."""
    seen: list[Verdict] = []
    for host in hosts:
        print_host(how.out, host)
    for verdict in verdicts:
        seen.append(verdict)
        print_verdict(how.out, verdict)
    report = Readiness(name, driver, datetime.now(UTC), tuple(seen), hosts)
    how.out.print(summary(report))
    next_step(how, "`-o html --output readiness.html` makes a report that you can hand on.")


def _counting(how: Session, verdicts: Iterator[Verdict]) -> Iterator[Verdict]:
    with how.err.status("Looking…") as status:
        for number, verdict in enumerate(verdicts, 1):
            status.update(f"Looked at {counted(number, 'machine')}…")
            yield verdict


def _text(report: Readiness, form: ReportFormat) -> str:
    if form is ReportFormat.HTML:
        return render(report)
    stream = io.StringIO()
    if form is ReportFormat.CSV:
        write_verdicts(stream, iter(report.verdicts), VM_COLUMNS if report.hosts else CSV_COLUMNS)
    elif form is ReportFormat.JSON:
        write_data(stream, Format.JSON, as_json(report))
    else:
        text_console = console(stream)
        for host in report.hosts:
            print_host(text_console, host)
        for verdict in report.verdicts:
            print_verdict(text_console, verdict)
        text_console.print(summary(report))
    return stream.getvalue()


def _deliver(how: Session, text: str, target: Path | None) -> None:
    if target is None:
        how.out.file.write(text)
        return
    try:
        target.write_text(text, encoding="utf-8")
    except OSError as exc:
        raise CorralError(f"{clean(target)} can't be written: {exc.strerror}.", fix="Choose another file.") from exc
    how.note(f"Written to {target}.", "green")
