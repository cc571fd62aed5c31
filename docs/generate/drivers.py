"""What each driver may send, and its options."""

from __future__ import annotations

import inspect
import re
from collections.abc import Iterator
from dataclasses import MISSING, fields
from typing import Any

from corral.cloud import records as cloud_records
from corral.contracts.border import Purpose, Rule
from corral.drivers.ironic import options, rules
from corral.drivers.libvirt import options as libvirt_options
from corral.drivers.libvirt import rules as libvirt_rules
from corral.drivers.redfish import options as redfish_options
from corral.drivers.redfish import rules as redfish_rules
from corral.drivers.valence import options as valence_options
from corral.drivers.valence import rules as valence_rules
from corral.drivers.vsphere import options as vsphere_options
from corral.drivers.vsphere import rules as vsphere_rules
from docs.generate.markdown import code, plain, table
from docs.generate.registry import page

PURPOSES: dict[Purpose, str] = {
    Purpose.LOOK: "Always allowed. These calls read. Listing, planning, checking and verifying use nothing else. "
    "(`POST /v3/auth/tokens` logs in; it changes nothing but the list of Keystone's tokens.)",
    Purpose.ADOPT: "Allowed only inside the steps of `manage` and `unmanage` that act.",
    Purpose.POWER: "Allowed only inside a power change that a person asked for by name.",
    Purpose.MEND: "Allowed only while what was left behind is removed, because a person asked for it by name.",
    Purpose.DEPLOY: "Allowed only inside the provisioning of a free machine that a person asked for by name; never of one that "
    "is managed or runs.",
    Purpose.ENROLL: "Allowed only inside the steps that make a node of a system that Corral composed, and remove that node again.",
    Purpose.DELETE: "Allowed only inside the deletion of a server that Corral deployed, because a person asked for it by name; "
    "never of an adopted one.",
    Purpose.RECORD: "Allowed only inside the steps that record volumes and NICs of VMs in Cinder and Neutron, and take such "
    "records back, because a person asked for it.",
    Purpose.SYNC: "Allowed only inside the operation that tells a source what the record says. What starts or stops a machine "
    "there was named by a rule of the policy, or asked for by a person.",
    Purpose.COMPOSE: "Allowed only inside the steps that compose a system in a pod, and take apart again what Corral composed.",
}
BODIES = {
    "_no_body": "None.",
    "_reason_only": "Only `reason`.",
    "_vif_only": "Only `id`, the port's UUID.",
    "_power_only": "Only `target`.",
}
NAMES = {
    "[0-9A-Za-z-]{1,64}": "{uuid}",
    rules.UUID: "{uuid}",
    rules.OWN: "{own uuid}",
    rules.NODE_NAME: "{node}",
    rules.SYSTEM_PATH: "/redfish/v1/Systems/{system}",
    redfish_rules.PATH: "/redfish/v1/…",
    redfish_rules.SEGMENT: "{id}",
    "/[^/]+/vir": "/{host}/vir",
    "/[^/]+/libvirt": "/{host}/libvirt",
    **{
        f"/[^/]+/{kind}": f"/{{vcenter}}/{kind}"
        for kind in (
            *("ServiceInstance", "SessionManager", "ViewManager", "PropertyCollector"),
            *("SearchIndex", "CustomFieldsManager", "VirtualMachine"),
        )
    },
}


@page("drivers.md", "Drivers: what may be sent, and options")
def drivers() -> str:
    return "\n\n".join(
        [
            "Every call to a source passes the border. A call that is not in this list is stopped before it is sent, and fails "
            "the operation. How that works is told in [No disturbance](../explanation/no-disturbance.md).",
            "## Ironic",
            plain(rules.__doc__),
            *_purposes(rules.RULES, "###"),
            "### Never sent",
            "No purpose allows a change of boot device, boot mode, virtual media, console, BIOS configuration, name, driver or "
            "driver information; nor creating or deleting a port group, or a node that is not of a system that Corral composed.",
            "### Options of an Ironic source",
            "They stand under `options` of the source, see [Settings](settings.md). An option that is not known is an error.",
            *_options(options.Options, ""),
            "### Options for asking the BMC",
            *_options(options.BmcOptions, "bmc."),
            "## Redfish pods",
            plain(redfish_rules.__doc__),
            *_purposes(redfish_rules.RULES, "###"),
            "### Options of a Redfish pod",
            *_options(redfish_options.Options, ""),
            "## Valence",
            plain(valence_rules.__doc__),
            *_purposes(valence_rules.RULES, "###"),
            "### Options of a Valence",
            *_options(valence_options.Options, ""),
            "## Hosts with libvirt",
            plain(libvirt_rules.__doc__),
            *_purposes(libvirt_rules.RULES, "###"),
            "### Never called",
            "No purpose allows to define, undefine, rename, migrate or save a VM, or to change its devices, its snapshots, or a "
            "pool, a volume or a network of its host.",
            "### Options of hosts with libvirt",
            "`corral probe libvirt` sets them. An option that is not known is an error.",
            *_options(libvirt_options.Options, ""),
            "## The cloud around hypervisors",
            plain(cloud_records.__doc__),
            *_purposes(cloud_records.RULES, "###"),
            "### Never sent",
            "No purpose allows to delete, create, extend, attach for real or detach by force a volume, or to bind or change "
            "a port.",
            "## vSphere",
            plain(vsphere_rules.__doc__),
            *_purposes(vsphere_rules.RULES, "###"),
            "### Never called",
            "No purpose allows a task or a change but those, or a question for a property of a single object (`Fetch`).",
            "### Options of a vCenter",
            "`corral probe vsphere` sets them. An option that is not known is an error.",
            *_options(vsphere_options.Options, ""),
        ]
    )


def _purposes(every: tuple[Rule, ...], level: str) -> Iterator[str]:
    for purpose in Purpose:
        if found := [rule for rule in every if rule.purpose is purpose]:
            yield from _purpose(purpose, found, level)


def _purpose(purpose: Purpose, found: list[Rule], level: str) -> Iterator[str]:
    yield f"{level} Purpose: {purpose}"
    yield PURPOSES[purpose]
    yield table(["Service", "Method", "Path", "Why", "Body"], map(_rule, found))


def _rule(rule: Rule) -> tuple[str, str, str, str, str]:
    return rule.service, rule.method, code(readable(rule.path.pattern)), plain(rule.why), _body(rule)


def readable(pattern: str) -> str:
    """A path's expression for people: names for what varies, no escapes."""
    for expression, name in NAMES.items():
        pattern = pattern.replace(expression, name)
    pattern = re.sub(r"\(\?:(/[^()]*)\)\?", r"[\1]", pattern)
    pattern = re.sub(r"\(\?:([^()|]*(?:\|[^()|]*)+)\)", r"(\1)", pattern)
    return pattern.replace("\\.", ".").replace("/?", "").replace(".*", "…")


def _body(rule: Rule) -> str:
    if rule.body is None:
        return "" if rule.method == "GET" else "not looked at"
    told = plain(rule.body.__doc__).removeprefix("For the border: the body of ")
    return told[:1].upper() + told[1:] or BODIES[rule.body.__name__]


def _options(kind: Any, prefix: str) -> Iterator[str]:
    yield plain(inspect.cleandoc(kind.__doc__))
    rows = (
        (code(prefix + one.name), _type(str(one.type)), _default(one.default))
        for one in fields(kind)
        if one.name != "bmc"
    )
    yield table(["Option", "Type", "Default"], rows)


def _type(annotation: str) -> str:
    words = {
        "str": "text",
        "int": "whole number",
        "float": "number",
        "bool": "true or false",
        "tuple[str, ...]": "list of text",
        "tuple[Place, ...]": "list of hosts",
    }
    return " or ".join(words[one] for one in annotation.split(" | ") if one != "None")


def _default(value: Any) -> str:
    if value is MISSING:
        return "must be given"
    if value is None or value == ():
        return "none"
    return code(str(value).lower() if isinstance(value, bool) else str(value))
