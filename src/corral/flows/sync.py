"""sync: a source is told what the record says of one machine, because the policy, or a person, said so.

look again, and refuse what is not as it was when that was decided → tell the source → wait until it says the same → agree.

Rule: a correction rests on what was just seen. What changed meanwhile, on either side, is not corrected but looked at anew by the
next pass. What disturbs a machine is refused here once more unless it was allowed by name.
"""

from __future__ import annotations

from collections.abc import Mapping
from contextlib import suppress
from dataclasses import replace
from typing import Any

import sqlalchemy as sa

from corral.contracts.border import Purpose
from corral.contracts.syncing import Told
from corral.domain.descriptions import unkept
from corral.domain.drift import DriftState, Field, Value, doubtful
from corral.domain.errors import Conflict, DriverFailed, NotFound, Stale
from corral.domain.lifecycle import STABLE
from corral.domain.merge import Never
from corral.domain.server import Kind, Server
from corral.domain.sync_cloud import LASTING
from corral.domain.sync_sides import record_side
from corral.engine import Flow, Json, Run, Step
from corral.flows.env import Env, at_border, note
from corral.flows.sync_ways import Way, way_to
from corral.store.sync_state import Agreed

_WAITS = (0.2, 0.3, 0.5, 1.0, 2.0)
_STALE = "Nothing was changed. The next pass looks at both sides again."


def check(run: Run[Env]) -> Json:
    """Look at both sides again. Gives the fields that are still to be told, and what they are at the source now."""
    server, told = run.env.servers.get(run.params["server"]), _told(run)
    if server.status not in STABLE:
        raise Conflict(f"Server {server.name} is {server.status}: something else is done to it.", fix=_STALE)
    agreed = run.env.sync.agreed([server.uuid]).get(server.uuid)
    flavors = {one.uuid: one for one in run.env.flavors.all()}
    ours = record_side(server, flavors, agreed.agreed if agreed else {}, told.beside)
    _check_identity(server, ours, told)
    todo: dict[str, Value] = {}
    for what, wish in _wishes(run).items():
        if what not in told.facts or ours.get(what) != wish["to"]:
            raise Conflict(f"Its {what} is just changing.", fix=_STALE)
        if told.facts[what] == wish["to"]:
            continue
        if told.facts[what] != wish["from"]:
            raise Conflict(f"Its {what} has changed at the source since this was decided.", fix=_STALE)
        _check_allowed(run, what, wish["to"])
        if why := unkept(what, told.facts[what]):
            raise Conflict(why, fix=_STALE)
        todo[str(what)] = told.facts[what]
    return {"todo": todo}


def _check_identity(server: Server, ours: Mapping[Field, Value], told: Told) -> None:
    if told.problem:
        raise Conflict(f"The machine's record can't be read: {told.problem}.", fix=_STALE)
    if doubtful(ours, told.facts) or told.facts.get(Field.OWNER, server.uuid) != server.uuid:
        raise Conflict("The source tells of another machine, or another owner.", fix=_STALE)


def _check_allowed(run: Run[Env], what: Field, value: Value) -> None:
    disturbs = _way(run).disturbance(what, value)
    if disturbs and disturbs not in run.params["allowed"]:
        raise Conflict(f"To correct its {what} is to {disturbs} the machine, which nobody allowed.", fix=_STALE)


def apply(run: Run[Env]) -> Json | None:
    """Tell the source. What it says already is not told again, also not when an answer was lost."""
    way = _way(run)
    for what in _todo(run):
        with at_border(run, Purpose.SYNC):
            way.set(run.params["machine"], what, _wishes(run)[what]["to"])
    return None


def take_back(run: Run[Env]) -> None:
    """What was told goes back to what it was, where that disturbs nothing, and nobody changed it since."""
    way = _way(run)
    for what, before in _todo(run).items():
        if way.disturbance(what, before) or what in LASTING:
            continue
        try:
            now = _told(run).facts.get(what)
        except NotFound:
            return
        if now == _wishes(run)[what]["to"]:
            with at_border(run, Purpose.SYNC):
                way.set(run.params["machine"], what, before)


def verify(run: Run[Env]) -> Json | None:
    """Wait until the source says what it was told. Raises DriverFailed when it does not in time."""
    waited, looks, wanted = 0.0, 0, {what: wish["to"] for what, wish in _wishes(run).items()}
    while True:
        told = _told(run).facts
        if all(told.get(what) == value for what, value in wanted.items()):
            return None
        moving = any(what not in told for what in wanted)
        if waited >= run.env.power_timeout or (not moving and looks >= len(_WAITS)):
            raise DriverFailed(f"The source was told, and {waited:.0f} s later says something else.", fix=_STALE)
        run.check()
        pause = _WAITS[min(looks, len(_WAITS) - 1)]
        run.env.sleep(pause)
        waited, looks = waited + pause, looks + 1


def agree(run: Run[Env]) -> Json | None:
    """Both sides are one now: write that down, and what was there before anything was ever written."""
    uuid, todo, turn = run.params["server"], _todo(run), run.env.clock().isoformat()
    server = run.env.servers.get(uuid)
    with run.env.sync.changing() as conn:
        kept = run.env.sync.agreed_in(conn, uuid)
        wanted = {what: wish["to"] for what, wish in _wishes(run).items()}
        first = {what: before for what, before in todo.items() if what not in {*kept.origin, *LASTING}}
        turns = {what: _turns(kept, what, before, turn) for what, before in todo.items()}
        run.env.sync.agree(
            conn,
            uuid,
            replace(
                kept,
                agreed={**kept.agreed, **wanted},
                origin={**kept.origin, **first},
                turns={**kept.turns, **turns},
                # The next pass compares again: what was just corrected may already be as it was before.
                stamp="",
            ),
        )
        if Field.NAME in wanted:
            _called(run, conn, server)
        for what in wanted:
            run.env.drifts.drop(conn, run.params["source"], run.params["machine"], what)
    return {"corrected": sorted(map(str, todo))}


def _turns(kept: Agreed, what: Field, before: Value, turn: str) -> list[str]:
    """When a field was corrected because the source did not keep to what was agreed. Where it still said that, a person has changed
    the record, and nobody fights; that the field was corrected at all is told by its being there."""
    turns = [*kept.turns.get(what, ())]
    return turns if kept.agreed.get(what, Never.AGREED) == before else [*turns, turn][-_TURNS:]


_TURNS = 10
_FAILED = "The correction failed: its operation says why. The next pass tries again, or tells when it will be tried."


def _called(run: Run[Env], conn: sa.Connection, server: Server) -> None:
    """A VM is called as it was wished: the wish is fulfilled. Where the record has changed meanwhile, the next pass finds both
    sides to be one."""
    if server.kind is Kind.VM and server.vm_name is not None:
        with suppress(Stale):
            run.env.servers.save(replace(server, machine_name=server.vm_name, vm_name=None), conn=conn)


def done(run: Run[Env]) -> None:
    """The audit entry."""
    note(run, run.params["action"], "succeeded", fields=sorted(run.params["wanted"]))
    _look_again(run)


def failed(run: Run[Env]) -> None:
    """The differences are open again, until the next pass looks at them: that tries again, or says why not."""
    with run.env.sync.changing() as conn:
        run.env.drifts.free(conn, run.operation, DriftState.OPEN, _FAILED)
        kept = run.env.sync.agreed_in(conn, run.params["server"])
        turn = run.env.clock().isoformat()
        turns = {what: [*kept.turns.get(what, ()), turn][-_TURNS:] for what in _wishes(run)}
        run.env.sync.agree(conn, run.params["server"], replace(kept, turns={**kept.turns, **turns}, stamp=""))
    note(run, run.params["action"], "reverted", fields=sorted(run.params["wanted"]))
    _look_again(run)


def _look_again(run: Run[Env]) -> None:
    run.env.look_again(run.params["source"], run.params["machine"], _wishes(run).keys())


def _way(run: Run[Env]) -> Way:
    return way_to(run.env, run.params["source"])


def _told(run: Run[Env]) -> Told:
    with at_border(run, Purpose.LOOK):
        return _way(run).told_of(run.params["machine"])


def _wishes(run: Run[Env]) -> dict[Field, Mapping[str, Any]]:
    return {Field(what): wish for what, wish in run.params["wanted"].items()}


def _todo(run: Run[Env]) -> dict[Field, Value]:
    seen = run.results.get("check") or {"todo": {}}
    return {Field(what): before for what, before in seen["todo"].items()}


FLOW: Flow[Env] = Flow(
    name="sync",
    version=1,
    steps=(
        Step("check", "Look at both sides again", check, undo=None),  # only reads
        Step("apply", "Tell the source", apply, undo=take_back),
        Step("verify", "Wait until it says the same", verify, undo=None),  # only reads
        Step("agree", "Write down what is agreed", agree, undo=None),  # the last act
    ),
    on_success=done,
    on_reverted=failed,
)
