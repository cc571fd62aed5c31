"""From a machine to the request that adopts it, by rules that an operator wrote down once for thousands.

    name: "{name}"                       # a template; this is the default
    flavor: {gold: gold-flavor}          # by resource class, or one name or UUID for all; default: the only one that fits
    ports: plugged                       # bind the ports that the machine has plugged in (default), or `none`
    networks: [provider-net, UUID, …]    # and make a port on each of these, by name or UUID
    port_type: text
    project: owner                       # the node's lessee or owner; or {property: KEY}; or an id; default: see adoption
    availability_zone: text              # templates, as the following
    description: "rack {properties.rack}"
    metadata: {rack: "{properties.rack}"}
    rules: […]                           # of VMs: what differs by folder, tag, name, network, host; see `mapping_vms`

Rule: pure. A mistake in the rules is found before any machine is looked at; what they can't say of one machine is a reason
that this machine is blocked by, and hides no other.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from difflib import get_close_matches
from typing import Any

from corral.domain.errors import Invalid
from corral.domain.machine import Machine, Network, is_uuid
from corral.domain.reasons import Reason, reason
from corral.domain.server import Flavor, ManageRequest, NetworkRequest, normal_class

_OF_NODES = ("name", "uuid", "resource_class", "source", "owner", "lessee", "driver", "number")
_OF_VMS = ("host", "cluster", "folder")
FIELDS = (*_OF_NODES, *_OF_VMS)
"""What a template may name, beside `properties.KEY` of nodes and `tag.KEY` of VMs. `number` counts the plan's machines from 1."""

_PROPERTY, _TAG = "properties.", "tag."
FIELD = re.compile(r"\{([^{}]*)\}")
UNFIT = re.compile(r"[\x00-\x1f\x7f<>]")
_LENGTH = 255
_METADATA_KEY = re.compile(r"[a-zA-Z0-9\-_:. ]{1,255}")
_PROJECT = re.compile(r"[A-Za-z0-9_-]{1,64}")


@dataclass(frozen=True, slots=True)
class VmRule:
    """What a mapping says of the VMs that fit. `when`: patterns by condition, all of which must hold; `says`: fields of `Rules`."""

    when: Mapping[str, str]
    says: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Rules:
    """Mapping rules that were read and found right. `flavors`: names or UUIDs by normal resource class, "" for every other.
    `networks`: UUIDs, and names until `with_networks`. `project` is an id, `project_property` a property that has it, "" for
    the owner; `project_tag` what its tag begins with. `by_vm`: what differs from VM to VM."""

    name: str = "{name}"
    flavors: Mapping[str, str] = field(default_factory=dict)
    plugged: bool = True
    networks: tuple[str, ...] = ()
    port_type: str | None = None
    project: str | None = None
    project_property: str | None = None
    project_tag: str | None = None
    availability_zone: str | None = None
    description: str | None = None
    metadata: Mapping[str, str] = field(default_factory=dict)
    by_vm: tuple[VmRule, ...] = ()


@dataclass(frozen=True, slots=True)
class Mapped:
    """The request for one machine. With `reasons` it is incomplete, and only says which machine it was for."""

    request: ManageRequest
    reasons: tuple[Reason, ...] = ()


def read_rules(data: Any) -> Rules:
    """The rules in JSON or YAML that was read. Raises Invalid, with the nearest key that exists."""
    if not isinstance(data, Mapping):
        raise _wrong("The mapping is no mapping of keys to values", "Write it as `name: …`, one key a line.")
    _known("The mapping", data, _READERS)
    made: dict[str, Any] = {}
    for key, value in data.items():
        if value is not None:
            made |= _READERS[key](key, value)
    if not made.get("plugged", True) and not made.get("networks"):
        raise _wrong("The mapping gives a server no network: `ports: none`, and no `networks`", "Name a network.")
    return Rules(**made)


def check_flavors(rules: Rules, flavors: Sequence[Flavor]) -> None:
    """Raise Invalid for a flavor that the rules name and that does not exist."""
    names = [one.name for one in flavors]
    of_vms = (one.says.get("flavors", {}) for one in rules.by_vm)
    for wanted in (name for named in (rules.flavors, *of_vms) for name in named.values()):
        if flavor_named(flavors, wanted) is None:
            raise _wrong(f"There is no flavor {wanted!r}", _nearest(wanted, names))


def names_of_networks(rules: Rules) -> tuple[str, ...]:
    """The names that stand among the rules' networks."""
    return tuple(one for one in rules.networks if not is_uuid(one))


def with_networks(rules: Rules, named: Mapping[str, Sequence[Network]]) -> Rules:
    """The rules with UUIDs for the names of networks; `named` are those that were found, by name. Raises Invalid for a name that
    no network has, or several have, with those."""
    return replace(rules, networks=tuple(_network(one, named) for one in rules.networks))


def _network(wanted: str, named: Mapping[str, Sequence[Network]]) -> str:
    if is_uuid(wanted):
        return wanted
    found = named.get(wanted, ())
    if not found:
        raise _wrong(f"There is no network {wanted!r}", "`openstack network list` has names and UUIDs.")
    if len(found) > 1:
        told = ", ".join(f"{one.id} (project {one.project or 'unknown'})" for one in found)
        raise _wrong(f"{len(found)} networks are called {wanted!r}: {told}", "Name the one that is meant by its UUID.")
    return found[0].id


def mapped(rules: Rules, machine: Machine, flavors: Sequence[Flavor], number: int) -> Mapped:
    """The request for a machine, the `number`th of its plan, with every reason why it can't be made."""
    found: list[Reason] = []

    def told(template: str | None, what: str) -> str | None:
        return None if template is None else _filled(template, machine, number, what, found)

    name = told(rules.name, "name") or ""
    request = ManageRequest(
        name=name or machine.label,
        node=machine.id,
        flavor=_flavor(rules, machine, flavors, found),
        networks=_networks(rules, machine, found),
        source=machine.source,
        description=told(rules.description, "description") or None,
        availability_zone=told(rules.availability_zone, "availability_zone") or None,
        project=_project(rules, machine, found),
        metadata={key: told(text, f"metadata {key}") or "" for key, text in rules.metadata.items()},
    )
    return Mapped(request, tuple(dict.fromkeys(found)))


# --- for one machine --------------------------------------------------------------------------------------


def _filled(template: str, machine: Machine, number: int, what: str, found: list[Reason]) -> str:
    def value(match: re.Match[str]) -> str:
        got = _value(match[1], machine, number)
        if got in (None, ""):
            found.append(
                blocked(code="mapping-empty", message=f"Its {what} needs {match[1]}, which the machine has not.")
            )
        return str(got or "")

    text = FIELD.sub(value, template)
    if len(text) > _LENGTH or UNFIT.search(text):
        found.append(
            blocked(
                code="mapping-unfit", message=f"Its {what} would be {text[:80]!r}: too long, or with < > or controls."
            )
        )
    return text


def _value(name: str, machine: Machine, number: int) -> Any:
    if name.startswith(_PROPERTY):
        return machine.properties.get(name.removeprefix(_PROPERTY))
    if name == "number":
        return number
    if name in _OF_VMS or name.startswith(_TAG):
        return None
    return machine.label if name == "name" else getattr(machine, "id" if name == "uuid" else name)


def _flavor(rules: Rules, machine: Machine, flavors: Sequence[Flavor], found: list[Reason]) -> str:
    if not machine.resource_class:
        found.append(reason("no-resource-class", node=machine.label))
        return ""
    wanted = rules.flavors.get(normal_class(machine.resource_class)) or rules.flavors.get("")
    if wanted is not None:
        named = flavor_named(flavors, wanted)
        return named.uuid if named else ""
    fitting = [one for one in flavors if not one.disabled and one.fits(machine.resource_class)]
    if len(fitting) != 1:
        found.append(_no_one_flavor(machine.resource_class, fitting))
        return ""
    return fitting[0].uuid


def _no_one_flavor(resource_class: str, fitting: Sequence[Flavor]) -> Reason:
    if not fitting:
        return reason("no-flavor", resource_class=resource_class)
    names = ", ".join(sorted(one.name for one in fitting))
    message = f"More than one flavor fits resource class {resource_class!r}: {names}."
    return blocked(code="flavor-ambiguous", message=message, fix="Choose one in the mapping: `flavor`.")


def _networks(rules: Rules, machine: Machine, found: list[Reason]) -> tuple[NetworkRequest, ...]:
    bound = [NetworkRequest(port_id=vif, port_type=rules.port_type) for vif in machine.vifs if rules.plugged]
    made = [NetworkRequest(net_id=net, port_type=rules.port_type) for net in rules.networks]
    if not bound and not made:
        message = "It has no network port plugged in, and the mapping names no network."
        found.append(blocked(code="no-networks", message=message, fix="Name one in the mapping: `networks`."))
    return (*bound, *made)


def _project(rules: Rules, machine: Machine, found: list[Reason]) -> str | None:
    if rules.project_tag is not None:
        found.append(
            blocked(code="mapping-empty", message=f"Its project comes from tag {rules.project_tag}, which no node has.")
        )
        return None
    if rules.project_property is None:
        return rules.project
    key = rules.project_property
    value = str((machine.properties.get(key) if key else machine.lessee or machine.owner) or "")
    if not _PROJECT.fullmatch(value):
        where = f"property {key}" if key else "lessee or owner"
        found.append(blocked(code="mapping-empty", message=f"Its project comes from its {where}, which is {value!r}."))
        return None
    return value


def blocked(*, code: str, message: str, fix: str = "Correct the machine at its source, or the mapping.") -> Reason:
    """That a mapping says nothing usable of one machine."""
    return Reason(code, message, fix)


def flavor_named(flavors: Iterable[Flavor], wanted: str) -> Flavor | None:
    """The flavor of that name or UUID."""
    return next((one for one in flavors if wanted in (one.name, one.uuid)), None)


# --- reading the rules ------------------------------------------------------------------------------------


def _template(key: str, value: Any) -> str:
    text = _text(key, value)
    for name in FIELD.findall(text):
        kind, dot, rest = name.partition(".")
        if name not in FIELDS and not (dot and rest and f"{kind}." in (_PROPERTY, _TAG)):
            known = [*FIELDS, "properties.KEY", "tag.KEY"]
            raise _wrong(f"{key} names {{{name}}}, which no machine has", _nearest(name, known))
    if set("{}") & set(FIELD.sub("", text)):
        raise _wrong(f"{key} has a brace without its pair", "Write fields as {name}.")
    return text


def _text(key: str, value: Any) -> str:
    if isinstance(value, bool) or not isinstance(value, str | int | float) or not str(value).strip():
        raise _wrong(f"{key} is {value!r}, and should be a text", "Put it in quotes.")
    return str(value)


def _flavors(key: str, value: Any) -> dict[str, Any]:
    if not isinstance(value, Mapping):
        return {"flavors": {"": _text(key, value)}}
    return {"flavors": {normal_class(str(name)): _text(f"{key}.{name}", one) for name, one in value.items()}}


def _ports(key: str, value: Any) -> dict[str, Any]:
    if value not in ("plugged", "none"):
        raise _wrong(f"{key} is {value!r}", _nearest(str(value), ["plugged", "none"]))
    return {"plugged": value == "plugged"}


def _nets(key: str, value: Any) -> dict[str, Any]:
    if not isinstance(value, list) or not all(isinstance(one, str) and 0 < len(one) <= _LENGTH for one in value):
        raise _wrong(
            f"{key} is {value!r}, and should be a list of networks, by name or UUID",
            "`openstack network list` has them.",
        )
    return {"networks": tuple(value)}


_NO_PROJECT: dict[str, Any] = {"project": None, "project_property": None, "project_tag": None}
"""One way to say a project takes the place of all others."""


def _projects(key: str, value: Any) -> dict[str, Any]:
    if value == "owner":
        return _NO_PROJECT | {"project_property": ""}
    if isinstance(value, Mapping):
        _known(key, value, ("property", "tag"))
        if len(value) != 1:
            raise _wrong(f"{key} is {value!r}", "Write it as {property: KEY} for nodes, or {tag: KEY} for VMs.")
        [(kind, name)] = value.items()
        return _NO_PROJECT | {f"project_{kind}": _text(f"{key}.{kind}", name)}
    if not _PROJECT.fullmatch(text := _text(key, value)):
        raise _wrong(f"{key} is {value!r}, which is no project's id", "Use `owner`, {property: KEY}, or an id.")
    return _NO_PROJECT | {"project": text}


def _metadata(key: str, value: Any) -> dict[str, Any]:
    if not isinstance(value, Mapping):
        raise _wrong(f"{key} is {value!r}, and should be a mapping", "Write it as {key: value}.")
    for name in value:
        if not _METADATA_KEY.fullmatch(str(name)):
            raise _wrong(f"{key} has the key {name!r}", "Letters, digits and - _ : . are possible.")
    return {"metadata": {str(name): _template(f"{key}.{name}", one) for name, one in value.items()}}


def _vm_rules(key: str, value: Any) -> dict[str, Any]:
    if not isinstance(value, list) or len(value) > _RULES:
        raise _wrong(f"{key} should be a list of at most {_RULES} rules", "Write one a line, after `- `.")
    return {"by_vm": tuple(_vm_rule(f"{key}[{number}]", one) for number, one in enumerate(value))}


def _vm_rule(key: str, value: Any) -> VmRule:
    if not isinstance(value, Mapping):
        raise _wrong(f"{key} should be a mapping", "Write it as `- {when: {folder: /east}, project: ID}`.")
    _known(key, value, ("when", *_BY_VM))
    when, says = value.get("when") or {}, [name for name in _BY_VM if value.get(name) is not None]
    if not isinstance(when, Mapping):
        raise _wrong(f"{key}.when should be a mapping", "Write it as `when: {folder: /east}`.")
    _known(f"{key}.when", when, CONDITIONS)
    if isinstance(value.get("flavor"), Mapping):
        raise _wrong(f"{key}.flavor should be one name: VMs have no resource class", "Write a rule for each flavor.")
    made: dict[str, Any] = {}
    for name in says:
        try:
            made |= _READERS[name](name, value[name])
        except Invalid as exc:
            raise _wrong(f"{key}: {exc.message.removesuffix('.')}", exc.fix) from exc
    return VmRule({str(name): _text(f"{key}.when.{name}", one) for name, one in when.items()}, made)


CONDITIONS = ("folder", "tag", "name", "network", "host", "cluster")
"""What a rule for VMs may go by. All are globs; a folder has all below it."""
_BY_VM = ("project", "name", "flavor", "availability_zone", "description", "metadata")
_RULES = 1000

_Reader = Callable[[str, Any], dict[str, Any]]
_READERS: Mapping[str, _Reader] = {
    "name": lambda key, value: {key: _template(key, value)},
    "flavor": _flavors,
    "ports": _ports,
    "networks": _nets,
    "port_type": lambda key, value: {key: _text(key, value)},
    "project": _projects,
    "availability_zone": lambda key, value: {key: _template(key, value)},
    "description": lambda key, value: {key: _template(key, value)},
    "metadata": _metadata,
    "rules": _vm_rules,
}


def _known(what: str, data: Mapping[Any, Any], keys: Iterable[str]) -> None:
    for key in data:
        if key not in keys:
            raise _wrong(f"{what} has the key {key!r}, which does not exist", _nearest(str(key), list(keys)))


def _nearest(word: str, words: Sequence[str]) -> str:
    near = get_close_matches(word, words, 1)
    return f"Did you mean {near[0]!r}?" if near else f"There are: {', '.join(words) or 'none'}."


def _wrong(what: str, fix: str) -> Invalid:
    return Invalid(f"{what}.", fix=fix, code="invalid-mapping")
