"""Ironic announces what changes on a RabbitMQ, and Corral looks at once: a real broker, and a real Ironic that is told to announce.

Polls are an hour apart here, so whatever is seen was seen because of a notification.
"""

from __future__ import annotations

import json
import os
import signal
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path
from uuid import uuid4

import kombu
import pytest

from lab.places import from_environment
from lab.rabbitmq import RabbitMq
from tests.e2e.support.adopting import adopt, wish
from tests.e2e.support.building import clouds_with
from tests.e2e.support.corral import Corral
from tests.e2e.support.ironic import PARTS, SplitIronic
from tests.e2e.support.lab import Json, Lab
from tests.e2e.support.machines import Made, Wish, make, remove, switch

pytestmark = [pytest.mark.lab, pytest.mark.timeout(900)]

_URL = "LAB_NOTIFICATIONS_URL"
_POLICY = "sources: {lab: {policy: tolerate, settle: 3600, brake: {percent: 100, least: 9}, poll: {every: 3600}}}\n"


@dataclass(frozen=True)
class Site:
    """A broker, an Ironic that announces there, machines of it that a Corral manages and keeps in step."""

    bus: RabbitMq
    lab: Lab
    corral: Corral
    machines: list[Made]

    def status(self) -> Json:
        return dict(self.corral.get("/v1/sync/lab"))

    def heard(self) -> bool | None:
        return (self.status()["notifications"] or {}).get("heard")

    def drift(self, made: Made, field: str) -> Json | None:
        """The drift of a field, believed or not."""
        found = [*self.corral.get("/v1/drift")["drifts"], *self.corral.get("/v1/drift", state="settling")["drifts"]]
        return next((row for row in found if (row["machine"], row["field"]) == (made.uuid, field)), None)

    def quiet(self) -> None:
        """Wait until a pass that is under way, or wanted, is over."""
        before = None
        while (now := (self.status()["ended_at"], self.status()["wanted_at"])) != before or now[1] is not None:
            before = now
            time.sleep(1.5)


def until(true: Callable[[], object], seconds: float = 120) -> None:
    end = time.monotonic() + seconds
    while not true():
        assert time.monotonic() < end, "it did not come about in time"
        time.sleep(0.05)


@pytest.fixture(scope="module")
def site(lab: Lab, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    home = tmp_path_factory.mktemp("notifications")
    with ExitStack() as stack:
        bus = stack.enter_context(RabbitMq(from_environment()))
        ironic = SplitIronic(lab, home / "ironic", bus=bus.url)
        for part in PARTS:
            stack.callback(ironic.kill, part)
        with ThreadPoolExecutor(2) as pool:
            list(pool.map(ironic.start, PARTS))
        other = lab.with_ironic(ironic.url)
        stack.callback(other.close_ironic)
        machines = []
        for _ in range(3):
            machines.append(make(other, Wish(network_interface="noop")))
            stack.callback(remove, other, machines[-1])
        (home / "policy.yaml").write_text(_POLICY)
        os.environ[_URL] = bus.url
        stack.callback(os.environ.pop, _URL)
        corral = Corral(
            home,
            clouds_with(other, home),
            sync=f"{{policy_file: {home / 'policy.yaml'}}}",
            notifications=f"{{transport_url_env: {_URL}}}",
        )
        stack.callback(corral.http.close)
        stack.callback(corral.stop)
        corral.start()
        one = Site(bus, other, corral, machines)
        for made in machines:
            adopt(corral, wish(corral, made))
        until(one.heard)
        one.quiet()
        yield one


def test_what_ironic_announces_is_in_the_queue_without_a_poll(site: Site) -> None:
    made, passed = site.machines[0], site.status()["ended_at"]
    switch(site.lab, made.uuid, "power off")
    until(lambda: site.drift(made, "power"))
    drift = site.drift(made, "power")
    assert drift is not None
    assert (drift["record"], drift["world"], drift["state"]) == ("power on", "power off", "settling")
    called = [{"op": "replace", "path": "/instance_info/display_name", "value": "renamed"}]
    site.lab.ironic.call("PATCH", f"/v1/nodes/{made.uuid}", called)
    until(lambda: site.drift(made, "name"))
    assert site.status()["ended_at"] == passed


def test_what_is_over_is_taken_back_by_the_notification_of_that(site: Site) -> None:
    made = site.machines[1]
    switch(site.lab, made.uuid, "power off")
    until(lambda: site.drift(made, "power"))
    switch(site.lab, made.uuid, "power on")
    until(lambda: site.drift(made, "power") is None)


def test_what_somebody_else_announces_is_looked_at_and_not_believed(site: Site) -> None:
    made = site.machines[1]
    with kombu.Connection(site.bus.url.replace("rabbit://", "amqp://") + "/") as connection:
        exchange = kombu.Exchange("ironic", "topic", durable=False, passive=True)
        producer = connection.Producer(exchange=exchange)
        for uuid in (made.uuid, str(uuid4()), "nonsense"):
            data = {"uuid": uuid, "power_state": "power off", "instance_uuid": None}
            message = {"event_type": "baremetal.node.power_set.end", "payload": {"ironic_object.data": data}}
            body = {"oslo.version": "2.0", "oslo.message": json.dumps(message)}
            producer.publish(body, routing_key="ironic_versioned_notifications.info")
        producer.publish(b"\x00 not even text", routing_key="ironic_versioned_notifications.error")
    other = site.machines[2]
    switch(site.lab, other.uuid, "power off")  # announced after them, and read after them
    until(lambda: site.drift(other, "power"))
    assert site.drift(made, "power") is None
    assert site.heard()


def test_a_broker_that_dies_is_told_and_what_happened_meanwhile_is_found_when_it_is_back(site: Site) -> None:
    made = site.machines[1]
    site.bus.kill()
    until(lambda: site.heard() is False)
    source = site.corral.get("/v1/sources")["sources"][0]
    assert source["reachable"]
    assert source["notifications"]["heard"] is False
    shown = site.corral.run("sync", "status")
    assert "not heard" in shown.stdout + shown.stderr
    assert "guest" not in site.status()["notifications"]["why"]
    switch(site.lab, made.uuid, "power off")
    site.corral.http.post("/v1/sync/lab/look").raise_for_status()  # polling goes on
    until(lambda: site.drift(made, "power"))
    switch(site.lab, made.uuid, "power on")
    site.bus.start()
    # Ironic makes its exchange again with the first change that it announces after that; before, there is nothing to hear.
    switch(site.lab, site.machines[2].uuid, "power on")
    until(site.heard)
    until(lambda: site.drift(made, "power") is None)


def test_a_policy_is_read_again_at_a_signal_and_a_broken_one_changes_nothing(site: Site, lab: Lab) -> None:
    file = Path(site.corral.home) / "policy.yaml"
    file.write_text("sources: {lab: {policy: sometimes}}\n")
    os.kill(site.corral.pid, signal.SIGHUP)
    until(lambda: site.status()["policy_problem"])
    assert site.status()["policy"] == "tolerate"
    shown = site.corral.run("sync", "status")
    assert "sometimes" in shown.stdout + shown.stderr
    file.write_text(_POLICY.replace("tolerate", "none"))
    until(lambda: site.status()["policy"] == "none")
    assert site.status()["policy_problem"] is None
