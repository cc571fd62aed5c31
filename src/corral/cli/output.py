"""Results, in the form that was asked for: a table for people, JSON, YAML or CSV for programs.

JSON and YAML are the API's objects, unchanged and ASCII only (so no escape of the world reaches a terminal); CSV and tables are
the columns of the command.
"""

from __future__ import annotations

import csv
import json
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

import yaml
from rich import box
from rich.console import Console, RenderableType
from rich.table import Table
from rich.text import Text

from corral.cli.session import Session
from corral.cli.text import csv_cell, flat, plain

Row = Mapping[str, Any]

WIDE = 120
"""Columns of a terminal from which on every column of a table is shown."""


class Format(StrEnum):
    """What `-o` takes."""

    TABLE = "table"
    JSON = "json"
    YAML = "yaml"
    CSV = "csv"


@dataclass(frozen=True, slots=True)
class Column:
    """A column: its title, and its value from a row. `shown` renders it for a table where plain text is not enough."""

    title: str
    value: Callable[[Row], Any]
    shown: Callable[[Row], RenderableType] | None = None
    keep: bool = False
    """True: never wrapped, because people copy it."""
    extra: bool = False
    """True: left out of a table on a narrow terminal; CSV has it always."""


def field(title: str, key: str | None = None, *, keep: bool = False, extra: bool = False) -> Column:
    """A column that shows one key of the row."""
    name = key or title.lower()
    return Column(title, lambda row: row.get(name), keep=keep, extra=extra)


def chosen(session: Session, output: Format | None) -> Format:
    """The format: the command's own `-o`, else the global one, else a table."""
    return output or Format(session.output or "table")


def show_list(session: Session, output: Format | None, rows: Iterable[Row], columns: Sequence[Column]) -> int:
    """Print rows; returns how many. CSV is written as rows come, the others need them all."""
    form = chosen(session, output)
    if form is Format.CSV:
        return write_csv(session.out.file, rows, columns)
    kept = list(rows)
    if form is Format.TABLE:
        print_table(session.out, kept, columns)
    else:
        write_data(session.out.file, form, kept)
    return len(kept)


def show_one(session: Session, output: Format | None, row: Row, fields: Sequence[Column] | None = None) -> None:
    """Print one object: as a table, a line per field."""
    form = chosen(session, output)
    columns = fields or [field(key, key) for key in row if key != "links"]
    if form is Format.TABLE:
        session.out.print(sheet(row, columns))
    elif form is Format.CSV:
        write_csv(session.out.file, [row], columns)
    else:
        write_data(session.out.file, form, row)


def write_data(stream: Any, form: Format, data: Any) -> None:
    """Write JSON or YAML."""
    if form is Format.YAML:
        stream.write(yaml.safe_dump(json.loads(json.dumps(data, default=str)), sort_keys=False))
    else:
        stream.write(json.dumps(data, indent=2, default=str) + "\n")


def write_csv(stream: Any, rows: Iterable[Row], columns: Sequence[Column]) -> int:
    """CSV with a header; safe to open in a spreadsheet. Returns the number of rows."""
    writer = csv.writer(stream, lineterminator="\n")
    writer.writerow([column.title.lower().replace(" ", "_") for column in columns])
    number = 0
    for row in rows:
        writer.writerow([csv_cell(column.value(row)) for column in columns])
        number += 1
    return number


def print_table(console: Console, rows: Sequence[Row], columns: Sequence[Column], *, lines: bool = False) -> None:
    """Print a table with the columns that there is room for."""
    fitting = [column for column in columns if console.width >= WIDE or not column.extra]
    console.print(table(rows, fitting, lines=lines))


def table(rows: Sequence[Row], columns: Sequence[Column], *, lines: bool = False) -> Table:
    """A table; with `lines` between rows where cells have several."""
    grid = Table(box=box.SIMPLE_HEAD, show_lines=lines, pad_edge=False, header_style="bold")
    for column in columns:
        grid.add_column(column.title.upper(), no_wrap=column.keep, overflow="fold", min_width=len(column.title))
    for row in rows:
        grid.add_row(*(cell(column, row) for column in columns))
    return grid


def sheet(row: Row, columns: Sequence[Column]) -> Table:
    """One object as a table of two columns."""
    grid = Table(box=None, show_header=False, pad_edge=False, padding=(0, 2, 0, 0))
    grid.add_column(style="bold", no_wrap=True)
    grid.add_column(overflow="fold")
    for column in columns:
        grid.add_row(plain(column.title.replace("_", " ")), cell(column, row))
    return grid


def cell(column: Column, row: Row) -> RenderableType:
    """One cell for a table; statuses get their colour here, so that they have it everywhere."""
    if column.shown is not None:
        return column.shown(row)
    text = flat(column.value(row))
    return Text(text or "–", style=COLOURS.get(text, "") if text else "dim")


COLOURS: dict[str, str] = {
    **dict.fromkeys(("active", "succeeded", "power on", "adopted", "untouched", "adoptable"), "green"),
    **dict.fromkeys(("error", "changed", "failed"), "bold red"),
    **dict.fromkeys(("reverting", "reverted", "blocked", "cancelled", "unfinished"), "yellow"),
    **dict.fromkeys(("stopped", "power off", "deleted"), "dim"),
    **dict.fromkeys(("pending", "running", "managing", "unmanaging"), "cyan"),
}
