"""Amounts in words."""

from __future__ import annotations

from corral.domain.blocks import MIB_IN_GIB, WantedDrives
from corral.domain.quantities import size_text, speed_text


def gib(mib: int) -> str:
    """MiB as GiB, without a fraction where there is none."""
    return f"{mib / MIB_IN_GIB:.2f}".rstrip("0").rstrip(".")


def drives_text(one: WantedDrives) -> str:
    """As `of at least 480 GB on SSD`."""
    return f"of at least {size_text(one.size)}" + (f" on {one.media}" if one.media else "")


def adapters_text(speed: int) -> str:
    """As `interfaces of at least 25 Gbit/s`."""
    return f"interfaces of at least {speed_text(speed)}" if speed else "interfaces"
