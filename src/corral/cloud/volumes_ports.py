"""Ports in Neutron that record NICs of VMs: their networks, what is taken, making our own and removing it.

Rule: a port that Corral made for a record says so in its description. It is bound nowhere, and removed only as it was made: with
the revision that was read, and while it still is the VM's.
"""

from __future__ import annotations

import ipaddress
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import Any

from corral.cloud.answers import Busy, Faltered
from corral.cloud.wire import Query, Service, batches, segment
from corral.cloud.wire import record as fields_of
from corral.domain.errors import Conflict, DriverFailed, NotFound
from corral.domain.gaps import MARK, port_mark
from corral.domain.gaps_ports import OWNER, CloudNetwork, CloudPort, Segment, Subnet
from corral.domain.machine import is_uuid, normal_mac

_PAGE = 500
_BATCH = 40
_FIELDS = (
    "id",
    "mac_address",
    "network_id",
    "project_id",
    "name",
    "device_id",
    "device_owner",
    "description",
    "admin_state_up",
    "fixed_ips",
    "revision_number",
)
_NETWORK = ("id", "name", "project_id", "shared", "provider:network_type", "provider:physical_network")
_NETWORK_FIELDS = (*_NETWORK, "provider:segmentation_id", "segments")
_WANTED = frozenset({"network_id", "mac_address", "fixed_ips", "device_id", "device_owner", "name", "project_id"})


class NeutronRecords:
    """`contracts.cloud_records.Ports` over Neutron."""

    def __init__(self, service: Service) -> None:
        self._service = service

    def networks(self) -> tuple[CloudNetwork, ...]:
        subnets: defaultdict[str, list[Subnet]] = defaultdict(list)
        for row in self._every("/v2.0/subnets", "subnets", _fields("id", "network_id", *_SUBNET)):
            subnets[str(row.get("network_id"))].append(_subnet(row))
        found = self._every("/v2.0/networks", "networks", _fields(*_NETWORK_FIELDS))
        return tuple(_network(row, tuple(subnets[str(row.get("id"))])) for row in found)

    def ports(self, macs: Iterable[str], addresses: Iterable[str]) -> tuple[CloudPort, ...]:
        forms = sorted({form for mac in macs for form in (normal_mac(mac), normal_mac(mac).upper())})
        wanted = [("mac_address", form) for form in forms]
        wanted += [("fixed_ips", f"ip_address={one}") for one in sorted(set(addresses))]
        found: dict[str, CloudPort] = {}
        for kind in ("mac_address", "fixed_ips"):
            for batch in batches([one for one in wanted if one[0] == kind], _BATCH):
                found |= {one.id: one for one in self._listed([*batch, *_fields(*_FIELDS)])}
        return tuple(found[one] for one in sorted(found))

    def marked(self, record: str, machine: str) -> CloudPort | None:
        return next((one for one in self._of(machine) if one.record == record), None)

    def _of(self, machine: str) -> list[CloudPort]:
        return list(self._listed([("device_id", machine), *_fields(*_FIELDS)]))

    def recorded(self) -> tuple[CloudPort, ...]:
        found = map(_port, self._every("/v2.0/ports", "ports", [("device_owner", OWNER), *_fields(*_FIELDS)]))
        return tuple(one for one in found if one.device_owner == OWNER)

    def named(self, ids: Iterable[str]) -> tuple[CloudPort, ...]:
        wanted = [("id", one) for one in sorted({one.lower() for one in ids if is_uuid(one)})]
        return tuple(one for some in batches(wanted, _BATCH) for one in self._listed([*some, *_fields(*_FIELDS)]))

    def create(self, record: str, wanted: Mapping[str, Any]) -> CloudPort:
        body = {"port": {**wanted, "description": port_mark(record)}}
        for attempt in range(len(self._service.patience.pauses) + 1):
            if (found := self.marked(record, str(wanted["device_id"]))) is not None:
                return found
            try:
                return _port(fields_of(self._service.act("POST", "/v2.0/ports", body), "port", "network"))
            except (Busy, Faltered) as exc:
                self._service.patience.pause(attempt, exc)
        raise AssertionError("patience ends by raising")

    def renew(self, record: str, machine: str, mac: str, addresses: Iterable[str]) -> CloudPort:
        wanted = tuple(addresses)
        for attempt in range(len(self._service.patience.pauses) + 1):
            found = self._ours(record, machine)
            if found is None:
                raise NotFound(f"There is no port of record {record}.", fix="Have it made again.")
            fields = _renewal(found, normal_mac(mac), wanted)
            if not fields:
                return found
            try:
                guard = {} if found.revision is None else {"If-Match": f"revision_number={found.revision}"}
                told = self._service.act("PUT", f"/v2.0/ports/{segment(found.id)}", {"port": fields}, guard)
            except (Busy, Faltered) as exc:
                self._service.patience.pause(attempt, exc)
            else:
                return _port(fields_of(told, "port", "network"))
        raise AssertionError("patience ends by raising")

    def delete(self, record: str, machine: str) -> None:
        self._delete(lambda: self._ours(record, machine))

    def forsake(self, port: str, record: str) -> None:
        self._delete(lambda: self._left(port, record))

    def _delete(self, look: Callable[[], CloudPort | None]) -> None:
        """Delete what a look finds, with the revision that it has then."""
        for attempt in range(len(self._service.patience.pauses) + 1):
            found = look()
            if found is None:
                return
            try:
                guard = {} if found.revision is None else {"If-Match": f"revision_number={found.revision}"}
                self._service.act("DELETE", f"/v2.0/ports/{segment(found.id)}", headers=guard)
            except NotFound:
                return
            except (Busy, Faltered) as exc:
                self._service.patience.pause(attempt, exc)
            else:
                return

    def _ours(self, record: str, machine: str) -> CloudPort | None:
        """That record's port as it is now, wherever it is by now. Raises Conflict when somebody has taken it over."""
        query = [("description", port_mark(record)), *_fields(*_FIELDS)]
        found = next((one for one in self._listed(query) if one.record == record), None)
        if found is not None and (found.device, found.device_owner) != (machine, OWNER):
            raise Conflict(
                f"Port {found.id} is {found.holder}'s by now, so it is not deleted.",
                fix="Leave it to whoever has it: remove the description there, then take the record back again.",
            )
        return found

    def _left(self, port: str, record: str) -> CloudPort | None:
        """That port while it bears that mark. Raises Conflict when somebody has taken it over."""
        found = next((one for one in self.named([port]) if one.record == record), None)
        if found is not None and found.device_owner != OWNER:
            raise Conflict(f"Port {port} is {found.holder}'s by now, so it is not deleted.", fix="Leave it to them.")
        return found

    def _listed(self, query: Query) -> Iterator[CloudPort]:
        return map(_port, self._service.listed("/v2.0/ports", "ports", query))

    def _every(self, path: str, key: str, query: Query) -> Iterator[Mapping[str, Any]]:
        marker: list[tuple[str, str]] = []
        order = [("sort_key", "id"), ("sort_dir", "asc"), ("limit", str(_PAGE))]
        while page := self._service.listed(path, key, [*query, *order, *marker]):
            yield from page
            if marker == (following := [("marker", str(page[-1].get("id")))]):
                raise DriverFailed(f"network: the list of {key} does not advance.")
            marker = following


_SUBNET = ("cidr", "gateway_ip", "allocation_pools")


def _fields(*names: str) -> list[tuple[str, str]]:
    return [("fields", name) for name in names]


def _network(row: Mapping[str, Any], subnets: tuple[Subnet, ...]) -> CloudNetwork:
    segments = row.get("segments") or [row]
    return CloudNetwork(
        id=_text(row, "id"),
        name=_text(row, "name"),
        project=_text(row, "project_id"),
        shared=row.get("shared") is True,
        segments=tuple(_segment(one) for one in segments if isinstance(one, Mapping)),
        subnets=subnets,
    )


def _segment(row: Mapping[str, Any]) -> Segment:
    vlan = row.get("provider:segmentation_id")
    kind = _text(row, "provider:network_type")
    return Segment(kind, _text(row, "provider:physical_network"), vlan if isinstance(vlan, int) else None)


def _subnet(row: Mapping[str, Any]) -> Subnet:
    pools = tuple(
        (_text(one, "start"), _text(one, "end"))
        for one in row.get("allocation_pools") or ()
        if isinstance(one, Mapping)
    )
    try:
        ipaddress.ip_network(_text(row, "cidr"), strict=False)
        for ends in pools:
            for end in ends:
                ipaddress.ip_address(end)
    except ValueError as exc:
        raise DriverFailed(f"network: subnet {row.get('id')} can't be read: {exc}.") from exc
    return Subnet(_text(row, "id"), _text(row, "cidr"), _text(row, "gateway_ip"), pools)


def _port(row: Mapping[str, Any]) -> CloudPort:
    """A port as Neutron shows it. One without id or MAC is an answer that can't be used: DriverFailed."""
    if not is_uuid(row.get("id")) or not isinstance(row.get("mac_address"), str):
        raise DriverFailed("network: a port came without id or MAC.")
    revision = row.get("revision_number")
    fixed = [one for one in row.get("fixed_ips") or () if isinstance(one, Mapping)]
    return CloudPort(
        id=str(row["id"]),
        mac=normal_mac(row["mac_address"]),
        network=_text(row, "network_id"),
        project=_text(row, "project_id"),
        name=_text(row, "name"),
        device=_text(row, "device_id"),
        device_owner=_text(row, "device_owner"),
        description=_text(row, "description"),
        addresses=tuple((_text(one, "subnet_id"), _text(one, "ip_address")) for one in fixed),
        revision=revision if isinstance(revision, int) else None,
        up=row.get("admin_state_up") is not False,
    )


def _text(row: Mapping[str, Any], key: str) -> str:
    return str(row.get(key) or "")[:255]


def _renewal(port: CloudPort, mac: str, addresses: tuple[str, ...]) -> dict[str, Any]:
    """The fields in which a port is not as it should be. Neutron finds the subnet of an address that is new."""
    fields: dict[str, Any] = {} if port.mac == mac else {"mac_address": mac}
    here = {address: subnet for subnet, address in port.addresses}
    if sorted(here) != sorted(addresses):
        kept = [{"subnet_id": here[one], "ip_address": one} for one in addresses if one in here]
        fields["fixed_ips"] = kept + [{"ip_address": one} for one in addresses if one not in here]
    return fields if port.up else {**fields, "admin_state_up": True}


def allowed_renewed_port(body: Any) -> bool:
    """For the border: the body of a PUT that brings MAC and addresses of a port back, or switches it on: never whose it is."""
    fields = body.get("port") if isinstance(body, Mapping) and len(body) == 1 else None
    if not isinstance(fields, Mapping) or not fields or set(fields) - {"mac_address", "fixed_ips", "admin_state_up"}:
        return False
    return fields.get("admin_state_up", True) is True


def allowed_recorded_port(body: Any) -> bool:
    """For the border: the body of a POST that makes one port, with exactly our fields, marked as a record's, and bound nowhere."""
    fields = body.get("port") if isinstance(body, Mapping) and len(body) == 1 else None
    if not isinstance(fields, Mapping) or set(fields) != _WANTED | {"description"}:
        return False
    return fields["device_owner"] == OWNER and str(fields["description"]).startswith(f"{MARK} ")
