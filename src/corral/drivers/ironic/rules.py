"""Every call that this driver may ever send, and for what. What is not here is stopped at the border.

Rule: nothing here changes a provision state, a boot device, a driver, a name, or deletes a node; no purpose does.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from corral.cloud.ports import allowed_new_port, allowed_port_change
from corral.contracts.border import Purpose, Rule
from corral.domain.machine import is_uuid

UUID = r"[0-9a-fA-F]{8}(?:-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}"
NODE_NAME = r"[A-Za-z0-9][A-Za-z0-9._~-]{0,254}"
SYSTEM_PATH = r"/redfish/v1/Systems(?:/[A-Za-z0-9][A-Za-z0-9._~:-]{0,127})?/?"

_ADOPTED_FIELDS = ("/instance_uuid", "/protected", "/protected_reason", "/instance_info/traits")


def adopted_fields(body: Any) -> bool:
    """A JSON patch of only the fields that are a mark of ownership. `/instance_info/traits` is what Ironic itself adds
    with an allocation, and leaves behind."""
    return isinstance(body, list) and bool(body) and all(_adopted(one) for one in body)


def _adopted(one: Any) -> bool:
    if not isinstance(one, Mapping) or set(one) - {"op", "path", "value"}:
        return False
    return one.get("path") in _ADOPTED_FIELDS and one.get("op") in ("add", "replace", "remove")


def backfill(body: Any) -> bool:
    """An allocation for one named node. Without `node`, Ironic would choose any free machine and take it."""
    return (
        isinstance(body, Mapping) and set(body) == {"uuid", "node"} and is_uuid(body["node"]) and is_uuid(body["uuid"])
    )


def _reason_only(body: Any) -> bool:
    return isinstance(body, Mapping) and set(body) == {"reason"}


def _vif_only(body: Any) -> bool:
    return isinstance(body, Mapping) and set(body) == {"id"} and is_uuid(body["id"])


def _no_body(body: Any) -> bool:
    return body is None


def _power_only(body: Any) -> bool:
    return isinstance(body, Mapping) and set(body) == {"target"}


def _rule(purpose: Purpose, service: str, method: str, path: str, why: str, body: Any = None) -> Rule:
    return Rule(purpose, service, method, re.compile(path), why, body)


_LOOK = (
    ("identity", "GET", r"/.*", "finds out which versions Keystone speaks"),
    ("identity", "POST", r"/v3/auth/tokens", "logs in"),
    ("baremetal", "GET", r"/v1/?", "the version of Ironic"),
    ("baremetal", "GET", r"/v1/nodes", "lists nodes"),
    ("baremetal", "GET", rf"/v1/nodes/{NODE_NAME}", "reads one node"),
    ("baremetal", "GET", rf"/v1/nodes/{UUID}/(?:vifs|states)", "reads what is plugged in; the power on record"),
    ("baremetal", "GET", r"/v1/(?:ports|portgroups)", "lists NICs and bonds"),
    ("baremetal", "GET", rf"/v1/allocations/{UUID}", "reads one claim"),
    ("network", "GET", rf"/v2\.0/(?:ports|networks)(?:/{UUID})?", "looks ports and networks up"),
    ("image", "GET", r"/v2/images", "looks images up"),
    ("bmc", "GET", SYSTEM_PATH, "asks the machine itself for its power and boot settings"),
)

_NODE = rf"/v1/nodes/{UUID}"
_ADOPT = (
    ("baremetal", "PATCH", _NODE, "claims, protects, and takes that back", adopted_fields),
    ("baremetal", "POST", r"/v1/allocations", "records the claim of this one node", backfill),
    ("baremetal", "DELETE", rf"/v1/allocations/{UUID}", "gives the claim back", _no_body),
    ("baremetal", "PUT", rf"{_NODE}/maintenance", "Ironic lets go of a claim only in maintenance", _reason_only),
    ("baremetal", "DELETE", rf"{_NODE}/maintenance", "ends that maintenance", _no_body),
    ("baremetal", "POST", rf"{_NODE}/vifs", "plugs a network port in", _vif_only),
    ("baremetal", "DELETE", rf"{_NODE}/vifs/{UUID}", "unplugs one that Corral plugged in", _no_body),
    ("network", "POST", r"/v2\.0/ports", "makes a port, marked as Corral's", allowed_new_port),
    ("network", "PUT", rf"/v2\.0/ports/{UUID}", "records who has a port, and gives it back", allowed_port_change),
    ("network", "DELETE", rf"/v2\.0/ports/{UUID}", "removes a port that Corral made", _no_body),
)

RULES: tuple[Rule, ...] = (
    *(_rule(Purpose.LOOK, service, method, path, why) for service, method, path, why in _LOOK),
    *(_rule(Purpose.ADOPT, *entry) for entry in _ADOPT),
    _rule(Purpose.POWER, "baremetal", "PUT", rf"{_NODE}/states/power", "switches it, as a person asked", _power_only),
)
