"""apply: the machines of a large plan are adopted, each by an operation of its own, so many at a time.

The feeder looks, starts what there is room for, and gives its worker back until more is to do: it never waits in a thread that
the adoptions need. What it starts has uuids made of plan and position, and is recorded with the plan in the transaction that
stores it: a feeder that is killed anywhere, and begins again, starts nothing twice and leaves nothing out. Each machine is
judged again by its own operation, which is refused when the machine has changed; one that fails stops no other.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import sqlalchemy as sa

from corral.domain.errors import CorralError
from corral.domain.plan import ItemState, PlannedMachine, PlanRecord, PlanState
from corral.engine import Flow, Json, Postponed, Run, Step, Submission
from corral.flows.env import Env
from corral.flows.start import Actor, Books, planned

_CHUNK = 50
"""How many are stored in one transaction: others want to write, too."""
_LOOK = 1.0  # seconds between looks
_LOOK_PAUSED = 5.0


class _Held(Exception):
    """The plan was paused or cancelled meanwhile."""


def feed(run: Run[Env]) -> Json:
    """Start what there is room for. Gives how many machines ended how, once all of them did."""
    record = run.env.plans.get(run.params["plan"])
    if record.state is PlanState.APPLYING:
        _start_some(run, run.env.plan_ahead - record.count(ItemState.RUNNING))
        record = run.env.plans.get(record.uuid)
    run.progress(record.over / record.adoptable)
    if record.over < record.adoptable:
        raise Postponed(_LOOK if record.state is PlanState.APPLYING else _LOOK_PAUSED)
    return _told(record)


def _told(record: PlanRecord) -> dict[str, Any]:
    return {"plan": record.uuid, **{state.value: number for state, number in record.counts.items()}}


def _start_some(run: Run[Env], room: int) -> None:
    if room <= 0:
        return
    waiting = run.env.plans.machines(run.params["plan"], state=ItemState.PLANNED, limit=room)
    try:
        for start in range(0, len(waiting), _CHUNK):
            run.check()
            _start(run, waiting[start : start + _CHUNK])
    except _Held:
        return  # nothing of the chunk was stored, and nothing more is to be


def _start(run: Run[Env], machines: Sequence[PlannedMachine]) -> None:
    try:
        _submit(run, machines)
    except CorralError as exc:
        if len(machines) == 1:
            run.env.plans.failed(run.params["plan"], machines[0].position, exc.as_json())
            return
        # One of them was taken, or its name: none is stored yet. One by one shows which.
        for machine in machines:
            run.check()
            _start(run, [machine])


def _submit(run: Run[Env], machines: Sequence[PlannedMachine]) -> None:
    plans, plan = run.env.plans, run.params["plan"]

    def first(conn: sa.Connection) -> None:
        if not plans.may_start(conn, plan):
            raise _Held

    run.env.submit([_operation(run, machine) for machine in machines], first=first)


def _operation(run: Run[Env], machine: PlannedMachine) -> Submission:
    env, actor = run.env, Actor(run.params["user"], run.params["project"], run.params["request_id"])
    books = Books(env.servers, env.proofs, env.audit)
    return planned(run.params["plan"], machine, actor, run.params["installation"], books, env.plans.started)


def give_up(run: Run[Env]) -> None:
    """However the feeder was stopped: its plan starts nothing more. What was started goes on."""
    run.env.plans.cancelled(run.params["plan"], run.env.clock())


FLOW: Flow[Env] = Flow(
    name="apply",
    version=1,
    steps=(Step("feed", "Start the machines' operations", feed, undo=None),),  # each machine's operation undoes its own
    on_reverted=give_up,
)
