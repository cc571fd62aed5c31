"""One run of one operation: what its steps see, and how their ends are written down.

Direction is decided once. A step's failure, the operation's turn to `reverting` and its error are written in
the transaction in which TaskFlow stores the failed atom, so that a crash never makes the next run go forwards
again.
"""

from __future__ import annotations

import json
import logging
from collections import Counter
from collections.abc import Callable, Mapping
from contextlib import AbstractContextManager
from dataclasses import dataclass
from typing import Any, Generic, TypeVar

import sqlalchemy as sa

from corral.engine._taskflow import states
from corral.engine.errors import Cancelled, ClaimLost, Interrupted, Postponed, Released
from corral.engine.flow import E, Flow, Json, Step
from corral.engine.journal import Entry, Journal, outage_releases, storable
from corral.engine.operation import EventKind, Operation, State
from corral.engine.patience import Patience
from corral.engine.tracing import Tracing

LOG = logging.getLogger(__name__)

T = TypeVar("T")

_SILENT = 5.0
"""Seconds after which a step that goes on has written down what it would write with its end: it may go on for an hour."""


class StepFailed(Exception):
    """All that TaskFlow learns of a step's exception: it stores failures with tracebacks and arguments, and
    those can hold what must not be stored.
    """


@dataclass(frozen=True)
class History:
    """What earlier runs of the same operation left behind."""

    operation: Operation
    begun: Counter[str]  # how often each step was begun
    results: dict[str, Any]
    parked: bool  # an earlier run gave its worker back: while undoing, or because a step was postponed


class ActiveRun(Generic[E]):
    """The engine's implementation of `Run`, and the guard of TaskFlow's writes."""

    def __init__(
        self, flow: Flow[E], history: History, env: E, journal: Journal, patience: Patience, tracing: Tracing
    ) -> None:
        self.flow = flow
        self.env = env
        self.journal = journal
        self.attempt = 1
        self.reverting = history.operation.state is State.REVERTING
        self._operation = history.operation
        self._results = history.results
        self._begun = history.begun
        self._parked = history.parked
        self._patience = patience
        self._tracing = tracing
        self._order = {step.name: index for index, step in enumerate(flow.steps)}
        self._current: Step[E] | None = None
        self._refusal: BaseException | None = None  # why no step may begin at all
        self._failure = history.operation.error
        self._heeds_cancel = True
        self._told = (0.0, "")

    # --- what steps see -----------------------------------------------------------------------------------

    @property
    def operation(self) -> str:
        """The operation's uuid."""
        return self._operation.uuid

    @property
    def params(self) -> Mapping[str, Any]:
        """The operation's input."""
        return self._operation.params

    @property
    def results(self) -> Mapping[str, Any]:
        """What finished steps returned."""
        return self._results

    def check(self) -> None:
        """Raise ClaimLost or, while going forwards, Cancelled."""
        self.journal.check(heed_cancel=self._heeds_cancel)

    def along(self, write: Callable[[sa.Connection], None]) -> None:
        """Have this written with the next transaction of the journal."""
        self.journal.defer(lambda entry: write(entry.conn))
        if self.journal.silent_for > _SILENT:
            self.journal.flush()

    def progress(self, fraction: float, note: str = "") -> None:
        """Store how far the current step is, if that is news."""
        fraction = min(max(fraction, 0.0), 1.0)
        told, said = self._told
        if self._current is None or (note == said and abs(fraction - told) < 0.01):
            return
        self._told = (fraction, note)
        position = self._position(self._current, 1.0 - fraction if self.reverting else fraction)
        with self.journal.writing() as entry:
            entry.update(progress=position)
            entry.note(EventKind.PROGRESS, self._current.name, note, position)

    # --- what the engine calls ----------------------------------------------------------------------------

    def start(self) -> None:
        """Call on_start, unless a step was begun already. If it fails, the first step refuses to begin."""
        if self.flow.on_start is None or self._operation.state is not State.PENDING:
            return
        try:
            with outage_releases():
                self.flow.on_start(self)
        except (ClaimLost, Released):
            raise
        except BaseException as exc:  # noqa: BLE001 - whatever it is, the operation must end by reverting
            self._refusal = exc

    def do(self, step: Step[E]) -> Any:
        """Carry out a step; give its result as JSON. Raise StepFailed when the operation must turn around."""
        try:
            if self._refusal is not None:
                raise self._refusal
            self._begin(step)
            # The outage is one of the records that a step reads and writes.
            with outage_releases(), self._tracing.step(step.name, undoing=False, attempt=self.attempt):
                self._results[step.name] = result = as_json(step.do(self))
            return result
        except (ClaimLost, Released):
            raise
        except Postponed as exc:
            self.journal.postpone(self._patience.after(exc.seconds))
            raise Released(later=True) from None
        except Cancelled:
            self._failure = None
        except BaseException as exc:  # noqa: BLE001 - a library's SystemExit too must turn the operation around
            self._failure = describe(exc, step.name)
        # Outside of the handlers, so that TaskFlow stores no traceback of what happened inside.
        raise StepFailed(f"Step {step.name} did not come to its end.")

    def undo(self, step: Step[E]) -> None:
        """Undo a step that may have begun, until it succeeds."""
        self.reverting = True
        undo = step.undo
        if undo is None or not self._begun[step.name]:
            return

        def act() -> None:
            with self._tracing.step(step.name, undoing=True, attempt=self.attempt):
                undo(self)

        self._enter(step)
        self._insist(act, f"Undoing “{step.title}” fails")

    def succeed(self) -> State:
        """All steps are done: call on_success and make the operation final. Gives its last state."""
        self.journal.flush()
        result = None
        if (hook := self.flow.on_success) is not None:
            result = self._insist(lambda: as_json(hook(self)), "Completing fails")
        if result is None:
            given = [self._results.get(step.name) for step in self.flow.steps]
            result = next((value for value in reversed(given) if value is not None), None)
        self.journal.finish(State.SUCCEEDED, result)
        return State.SUCCEEDED

    def revert(self) -> State:
        """Everything is undone: call on_reverted and make the operation final. Gives its last state."""
        self.reverting = True
        self._current = None
        if (hook := self.flow.on_reverted) is not None:
            self._insist(lambda: hook(self), "Completing the revert fails")
        # Only a cancel turns an operation around without an error.
        state = State.CANCELLED if self._failure is None else State.REVERTED
        self.journal.finish(state)
        return state

    # --- what TaskFlow's writes call ----------------------------------------------------------------------

    def writing(self) -> AbstractContextManager[Entry]:
        """A fenced transaction for TaskFlow's rows."""
        return self.journal.writing()

    def defer(self, write: Callable[[Entry], None]) -> None:
        """What of TaskFlow's rows may wait for the next transaction."""
        self.journal.defer(write)

    def atom_changed(self, entry: Entry, name: str, state: str) -> None:
        """Bring the operation's row in line with an atom, in the same transaction."""
        written = _WRITERS.get(state)
        index = self._order.get(name)
        if written is not None and index is not None:
            written(self, entry, self.flow.steps[index])

    def _done(self, entry: Entry, step: Step[E]) -> None:
        position = self._position(step, 1.0)
        entry.update(progress=position)
        entry.note(EventKind.STEP_DONE, step.name, fraction=position)

    def _failed(self, entry: Entry, step: Step[E]) -> None:
        message = self._failure["message"] if self._failure else "cancelled"
        entry.update(state=State.REVERTING, error=self._failure)
        entry.note(EventKind.STEP_FAILED, step.name, message)

    def _undoing(self, entry: Entry, step: Step[E]) -> None:
        if step.undo is not None and self._begun[step.name]:
            entry.update(step=step.title)

    def _undone(self, entry: Entry, step: Step[E]) -> None:
        position = self._position(step, 0.0)
        entry.update(progress=position, needs_attention=None, retry_at=None)
        if step.undo is not None and self._begun[step.name]:
            entry.note(EventKind.STEP_UNDONE, step.name, fraction=position)
        self._results.pop(step.name, None)

    # --- inside -------------------------------------------------------------------------------------------

    def _begin(self, step: Step[E]) -> None:
        self._enter(step)
        if self._parked and self._begun[step.name]:
            self._go_on(step)
            return
        self.attempt = self._begun[step.name] + 1
        again = f"again, attempt {self.attempt}" if self.attempt > 1 else ""
        self.journal.begin(step.name, step.title, self._position(step, 0.0), again)
        self._begun[step.name] += 1
        self._parked = False

    def _go_on(self, step: Step[E]) -> None:
        """Begin a postponed step again: a step may wait for days, and its events shall not grow meanwhile."""
        self.attempt = self._begun[step.name]
        self.journal.go_on()
        self._told = (self._operation.progress * len(self.flow.steps) - self._order[step.name], "")
        self._parked = False

    def _enter(self, step: Step[E]) -> None:
        self._current = step
        self._told = (0.0, "")

    def _position(self, step: Step[E], fraction: float) -> float:
        return (self._order[step.name] + fraction) / len(self.flow.steps)

    def _insist(self, act: Callable[[], T], what: str) -> T:
        """Call until it succeeds. A cancel doesn't count any more: half-way is no place to stop."""
        self._heeds_cancel = False
        self.attempt = 0
        while True:
            self.attempt += 1
            try:
                self.check()
                done = act()
            except Interrupted:
                raise
            except BaseException as exc:  # noqa: BLE001 - undoing never gives up, whatever the reason
                self._wait(exc, what)
            else:
                self._parked = False
                return done

    def _wait(self, exc: BaseException, what: str) -> None:
        source = self._operation.source
        tries = 1 if self._parked else self._patience.tries(source)
        if self.attempt < tries:
            self._patience.pause(self.attempt)
            return
        # A worker that only waits is given back; the reconciler brings the operation again when its time has
        # come.
        step = self._current.name if self._current else None
        message = f"{what}: {describe(exc, step)['message']}"
        self.journal.needs_attention(message, step, self._patience.later(source))
        raise Released(later=True)


def as_json(value: Json | None) -> Any:
    """What a restart would read back, so that the first run sees the same. Raises if it is not JSON."""
    return None if value is None else json.loads(json.dumps(value, allow_nan=False))


def describe(exc: BaseException, step: str | None) -> dict[str, Any]:
    """An exception as an operation stores it: {type, message, step} and what its own `as_json` says."""
    error = {"message": type(exc).__name__}
    try:
        error["message"] = str(exc) or error["message"]
        told = getattr(exc, "as_json", None)
        told = told() if callable(told) else told
        if isinstance(told, Mapping):
            error |= json.loads(json.dumps(dict(told), default=str), parse_constant=str)
    except Exception:
        # Without an error an operation would count as cancelled.
        LOG.exception("An exception can't give an account of itself.")
    return {**error, "message": storable(str(error["message"])), "type": type(exc).__name__, "step": step}


_WRITERS: dict[str, Callable[[Any, Entry, Any], None]] = {
    states.SUCCESS: ActiveRun._done,
    states.FAILURE: ActiveRun._failed,
    states.REVERTING: ActiveRun._undoing,
    states.REVERTED: ActiveRun._undone,
}
