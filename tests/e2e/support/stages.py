"""Which call of which step of an operation is on the wire: so that something can be done to exactly that one.

Steps and calls are never written down in a test: a first, undisturbed operation is watched, and what it does is what is
disturbed afterwards.
"""

from __future__ import annotations

import re
import threading
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise

import httpx

from tests.e2e.support.corral import Corral
from tests.e2e.support.lab import Json
from tests.e2e.support.proxy import Call, Exchange, Fault

_UUID = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}")


@dataclass(frozen=True)
class Point:
    """A call of an operation: the nth of its kind (from 0) in a step. `step` is the step's title."""

    step: str
    what: str
    nth: int
    acts: bool

    def __str__(self) -> str:
        return f"{self.step!r}, {self.what} no. {self.nth + 1}"


Subject = tuple[str, Sequence[str]]
"""Whom an operation is about: one name for it, and all names (uuids, MACs) by which calls speak of it."""


class Stages:
    """The rule of the proxies before a Corral: looks at each call of an operation that is about somebody, and does to it what
    `faults` has for that subject at that point, once. `about`: the subject of an operation, None for one that is none's."""

    def __init__(self, corral: Corral, about: Callable[[Json], Subject | None]) -> None:
        self.faults: dict[str, tuple[Point, Fault]] = {}
        self._corral = corral
        self._about = about
        self._lock = threading.Lock()
        self._counts: Counter[tuple[str, str, str]] = Counter()
        self._seen: dict[str, list[Point]] = {}

    def seen(self, operation: Json) -> list[Point]:
        """The calls of an operation, in their order."""
        return self._seen.get(operation["uuid"], [])

    def __call__(self, call: Call) -> Fault | None:
        try:
            running = self._corral.get("/v1/operations", state="running")["operations"]
        except httpx.TransportError:
            return _lose  # Corral is dead: what it has not sent, it never will
        for operation in running:
            subject = self._about(operation)
            if subject is not None and call.about(subject[1]):
                return self._at(subject, operation, call)
        return None

    def _at(self, about: Subject, operation: Json, call: Call) -> Fault | None:
        subject, names = about
        path = call.target.partition("?")[0]
        for name in names:
            path = path.replace(name, "*")
        what = f"{call.method} {_UUID.sub('*', path)}"
        with self._lock:
            key = (operation["uuid"], operation["step"], what)
            point = Point(operation["step"], what, self._counts[key], call.acts)
            self._counts[key] += 1
            self._seen.setdefault(operation["uuid"], []).append(point)
            planned = self.faults.get(subject)
            if planned is None or planned[0] != point:
                return None
            del self.faults[subject]
            return planned[1]


def _lose(_exchange: Exchange) -> None:
    return None


@dataclass(frozen=True)
class Boundary:
    """A moment in an operation: a call is about to be sent, or (`done`) was carried out and its answer is on its way."""

    point: Point
    done: bool

    def __str__(self) -> str:
        return f"{'after' if self.done else 'before'} {self.point}"


def boundaries(points: Sequence[Point]) -> Iterator[Boundary]:
    """Where an operation can be cut: as each step has begun, after each act, and at the very last answer. What lies between
    these only reads."""
    steps = [None, *(point.step for point in points)]
    for (before, step), point in zip(pairwise(steps), points, strict=True):
        if step != before:
            yield Boundary(point, done=False)
        if point.acts or point == points[-1]:
            yield Boundary(point, done=True)
