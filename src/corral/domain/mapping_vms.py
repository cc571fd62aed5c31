"""The part of a mapping that is about VMs: which project one goes to, under which name and flavor, by where it is kept.

    rules:                               # the first one whose `when` fits counts
      - when: {folder: /east/web, tag: "tier:gold", name: "web-*", network: "prod-*", host: "esx-0*", cluster: east}
        project: 3f2a…                   # each that is not said is as the mapping says it for all
        name: "east-{name}"
        flavor: gold-flavor
      - when: {tag: "customer:*"}
        project: {tag: customer}         # the tag `customer:ID` has it
      - project: 77c1…                   # without `when`: for all that are left

Rule: pure, as `mapping`. Where there are rules, a VM that none fits is blocked: whose it is is never guessed.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from fnmatch import fnmatchcase

from corral.domain.errors import Invalid
from corral.domain.host import Host
from corral.domain.mapping import FIELD, UNFIT, Mapped, Rules, blocked, flavor_named
from corral.domain.reasons import Reason, reason
from corral.domain.server import Flavor, Kind, ManageRequest
from corral.domain.vm import Vm
from corral.domain.vm_ownership import PROJECT
from corral.domain.vm_selection import any_like, in_folder

_LENGTH = 255


def matches(when: Mapping[str, str], vm: Vm, host: Host) -> bool:
    """Whether a rule is about that VM: all of its conditions hold."""
    found = {
        "folder": lambda text: in_folder(vm.folder, text),
        "tag": lambda text: any_like(vm.tags, text),
        "name": lambda text: fnmatchcase(vm.label, text),
        "network": lambda text: any_like([word for nic in vm.nics for word in (nic.network, nic.bridge) if word], text),
        "host": lambda text: any_like((host.name, host.id), text),
        "cluster": lambda text: fnmatchcase(host.group, text),
    }
    return all(found[key](text) for key, text in when.items())


def rules_of(rules: Rules, vm: Vm, host: Host) -> Rules | None:
    """The mapping as it is for one VM, by the first rule that is about it; None where there are rules and none is."""
    if not rules.by_vm:
        return rules
    rule = next((one for one in rules.by_vm if matches(one.when, vm, host)), None)
    return None if rule is None else replace(rules, **rule.says)


def mapped_vm(rules: Rules, vm: Vm, host: Host, flavors: Sequence[Flavor], number: int) -> Mapped:
    """The request for a VM, the `number`th of its plan, with every reason why it can't be made."""
    found: list[Reason] = []
    said = rules_of(rules, vm, host)
    if said is None:
        found.append(reason("mapping-unmatched", folder=vm.folder or "no folder", tags=", ".join(vm.tags) or "no tags"))
        said = replace(rules, project=None, project_property=None, project_tag=None)

    def told(template: str | None, what: str) -> str | None:
        return None if template is None else _filled(template, vm, host, number, what, found)

    request = ManageRequest(
        name=told(said.name, "name") or vm.label,
        node=vm.id,
        flavor=_flavor(said, flavors),
        networks=(),
        source=vm.source,
        description=told(said.description, "description") or None,
        availability_zone=told(said.availability_zone, "availability_zone") or None,
        project=_project(said, vm, found),
        metadata={key: told(text, f"metadata {key}") or "" for key, text in said.metadata.items()},
        kind=Kind.VM,
    )
    return Mapped(request, tuple(dict.fromkeys(found)))


def check_for_vms(rules: Rules) -> None:
    """Raise Invalid for what can't be wished for a VM."""
    if rules.networks:
        raise Invalid(
            "The mapping names networks, and VMs keep the NICs that they have.",
            fix="Leave `networks` out for a source of hypervisors.",
            code="invalid-mapping",
        )


def _filled(template: str, vm: Vm, host: Host, number: int, what: str, found: list[Reason]) -> str:
    def value(match: re.Match[str]) -> str:
        got = _value(match[1], vm, host, number)
        if not got:
            found.append(
                blocked(code="mapping-empty", message=f"Its {what} needs {match[1]}, which the machine has not.")
            )
        return got

    text = FIELD.sub(value, template)
    if len(text) > _LENGTH or UNFIT.search(text):
        message = f"Its {what} would be {text[:80]!r}: too long, or with < > or controls."
        found.append(blocked(code="mapping-unfit", message=message))
    return text


def _value(name: str, vm: Vm, host: Host, number: int) -> str:
    kind, dot, key = name.partition(".")
    if dot:
        return next(iter(_tagged(vm, key)), "") if kind == "tag" else ""
    known = {
        "name": vm.label,
        "uuid": vm.id,
        "source": vm.source,
        "host": host.name,
        "cluster": host.group,
        "folder": vm.folder,
        "number": str(number),
    }
    return known.get(name, "")


def _tagged(vm: Vm, category: str) -> Iterator[str]:
    """The values of its tags `category:value`."""
    return (tag.removeprefix(f"{category}:") for tag in vm.tags if tag.startswith(f"{category}:"))


def _flavor(rules: Rules, flavors: Sequence[Flavor]) -> str:
    """The one flavor for all, where one is named: VMs have no resource class to go by, and need none."""
    wanted = rules.flavors.get("")
    named = flavor_named(flavors, wanted) if wanted else None
    return named.uuid if named else ""


def _project(rules: Rules, vm: Vm, found: list[Reason]) -> str | None:
    if rules.project_property is not None:
        where = f"property {rules.project_property}" if rules.project_property else "lessee or owner"
        found.append(blocked(code="mapping-empty", message=f"Its project comes from its {where}, which no VM has."))
        return None
    if rules.project_tag is None:
        return rules.project
    values = list(dict.fromkeys(_tagged(vm, rules.project_tag)))
    if len(values) != 1 or not PROJECT.fullmatch(values[0]):
        told = " and ".join(map(repr, values)) or "not there"
        message = f"Its project comes from its tag {rules.project_tag}, which is {told}."
        found.append(blocked(code="mapping-empty", message=message))
        return None
    return values[0]
