"""One VM of a vCenter, with its host, as a look at all of it would tell it: found by its instanceUuid, read in one call.

The call goes from the VM to its host, from there to what the host has, and up to what both are in.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from typing import Any

from pyVmomi import vim, vmodl

from corral.domain.errors import DriverFailed, NotFound
from corral.domain.host import Host
from corral.domain.vm import Vm
from corral.drivers.vsphere.collect import Told, of_graph, of_view
from corral.drivers.vsphere.inventory import WANTED, attributes, inventory, text, uuid_of
from corral.drivers.vsphere.link import Session
from corral.drivers.vsphere.properties import MOMENT, STANDING, vm

_Collector = vmodl.query.PropertyCollector
_HOST = (vim.HostSystem,)
_HOST_ID = ("name", "summary.hardware.uuid")


def machine(session: Session, uuid: str) -> Any:
    """The library's object for a VM. Raises NotFound."""
    index = session.content.searchIndex
    found = index.FindByUuid(None, uuid, True, True) if index is not None else None
    if found is None:
        raise NotFound(
            f"vCenter {session.options.address} has no VM with the instanceUuid {uuid}.", fix="Survey the hosts."
        )
    return found


def look_at(session: Session, source: str, uuid: str) -> tuple[Host, Vm]:
    """All of it read now. Raises NotFound; DriverFailed when the VM is at no host that may be seen."""
    found = machine(session, uuid)
    told = list(of_graph(session, found, _WAYS, {**WANTED, vim.VirtualMachine: (*MOMENT, *STANDING)}))
    own = next((one for kind, one in told if issubclass(kind, vim.VirtualMachine)), None)
    if own is None:
        raise NotFound(f"The VM {uuid} was removed from vCenter {session.options.address}.", fix="Survey the hosts.")
    others = [(kind, one) for kind, one in told if not issubclass(kind, vim.VirtualMachine)]
    around = inventory(others, source, twice(session), attributes(session))
    host = around.hosts.get(text(getattr(own.properties.get("runtime.host"), "_moId", "")))
    if host is None:
        raise DriverFailed(
            f"The VM {uuid} is at no host that {session.options.user} may see.",
            fix="Give the user rights on all hosts.",
        )
    return host, vm(own.properties, own.missing, own.object, source, host, around)


def twice(session: Session) -> frozenset[str]:
    """UUIDs that several hosts have; read once for a session."""
    hosts = session.view(_HOST)
    return session.once(
        "twice", lambda: _doubled(one for _, one in of_view(session, hosts, {vim.HostSystem: _HOST_ID}))
    )


def host_ids(session: Session) -> dict[str, str]:
    """The hosts' ids by the vCenter's own."""
    told = [one for _, one in of_view(session, session.view(_HOST), {vim.HostSystem: _HOST_ID})]
    many = _doubled(told)
    return {
        one.object: (uuid_of(one) if uuid_of(one) not in many else "") or text(one.properties.get("name")) or one.object
        for one in told
    }


def _doubled(hosts: Iterable[Told]) -> frozenset[str]:
    counts = Counter(uuid_of(one) for one in hosts)
    return frozenset(uuid for uuid, count in counts.items() if count > 1)


def _way(name: str, kind: Any, path: str, *further: str) -> Any:
    onward = [_Collector.SelectionSpec(name=one) for one in further]
    return _Collector.TraversalSpec(name=name, type=kind, path=path, skip=False, selectSet=onward)


_WAYS = (
    _way("vm to host", vim.VirtualMachine, "runtime.host", "host up", "host to datastores", "host to networks"),
    _way("vm up", vim.VirtualMachine, "parent", "up"),
    _way("host up", vim.HostSystem, "parent", "compute up"),
    _way("host to datastores", vim.HostSystem, "datastore"),
    _way("host to networks", vim.HostSystem, "network"),
    _way("compute up", vim.ComputeResource, "parent", "up"),
    _way("up", vim.ManagedEntity, "parent", "up"),
)
