"""The mark at a VM: the value of a custom attribute, which people see in the vSphere Client.

An attribute has one value, and the last one that is set stays. So of two owners who mark a VM at once, each waits a little after it
has set its mark, and looks whether it is still there; and one whose own call took so long that it may have come after that gives
in.
"""

from __future__ import annotations

import time
from dataclasses import dataclass
from typing import Any

from pyVmomi import vim

from corral.contracts.virtual import Mark
from corral.domain.errors import Conflict, DriverFailed
from corral.drivers.vsphere.acting import Change
from corral.drivers.vsphere.collect import Told, of_objects
from corral.drivers.vsphere.finding import UUID, Answers, told_of
from corral.drivers.vsphere.inventory import FIELDS, attributes, keepers, names_in
from corral.drivers.vsphere.link import Session
from corral.drivers.vsphere.properties import values
from corral.drivers.vsphere.rules import ATTRIBUTE, VALUE

SETTLE = 1.0
"""Seconds from looking at a VM without a mark until its mark must be set, and then until it is looked at again."""


@dataclass(frozen=True, slots=True)
class Held:
    """What a VM's attribute holds: the attribute's key, None where there is none yet; the value; the mark, if it is one."""

    key: int | None
    value: str
    mark: Mark | None

    def refuse_others(self, server: str) -> None:
        """Raises Conflict when it is not empty and not that server's mark."""
        if not self.value or (self.mark is not None and self.mark.server == server):
            return
        raise Conflict(
            f"The VM's custom attribute {ATTRIBUTE} says that it belongs to another server: {self.value[:120]}.",
            fix="Let go of it there. If nothing knows that server any more, the leaks' report says how to remove the mark.",
        )


def text_of(mark: Mark) -> str:
    """The mark as people read it."""
    name = "".join(char for char in mark.name if char.isprintable())[:200].strip()
    return f"{mark.server} {name}".rstrip()


def mark_of(value: str) -> Mark | None:
    """The mark in a value, None when there is none in it."""
    found = VALUE.fullmatch(value)
    return Mark(found[1], found[2] or "") if found else None


def key_of(names: dict[int, str]) -> int | None:
    """The key of the attribute for marks, None where nobody made it yet."""
    return next((key for key, name in names.items() if name == ATTRIBUTE), None)


def held(session: Session, uuid: str) -> tuple[Any, Held]:
    """The library's object for the VM, and what the VM bears now: in one call with the attributes' names. Raises NotFound."""

    def ask(machine: Any) -> Answers:
        return of_objects(session, [machine, *keepers(session)], {vim.VirtualMachine: (UUID, "customValue"), **FIELDS})

    machine, own, others = told_of(session, uuid, ask)
    return machine, held_in(own, names_in(others))


def held_in(own: Told, names: dict[int, str]) -> Held:
    """What the VM bears, by what was told of it."""
    key = key_of(names)
    value = values(own.properties.get("customValue")).get(key, "") if key is not None else ""
    return Held(key, value, mark_of(value))


def put(session: Session, change: Change, uuid: str, mark: Mark) -> bool:
    """Set the mark; whether it has to be confirmed, as it was not there before. Raises Conflict."""
    begun = time.monotonic()
    machine, found = held(session, uuid)
    found.refuse_others(mark.server)
    if found.mark is not None:
        return False
    key = found.key if found.key is not None else _made(session, change)
    fields = session.content.customFieldsManager
    change.send(lambda: fields.SetField(machine, key, text_of(mark)))
    if time.monotonic() - begun > SETTLE:
        take(session, change, uuid, mark.server)
        raise Conflict(
            f"Marking took longer than {SETTLE:g} s, so it may have crossed another one's; it was taken back.",
            fix="Try again.",
        )
    return True


def confirm(session: Session, uuid: str, mark: Mark) -> None:
    """Raises Conflict when another mark has come over it, DriverFailed when it is not there."""
    _machine, found = held(session, uuid)
    found.refuse_others(mark.server)
    if found.mark is None:
        raise DriverFailed(
            "The vCenter took the mark, and does not show it.", fix="Mark the VM again; nothing else was changed."
        )


def take(session: Session, change: Change, uuid: str, server: str) -> None:
    """Empty the attribute when it holds that server's mark. Raises NotFound."""
    machine, found = held(session, uuid)
    if found.mark is not None and found.mark.server == server:
        fields = session.content.customFieldsManager
        change.send(lambda: fields.SetField(machine, found.key, ""))


def _made(session: Session, change: Change) -> int:
    """The attribute's key. Two that make it at once get one attribute."""
    fields = session.content.customFieldsManager
    if fields is None:
        raise DriverFailed(f"{session.options.address} has no custom attributes.", fix="Adopt its VMs without marks.")
    try:
        made = change.send(lambda: fields.AddCustomFieldDef(ATTRIBUTE, vim.VirtualMachine, None, None))
        return int(made.key)
    except DriverFailed as exc:
        key = key_of(attributes(session)) if isinstance(exc.__cause__, vim.fault.DuplicateName) else None
        if key is None:
            raise
        return key
