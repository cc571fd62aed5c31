"""A machine that may be adopted, and what is around it; each test changes the one thing that it is about."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from corral.domain.adoptability import Surroundings, machine_reasons, request_reasons
from corral.domain.machine import Image, Machine, Network, NetworkPort, Nic, Power
from corral.domain.reasons import Reason
from corral.domain.server import Flavor, ManageRequest, NetworkRequest

NODE = "11111111-0000-4000-8000-000000000001"
PORT = "22222222-0000-4000-8000-000000000001"
SPARE_PORT = "22222222-0000-4000-8000-000000000002"
NETWORK = "33333333-0000-4000-8000-000000000001"
IMAGE = "44444444-0000-4000-8000-000000000001"
FLAVOR = "55555555-0000-4000-8000-000000000001"
SERVER = "66666666-0000-4000-8000-000000000001"
PROJECT = "77777777777740008000000000000001"
OTHER_PROJECT = "77777777777740008000000000000002"
MAC = "52:54:00:10:00:01"
SPARE_MAC = "52:54:00:10:00:02"

NIC = Nic(id="nic-0", mac=MAC, vif=PORT)
SPARE_NIC = Nic(id="nic-1", mac=SPARE_MAC)


def machine(**changes: Any) -> Machine:
    """A running node with one NIC plugged into a port, and its image on record."""
    fine = Machine(
        source="lab",
        id=NODE,
        name="bank-db-01",
        provision_state="active",
        power=Power.ON,
        observed_power=Power.ON,
        resource_class="gold",
        image=IMAGE,
        driver="redfish",
        network_interface="flat",
        nics=(NIC,),
    )
    return replace(fine, **changes)


def port(**changes: Any) -> NetworkPort:
    """The port that the machine's NIC is plugged into, as Ironic's flat interface leaves it."""
    fine = NetworkPort(id=PORT, mac=MAC, network=NETWORK, project=PROJECT, host=NODE)
    return replace(fine, **changes)


def spare_port(**changes: Any) -> NetworkPort:
    """A port for the machine's second NIC that nothing uses yet."""
    fine = NetworkPort(id=SPARE_PORT, mac=SPARE_MAC, network=NETWORK, project=PROJECT)
    return replace(fine, **changes)


def network(**changes: Any) -> Network:
    return replace(Network(id=NETWORK, name="tenant", project=PROJECT), **changes)


def flavor(**changes: Any) -> Flavor:
    return replace(Flavor(uuid=FLAVOR, name="gold", resources={"CUSTOM_GOLD": "1"}), **changes)


def around(
    *ports: NetworkPort,
    networks: Sequence[Network] = (),
    images: Sequence[str] = (IMAGE,),
    **records: Any,
) -> Surroundings:
    """Surroundings in which exactly these ports, networks and images exist; without ports, the machine's own."""
    return Surroundings(
        images={one: Image(id=one, name="debian-12") for one in images},
        ports={one.id: one for one in ports or (port(),)},
        networks={one.id: one for one in networks},
        **records,
    )


NO_PORTS = Surroundings(images={IMAGE: Image(id=IMAGE, name="debian-12")})


def by_port(*ids: str) -> tuple[NetworkRequest, ...]:
    return tuple(NetworkRequest(port_id=one) for one in ids)


def by_net(*ids: str) -> tuple[NetworkRequest, ...]:
    return tuple(NetworkRequest(net_id=one) for one in ids)


def request(networks: tuple[NetworkRequest, ...] = by_port(PORT)) -> ManageRequest:
    return ManageRequest(name="db-01", node=NODE, flavor=FLAVOR, networks=networks)


def judged(one: Machine, surroundings: Surroundings | None = None) -> tuple[Reason, ...]:
    """What is said of the machine itself."""
    return machine_reasons(one, around() if surroundings is None else surroundings)


def judged_for(
    wish: ManageRequest,
    surroundings: Surroundings | None = None,
    *,
    of: Machine | None = None,
    sold_as: Flavor | None = None,
    project: str = PROJECT,
) -> tuple[Reason, ...]:
    """What is said of the request."""
    return request_reasons(
        of or machine(), wish, sold_as or flavor(), project, around() if surroundings is None else surroundings
    )


def codes(reasons: tuple[Reason, ...]) -> list[str]:
    return [one.code for one in reasons]
