"""Nothing leaves that is not allowed for the purpose, and what leaves is recorded, without secrets."""

from __future__ import annotations

from typing import Any

import pytest
from contract_yard import Yard, adopting, new_uuid

from corral.contracts.border import Call, Purpose, crossing
from corral.contracts.sources import PowerTarget
from corral.domain.errors import Breach, CorralError


def forbidden(node: str) -> list[tuple[str, str, str, Any]]:
    """What must never be sent, for any purpose."""
    path = f"/v1/nodes/{node}"
    other = new_uuid()
    return [
        ("baremetal", "DELETE", path, None),
        ("baremetal", "POST", "/v1/nodes", {"driver": "fake-hardware"}),
        *(
            ("baremetal", "PUT", f"{path}/states/provision", {"target": target})
            for target in ("rebuild", "manage", "provide", "clean", "adopt", "abort", None)
        ),
        ("baremetal", "PUT", f"{path}/management/boot_device", {"boot_device": "pxe"}),
        ("baremetal", "PUT", f"{path}/management/inject_nmi", {}),
        ("baremetal", "POST", f"{path}/vmedia", {"device_type": "cdrom", "image_url": "http://x"}),
        ("baremetal", "POST", f"{path}/vendor_passthru?method=x", {}),
        ("baremetal", "PATCH", path, [{"op": "replace", "path": "/name", "value": "x"}]),
        ("baremetal", "PATCH", path, [{"op": "replace", "path": "/driver", "value": "x"}]),
        ("baremetal", "PATCH", path, [{"op": "replace", "path": "/driver_info/redfish_address", "value": "x"}]),
        ("baremetal", "PATCH", path, [{"op": "replace", "path": "/instance_info/image_source", "value": "x"}]),
        (
            "baremetal",
            "PATCH",
            path,
            [{"op": "add", "path": "/protected", "value": False}, {"op": "remove", "path": "/resource_class"}],
        ),
        ("baremetal", "PATCH", path, [{"op": "add", "path": "/instance_name", "value": "x"}]),
        (
            "baremetal",
            "PATCH",
            path,
            [{"op": "remove", "path": "/instance_name"}, {"op": "remove", "path": "/instance_uuid"}],
        ),
        ("baremetal", "PATCH", path, []),
        ("baremetal", "PATCH", path, None),
        ("baremetal", "POST", "/v1/allocations", {"resource_class": "gold", "uuid": other}),
        ("baremetal", "POST", "/v1/allocations", {"node": node, "uuid": other, "candidate_nodes": [other]}),
        ("baremetal", "DELETE", "/v1/ports/" + other, None),
        ("baremetal", "GET", "/v1/nodes/../drivers", None),
        ("network", "PUT", f"/v2.0/ports/{other}", {"port": {"admin_state_up": False}}),
        ("network", "PUT", f"/v2.0/ports/{other}", {"port": {"device_id": "x", "fixed_ips": []}}),
        ("network", "POST", "/v2.0/ports", {"port": {"network_id": other}}),
        ("network", "POST", "/v2.0/networks", {"network": {}}),
        ("network", "DELETE", f"/v2.0/networks/{other}", None),
        ("image", "POST", "/v2/images", {}),
        ("image", "DELETE", f"/v2/images/{other}", None),
    ]


@pytest.mark.parametrize("purpose", list(Purpose))
def test_what_could_disturb_a_machine_is_never_sent(yard: Yard, purpose: Purpose) -> None:
    machine = yard.machine()
    before = yard.record(machine)
    services = {"baremetal": yard.wire, "network": yard.source.networks._service._wire}  # type: ignore[attr-defined]
    services["image"] = services["network"]
    for service, method, target, body in forbidden(machine):
        with crossing(purpose) as recorder, pytest.raises(Breach):
            services[service].send(service, method, target, body)
        refused = recorder.calls[-1]
        assert (refused.allowed, refused.outcome) == (False, "refused at the border"), refused
    assert yard.record(machine) == before


@pytest.mark.parametrize("purpose", [Purpose.LOOK, Purpose.ADOPT])
def test_power_is_switched_only_when_a_person_asked(yard: Yard, purpose: Purpose) -> None:
    machine = yard.machine()
    before = yard.record(machine)
    with crossing(purpose), pytest.raises(Breach):
        yard.source.machines.switch(machine, PowerTarget.OFF)  # type: ignore[attr-defined]
    assert yard.record(machine) == before


@pytest.mark.parametrize("purpose", [None, Purpose.LOOK, Purpose.POWER])
def test_nothing_is_adopted_while_doing_something_else(yard: Yard, purpose: Purpose | None) -> None:
    machine, port, owner = yard.machine(), yard.port(), new_uuid()
    machines, networks = yard.source.machines, yard.source.networks
    before, port_before = yard.record(machine), yard.port_record(port)
    acts = (
        lambda: machines.claim(machine, owner),  # type: ignore[attr-defined]
        lambda: machines.plug(machine, port),  # type: ignore[attr-defined]
        lambda: networks.bind(port, owner),
        lambda: networks.create(yard.network, "52:54:00:00:00:01", owner, yard.project, "x"),
    )
    for act in acts:
        if purpose is None:
            with pytest.raises(Breach):
                act()
            continue
        with crossing(purpose), pytest.raises(Breach):
            act()
    assert yard.record(machine) == before
    assert yard.port_record(port) == port_before


def test_the_record_of_an_adoption_holds_calls_and_outcomes_but_no_secrets(yard: Yard) -> None:
    machine, owner = yard.machine(), new_uuid()
    told: list[Call] = []
    with crossing(Purpose.ADOPT, sink=told.append) as recorder:
        yard.source.machines.claim(machine, owner)  # type: ignore[attr-defined]
    changes = [(call.method, call.path, call.outcome) for call in recorder.calls if call.method not in ("GET",)]
    mine = [change for change in changes if change[1] != "/v3/auth/tokens"]
    assert mine == [("PATCH", f"/v1/nodes/{machine}", "200"), ("POST", "/v1/allocations", "201")]
    assert told == recorder.calls
    text = repr(recorder.calls)
    assert not any(secret in text for secret in ("password", "X-Auth", "gAAAA", "?"))
    assert owner in text or all(owner not in call.path for call in recorder.calls)


def test_the_border_closes_again_after_an_error(yard: Yard) -> None:
    machine = yard.machine()
    with pytest.raises(CorralError), adopting():
        yard.source.machines.claim(new_uuid(), new_uuid())  # type: ignore[attr-defined]
    with pytest.raises(Breach):
        yard.source.machines.claim(machine, new_uuid())  # type: ignore[attr-defined]
