"""Ironic's conductor is gone, or holds the lock of a node: Corral says so, does nothing by halves, and goes on when it is back."""

from __future__ import annotations

import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass

import pytest

from tests.e2e.support.adopting import codes, wish
from tests.e2e.support.corral import BRIEF, Corral
from tests.e2e.support.herd import FLOWS, Herd, clouds_through
from tests.e2e.support.ironic import PARTS, SplitIronic
from tests.e2e.support.lab import Json, Lab
from tests.e2e.support.machines import Made, Wish
from tests.e2e.support.proxy import Call, Hold, Proxy
from tests.e2e.support.records import records
from tests.e2e.support.stages import Boundary, boundaries

pytestmark = [pytest.mark.lab, pytest.mark.timeout(900)]


@dataclass(frozen=True)
class Site:
    """An Ironic in two parts, a machine of it whose BMC is reached through a proxy, and a Corral over it."""

    ironic: SplitIronic
    bmc: Proxy
    herd: Herd

    @property
    def made(self) -> Made:
        return self.herd.machines[0]

    def held(self, flow: str, cut: Boundary) -> tuple[Hold, Json]:
        """The operation, standing still at that boundary."""
        self.herd.prepare(flow, [self.made])
        hold = Hold(done=cut.done)
        self.herd.disturb({self.made.uuid: (cut.point, hold)})
        operations = self.herd.start(flow, [self.made])
        self.herd.wait_held({self.made.uuid: hold}, operations)
        return hold, operations[self.made.uuid]

    def ended(self, flow: str, operation: Json) -> Json:
        """The operation at its end; the machine is wholly managed or untouched, and can be managed and given back again."""
        ended = self.herd.ended({self.made.uuid: operation})
        self.herd.assert_whole(flow, ended, {self.made.uuid: flow})
        self.herd.prepare("unmanage", [self.made])
        self.herd.settle()
        return ended[self.made.uuid]

    @contextmanager
    def locked(self) -> Iterator[None]:
        """The conductor holds the node's lock: somebody has it switch the machine on (it is on), and the BMC does not answer."""
        hold = Hold()
        self.bmc.rule = lambda call: hold if _of_ironic(call) else None
        path = f"/v1/nodes/{self.made.uuid}"
        self.herd.lab.ironic.call("PUT", f"{path}/states/power", {"target": "power on"})
        assert hold.reached.wait(60)
        assert self.herd.lab.ironic.get(path)["reservation"]
        try:
            yield
        finally:
            self.bmc.rule = lambda _call: None
            hold.release()
            records(self.herd.lab, self.made)  # waits until it is unlocked


def _of_ironic(call: Call) -> bool:
    """Ironic logs in at the BMC; Corral has no login for it, and only reads."""
    return any(name.lower() in ("authorization", "x-auth-token") for name, _ in call.headers)


@pytest.fixture(scope="module")
def site(lab: Lab, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    home = tmp_path_factory.mktemp("split")
    ironic = SplitIronic(lab, home / "ironic")
    with ExitStack() as stack:
        for part in PARTS:
            stack.callback(ironic.kill, part)
        with ThreadPoolExecutor(2) as pool:
            list(pool.map(ironic.start, PARTS))
        other = lab.with_ironic(ironic.url)
        stack.callback(other.close_ironic)
        proxies = {"ironic": Proxy(ironic.url), "neutron": Proxy(lab.neutron_url), "bmc": Proxy(lab.redfish_root)}
        for proxy in proxies.values():
            stack.callback(proxy.shut)
        bmc = proxies.pop("bmc")
        corral = Corral(home, clouds_through(lab, home, proxies), limits=BRIEF)
        stack.callback(corral.http.close)
        stack.callback(corral.stop)
        corral.start()
        herd = Herd(other, corral, proxies, {"redfish": (Wish("silver", system=12, bmc=bmc.url), 1)})
        yield Site(ironic, bmc, herd)
        herd.remove()


@pytest.fixture
def conductor(site: Site) -> Iterator[SplitIronic]:
    """The Ironic whose conductor may be killed; it runs again afterwards."""
    yield site.ironic
    if not site.ironic.runs("conductor"):
        site.ironic.start("conductor")


def _first_act(site: Site, flow: str, step: str) -> Boundary:
    """The moment at which the first act of a step (by a word of its title) was carried out."""
    cuts = boundaries(site.herd.points[flow]["redfish"])
    return next(cut for cut in cuts if cut.done and cut.point.acts and step in cut.point.step)


CLAIM = {"manage": "Claim", "unmanage": "Release"}


def test_without_a_conductor_machines_are_listed_and_an_adoption_says_what_is_missing(
    site: Site, conductor: SplitIronic
) -> None:
    conductor.kill("conductor")

    listed = site.herd.corral.get("/v1/adoptable_nodes", name=site.made.name)["adoptable_nodes"]
    ended = site.herd.ended(site.herd.start("manage", [site.made]))[site.made.uuid]

    assert [one["adoptable"] for one in listed] == [True]
    assert (ended["state"], ended["error"]["code"]) == ("reverted", "unreachable"), ended
    assert "conductor" in ended["error"]["fix"]
    conductor.start("conductor")
    site.ended("manage", ended)


@pytest.mark.parametrize("flow", FLOWS)
def test_a_conductor_that_dies_between_two_calls_leaves_nothing_half_done(
    site: Site, conductor: SplitIronic, flow: str
) -> None:
    hold, operation = site.held(flow, _first_act(site, flow, CLAIM[flow]))

    conductor.kill("conductor")
    hold.release()
    time.sleep(1.0)
    conductor.start("conductor")

    site.ended(flow, operation)


def test_a_locked_node_is_busy_and_an_adoption_of_it_is_refused(site: Site) -> None:
    corral = site.herd.corral
    with site.locked():
        refused = corral.http.post("/v1/servers/manage", json=wish(corral, site.made, flavor="silver"))

        assert refused.status_code == 422, refused.text
        assert "busy" in codes(refused.json()["error"]["reasons"])
    site.herd.prepare("unmanage", [site.made])
    site.herd.settle()


def test_a_node_that_stays_locked_after_the_plan_is_not_adopted_and_the_error_says_why(site: Site) -> None:
    claim = next(cut for cut in boundaries(site.herd.points["manage"]["redfish"]) if "Claim" in cut.point.step)
    hold, operation = site.held("manage", claim)
    with site.locked():
        hold.release()
        ended = site.herd.corral.finished(operation)

    assert ended["state"] == "reverted", ended
    assert "is locked" in ended["error"]["message"]
    site.ended("manage", ended)


@pytest.mark.parametrize("flow", FLOWS)
def test_a_lock_that_goes_away_is_waited_for(site: Site, flow: str) -> None:
    begun = next(cut for cut in boundaries(site.herd.points[flow]["redfish"]) if CLAIM[flow] in cut.point.step)
    hold, operation = site.held(flow, begun)
    with site.locked():
        hold.release()
        time.sleep(1.5)

    assert site.ended(flow, operation)["state"] == "succeeded"
