"""Amounts of hardware, as people read them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from corral.domain.quantities import size_text


def short_speed(speed: int) -> str:
    """`25G`; `?` where it is not known."""
    return (f"{speed // 1000}G" if speed % 1000 == 0 else f"{speed}M") if speed else "?"


def grouped(texts: Sequence[str]) -> str:
    """Equal ones counted: `4 × 480 GB SSD, 960 GB`."""
    counts = {text: texts.count(text) for text in dict.fromkeys(texts)}
    return ", ".join(text if count == 1 else f"{count} × {text}" for text, count in counts.items())


def disks_text(disks: Sequence[Mapping[str, Any]]) -> str:
    """Drives, with their media; a wish has counts."""
    return grouped([t for one in disks for t in [_disk(one)] * int(one.get("count") or 1)])


def nics_text(nics: Sequence[Mapping[str, Any]]) -> str:
    """Interfaces by speed, likewise."""
    return grouped([short_speed(int(one.get("speed") or 0)) for one in nics for _ in range(int(one.get("count") or 1))])


def _disk(one: Mapping[str, Any]) -> str:
    return f"{size_text(int(one.get('size') or 0))} {one.get('media') or ''}".strip()
