"""Hosts with running VMs, a Corral around them, and a way to look at all of it."""

from __future__ import annotations

import copy
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

from fault_bench import ACTOR, QUICK

from corral import config
from corral.domain.server import ManageRequest, Server
from corral.drivers.memory.hosts import MemoryHosts, example_host, example_vm
from corral.engine import Operation
from corral.services.surveyor import HostGroup
from corral.wiring import Corral, build
from tests.prepared import prepared

SOURCE = "racks"
HOUR = 3600.0
VM = example_vm(example_host(0), 0).id


def hosts() -> MemoryHosts:
    """Two hosts with two running VMs each; `VM` is the first one of the first host. Nothing is heard of what changes there: what is
    known between two surveys must do."""
    made = MemoryHosts(SOURCE)
    made.lost = True
    for number in range(2):
        host = example_host(number)
        made.add_host(host)
        for position in range(2):
            made.put(example_vm(host, 2 * number + position))
    return made


def everything(made: MemoryHosts) -> dict[str, Any]:
    """All there is at the hosts."""
    with made._lock:
        return copy.deepcopy({"vms": made._vms, "marks": made._marks})


def move(made: MemoryHosts, vm: str, host: int) -> None:
    """Migrate a running VM: there it has another number of its run."""
    there = example_host(host)
    made.put(replace(made.vm(vm), host=there.id, run="77"))


class VmBench:
    """A Corral over hosts in memory."""

    def __init__(self, made: MemoryHosts, folder: Path, database: Path, *, mark: bool = True, workers: int = 4) -> None:
        self.hosts = made
        self.told: list[str] = []
        settings = prepared(config.Settings(data_dir=folder, database_url=f"sqlite:///{database}", workers=workers))
        self.corral: Corral = build(
            settings,
            sources={},
            hosts=[HostGroup(SOURCE, "memory", HOUR, lambda: made.source, mark=mark)],
            emit=lambda event, _payload, **_more: self.told.append(event),
            # Time passes at once; a hypervisor that was slow has caught up by then.
            sleep=lambda _seconds: made.wire.catch_up(),
            back_off=QUICK,
        )

    def request(self, name: str = "app-01", vm: str = VM) -> ManageRequest:
        return ManageRequest(name=name, node=vm, flavor="", networks=(), source=SOURCE)

    def manage(self, name: str = "app-01", vm: str = VM) -> tuple[Server, Operation]:
        return self.corral.adoption.manage(self.request(name, vm), ACTOR)

    def unmanage(self, server: Server) -> Operation:
        return self.corral.adoption.unmanage(self.corral.servers.get(server.uuid), ACTOR)[1]

    def finished(self, operation: Operation | str) -> Operation:
        """The operation at its end, which leaves nothing behind that record and world don't both explain."""
        ended = self.corral.engine.wait(operation if isinstance(operation, str) else operation.uuid, 90)
        assert self.leaks() == []
        return ended

    def leaks(self) -> list[str]:
        """What the leak scanner finds at hosts that answer."""
        faults, self.hosts.faults = self.hosts.faults, None
        try:
            found = self.corral.leaks.scan()
        finally:
            self.hosts.faults = faults
        return [*(one.what for one in found.leaks), *found.problems.values()]

    def managed(self) -> Server:
        server, operation = self.manage()
        ended = self.finished(operation)
        assert ended.state == "succeeded", ended.error
        return self.corral.servers.get(server.uuid)


def once(call: str, act: Callable[[], object]) -> Callable[[str], None]:
    """A hook that acts once, when that call leaves."""
    done: list[bool] = []

    def hook(told: str) -> None:
        if told.startswith(f"before {call}") and not done:
            done.append(True)
            act()

    return hook
