"""A source that lies: between Corral and a truthful one, which it can misquote in any way.

Rule: a lie is a function of everything that the source would tell. What is asked of one machine is misquoted in the same way.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterable, Iterator
from dataclasses import replace
from typing import Any

from corral.contracts.syncing import Told
from corral.domain.drift import Field
from corral.domain.errors import NotFound, Unreachable

Lie = Callable[[list[Told]], Iterable[Told]]


class Lying:
    """`contracts.syncing.Tells` over another one, and everything else that it can. `lie`: None for the truth. `page`: a lie that
    only lists tell, as when they come out of a cache."""

    def __init__(self, machines: Any) -> None:
        self._machines = machines
        self.lie: Lie | None = None
        self.page: Lie | None = None

    def told(self, *, free: bool) -> Iterator[Told]:
        truth, lie = self._machines.told(free=free), self.lie or self.page
        yield from truth if lie is None else lie(list(truth))

    def told_of(self, machine: str) -> Told:
        if self.lie is None:
            return self._machines.told_of(machine)
        for one in self.lie(list(self._machines.told(free=True))):
            if one.machine == machine:
                return one
        raise NotFound(f"There is no machine {machine}.")

    def __getattr__(self, name: str) -> Any:
        return getattr(self._machines, name)


def _with(told: Told, **facts: Any) -> Told:
    return replace(told, facts={**told.facts, **{Field(key): value for key, value in facts.items()}})


def all_off(told: list[Told]) -> Iterable[Told]:
    return [_with(one, power="power off") for one in told]


def all_gone(told: list[Told]) -> Iterable[Told]:
    del told
    return []


def half_gone(told: list[Told]) -> Iterable[Told]:
    return told[: len(told) // 2]


def shifted(told: list[Told]) -> Iterable[Told]:
    """Each machine answers with the data of the next one, which is off besides."""
    off = list(all_off(told))
    return [replace(other, machine=one.machine) for one, other in zip(told, [*off[1:], off[0]], strict=True)]


def swapped(told: list[Told]) -> Iterable[Told]:
    """Two of them answer with each other's data."""
    first, second, *rest = told
    return [
        _with(replace(second, machine=first.machine), power="power off"),
        _with(replace(first, machine=second.machine), power="power off"),
        *rest,
    ]


def doubled(told: list[Told]) -> Iterable[Told]:
    """One machine is told twice, and first falsely."""
    return [*(_with(one, power="power off", name="twice") for one in told[:1]), *told]


def nobodys(told: list[Told]) -> Iterable[Told]:
    """Nobody has any of them any more."""
    return [replace(_with(one, owner=None, power="power off"), free=True) for one in told]


def without_names(told: list[Told]) -> Iterable[Told]:
    """Everything that is a list is empty, and everything else is nonsense."""
    return [_with(one, nics=[], ports=[], name="", image="nonsense", power="power off") for one in told]


def broken(told: list[Told]) -> Iterable[Told]:
    """No record can be read."""
    return [replace(one, facts={}, problem="it can't be read") for one in told]


def breaks_half_way(told: list[Told]) -> Iterable[Told]:
    """Half of it is told, all of them off, and then the source answers with an error."""
    yield from list(all_off(told))[: len(told) // 2]
    raise Unreachable("The source answered with 500.")


def flapping() -> Lie:
    """All off every other time that it is asked."""
    turns = iter(range(1_000_000))
    return lambda told: all_off(told) if next(turns) % 2 == 0 else told


class Stuck:
    """A source that never comes to its end, until it is let go."""

    def __init__(self) -> None:
        self.reached, self.go = threading.Event(), threading.Event()

    def __call__(self, told: list[Told]) -> Iterable[Told]:
        yield from told[:1]
        self.reached.set()
        self.go.wait(120)
        yield from told[1:]
