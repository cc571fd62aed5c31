"""Foreign XML, taken in with care: no document type (so no entities), and limits on size, number of elements and depth.

Rule: what is over a limit raises Unreadable, which names the limit; nobody here loops or recurses without one.
"""

from __future__ import annotations

from xml.etree.ElementTree import Element, ParseError, fromstring

LARGEST = 1 << 20
MOST_ELEMENTS = 20_000
DEEPEST = 64
LONGEST = 1024
"""Characters of a single value; what is longer is cut."""


class Unreadable(ValueError):
    """The text is not what it should be; says in what way."""


def parse(text: str) -> Element:
    """The root of a document. Raises Unreadable."""
    if len(text) > LARGEST:
        raise Unreadable(f"its XML has {len(text)} characters, more than {LARGEST}")
    # The text is handed over decoded, so no declared encoding can hide these.
    if "<!DOCTYPE" in text or "<!ENTITY" in text:
        raise Unreadable("its XML has a document type")
    # Each element needs a '<' or two: this bounds the tree before it is built.
    if text.count("<") > 2 * MOST_ELEMENTS:
        raise Unreadable(f"its XML has more than {MOST_ELEMENTS} elements")
    try:
        root = fromstring(text)  # noqa: S314  # what makes XML dangerous is refused above
    except ParseError as exc:
        raise Unreadable(f"its XML can't be parsed: {exc}") from exc
    except UnicodeError as exc:
        raise Unreadable("its XML is no text") from exc
    # What nests has an end tag of its own, so a short document can't be deep.
    if text.count("</") > DEEPEST:
        _check_depth(root)
    return root


def _check_depth(root: Element) -> None:
    level, depth = [root], 1
    while level := [child for element in level for child in element]:
        depth += 1
        if depth > DEEPEST:
            raise Unreadable(f"its XML is nested deeper than {DEEPEST} levels")


def text_of(element: Element | None) -> str:
    """An element's text, stripped; "" where there is none."""
    return (element.text or "").strip()[:LONGEST] if element is not None else ""


def attribute(element: Element | None, name: str) -> str:
    """An attribute's value; "" where there is none."""
    return (element.get(name) or "")[:LONGEST] if element is not None else ""


def number(text: str) -> int:
    """A whole number that is not negative, 0 where there is none. Raises Unreadable for one that is no number or too long."""
    if not text:
        return 0
    if not (text.isascii() and text.isdigit() and len(text) <= 20):
        raise Unreadable(f"{text[:40]!r} is no number")
    return int(text)
