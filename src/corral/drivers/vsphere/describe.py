"""What is said of one VM at a vCenter: its name, its notes (the annotation), and tags as values of custom attributes.

A tag `project:blue` is the value of the attribute `project`, where there is such an attribute; all other tags stand in one
attribute of our own. Rule: nothing else of a VM's configuration is ever sent, and never the attribute of the marks.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import Any

from pyVmomi import vim

from corral.domain.descriptions import MOST_TAGS, is_name, normal_text, unkept
from corral.domain.drift import Field, Value
from corral.domain.errors import Conflict, NotSupported
from corral.drivers.vsphere.acting import Change
from corral.drivers.vsphere.collect import of_objects
from corral.drivers.vsphere.finding import UUID, Answers, told_of
from corral.drivers.vsphere.inventory import FIELDS, keepers, text
from corral.drivers.vsphere.link import Session
from corral.drivers.vsphere.properties import notes_of, plain_name, tag_of, tags_in, values
from corral.drivers.vsphere.rules import ATTRIBUTE, TAGS

DESCRIBABLE = frozenset({Field.NAME, Field.NOTES, Field.TAGS})
_LONGEST_NAME = 80
_WANTED = (UUID, "name", "config.annotation", "customValue")
_NO_XML = re.compile("[\x00-\x08\x0b-\x1f\ufffe\uffff\ud800-\udfff]")


def refusal(what: Field, value: Value) -> str:
    """Why a vCenter can't have that value; "" when it can."""
    texts = [value] if isinstance(value, str) else value or []
    if any(_NO_XML.search(one) for one in texts):
        return f"Its {what} has characters that can't be sent to a vCenter."
    if what is Field.NAME and not (is_name(value) and len(escaped(value)) <= _LONGEST_NAME):
        return f"A vCenter calls a VM by 1 to {_LONGEST_NAME} characters; a slash, a backslash and a percent are three each."
    if what is Field.TAGS and (len(texts) > MOST_TAGS or any("," in tag and ":" not in tag for tag in texts)):
        return f"VMs at a vCenter have up to {MOST_TAGS} tags here, without commas."
    return ""


def escaped(name: str) -> str:
    """A name as vCenters keep it."""
    return name.replace("%", "%25").replace("/", "%2f").replace("\\", "%5c")


def describe(session: Session, change: Change, uuid: str, what: Field, value: Value) -> Any:
    """The task at the vCenter, None when there is nothing to wait for. Raises NotFound, NotSupported, Conflict."""
    if what not in DESCRIBABLE or (why := refusal(what, value)):
        raise NotSupported(why if what in DESCRIBABLE else f"A vCenter can't be told the {what} of a VM.")

    def ask(machine: Any) -> Answers:
        return of_objects(session, [machine, *keepers(session)], {vim.VirtualMachine: _WANTED, **FIELDS})

    machine, own, others = told_of(session, uuid, ask)
    known = own.properties
    if own.missing:
        raise Conflict(
            f"The user may not read the VM's {', '.join(sorted(own.missing))}: it is left alone.",
            fix="Give the user the right.",
        )
    if what is Field.NAME:
        same = plain_name(text(known.get("name"))) == value
        return None if same else change.send(lambda: machine.Rename_Task(escaped(value)))
    if what is Field.NOTES:
        return _note(change, machine, normal_text(notes_of(known)), value)
    fields = [one for _, answer in others for one in answer.properties.get("field") or ()]
    _tag(session, change, machine, fields, values(known.get("customValue")), value or [])
    return None


def _note(change: Change, machine: Any, there: str | None, value: str | None) -> Any:
    if there == value:
        return None
    if why := unkept(Field.NOTES, there):
        raise Conflict(why)
    return change.send(lambda: machine.ReconfigVM_Task(vim.vm.ConfigSpec(annotation=value or "")))


def _tag(
    session: Session, change: Change, machine: Any, fields: Sequence[Any], told: Mapping[int, str], wanted: list[str]
) -> None:
    of_vms = (one for one in fields if one.managedObjectType in (None, vim.VirtualMachine))
    keys = {name: int(one.key) for one in of_vms if (name := text(one.name)) != ATTRIBUTE}
    now = {name: told.get(key, "") for name, key in keys.items()}
    if why := unkept(Field.TAGS, list(tags_in(told, {key: name for name, key in keys.items()}))):
        raise Conflict(why)
    for name, value in spread(wanted, now).items():
        if now.get(name, "") != value:
            key = keys[name] if name in keys else _made(session, change)
            _set(session, change, machine, key, value)


def _set(session: Session, change: Change, machine: Any, key: int, value: str) -> None:
    change.send(lambda: session.content.customFieldsManager.SetField(machine, key, value))


def _made(session: Session, change: Change) -> int:
    """The key of the attribute for tags, which is made."""
    fields = session.content.customFieldsManager
    if fields is None:
        raise NotSupported(f"{session.options.address} has no custom attributes, so its VMs have no tags.")
    return int(change.send(lambda: fields.AddCustomFieldDef(TAGS, vim.VirtualMachine, None, None)).key)


def spread(wanted: Sequence[str], attributes: Mapping[str, str]) -> dict[str, str]:
    """The values of all attributes for these tags, our own among them and last: what an attribute says already stays there; another
    value of one that exists becomes its value; the rest is ours. Raises NotSupported for what ours can't have."""
    rest = list(dict.fromkeys(wanted))
    others = {name: value for name, value in attributes.items() if name != TAGS}
    made: dict[str, str] = dict.fromkeys(others, "")
    for name, value in others.items():
        if value and (tag := tag_of(name, value)) in rest:
            rest.remove(tag)
            made[name] = value
    # The longest name first: `a:b` before `a`.
    for name in sorted((name for name in others if not made[name]), key=len, reverse=True):
        found = next((one for one in rest if one.startswith(f"{name}:") and len(one) > len(name) + 1), None)
        if found is not None:
            rest.remove(found)
            made[name] = found[len(name) + 1 :]
    if any("," in tag or tag != tag.strip() for tag in rest):
        raise NotSupported("A tag with a comma, or space around it, can only be the value of a custom attribute.")
    return {**made, TAGS: ", ".join(sorted(rest))}
