"""What the documentation shows: the commands that a reader types, and the output below each.

A page may leave out lines. What it shows must have been printed, in that order; ids, times,
addresses and counts are different each time.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

PAGES = Path(__file__).resolve().parents[3]
WIDTH = 150
_FENCE = re.compile(r"(?P<gap>(?:[^`]|`(?!``))*)```(?P<language>\w*)\n(?P<text>.*?)```", re.DOTALL)
_CHANGING = (
    (r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}", "UUID"),
    (r"\b[0-9a-f]{32,}…?", "HEX"),
    (r"\d{4}-\d\d-\d\d[T ]\d\d:\d\d:\d\d(\.\d+)?(\+00:00|Z)?", "TIME"),
    (r"\b\d+\.\d+\.\d+\.\d+\b", "ADDRESS"),
    (r"\b\d+ calls", "N calls"),
    (r"\b\d+\.\d{3}\b", "SECONDS"),
    (r"─+", "─"),
    (r"\s+", " "),
)


@dataclass(frozen=True)
class Shown:
    """A command as a page has it, and the output that is shown for it; without any, nothing is promised."""

    command: str
    output: tuple[str, ...]


def shown(page: str) -> list[Shown]:
    """The commands of a page (a path in the checkout), in their order."""
    found: list[Shown] = []
    for fence in _FENCE.finditer((PAGES / page).read_text()):
        if fence["language"] == "console":
            found += _console(fence["text"])
        elif not fence["language"] and not fence["gap"].strip() and found:
            # A block of its own right below the command.
            last = found.pop()
            found.append(Shown(last.command, (*last.output, *_lines(fence["text"]))))
    return found


def blocks(page: str, language: str) -> list[str]:
    """The blocks of a page in that language."""
    return [fence["text"] for fence in _FENCE.finditer((PAGES / page).read_text()) if fence["language"] == language]


def _console(text: str) -> list[Shown]:
    whole = text.replace("\\\n", " ")
    parts = re.split(r"^\$ ", whole, flags=re.MULTILINE)[1:]
    return [Shown(part.partition("\n")[0].strip(), _lines(part.partition("\n")[2])) for part in parts]


def _lines(text: str) -> tuple[str, ...]:
    return tuple(line for line in text.splitlines() if line.strip())


def never_printed(wanted: Iterable[str], printed: str) -> list[str]:
    """The lines of a page that the command did not print, or not in that order.

    Where lines break is left out: it depends on the longest name in a table, and so on what else there is."""
    real, place, missing = _plain(" ".join(printed.splitlines())), 0, []
    for line in wanted:
        found = real.find(_plain(line), place)
        if found < 0:
            missing.append(line)
        else:
            place = found + len(_plain(line))
    return missing


def _plain(line: str) -> str:
    for pattern, word in _CHANGING:
        line = re.sub(pattern, word, line)
    return line.strip()
