"""Carries out one operation in the thread it was given: from the claim to the final row, with TaskFlow in
between.
"""

from __future__ import annotations

import logging
from collections.abc import Mapping
from datetime import timedelta
from typing import Any, Generic

from sqlalchemy.exc import SQLAlchemyError

from corral.engine._taskflow import LinearFlow, SerialActionEngine, Task, WrappedFailure, states
from corral.engine.database import fenced
from corral.engine.errors import ClaimLost, EngineError, Released
from corral.engine.flow import E, Flow, Step
from corral.engine.journal import Desk, Journal
from corral.engine.operation import State
from corral.engine.patience import Patience
from corral.engine.records import Claimed, Records
from corral.engine.runs import ActiveRun, StepFailed, describe

LOG = logging.getLogger(__name__)

_OPTIONS = {"gather_statistics": False}
_OVER = (states.SUCCESS, states.REVERTED)


class StepTask(Task):  # type: ignore[misc]  # TaskFlow is untyped
    """A step as TaskFlow sees it, made for one run, so that nothing is injected or persisted."""

    def __init__(self, run: ActiveRun[Any], step: Step[Any]) -> None:
        super().__init__(name=step.name)
        self._run = run
        self._step = step

    def execute(self) -> Any:
        """Do the step."""
        return self._run.do(self._step)

    def revert(self, **_told: Any) -> None:
        """Undo the step. It never raises an Exception: TaskFlow would leave all earlier steps as they are."""
        self._run.undo(self._step)


class Performer(Generic[E]):
    """Runs operations, one call of `perform` each; it may be called from many threads."""

    def __init__(
        self,
        desk: Desk,
        records: Records,
        flows: Mapping[tuple[str, int], Flow[E]],
        env: E,
        patience: Patience,
        owner: str,
    ) -> None:
        self._desk = desk
        self._records = records
        self._flows = flows
        self._env = env
        self._patience = patience
        self._owner = owner

    def perform(self, uuid: str) -> bool:
        """Carry an operation as far as it goes now. True if its job may leave the board: the operation is
        over, or the reconciler will bring it again. False if somebody else shall have the job.
        """
        journal: Journal | None = None
        try:
            if (claimed := self._records.claim(uuid, self._owner)) is not None:
                journal = Journal(self._desk, claimed.claim)
                operation, tracing = claimed.history.operation, self._desk.tracing
                with fenced(uuid, claimed.claim.epoch), tracing.running(operation, claimed.trace, self._owner) as tell:
                    tell(self._carry_out(claimed, journal))
            return True
        except Released as exc:
            self._give_back(journal)
            return exc.later
        except ClaimLost as exc:
            LOG.warning("Lost an operation to another worker.", extra={"operation": uuid, "error": str(exc)})
            return False
        except Exception as exc:
            # The engine's own errors say all; a surprise needs its traceback.
            surprise = not isinstance(exc, EngineError)
            LOG.error("An operation could not be carried out.", exc_info=surprise, extra={"operation": uuid})
            self._report(journal, exc)
            self._give_back(journal)
            return True

    def _carry_out(self, claimed: Claimed, journal: Journal) -> State:
        """Gives how the operation ended."""
        operation = claimed.history.operation
        flow = self._flows.get((operation.kind, operation.flow_version))
        if flow is None:
            raise EngineError(
                f"This process has no flow {operation.kind} version {operation.flow_version}. "
                "Start a release that has it, or wait until such a worker takes the operation."
            )
        run = ActiveRun(flow, claimed.history, self._env, journal, self._patience, self._desk.tracing)
        if self._drive(run, claimed.detail) == states.SUCCESS:
            return run.succeed()
        return run.revert()

    def _drive(self, run: ActiveRun[E], detail: Any) -> str:
        """Let TaskFlow run the flow to an end. One that is over already (the process died before the
        operation's row said so) is not run again: TaskFlow would start from the beginning.
        """
        if detail.state in _OVER:
            return str(detail.state)
        run.start()
        tasks = [StepTask(run, step) for step in run.flow.steps]
        flow = LinearFlow(run.flow.name).add(*tasks)
        engine = SerialActionEngine(flow, detail, self._desk.rows.fenced(detail, run), _OPTIONS)
        # Two writes per step that nobody reads: progress has its own place, in the operation's row.
        engine.storage.set_task_progress = _pass_over
        engine.compile()
        engine.prepare()
        repair(engine)
        self._run(engine)
        if engine.storage.get_flow_state() == states.SUSPENDED:
            run.journal.flush()
        return _outcome(engine)

    def _run(self, engine: Any) -> None:
        try:
            suspended = False
            for _state in engine.run_iter():
                if self._patience.stopping.is_set() and not suspended:
                    engine.suspend()
                    suspended = True
        except (StepFailed, WrappedFailure):
            pass  # TaskFlow raises the failures of a flow that it reverted well; _outcome looks at its state

    def _give_back(self, journal: Journal | None) -> None:
        """Leave the operation to whoever comes next; without that the lease must run out first."""
        if journal is None or self._desk.lease is None:
            return
        try:
            journal.give_back()
        except SQLAlchemyError as exc:
            LOG.info("A claim was not given back; its lease will end.", extra={"error": str(exc)})

    def _report(self, journal: Journal | None, exc: Exception) -> None:
        """Let people see why an operation stands still. Without a claim only the log has it."""
        if journal is None:
            return
        retry_at = self._desk.clock() + timedelta(seconds=self._patience.back_off.cap)
        try:
            journal.needs_attention(describe(exc, None)["message"], None, retry_at)
        except (Exception, ClaimLost):
            LOG.exception("An operation's trouble could not be noted.")


def repair(engine: Any) -> None:
    """Let a revert that failed go on. TaskFlow takes REVERT_FAILURE for an end: it would say REVERTED at the
    next run, having undone nothing of what came before.
    """
    for atom in engine.storage._flowdetail:
        if atom.state == states.REVERT_FAILURE:
            engine.storage.set_atom_state(atom.name, states.REVERTING)


def _outcome(engine: Any) -> str:
    state = str(engine.storage.get_flow_state())
    if state == states.SUSPENDED:
        raise Released
    if state not in _OVER:
        raise EngineError(f"TaskFlow left the flow in state {state}.")
    return state


def _pass_over(_name: str, _progress: float, details: Any = None) -> None:
    """Take the place of Storage.set_task_progress."""
