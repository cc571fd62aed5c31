"""What each driver may send, and its options."""

from __future__ import annotations

import inspect
import re
from collections.abc import Iterator
from dataclasses import MISSING, fields
from typing import Any

from corral.contracts.border import Purpose, Rule
from corral.drivers.ironic import options, rules
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
}
BODIES = {
    "_no_body": "None.",
    "_reason_only": "Only `reason`.",
    "_vif_only": "Only `id`, the port's UUID.",
    "_power_only": "Only `target`.",
}
NAMES = {rules.UUID: "{uuid}", rules.NODE_NAME: "{node}", rules.SYSTEM_PATH: "/redfish/v1/Systems/{system}"}


@page("drivers.md", "Drivers: what may be sent, and options")
def drivers() -> str:
    return "\n\n".join(
        [
            "Every call to a source passes the border. A call that is not in this list is stopped before it is sent, and fails "
            "the operation. How that works is told in [No disturbance](../explanation/no-disturbance.md).",
            "## Ironic",
            plain(rules.__doc__),
            *(part for purpose in Purpose for part in _purpose(purpose)),
            "### Never sent",
            "No purpose allows a change of provision state, boot device, boot mode, virtual media, console, RAID or BIOS "
            "configuration, name, driver or driver information; nor creating or deleting a node, an Ironic port or a port group.",
            "### Options of an Ironic source",
            "They stand under `options` of the source, see [Settings](settings.md). An option that is not known is an error.",
            *_options(options.Options, ""),
            "### Options for asking the BMC",
            *_options(options.BmcOptions, "bmc."),
        ]
    )


def _purpose(purpose: Purpose) -> Iterator[str]:
    found = [rule for rule in rules.RULES if rule.purpose is purpose]
    yield f"### Purpose: {purpose}"
    yield PURPOSES[purpose]
    if not found:
        yield "No calls in this release."
        return
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
    }
    return " or ".join(words[one] for one in annotation.split(" | ") if one != "None")


def _default(value: Any) -> str:
    if value is MISSING:
        return "must be given"
    if value is None or value == ():
        return "none"
    return code(str(value).lower() if isinstance(value, bool) else str(value))
