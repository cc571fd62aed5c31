"""Composing a system, and taking it apart, at a service that is not believed.

Rule: success is what can be read back: a system of our name, made of exactly what was asked for, every block of it composed and
linked to it alone. Until that was read, nothing was achieved; what is found to be wrong is taken apart again, and only that.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager

from corral.domain.blocks import Block, BlockState, ComposedSystem, Wanted
from corral.domain.errors import Breach, Conflict, CorralError, DriverFailed, NotFound, OutcomeUnknown, Unreachable
from corral.drivers.redfish.asking import Asker
from corral.drivers.redfish.client import LOOK, Answer, Client
from corral.drivers.redfish.judging import amiss, not_asked, taken, unfit
from corral.drivers.redfish.options import Options
from corral.drivers.redfish.pool import block_status, read_system, read_systems
from corral.drivers.redfish.walk import Walk

_PAUSE = 0.25


class Composer:
    """Composes at one service."""

    def __init__(self, client: Client, options: Options) -> None:
        self._client = client
        self._options = options
        self._asker = Asker(client, options)

    def compose(self, name: str, wanted: Wanted, blocks: Sequence[str]) -> ComposedSystem:
        """See `contracts.composition.Composes`."""
        walk = self._walk()
        found = self._own(walk, name)
        if not found:
            self._check_free(walk, blocks)
            found = self._composed(walk, name, wanted, tuple(dict.fromkeys(blocks)))
        with _acted(f"System {name} was asked for"):
            if len(found) > 1:
                for one in found:
                    self.release(one.id, name)
                raise Conflict(f"The pod composed {len(found)} systems named {name}; all are released again.")
            return self._verified(walk, found[0], wanted, frozenset(blocks))

    def release(self, system: str, name: str) -> None:
        """See `contracts.composition.Composes`."""
        walk = self._walk()
        try:
            found = read_system(walk, walk.links.id(system))
        except NotFound:
            return
        if found.name == name and found.composed:
            self._apart(walk, found)

    # --- what is asked ------------------------------------------------------------------------------------

    def _composed(self, walk: Walk, name: str, wanted: Wanted, blocks: tuple[str, ...]) -> list[ComposedSystem]:
        """Ask once, then look: whatever was answered, what there is of our name is what was done."""
        try:
            answer = self._asker.ask(walk, name, wanted, blocks)
        except OutcomeUnknown as exc:
            return self._after_unclear(name, exc)
        except (Unreachable, Breach):
            # Nothing was sent.
            raise
        except CorralError:
            # An error is no proof either: one service composed and said that it had not. What is there is taken apart again.
            with _acted(f"System {name} was asked for, and refused"):
                self._tidy(name)
            raise
        with _acted(f"System {name} was asked for"):
            return self._awaited(name) or self._nameless(walk, name, blocks, answer)

    def _check_free(self, walk: Walk, blocks: Sequence[str]) -> None:
        """Look at each block right before it is asked for: a service that double-allocates would harm whoever has it."""
        for block in walk.all(lambda path: self._status(walk, path), blocks):
            if not block.free:
                raise taken(block)

    # --- what was done ------------------------------------------------------------------------------------

    def _own(self, walk: Walk, name: str) -> list[ComposedSystem]:
        return [one for one in read_systems(walk, name) if one.composed]

    def _awaited(self, name: str) -> list[ComposedSystem]:
        """Our system, as soon as it is there."""
        found: list[ComposedSystem] = []

        def there() -> bool:
            found[:] = self._own(self._walk(), name)
            return bool(found)

        self._until(there)
        return found

    def _after_unclear(self, name: str, exc: OutcomeUnknown) -> list[ComposedSystem]:
        with _acted(exc.message):
            found = self._awaited(name)
        if not found:
            raise OutcomeUnknown(f"{exc.message} There is no system {name} so far.", fix=LOOK) from exc
        return found

    def _tidy(self, name: str) -> None:
        """After a refusal, take apart what was composed all the same."""
        for one in self._own(self._walk(), name):
            self.release(one.id, name)

    def _nameless(self, walk: Walk, name: str, blocks: tuple[str, ...], answer: Answer) -> list[ComposedSystem]:
        """It said that all went well, and nothing bears our name. Only a system that its own answer points to, composed of exactly
        our blocks, can be known to be ours: it could never be found again, so it is taken apart."""
        place = answer.location or (walk.links.id(answer.data["@odata.id"]) if "@odata.id" in answer.data else None)
        if place is not None:
            try:
                found = read_system(self._walk(), place)
            except NotFound:
                raise OutcomeUnknown(f"The pod composed {name}, and the system is gone.", fix=LOOK) from None
            if blocks and found.composed and found.blocks == frozenset(blocks):
                self._apart(self._walk(), found)
                raise unfit("the pod does not keep the name that a system is given, so it could not be found again")
        raise OutcomeUnknown(f"The pod said that it composed {name}, and there is no such system.", fix=LOOK)

    def _verified(self, walk: Walk, system: ComposedSystem, wanted: Wanted, chosen: frozenset[str]) -> ComposedSystem:
        wrong: list[str] = []

        def settled() -> bool:
            statuses = walk.all(lambda path: self._status(walk, path), sorted(system.blocks))
            wrong[:] = [*not_asked(system, wanted, chosen), *(amiss(one, system.id) for one in statuses)]
            wrong[:] = [one for one in wrong if one]
            return not wrong or not any(one.state is BlockState.COMPOSING for one in statuses)

        self._until(settled)
        if wrong:
            self.release(system.id, system.name)
            said = "; ".join(wrong[:5])
            raise Conflict(
                f"System {system.name} was not composed as asked, and is released again: {said}.",
                fix="Look at the pool again and choose other blocks.",
            )
        return system

    def _apart(self, walk: Walk, system: ComposedSystem) -> None:
        """DELETE, then look until it is gone and its blocks are no longer linked to it."""
        try:
            self._client.send("DELETE", system.id)
        except NotFound:
            pass
        except OutcomeUnknown:
            # What was done is looked at right below, as after every answer.
            pass
        left = [system.id]

        def gone() -> bool:
            left[:] = [one for one in (system.id,) if _exists(self._walk(), one)]
            left.extend(one for one in sorted(system.blocks) if system.id in self._status(walk, one).systems)
            return not left

        with _acted(f"System {system.name} was released"):
            done = self._until(gone)
        if not done:
            raise DriverFailed(
                f"System {system.name} was released, and is still there: {', '.join(left[:5])}.",
                fix="Release it again; if that does not help, look at the pod's own log.",
            )

    def _status(self, walk: Walk, path: str) -> Block:
        try:
            return block_status(walk, path, walk.get(path))
        except NotFound:
            return Block(path, frozenset(), state=BlockState.UNKNOWN, problem="It does not exist.")

    def _until(self, done: Callable[[], bool]) -> bool:
        """Ask until it is so, at most as long as the pod may take to settle."""
        deadline = time.monotonic() + self._options.settle
        while not done():
            if time.monotonic() > deadline:
                return False
            time.sleep(_PAUSE)
        return True

    def _walk(self) -> Walk:
        return Walk(self._client, self._options.threads, self._options.longest)


@contextmanager
def _acted(what: str) -> Iterator[None]:
    """For looks after an act: that nobody answers any more does not mean that nothing was done."""
    try:
        yield
    except Unreachable as exc:
        raise OutcomeUnknown(f"{what}, and then it could not be looked at: {exc.message}", fix=LOOK) from exc


def _exists(walk: Walk, system: str) -> bool:
    try:
        walk.get(system)
    except NotFound:
        return False
    return True
