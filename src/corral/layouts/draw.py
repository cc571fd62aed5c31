"""A layout as a picture: a bar for each disk, all to one scale, with a legend that names every part.

One SVG without scripts, fonts or links of others. Rule: names come from outside, so every text is escaped, without control
characters, and cut where it would run out of its place.
"""

from __future__ import annotations

from collections.abc import Iterable
from html import escape

from corral.domain.layout import DiskTable, Layout, Use

WIDTH = 1000
MARGIN = 20
BAR = 44
LINE = 18
LETTER = 7
"""About the width of a letter, in pixels, at the size of the text."""

_COLOURS = {
    Use.BIOS_GRUB: "#8d99ae",
    Use.ESP: "#f2c14e",
    Use.BOOT: "#f4a259",
    Use.FILE_SYSTEM: "#8cb369",
    Use.SWAP: "#c9ada7",
    Use.RAID: "#b8a9d9",
    Use.LVM: "#7fb3d5",
    Use.RAW: "#d9ae94",
    Use.CONFIG_DRIVE: "#e5989b",
    Use.RESERVED: "#dddddd",
}
_FREE = "#ffffff"


def svg(layout: Layout, title: str = "Disk layout") -> str:
    """The picture of a layout."""
    scale = (WIDTH - 2 * MARGIN) / max((table.disk.size for table in layout.tables if table.disk.size > 0), default=1)
    parts: list[str] = []
    y = MARGIN + 24
    for table in layout.tables:
        drawn, y = _disk(table, y, scale)
        parts += drawn
    drawn, y = _built(layout, y)
    parts += [*drawn]
    head = (
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{WIDTH}" height="{y + MARGIN}" viewBox="0 0 {WIDTH} {y + MARGIN}" '
        'font-family="sans-serif" font-size="13" role="img">'
    )
    back = f'<rect width="{WIDTH}" height="{y + MARGIN}" fill="#ffffff"/>'
    return "\n".join(
        [head, f"<title>{text(title)}</title>", back, _words(MARGIN, MARGIN + 6, title, bold=True), *parts, "</svg>\n"]
    )


def _disk(table: DiskTable, y: int, scale: float) -> tuple[list[str], int]:
    disk = table.disk
    facts = [disk.name, human(disk.size), disk.model, "bootable" if table.bootable else ""]
    parts = [_words(MARGIN, y + 14, "  ".join(fact for fact in facts if fact), bold=True)]
    top = y + LINE + 4
    parts.append(_box(MARGIN, top, disk.size * scale, _FREE, f"{disk.name}: {human(disk.size)}"))
    legend = []
    for number, one in enumerate(table.partitions, 1):
        name = one.name or str(one.use)
        label = f"{number}. {name} {human(one.size)}{' (kept)' if one.keep else ''}"
        left, width = MARGIN + one.start * scale, one.size * scale
        parts.append(_box(left, top, width, _COLOURS[one.use], f"{table.device(one)}: {label}", kept=one.keep))
        parts += _inside(left, top, width, number, name)
        legend.append(label)
    lines = _wrapped(legend)
    parts += [_words(MARGIN, top + BAR + 16 + LINE * index, line) for index, line in enumerate(lines)]
    return parts, top + BAR + LINE * len(lines) + 20


def _inside(left: float, top: int, width: float, number: int, name: str) -> list[str]:
    """The name where it has room, else the number that the legend explains, else nothing."""
    room = int((width - 6) // LETTER)
    shown = f"{number}. {name}"
    if room < len(str(number)):
        return []
    return [_words(left + 4, top + BAR / 2 + 5, shown if len(shown) <= room else str(number))]


def _built(layout: Layout, y: int) -> tuple[list[str], int]:
    """Arrays, groups and mounts, as lines of text."""
    mounts = {one.device: f" {one.kind}{' on ' + one.mount if one.mount else ''}" for one in layout.file_systems}
    lines = [
        f"{raid.device}: RAID {raid.level}, {human(raid.size)}, over {' '.join(raid.members)}"
        + (f", spare {' '.join(raid.spares)}" if raid.spares else "")
        + mounts.get(raid.device, "")
        for raid in layout.raids
    ]
    for group in layout.groups:
        lines.append(f"Group {group.name}, over {' '.join(group.volumes)}")
        inner = (one for one in layout.logical if one.group == group.name)
        lines += [f"    {one.name} {human(one.size)}{mounts.get(one.device, '')}" for one in inner]
    return [_words(MARGIN, y + 14 + LINE * index, line) for index, line in enumerate(lines)], y + LINE * len(lines) + 8


def _box(left: float, top: int, width: float, colour: str, tip: str, *, kept: bool = False) -> str:
    """A box to scale; its border is thin, so that small ones are still seen, and no larger than they are by much."""
    dash = ' stroke-dasharray="4 2" stroke-width="2"' if kept else ' stroke-width="0.6"'
    return (
        f'<rect x="{left:.2f}" y="{top}" width="{max(width, 0.5):.2f}" height="{BAR}" fill="{colour}" stroke="#333333"{dash}>'
        f"<title>{text(tip)}</title></rect>"
    )


def _words(left: float, y: float, words: str, *, bold: bool = False) -> str:
    weight = ' font-weight="bold"' if bold else ""
    room = int((WIDTH - MARGIN - left) // LETTER)
    return f'<text x="{left:.2f}" y="{y:.1f}"{weight} xml:space="preserve" fill="#111111">{text(words, room)}</text>'


def _wrapped(labels: Iterable[str]) -> list[str]:
    room = (WIDTH - 2 * MARGIN) // LETTER
    lines: list[str] = []
    for label in labels:
        if lines and len(lines[-1]) + len(label) + 3 <= room:
            lines[-1] += f"   {label}"
        else:
            lines.append(label)
    return lines


def text(words: str, room: int = 200) -> str:
    """Text that is safe in XML: printable, escaped, and no longer than its room."""
    clean = "".join(letter if letter.isprintable() else "·" for letter in words)
    return escape(clean if len(clean) <= room else f"{clean[: max(0, room - 1)]}…", quote=True)


def human(size: int) -> str:
    """A size in the largest binary unit in which it is at least one."""
    for unit, factor in (("TiB", 2**40), ("GiB", 2**30), ("MiB", 2**20), ("KiB", 1024)):
        if size >= factor:
            return f"{size / factor:.4g} {unit}" if size < 1000 * factor else f"{size / factor:.0f} {unit}"
    return f"{size} B"
