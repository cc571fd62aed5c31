"""Which calls of the vSphere API may be made: methods by their names, `/vcenter/class/method`.

Looking touches nothing of the inventory: the views and the filter that are made belong to the session and end with it. A property
that is asked for by itself would be a call, `Fetch`, which is not listed: so a look can't ask VM by VM. Marking sets one custom
attribute and no other; switching has the calls of power and no call that stops, moves or changes anything else; synchronizing sends
names, notes and values of custom attributes, and no other part of a VM's configuration.
"""

from __future__ import annotations

import re
from typing import Any

from corral.contracts.border import Purpose, Rule

SERVICE = "vsphere"
CALL = "CALL"
ATTRIBUTE = "corral.server"
"""The custom attribute of VMs that says whose a VM is."""
TAGS = "corral.tags"
"""The custom attribute of VMs that has those tags for which there is no attribute of their own, with commas between them."""
VALUE = re.compile(r"([0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12})(?: ([^\x00-\x1f]{1,255}))?")
"""What it holds: the server's uuid, and its name for people."""


def _rule(kind: str, methods: str, why: str, purpose: Purpose = Purpose.LOOK, body: Any = None) -> Rule:
    names = methods.split()
    path = re.compile(rf"/[^/]+/{kind}/" + (f"(?:{'|'.join(names)})" if len(names) > 1 else methods))
    return Rule(purpose, SERVICE, CALL, path, why, body)


def _our_attribute(arguments: Any) -> bool:
    """For the border: the body of the making of our attribute."""
    return len(arguments) == 4 and arguments[0] == ATTRIBUTE and arguments[1] is not None


def _our_value(arguments: Any) -> bool:
    """For the border: the body of a mark that is set or taken away. Its key is looked up by the attribute's name right before."""
    return len(arguments) == 3 and (arguments[2] == "" or bool(VALUE.fullmatch(arguments[2])))


def _no_value(arguments: Any) -> bool:
    """For the border: the body of a mark that is taken away."""
    return _our_value(arguments) and arguments[2] == ""


def _our_tags(arguments: Any) -> bool:
    """For the border: the body of the making of our attribute for tags."""
    return len(arguments) == 4 and arguments[0] == TAGS and arguments[1] is not None


def _no_mark(arguments: Any) -> bool:
    """For the border: the body of an attribute's value that is no mark. Its key, never that of the marks, is looked up right
    before."""
    return len(arguments) == 3 and isinstance(arguments[2], str) and VALUE.fullmatch(arguments[2]) is None


def _notes_only(arguments: Any) -> bool:
    """For the border: the body of a change of the configuration that has notes and nothing else."""
    if len(arguments) != 1 or not isinstance(arguments[0].annotation, str):
        return False
    names = (one.name for one in arguments[0]._GetPropertyList())
    return all(getattr(arguments[0], name) in (None, []) for name in names if name != "annotation")


def _of_one_vm(arguments: Any) -> bool:
    """For the border: the body of a search for a VM by its instanceUuid, in the whole inventory."""
    return len(arguments) == 4 and (arguments[0], *arguments[2:]) == (None, True, True)


def _screen(arguments: Any) -> bool:
    """For the border: the body of a ticket for the screen; other kinds open the VM's files or its guest."""
    return tuple(arguments) == ("webmks",)


RULES = (
    _rule("ServiceInstance", "RetrieveServiceContent", "What it is, and where its parts are."),
    _rule("SessionManager", "Login Logout", "A session, and its end."),
    _rule("ViewManager", "CreateContainerView", "A list of the whole inventory, or of all VMs, for this session."),
    _rule(
        "PropertyCollector",
        "RetrievePropertiesEx ContinueRetrievePropertiesEx CancelRetrievePropertiesEx",
        "The wanted properties of all that is listed, in pages.",
    ),
    _rule(
        "PropertyCollector",
        "CreateFilter WaitForUpdatesEx",
        "Hear of what changes in what is listed, for this session.",
    ),
    _rule("PropertyFilter", "DestroyPropertyFilter", "Hear of it no more."),
    _rule("SearchIndex", "FindByUuid", "One VM, by its instanceUuid.", body=_of_one_vm),
    _rule("VirtualMachine", "AcquireTicket", "A ticket for the screen, for the one who asked.", body=_screen),
    _rule(
        "CustomFieldsManager", "AddCustomFieldDef", "Make the attribute for marks, once.", Purpose.ADOPT, _our_attribute
    ),
    _rule(
        "CustomFieldsManager", "SetField", "Mark a VM as managed, and take the mark away.", Purpose.ADOPT, _our_value
    ),
    _rule("CustomFieldsManager", "SetField", "Remove a mark that no record explains.", Purpose.MEND, _no_value),
    _rule(
        "VirtualMachine",
        "PowerOnVM_Task PowerOffVM_Task ResetVM_Task ShutdownGuest RebootGuest",
        "Start, stop and restart a VM.",
        Purpose.POWER,
    ),
    _rule(
        "VirtualMachine",
        "PowerOnVM_Task PowerOffVM_Task",
        "Start or stop a VM, as a rule or a person said.",
        Purpose.SYNC,
    ),
    _rule("VirtualMachine", "Rename_Task", "Call a VM as its server is called.", Purpose.SYNC),
    _rule("VirtualMachine", "ReconfigVM_Task", "Write a VM's notes as its server's are.", Purpose.SYNC, _notes_only),
    _rule("CustomFieldsManager", "SetField", "Tag a VM as its server is tagged.", Purpose.SYNC, _no_mark),
    _rule("CustomFieldsManager", "AddCustomFieldDef", "Make the attribute for tags, once.", Purpose.SYNC, _our_tags),
)
