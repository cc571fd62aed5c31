"""Text from the world, made safe to print.

Names, errors and answers come from BMCs, clouds and other people. Rule: nothing of it reaches a terminal or a spreadsheet
without passing here; consoles are made with markup off, so that `[red]` is five characters and not a colour.
"""

from __future__ import annotations

import json
import unicodedata
from collections.abc import Iterable

from rich.text import Text

_FORMULA = ("=", "+", "-", "@", "\t", "\r")


def clean(value: object) -> str:
    """`value` as one line without anything that a terminal would act on: no escapes, no bidi overrides, no invisible
    characters. None is empty."""
    text = "" if value is None else str(value)
    return "".join(_visible(char) for char in text)


def _visible(char: str) -> str:
    if char in "\n\t\r":
        return " "
    # Cc: control; Cf: invisible and bidi; Cs: lone surrogates; Zl and Zp: line breaks in disguise.
    return "" if unicodedata.category(char) in {"Cc", "Cf", "Cs", "Zl", "Zp"} else char


def plain(value: object, style: str = "") -> Text:
    """`value` for rich: cleaned, and never read as markup."""
    return Text(clean(value), style=style)


def csv_cell(value: object) -> str:
    """`value` for a CSV file: cleaned, and with a quote before what a spreadsheet would take for a formula."""
    text = flat(value)
    # Spreadsheets trim before they decide, so must we.
    return f"'{text}" if text.lstrip().startswith(_FORMULA) or text.startswith(_FORMULA) else text


def flat(value: object) -> str:
    """`value` on one line: structures as JSON, truth as yes or no, lists of words with commas between them."""
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, list | tuple) and all(isinstance(item, str) for item in value):
        return clean(", ".join(value))
    if isinstance(value, dict | list | tuple):
        return clean(json.dumps(value, default=str))
    return clean(value)


def counted(number: int, noun: str) -> str:
    """`3 machines`, `1 machine`."""
    return f"{number} {noun}" if number == 1 else f"{number} {noun}s"


def joined(parts: Iterable[Text], separator: str = "\n") -> Text:
    """Texts as one."""
    return Text(separator).join(list(parts))
