"""Drifts as people see them and decide about them: which side counts, or that it does not matter."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass, replace
from datetime import datetime

from corral.domain.drift import WHOLE, Drift, DriftState, Field
from corral.domain.errors import Conflict, NotFound, NotSupported
from corral.domain.merge import refusal
from corral.domain.server import Server
from corral.domain.sync_compare import Comparison
from corral.domain.sync_policy import SourcePolicy
from corral.engine import Operation
from corral.flows.start import Actor
from corral.services.adoption import Adoption
from corral.services.keys import answered
from corral.services.sync_acts import Acts, Compared, Desk
from corral.services.sync_policies import Policies
from corral.services.sync_worlds import World
from corral.store import AuditEntry
from corral.store.drift import DriftFilter
from corral.store.sync_state import Agreed, SourceState

_AGAIN = "Look at it again: `corral drift list`."


@dataclass(frozen=True, slots=True)
class SyncedSource:
    """A source that the policy names: what it says, how the passes go, and how many drifts there are by state. `lag`: seconds since
    the last pass that saw everything, None before the first. `policy_problem`: why an older policy
    than the file's is in force, here or where the passes are made. `pods`: those that its composed servers are of, and whether each
    is heard."""

    policy: SourcePolicy
    state: SourceState
    drifts: Mapping[str, int]
    lag: float | None
    policy_problem: str | None = None
    pods: tuple[SourceState, ...] = ()


class DriftService:
    """The use cases around drifts and the passes over sources."""

    def __init__(
        self,
        worlds: Mapping[str, World],
        policies: Policies,
        desk: Desk,
        adoption: Adoption,
        *,
        pods: Collection[str] = (),
    ) -> None:
        """`pods`: those that are listened to."""
        self._pods = pods
        self._worlds = worlds
        self._policies = policies
        self._desk = desk
        self._adoption = adoption

    # --- look ---------------------------------------------------------------------------------------------

    def get(self, ident: int) -> Drift:
        """The drift. Raises NotFound."""
        return self._desk.drifts.get(ident)

    def page(self, where: DriftFilter, *, limit: int, after: int = 0) -> list[Drift]:
        """One page, in the order in which they were found."""
        return self._desk.drifts.page(where, limit=limit, after=after)

    def sources(self) -> list[SyncedSource]:
        """Every source that the policy names, by name."""
        counts: dict[str, dict[str, int]] = {}
        for source, state, number in self._desk.drifts.counts():
            counts.setdefault(source, {})[state] = number
        return [self._source(name, counts.get(name, {})) for name in sorted(self._policies)]

    def source(self, name: str) -> SyncedSource:
        """One of them. Raises NotFound."""
        if name not in self._policies:
            raise NotFound(f"Source {name!r} is not kept in step: the sync policy does not name it.", fix=self._named())
        return next(one for one in self.sources() if one.state.name == name)

    def state(self, name: str) -> SourceState:
        """How the passes over a source go, or whether a pod is heard; of one that is neither synchronized nor heard, nothing."""
        known = name in self._policies or name in self._pods
        return self._desk.state.state(name) if known else SourceState(name)

    def _named(self) -> str:
        if not self._policies.watched:
            return "There is no policy: name its file in the setting `sync.policy_file`, then restart Corral."
        known = ", ".join(sorted(self._policies)) or "none"
        return f"It names: {known}. Add the source to the file that the setting `sync.policy_file` names."

    def _source(self, name: str, drifts: Mapping[str, int]) -> SyncedSource:
        state = self._desk.state.state(name)
        lag = None if state.ended_at is None else _seconds(self._desk.clock(), state.ended_at)
        problem = self._policies.problem or state.policy_problem
        return SyncedSource(self._policies[name], state, drifts, lag, problem, self._pods_of(name))

    def _pods_of(self, source: str) -> tuple[SourceState, ...]:
        used = self._desk.pods.pods(source) if self._desk.pods is not None else []
        return tuple(self._desk.state.state(pod) for pod in used if pod in self._pods)

    # --- decide -------------------------------------------------------------------------------------------

    def decided(self, key: str | None, actor: Actor) -> Operation | None:
        """What an earlier decision with the same Idempotency-Key started. Raises Conflict for a key of another wish."""
        return next(iter(answered(self._desk.engine, key, actor, "sync", "unmanage", "offboard_vm")), None)

    def accept(self, drift: Drift, actor: Actor, *, key: str | None = None) -> Operation | None:
        """The world is right: the record takes it over. Of a machine that is gone the server is let go, by an operation. Raises
        Conflict when either side has changed since; NotSupported for what the record can't take over."""
        server = self._server(drift)
        if drift.field is Field.GONE:
            return self._let_go(server, actor, key)
        world = self._world(drift.source)
        means = world.means(drift.field, drift.record)
        if why := refusal(drift.field, means, restoring=False):
            raise NotSupported(why, fix="Restore it at the source, change the record, or ignore it.")
        told = world.look(drift.machine)
        if told.problem or told.facts.get(drift.field) != drift.world:
            raise Conflict(f"The {drift.field} of {drift.name} has changed at its source since.", fix=_AGAIN)
        one = Compared(server, told, Agreed(), "", Comparison((), {}, frozenset()))
        self._desk_at(drift).accept(one, drift, actor)
        return None

    def _let_go(self, server: Server, actor: Actor, key: str | None) -> Operation:
        try:
            self._world(server.source).told_of(server.machine)
        except NotFound:
            return self._adoption.unmanage(server, actor, key=key)[1]
        raise Conflict(f"The machine of server {server.name} is at its source.", fix=_AGAIN)

    def restore(self, drift: Drift, actor: Actor, *, key: str | None = None) -> Operation:
        """The record is right: an operation tells the source. Whoever asks for this may do to the machine what it takes. Raises
        NotSupported for what the source can't be told; Conflict while that is being done."""
        server = self._server(drift)
        means = self._world(drift.source).means(drift.field, drift.record)
        if drift.field in WHOLE or (why := refusal(drift.field, means, restoring=True)):
            why = f"A machine that is {drift.field} can't be brought back from here." if drift.field in WHOLE else why
            raise NotSupported(why, fix="Accept it, or change it at its source.")
        if drift.state is DriftState.CORRECTING:
            raise Conflict(f"Operation {drift.operation} corrects it.", fix="Wait for its end.")
        allowed = frozenset({means.disturbs}) if means.disturbs else frozenset()
        return self._desk_at(drift).correct(server, [drift], allowed, actor, key=key)

    def ignore(self, drift: Drift, actor: Actor) -> Drift:
        """It does not matter: it is left alone until either side changes again."""
        if drift.state is DriftState.CORRECTING:
            raise Conflict(f"Operation {drift.operation} corrects it.", fix="Wait for its end, or cancel it.")
        ignored = replace(drift, state=DriftState.IGNORED, why=f"{actor.user or 'Somebody'} said to ignore it.")
        detail = {"source": drift.source, "field": str(drift.field)}
        entry = AuditEntry(
            "drift:ignore", "done", actor.user, actor.project, actor.request_id, drift.server, machine=drift.machine,
            detail=detail,
        )  # fmt: skip
        with self._desk.audit.recording(entry) as conn:
            self._desk.drifts.put(conn, ignored)
        return ignored

    # --- the passes ---------------------------------------------------------------------------------------

    def release(self, name: str, actor: Actor) -> SyncedSource:
        """End a source's brake: what differs by now may be settled. Raises NotFound."""
        self.source(name)
        entry = AuditEntry("sync:release", "done", actor.user, actor.project, actor.request_id, detail={"source": name})
        with self._desk.audit.recording(entry) as conn:
            self._desk.state.release(conn, name, self._desk.clock())
        return self.source(name)

    def look(self, name: str) -> SyncedSource:
        """Have a source looked at as soon as can be. Raises NotFound."""
        self.source(name)
        self._desk.state.want(name)
        return self.source(name)

    # --- inside -------------------------------------------------------------------------------------------

    def _server(self, drift: Drift) -> Server:
        if drift.server is None:
            raise Conflict(f"No server has machine {drift.name}.", fix="Adopt it: `corral adopt`; or ignore it.")
        return self._desk.servers.get(drift.server)

    def _world(self, source: str) -> World:
        if source not in self._worlds:
            raise NotFound(f"Source {source!r} is not synchronized any more.", fix="Name it in the sync policy.")
        return self._worlds[source]

    def _desk_at(self, drift: Drift) -> Acts:
        return Acts(self._desk, drift.source)


def _seconds(now: datetime, then: datetime) -> float:
    return max(0.0, (now - then).total_seconds())
