"""Ironic's records, made into machines.

Rule: an answer that can't be read becomes a machine with `problem` set, so that one bad record never hides the others.
What is kept is bounded; what Ironic masks stays masked.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any

from corral.domain.machine import Machine, Nic, Power, is_uuid, normal_mac

LIST_FIELDS = (
    "uuid,name,provision_state,power_state,target_power_state,resource_class,instance_uuid,maintenance,"
    "maintenance_reason,retired,retired_reason,protected,protected_reason,reservation,instance_info,owner,lessee,driver,"
    "network_interface,fault,last_error,properties,driver_info"
)
"""What is asked for in a list. Three fields can't be had there: Ironic refuses created_at and updated_at (400) and falls over
allocation_uuid (500). A node that is observed alone comes with them."""
PORT_FIELDS = "uuid,node_uuid,address,portgroup_uuid,internal_info,extra"
GROUP_FIELDS = "uuid,node_uuid,address,internal_info,extra"

_LONGEST_TEXT = 1024
_BIGGEST_VALUE = 16 * 1024
_MOST_NESTED = 400

Row = Mapping[str, Any]


class _Unreadable(ValueError):
    """A field of a record is not what it must be; the text says which."""


def machine(source: str, row: Any, nics: tuple[Nic, ...]) -> Machine:
    """The machine that `row` describes, its power as Ironic has it; observed power is added by whoever asks the BMC."""
    try:
        return _machine(source, row, nics)
    except _Unreadable as exc:
        return broken(source, row, str(exc))


def broken(source: str, row: Any, problem: str) -> Machine:
    """A machine of which only the id is sure."""
    known = row if isinstance(row, Mapping) else {}
    name = known.get("name")
    return Machine(
        source=source,
        id=str(known.get("uuid") or "")[:64],
        name=name[:255] if isinstance(name, str) else None,
        provision_state="unknown",
        power=Power.UNKNOWN,
        problem=problem[:_LONGEST_TEXT],
    )


def _machine(source: str, row: Any, nics: tuple[Nic, ...]) -> Machine:
    if not isinstance(row, Mapping) or not is_uuid(row.get("uuid")):
        raise _Unreadable("the record has no uuid")
    return Machine(
        source=source,
        id=str(row["uuid"]).lower(),
        name=_text(row, "name"),
        provision_state=_text(row, "provision_state") or _missing("provision_state"),
        power=power(row.get("power_state")),
        power_error=(_text(row, "last_error") or "") if row.get("power_state") in (None, "error") else "",
        target_power=_text(row, "target_power_state"),
        resource_class=_text(row, "resource_class"),
        claimed_by=_text(row, "instance_uuid"),
        allocation=_text(row, "allocation_uuid"),
        maintenance=_flag(row, "maintenance"),
        maintenance_reason=_text(row, "maintenance_reason"),
        retired=_flag(row, "retired"),
        retired_reason=_text(row, "retired_reason"),
        protected=_flag(row, "protected"),
        protected_reason=_text(row, "protected_reason"),
        reserved_by=_text(row, "reservation"),
        image=_image(row),
        owner=_text(row, "owner"),
        lessee=_text(row, "lessee"),
        driver=_text(row, "driver") or "",
        network_interface=_text(row, "network_interface") or "",
        fault=_text(row, "fault"),
        created_at=_time(row, "created_at"),
        updated_at=_time(row, "updated_at"),
        properties=_bounded(row, "properties"),
        instance_info=_bounded(row, "instance_info"),
        instance_name=(_text(row, "instance_name") or "") if "instance_name" in row else None,
        traits=_traits(row),
        nics=nics,
    )


def _traits(row: Row) -> tuple[str, ...]:
    told = row.get("traits") or []
    if not isinstance(told, list) or len(told) > _MOST_NESTED or not all(isinstance(one, str) for one in told):
        raise _Unreadable("traits are no list of texts")
    return tuple(sorted(told))


def _missing(key: str) -> str:
    raise _Unreadable(f"{key} is missing")


def power(state: Any) -> Power:
    """Ironic's word for a power state. None and `error` mean that it does not know."""
    known = {"power on": Power.ON, "power off": Power.OFF}
    return known.get(state, Power.UNKNOWN) if isinstance(state, str) else Power.UNKNOWN


def nic(row: Any) -> Nic:
    """A port of Ironic. Raises ValueError, with what is wrong, for one that can't be read."""
    uuid, address = _id_of(row, "port"), row.get("address")
    if not isinstance(address, str) or not address:
        raise _Unreadable(f"port {uuid} has no address")
    return Nic(
        id=uuid,
        mac=normal_mac(address)[:64],
        vif=_vif(row),
        group=_text(row, "portgroup_uuid"),
        href=f"/v1/ports/{uuid}",
    )


def bond(row: Any, members: Iterable[Nic]) -> Nic:
    """A port group of Ironic. One without a MAC of its own has that of its first member, as a bond of Linux has."""
    uuid, address = _id_of(row, "port group"), row.get("address")
    if not isinstance(address, str) or not address:
        address = next((member.mac for member in members if member.group == uuid), "")
    return Nic(id=uuid, mac=normal_mac(address)[:64], vif=_vif(row), bond=True, href=f"/v1/portgroups/{uuid}")


def nics(ports: Sequence[Any], groups: Sequence[Any]) -> tuple[Nic, ...]:
    """All NICs of a node, in Ironic's order: the ports, then the groups. Raises ValueError."""
    members = [nic(row) for row in ports]
    return (*members, *(bond(row, members) for row in groups))


def _id_of(row: Any, what: str) -> str:
    if not isinstance(row, Mapping) or not is_uuid(row.get("uuid")):
        raise _Unreadable(f"a {what} has no uuid")
    return str(row["uuid"]).lower()


def _vif(row: Row) -> str | None:
    """What is plugged in. Before Ironic's VIF API (2017) it was written into `extra`, and such records live on."""
    for holder, key in (("internal_info", "tenant_vif_port_id"), ("extra", "vif_port_id")):
        found = row.get(holder)
        if isinstance(found, Mapping) and isinstance(found.get(key), str) and found[key]:
            return str(found[key])[:255]
    return None


def _image(row: Row) -> str | None:
    info = row.get("instance_info")
    image = info.get("image_source") if isinstance(info, Mapping) else None
    return str(image)[:_LONGEST_TEXT] if image else None


def _text(row: Row, key: str) -> str | None:
    value = row.get(key)
    if value is None or value == "":
        return None
    if not isinstance(value, str):
        raise _Unreadable(f"{key} is no text")
    return value[:_LONGEST_TEXT]


def _flag(row: Row, key: str) -> bool:
    value = row.get(key)
    if value is None or isinstance(value, bool):
        return bool(value)
    raise _Unreadable(f"{key} is neither true nor false")


def _time(row: Row, key: str) -> datetime | None:
    value = _text(row, key)
    try:
        return datetime.fromisoformat(value) if value else None
    except ValueError as exc:
        raise _Unreadable(f"{key} is no time") from exc


def _bounded(row: Row, key: str) -> Mapping[str, Any]:
    """An object of the record, without values that are too big to be worth keeping (a config drive, say)."""
    value = row.get(key)
    if value is None:
        return {}
    if not isinstance(value, Mapping):
        raise _Unreadable(f"{key} is no object")
    return {str(name): _small(item) for name, item in value.items()}


def _small(value: Any) -> Any:
    if isinstance(value, str):
        return value if len(value) <= _BIGGEST_VALUE else "(left out: too long)"
    if isinstance(value, Mapping | list):
        text = json.dumps(value)
        # Nesting is bounded with it: who walks through these values must not run out of stack.
        if len(text) > _BIGGEST_VALUE or text.count("[") + text.count("{") > _MOST_NESTED:
            return "(left out: too long)"
    return value
