"""Plans: made of a list of wishes or of a filter, kept, looked at, and carried out: paused, resumed and cancelled on the way."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import replace
from datetime import datetime
from uuid import uuid4

import sqlalchemy as sa

from corral.domain.errors import Conflict, Refused, Stale
from corral.domain.mapping import Rules
from corral.domain.plan import ItemState, Plan, PlanDigest, PlanItem, PlannedMachine, PlanRecord, PlanState
from corral.domain.reasons import Reason, blockers
from corral.domain.server import ManageRequest
from corral.engine import Engine, Finished, NewOperation, Operation, Submission
from corral.flows import Env
from corral.flows.start import Actor, Books, planned
from corral.services.planning import Planner, Wanted
from corral.store import Audit, AuditEntry, Plans

FEW = 100
"""Up to so many machines are started together, within the request; more by an operation of their own."""

_PAGE = 500
_REASONS = 100
"""How many different reasons a refusal lists; the plan has all of them."""


class PlanService:
    """The use cases around plans. `installation`: the mark of the servers that this Corral makes."""

    def __init__(
        self,
        planner: Planner,
        plans: Plans,
        engine: Engine[Env],
        books: Books,
        clock: Callable[[], datetime],
        installation: str,
    ) -> None:
        self._planner = planner
        self._plans = plans
        self._engine = engine
        self._books = books
        self._audit: Audit = books.audit
        self._clock = clock
        self._installation = installation

    # --- make and look ------------------------------------------------------------------------------------

    def store(self, requests: Sequence[ManageRequest], actor: Actor) -> PlanRecord:
        """Plan what is wished for each of these machines, and keep it. Machines that can't be adopted are among them."""
        plan = self._new(actor, self._planner.items(requests, actor.project, actor.may))
        with self._audit.recording(_noted("plan:create", "done", plan.uuid, len(plan.items), actor)) as conn:
            self._plans.add(conn, plan)
        return self._plans.get(plan.uuid)

    def store_matching(self, wanted: Wanted, rules: Rules, actor: Actor) -> PlanRecord:
        """Plan for every machine that matches, as the rules say, and keep it; written while the source is read.

        Raises NotFound for a source, Invalid for a flavor that do not exist; Conflict when no machine matches."""
        plan = self._new(actor, ())
        try:
            digest, count = self._write(plan, self._planner.matching(wanted, rules, actor.project, actor.may))
        except Exception:
            self._plans.discard(plan.uuid)
            raise
        if not count:
            raise Conflict(
                f"No free machine of source {wanted.source} matches.",
                fix="`corral adoptable list` and `corral adoptable vms` show what there is; a class and a glob must match exactly.",
            )
        with self._audit.recording(_noted("plan:create", "done", plan.uuid, count, actor)) as conn:
            self._plans.seal(conn, plan.uuid, digest)
        return self._plans.get(plan.uuid)

    def get(self, uuid: str) -> PlanRecord:
        """A plan that was kept, with how far it is. Raises NotFound."""
        return self._plans.get(uuid)

    def machines(
        self, uuid: str, *, state: ItemState | None = None, adoptable: bool | None = None, after: int = -1, limit: int
    ) -> list[PlannedMachine]:
        """A page of a plan's machines, those behind position `after`."""
        return self._plans.machines(uuid, state=state, adoptable=adoptable, after=after, limit=limit)

    def all_machines(
        self, uuid: str, *, state: ItemState | None = None, adoptable: bool | None = None
    ) -> Iterator[PlannedMachine]:
        """All of a plan's machines, drawn page by page."""
        after = -1
        while page := self.machines(uuid, state=state, adoptable=adoptable, after=after, limit=_PAGE):
            yield from page
            after = page[-1].position

    # --- carry out ----------------------------------------------------------------------------------------

    def apply(
        self, uuid: str, actor: Actor, *, skip_blocked: bool = False
    ) -> tuple[PlanRecord, Sequence[Operation], Operation | None]:
        """Carry a plan out: an operation for each machine. Few are stored together, or none of them; for many one operation is
        stored, that starts the others: it is what is given beside an empty list.

        Raises Refused while machines in it are blocked, unless those are to be skipped; Conflict when it was applied before,
        or cancelled. For few also Stale when anything has changed that the plan rests on, and Conflict when a machine was
        taken meanwhile; of many, each machine's operation tells by itself."""
        plan = self._plans.get(uuid)
        if plan.state is not PlanState.PLANNED:
            raise Conflict(f"Plan {uuid} was {_was(plan)} already.", fix="Make a new plan for what is left to do.")
        if not plan.adoptable or (plan.count(ItemState.BLOCKED) and not skip_blocked):
            self._refuse_blocked(plan)
        if plan.adoptable > FEW:
            feeder = self._feed(plan, actor)
            return self._plans.get(uuid), (), feeder
        operations = self._together(plan, actor)
        return self._plans.get(uuid), operations, None

    def pause(self, uuid: str, actor: Actor) -> PlanRecord:
        """Start no more machines until the plan is resumed. Raises Conflict unless it is being applied."""
        self._expect(uuid, PlanState.APPLYING, "paused")
        with self._audit.recording(_noted("plan:pause", "done", uuid, None, actor)) as conn:
            self._plans.pause(conn, uuid, self._clock())
        return self._plans.get(uuid)

    def resume(self, uuid: str, actor: Actor) -> PlanRecord:
        """Go on with a plan. Raises Conflict unless it is paused."""
        self._expect(uuid, PlanState.PAUSED, "resumed")
        with self._audit.recording(_noted("plan:resume", "done", uuid, None, actor)) as conn:
            self._plans.pause(conn, uuid, None)
        return self._plans.get(uuid)

    def cancel(self, uuid: str, actor: Actor, *, revert: bool = False) -> PlanRecord:
        """Start no more machines of a plan, for good. What is under way goes on or, with `revert`, is turned around, too.

        Raises Conflict when all of it is done. May be said again, to revert what goes on."""
        plan = self._plans.get(uuid)
        if plan.state is PlanState.APPLIED and not plan.count(ItemState.RUNNING):
            raise Conflict(f"Plan {uuid} was applied already.", fix="`corral server unmanage` lets a machine go.")

        def cancelled(conn: sa.Connection) -> None:
            self._plans.cancel(conn, uuid, self._clock())
            self._audit.add(_noted("plan:cancel", "done", uuid, None, actor), conn=conn)

        if plan.feeder is None or not self._turned(plan.feeder, cancelled):
            with self._audit.recording(_noted("plan:cancel", "done", uuid, None, actor)) as conn:
                self._plans.cancel(conn, uuid, self._clock())
        # Nothing is started from here on: what is under way now is all there is.
        for operation in self._plans.under_way(uuid) if revert else ():
            self._turned(operation, None)
        return self._plans.get(uuid)

    # --- inside -------------------------------------------------------------------------------------------

    def _write(self, plan: Plan, batches: Iterable[Sequence[PlanItem]]) -> tuple[str, int]:
        """Write a plan as its items come; gives their digest and number."""
        digest, count = PlanDigest(), 0
        for items in batches:
            if not count:
                self._plans.begin(plan)
            self._plans.append(plan.uuid, count, items)
            for item in items:
                digest.add(item)
            count += len(items)
        return digest.text(), count

    def _new(self, actor: Actor, items: tuple[PlanItem, ...]) -> Plan:
        return Plan(str(uuid4()), actor.project, actor.user, items, self._clock())

    def _turned(self, operation: str, alongside: Callable[[sa.Connection], None] | None) -> bool:
        """Cancel an operation; False if it is over."""
        try:
            self._engine.cancel(operation, alongside=alongside)
        except Finished:
            return False
        return True

    def _together(self, plan: PlanRecord, actor: Actor) -> Sequence[Operation]:
        machines = self._plans.machines(plan.uuid, adoptable=True, limit=FEW)
        fresh = self._planner.items([one.item.request for one in machines], actor.project, actor.may)
        _refuse_changed([one.item for one in machines], fresh)
        wanted = [
            planned(plan.uuid, one, actor, self._installation, self._books, self._plans.started) for one in machines
        ]

        def first(conn: sa.Connection) -> None:
            self._plans.take(conn, plan.uuid, self._clock())
            self._plans.together(conn, plan.uuid, [str(one.operation.uuid) for one in wanted])
            self._audit.add(_noted("plan:apply", "accepted", plan.uuid, len(wanted), actor), conn=conn)

        return self._engine.submit_many(wanted, first=first)

    def _feed(self, plan: PlanRecord, actor: Actor) -> Operation:
        uuid = str(uuid4())
        params = {
            "action": "plan:apply",
            "plan": plan.uuid,
            "user": actor.user,
            "project": actor.project,
            "request_id": actor.request_id,
            "installation": self._installation,
        }
        new = NewOperation(uuid=uuid, subject=plan.uuid, project_id=actor.project, user_id=actor.user)

        def first(conn: sa.Connection) -> None:
            self._plans.take(conn, plan.uuid, self._clock(), uuid)
            accepted = replace(_noted("plan:apply", "accepted", plan.uuid, plan.adoptable, actor), operation=uuid)
            self._audit.add(accepted, conn=conn)

        return self._engine.submit_many([Submission("apply", params, new)], first=first)[0]

    def _expect(self, uuid: str, wanted: PlanState, verb: str) -> None:
        plan = self._plans.get(uuid)
        if plan.state is not wanted or plan.feeder is None:
            small = plan.applied_at is not None and plan.feeder is None
            why = f"its {len(plan.operations)} machines were started together" if small else f"it is {plan.state}"
            raise Conflict(
                f"Plan {uuid} can't be {verb}: {why}.", fix=f"Only a large plan that is {wanted} can be {verb}."
            )

    def _refuse_blocked(self, plan: PlanRecord) -> None:
        reasons: dict[Reason, None] = {}
        for machine in self.all_machines(plan.uuid, adoptable=False):
            reasons |= dict.fromkeys(blockers(machine.item.reasons))
            if len(reasons) >= _REASONS:
                break
        raise Refused(
            f"{plan.count(ItemState.BLOCKED)} of {plan.total} machines in the plan can't be adopted.",
            tuple(reasons),
            fix="Fix what each reason says and make a new plan, or apply with skip_blocked=true.",
        )


def _was(plan: PlanRecord) -> str:
    return "cancelled" if plan.state is PlanState.CANCELLED else "applied"


def _noted(action: str, outcome: str, plan: str, machines: int | None, actor: Actor) -> AuditEntry:
    detail = {} if machines is None else {"machines": machines}
    return AuditEntry(action, outcome, actor.user, actor.project, actor.request_id, plan, detail=detail)


def _refuse_changed(old: Sequence[PlanItem], new: Sequence[PlanItem]) -> None:
    changed = [
        before.machine_name or before.machine
        for before, now in zip(old, new, strict=True)
        if before.basis != now.basis or not now.adoptable
    ]
    if changed:
        raise Stale(
            f"The world has changed since the plan was made: {', '.join(changed[:10])}.",
            fix="Make a new plan and look at it before applying it.",
        )
