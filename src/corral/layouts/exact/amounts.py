"""Sizes as people write them (`100 MiB`, `1.5 TiB`, `40%`, `remaining`), and back.

Rule: exact arithmetic only. A size is a whole number of bytes, and a percentage is a fraction; a float is never made.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import StrEnum
from fractions import Fraction
from math import ceil

from corral.domain.layout import MIB

_DECIMAL: dict[str, int] = {unit: 1000**power for power, unit in enumerate(("KB", "MB", "GB", "TB", "PB"), 1)}
_BINARY: dict[str, int] = {unit: 1024**power for power, unit in enumerate(("KIB", "MIB", "GIB", "TIB", "PIB"), 1)}
_UNITS = {"B": 1, **_DECIMAL, **_BINARY}
_SIZE = re.compile(r"(\d{1,15}(?:\.\d{1,9})?)\s*([A-Za-z]{1,3})")
_PERCENT = re.compile(r"(\d{1,3}(?:\.\d{1,6})?)\s*%")

LARGEST = 2**60
"""One exbibyte: more than any disk has, and still exact in the solver's numbers once it is counted in MiB."""


class Wish(StrEnum):
    """What a volume wants beyond its minimum. In this order they are served."""

    EXACT = "exact"
    LEAST = "least"
    """Its minimum, and no more."""
    PERCENT = "percent"
    SHARE = "share"
    """As much as its weight gives it, up to its maximum."""
    REMAINING = "remaining"
    """What nobody else takes."""


@dataclass(frozen=True, slots=True)
class Amount:
    """How large a volume is to be, in bytes. `low` and `high` must be kept (`high` None: no limit); the rest is a wish."""

    wish: Wish
    low: int = 0
    high: int | None = None
    percent: Fraction = Fraction(0)
    weight: int = 1

    def __str__(self) -> str:
        if self.wish is Wish.EXACT:
            return size_text(self.low)
        least = f"at least {size_text(self.low)}" if self.low else ""
        most = f"at most {size_text(self.high)}" if self.high is not None else ""
        return ", ".join(part for part in (self._wish(), least, most) if part)

    def _wish(self) -> str:
        match self.wish:
            case Wish.PERCENT:
                return f"{float(self.percent * 100):g}%"
            case Wish.SHARE:
                return f"a share of weight {self.weight}"
            case Wish.REMAINING:
                return "what remains" + (f" with weight {self.weight}" if self.weight > 1 else "")
            case _:
                return ""


def size(text: object) -> int:
    """Bytes of a size such as `100 MiB` or `500 GB`; a fraction of a byte counts as one. Raises ValueError with a sentence."""
    if isinstance(text, int) and not isinstance(text, bool):
        raise ValueError(f"{str(text)[:40]} has no unit; write it as in '{str(text)[:20]} MiB'")
    found = _SIZE.fullmatch(text.strip()) if isinstance(text, str) else None
    if found is None:
        raise ValueError(f"{shown(text)} is not a size; write a number and a unit, as in '100 MiB' or '1.5 TiB'")
    unit = _UNITS.get(found[2].upper())
    if unit is None:
        raise ValueError(
            f"{shown(found[2])} is not a unit; known are B, KB, MB, GB, TB, PB, KiB, MiB, GiB, TiB and PiB"
        )
    count = ceil(Fraction(found[1]) * unit)
    if count > LARGEST:
        raise ValueError(f"{shown(text)} is more than {size_text(LARGEST)}, which no disk has")
    return count


def percentage(text: object) -> Fraction | None:
    """The fraction that `40%` says, None when it is no percentage. Raises ValueError outside of 0 to 100."""
    found = _PERCENT.fullmatch(text.strip()) if isinstance(text, str) else None
    if found is None:
        return None
    share = Fraction(found[1]) / 100
    if not 0 < share <= 1:
        raise ValueError(f"{shown(text)} is not between 0% and 100%")
    return share


def size_text(count: int) -> str:
    """A size for people, without loss: the largest binary unit that gives a whole number, or a rounded one with MiB beside."""
    for unit, factor in (("PiB", 2**50), ("TiB", 2**40), ("GiB", 2**30), ("MiB", MIB), ("KiB", 1024)):
        if count and count % factor == 0:
            return f"{count // factor} {unit}"
        if count >= 10 * factor and unit in {"TiB", "GiB"} and count % MIB == 0:
            return f"{count / factor:.1f} {unit} ({count // MIB} MiB)"
    return f"{count} B"


def shown(value: object) -> str:
    """A value of the input for a message: quoted, and short."""
    text = repr(value)
    return text if len(text) <= 60 else f"{text[:57]}…"
