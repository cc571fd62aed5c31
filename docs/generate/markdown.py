"""Small pieces of Markdown."""

from __future__ import annotations

import re
import string
from collections.abc import Iterable, Sequence


def table(head: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    """A table; cells are Markdown, and may hold bars and line breaks."""
    lines = [head, ["---"] * len(head), *rows]
    return "\n".join("| " + " | ".join(map(_cell, line)) + " |" for line in lines)


def _cell(text: str) -> str:
    return re.sub(r"\s*\n\s*", " ", text.strip()).replace("|", "\\|")


def code(text: str) -> str:
    """`text` as code."""
    return f"`{text}`" if text else ""


def plain(text: str | None) -> str:
    """A docstring as a paragraph: lines joined, angle brackets harmless."""
    return re.sub(r"\s+", " ", text or "").strip().replace("<", "&lt;")


def template(text: str) -> str:
    """A message template for readers: `{node}` becomes NODE."""
    parts = []
    for literal, name, _, conversion in string.Formatter().parse(text):
        parts.append(literal)
        if name is not None:
            shown = name.upper().replace("_", " ")
            parts.append(f"'{shown}'" if conversion == "r" else shown)
    return "".join(parts).replace("  ", " ")


def anchor(title: str) -> str:
    """The fragment that a heading gets."""
    return re.sub(r"[^a-z0-9 _-]", "", title.lower()).replace(" ", "-")
