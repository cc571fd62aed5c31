"""Which calls of the libvirt library may be made, by purpose: methods by their names, `/host/class/method`.

Looking uses a connection that libvirt itself opens read-only; guest agents, where they are to be asked, have one of their own that
may write. This list comes on top of that, since a connection that may write could also define, migrate and undefine. Nothing in
this release marks or switches a VM; these calls are listed so that what will do it is bound from the start.
"""

from __future__ import annotations

import re
from typing import Any

from corral.contracts.border import Purpose, Rule

SERVICE = "libvirt"
CALL = "CALL"
MARK = "https://corral.example.org/xmlns/libvirt/server/1"
"""The namespace of the mark that says whose a VM is."""
_ELEMENT = 2
"""VIR_DOMAIN_METADATA_ELEMENT: the other kinds are the title and the description that people read."""


def _mark_only(arguments: Any) -> bool:
    """For the border: the body of Corral's own element; never a title, a description or another's element."""
    return len(arguments) >= 4 and arguments[0] == _ELEMENT and arguments[3] == MARK


def _no_secrets(arguments: Any) -> bool:
    """For the border: the body of no flags: with others the passwords of consoles would be in the answer."""
    return tuple(arguments) == (0,)


def _rule(purpose: Purpose, kind: str, methods: str, why: str, body: Any = None) -> Rule:
    names = methods.split()
    path = re.compile(rf"/[^/]+/{kind}/" + (f"(?:{'|'.join(names)})" if len(names) > 1 else methods))
    return Rule(purpose, SERVICE, CALL, path, why, body)


RULES = (
    _rule(Purpose.LOOK, "libvirt", "openReadOnly open", "Connect; `open` only where guest agents are to be asked."),
    _rule(
        Purpose.LOOK,
        "virConnect",
        "setKeepAlive domainEventRegisterAny domainEventDeregisterAny",
        "Notice a host that is gone, and hear of what changes.",
    ),
    _rule(
        Purpose.LOOK,
        "virConnect",
        "getCapabilities getInfo getType getVersion",
        "What the host is.",
    ),
    _rule(
        Purpose.LOOK,
        "virConnect",
        "listAllDomains getAllDomainStats listAllStoragePools listAllNetworks listAllInterfaces",
        "All VMs, pools and networks, each in one call.",
    ),
    _rule(Purpose.LOOK, "virDomain", "XMLDesc", "What a VM is.", _no_secrets),
    _rule(Purpose.LOOK, "virDomain", "snapshotListNames", "The snapshots of those VMs that have any."),
    _rule(Purpose.LOOK, "virDomain", "interfaceAddresses", "Addresses, from the host's tables or the guest agent."),
    _rule(Purpose.LOOK, "virStoragePool", "XMLDesc isActive", "Where a pool is, and its sizes."),
    _rule(Purpose.LOOK, "virNetwork", "XMLDesc isActive DHCPLeases", "What a network is, and which addresses it gave."),
    _rule(Purpose.ADOPT, "virDomain", "setMetadata", "Mark a VM as managed, live and in its definition.", _mark_only),
    _rule(Purpose.POWER, "virDomain", "create shutdown destroy reboot", "Start, stop and restart a VM."),
)
