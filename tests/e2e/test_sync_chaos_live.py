"""A proxy in front of the real Ironic lies in every way: nothing is sent there, nothing is lost, and the truth is believed again.
And a libvirt that tells of thousands of events in which nothing happened costs a few looks."""

from __future__ import annotations

import json
import uuid
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import libvirt
import pytest
import yaml

from corral import config
from corral.domain.errors import CorralError
from corral.domain.lifecycle import Status
from corral.domain.server import Kind, ManageRequest, NetworkRequest, Server
from corral.domain.vm import Vm
from corral.drivers.libvirt import open_hosts
from corral.services.adoption import Actor
from corral.services.surveyor import HostGroup
from corral.store import Servers
from corral.store.drift import DriftFilter
from corral.wiring import Corral, build
from tests.e2e.support.herd import clouds_through
from tests.e2e.support.hypervisors import until
from tests.e2e.support.lab import Lab
from tests.e2e.support.machines import Made, Wish, make, remove
from tests.e2e.support.proxy import Call, Exchange, Fault, Headers, Proxy, Reply, status
from tests.e2e.support.step_run import at_once

ACTOR = Actor("operator", "admin", "req-chaos")
NUMBER = 5
EAGER = {
    "policy": "sync",
    "fields": {"power": {"policy": "sync", "wins": "world"}, "name": "tolerate"},
    "allow": ["start", "stop", "reboot", "migrate", "resize"],
    "brake": {"percent": 20, "least": 1},
    "settle": 60,
    "looks": 2,
    "gone_looks": 2,
}
Row = dict[str, Any]
Rewrite = Callable[[list[Row]], list[Row]]


class Clock:
    """Goes on when a test says so, besides."""

    def __init__(self) -> None:
        self.ahead = timedelta()

    def __call__(self) -> datetime:
        return datetime.now(UTC) + self.ahead

    def wait(self, seconds: float) -> None:
        self.ahead += timedelta(seconds=seconds)


class Liar:
    """The proxy's rule: what is asked of nodes is answered by `lie`. `sent`: what was to be changed, while it is here."""

    def __init__(self) -> None:
        self.lie: Callable[[Call], Fault | None] | None = None
        self.sent: list[Call] = []

    def __call__(self, call: Call) -> Fault | None:
        if call.acts:
            self.sent.append(call)
        return None if self.lie is None or call.acts else self.lie(call)


def rewritten(rewrite: Rewrite) -> Callable[[Call], Fault | None]:
    """Answers that name nodes, by list or one by one, with their rows rewritten."""

    def fault(exchange: Exchange) -> None:
        reply = exchange.forward()
        data = json.loads(reply.body)
        if "nodes" in data:
            data["nodes"] = rewrite(data["nodes"])
        elif "uuid" in data:
            rows = rewrite([data])
            data = rows[0] if rows else {"error_message": "Node could not be found."}
            reply = replace(reply, status=reply.status if rows else 404)
        exchange.answer(Reply(reply.status, _json(reply.headers), json.dumps(data).encode()))

    return lambda call: fault if "/v1/nodes" in call.target else None


def _json(headers: Headers) -> Headers:
    return [(name, value) for name, value in headers if name.lower() != "content-encoding"]


def broken_off() -> Callable[[Call], Fault | None]:
    """The list of nodes is told, with all of them off, and then there are only errors."""
    off = rewritten(_off)
    return lambda call: off(call) if "/v1/nodes" in call.target else status(500, "out of order")


def _off(rows: list[Row]) -> list[Row]:
    return [{**row, "power_state": "power off"} for row in rows]


def half_gone(ids: Sequence[str]) -> Callable[[Call], Fault | None]:
    """Every other one of ours is neither in lists nor found by itself."""
    gone = set(sorted(ids)[::2])
    return rewritten(lambda rows: [row for row in rows if row["uuid"] not in gone])


def _swapped(rows: list[Row]) -> list[Row]:
    """Each answers with the next one's data; of a single one that is nobody's."""
    if len(rows) == 1:
        return [{**rows[0], "instance_uuid": "00000000-0000-4000-8000-000000000bad", "power_state": "power off"}]
    return [{**other, "uuid": row["uuid"]} for row, other in zip(rows, _off([*rows[1:], rows[0]]), strict=True)]


LIES: dict[str, Callable[[Sequence[str]], Callable[[Call], Fault | None]]] = {
    "all are off": lambda _ids: rewritten(_off),
    "all are gone": lambda _ids: rewritten(lambda _rows: []),
    "half are gone": half_gone,
    "the data of others": lambda _ids: rewritten(_swapped),
    "told twice": lambda _ids: rewritten(lambda rows: [*rows, *_off(rows)] if len(rows) > 1 else _off(rows)),
    "nonsense": lambda _ids: rewritten(lambda rows: [{**row, "power_state": 7, "instance_info": []} for row in rows]),
    "errors half way": lambda _ids: broken_off(),
}
"""By the ids of our nodes."""


class Yard:
    """Some nodes of the lab, servers of a Corral that asks Ironic through the liar."""

    def __init__(self, lab: Lab, folder: Path, made: list[Made], monkeypatch: pytest.MonkeyPatch) -> None:
        self.lab = lab
        self.made = made
        self.liar, self.clock = Liar(), Clock()
        self.proxies = {"ironic": Proxy(lab.ironic_url), "neutron": Proxy(lab.neutron_url)}
        self.proxies["ironic"].rule = self.liar
        monkeypatch.setenv("OS_CLIENT_CONFIG_FILE", clouds_through(lab, folder, self.proxies))
        self.corral = self._built(folder)
        self.corral.engine.start()
        flavor = self.corral.flavors.create({"name": "gold", "resources": {"CUSTOM_GOLD": "1"}}, ACTOR).uuid
        begun = []
        for one in made:
            assert one.port is not None
            wish = ManageRequest(
                one.name, one.uuid, flavor, (NetworkRequest(port_id=one.port),), "lab",
                project=lab.seeded["projects"]["demo"],
            )  # fmt: skip
            begun.append(self.corral.adoption.manage(wish, ACTOR)[1])
        for operation in begun:
            ended = self.corral.engine.wait(operation.uuid, 60)
            assert ended.state == "succeeded", ended.error

    def _built(self, folder: Path) -> Corral:
        policy = folder / "policy.yaml"
        policy.write_text(yaml.safe_dump({"sources": {"lab": EAGER}}))
        source = config.SourceSettings(
            name="lab",
            driver="ironic",
            options={"cloud": "corral-system", "network_cloud": "corral"},
            limits=config.LimitSettings(pause=1),
        )
        settings = config.Settings(
            data_dir=folder / "data", sync=config.SyncSettings(policy_file=policy), sources=[source]
        )
        return build(settings, hosts=(), emit=lambda *_told, **_more: None, clock=self.clock)

    def close(self) -> None:
        self.liar.lie = None
        for operation in [self.corral.adoption.unmanage(server, ACTOR)[1] for server in self.servers()]:
            self.corral.engine.wait(operation.uuid, 60)
        self.corral.stop()
        for proxy in self.proxies.values():
            proxy.shut()

    def servers(self) -> list[Server]:
        return sorted(Servers(self.corral.sql, self.clock).each_at("lab"), key=lambda one: one.machine)

    def listened(self, times: int) -> None:
        """Passes, and hints of every machine, whatever comes of them."""
        machines = [one.uuid for one in self.made]
        for _ in range(times):
            for look in (
                lambda: self.corral.synchronizer.synchronize("lab"),
                lambda: self.corral.synchronizer.glance("lab", machines),
            ):
                try:
                    look()
                except CorralError:
                    assert self.liar.lie is not None  # the truth can be listened to
            self.clock.wait(61)

    def world(self) -> list[Row]:
        """What the real Ironic says of the nodes, without the proxy."""
        kept = ("power_state", "provision_state", "instance_uuid", "instance_info", "maintenance", "allocation_uuid")
        rows = [self.lab.ironic.get(f"/v1/nodes/{one.uuid}") for one in self.made]
        return [{key: row.get(key) for key in kept} for row in rows]

    def drifts(self) -> list[Any]:
        return [
            *self.corral.drift.page(DriftFilter(), limit=100),
            *self.corral.drift.page(DriftFilter(state="settling"), limit=100),
        ]


@pytest.fixture(scope="module")
def yard(lab: Lab, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Yard]:
    with pytest.MonkeyPatch.context() as monkeypatch, ExitStack() as stack:
        made = at_once(lambda _number: make(lab, Wish()), range(NUMBER))
        stack.callback(at_once, lambda each: remove(lab, each), made)
        one = Yard(lab, tmp_path_factory.mktemp("chaos"), made, monkeypatch)
        stack.callback(one.close)
        yield one


@pytest.mark.lab
@pytest.mark.timeout(900)
@pytest.mark.parametrize("lie", LIES)
def test_a_real_ironic_is_left_alone_whatever_a_proxy_says_of_it(yard: Yard, lie: str) -> None:
    yard.listened(1)
    assert yard.drifts() == []
    servers, world = yard.servers(), yard.world()
    yard.liar.sent.clear()
    yard.liar.lie = LIES[lie]([one.uuid for one in yard.made])
    yard.listened(3)
    assert yard.servers() == servers
    assert yard.liar.sent == []
    yard.liar.lie = None
    if yard.corral.drift.source("lab").state.braked_at is not None:
        yard.corral.drift.release("lab", ACTOR)
    yard.listened(2)
    assert yard.drifts() == []
    assert (yard.servers(), yard.world()) == (servers, world)
    assert {server.status for server in yard.servers()} == {Status.ACTIVE}
    assert yard.liar.sent == []


# --- a storm of events ------------------------------------------------------------------------------------


DOMAIN = "<domain type='test'><name>{name}</name><memory unit='MiB'>64</memory><os><type arch='i686'>hvm</type></os></domain>"


@pytest.mark.timeout(900)
def test_a_storm_of_libvirts_events_costs_a_few_looks_and_leaves_no_drift_that_is_none(tmp_path: Path) -> None:
    policy = tmp_path / "policy.yaml"
    policy.write_text(yaml.safe_dump({"sources": {"test": {"policy": "tolerate", "settle": 3600}}}))
    options = {"hosts": [{"uri": "test:///default", "name": "one"}]}
    group = HostGroup("test", "libvirt", 3600.0, lambda: open_hosts("test", options))
    settings = config.Settings(data_dir=tmp_path, sync=config.SyncSettings(policy_file=policy))
    corral = build(settings, sources={}, hosts=[group], emit=lambda *_told, **_more: None)
    with libvirt.open("test:///default") as other:
        made = [other.defineXML(DOMAIN.format(name=f"storm-{number}")) for number in range(20)]
        try:
            corral.surveyor.survey("test")
            _record(corral, [vm for look in open_hosts("test", options).hosts.looks() for vm in look.vms])
            corral.surveyor.start()
            corral.synchronizer.start()
            until(lambda: corral.drift.source("test").state.ended_at is not None)
            _storm(made, 1000)
            made[0].rename("called-otherwise", 0)
            until(lambda: _named(corral))
            looked = float(_counted(corral, 'corral_hints_total{source="test",what="acted"}'))
            heard = float(_counted(corral, 'corral_hints_total{source="test",what="received"}'))
        finally:
            corral.stop()
            for one in made:
                one.undefine()
    assert heard > 1000
    assert looked < heard / 20
    with_drift = {row.machine for row in corral.drift.page(DriftFilter(state="settling"), limit=100)}
    assert with_drift == {made[0].UUIDString()}


def _storm(made: list[Any], times: int) -> None:
    """Changes that are taken back at once."""
    for number in range(times):
        one = made[number % len(made)]
        name = one.name()
        one.rename(f"{name}-x", 0)
        one.rename(name, 0)


def _record(corral: Corral, vms: list[Vm]) -> None:
    """As adoption would have made servers of them."""
    servers = Servers(corral.sql, lambda: datetime.now(UTC))
    with corral.sql.begin() as conn:
        for vm in vms:
            made = Server(
                str(uuid.uuid4()), f"server-{vm.name}", "test", vm.id, "bank", Status.STOPPED, "", kind=Kind.VM,
                machine_name=vm.name, host=vm.host, cpus=vm.cpus, memory=vm.memory, macs=vm.macs, volumes=vm.disks,
                vm_nics=vm.nics, power=str(vm.power),
            )  # fmt: skip
            servers.add(conn, made)


def _named(corral: Corral) -> bool:
    rows = corral.drift.page(DriftFilter(state="settling"), limit=100)
    return [row.world for row in rows if str(row.field) == "name"] == ["called-otherwise"]


def _counted(corral: Corral, name: str) -> str:
    return next(
        line.rpartition(" ")[2] for line in corral.metrics.text().decode().splitlines() if line.startswith(name)
    )
