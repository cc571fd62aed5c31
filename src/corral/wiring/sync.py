"""Synchronization, from the policy file to what compares and decides."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

import sqlalchemy as sa

from corral.cloud.nothing import NoNetworks
from corral.contracts.composition import TellsAssemblies
from corral.contracts.sources import Source
from corral.contracts.syncing import Tells
from corral.contracts.watching import Announces, Listens
from corral.domain.errors import Invalid
from corral.domain.mapping_vms import check_for_vms
from corral.domain.server import Kind
from corral.domain.sync_policy import SourcePolicy, read_policy
from corral.flows import Env
from corral.flows.sync_ways import VmWay, clouded
from corral.services.sync_cloud import CloudedVms, Listing, PluggedNodes
from corral.services.sync_pods import ComposedNodes
from corral.services.sync_policies import Policies
from corral.services.sync_worlds import NodeWorld, VmWorld, World
from corral.store.sync_pods import PodClaims
from corral.store.sync_vms import SurveyedVms
from corral.wiring.hosts import file_stamp
from corral.written import read_yaml


def open_policies(file: Path | None, known: Mapping[str, World]) -> Policies:
    """The policy that the file says, and will say when it has changed. Raises Invalid."""
    return Policies(lambda: read_policies(file, known), lambda: file_stamp(file), watched=file is not None)


def read_policies(file: Path | None, known: Mapping[str, World]) -> dict[str, SourcePolicy]:
    """What the policy file says, by source; nothing without one. Raises Invalid, also for a source that can't be synchronized."""
    if file is None:
        return {}
    data = read_yaml(file, "sync policy")
    try:
        return _checked(read_policy(data), known)
    except Invalid as exc:
        raise Invalid(f"{exc.message} It stands in {file}.", fix=exc.fix, code=exc.code) from exc


def _checked(found: dict[str, SourcePolicy], known: Mapping[str, World]) -> dict[str, SourcePolicy]:
    if unknown := sorted(set(found) - set(known)):
        raise Invalid(
            f"The sync policy at sources.{unknown[0]}: there is no source of that name that could be synchronized.",
            fix=f"There are: {', '.join(sorted(known)) or 'none'}.",
        )
    for name, policy in found.items():
        _check_adopting(name, policy, known[name].kind)
    return found


def _check_adopting(source: str, policy: SourcePolicy, kind: Kind) -> None:
    """Raise Invalid for a rule that could adopt nothing at such a source."""
    for number, rule in enumerate(policy.adopt or ()):
        at = f"The sync policy at sources.{source}.adopt[{number}]"
        if kind is Kind.VM and rule.resource_class is not None:
            raise Invalid(f"{at}.resource_class: VMs have none.", fix="Choose them by `name`, and by `mapping.rules`.")
        if kind is Kind.VM:
            try:
                check_for_vms(rule.mapping)
            except Invalid as exc:
                raise Invalid(f"{at}.mapping: {exc.message}", fix=exc.fix) from exc


def open_worlds(env: Env, sql: sa.Engine) -> dict[str, World]:
    """Every source that can be synchronized, by name."""
    worlds: dict[str, World] = {}
    for name, source in env.sources.items():
        if isinstance(source.machines, Tells):
            worlds[name] = _nodes(env, NodeWorld(name, source.machines), source, PodClaims(sql))
    surveyed = SurveyedVms(sql, env.vm_records)
    listings = {id(one): Listing(one, env.clock) for one in env.clouds.values()}
    for name, hypervisor in env.hypervisors.items():
        way = VmWay(hypervisor, env.vm_records)
        world = VmWorld(name, surveyed, way)
        cloud = env.clouds.get(name)
        worlds[name] = (
            world if cloud is None else CloudedVms(world, clouded(env, name, way), listings[id(cloud)], env.cloud_sides)
        )
    return worlds


def _nodes(env: Env, world: NodeWorld, source: Source, claims: PodClaims) -> World:
    alone = isinstance(source.networks, NoNetworks)
    made: World = world if alone else PluggedNodes(world, source.networks, env.cloud_sides)
    pods = {name: one.machines for name, one in env.sources.items() if isinstance(one.machines, TellsAssemblies)}
    return ComposedNodes(made, pods, claims) if pods else made


def announcing(sources: Mapping[str, Source], worlds: Mapping[str, World]) -> dict[str, Listens]:
    """What there is to listen to at pods, by pod. Connects to nothing."""
    found: dict[str, Listens] = {}
    for name, source in sources.items():
        bus = source.machines.announcements() if isinstance(source.machines, Announces) else None
        if bus is not None and name not in worlds:
            found[name] = bus
    return found
