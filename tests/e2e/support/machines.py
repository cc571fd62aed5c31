"""Throw-away machines: made the way an operator makes nodes, and removed whatever was done to them meanwhile."""

from __future__ import annotations

import time
from dataclasses import dataclass
from uuid import uuid4

from tests.e2e.support.lab import Json, Lab

_PATIENCE = 180.0


@dataclass(frozen=True)
class Wish:
    """What a machine shall be like. `vif`: its NIC has a port of the tenant network. `system`: number of a system of the
    Redfish emulator; tests take 11 to 19, which the seed leaves alone. `bmc`: where that is reached, if not directly.
    `called`: what its instance is called; as the node, if nothing is said."""

    resource_class: str = "gold"
    network_interface: str = "flat"
    vif: bool = True
    image: str | None = "debian-12"
    system: int | None = None
    bmc: str | None = None
    owner: str | None = None
    instance_name: str | None = None
    called: str | None = None


@dataclass(frozen=True)
class Made:
    """A machine that runs, and what belongs to it."""

    uuid: str
    name: str
    mac: str
    port: str | None = None
    system: str | None = None
    resource_class: str = "gold"

    @property
    def macs(self) -> tuple[str, ...]:
        return (self.mac,)

    @property
    def ports(self) -> tuple[str, ...]:
        return (self.port,) if self.port else ()


def make(lab: Lab, wish: Wish) -> Made:
    """Make an active node as wished."""
    tag = uuid4().hex
    mac = f"00:5c:52:00:00:{wish.system:02x}" if wish.system else f"52:5e:{tag[8:10]}:{tag[10:12]}:{tag[12:14]}:00"
    return _make(lab, wish, str(uuid4()), f"e2e-{tag[:8]}", mac)


def make_again(lab: Lab, wish: Wish, made: Made) -> Made:
    """The same node with the same port, after it was forgotten."""
    return _make(lab, wish, made.uuid, made.name, made.mac, made.port)


def _make(lab: Lab, wish: Wish, uuid: str, name: str, mac: str, port: str | None = None) -> Made:
    lab.ironic.call("POST", "/v1/nodes", _node(lab, wish, uuid, name))
    if wish.instance_name:
        called = [{"op": "add", "path": "/instance_name", "value": wish.instance_name}]
        lab.ironic_in_full.call("PATCH", f"/v1/nodes/{uuid}", called)
    lab.ironic.call("POST", "/v1/ports", {"node_uuid": uuid, "address": mac})
    move(lab, uuid, "manage", "manageable")
    if wish.system is None:
        switch(lab, uuid, "power on")
    port = port or (new_port(lab, f"{name}-eth0", mac) if wish.vif else None)
    if port:
        lab.ironic.call("POST", f"/v1/nodes/{uuid}/vifs", {"id": port})
    move(lab, uuid, "adopt", "active")
    return Made(uuid, name, mac, port, _system(wish.system) if wish.system else None, wish.resource_class)


def make_available(lab: Lab) -> Made:
    """Make a node of a resource class of its own that nobody has."""
    uuid = str(uuid4())
    name, mac = f"create-{uuid[:8]}", f"52:5c:{uuid[0:2]}:{uuid[2:4]}:{uuid[4:6]}:00"
    body = {"uuid": uuid, "name": name, "driver": "fake-hardware", "resource_class": name, "network_interface": "flat"}
    lab.ironic.call("POST", "/v1/nodes", body)
    lab.ironic.call("POST", "/v1/ports", {"node_uuid": uuid, "address": mac})
    move(lab, uuid, "manage", "manageable")
    move(lab, uuid, "provide", "available")
    switch(lab, uuid, "power off")
    return Made(uuid, name, mac, resource_class=name)


def new_port(lab: Lab, name: str, mac: str, **more: object) -> str:
    """A port of the demo project on the tenant network, not bound anywhere."""
    body = {
        "name": name,
        "network_id": lab.seeded["networks"]["tenant"],
        "project_id": lab.seeded["projects"]["demo"],
        "mac_address": mac,
        "binding:vnic_type": "baremetal",
        **more,
    }
    return str(lab.neutron.call("POST", "/v2.0/ports", {"port": body})["port"]["id"])


def _node(lab: Lab, wish: Wish, uuid: str, name: str) -> Json:
    # Ironic does not make this the node's instance_name now, but with the next change of instance_info.
    info = {"display_name": wish.called or name}
    if wish.image:
        info["image_source"] = lab.seeded["images"].get(wish.image, wish.image)
    body: Json = {
        "uuid": uuid,
        "name": name,
        "driver": "redfish" if wish.system else "fake-hardware",
        "network_interface": wish.network_interface,
        "instance_info": info,
        "resource_class": wish.resource_class,
        "properties": {"cpus": 16, "memory_mb": 65536, "local_gb": 480, "cpu_arch": "x86_64"},
    }
    if wish.owner:
        body["owner"] = lab.seeded["projects"][wish.owner]
    if wish.system:
        body["driver_info"] = {
            "redfish_address": wish.bmc or lab.redfish_root,
            "redfish_system_id": f"/redfish/v1/Systems/{_system(wish.system)}",
            "redfish_username": "admin",
            "redfish_password": "password",
            "redfish_verify_ca": False,
        }
    return body


def _system(number: int) -> str:
    return f"00000000-0000-4000-8000-{number:012x}"


def move(lab: Lab, uuid: str, verb: str, state: str) -> None:
    """Ask for a provision state and wait for it."""
    lab.ironic.call("PUT", f"/v1/nodes/{uuid}/states/provision", {"target": verb})
    _await(lab, uuid, "provision_state", state)


def switch(lab: Lab, uuid: str, power: str) -> None:
    """Set a fake machine's power and wait for it."""
    lab.ironic.call("PUT", f"/v1/nodes/{uuid}/states/power", {"target": power})
    _await(lab, uuid, "power_state", power)


def _await(lab: Lab, uuid: str, key: str, wanted: str) -> None:
    deadline = time.monotonic() + _PATIENCE
    while (row := lab.ironic.get(f"/v1/nodes/{uuid}?fields={key},last_error"))[key] != wanted:
        if time.monotonic() > deadline:
            raise TimeoutError(f"node {uuid} has {key} {row[key]!r}, not {wanted!r}: {row['last_error']}")
        time.sleep(0.1)


def remove(lab: Lab, made: Made) -> None:
    """Delete the node with all that hangs on it: claims, VIFs, ports."""
    forget(lab, made)
    # By name too: a port that Ironic has unplugged has another MAC by now.
    for port in lab.neutron.get("/v2.0/ports?fields=id&fields=name&fields=mac_address")["ports"]:
        if port["mac_address"] == made.mac or port["name"].startswith(made.name):
            lab.neutron.remove(f"/v2.0/ports/{port['id']}")


def forget(lab: Lab, made: Made) -> None:
    """Delete the node with its claims. Its ports stay in Neutron, plugged in nowhere."""
    path = f"/v1/nodes/{made.uuid}"
    row = lab.ironic.find(path)
    if row is not None:
        if row["protected"]:
            lab.ironic.call("PATCH", path, [{"op": "replace", "path": "/protected", "value": False}])
        # In maintenance an active node may be deleted, and its allocation too.
        lab.ironic.call("PATCH", path, [{"op": "replace", "path": "/maintenance", "value": True}])
        for vif in lab.ironic.get(f"{path}/vifs")["vifs"]:
            lab.ironic.call("DELETE", f"{path}/vifs/{vif['id']}")
        if row["allocation_uuid"]:
            lab.ironic.remove(f"/v1/allocations/{row['allocation_uuid']}")
        lab.ironic.call("DELETE", path)
