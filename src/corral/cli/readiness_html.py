"""The readiness report as one HTML file that can be handed on: nothing is loaded from anywhere, and nothing in it runs
except the one script whose hash the page names.

Rule: every text of the world goes through autoescape; `Markup` is only made here, from escaped parts.
"""

from __future__ import annotations

import hashlib
import re
from base64 import b64encode
from functools import cache
from importlib.resources import files

from jinja2 import Environment, StrictUndefined
from markupsafe import Markup, escape

from corral import __version__
from corral.cli.readiness import Readiness, Verdict
from corral.cli.subjects import amount, facts, words
from corral.cli.text import clean

_TEMPLATES = files("corral.cli") / "templates"


def render(report: Readiness) -> str:
    """The report as HTML."""
    script = (_TEMPLATES / "readiness_script.html").read_text(encoding="utf-8")
    digest = b64encode(hashlib.sha256(script.encode()).digest()).decode()
    template = _environment().from_string((_TEMPLATES / "readiness.html").read_text(encoding="utf-8"))
    return template.render(report=report, script=Markup(script), digest=digest, version=__version__)  # noqa: S704


@cache
def _environment() -> Environment:
    made = Environment(autoescape=True, undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True)
    made.filters.update(clean=clean, prose=prose, share=share, haystack=haystack, facts=facts, amount=amount)
    # What the world says is cleaned also where a template forgets to ask for it.
    made.finalize = lambda value: clean(value) if type(value) is str else value
    return made


def prose(text: str) -> Markup:
    """Text with `code` in backticks, as HTML."""
    parts = re.split(r"`([^`]*)`", clean(text))
    return Markup("").join(
        Markup("<code>{}</code>").format(part) if number % 2 else escape(part) for number, part in enumerate(parts)
    )


def share(part: int, whole: int) -> str:
    """A share in percent, for a width: what is there at all stays visible."""
    return "0" if not part or not whole else f"{max(100 * part / whole, 0.8):.2f}"


def haystack(verdict: Verdict) -> str:
    """What the filter of the page searches."""
    found = (*words(verdict.machine), *(reason.code for reason in verdict.reasons))
    return clean(" ".join(word for word in found if word)).lower()
