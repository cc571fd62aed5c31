"""Several machines under one Corral whose every call to Ironic and Neutron goes through a proxy, to be disturbed there.

Why several: each is disturbed at another moment, so that one crash, or one outage, is seen at all of them.
"""

from __future__ import annotations

import json
import time
from collections import deque
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import TypeVar

from tests.e2e.support.adopting import wish
from tests.e2e.support.corral import FINAL, Corral
from tests.e2e.support.lab import Json, Lab
from tests.e2e.support.machines import Made, Wish, make, remove
from tests.e2e.support.proxy import Fault, Hold, Proxy
from tests.e2e.support.records import differences, records
from tests.e2e.support.stages import Point, Stages, Subject

Case = TypeVar("Case")
Value = TypeVar("Value")

Kinds = Mapping[str, tuple[Wish, int]]
KINDS: Kinds = {
    "plugged": (Wish(), 6),  # its NIC has a port, which is bound
    # A port is made for its NIC, and plugged; its instance has a name, as Nova gives one.
    "bare": (Wish(vif=False, owner="demo", instance_name="bank-db"), 2),
}
"""How many machines of which kind there are."""
FLOWS = ("manage", "unmanage")
_AT_ONCE = 4
_TRIES = 5
_SLOW = ("unreachable", "outcome-unknown")
"""What an operation ends with that nothing disturbed, when others load the services and Corral is impatient."""


def clouds_through(lab: Lab, home: Path, proxies: Mapping[str, Proxy]) -> str:
    """A clouds.yaml like the lab's, that leads to Ironic and Neutron through the proxies."""
    clouds = json.loads(Path(lab.clouds).read_text())
    clouds["clouds"]["corral-system"]["baremetal_endpoint_override"] = proxies["ironic"].url
    clouds["clouds"]["corral"]["network_endpoint_override"] = proxies["neutron"].url
    written = home / "clouds.yaml"
    written.write_text(json.dumps(clouds))
    return str(written)


class Herd:
    """The machines, by kind; free and untouched between tests."""

    def __init__(self, lab: Lab, corral: Corral, proxies: Mapping[str, Proxy], kinds: Kinds = KINDS) -> None:
        self.lab, self.corral, self.proxies = lab, corral, proxies
        wanted = [(kind, wished) for kind, (wished, count) in kinds.items() for _ in range(count)]
        made = each(lambda one: (one[0], make(lab, one[1])), wanted)
        self.kinds = {kind: [each_ for of, each_ in made if of == kind] for kind in kinds}
        self.machines = [one for _, one in made]
        self.stages = Stages(corral, self._subject)
        for proxy in proxies.values():
            proxy.rule = self.stages
        self.free = dict(zip([one.uuid for one in self.machines], each(self._records, self.machines), strict=True))
        self.points = {flow: {kind: self._rehearsed(flow, kind) for kind in kinds} for flow in FLOWS}
        self.settle()

    def remove(self) -> None:
        each(lambda one: remove(self.lab, one), self.machines)

    # --- operations -----------------------------------------------------------------------------------------

    def start(self, flow: str, machines: Sequence[Made]) -> dict[str, Json]:
        """Begin to manage, or to unmanage, all of these; the operations by node uuid."""
        for made in machines:
            self.corral.flavor(made.resource_class)
        return dict(zip([one.uuid for one in machines], each(self._starter(flow), machines), strict=True))

    def ended(self, operations: Mapping[str, Json]) -> dict[str, Json]:
        """The operations at their ends."""
        return {node: self.corral.finished(one, patience=240) for node, one in operations.items()}

    def prepare(self, flow: str, machines: Sequence[Made]) -> None:
        """Bring these to where the flow begins, undisturbed: free ones to manage, managed ones to unmanage. An operation that a
        slow service ended is begun again: what is shown here is what becomes of disturbed ones."""
        first = "unmanage" if flow == "manage" else "manage"
        for left in reversed(range(_TRIES)):
            servers = self.servers()
            wanted = [one for one in machines if (one.uuid in servers) == (flow == "manage")]
            failed = [one for one in self.ended(self.start(first, wanted)).values() if one["state"] != "succeeded"]
            assert [one for one in failed if not left or one["error"]["code"] not in _SLOW] == []
            if not failed:
                return

    def settle(self) -> None:
        """Unmanage whatever is managed. Every machine is then as it was in the beginning, field by field."""
        self.prepare("manage", self.machines)
        assert not self.servers()
        for made, now in zip(self.machines, each(self._records, self.machines), strict=True):
            assert differences(self.free[made.uuid], now) == [], made

    def servers(self) -> dict[str, Json]:
        """The servers by node uuid."""
        return {one["node_uuid"]: one for one in self.corral.servers()}

    # --- disturbances ---------------------------------------------------------------------------------------

    def disturb(self, faults: Mapping[str, tuple[Point, Fault]]) -> None:
        """What is to be done to each machine's next operation; undone by another call."""
        self.stages.faults = dict(faults)

    def disturbed(self, flow: str, faults: Mapping[str, tuple[Point, Fault]]) -> Iterator[dict[str, Json]]:
        """Operations at their ends, to each of which was done what `faults` has for its machine. One that a slow service ended
        before it came there is among them, and is begun again: `stages.faults` has still what is to be done to it."""
        left = dict(faults)
        for _ in range(_TRIES):
            machines = [one for one in self.machines if one.uuid in left]
            self.prepare(flow, machines)
            self.disturb(left)
            ended = self.ended(self.start(flow, machines))
            left = dict(self.stages.faults)
            yield ended
            if not left:
                return
        raise AssertionError(f"some calls were never made: {left}")

    def wait_held(self, holds: Mapping[str, Hold], operations: Mapping[str, Json]) -> None:
        """Until every operation is held."""
        deadline = time.monotonic() + 180
        for node, hold in holds.items():
            while not hold.reached.wait(0.2):
                now = self.corral.get(f"/v1/operations/{operations[node]['uuid']}")
                assert now["state"] not in FINAL, f"it came to its end without {self.stages.faults.get(node)}: {now}"
                assert time.monotonic() < deadline, f"never came to {self.stages.faults.get(node)}: {now}"

    def assert_whole(self, flow: str, ended: Mapping[str, Json], about: Mapping[str, object]) -> None:
        """Each machine is wholly managed or wholly untouched, as its operation says. `about`: what was done to it."""
        self.disturb({})
        concerned = [one for one in self.machines if one.uuid in ended]
        servers = self.servers()
        for made, now in zip(concerned, each(self._records, concerned), strict=True):
            operation, server = ended[made.uuid], servers.get(made.uuid)
            what = f"{about[made.uuid]}: {operation['state']} {operation['error']}"
            assert (server is not None) == ((operation["state"] == "succeeded") == (flow == "manage")), what
            if server is None:
                assert differences(self.free[made.uuid], now) == [], what
            else:
                nics = self.corral.get(f"/v1/servers/{server['uuid']}/networks")["nics"]
                _assert_managed(server, {nic["port_id"] for nic in nics}, now, what)
            assert self.corral.get(f"/v1/operations/{operation['uuid']}/proof")["forbidden"] == 0, what

    # --- inside ---------------------------------------------------------------------------------------------

    def _subject(self, operation: Json) -> Subject | None:
        made = next((one for one in self.machines if one.uuid == operation["machine"]), None)
        return made and (made.uuid, (operation["server_uuid"], made.uuid, *made.macs, *made.ports))

    def _records(self, made: Made) -> Json:
        return records(self.lab, made)

    def _starter(self, flow: str) -> Callable[[Made], Json]:
        servers = self.servers() if flow == "unmanage" else {}

        def start(made: Made) -> Json:
            if flow == "manage":
                answer = self.corral.http.post("/v1/servers/manage", json=self._wish(made))
            else:
                answer = self.corral.http.post(f"/v1/servers/{servers[made.uuid]['uuid']}/unmanage")
            assert answer.status_code == 202, answer.text
            return dict(answer.json()["operation"])

        return start

    def _wish(self, made: Made) -> Json:
        port = {"port_id": made.port} if made.port else {"net_id": self.lab.seeded["networks"]["tenant"]}
        return wish(self.corral, made, flavor=made.resource_class, networks=[port])

    def _rehearsed(self, flow: str, kind: str) -> list[Point]:
        made = self.kinds[kind][0]
        ended = self.ended(self.start(flow, [made]))[made.uuid]
        assert ended["state"] == "succeeded", ended
        return self.stages.seen(ended)


def _assert_managed(server: Json, ports: set[str], now: Json, what: str) -> None:
    node = now["node"]
    assert server["status"] == "active", what
    assert node["instance_uuid"] == node["allocation_uuid"] == server["uuid"], what
    assert (node["protected"], node["maintenance"]) == (True, False), what
    assert [(one["uuid"], one["state"]) for one in now["allocations"]] == [(server["uuid"], "active")], what
    assert {key: port["device_id"] for key, port in now["neutron"].items()} == dict.fromkeys(ports, server["uuid"]), (
        what
    )
    assert set(now["vifs"]) == ports, what


def rounds(herd: Herd, wanted: Mapping[str, Iterable[Case]]) -> Iterator[list[tuple[Made, Case]]]:
    """Each case with a machine of its kind, as many at once as there are machines."""
    queues = {kind: deque(cases) for kind, cases in wanted.items()}
    while any(queues.values()):
        yield [(one, queues[kind].popleft()) for kind in queues for one in herd.kinds[kind] if queues[kind]]


def each(work: Callable[[Case], Value], items: Sequence[Case]) -> list[Value]:
    """`work` of each item, in their order, some of them at once."""
    with ThreadPoolExecutor(_AT_ONCE) as pool:
        return list(pool.map(work, items))
