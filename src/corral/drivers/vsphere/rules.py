"""Which calls of the vSphere API may be made: methods by their names, `/vcenter/class/method`.

All of them are for looking. The views that are made belong to the session and end with it; nothing of the inventory is touched. A
property that is asked for by itself would be a call, `Fetch`, which is not listed: so nothing can be asked for VM by VM.
"""

from __future__ import annotations

import re

from corral.contracts.border import Purpose, Rule

SERVICE = "vsphere"
CALL = "CALL"


def _rule(kind: str, methods: str, why: str) -> Rule:
    names = methods.split()
    path = re.compile(rf"/[^/]+/{kind}/" + (f"(?:{'|'.join(names)})" if len(names) > 1 else methods))
    return Rule(Purpose.LOOK, SERVICE, CALL, path, why)


RULES = (
    _rule("ServiceInstance", "RetrieveServiceContent", "What it is, and where its parts are."),
    _rule("SessionManager", "Login Logout", "A session, and its end."),
    _rule("ViewManager", "CreateContainerView", "A list of the whole inventory, or of all VMs, for this session."),
    _rule(
        "PropertyCollector",
        "RetrievePropertiesEx ContinueRetrievePropertiesEx CancelRetrievePropertiesEx",
        "The wanted properties of all that is listed, in pages.",
    ),
)
