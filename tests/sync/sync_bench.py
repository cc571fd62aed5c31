"""A fleet in memory that a Corral manages and keeps in step, with a clock that tests move, and passes when tests want them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import yaml
from sync_lies import Lying

from corral import config
from corral.domain.drift import Drift, Field
from corral.domain.machine import Network, NetworkPort
from corral.domain.server import ManageRequest, NetworkRequest, Server
from corral.drivers.memory import MemorySource
from corral.drivers.memory.world import NicRecord, Node
from corral.engine import BackOff
from corral.services.adoption import Actor
from corral.store.drift import DriftFilter
from corral.store.servers import ServerFilter
from corral.wiring import Corral, build
from tests.prepared import prepared

NET = "cccccccc-0000-4000-8000-000000000001"
ACTOR = Actor("operator", "bank", "req-test")
QUICK = BackOff(first=0.005, factor=1.5, cap=0.02, jitter=0.0, tries=50)
SETTLE = 60.0


def node_id(number: int) -> str:
    return f"aaaaaaaa-0000-4000-8000-{number:012d}"


def port_id(number: int) -> str:
    return f"bbbbbbbb-0000-4000-8000-{number:012d}"


def mac(number: int) -> str:
    return f"52:54:00:00:{number >> 8:02x}:{number & 255:02x}"


def add_machine(source: MemorySource, number: int, **fields: Any) -> Node:
    """A machine that runs, with one NIC and its port."""
    port = NetworkPort(port_id(number), mac(number), NET, "bank", status="ACTIVE")
    source.world.add(ports=[port])
    nic = NicRecord(f"eeeeeeee-0000-4000-8000-{number:012d}", mac(number), vif=port_id(number))
    properties = {"cpus": 8, "memory_mb": 16384, "local_gb": 100}
    made = {"resource_class": "gold", "nics": [nic], "properties": properties, **fields}
    return source.world.add_node(Node(node_id(number), f"node-{number}", **made))


class Clock:
    """Stands still until a test moves it."""

    def __init__(self) -> None:
        self.at = datetime(2026, 1, 1, tzinfo=UTC)

    def __call__(self) -> datetime:
        return self.at

    def wait(self, seconds: float) -> None:
        self.at += timedelta(seconds=seconds)


class Bench:
    """`policy`: what the policy says of the one source, `lab`. `lying`: whether it can be made to lie, by `lying.lie`."""

    def __init__(self, folder: Path, policy: Mapping[str, Any], machines: int = 4, *, lying: bool = False) -> None:
        self.folder = folder
        self.memory = MemorySource("lab", page_size=3)
        self.source = self.memory.source
        self.lying = Lying(self.source.machines)
        if lying:
            self.source = replace(self.source, machines=self.lying)
        self.memory.world.add(networks=[Network(NET, "tenant", "bank")])
        for number in range(1, machines + 1):
            add_machine(self.memory, number)
        self.clock = Clock()
        self.events: list[tuple[str, dict[str, Any]]] = []
        self.corral = self._build(policy)
        self.flavor = self.corral.flavors.create({"name": "gold", "resources": {"CUSTOM_GOLD": "1"}}, ACTOR).uuid
        self.corral.engine.start()

    def _build(self, policy: Mapping[str, Any]) -> Corral:
        file = self.folder / "policy.yaml"
        said = {"settle": SETTLE, "looks": 2, "gone_looks": 2, **policy}
        file.write_text(yaml.safe_dump({"sources": {"lab": said}}))
        settings = prepared(
            config.Settings(data_dir=self.folder, sync=config.SyncSettings(policy_file=file), workers=2)
        )
        return build(
            settings,
            sources={"lab": self.source},
            hosts=(),
            emit=lambda event, payload, **_more: self.events.append((event, payload.as_json())),
            clock=self.clock,
            sleep=lambda _seconds: None,
            back_off=QUICK,
        )

    def restart(self, policy: Mapping[str, Any]) -> None:
        """The same Corral with another policy."""
        self.corral.stop()
        self.corral = self._build(policy)
        self.corral.engine.start()

    def stop(self) -> None:
        self.corral.stop()

    # --- acts ---------------------------------------------------------------------------------------------

    def adopt(self, *numbers: int) -> list[Server]:
        """Adopt machines as `server-N`."""
        made = []
        for number in numbers:
            networks = (NetworkRequest(port_id=port_id(number)),)
            wish = ManageRequest(f"server-{number}", node_id(number), self.flavor, networks, "lab", project="bank")
            server, operation = self.corral.adoption.manage(wish, ACTOR)
            self.corral.engine.wait(operation.uuid, 90)
            made.append(self.corral.servers.get(server.uuid))
        return made

    def look(self) -> Mapping[str, int]:
        """One pass, and the end of what it started."""
        counts = self.corral.synchronizer.synchronize("lab")
        self.settle()
        return counts

    def glance(self, *numbers: int) -> Mapping[str, int]:
        """One look at these machines, as after hints."""
        return self.corral.synchronizer.glance("lab", [node_id(number) for number in numbers])

    def looks(self, times: int = 3, between: float = SETTLE) -> list[Mapping[str, int]]:
        """Several passes, with time between them."""
        counts = []
        for _ in range(times):
            counts.append(self.look())
            self.clock.wait(between)
        return counts

    def settle(self) -> None:
        """Wait for every operation."""
        for operation in self.corral.engine.operations(limit=1000):
            if not operation.state.final:
                self.corral.engine.wait(operation.uuid, 90)

    # --- looks --------------------------------------------------------------------------------------------

    def node(self, number: int) -> Node:
        return self.memory.world.node(node_id(number))

    def server(self, number: int) -> Server:
        found = self.corral.servers.page(
            ServerFilter(source="lab"), limit=1000, marker=None, sort_key="name", descending=False
        )
        return next(one for one in found if one.machine == node_id(number))

    def servers(self) -> list[Server]:
        return self.corral.servers.page(
            ServerFilter(source="lab"), limit=1000, marker=None, sort_key="name", descending=False
        )

    def drifts(self, state: str | None = None) -> list[Drift]:
        """What is believed, or what is in that state."""
        return self.corral.drift.page(DriftFilter(state=state), limit=1000)

    def drift(self, number: int, what: Field) -> Drift | None:
        rows = [*self.drifts(), *self.drifts("settling")]
        return next((one for one in rows if (one.machine, one.field) == (node_id(number), what)), None)

    def told(self) -> list[str]:
        return [kind for kind, _ in self.events]

    def acts(self) -> list[tuple[str, str]]:
        """The calls that changed something at the source, since its beginning."""
        with self.corral.sql.connect() as conn:
            rows = conn.exec_driver_sql(
                "SELECT method, path FROM calls WHERE method != 'GET' AND operation IN "
                "(SELECT uuid FROM operations WHERE kind = 'sync') ORDER BY id"
            )
            return [(row[0], row[1]) for row in rows]
