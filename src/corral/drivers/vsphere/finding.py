"""The vCenter's own object for a VM: found by the VM's instanceUuid once in a session, and proven by each answer about it.

A vCenter gives the id of an object to no other one, and says so itself: what is told of the VM has its instanceUuid with it. An
object that is not there any more, or that is another VM's, is looked for anew.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from typing import Any

from pyVmomi import vim

from corral.domain.errors import NotFound
from corral.drivers.vsphere.collect import Told
from corral.drivers.vsphere.inventory import text
from corral.drivers.vsphere.link import Session

UUID = "config.instanceUuid"
Answers = Iterable[tuple[type, Told]]


def machine(session: Session, uuid: str) -> Any:
    """The library's object for a VM, by a search. Raises NotFound."""
    index = session.content.searchIndex
    found = index.FindByUuid(None, uuid, True, True) if index is not None else None
    if found is None:
        session.machines.pop(uuid, None)
        raise NotFound(
            f"vCenter {session.options.address} has no VM with the instanceUuid {uuid}.", fix="Survey the hosts."
        )
    session.machines[uuid] = found
    return found


def told_of(session: Session, uuid: str, ask: Callable[[Any], Answers]) -> tuple[Any, Told, list[tuple[type, Told]]]:
    """The VM's object, what is told of it, and what is told beside it. `ask(object)` asks, for `UUID` among the rest. Raises
    NotFound."""
    for found, known in _objects(session, uuid):
        told = list(ask(found))
        own = next((one for kind, one in told if issubclass(kind, vim.VirtualMachine)), None)
        if own is not None and _proven(own, uuid, known=known):
            return found, own, [(kind, one) for kind, one in told if one is not own]
    session.machines.pop(uuid, None)
    raise NotFound(f"The VM {uuid} was removed from vCenter {session.options.address}.", fix="Survey the hosts.")


def _objects(session: Session, uuid: str) -> Iterator[tuple[Any, bool]]:
    """The object that is known, then the one that a search finds."""
    if (known := session.machines.get(uuid)) is not None:
        yield known, True
    yield machine(session, uuid), False


def _proven(own: Told, uuid: str, *, known: bool) -> bool:
    said = text(own.properties.get(UUID)).lower()
    # A user who may not read it can still be told of a VM that the vCenter has just found by it.
    return said == uuid.lower() or (not said and not known)
