"""Which calls of the libvirt library may be made, by purpose: methods by their names, `/host/class/method`.

Looking uses a connection that libvirt itself opens read-only; guest agents, where they are to be asked, have one of their own that
may write. Marking and switching have a third one, opened when a VM is first marked or switched. This list comes on top of that,
since a connection that may write could also define, migrate and undefine.
"""

from __future__ import annotations

import re
from typing import Any

from corral.contracts.border import Purpose, Rule

SERVICE = "libvirt"
CALL = "CALL"
MARK = "https://corral.example.org/xmlns/libvirt/server/1"
"""How the namespaces of the marks that say whose a VM is begin; each ends with a slash and the server's uuid."""
LABELS = "https://corral.example.org/xmlns/libvirt/labels/1"
"""The namespace of the element in which people and Corral give a VM tags, metadata, and a name by its title; people a folder."""
LABELS_KEY = "labels"
"""The prefix under which people see it."""
KEY = "corral"
"""The prefix under which people see a mark."""
DESCRIPTION, TITLE, ELEMENT = 0, 1, 2
"""VIR_DOMAIN_METADATA_*: what people read, and elements of others and of ours."""
INACTIVE = 2
"""VIR_DOMAIN_XML_INACTIVE: the definition with which the next start is made."""
_SERVER = re.compile(re.escape(MARK) + r"/([0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12})")
_TEXT = re.compile(r'<server uuid="([0-9a-f-]{36})" name="[^<>"]*"/>')


def _mark_only(arguments: Any) -> bool:
    """For the border: the body of one server's mark, or of its removal; never a title, a description or another's element."""
    if len(arguments) != 5 or arguments[0] != ELEMENT:
        return False
    _, text, key, space, flags = arguments
    server = _SERVER.fullmatch(space or "")
    if server is None or flags not in (1, 2, 3):
        return False
    if text is None:
        return key is None
    found = _TEXT.fullmatch(text)
    return key == KEY and found is not None and found[1] == server[1]


def _unmark_only(arguments: Any) -> bool:
    """For the border: the body of the removal of one server's mark."""
    return _mark_only(arguments) and arguments[1] is None


def _said_only(arguments: Any) -> bool:
    """For the border: the body of a title, a description, or the labels of a VM, each in one place; never another's element."""
    if len(arguments) != 5 or arguments[4] not in (1, 2):
        return False
    kind, text, key, space, _ = arguments
    if kind in (DESCRIPTION, TITLE):
        return (key, space) == (None, None) and (text is None or isinstance(text, str))
    if (kind, space) != (ELEMENT, LABELS):
        return False
    return key is None if text is None else key == LABELS_KEY and re.match(r"<labels[ />]", text) is not None


def _named_only(arguments: Any) -> bool:
    """For the border: the body of a rename, to what can be the name of a file."""
    return (
        len(arguments) == 2
        and arguments[1] == 0
        and re.fullmatch(r"[^./\x00-\x1f][^/\x00-\x1f]*", arguments[0]) is not None
    )


def _no_secrets(arguments: Any) -> bool:
    """For the border: the body of flags without the one that has the passwords of consoles in the answer."""
    return tuple(arguments) in ((0,), (INACTIVE,))


def _plain(arguments: Any) -> bool:
    """For the border: the body of a change of power without any flags."""
    return tuple(arguments) in ((), (0,))


def _rule(purpose: Purpose, kind: str, methods: str, why: str, body: Any = None) -> Rule:
    names = methods.split()
    path = re.compile(rf"/[^/]+/{kind}/" + (f"(?:{'|'.join(names)})" if len(names) > 1 else methods))
    return Rule(purpose, SERVICE, CALL, path, why, body)


RULES = (
    _rule(
        Purpose.LOOK,
        "libvirt",
        "openReadOnly open",
        "Connect; `open` only where guest agents are asked, or a VM is marked or switched.",
    ),
    _rule(
        Purpose.LOOK,
        "virConnect",
        "setKeepAlive domainEventRegisterAny domainEventDeregisterAny registerCloseCallback unregisterCloseCallback",
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
    _rule(Purpose.LOOK, "virConnect", "lookupByUUIDString domainListGetStats", "One VM, and what it does."),
    _rule(Purpose.LOOK, "virDomain", "state isActive isPersistent hasManagedSaveImage", "How one VM stands."),
    _rule(Purpose.LOOK, "virDomain", "XMLDesc", "What a VM is.", _no_secrets),
    _rule(Purpose.LOOK, "virDomain", "snapshotListNames", "The snapshots of those VMs that have any."),
    _rule(Purpose.LOOK, "virDomain", "interfaceAddresses", "Addresses, from the host's tables or the guest agent."),
    _rule(Purpose.LOOK, "virConnect", "listAllDevices", "The disks of the host, where a VM has one of them."),
    _rule(Purpose.LOOK, "virNodeDevice", "XMLDesc", "By which names the host knows a disk."),
    _rule(Purpose.LOOK, "virStoragePool", "XMLDesc isActive", "Where a pool is, and its sizes."),
    _rule(Purpose.LOOK, "virNetwork", "XMLDesc isActive DHCPLeases", "What a network is, and which addresses it gave."),
    _rule(Purpose.ADOPT, "virDomain", "setMetadata", "Mark a VM as managed, live and in its definition.", _mark_only),
    _rule(Purpose.MEND, "virDomain", "setMetadata", "Remove a mark that no record explains.", _unmark_only),
    _rule(Purpose.POWER, "virDomain", "create shutdown destroy reboot reset", "Start, stop and restart a VM.", _plain),
    _rule(Purpose.SYNC, "virDomain", "create destroy", "Start or stop a VM, as a rule or a person said.", _plain),
    _rule(Purpose.SYNC, "virDomain", "setMetadata", "Say of a VM what is said of its server.", _said_only),
    _rule(Purpose.SYNC, "virDomain", "rename", "Call a VM that is off as its server is called.", _named_only),
)
