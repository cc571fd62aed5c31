"""What a source tells, held against the record: for a pass over all of it, and for a glance at some machines that hints named.

Rule: only reads. A machine whose digest, record and policy are what they were in its last comparison costs that look-up and nothing
more: no row of it is read whole, made into a server, or written.
"""

from __future__ import annotations

import threading
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import datetime

from corral.contracts.syncing import Told
from corral.domain.digest import digest
from corral.domain.drift import RESTING, Drift, DriftState, Field, Value
from corral.domain.lifecycle import STABLE
from corral.domain.merge import Means
from corral.domain.server import Flavor, Server
from corral.domain.sync_compare import Comparison, Found, compare, failing, is_spent
from corral.domain.sync_policy import SourcePolicy
from corral.domain.sync_sides import record_side
from corral.services.sync_acts import Acts, Compared
from corral.services.sync_worlds import World
from corral.store.sync_state import Agreed, Known

Rows = Mapping[Field, Drift]
SETTLES = "It has to last before it is believed."


@dataclass
class Looked:
    """What was seen. `ids`: every machine that was told; `total`: servers at the source; `news`: machines that count for the
    brake."""

    ids: set[str] = field(default_factory=set)
    compared: list[Compared] = field(default_factory=list)
    missing: list[Known] = field(default_factory=list)
    new: list[Told] = field(default_factory=list)
    total: int = 0
    news: int = 0


class Looking:
    """One look. `known`: the servers that there were when it began, by machine: read before the source is asked, so that one that
    comes in between is neither compared nor missed. `rows`: the drifts that there are, by machine."""

    def __init__(
        self,
        world: World,
        policy: SourcePolicy,
        acts: Acts,
        known: Mapping[str, Known],
        rows: Mapping[str, Rows],
    ) -> None:
        self._world = world
        self._policy = policy
        self._acts = acts
        self.known = known
        self._rows = rows
        self._flavors: Mapping[str, Flavor] = {one.uuid: one for one in acts.flavors.all()}
        self._twice: set[str] = set()
        self.now: datetime = acts.clock()
        self.looked = Looked()

    def sort(self, batch: Iterable[Told]) -> None:
        """Take in what the source tells: what has to be compared is compared at once, the rest is only counted."""
        looked, fresh = self.looked, dict[str, tuple[Known, Told, str]]()
        for one in batch:
            if one.machine in looked.ids:
                self._doubled(one.machine, fresh)
                continue
            looked.ids.add(one.machine)
            here = self.known.get(one.machine)
            if here is None:
                if one.free and not one.problem:
                    looked.new.append(one)
            elif here.status in STABLE and not one.problem:
                stamp = f"{one.stamp or digest(_plain(one))}:{here.revision}:{self._policy.stamp}"
                if here.stamp != stamp or self._pending(one.machine):
                    fresh[one.machine] = here, one, stamp
        self._compare(fresh)

    def _doubled(self, machine: str, fresh: dict[str, tuple[Known, Told, str]]) -> None:
        # Who is told twice is not believed either time, nor in which page it was.
        fresh.pop(machine, None)
        self._twice.add(machine)

    def end(self) -> Looked:
        """What was seen, when everything was told."""
        if self._twice:
            self.looked.compared = [one for one in self.looked.compared if one.told.machine not in self._twice]
            self.looked.new = [one for one in self.looked.new if one.machine not in self._twice]
        return self.looked

    def _pending(self, machine: str) -> bool:
        return any(row.state not in RESTING for row in self._rows.get(machine, {}).values())

    def _compare(self, fresh: Mapping[str, tuple[Known, Told, str]]) -> None:
        if not fresh:
            return
        servers = self._acts.servers.several(known.uuid for known, _, _ in fresh.values())
        kept = self._acts.state.agreed(servers)
        filled = {one.machine: one for one in self._world.filled([told for _, told, _ in fresh.values()])}
        for machine, (known, _, stamp) in fresh.items():
            server, told = servers.get(known.uuid), filled.get(machine)
            if server is None or told is None or told.problem or server.revision != known.revision:
                continue  # it is just changing: the next look sees it
            self.looked.compared.append(self.compared(server, told, kept.get(known.uuid, Agreed()), stamp))

    def compared(self, server: Server, told: Told, kept: Agreed, stamp: str) -> Compared:
        """Both sides of one server. `stamp`: "" when the next look is to compare them again."""
        record = record_side(server, self._flavors, kept.agreed, told.beside, told.composed)
        allowed, failed = self._policy.allowed(server), set[Field]()

        def means(what: Field, value: Value) -> Means:
            turns = tuple(datetime.fromisoformat(at) for at in kept.turns.get(what, ()))
            found = replace(self._world.means(what, value), allowed=allowed, spent=is_spent(turns, self.now))
            if found.spent and (why := self._failing(server, what, turns)):
                failed.add(what)
                return replace(found, failing=why)
            return found

        result = compare(server, record, told.facts, kept.agreed, lambda what: self._policy.terms(server, what), means)
        # What failed is tried again some time, though neither side changes.
        return Compared(server, told, kept, "" if failed else stamp, result)

    def _failing(self, server: Server, what: Field, turns: Sequence[datetime]) -> str:
        """What to say of the field's last correction, if it failed; "" when it did not: then its drift is another one."""
        row = self._rows.get(server.machine, {}).get(what)
        if row is None or row.operation is None or not (error := self._acts.failure(row.operation)):
            return ""
        return failing(turns, self.now, row.operation, error)

    # --- drifts as if they were seen for the first time -----------------------------------------------------

    def drift(self, server: Server, found: Found) -> Drift:
        """Of a server's field."""
        return Drift(
            source=server.source,
            machine=server.machine,
            server=server.uuid,
            name=server.name,
            project=server.project,
            field=found.what,
            record=found.record,
            world=found.world,
            agreed=found.agreed,
            state=DriftState.SETTLING,
            why=SETTLES,
            looks=1,
            first_seen_at=self.now,
            changed_at=self.now,
            last_seen_at=self.now,
        )

    def new(self, told: Told) -> Drift:
        """Of a machine that no server has."""
        at = self.now
        return Drift(
            self._world.name, told.machine, None, told.name, None, Field.NEW, None, told.name, None,
            DriftState.SETTLING, SETTLES, 1, at, at, at,
        )  # fmt: skip


def over(rows: Rows, result: Comparison) -> tuple[Field, ...]:
    """Fields with a drift that were compared and differ no more."""
    differ = {found.what for found in result.found}
    return tuple(what for what in rows if what in result.compared and what not in differ)


class Newer:
    """Machines of which a glance wrote something while a pass was under way: what the pass saw of them is older, and is let go.

    Whoever writes holds `writing`: a pass for each thing that it does, a glance from its reading of the rows to its end."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._machines: set[str] = set()

    @contextmanager
    def writing(self) -> Iterator[None]:
        """Nobody else writes meanwhile."""
        with self._lock:
            yield

    def begin(self) -> None:
        """A pass begins: what it sees from now on is new."""
        with self._lock:
            self._machines = set()

    def add(self, machines: Collection[str]) -> None:
        """A glance wrote something of these. The caller holds `writing`."""
        self._machines |= set(machines)

    def older(self, looked: Looked) -> None:
        """Leave out what is older than what a glance saw. The caller holds `writing`."""
        if self._machines:
            looked.compared = [one for one in looked.compared if one.told.machine not in self._machines]
            looked.missing = [one for one in looked.missing if one.machine not in self._machines]
            looked.new = [one for one in looked.new if one.machine not in self._machines]

    def __contains__(self, machine: str) -> bool:
        return machine in self._machines


def _plain(told: Told) -> dict[str, Value]:
    return {str(what): value for what, value in told.facts.items()}
