"""What a flavor composes: its options, and how it is shown."""

from __future__ import annotations

from collections.abc import Callable
from typing import Annotated, Any, TypeVar

import typer

from corral.cli.api import Json
from corral.cli.output import Row
from corral.cli.quantities import disks_text, nics_text
from corral.cli.text import counted
from corral.domain import quantities
from corral.domain.errors import Invalid

T = TypeVar("T")

Cpus = Annotated[int | None, typer.Option("--cpus", min=1, help="Composed: at least so many processor cores.")]
Memory = Annotated[str | None, typer.Option("--memory", metavar="64GiB", help="Composed: at least so much memory.")]
Disks = Annotated[
    list[str] | None,
    typer.Option("--disk", metavar="2x480GB:SSD", help="Composed: drives of at least that size. May be given often."),
]
Nics = Annotated[
    list[str] | None,
    typer.Option("--nic", metavar="2x25G", help="Composed: interfaces of at least that speed. May be given often."),
]
Traits = Annotated[list[str] | None, typer.Option("--trait", help="Composed: that a block must have.")]
ComposeFrom = Annotated[
    str | None, typer.Option("--compose-from", metavar="POD", help="Composed: the source whose blocks are taken.")
]
WhenFull = Annotated[bool, typer.Option("--compose-when-full", help="Compose only when no machine that is there fits.")]


def composed(
    cpus: int | None,
    memory: str | None,
    disks: list[str] | None,
    nics: list[str] | None,
    traits: list[str] | None,
    source: str | None,
    when_full: bool,
) -> Json | None:
    """`compose` of a flavor, None when nothing of it was said. Raises Invalid."""
    if not any((cpus, memory, disks, nics, traits, source, when_full)):
        return None
    if cpus is None or memory is None:
        raise Invalid(
            "A flavor that composes says how many cores and how much memory.", fix="Give --cpus and --memory."
        )
    drives = [_read("--disk", quantities.drives, one) for one in disks or []]
    adapters = [_read("--nic", quantities.adapters, one) for one in nics or []]
    return {
        "cpus": cpus,
        "memory": int(memory) if memory.isdigit() else _read("--memory", quantities.mebibytes, memory),
        "disks": [{"size": one.size, "count": one.count, "media": one.media} for one in drives],
        "nics": [{"count": one.count, "speed": one.speed} for one in adapters],
        "traits": traits or [],
        "source": source,
        "compose_when_full": when_full,
    }


def _read(option: str, read: Callable[[str], T], text: str) -> T:
    try:
        return read(text)
    except ValueError as exc:
        raise Invalid(
            f"{option}: {exc}.", fix=f"See the example of {option} in `corral flavor create --help`."
        ) from exc


def composed_text(row: Row) -> Any:
    """As `8 cores, 64 GiB, 2 × 480 GB SSD, 2 × 25G from pod-1`."""
    one = row.get("compose")
    if not one:
        return ""
    parts = [counted(one["cpus"], "core"), quantities.memory_text(one["memory"])]
    parts += [text for text in (disks_text(one.get("disks") or []), nics_text(one.get("nics") or [])) if text]
    parts += one.get("traits") or []
    pod = f" from {one['source']}" if one.get("source") else ""
    return ", ".join(parts) + pod + (", when nothing else fits" if one.get("compose_when_full") else "")
