"""Every call that this driver may ever send, and for what. What is not here is stopped at the border.

Rule: nothing here changes a boot device, a driver or a name; no purpose does. Three purposes change a provision state. `deploy` and
`delete` have no call that would claim or give back an adopted machine; `enroll` makes nodes and removes them, and only those whose
uuid is of a version that Ironic does not make: Corral's own.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from corral.cloud.ports import allowed_freed_port, allowed_new_port, allowed_port_change
from corral.contracts.border import Purpose, Rule
from corral.contracts.enrolling import INTERFACES
from corral.domain.machine import is_uuid
from corral.drivers.ironic.said import is_said

UUID = r"[0-9a-fA-F]{8}(?:-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}"
NODE_NAME = r"[A-Za-z0-9][A-Za-z0-9._~-]{0,254}"
SYSTEM_PATH = r"/redfish/v1/Systems(?:/[A-Za-z0-9][A-Za-z0-9._~:-]{0,127})?/?"

_ADOPTED_FIELDS = ("/instance_uuid", "/protected", "/protected_reason", "/instance_info/traits")


_UNNAMED = [{"op": "remove", "path": "/instance_name"}]


def adopted_fields(body: Any) -> bool:
    """A JSON patch of only the fields that are a mark of ownership. `/instance_info/traits` is what Ironic itself adds
    with an allocation, and leaves behind; taking that away, it writes `/instance_name`, which can be taken away, alone."""
    return body == _UNNAMED or (isinstance(body, list) and bool(body) and all(_adopted(one) for one in body))


def _adopted(one: Any) -> bool:
    if not isinstance(one, Mapping) or set(one) - {"op", "path", "value"}:
        return False
    return one.get("path") in _ADOPTED_FIELDS and one.get("op") in ("add", "replace", "remove")


def given_up_fields(body: Any) -> bool:
    """As `adopted_fields`, but nothing that would claim a machine: `protected` may be set, which protects, or taken away."""
    return adopted_fields(body) and all(
        one["path"] in ("/protected", "/protected_reason") or one["op"] == "remove" for one in body
    )


def backfill(body: Any) -> bool:
    """An allocation for one named node. Without `node`, Ironic would choose any free machine and take it."""
    return (
        isinstance(body, Mapping) and set(body) == {"uuid", "node"} and is_uuid(body["node"]) and is_uuid(body["uuid"])
    )


MARK = "corral_operation"
"""The key of instance_info that says which operation deploys a node."""


def deployed_fields(body: Any) -> bool:
    """A JSON patch that claims a node, with the operation's mark, or takes claim and mark away, and nothing else. Ironic itself
    refuses to claim a node that another instance has."""
    if not isinstance(body, list) or not all(isinstance(one, Mapping) for one in body):
        return False
    *first, last = body or [{}]
    info = last.get("value")
    if (last.get("op"), last.get("path")) != ("add", "/instance_info") or not isinstance(info, Mapping):
        return False
    if first and first[0].get("op") == "add":
        claim = {"op": "add", "path": "/instance_uuid", "value": first[0].get("value")}
        return first == [claim] and is_uuid(claim["value"]) and is_uuid(info.get(MARK))
    return first in ([], [{"op": "remove", "path": "/instance_uuid"}]) and MARK not in info


def deploy_or_undo(body: Any) -> bool:
    """The two provision states that are ever asked for. Of deploy steps only the one that builds the arrays of the layout."""
    if not isinstance(body, Mapping):
        return False
    if body.get("target") == "deleted":
        return set(body) == {"target"}
    steps = body.get("deploy_steps", [])
    return (
        body.get("target") == "active"
        and set(body) <= {"target", "configdrive", "deploy_steps"}
        and isinstance(steps, list)
        and all(isinstance(one, Mapping) and (one.get("interface"), one.get("step")) == _STEP for one in steps)
    )


_STEP = ("raid", "apply_configuration")

OWN = r"[0-9a-f]{8}-[0-9a-f]{4}-8[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}"
"""A uuid of version 8 (RFC 9562), which Corral chooses for the nodes that it enrolls, and Ironic never makes up."""
OWNER, SYSTEM = "corral_server", "corral_system"
"""The keys of `extra` that say for which server a node was enrolled, and of which composed system."""
_ENROLLED = frozenset({"uuid", "name", "driver", "driver_info", "properties", "resource_class", "extra"})


def given_back(body: Any) -> bool:
    """As `deployed_fields`, but nothing that would claim a node."""
    return deployed_fields(body) and body[0] == {"op": "remove", "path": "/instance_uuid"}


def torn_down(body: Any) -> bool:
    """Tears a deployment down, and nothing else."""
    return bool(body == {"target": "deleted"})


def enrolled(body: Any) -> bool:
    """A new node with a uuid of Corral's and the owner's mark: never one that is claimed or deployed from the beginning."""
    if not isinstance(body, Mapping) or set(body) - INTERFACES != _ENROLLED:
        return False
    if re.fullmatch(OWN, str(body["uuid"])) is None:
        return False
    extra = body["extra"]
    return isinstance(extra, Mapping) and set(extra) == {OWNER, SYSTEM} and is_uuid(extra[OWNER])


def enrolled_port(body: Any) -> bool:
    """A NIC of such a node."""
    own = isinstance(body, Mapping) and set(body) == {"node_uuid", "address"}
    return own and re.fullmatch(OWN, str(body["node_uuid"])) is not None


def made_available(body: Any) -> bool:
    """The steps from enrolled to available, and back to where a node can be removed. `provide` may wipe disks."""
    return body in ({"target": "manage"}, {"target": "provide"})


def logical_disks(body: Any) -> bool:
    """The arrays that were wanted before, and nothing else."""
    return isinstance(body, Mapping) and set(body) <= {"logical_disks"}


def described(body: Any) -> bool:
    """A JSON patch of nothing but one thing that is said of the instance, or that takes it away."""
    if body == _UNNAMED:
        return True
    return isinstance(body, list) and len(body) == 1 and isinstance(body[0], Mapping) and is_said(body[0])


def on_or_off(body: Any) -> bool:
    """On or off, and nothing else: no correction is a reboot."""
    return body in ({"target": "power on"}, {"target": "power off"})


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
    ("baremetal", "GET", rf"/v1/allocations(?:/{UUID})?", "lists claims, reads one"),
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

# Taking away what is left over of an adoption: never a claim, never plugging, never power.
_MEND = (
    ("baremetal", "PATCH", _NODE, "takes claim and protection away", given_up_fields),
    ("baremetal", "DELETE", rf"/v1/allocations/{UUID}", "takes the claim away", _no_body),
    ("baremetal", "PUT", rf"{_NODE}/maintenance", "Ironic lets go of a claim only in maintenance", _reason_only),
    ("baremetal", "DELETE", rf"{_NODE}/maintenance", "ends that maintenance", _no_body),
    ("baremetal", "DELETE", rf"{_NODE}/vifs/{UUID}", "unplugs a port that Corral made, before deleting it", _no_body),
    ("network", "PUT", rf"/v2\.0/ports/{UUID}", "takes a server off a port", allowed_freed_port),
    ("network", "DELETE", rf"/v2\.0/ports/{UUID}", "removes a port that Corral made", _no_body),
)

# Erases disks. The driver sends these only for a node that it just saw to be free, or to bear both marks of the operation.
_DEPLOY = (
    ("baremetal", "PATCH", _NODE, "claims a free node for the deployment, and takes that back", deployed_fields),
    ("baremetal", "PUT", rf"{_NODE}/states/provision", "deploys, and tears down what it deployed", deploy_or_undo),
    ("baremetal", "PUT", rf"{_NODE}/states/raid", "puts the wanted arrays back as they were", logical_disks),
    ("baremetal", "POST", rf"{_NODE}/vifs", "plugs a network port in again after tearing down", _vif_only),
)

# What a person had made, and wants away. Sent only for a node that was just seen to bear both marks of its deployment.
_DELETE = (
    ("baremetal", "PUT", rf"{_NODE}/states/provision", "tears down what Corral deployed", torn_down),
    ("baremetal", "PATCH", _NODE, "takes the claim of a deployment away that never began", given_back),
)

# Nodes of Corral's own, made of composed systems.
_ENROLL = (
    ("baremetal", "POST", r"/v1/nodes", "enrolls a composed system", enrolled),
    ("baremetal", "POST", r"/v1/ports", "records a NIC of it", enrolled_port),
    ("baremetal", "PUT", rf"/v1/nodes/{OWN}/states/provision", "makes it available", made_available),
    ("baremetal", "DELETE", rf"/v1/nodes/{OWN}", "removes it, before its hardware is released", _no_body),
)

# Carrying what the record says to Ironic: what is switched here was named by a rule, or by a person.
_SYNC = (
    ("baremetal", "PATCH", _NODE, "says of the instance what is said of its server", described),
    ("baremetal", "PUT", rf"{_NODE}/states/power", "switches it on or off, as a rule or a person said", on_or_off),
    ("baremetal", "POST", rf"{_NODE}/vifs", "plugs a network port in again, as a rule or a person said", _vif_only),
)

RULES: tuple[Rule, ...] = (
    *(_rule(Purpose.LOOK, service, method, path, why) for service, method, path, why in _LOOK),
    *(_rule(Purpose.ADOPT, *entry) for entry in _ADOPT),
    *(_rule(Purpose.MEND, *entry) for entry in _MEND),
    *(_rule(Purpose.DEPLOY, *entry) for entry in _DEPLOY),
    *(_rule(Purpose.DELETE, *entry) for entry in _DELETE),
    *(_rule(Purpose.ENROLL, *entry) for entry in _ENROLL),
    *(_rule(Purpose.SYNC, *entry) for entry in _SYNC),
    _rule(Purpose.POWER, "baremetal", "PUT", rf"{_NODE}/states/power", "switches it, as a person asked", _power_only),
)
