"""The wire to hypervisors in memory: each call passes the border, and can be told to fail as those of `wire` can."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import TypeVar

from corral.contracts.border import Border, Call, Purpose, Rule
from corral.domain.errors import Conflict, CorralError, DriverFailed, OutcomeUnknown
from corral.drivers.memory.wire import Answered, Faults, Postponed

T = TypeVar("T")
SERVICE = "hypervisor"
_VM = r"/[^/]+/vms/[^/]+"


def _rule(purpose: Purpose, method: str, path: str, why: str) -> Rule:
    return Rule(purpose, SERVICE, method, re.compile(path), why)


RULES = (
    _rule(Purpose.LOOK, "GET", _VM, "looks for a VM at a host"),
    _rule(Purpose.LOOK, "GET", f"{_VM}/mark", "reads whose it is"),
    _rule(Purpose.LOOK, "GET", r"/[^/]+/marks", "reads all marks of a host"),
    _rule(Purpose.LOOK, "GET", f"{_VM}/consoles", "asks for its consoles"),
    _rule(Purpose.ADOPT, "PUT", f"{_VM}/mark", "marks it as a server's"),
    _rule(Purpose.ADOPT, "DELETE", f"{_VM}/mark", "removes that mark"),
    _rule(Purpose.MEND, "DELETE", f"{_VM}/mark", "removes a mark that no record explains"),
    _rule(Purpose.POWER, "PUT", f"{_VM}/power", "switches it"),
    _rule(Purpose.SYNC, "PUT", f"{_VM}/power", "switches it, as a rule or a person said"),
    _rule(Purpose.SYNC, "PUT", f"{_VM}/(?:name|notes|metadata|tags)", "says of it what is said of its server"),
)


class VmWire:
    """`faults` may be set at any time; see `wire.Faults`."""

    def __init__(self) -> None:
        self.border = Border(RULES)
        self.faults: Faults | None = None
        self._postponed: list[Callable[[], object]] = []

    def send(self, method: str, path: str, act: Callable[[], T]) -> T:
        """What `act` gives, as the hypervisor's answer to this call."""
        with self.border.admit(SERVICE, method, path) as call:
            try:
                return self._crossed(call, act)
            except CorralError as exc:
                call.outcome = exc.code
                raise

    def catch_up(self) -> None:
        """Carry out what was postponed, as a hypervisor does that was only slow."""
        while self._postponed:
            self._postponed.pop(0)()

    def _crossed(self, call: Call, act: Callable[[], T]) -> T:
        name = f"{call.method} {call.path}"
        try:
            self._fault(f"before {name}")
            found = act()
            self._fault(f"after {name}")
        except Postponed as exc:
            self._postponed.append(act)
            raise OutcomeUnknown(f"{name} was not answered in time.") from exc
        except Answered as told:
            kind = Conflict if told.answer.status == Conflict.status else DriverFailed
            raise kind(f"{name} was answered with {told.answer.status}.") from told
        call.outcome = "done"
        return found

    def _fault(self, moment: str) -> None:
        if self.faults is not None:
            self.faults(moment)
