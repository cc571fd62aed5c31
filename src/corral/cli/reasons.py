"""Reasons and errors, as people read them: what, why, and what to do next. The same everywhere in the command line."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from rich.table import Table
from rich.text import Text

from corral.cli.session import Session
from corral.cli.text import clean, joined, plain
from corral.domain.errors import CorralError
from corral.domain.reasons import Reason

MARKS = {True: ("✘", "red"), False: ("!", "yellow")}
"""By whether a reason blocks."""


def brief(reasons: Sequence[Reason]) -> Text:
    """The codes only: for a narrow column."""
    parts = [plain(reason.code, MARKS[reason.blocks][1]) for reason in reasons]
    return joined(parts, ", ")


def full(reasons: Iterable[Reason]) -> Text:
    """Every reason with its message and its fix, two lines each."""
    return joined([_lines(reason) for reason in reasons])


def full_cell(reasons: Iterable[Reason]) -> Table:
    """The same for a cell of a table, where long lines wrap under themselves."""
    grid = Table.grid(padding=(0, 1, 0, 0))
    for reason in reasons:
        mark, style = MARKS[reason.blocks]
        grid.add_row(Text(mark, style), Text.assemble((clean(reason.code), style), "  ", clean(reason.message)))
        if reason.fix:
            grid.add_row("", plain(f"→ {reason.fix}", "dim"))
    return grid


def _lines(reason: Reason) -> Text:
    mark, style = MARKS[reason.blocks]
    text = Text.assemble((f"{mark} ", style), (clean(reason.code), style), "  ", clean(reason.message))
    if reason.fix:
        text.append(f"\n  → {clean(reason.fix)}", style="dim")
    return text


def codes(reasons: Iterable[Reason]) -> str:
    """The codes as one CSV value."""
    return " ".join(reason.code for reason in reasons)


def show_error(session: Session, error: CorralError) -> None:
    """Print an error: message, every reason, and the next step. Never a traceback."""
    session.err.print(Text.assemble(("Error: ", "bold red"), clean(error.message)), soft_wrap=True)
    reasons: tuple[Reason, ...] = tuple(getattr(error, "reasons", ()))
    if reasons:
        session.err.print(full(reasons), soft_wrap=True)
    if error.fix:
        next_step(session, error.fix)


def next_step(session: Session, step: str) -> None:
    """Say what to do next."""
    session.err.print(Text.assemble(("Next: ", "bold cyan"), clean(step)), soft_wrap=True)
