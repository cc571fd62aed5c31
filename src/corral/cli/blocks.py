"""The columns in which blocks, and what is left of a pod, are shown."""

from __future__ import annotations

from corral.cli.output import Column, Row, field
from corral.cli.quantities import disks_text, nics_text
from corral.domain.quantities import memory_text, size_text


def _state(row: Row) -> str:
    return "free" if row.get("free") else str(row.get("problem") or row.get("state"))


BLOCKS = (
    field("Id", keep=True),
    field("Name", extra=True),
    field("Kinds"),
    Column("Cores", lambda row: row.get("cpus") or ""),
    Column("Memory", lambda row: memory_text(row["memory"]) if row.get("memory") else ""),
    Column("Disks", lambda row: disks_text(row.get("disks") or [])),
    Column("NICs", lambda row: nics_text(row.get("nics") or [])),
    Column("State", _state),
    field("Zones", extra=True),
)


def _largest(row: Row, key: str) -> int:
    return int((row.get("largest") or {}).get(key) or 0)


ZONES = (
    field("Zone", "id", keep=True),
    field("Name", extra=True),
    field("Blocks"),
    field("Free"),
    Column("Most cores", lambda row: _largest(row, "cpus")),
    Column("Most memory", lambda row: memory_text(_largest(row, "memory"))),
    Column("Most disk", lambda row: size_text(_largest(row, "disk"))),
    Column("Most drives", lambda row: _largest(row, "drives")),
    Column("Most NICs", lambda row: _largest(row, "nics")),
)

KINDS = (
    field("Kind", keep=True),
    Column("Free", lambda row: row.get("free") or 0),
    Column("In use", lambda row: row.get("in use") or 0),
    Column("Reserved", lambda row: row.get("reserved") or 0),
    Column("Unhealthy", lambda row: (row.get("unhealthy") or 0) + (row.get("unreadable") or 0)),
)

AMOUNTS = (
    field("Amount", keep=True),
    field("Free", "text"),
    Column("Of no use to one system", lambda row: f"{float(row.get('fragmentation') or 0):.0%}"),
)
