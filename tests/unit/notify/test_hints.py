"""What notifications mean, and how a transport URL is read."""

from __future__ import annotations

import json
import ssl
from typing import Any

import pytest

from corral.domain.errors import Invalid
from corral.notify.bus import brokers
from corral.notify.hints import LARGEST, Named, named

NODE = "aaaaaaaa-0000-4000-8000-000000000001"
PORT, SERVER, VOLUME = (f"bbbbbbbb-0000-4000-8000-{number:012d}" for number in (1, 2, 3))


def message(event: str, data: Any) -> dict[str, Any]:
    return {"event_type": event, "payload": {"ironic_object.name": "x", "ironic_object.data": data}}


def enveloped(plain: Any) -> str:
    return json.dumps({"oslo.version": "2.0", "oslo.message": json.dumps(plain)})


@pytest.mark.parametrize(
    "event",
    [
        "baremetal.node.power_set.end",
        "baremetal.node.power_set.error",
        "baremetal.node.power_state_corrected.success",
        "baremetal.node.provision_set.success",
        "baremetal.node.update.end",
        "baremetal.node.delete.end",
    ],
)
def test_an_event_of_a_node_names_that_node_with_an_envelope_and_without(event: str) -> None:
    plain = message(event, {"uuid": NODE.upper()})
    assert named(enveloped(plain)) == named(json.dumps(plain)) == Named(machines=(NODE,))


def test_an_event_of_a_port_names_the_node_that_has_it() -> None:
    told = message("baremetal.port.update.end", {"uuid": "other", "node_uuid": NODE})
    assert named(enveloped(told)) == Named(machines=(NODE,))


def test_an_event_of_neutrons_names_a_port_whose_it_is_said_to_be_and_where_it_is_bound() -> None:
    port = {"id": PORT.upper(), "device_id": SERVER, "binding:host_id": NODE, "network_id": VOLUME}
    wanted = Named(parts=(PORT, SERVER, NODE))
    for event in ("port.create.end", "port.update.end", "port.delete.end"):
        assert named(enveloped({"event_type": event, "payload": {"port": port}})) == wanted
    gone = {"port_id": PORT, "port": {"id": PORT, "device_id": "", "binding:host_id": "compute-1"}}
    assert named(enveloped({"event_type": "port.delete.end", "payload": gone})) == Named(parts=(PORT,))
    several = {"ports": [{"id": PORT}, "nonsense", {"id": 7}, {"id": SERVER}]}
    assert named(enveloped({"event_type": "port.create.end", "payload": several})) == Named(parts=(PORT, SERVER))


@pytest.mark.parametrize(
    "what", ["attach.end", "detach.end", "resize.end", "delete.end", "reset_status.end", "x.error"]
)
def test_an_event_of_cinders_names_a_volume(what: str) -> None:
    told = {"event_type": f"volume.{what}", "payload": {"volume_id": VOLUME, "status": "in-use", "metadata": []}}
    assert named(enveloped(told)) == Named(parts=(VOLUME,))


@pytest.mark.parametrize(
    "body",
    [
        enveloped(message("baremetal.node.power_set.start", {"uuid": NODE})),
        enveloped(message("baremetal.chassis.update.end", {"uuid": NODE})),
        enveloped(message("compute.instance.update", {"uuid": NODE})),
        enveloped(message("baremetal.node.update.end", {"uuid": "not-one"})),
        enveloped(message("baremetal.node.update.end", {"uuid": ["a", "list"]})),
        enveloped(message("baremetal.node.update.end", ["no", "mapping"])),
        enveloped({"event_type": 7, "payload": None}),
        enveloped({"event_type": "port.update.start", "payload": {"port": {"id": PORT}}}),
        enveloped({"event_type": "port.update.end", "payload": {"port": [PORT], "ports": PORT, "port_id": {}}}),
        enveloped({"event_type": "port.update.end", "payload": [PORT]}),
        enveloped({"event_type": "port.update.end", "payload": {"port": {"id": PORT + "\n", "device_id": True}}}),
        enveloped({"event_type": "floatingip.update.end", "payload": {"floatingip": {"port_id": PORT}}}),
        enveloped({"event_type": "volume.exists", "payload": {"volume_id": VOLUME}}),
        enveloped({"event_type": "volume.usage", "payload": {"volume_id": VOLUME, "instance_id": SERVER}}),
        enveloped({"event_type": "volume.detach.end", "payload": {"volume_id": 7}}),
        enveloped(["a", "list"]),
        json.dumps({"oslo.message": "no json"}),
        json.dumps({"oslo.message": "[" * 100_000}),
        "[" * 100_000,
        b"\xff\xfe",
        "",
        "{" + " " * LARGEST + "}",
    ],
    ids=range(22),
)
def test_what_is_about_nothing_that_is_compared_or_makes_no_sense_is_no_hint(body: str | bytes) -> None:
    assert named(body) is None


def test_a_transport_url_names_hosts_and_how_to_log_in() -> None:
    first, second = brokers("rabbit://corral:s%40crt@one:5673,other:pass@[2001:db8::1]/cloud")
    assert (first.host, first.port, first.user, first.password, first.vhost) == (
        "one",
        5673,
        "corral",
        "s@crt",
        "cloud",
    )
    assert (second.host, second.port, second.tls) == ("2001:db8::1", 5672, None)
    assert "s@crt" not in repr(first)


def test_with_tls_the_certificate_is_checked_for_the_hosts_name() -> None:
    (one,) = brokers("rabbit://u:p@bus.example.org/?ssl=1&ssl_ca_file=/etc/ca.pem")
    assert one.port == 5671
    assert one.tls == {
        "cert_reqs": ssl.CERT_REQUIRED,
        "server_hostname": "bus.example.org",
        "ca_certs": "/etc/ca.pem",
    }


@pytest.mark.parametrize(
    "url", ["kafka://u:secret@host:9092/", "fake://", "rabbit://", "u:secret@host", "rabbit://u:secret@host/?sssl=1"]
)
def test_a_url_that_can_t_be_used_is_refused_without_showing_it(url: str) -> None:
    with pytest.raises(Invalid) as refused:
        brokers(url)
    assert "secret" not in str(refused.value)
