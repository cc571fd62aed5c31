"""VMs in memory that are surveyed, and kept in step over what surveys record, when tests want it."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

import yaml
from sync_bench import ACTOR, QUICK, Clock

from corral import config
from corral.domain.drift import Drift, Field
from corral.domain.server import ManageRequest, Server
from corral.drivers.memory.hosts import MemoryHosts, example_host, example_vm
from corral.services.surveyor import HostGroup
from corral.store.drift import DriftFilter
from corral.wiring import Corral, build
from tests.prepared import prepared

SOURCE = "racks"
VM = example_vm(example_host(0), 0).id


class Surveyed:
    """What benches of VMs have in common: surveys of the source, and passes over it."""

    corral: Corral
    clock: Clock

    def survey(self) -> None:
        self.corral.surveyor.survey(SOURCE)

    def looks(self, times: int = 4) -> None:
        """Several surveys with a pass after each, and time between them."""
        for _ in range(times):
            self.survey()
            self.corral.synchronizer.synchronize(SOURCE)
            for operation in self.corral.engine.operations(limit=100):
                if not operation.state.final:
                    self.corral.engine.wait(operation.uuid, 90)
            self.clock.wait(61)

    def drifts(self) -> dict[Field, Drift]:
        """What is believed, by field."""
        return {one.field: one for one in self.corral.drift.page(DriftFilter(), limit=100)}


class VmBench(Surveyed):
    """Two hosts with two VMs each, of which one is managed; surveys and passes come when tests want them."""

    def __init__(self, folder: Path, **policy: Any) -> None:
        self.hosts = MemoryHosts(SOURCE)
        self.hosts.lost = True
        for number in range(2):
            self.hosts.add_host(example_host(number))
            for position in range(2):
                self.hosts.put(example_vm(example_host(number), 2 * number + position))
        self.clock = Clock()
        file = folder / "policy.yaml"
        said = {"settle": 60, "looks": 2, "gone_looks": 2, **policy}
        file.write_text(yaml.safe_dump({"sources": {SOURCE: said}}))
        self.corral = build(
            prepared(config.Settings(data_dir=folder, sync=config.SyncSettings(policy_file=file), workers=2)),
            sources={},
            hosts=[HostGroup(SOURCE, "memory", 3600.0, lambda: self.hosts.source)],
            emit=lambda *_told, **_more: None,
            clock=self.clock,
            sleep=lambda _seconds: None,
            back_off=QUICK,
        )
        self.corral.engine.start()
        self.survey()
        wish = ManageRequest(name="app-01", node=VM, flavor="", networks=(), source=SOURCE)
        self._server, operation = self.corral.adoption.manage(wish, ACTOR)
        assert self.corral.engine.wait(operation.uuid, 90).state == "succeeded"

    def server(self) -> Server:
        return self.corral.servers.get(self._server.uuid)

    def change(self, **fields: Any) -> None:
        self.hosts.put(replace(self.hosts.vm(VM), **fields))
