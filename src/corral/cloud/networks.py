"""Networks and ports in Neutron: looking them up. What is changed there is in `ports`."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

from corral.cloud.ports import FIELDS, NeutronPorts, made, snapshot_of
from corral.cloud.wire import Service, batches
from corral.domain.errors import DriverFailed
from corral.domain.machine import FixedIp, Network, NetworkPort, is_uuid, normal_mac

_BATCH = 80
"""40 characters each: a common limit of a request's line is 4,094 (gunicorn's, before Neutron)."""
_BATCH_OF_NAMES = 10
"""Up to 255 characters each."""


class NeutronNetworks(NeutronPorts):
    """`contracts.cloud.Networks` over Neutron."""

    def __init__(self, service: Service) -> None:
        super().__init__(service, network_port)

    def ports(self, ids: Iterable[str]) -> Mapping[str, NetworkPort]:
        wanted = sorted({one.lower() for one in ids if is_uuid(one)})
        return {port.id: port for port in self._found("id", wanted)}

    def ports_by_mac(self, macs: Iterable[str]) -> Mapping[str, NetworkPort]:
        # Neutron keeps MACs in the case that they were given in, at least in older releases: ask for both.
        wanted = sorted({form for mac in macs for form in (normal_mac(mac), normal_mac(mac).upper())})
        found: dict[str, NetworkPort] = {}
        for port in self._found("mac_address", wanted):
            # One MAC may be in several networks: the port that is in use is the one that matters.
            if port.mac not in found or (port.device and not found[port.mac].device):
                found[port.mac] = port
        return found

    def networks(self, ids: Iterable[str]) -> Mapping[str, Network]:
        wanted = sorted({one.lower() for one in ids if is_uuid(one)})
        return {one.id: one for one in self._networks("id", wanted)}

    def networks_named(self, names: Iterable[str]) -> Mapping[str, Sequence[Network]]:
        found: dict[str, list[Network]] = {}
        wanted = sorted({one for one in names if one})
        for one in self._networks("name", wanted):
            # Some databases compare names regardless of case.
            if one.name in wanted:
                found.setdefault(one.name, []).append(one)
        return found

    def _networks(self, key: str, values: list[str]) -> Iterator[Network]:
        fields = [("fields", name) for name in ("id", "name", "project_id", "shared")]
        for batch in batches(values, _BATCH if key == "id" else _BATCH_OF_NAMES):
            for row in self._service.listed("/v2.0/networks", "networks", [(key, one) for one in batch] + fields):
                yield _network(row)

    def _found(self, key: str, values: list[str]) -> Iterator[NetworkPort]:
        for batch in batches(values, _BATCH):
            query = [(key, one) for one in batch] + [("fields", name) for name in FIELDS]
            for row in self._service.listed("/v2.0/ports", "ports", query):
                yield network_port(row)


def network_port(row: Mapping[str, Any]) -> NetworkPort:
    """A port as Neutron shows it. One without id or MAC is an answer that can't be used: DriverFailed."""
    if not is_uuid(row.get("id")) or not isinstance(row.get("mac_address"), str):
        raise DriverFailed("network: a port came without id or MAC.")
    return NetworkPort(
        id=str(row["id"]),
        mac=normal_mac(row["mac_address"]),
        network=_text(row, "network_id"),
        project=_text(row, "project_id") or _text(row, "tenant_id"),
        name=_text(row, "name"),
        status=_text(row, "status"),
        device=_text(row, "device_id"),
        device_owner=_text(row, "device_owner"),
        host=_text(row, "binding:host_id"),
        vnic_type=_text(row, "binding:vnic_type"),
        fixed_ips=tuple(_addresses(row)),
        tags=tuple(str(tag) for tag in row.get("tags") or ()),
        up=row.get("admin_state_up") is not False,
        made=made(row),
        snapshot=snapshot_of(row),
    )


def _addresses(row: Mapping[str, Any]) -> Iterator[FixedIp]:
    for entry in row.get("fixed_ips") or ():
        yield FixedIp(address=_text(entry, "ip_address"), subnet=_text(entry, "subnet_id"))


def _text(row: Mapping[str, Any], key: str) -> str:
    return str(row.get(key) or "")[:255]


def _network(row: Mapping[str, Any]) -> Network:
    return Network(
        id=str(row["id"]), name=_text(row, "name"), project=_text(row, "project_id"), shared=row.get("shared") is True
    )
