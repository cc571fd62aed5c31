"""A hypervisor and the cloud around it, in memory, with a Corral between them."""

from __future__ import annotations

import time
from pathlib import Path

from fault_bench import ACTOR, QUICK

from corral import config
from corral.domain.errors import Refused
from corral.domain.gaps import CloudRecord
from corral.drivers.memory.clouds import MemoryCloud
from corral.drivers.memory.hosts import MemoryHosts
from corral.engine import Operation
from corral.services.gaps import Wish
from corral.store.cloud_records import RecordFilter
from corral.wiring import Corral, build
from tests.cloud_world import DB, RULES, SOURCE, everything, group
from tests.prepared import prepared


class GapBench:
    """A Corral that fills the gaps of the VM `db`: a volume and a port."""

    def __init__(self, cloud: MemoryCloud, hosts: MemoryHosts, folder: Path, database: Path) -> None:
        self.cloud = cloud
        self.corral: Corral = build(
            prepared(config.Settings(data_dir=folder, database_url=f"sqlite:///{database}", workers=2)),
            sources={},
            hosts=[group(hosts)],
            clouds={SOURCE: cloud.around},
            emit=lambda *_args, **_more: None,
            # Time passes at once; a service that was slow has caught up by then.
            sleep=lambda _seconds: cloud.settle(),
            back_off=QUICK,
        )

    def surveyed(self) -> None:
        """Wait until the hypervisor's VMs are on record."""
        end = time.monotonic() + 120
        while not all(one.state.surveyed_at for one in self.corral.hosts.sources()):
            assert time.monotonic() < end
            time.sleep(0.01)

    def wish(self) -> Wish:
        return Wish(self.corral.hosts.get("kvm-01"), machines=(DB,), rules=RULES)

    def fill(self) -> Operation:
        wish = self.wish()
        plan = self.corral.gaps.plan(wish)
        if len([gap for gap in plan.gaps if gap.fillable]) != 2:
            # A backend that did not answer is told by the plan; nobody carries out the half of it here.
            raise Refused("Not both gaps.", [one for gap in plan.gaps for one in gap.reasons])
        [operation] = self.corral.gaps.fill(wish, plan, plan.digest, ACTOR)
        return operation

    def revert(self) -> Operation:
        [operation] = self.corral.gaps.revert(self.records(), ACTOR)
        return operation

    def ended(self, operation: Operation) -> Operation:
        return self.corral.engine.wait(operation.uuid, 90)

    def records(self) -> list[CloudRecord]:
        return self.corral.gaps.records(RecordFilter(), limit=100)

    def whole(self, before: object, what: str) -> str:
        """`filled` or `untouched`; fails for anything between."""
        now, records = everything(self.cloud), self.records()
        if not records:
            assert now == before, f"{what}: nothing is recorded, and the cloud is not as it was"
            return "untouched"
        assert {one.state for one in records} == {"made"}, what
        assert {one.made for one in records} == {*now["volumes"], *now["ports"]}, what
        assert (len(now["volumes"]), len(now["ports"]), len(now["attachments"])) == (1, 1, 1), what
        [volume], [attachment], [port] = now["volumes"].values(), now["attachments"].values(), now["ports"].values()
        assert (volume["status"], attachment["status"], attachment["instance"], port["device"]) == (
            "in-use",
            "attached",
            DB,
            DB,
        ), what
        return "filled"
