"""Looking for gaps: what Cinder and Neutron tell, held against what surveys saw on a host. Reads only.

Rule: the plan that people see and the flow that carries it out look by the same function.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence, Set
from dataclasses import dataclass, field, replace

from corral.contracts.cloud_records import CloudAround
from corral.domain.cloud_backends import Backend, Manageable
from corral.domain.errors import DriverFailed, Invalid
from corral.domain.gaps import CloudRecord, Gap, GapsOfVm, Kind
from corral.domain.gaps_ports import Cabling, addresses_of, check_rules, gaps_of_ports
from corral.domain.gaps_rules import GapRules
from corral.domain.gaps_volumes import Index, Storage, cinder_ids, gaps_of_volumes
from corral.domain.host import Host
from corral.domain.reasons import Reason, reason
from corral.domain.server import Server
from corral.domain.vm import Vm
from corral.domain.vm_holders import Holders

Taken = Mapping[tuple[str, Kind, str], CloudRecord]


@dataclass(frozen=True, slots=True)
class Asked:
    """What is asked for. `project`: of VMs that are not adopted, "" for what the rules say."""

    kinds: frozenset[Kind] = frozenset(Kind)
    rules: GapRules = field(default_factory=GapRules)
    project: str = ""


@dataclass(frozen=True, slots=True)
class Known:
    """What Corral itself knows: servers by their VM, what is recorded already, and who has which disk."""

    servers: Mapping[str, Server] = field(default_factory=dict)
    taken: Taken = field(default_factory=dict)
    having: Holders = field(default_factory=Holders)


def look(cloud: CloudAround, host: Host, vms: Sequence[Vm], asked: Asked, known: Known) -> tuple[GapsOfVm, ...]:
    """The gaps of these VMs of one host. Raises Invalid for rules that name a network which does not exist."""
    projects = {vm.id: _project(vm, asked, known) for vm in vms}
    found: defaultdict[str, list[Gap]] = defaultdict(list)
    if Kind.VOLUME in asked.kinds:
        storage = storage_of(cloud, vms, asked.rules)
        _add(found, gaps_of_volumes(vms, Index(storage, host), projects, known.having))
    if Kind.PORT in asked.kinds:
        _add(found, gaps_of_ports(vms, host, cabling_of(cloud, vms, asked.rules), projects))
    doubts = {project: _doubts(cloud, project, asked.kinds) for project in {*projects.values()} if project}
    return tuple(
        GapsOfVm(
            vm,
            tuple(_owned(vm, gap, asked, known, doubts) for gap in found[vm.id]),
            known.servers[vm.id].uuid if vm.id in known.servers else None,
        )
        for vm in vms
    )


def _add(found: defaultdict[str, list[Gap]], more: Mapping[str, Iterable[Gap]]) -> None:
    for vm, gaps in more.items():
        found[vm] += gaps


def storage_of(cloud: CloudAround, vms: Iterable[Vm], rules: GapRules) -> Storage:
    """What Cinder's backends tell. One that fails to tell hides no other, and is named where it may matter."""
    volumes = cloud.volumes(None)
    backends: defaultdict[str, list[Backend]] = defaultdict(list)
    for pool in volumes.backends():
        backends[pool.service].append(pool)
    listed: list[Manageable] = []
    silent: list[str] = []
    for service in sorted(backends):
        try:
            listed += volumes.manageable(service)
        except DriverFailed as exc:
            silent.append(f"{service} did not tell: {exc.message}"[:300].rstrip("."))
    ids = {ident for vm in vms for disk in vm.own_disks for ident in cinder_ids(disk)}
    told = {service: tuple(pools) for service, pools in backends.items()}
    return Storage(told, tuple(listed), volumes.known(ids), tuple(silent), rules.keeps)


def cabling_of(cloud: CloudAround, vms: Iterable[Vm], rules: GapRules) -> Cabling:
    """What Neutron tells of these VMs' NICs."""
    networks = cloud.ports.networks()
    if wrong := check_rules(rules, networks):
        raise Invalid(
            f"The mapping names networks that cloud {cloud.name} has not, or several of: {', '.join(wrong)}.",
            fix="`openstack network list` has names and UUIDs.",
            code="invalid-mapping",
        )
    nics = [nic for vm in vms for nic in vm.nics]
    macs, addresses = {nic.mac for nic in nics}, {one for nic in nics for one in addresses_of(nic)}
    return Cabling(networks, cloud.ports.ports(macs, addresses), rules)


# --- whose it is ------------------------------------------------------------------------------------------


def _project(vm: Vm, asked: Asked, known: Known) -> str:
    if vm.id in known.servers:
        return known.servers[vm.id].project
    return asked.project or asked.rules.projects.get(vm.id.lower(), "") or asked.rules.project


def _owned(vm: Vm, gap: Gap, asked: Asked, known: Known, doubts: Mapping[str, Mapping[Kind, list[Reason]]]) -> Gap:
    """The gap with what speaks of its owner, and of a record that is there."""
    if (record := known.taken.get((vm.id, gap.kind, gap.part))) is not None:
        told = reason("record-exists", part=gap.part, operation=record.operation)
        return replace(gap, reasons=(told,), there=record.made or record.id)
    if gap.there or gap.left:
        return gap
    more = list(doubts.get(gap.project, {}).get(gap.kind, ()))
    if not gap.project:
        more.append(reason("project-unset", vm=vm.label))
    server = known.servers.get(vm.id)
    named = asked.project or asked.rules.projects.get(vm.id.lower(), "")
    if server is not None and named not in ("", server.project):
        more.append(reason("project-other", project=named, server=server.uuid, owner=server.project))
    return replace(gap, reasons=(*gap.reasons, *more))


def _doubts(cloud: CloudAround, project: str, kinds: Set[Kind]) -> dict[Kind, list[Reason]]:
    """What speaks against a project, by what would be recorded in it. Cinder is asked for volumes only: a cloud may have none."""
    found = cloud.project(project)
    if found is None or not found.enabled:
        what = "does not exist" if found is None else "is disabled"
        wrong = reason("project-unknown", project=project, what=what, cloud=cloud.name)
        return {kind: [wrong] for kind in Kind}
    if Kind.VOLUME not in kinds:
        return {}
    try:
        cloud.volumes(project).check_project()
    except DriverFailed as exc:
        wrong = reason("cinder-project", project=project, problem=exc.message, cloud=cloud.name)
        return {Kind.VOLUME: [wrong]}
    return {}
