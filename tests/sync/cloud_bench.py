"""A VM in memory, with what the cloud around it has of it."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

import yaml
from sync_bench import ACTOR, QUICK, Clock
from vms_bench import Surveyed

from corral import config
from corral.contracts.watching import Listens
from corral.domain.gaps import CloudRecord, Kind
from corral.domain.server import ManageRequest
from corral.domain.vm import Address, Origin, Vm
from corral.drivers.memory.world import Port
from corral.services.gaps import Wish
from corral.store.cloud_records import RecordFilter
from corral.wiring import build
from tests.cloud_world import DB, RULES, SOURCE, cloud, group, hosts
from tests.prepared import prepared


class CloudBench(Surveyed):
    """A VM with a disk on an array and a NIC on a VLAN, both recorded in the cloud around it."""

    def __init__(self, folder: Path, bus: Listens | None = None, **policy: Any) -> None:
        self.hosts, self.cloud, self.clock = hosts(), cloud(), Clock()
        self.cloud.world.projects["bank"] = True
        file = folder / "policy.yaml"
        said = {"settle": 60, "looks": 2, "gone_looks": 2, "brake": {"least": 10}, **policy}
        file.write_text(yaml.safe_dump({"sources": {SOURCE: said}}))
        self.corral = build(
            prepared(config.Settings(data_dir=folder, sync=config.SyncSettings(policy_file=file), workers=2)),
            sources={},
            hosts=[group(self.hosts)],
            clouds={SOURCE: self.cloud.around},
            buses={} if bus is None else {SOURCE: bus},
            emit=lambda *_told, **_more: None,
            clock=self.clock,
            sleep=lambda _seconds: self.cloud.settle(),
            back_off=QUICK,
        )
        self.corral.engine.start()
        self.survey()
        wish = ManageRequest(name="app-01", node=DB, flavor="", networks=(), source=SOURCE)
        _, operation = self.corral.adoption.manage(wish, ACTOR)
        assert self.corral.engine.wait(operation.uuid, 90).state == "succeeded"
        self._fill()
        self.looks(1)
        assert self.drifts() == {}

    def _fill(self) -> None:
        rules = {key: value for key, value in RULES.items() if key != "project"}
        wish = Wish(self.corral.hosts.get("kvm-01"), machines=(DB,), rules=rules)
        plan = self.corral.gaps.plan(wish)
        for operation in self.corral.gaps.fill(wish, plan, plan.digest, ACTOR):
            assert self.corral.engine.wait(operation.uuid, 90).state == "succeeded"
        assert {one.kind for one in self.records()} == {Kind.VOLUME, Kind.PORT}

    def records(self) -> list[CloudRecord]:
        return self.corral.gaps.records(RecordFilter(vm=DB), limit=10)

    def vm(self) -> Vm:
        return self.hosts.vm(DB)

    def change(self, **fields: Any) -> None:
        self.hosts.put(replace(self.vm(), **fields))

    def move_to(self, ip: str) -> None:
        """The guest gives itself another address."""
        self.change(nics=(replace(self.vm().nics[0], addresses=(Address(ip, Origin.AGENT),)),))

    @property
    def port(self) -> Port:
        [one] = self.cloud.world.ports.values()
        return one

    @property
    def volume(self) -> dict[str, Any]:
        [one] = self.cloud.world.storage.volumes.values()
        return one

    def addresses(self) -> list[str]:
        return [ip for _, ip in self.port.addresses]

    def attached(self) -> list[str]:
        return [one["instance"] for one in self.cloud.world.storage.attachments.values()]

    def detach(self) -> None:
        self.cloud.world.storage.attachments.clear()
        self.volume["status"] = "available"

    def delete_volume(self) -> None:
        self.cloud.world.storage.attachments.clear()
        self.cloud.world.storage.volumes.clear()

    def acts(self) -> set[tuple[str, str]]:
        """What corrections did to anything: method and service."""
        with self.corral.sql.connect() as conn:
            rows = conn.exec_driver_sql(
                "SELECT method, service FROM calls WHERE method != 'GET' AND operation IN "
                "(SELECT uuid FROM operations WHERE kind = 'sync')"
            )
            return {(row[0], row[1]) for row in rows}
