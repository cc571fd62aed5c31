"""Amounts as people write them, `64GiB`, `480GB`, `25G`, in whole units. Decimal and binary units are told apart."""

from __future__ import annotations

import re

from corral.domain.blocks import Media, WantedAdapters, WantedDrives

MAX = 2**53
_BYTES = {
    **{f"{letter}iB": 1024 ** (power + 1) for power, letter in enumerate("KMGTP")},
    **{f"{letter}B": 1000 ** (power + 1) for power, letter in enumerate("KMGTP")},
}
_BITS = {"M": 1, "G": 1000, "T": 1_000_000}
_AMOUNT = re.compile(r"([0-9]{1,15})(?:\.([0-9]{1,6}))?\s*([A-Za-z]{1,6}(?:/s)?)")


def mebibytes(value: int | str) -> int:
    """Memory in MiB: a whole number is MiB already; `64GiB`. A part of one counts as a whole. Raises ValueError."""
    return value if isinstance(value, int) else -(-_in(value, _BYTES, "64GiB or 65536MiB") // 2**20)


def size(value: int | str) -> int:
    """A drive's size in bytes: a whole number is bytes already; `480GB`. Raises ValueError."""
    return value if isinstance(value, int) else _in(value, _BYTES, "480GB or 2TB")


def speed(value: int | str) -> int:
    """A speed in Mbit/s: a whole number is that already; `25G`, `25Gbit/s`. Raises ValueError."""
    return value if isinstance(value, int) else _in(re.sub(r"bit(/s)?$", "", value), _BITS, "25G or 100M")


def _in(text: str, units: dict[str, int], example: str) -> int:
    found = _AMOUNT.fullmatch(text.strip())
    factor = units.get(found[3]) if found else None
    if found is None or factor is None:
        raise ValueError(f"{text[:40]!r} is no amount; write it as {example} (units: {', '.join(units)})")
    part = found[2] or ""
    amount = -(-int(found[1] + part) * factor // int(10 ** len(part)))
    if amount > MAX:
        raise ValueError(f"{text[:40]!r} is more than anything has")
    return amount


def memory_text(mib: int) -> str:
    """`64 GiB`; in MiB where that is not a whole number."""
    return f"{mib // 1024} GiB" if mib % 1024 == 0 else f"{mib} MiB"


def size_text(amount: int) -> str:
    """Bytes in decimal units, as drives are sold: `480 GB`."""
    for unit, name in ((10**12, "TB"), (10**9, "GB"), (10**6, "MB")):
        if amount >= unit:
            return f"{amount / unit:.2f}".rstrip("0").rstrip(".") + f" {name}"
    return f"{amount} bytes"


def speed_text(amount: int) -> str:
    """Mbit/s, in Gbit/s where it is whole ones."""
    return f"{amount // 1000} Gbit/s" if amount >= 1000 and amount % 1000 == 0 else f"{amount} Mbit/s"


def drives(text: str) -> WantedDrives:
    """`2x480GB:SSD`, `960GB`. Raises ValueError."""
    rest, _, medium = text.partition(":")
    count, each = _times(rest)
    known = {one.value.lower(): one for one in Media}
    if medium and medium.lower() not in known:
        raise ValueError(f"{medium[:40]!r} is no medium; there are {', '.join(Media)}")
    return WantedDrives(_some(size(each), text), count, known[medium.lower()] if medium else None)


def adapters(text: str) -> WantedAdapters:
    """`2x25G`, `10G`, `2`: without a speed any will do. Raises ValueError."""
    if text.isascii() and text.isdigit():
        return WantedAdapters(_some(int(text), text))
    count, each = _times(text)
    return WantedAdapters(count, _some(speed(each), text))


def _times(text: str) -> tuple[int, str]:
    count, times, each = text.partition("x")
    if not times:
        return 1, text
    if not (count.isascii() and count.isdigit() and len(count) < 6):
        raise ValueError(f"{count[:40]!r} is no number of pieces; write it as 2x480GB")
    return _some(int(count), text), each


def _some(amount: int, text: str) -> int:
    if amount < 1:
        raise ValueError(f"{text[:40]!r} asks for nothing")
    return amount
