"""The network and image services in memory: what Neutron and Glance answer to the calls that we make."""

from __future__ import annotations

import uuid
from collections.abc import Callable
from ipaddress import ip_address, ip_network
from typing import Any

from corral.cloud.answers import Answer
from corral.domain.machine import normal_mac
from corral.drivers.memory.api import Refusal, Request, Route, route
from corral.drivers.memory.world import Port, World

_FILTERS: dict[str, Callable[[Port], str]] = {
    "id": lambda port: port.id,
    "mac_address": lambda port: port.mac,
    "device_id": lambda port: port.device,
    "device_owner": lambda port: port.device_owner,
    "network_id": lambda port: port.network,
    "description": lambda port: port.description,
}
_NAMES = {
    "device_id": "device",
    "device_owner": "device_owner",
    "mac_address": "mac",
    "binding:host_id": "host",
    "network_id": "network",
    "project_id": "project",
    "name": "name",
    "description": "description",
    "binding:vnic_type": "vnic_type",
    "admin_state_up": "up",
}


class Networking:
    """Neutron over a world."""

    def __init__(self, world: World) -> None:
        self._world = world
        self.routes: tuple[Route, ...] = (
            route("GET", "/v2.0/networks", self._networks),
            route("GET", "/v2.0/subnets", self._subnets),
            route("GET", "/v2.0/ports", self._list),
            route("POST", "/v2.0/ports", self._create),
            route("GET", "/v2.0/ports/*", lambda request: Answer(200, {"port": _port(self._find(request))})),
            route("PUT", "/v2.0/ports/*", self._update),
            route("DELETE", "/v2.0/ports/*", self._delete),
        )

    def _networks(self, request: Request) -> Answer:
        ids, names = request.query.get("id", ()), request.query.get("name", ())
        every = not (ids or names)
        found = [one for one in self._world.networks.values() if every or one.id in ids or one.name in names]
        rows = [{"id": n.id, "name": n.name, "project_id": n.project, "shared": n.shared} for n in found]
        rows = [{**row, **self._world.segments.get(str(row["id"]), {})} for row in rows]
        return Answer(200, {"networks": _rows(rows, request)})

    def _subnets(self, request: Request) -> Answer:
        return Answer(200, {"subnets": _rows(list(self._world.subnets.values()), request)})

    def _list(self, request: Request) -> Answer:
        wanted = {key: {one.lower() for one in request.query[key]} for key in _FILTERS if key in request.query}
        ports = self._world.ports
        # By id is the way of whole listings: not a look at every port for each batch of them.
        some = [ports[one] for one in wanted.pop("id") if one in ports] if "id" in wanted else list(ports.values())
        found = [port for port in some if all(_FILTERS[key](port).lower() in values for key, values in wanted.items())]
        if addresses := {one.removeprefix("ip_address=") for one in request.query.get("fixed_ips", ())}:
            found = [port for port in found if addresses & {address for _, address in port.addresses}]
        return Answer(200, {"ports": [_port(port) for port in self._page(found, request)]})

    def _page(self, found: list[Port], request: Request) -> list[Port]:
        """All of them, unless a page is asked for. The port of the marker must exist, as Neutron wants it."""
        limit, marker = request.one("limit"), request.one("marker")
        if limit is None:
            return found
        if marker is not None and marker not in self._world.ports:
            raise Refusal(404, f"Port {marker} could not be found.")
        return sorted((port for port in found if port.id > (marker or "")), key=lambda port: port.id)[: int(limit)]

    def _create(self, request: Request) -> Answer:
        fields = request.body["port"]
        if fields["network_id"] not in self._world.networks:
            raise Refusal(404, f"Network {fields['network_id']} could not be found.")
        port = Port(str(uuid.uuid4()), normal_mac(fields["mac_address"]), fields["network_id"])
        self._refuse_taken_mac(port.mac, port)
        _set(port, {key: value for key, value in fields.items() if key != "fixed_ips"})
        port.addresses = tuple((one["subnet_id"], one["ip_address"]) for one in fields.get("fixed_ips", ()))
        self._refuse_taken_address(port)
        self._world.ports[port.id] = port
        return Answer(201, {"port": _port(port)})

    def _update(self, request: Request) -> Answer:
        port = self._current(request)
        fields = request.body["port"]
        if mac := fields.get("mac_address"):
            self._refuse_taken_mac(normal_mac(mac), port)
        before = port.addresses
        if "fixed_ips" in fields:
            port.addresses = tuple((self._subnet(port, one), one["ip_address"]) for one in fields["fixed_ips"])
            try:
                self._refuse_taken_address(port)
            except Refusal:
                port.addresses = before
                raise
        _set(port, {key: value for key, value in fields.items() if key != "fixed_ips"})
        port.revision += 1
        return Answer(200, {"port": _port(port)})

    def _subnet(self, port: Port, entry: dict[str, str]) -> str:
        """The subnet that is named, else the one of the port's network that holds the address."""
        mine = [one for one in self._world.subnets.values() if one["network_id"] == port.network]
        held = (one["id"] for one in mine if ip_address(entry["ip_address"]) in ip_network(one["cidr"]))
        found = entry.get("subnet_id") or next(held, None)
        if found is None:
            raise Refusal(400, f"IP address {entry['ip_address']} is not a valid IP for any of the subnets.")
        return str(found)

    def _delete(self, request: Request) -> Answer:
        del self._world.ports[self._current(request).id]
        return Answer(204)

    def _find(self, request: Request) -> Port:
        port = self._world.ports.get(request.parts[0])
        if port is None:
            raise Refusal(404, f"Port {request.parts[0]} could not be found.")
        return port

    def _current(self, request: Request) -> Port:
        port = self._find(request)
        if request.headers.get("If-Match", f"revision_number={port.revision}") != f"revision_number={port.revision}":
            raise Refusal(412, f"Constrained to another revision, the current one is {port.revision}")
        return port

    def _refuse_taken_mac(self, mac: str, but: Port) -> None:
        for port in self._world.ports.values():
            if port is not but and (port.mac, port.network) == (mac, but.network):
                raise Refusal(409, f"The mac address {mac} is in use.")

    def _refuse_taken_address(self, port: Port) -> None:
        for subnet, address in port.addresses:
            if subnet not in self._world.subnets:
                raise Refusal(404, f"Subnet {subnet} could not be found.")
            others = (other for other in self._world.ports.values() if other is not port)
            if any((subnet, address) in other.addresses for other in others):
                raise Refusal(409, f"IP address {address} already allocated in subnet {subnet}.")


def _rows(rows: list[dict[str, Any]], request: Request) -> list[dict[str, Any]]:
    """The page that is asked for; all of them when none is."""
    limit, marker = request.one("limit"), request.one("marker")
    if limit is None:
        return rows
    after = sorted((row for row in rows if row["id"] > (marker or "")), key=lambda row: str(row["id"]))
    return after[: int(limit)]


def _set(port: Port, fields: dict[str, Any]) -> None:
    for key, value in fields.items():
        setattr(port, _NAMES[key], normal_mac(value) if key == "mac_address" else value)


def _port(port: Port) -> dict[str, Any]:
    row: dict[str, Any] = {key: getattr(port, name) for key, name in _NAMES.items()}
    ips = [{"subnet_id": subnet, "ip_address": address} for subnet, address in port.addresses]
    more = {"id": port.id, "status": port.status, "revision_number": port.revision}
    return {**row, **more, "fixed_ips": ips, "tags": list(port.tags)}


class Imaging:
    """Glance over a world."""

    def __init__(self, world: World) -> None:
        self._world = world
        self.routes: tuple[Route, ...] = (route("GET", "/v2/images", self._list),)

    def _list(self, request: Request) -> Answer:
        ids = (request.one("id") or "in:").removeprefix("in:").split(",")
        found = [self._world.images[one] for one in ids if one in self._world.images]
        return Answer(200, {"images": [{"id": one.id, "name": one.name, "status": one.status} for one in found]})
