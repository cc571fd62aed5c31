"""Ports in Neutron: recording who has one, making and removing our own, and giving back what was changed.

Rule: every change is based on what was read just before (`If-Match` with the revision), so two clients never overwrite
each other, and every change can be asked for again: an answer that was lost is looked up, never assumed.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from contextlib import suppress
from typing import Any

from corral.cloud.answers import Busy, Faltered
from corral.cloud.wire import Query, Service, record, segment
from corral.domain.errors import Conflict, DriverFailed, NotFound
from corral.domain.machine import NetworkPort, is_uuid, normal_mac

OWNER = "baremetal:corral"
"""device_owner of ports that a server of Corral has."""
CREATED = "corral:created"
"""How the description of a port that Corral made begins."""
RESTORABLE = ("device_id", "device_owner", "mac_address", "binding:host_id")
"""What adoption may change: `bind` the first two; plugging a port into a node, through Ironic, the others. Unplugging
does not bring the MAC back: Neutron makes up a new one."""
_FREE = ("", "baremetal:none", "baremetal:ironic")
FIELDS = (
    "id",
    "mac_address",
    "network_id",
    "project_id",
    "name",
    "status",
    "admin_state_up",
    "device_id",
    "device_owner",
    "binding:host_id",
    "binding:vnic_type",
    "fixed_ips",
    "tags",
    "description",
    "revision_number",
)
"""What is read of a port that is looked up or listed. What else Neutron tells would be more than half of its answer."""
_RESTARTS = 5
_PAGE = 1000
_MARKED = (("sort_key", "id"), ("sort_dir", "asc"), ("limit", str(_PAGE)))

Row = dict[str, Any]


class NeutronPorts:
    """The changing half of `contracts.cloud.Networks`."""

    def __init__(self, service: Service, parse: Callable[[Mapping[str, Any]], NetworkPort]) -> None:
        self._service = service
        self._parse = parse

    def bind(self, port: str, owner: str, seen: Mapping[str, Any] | None = None) -> NetworkPort:
        def change(row: Row) -> Row:
            _refuse_other_device(row, owner)
            return _different(row, {"device_id": owner, "device_owner": OWNER})

        # Without a revision Neutron can't tell that the port has changed since it was seen.
        return self._parse(self._change(port, change, {"id": port, **seen} if seen and _if_match(seen) else None))

    def restore(self, port: str, snapshot: Mapping[str, Any]) -> None:
        wanted = {key: snapshot[key] for key in RESTORABLE if key in snapshot}

        def change(row: Row) -> Row:
            # Whoever took the port since then keeps it: it is no longer ours to give back.
            ours = row.get("device_owner") == OWNER or _same_device(row, wanted)
            return _different(row, wanted) if ours else {}

        try:
            self._change(port, change)
        except NotFound:
            return

    def create(self, network: str, mac: str, owner: str, project: str, name: str) -> NetworkPort:
        mac = normal_mac(mac)
        body = {"port": _new_port(network, mac, owner, project, name)}
        for attempt in range(len(self._service.patience.pauses) + 1):
            for port in self.created_for(owner):
                if (port.network, port.mac) == (network, mac):
                    return port
            try:
                return self._parse(record(self._service.act("POST", "/v2.0/ports", body), "port", "network"))
            except (Busy, Faltered) as exc:
                self._service.patience.pause(attempt, exc)
        raise AssertionError("patience ends by raising")

    def delete(self, port: str, owner: str) -> None:
        for attempt in range(len(self._service.patience.pauses) + 1):
            try:
                row = self._row(port)
                if not _made_for(row, owner):
                    return
                self._service.act("DELETE", f"/v2.0/ports/{segment(port)}", headers=_if_match(row))
            except NotFound:
                return
            except (Busy, Faltered) as exc:
                self._service.patience.pause(attempt, exc)
            else:
                return

    def marked(self) -> Iterator[NetworkPort]:
        given: set[str] = set()
        for _ in range(_RESTARTS):
            try:
                for page in self._pages([("device_owner", OWNER), *_MARKED, *(("fields", name) for name in FIELDS)]):
                    fresh = [port for port in map(self._parse, page) if port.id not in given]
                    given |= {port.id for port in fresh}
                    yield from fresh
                return
            except NotFound:
                # The port that ended a page was deleted before the next page was asked for.
                continue
        raise DriverFailed("The list of network ports changes too fast to be read.")

    def free(self, port: str, owner: str) -> None:
        def change(row: Row) -> Row:
            ours = row.get("device_owner") == OWNER and row.get("device_id") == owner
            return {"device_id": "", "device_owner": ""} if ours else {}

        with suppress(NotFound):
            self._change(port, change)

    def _pages(self, query: Query) -> Iterator[list[Any]]:
        """Until a page is empty: Neutron may give fewer than it was asked for, and more all the same."""
        marker: list[tuple[str, str]] = []
        while page := self._service.listed("/v2.0/ports", "ports", [*query, *marker]):
            yield page
            if marker == (following := [("marker", str(page[-1].get("id")))]):
                raise DriverFailed(f"The list of network ports does not advance after {following[0][1]}.")
            marker = following

    def created_for(self, owner: str) -> tuple[NetworkPort, ...]:
        rows = self._service.listed("/v2.0/ports", "ports", [("device_id", owner)])
        return tuple(self._parse(row) for row in rows if _made_for(row, owner))

    def _change(self, port: str, change: Callable[[Row], Row], seen: Row | None = None) -> Row:
        """Read, decide, write if nobody wrote in between; else read again. `change` gives the fields to set. What was `seen`
        takes the place of the first reading. Gives the port as Neutron shows it in the end."""
        for attempt in range(len(self._service.patience.pauses) + 1):
            row, seen = seen or self._row(port), None
            fields = change(row)
            if not fields:
                return row
            try:
                told = self._service.act("PUT", f"/v2.0/ports/{segment(port)}", {"port": fields}, _if_match(row))
            except (Busy, Faltered) as exc:
                self._service.patience.pause(attempt, exc)
            else:
                return record(told, "port", "network")
        raise AssertionError("patience ends by raising")

    def _row(self, port: str) -> Row:
        if not is_uuid(port):
            raise NotFound(f"{port[:64]!r} is no id of a network port.")
        return record(self._service.read(f"/v2.0/ports/{segment(port)}"), "port", "network")


def snapshot_of(row: Mapping[str, Any]) -> dict[str, Any]:
    """What `restore` needs of a port, and the revision that `bind` goes by; MACs in the case that Neutron has."""
    return {**{key: row.get(key) or "" for key in RESTORABLE}, "revision_number": row.get("revision_number")}


def _new_port(network: str, mac: str, owner: str, project: str, name: str) -> Row:
    return {
        "network_id": network,
        "mac_address": mac,
        "device_id": owner,
        "device_owner": OWNER,
        "binding:vnic_type": "baremetal",
        "project_id": project,
        "name": name[:255],
        "description": f"{CREATED} for server {owner}",
    }


def _if_match(row: Mapping[str, Any]) -> dict[str, str]:
    """Neutron then refuses (412) what is based on an older revision. Without that extension there is no number."""
    revision = row.get("revision_number")
    return {"If-Match": f"revision_number={revision}"} if isinstance(revision, int) else {}


def _made_for(row: Row, owner: str) -> bool:
    return made(row) and bool(row.get("device_id") == owner)


def made(row: Mapping[str, Any]) -> bool:
    """True for a port that `create` made, whoever has it now."""
    return str(row.get("description") or "").startswith(CREATED)


def _refuse_other_device(row: Row, owner: str) -> None:
    device, host = row.get("device_id") or "", row.get("binding:host_id") or ""
    kind = row.get("device_owner") or ""
    # Some network interfaces write the node itself as the device: that is the machine, not another user of the port.
    free = device in ("", host) and kind in _FREE
    if device != owner and not free:
        raise Conflict(f"Network port {row.get('id')} is in use by {kind} {device}.", fix="Free it there first.")


def _same_device(row: Row, wanted: Row) -> bool:
    return all((row.get(key) or "") == (wanted.get(key) or "") for key in ("device_id", "device_owner"))


def _different(row: Row, wanted: Row) -> Row:
    """Those of `wanted` that the port does not have yet. MACs are compared whatever their case."""
    fields = {key: value for key, value in wanted.items() if (row.get(key) or "") != (value or "")}
    mac = fields.get("mac_address")
    if mac and normal_mac(str(mac)) == normal_mac(str(row.get("mac_address") or "")):
        del fields["mac_address"]
    return fields


def allowed_new_port(body: Any) -> bool:
    """For the border: the body of a POST that makes one port, with exactly our fields, marked as ours."""
    fields = body.get("port") if isinstance(body, Mapping) and len(body) == 1 else None
    if not isinstance(fields, Mapping) or set(fields) != set(_new_port("", "", "", "", "")):
        return False
    return fields["device_owner"] == OWNER and str(fields["description"]).startswith(CREATED)


def allowed_freed_port(body: Any) -> bool:
    """For the border: the body of a PUT by which a port has no device any more."""
    return bool(body == {"port": {"device_id": "", "device_owner": ""}})


def allowed_port_change(body: Any) -> bool:
    """For the border: the body of a PUT that sets only what adoption may change."""
    fields = body.get("port") if isinstance(body, Mapping) and len(body) == 1 else None
    return isinstance(fields, Mapping) and bool(fields) and set(fields) <= set(RESTORABLE)
