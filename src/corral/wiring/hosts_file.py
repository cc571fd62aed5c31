"""Files that name many hosts: YAML or CSV. What a host is, is the driver's business."""

from __future__ import annotations

import csv
import io
from pathlib import Path
from typing import Any

from corral.domain.errors import Invalid
from corral.written import parse_yaml

_LARGEST = 4 << 20
_FORMS = "Give a YAML list of hosts, or a CSV with the columns uri and name."


def read_hosts(file: Path) -> list[Any]:
    """The hosts of a file, at most 4 MiB: a CSV by its ending, YAML otherwise. What stands in an entry is checked by the driver.
    Raises Invalid."""
    try:
        with file.open(encoding="utf-8") as stream:
            text = stream.read(_LARGEST + 1)
        if len(text) > _LARGEST:
            raise Invalid(f"{file} is longer than {_LARGEST >> 20} MiB.", fix=_FORMS)
        return _table(file, text) if file.suffix.lower() == ".csv" else _list(file, parse_yaml(text, f"file {file}"))
    except (OSError, UnicodeError, csv.Error) as exc:
        raise Invalid(f"{file} can't be read: {exc}", fix=_FORMS) from exc


def _list(file: Path, found: Any) -> list[Any]:
    if not isinstance(found, list):
        raise Invalid(f"{file} is no list of hosts.", fix="One host a line: `- qemu+ssh://root@kvm-01/system`.")
    return found


def _table(file: Path, text: str) -> list[Any]:
    """Each row as a table of what is filled in."""
    rows = csv.DictReader(io.StringIO(text.removeprefix("\ufeff")), restkey="more than the columns", strict=True)
    if not rows.fieldnames or "uri" not in rows.fieldnames:
        raise Invalid(f"{file} has no column `uri`.", fix="Its first line names the columns: `uri,name`.")
    return [{key: value for key, value in row.items() if value} for row in rows]
