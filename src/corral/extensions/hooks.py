"""Calls hooks: with a time limit, again after a failure, and with the extension's name in every error.

A hook runs in a thread of its own, because nothing else can be given up on. A call that was given up may still come to its end
later; `settle` waits for it, so that nothing is undone while the extension may still be doing it.
"""

from __future__ import annotations

import contextvars
import threading
import time
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import Future, wait
from dataclasses import dataclass, field
from typing import Any

from corral.domain.errors import CorralError, ExtensionFailed
from corral.extensions.contract import Extension, HookCall

Check = Callable[[], None]

HOOKS = tuple(name for name in vars(Extension) if name.startswith("on_"))
"""The names of all hooks."""


@dataclass(frozen=True)
class Terms:
    """How patient Corral is with hooks. `limit`: seconds a call may take; `tries`: calls before giving up; the waits between
    them start at `first` seconds and double, up to `cap`."""

    limit: float = 30.0
    tries: int = 4
    first: float = 0.5
    cap: float = 8.0

    def wait(self, attempt: int) -> float:
        """Seconds to wait after that attempt (1, 2, …)."""
        return min(self.cap, self.first * 2.0 ** (attempt - 1))


class GivenUp(BaseException):
    """The time of a hook's call is over. No Exception, so that `except Exception` in an extension lets it pass."""


@dataclass
class Hooks:
    """Calls hooks and keeps those that were given up. Safe to use from several threads."""

    terms: Terms
    sleep: Callable[[float], None] = time.sleep
    _stragglers: dict[tuple[str, str], list[Future[Any]]] = field(default_factory=dict)
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def call(
        self, extension: Extension, hook: str, arguments: Sequence[Any], run: str, attempt: int, check: Check
    ) -> None:
        """Call a hook for the operation `run` until it succeeds. Raises ExtensionFailed when it is final, or failed too often;
        whatever `check` raises passes."""
        if wants(extension, hook):
            self._patiently(lambda again: self._once(extension, hook, arguments, run, attempt + again, check), check)

    def ask(self, extension: Extension, what: str, act: Callable[[], Any], run: str, check: Check) -> Any:
        """The result of `act`, which may be repeated, asked of the extension as `call` calls hooks."""
        return self._patiently(lambda _: self.within(extension, what, act, run), check)

    def within(self, extension: Extension, what: str, act: Callable[[], Any], run: str = "") -> Any:
        """The result of `act`, asked of the extension once, within the time limit. Raises ExtensionFailed."""
        return self._limited(extension, what, act, run, threading.Event())

    def _patiently(self, act: Callable[[int], Any], check: Check) -> Any:
        again = 0
        while True:
            check()
            try:
                return act(again)
            except ExtensionFailed as exc:
                again += 1
                if exc.final or again >= self.terms.tries:
                    raise
            self.sleep(self.terms.wait(again))

    def settle(self, run: str, extension: Extension) -> None:
        """Wait for calls that were given up. Raises ExtensionFailed when one still goes on: try again later."""
        with self._lock:
            waiting = self._stragglers.get((run, extension.name), [])
        if wait(waiting, self.terms.limit).not_done:
            raise ExtensionFailed(
                extension.name,
                "restore",
                "A hook that was given up is still running; undoing waits for its end.",
                fix="If it never ends, start Corral again.",
            )
        with self._lock:
            self._stragglers.pop((run, extension.name), None)

    def _once(
        self,
        extension: Extension,
        hook: str,
        arguments: Sequence[Any],
        run: str,
        attempt: int,
        check: Callable[[], None],
    ) -> None:
        over = threading.Event()

        def still_wanted() -> None:
            if over.is_set():
                raise GivenUp
            check()

        limit = self._limit(extension, hook)
        call = HookCall(run, attempt, time.monotonic() + limit, still_wanted)
        self._limited(extension, hook, lambda: getattr(extension, hook)(*arguments, call), run, over)

    def _limit(self, extension: Extension, what: str) -> float:
        return extension.time_limits.get(what, self.terms.limit)

    def _limited(self, extension: Extension, what: str, act: Callable[[], Any], run: str, over: threading.Event) -> Any:
        future: Future[Any] = Future()
        around = contextvars.copy_context()  # the border, and the claim that writes are fenced with

        def work() -> None:
            try:
                future.set_result(around.run(act))
            except BaseException as exc:  # noqa: BLE001 - it is raised again where the result is waited for
                future.set_exception(exc)

        limit = self._limit(extension, what)
        threading.Thread(target=work, name=f"corral-extension-{extension.name}", daemon=True).start()
        if not wait([future], limit).done:
            over.set()
            with self._lock:
                self._stragglers.setdefault((run, extension.name), []).append(future)
            raise ExtensionFailed(
                extension.name,
                what,
                f"It did not come to an end within {limit:g} s.",
                fix="Look at what it waits for, then try again.",
                final=True,
            )
        try:
            return future.result()
        except (Exception, SystemExit) as exc:
            raise _named(extension, what, exc) from exc


def wants(extension: Extension, hook: str) -> bool:
    """Whether the extension overrides the hook."""
    return getattr(type(extension), hook) is not getattr(Extension, hook)


def _named(extension: Extension, what: str, exc: BaseException) -> ExtensionFailed:
    """What an extension raised, with its name. What it refused for good keeps its status and code."""
    if isinstance(exc, ExtensionFailed):
        return exc
    if isinstance(exc, CorralError):
        told: Mapping[str, Any] = exc.as_json()
        refused = exc.status < 500 or exc.status == 501
        return ExtensionFailed(
            extension.name,
            what,
            exc.message,
            fix=exc.fix,
            final=refused,
            told=told,
            status=exc.status if refused else None,
        )
    return ExtensionFailed(
        extension.name,
        what,
        f"{type(exc).__name__}: {exc}",
        fix="It is a defect in the extension: report it to whoever wrote it.",
    )
