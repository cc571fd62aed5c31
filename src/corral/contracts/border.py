"""The border: every call that leaves for a source passes here, is checked against what is allowed, and is recorded.

Why: "nothing running is touched" must not depend on nobody making a mistake further up. A driver's HTTP or library
layer calls `Border.admit` before anything is sent; code above it opens the border for a purpose.
"""

from __future__ import annotations

import contextvars
import re
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

from corral.contracts.pace import Pace
from corral.domain.errors import Breach


class Purpose(StrEnum):
    """Why calls are made. Each driver says which calls each purpose may make; `look` is the default, everywhere."""

    LOOK = "look"
    ADOPT = "adopt"
    POWER = "power"
    MEND = "mend"
    DEPLOY = "deploy"
    COMPOSE = "compose"
    ENROLL = "enroll"
    DELETE = "delete"
    RECORD = "record"
    SYNC = "sync"


@dataclass(frozen=True, slots=True)
class Rule:
    """One kind of call that is allowed for a purpose. `path` is matched whole. `body`, when given, must also agree."""

    purpose: Purpose
    service: str
    method: str
    path: re.Pattern[str]
    why: str
    body: Callable[[Any], bool] | None = None


@dataclass(slots=True)
class Call:
    """A call that was tried. No bodies, no query values, no secrets. `outcome`: an HTTP status, or what went wrong. `look`: it
    could change nothing, by the rule that allowed it."""

    service: str
    method: str
    path: str
    allowed: bool
    outcome: str = "no answer"
    seconds: float = 0.0
    at: float = 0.0
    look: bool = False


@dataclass
class Recorder:
    """Collects the calls of one operation; safe to share between threads."""

    purpose: Purpose
    calls: list[Call] = field(default_factory=list)
    sink: Callable[[Call], None] | None = None
    guard: Callable[[], None] | None = None
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def add(self, call: Call) -> None:
        with self._lock:
            self.calls.append(call)

    def done(self, call: Call) -> None:
        if self.sink is not None:
            self.sink(call)


_UNSENT = frozenset({"not sent", "refused at the border"})
_current: contextvars.ContextVar[Recorder | None] = contextvars.ContextVar("corral_border", default=None)


@contextmanager
def crossing(
    purpose: Purpose, sink: Callable[[Call], None] | None = None, guard: Callable[[], None] | None = None
) -> Iterator[Recorder]:
    """Open the border for `purpose` in this context. `sink` is called with each call once its outcome is known, also when
    it was refused. `guard` is called right before each call that may change something, and stops it by raising."""
    recorder = Recorder(purpose, sink=sink, guard=guard)
    token = _current.set(recorder)
    try:
        yield recorder
    finally:
        _current.reset(token)


class Border:
    """The list of what a driver may do, and the gate that enforces it. `pace` holds calls back, `heard` is told of each that
    ended; both are set by whoever opened the source."""

    def __init__(self, rules: tuple[Rule, ...]) -> None:
        self.rules = rules
        self.pace: Pace | None = None
        self.heard: Callable[[Call], None] | None = None

    @contextmanager
    def admit(self, service: str, method: str, path: str, body: Any = None) -> Iterator[Call]:
        """Pass one call: raises Breach before anything is sent if no rule allows it. The caller sets `outcome`."""
        recorder = _current.get() or Recorder(Purpose.LOOK)
        rule = self._rule(recorder.purpose, service, method, path, body)
        looks = rule is not None and rule.purpose is Purpose.LOOK
        call = Call(service, method, path, rule is not None, at=time.time(), look=looks)
        recorder.add(call)
        start = time.monotonic()
        try:
            if rule is None:
                call.outcome = "refused at the border"
                raise Breach(
                    f"{method} {path} at {service} is not allowed while doing: {recorder.purpose}. It was not sent.",
                    fix="This is a defect in Corral, nothing was harmed: report it with the operation's proof.",
                )
            self._hold_back(call, recorder, rule)
            start = time.monotonic()
            yield call
        finally:
            call.seconds = time.monotonic() - start
            recorder.done(call)
            if self.pace is not None and call.outcome not in _UNSENT:
                self.pace.left(call.service, call.outcome)
            if self.heard is not None:
                self.heard(call)

    def _hold_back(self, call: Call, recorder: Recorder, rule: Rule) -> None:
        call.outcome = "not sent"
        if self.pace is not None:
            self.pace.enter(call.service)
        if recorder.guard is not None and rule.purpose is not Purpose.LOOK:
            recorder.guard()
        call.outcome = "no answer"

    def _rule(self, purpose: Purpose, service: str, method: str, path: str, body: Any) -> Rule | None:
        purposes = {Purpose.LOOK, purpose}
        return next(
            (
                rule
                for rule in self.rules
                if rule.purpose in purposes
                and rule.service == service
                and rule.method == method
                and rule.path.fullmatch(path) is not None
                and (rule.body is None or rule.body(body))
            ),
            None,
        )
