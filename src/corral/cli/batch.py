"""Many wishes from a file: `corral adopt --from machines.csv` or `.yaml`.

CSV has a header; YAML is a list of mappings, or a mapping with the key `machines` that holds one. FORMAT says it to people,
COLUMNS is what the parser knows: an unknown column is an error, because a misspelt one would silently be a default.
"""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from corral.cli.wishes import Wish, pairs
from corral.domain.errors import Invalid
from corral.domain.mapping import read_rules
from corral.domain.server import NetworkRequest
from corral.written import parse_yaml

COLUMNS: dict[str, str] = {
    "node": "name or UUID of the node or VM; the only one that must be there",
    "name": "name of the server; the node's name when empty",
    "flavor": "name or UUID of the flavor; the only one that fits when empty, none for a VM",
    "ports": "UUIDs of existing ports, separated by spaces or semicolons",
    "nets": "UUIDs of networks to make a port on, separated likewise",
    "port_type": "port type of all of these",
    "description": "text",
    "availability_zone": "text",
    "project": "UUID of the project that the server will belong to",
    "source": "the source that has the node, where two have one of that name; that of hypervisors, for a VM",
    "metadata": "KEY=VALUE, separated by semicolons (YAML: a mapping)",
}

FORMAT = "\n".join(f"  {name:<18} {meaning}" for name, meaning in COLUMNS.items())

_LIMIT = 16 * 1024 * 1024


def read_wishes(path: Path) -> list[Wish]:
    """The wishes in a file. Raises Invalid, naming the row, for anything that can't be read."""
    text = _text(path)
    rows = _csv_rows(text) if path.suffix.lower() == ".csv" else _yaml_rows(path, text)
    wishes = [_wish(number, row) for number, row in rows]
    if not wishes:
        raise Invalid(f"{path} names no machine.", fix="It needs a header and at least one row with a node.")
    return wishes


def read_mapping(path: Path | None) -> dict[str, Any]:
    """The mapping rules of a YAML file, found right; none without a file. Raises Invalid, with the nearest key that exists."""
    if path is None:
        return {}
    data = parse_yaml(_text(path), f"file {path}")
    read_rules(data)
    return dict(data)


def _text(path: Path) -> str:
    if path.suffix.lower() not in (".csv", ".yaml", ".yml", ".json"):
        raise Invalid(f"{path} is neither CSV nor YAML.", fix="Name it .csv, .yaml, .yml or .json.")
    try:
        if path.stat().st_size > _LIMIT:
            raise Invalid(f"{path} is larger than {_LIMIT // 1024 // 1024} MiB.", fix="Split it.")
        # A BOM is what spreadsheets write first.
        return path.read_text(encoding="utf-8-sig")
    except (OSError, UnicodeDecodeError) as exc:
        raise Invalid(f"{path} can't be read: {exc}", fix="Check the path, and that it is UTF-8.") from exc


def _csv_rows(text: str) -> Iterator[tuple[int, Mapping[str, Any]]]:
    header = text.partition("\n")[0]
    reader = csv.DictReader(io.StringIO(text), delimiter="\t" if "\t" in header else ",", restkey="")
    _check_columns(1, [name.strip().lower() for name in reader.fieldnames or ()])
    for row in reader:
        if row.pop("", None):
            raise _wrong(reader.line_num, "it has more cells than the header has columns")
        values = {name.strip().lower(): (value or "").strip() for name, value in row.items()}
        if any(values.values()):
            yield reader.line_num, values


def _yaml_rows(path: Path, text: str) -> Iterator[tuple[int, Mapping[str, Any]]]:
    data = parse_yaml(text, f"file {path}")
    rows = data.get("machines") if isinstance(data, Mapping) else data
    if not isinstance(rows, list):
        raise Invalid(
            f"{path} has no list of machines.", fix="Write `machines:`, and under it `- node: NAME` for each."
        )
    for number, row in enumerate(rows, 1):
        if not isinstance(row, Mapping):
            raise _wrong(number, "it is no mapping")
        values = {str(name).strip().lower(): value for name, value in row.items()}
        _check_columns(number, list(values))
        yield number, values


def _check_columns(number: int, names: list[str]) -> None:
    unknown = [name for name in names if name not in COLUMNS]
    if unknown:
        raise _wrong(number, f"unknown column {', '.join(map(repr, unknown))}", fix=f"Known: {', '.join(COLUMNS)}.")
    if "node" not in names:
        raise _wrong(number, "there is no column 'node'", fix=f"Known: {', '.join(COLUMNS)}.")
    if len(set(names)) < len(names):
        raise _wrong(number, "a column is there twice")


def _wish(number: int, row: Mapping[str, Any]) -> Wish:
    if not _word(row, "node"):
        raise _wrong(number, "it names no node")
    return Wish(
        node=_word(row, "node") or "",
        name=_word(row, "name"),
        flavor=_word(row, "flavor"),
        networks=_networks(row),
        description=_word(row, "description"),
        zone=_word(row, "availability_zone"),
        project=_word(row, "project"),
        source=_word(row, "source"),
        metadata=_metadata(number, row.get("metadata")),
        row=number,
    )


def _word(row: Mapping[str, Any], column: str) -> str | None:
    value = row.get(column)
    return None if value is None or not str(value).strip() else str(value).strip()


def _networks(row: Mapping[str, Any]) -> tuple[NetworkRequest, ...]:
    kind = _word(row, "port_type")
    ports = [NetworkRequest(port_id=port, port_type=kind) for port in _words(row.get("ports"))]
    nets = [NetworkRequest(net_id=net, port_type=kind) for net in _words(row.get("nets"))]
    return (*ports, *nets)


def _words(value: Any) -> list[str]:
    items = value if isinstance(value, list) else re.split(r"[\s;,]+", str(value or ""))
    return [str(item).strip() for item in items if str(item).strip()]


def _metadata(number: int, value: Any) -> dict[str, str]:
    if isinstance(value, Mapping):
        return {str(key): str(item) for key, item in value.items()}
    try:
        return pairs([part for part in str(value or "").split(";") if part.strip()])
    except Invalid as exc:
        raise _wrong(number, exc.message) from exc


def _wrong(number: int, what: str, fix: str = "Correct it, then try again; nothing was sent.") -> Invalid:
    return Invalid(f"Row {number} can't be used: {what}.", fix=fix)
