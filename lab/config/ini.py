"""Text of oslo.config files.

Role: a configuration is a dict of sections, each a dict of options; this module turns it into text.
"""

from __future__ import annotations

from collections.abc import Mapping

Sections = dict[str, dict[str, object]]


def render(sections: Mapping[str, Mapping[str, object]]) -> str:
    """The sections in their order. True and False are written in lower case, as oslo.config documents them."""
    blocks = [_block(name, options) for name, options in sections.items()]
    return "\n".join(blocks)


def _block(name: str, options: Mapping[str, object]) -> str:
    lines = [f"{key} = {_text(value)}".rstrip() for key, value in options.items()]
    return "\n".join([f"[{name}]", *lines]) + "\n"


def _text(value: object) -> str:
    return str(value).lower() if isinstance(value, bool) else str(value)
