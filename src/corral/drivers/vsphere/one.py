"""One VM of a vCenter, with its host, as a look at all of it would tell it.

The VM itself is read each time, in one call with the names of the custom attributes. What is around it (its host and what that has,
and what both are in) is read in a second call, which holds for all VMs that name the same things, for a few seconds.
"""

from __future__ import annotations

import time
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, replace
from typing import Any

from pyVmomi import vim, vmodl

from corral.domain.errors import DriverFailed
from corral.domain.host import Host
from corral.domain.vm import Vm
from corral.drivers.vsphere.collect import Told, of_graph, of_objects, of_view
from corral.drivers.vsphere.finding import Answers, told_of
from corral.drivers.vsphere.inventory import FIELDS, WANTED, Inventory, inventory, keepers, names_in, text, uuid_of
from corral.drivers.vsphere.link import Session
from corral.drivers.vsphere.mark import Held, held_in
from corral.drivers.vsphere.properties import MOMENT, STANDING, vm

AROUND_LASTS = 10.0
"""Seconds for which what was seen around a VM holds."""
_MOST_AROUND = 1024
_Collector = vmodl.query.PropertyCollector
_PLACES = ("datastore", "network")
_HOST = (vim.HostSystem,)
_HOST_ID = ("name", "summary.hardware.uuid")


@dataclass(frozen=True, slots=True)
class _Around:
    at: float
    inventory: Inventory


def look_at(session: Session, source: str, uuid: str) -> tuple[Host, Vm, Held]:
    """The VM as it is now, its host, and what its attribute for marks holds. Raises NotFound; DriverFailed when the VM is at no
    host that may be seen."""
    wanted = {vim.VirtualMachine: (*MOMENT, *STANDING, *_PLACES), **FIELDS}

    def ask(machine: Any) -> Answers:
        return of_objects(session, [machine, *keepers(session)], wanted)

    _machine, own, others = told_of(session, uuid, ask)
    names = names_in(others)
    around = replace(_around(session, source, own), attributes=names)
    host = around.hosts.get(_id(own.properties.get("runtime.host")))
    if host is None:
        raise DriverFailed(
            f"The VM {uuid} is at no host that {session.options.user} may see.",
            fix="Give the user rights on all hosts.",
        )
    return host, vm(own.properties, own.missing, own.object, source, host, around), held_in(own, names)


def _around(session: Session, source: str, own: Told) -> Inventory:
    """What is around the VM. It is read anew for a VM that names other things (a host, a folder, datastores, networks) than those
    for which it was read."""
    above = [one for path in ("runtime.host", "parent") if (one := own.properties.get(path)) is not None]
    places = (one for path in _PLACES for one in own.properties.get(path) or ())
    key, now = (tuple(map(_id, above)), frozenset(map(_id, places))), time.monotonic()
    kept: _Around | None = session.around.get(key)
    if kept is None or now - kept.at > AROUND_LASTS:
        told = of_graph(session, above, _WAYS, WANTED) if above else ()
        kept = _Around(now, inventory(told, source, twice(session), {}))
        session.around = {**_lasting(session, now), key: kept}
    return kept.inventory


def _lasting(session: Session, now: float) -> dict[Any, _Around]:
    found = {key: one for key, one in session.around.items() if now - one.at <= AROUND_LASTS}
    return found if len(found) < _MOST_AROUND else {}


def _id(one: Any) -> str:
    return text(getattr(one, "_moId", ""))


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
    _way("host up", vim.HostSystem, "parent", "compute up"),
    _way("host to datastores", vim.HostSystem, "datastore"),
    _way("host to networks", vim.HostSystem, "network"),
    _way("compute up", vim.ComputeResource, "parent", "up"),
    _way("up", vim.ManagedEntity, "parent", "up"),
)
