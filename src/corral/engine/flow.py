"""What the authors of flows write: steps, flows, and what a step sees while it runs.

A flow reads like the specification it carries out: a tuple of steps, in order, each with what it does and how
that is undone. No type of TaskFlow appears here; a step can be tested with any object that has the shape of
`Run`.

The law of steps:

- **A step may be repeated.** A process can die between the act and the note that it was done, so `do` and
  `undo` are called again after a restart and must come to the same end. `Run.attempt` says whether this is
  such a repetition: above 1 the outcome of the earlier act is unknown, so observe the world before you act.
- **Check right before each act.** `Run.check()` raises when another worker owns the operation now, or when
  somebody cancelled it. Both are `BaseException`s, so that `except Exception` in a driver can't swallow them;
  let them pass. What crosses a border that was given `Run.check` as its guard is checked there.
- **`undo` cleans up after a `do` that failed half-way**, not only after one that finished: its own result may
  be missing in `Run.results`. "Not found" means done. An exception means "try again later": the engine never
  gives up.
- **A step without an undo says so**: `undo=None` is written out.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Generic, Protocol, TypeVar

import sqlalchemy as sa

Json = Mapping[str, Any] | Sequence[Any] | str | int | float | bool
"""What a step returns and an operation is given: only what survives `json.loads(json.dumps(value))`."""

NAME_LENGTH = 64
"""Of flows and steps: they are columns."""

E = TypeVar("E")
E_co = TypeVar("E_co", covariant=True)


class Run(Protocol[E_co]):
    """One execution of a flow, as its steps see it. `E_co` is the type of `env`."""

    @property
    def operation(self) -> str:
        """The operation's uuid: a good idempotency key for calls to the world."""

    @property
    def params(self) -> Mapping[str, Any]:
        """The operation's input, as it was submitted."""

    @property
    def results(self) -> Mapping[str, Any]:
        """What finished steps returned, by step name. In `undo` also the step's own result, if it had
        finished.
        """

    @property
    def env(self) -> E_co:
        """Drivers, stores, settings: what this process gave to its engine. Never persisted."""

    @property
    def attempt(self) -> int:
        """1 the first time this step's `do` (or `undo`) is called; more means an earlier call's outcome is
        unknown.
        """

    @property
    def reverting(self) -> bool:
        """True in `undo` and in `on_reverted`."""

    def check(self) -> None:
        """Raise ClaimLost if another worker owns this operation, Cancelled if it was cancelled.

        Call it right before each act on the world. While reverting only the claim counts: cancelling a revert
        would leave the world half-way.
        """

    def along(self, write: Callable[[sa.Connection], None]) -> None:
        """Have this called within the engine's next transaction: the one in which this step's end is kept, or an earlier one;
        at once when the last was some seconds ago.

        For what nobody needs before: no later step acts before it is written. If the process dies until then it is lost, with
        the note that the step was done: so the step is repeated, and writes it again.
        """

    def progress(self, fraction: float, note: str = "") -> None:
        """Tell how far this step is (0..1) and what it does. Changes below one per cent are not stored."""


@dataclass(frozen=True)
class Step(Generic[E]):
    """One act and its undoing. `name` is stored with each operation, `title` is what people read."""

    name: str
    title: str
    do: Callable[[Run[E]], Json | None]
    undo: Callable[[Run[E]], None] | None


@dataclass(frozen=True)
class Flow(Generic[E]):
    """A versioned list of steps. Operations remember (name, version), and run with exactly that version.

    Within one version steps may be appended or inserted, never removed or renamed: a removed step would not
    be undone for operations that already ran it. Remove by adding a new version, and keep the old one
    registered until its operations are finished.

    Hooks, each called at least once (again after a crash, so they too must be idempotent):

    - `on_start` before the first step. If it raises, the operation ends as reverted; nothing was begun.
    - `on_success` after the last step; a value other than None becomes the operation's result (otherwise the
      result is that of the last step that returned one).
    - `on_reverted` after everything was undone, of failed and of cancelled operations alike.

    `on_success` and `on_reverted` run before the operation is final, and are retried as undoing is.
    """

    name: str
    version: int
    steps: tuple[Step[E], ...]
    on_start: Callable[[Run[E]], None] | None = None
    on_success: Callable[[Run[E]], Json | None] | None = None
    on_reverted: Callable[[Run[E]], None] | None = None

    def __post_init__(self) -> None:
        names = [step.name for step in self.steps]
        if not names:
            raise ValueError(f"Flow {self.name} has no steps.")
        if len(set(names)) != len(names):
            raise ValueError(f"Flow {self.name} has two steps of one name: {', '.join(sorted(names))}.")
        if too_long := [name for name in (self.name, *names) if len(name) > NAME_LENGTH]:
            raise ValueError(f"Names have at most {NAME_LENGTH} characters: {', '.join(too_long)}.")
