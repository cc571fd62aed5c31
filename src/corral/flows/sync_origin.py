"""What synchronization wrote at a source, put back to what it was before the first time: for the end of a server.

Rule: only what still is as Corral wrote it, and only what disturbs nothing. A machine that is on stays on.
"""

from __future__ import annotations

from collections.abc import Iterator

from corral.contracts.border import Purpose
from corral.domain.drift import Field, Value
from corral.engine import Run
from corral.flows.env import Env, at_border
from corral.flows.sync_ways import Way, way_to


def put_back(run: Run[Env]) -> list[str]:
    """Put it back. Gives the fields."""
    return [str(what) for what, ours, before in _written(run) if _swap(run, what, ours, before)]


def tell_again(run: Run[Env]) -> None:
    """Undo `put_back`."""
    for what, ours, before in _written(run):
        _swap(run, what, before, ours)


def _written(run: Run[Env]) -> Iterator[tuple[Field, Value, Value]]:
    """Fields that were written, with what they were told last and what they were before."""
    kept = run.env.sync.agreed([run.params["server"]]).get(run.params["server"])
    for what, before in kept.origin.items() if kept is not None else ():
        ours = kept.agreed.get(what) if kept is not None else None
        if ours != before and not _way(run).disturbance(what, before):
            yield what, ours, before


def _swap(run: Run[Env], what: Field, now: Value, then: Value) -> bool:
    with at_border(run, Purpose.LOOK):
        told = _way(run).told_of(run.params["machine"])
    if told.facts.get(what) != now:
        return False  # somebody else has called it something else
    with at_border(run, Purpose.SYNC):
        _way(run).set(run.params["machine"], what, then)
    return True


def _way(run: Run[Env]) -> Way:
    return way_to(run.env, run.params["source"])
