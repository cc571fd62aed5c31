"""Single VMs on hosts in memory: `contracts.virtual` over plain records."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from dataclasses import replace
from typing import Any

from corral.contracts.sources import PowerTarget
from corral.contracts.virtual import Console, Mark, Where
from corral.domain.descriptions import DESCRIPTIVE
from corral.domain.drift import Field, Value
from corral.domain.errors import Conflict, NotFound, NotSupported, Unreachable
from corral.domain.host import Host
from corral.domain.machine import Power
from corral.domain.vm import RunState, Vm
from corral.drivers.memory.vm_wire import VmWire
from corral.drivers.memory.wire import Faults

_STOPS = (PowerTarget.OFF, PowerTarget.SOFT_OFF)
_OF_GUESTS = (PowerTarget.SOFT_OFF, PowerTarget.SOFT_REBOOT)
_FIRST_PORT = 5900


class MemoryVms:
    """What can be done with one VM. A mark goes with its VM from host to host, as all that is written with it does.

    `guests_listen`: whether guests do what they are asked for."""

    guests_listen = True

    def __init__(self, name: str) -> None:
        self.name = name
        self.wire = VmWire()
        self._lock = threading.RLock()
        self._hosts: dict[str, Host] = {}
        self._vms: dict[str, dict[str, Vm]] = {}
        self._marks: dict[str, Mark] = {}
        self._runs = 1_000_000

    @property
    def faults(self) -> Faults | None:
        return self.wire.faults

    @faults.setter
    def faults(self, faults: Faults | None) -> None:
        self.wire.faults = faults

    # --- Vms ----------------------------------------------------------------------------------------------

    def observe(self, where: Where) -> tuple[Host, Vm]:
        silent = ""
        for host in self._order(where):
            try:
                found = self.wire.send("GET", _path(host, where.vm), lambda host=host: self._at(host, where.vm))  # type: ignore[misc]
            except Unreachable as exc:
                silent = exc.message
                continue
            if found is not None:
                return found
        if silent:
            raise Unreachable(silent, fix="Look at the host and at the way to it, then try again.")
        raise NotFound(f"No host of source {self.name} has a VM {where.vm}.", fix="`corral host list` shows its hosts.")

    def observe_marked(self, where: Where) -> tuple[Host, Vm, Mark | None]:
        return *self.observe(where), self.marked(where)

    def mark(self, where: Where, mark: Mark) -> None:
        host, vm = self.observe(where)
        self.wire.send("PUT", f"{_path(host.id, vm.id)}/mark", lambda: self._mark(vm.id, mark))

    def unmark(self, where: Where, server: str) -> None:
        try:
            host, vm = self.observe(where)
        except NotFound:
            return
        self.wire.send("DELETE", f"{_path(host.id, vm.id)}/mark", lambda: self._unmark(vm.id, server))

    def marked(self, where: Where) -> Mark | None:
        host, vm = self.observe(where)
        return self.wire.send("GET", f"{_path(host.id, vm.id)}/mark", lambda: self._marks.get(vm.id))

    def marks(self) -> Iterator[tuple[Where, Mark]]:
        for host in list(self._hosts.values()):
            if not host.problem:
                yield from self.wire.send("GET", f"/{host.id}/marks", lambda host=host: self._marks_at(host.id))  # type: ignore[misc]

    # --- SwitchesVms and OpensConsoles --------------------------------------------------------------------

    def switch(self, where: Where, target: PowerTarget) -> None:
        host, vm = self.observe(where)
        self.wire.send("PUT", f"{_path(host.id, vm.id)}/power", lambda: self._switch(vm.id, target))

    def describable(self) -> frozenset[Field]:
        return frozenset({Field.NAME, *DESCRIPTIVE})

    def refusal(self, what: Field, value: Value) -> str:
        return "A VM has to have a name." if what is Field.NAME and not value else ""

    def describe(self, where: Where, what: Field, value: Value) -> None:
        if what not in self.describable() or (why := self.refusal(what, value)):
            raise NotSupported(why if what in self.describable() else f"A VM in memory can't be told its {what}.")
        host, vm = self.observe(where)
        self.wire.send("PUT", f"{_path(host.id, vm.id)}/{what}", lambda: self._describe(vm.id, what, value))

    def consoles(self, where: Where) -> tuple[Console, ...]:
        host, vm = self.observe(where)
        return self.wire.send("GET", f"{_path(host.id, vm.id)}/consoles", lambda: _consoles(host, vm))

    # --- inside -------------------------------------------------------------------------------------------

    def _order(self, where: Where) -> list[str]:
        """The host that had it first, then all others."""
        with self._lock:
            return sorted(self._hosts, key=lambda host: host != where.host)

    def _at(self, host: str, vm: str) -> tuple[Host, Vm] | None:
        with self._lock:
            known = self._hosts.get(host)
            if known is not None and known.problem:
                raise Unreachable(f"Host {known.name} can't be asked: {known.problem}")
            found = self._vms.get(host, {}).get(vm)
            return None if known is None or found is None else (known, found)

    def _mark(self, vm: str, mark: Mark) -> None:
        with self._lock:
            there = self._marks.get(vm)
            if there is not None and there.server != mark.server:
                raise Conflict(
                    f"VM {vm} bears the mark of another server, {there.server}.",
                    fix="Let go of it where that is known.",
                )
            self._marks[vm] = there or mark

    def _unmark(self, vm: str, server: str) -> None:
        with self._lock:
            if (there := self._marks.get(vm)) is not None and there.server == server:
                del self._marks[vm]

    def _marks_at(self, host: str) -> list[tuple[Where, Mark]]:
        with self._lock:
            here = sorted(self._marks.keys() & self._vms.get(host, {}).keys())
            return [(Where(vm, host), self._marks[vm]) for vm in here]

    def _switch(self, ident: str, target: PowerTarget) -> None:
        with self._lock:
            vm = next(vms[ident] for vms in self._vms.values() if ident in vms)
            if target in _OF_GUESTS and not self.guests_listen:
                changed = vm
            elif target in _STOPS:
                changed = replace(vm, state=RunState.OFF, run="")
            elif vm.power is Power.ON and target is PowerTarget.ON:
                changed = vm
            elif vm.power is not Power.ON and target is not PowerTarget.ON:
                raise Conflict(f"VM {vm.label} is off.", fix="Switch it on.")
            else:
                changed = self._started(vm)
            self._vms[vm.host][ident] = changed

    def _describe(self, ident: str, what: Field, value: Value) -> None:
        said: Any = value or "" if what in (Field.NAME, Field.NOTES) else tuple(value or ())
        with self._lock:
            vm = next(vms[ident] for vms in self._vms.values() if ident in vms)
            self._vms[vm.host][ident] = replace(vm, **{str(what): said})

    def _started(self, vm: Vm) -> Vm:
        self._runs += 1
        return replace(vm, state=RunState.RUNNING, run=str(self._runs), saved=False)


def _path(host: str, vm: str) -> str:
    return f"/{host}/vms/{vm}"


def _consoles(host: Host, vm: Vm) -> tuple[Console, ...]:
    if vm.power is not Power.ON:
        raise Conflict(f"VM {vm.label} is off.", fix="Switch it on: a console is there while it runs.")
    port = _FIRST_PORT + int(vm.run or 0) % 1000
    return Console("vnc", f"vnc://{host.name}:{port}"), Console("serial", f"telnet://{host.name}:{port + 1000}")
