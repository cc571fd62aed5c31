"""From settings to running services.

Rule: nothing else constructs a store, an engine or a driver.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping, Sequence
from datetime import datetime

import sqlalchemy as sa

from corral.config import Settings
from corral.contracts.agents import RunsCommands
from corral.contracts.cloud_records import CloudAround
from corral.contracts.sources import Source
from corral.contracts.watching import Listens
from corral.engine import (
    BackOff,
    DataDirectoryLock,
    Engine,
    Operation,
)
from corral.extensions.hooks import Hooks, Terms
from corral.extensions.registry import Extensions
from corral.flows import FLOWS, Env
from corral.flows.env import Emit
from corral.flows.start import Books
from corral.identity.policy import Policy
from corral.metrics import Metrics, gauges, sync_gauges
from corral.notify.boundary import Unfailing
from corral.services.adoption import Adoption
from corral.services.changes import Changes
from corral.services.clusters import ClusterService
from corral.services.composition import CompositionService
from corral.services.consoles import ConsoleService
from corral.services.creation import Creation
from corral.services.drift import DriftService
from corral.services.flavors import FlavorService
from corral.services.gaps import GapService
from corral.services.hosts import HostService
from corral.services.inventory import Inventory
from corral.services.leaks import LeakService
from corral.services.nodes import NodeService
from corral.services.operations import OperationService
from corral.services.planning import Planner
from corral.services.plans import PlanService
from corral.services.retention import Janitor, Keep
from corral.services.servers import ServerService
from corral.services.surveyor import HostGroup, Surveyor
from corral.services.sync_acts import Desk
from corral.services.sync_adopting import RuleAdoption
from corral.services.sync_again import LookAgain
from corral.services.synchronizer import Synchronizer
from corral.services.vm_planning import VmPlanner
from corral.services.vm_verdicts import VmVerdicts
from corral.store import (
    Audit,
    Compositions,
    Drifts,
    Estate,
    Flavors,
    HostRecords,
    LooseEnds,
    Plans,
    Proofs,
    Retention,
    Servers,
    SurveyLeases,
    Surveys,
    SyncState,
    Tokens,
    Turns,
    VmRecords,
    installation,
)
from corral.store.cloud_records import CloudRecords
from corral.store.sync_cloud import CloudSides
from corral.store.sync_pods import PodClaims
from corral.store.sync_rules import RuleMemory
from corral.wiring.buses import open_buses
from corral.wiring.clock import now
from corral.wiring.clouds import open_clouds
from corral.wiring.corral import Corral
from corral.wiring.database import open_store
from corral.wiring.extensions import open_extensions
from corral.wiring.hosts import host_groups
from corral.wiring.paces import Paces
from corral.wiring.parts import open_agents, open_authenticator, open_job_board, open_notifier, open_tracing
from corral.wiring.shared_hosts import SharedHosts
from corral.wiring.sources import check_default, node_defaults, open_sources
from corral.wiring.sync import announcing, open_policies, open_worlds

_RECONCILE_ALONE = 5.0  # seconds between looks for what the board lacks
_RECONCILE_SHARED = 2.0  # the rest of the time until a dead worker's operations are taken


def build(
    settings: Settings,
    *,
    sources: Mapping[str, Source] | None = None,
    hosts: Sequence[HostGroup] | None = None,
    clouds: Mapping[str, CloudAround] | None = None,
    buses: Mapping[str, Listens] | None = None,
    extensions: Extensions | None = None,
    agents: RunsCommands | None = None,
    clock: Callable[[], datetime] = now,
    sleep: Callable[[float], None] = time.sleep,
    emit: Emit | None = None,
    back_off: BackOff | None = None,
) -> Corral:
    """Everything that a server process needs, with the database at this release's schema.

    An embedded database is upgraded by itself; a shared one must have been (`corral db upgrade`)."""
    lock, sql = open_store(settings)
    try:
        return _wired(
            settings, lock, sql, sources, hosts, clouds, buses, extensions, agents, clock, sleep, emit, back_off
        )
    except BaseException:
        sql.dispose()
        if lock is not None:
            lock.release()
        raise


def _wired(
    settings: Settings,
    lock: DataDirectoryLock | None,
    sql: sa.Engine,
    given: Mapping[str, Source] | None,
    hosts: Sequence[HostGroup] | None,
    clouds: Mapping[str, CloudAround] | None,
    buses: Mapping[str, Listens] | None,
    extensions: Extensions | None,
    agents: RunsCommands | None,
    clock: Callable[[], datetime],
    sleep: Callable[[float], None],
    emit: Emit | None,
    back_off: BackOff | None,
) -> Corral:
    sources = given if given is not None else open_sources(settings)
    check_default(settings, sources)
    servers, flavors = Servers(sql, clock), Flavors(sql, clock)
    proofs, audit, tokens, plans = Proofs(sql, clock), Audit(sql, clock), Tokens(sql), Plans(sql)
    compositions, sync, drifts = Compositions(sql, clock), SyncState(sql), Drifts(sql)
    closing: list[Callable[[], object]] = []
    estate, extensions = Estate(sql, clock), extensions or open_extensions(settings, sql, clock)
    closing.append(extensions.close)
    hooks = Hooks(Terms(settings.extensions.hook_timeout, settings.extensions.hook_tries), sleep)
    metrics, vm_records = Metrics(), VmRecords(sql)
    shared = [SharedHosts(one) for one in (host_groups(settings, metrics.listening) if hosts is None else hosts)]
    groups = [one.group for one in shared]
    hypervisors = {one.group.name: one.hypervisor for one in shared}
    closing.extend(one.close for one in shared)
    paces = Paces(sources, hypervisors)
    around = clouds if clouds is not None else open_clouds(settings)
    for source, one in around.items():
        one.border.heard = metrics.listening(source)
        closing.append(one.close)
    cloud_records = CloudRecords(sql, clock)
    cloud_sides, leases = CloudSides(sql, cloud_records), SurveyLeases(sql)
    env = Env(
        sources=sources,
        hypervisors=hypervisors,
        servers=servers,
        vm_records=vm_records,
        flavors=flavors,
        compositions=compositions,
        proofs=proofs,
        audit=audit,
        estate=estate,
        extensions=extensions,
        hooks=hooks,
        emit=Unfailing(emit or open_notifier(settings, closing)),
        plans=plans,
        sync=sync,
        drifts=drifts,
        cloud_records=cloud_records,
        cloud_sides=cloud_sides,
        clouds=around,
        submit=lambda wanted, *, first: engine.submit_many(wanted, first=first),
        clock=clock,
        sleep=sleep,
        power_timeout=settings.power_timeout,
        deploy_timeout=settings.deploy_timeout,
        settle_timeout=settings.settle_timeout,
        plan_ahead=settings.plan_ahead,
        agents=agents or open_agents(settings),
        node_defaults=node_defaults(settings),
        look_again=LookAgain(vm_records, leases.want, lambda source, some: synchronizer.again(source, some)),
    )
    board = open_job_board(settings)
    metrics.watch(sources)
    tracing = open_tracing(settings, sources, closing)
    engine: Engine[Env] = Engine(
        sql,
        FLOWS,
        env,
        workers=settings.workers,
        clock=clock,
        ended=_both(audit.ended, lambda _conn, operation: metrics.ended(operation)),
        listener=metrics.heard,
        board=board,
        room=paces.room,
        silence=paces.silence,
        tracing=tracing,
        back_off=back_off,
        reconcile_every=_RECONCILE_SHARED if board else _RECONCILE_ALONE,
    )
    metrics.collect(gauges(engine.counts, engine.leases, paces.all))
    inventory = Inventory(sources, servers, default=settings.default_source, threads=settings.listing_threads)
    mark = installation(sql)
    vms, rules = VmPlanner(hypervisors, vm_records, servers, flavors), RuleMemory(sql)
    planner = Planner(inventory, servers, flavors, vms)
    composition = CompositionService(sources, compositions.claimed)
    adoption = Adoption(inventory, planner, engine, servers, flavors, proofs, audit, clock, mark, rules)
    days = settings.retention
    keep = Keep(operations=days.operations_days, plans=days.plans_days, audit=days.audit_days)
    changes = Changes(engine, estate, audit, proofs, settings.extensions.answer_within)
    worlds = open_worlds(env, sql)
    policies = open_policies(settings.sync.policy_file, worlds)
    desk = Desk(
        state=sync,
        drifts=drifts,
        servers=servers,
        flavors=flavors,
        audit=audit,
        proofs=proofs,
        engine=engine,
        emit=env.emit,
        clock=clock,
        ports=lambda source, ports: env.source(source).networks.ports(ports),
        adopt=RuleAdoption(inventory, flavors, adoption, vms).adopt,
        rules=rules,
        sides=cloud_sides,
        count=metrics.synced,
        pods=PodClaims(sql),
    )
    pods = announcing(sources, worlds)
    drift = DriftService(worlds, policies, desk, adoption, pods=frozenset(pods))
    metrics.collect(sync_gauges(drift.sources))
    listening = open_buses(settings) if buses is None else buses
    synchronizer = Synchronizer(worlds, policies, desk, buses=listening, pods=pods)
    return Corral(
        settings=settings,
        sql=sql,
        engine=engine,
        inventory=inventory,
        adoption=adoption,
        plans=PlanService(planner, plans, engine, Books(servers, proofs, audit), clock, mark),
        creation=Creation(
            sources, settings.default_source, composition, engine, flavors, Books(servers, proofs, audit), mark
        ),
        servers=ServerService(servers, proofs, audit, adoption, engine),
        consoles=ConsoleService(hypervisors, vm_records, audit),
        flavors=FlavorService(flavors, audit),
        composition=composition,
        operations=OperationService(engine, audit),
        leaks=LeakService(
            sources,
            servers,
            proofs,
            LooseEnds(sql, clock),
            audit,
            engine,
            mark,
            compositions,
            hypervisors,
            vm_records,
            around,
            cloud_records,
        ),
        gaps=GapService(around, vm_records, servers, cloud_records, proofs, audit, engine, mark),
        extensions=extensions,
        clusters=ClusterService(estate, extensions, changes),
        nodes=NodeService(estate, extensions, hooks, changes, audit, sources),
        hosts=HostService(groups, HostRecords(sql), leases, audit, VmVerdicts(vm_records, servers)),
        surveyor=Surveyor(
            groups,
            Surveys(sql, clock),
            leases,
            clock,
            keep_days=days.gone_days,
            counts=metrics,
            changed=synchronizer.hint,
        ),
        drift=drift,
        synchronizer=synchronizer,
        tokens=tokens,
        audit=audit,
        janitor=Janitor(engine, Retention(sql), audit, keep, clock, turns=Turns(sql)),
        policy=Policy(settings.identity.policy_file),
        authenticator=open_authenticator(settings, tokens, clock),
        sources=sources,
        lock=lock,
        board=board,
        metrics=metrics,
        tracing=tracing,
        closing=closing,
    )


def _both(
    first: Callable[[sa.Connection, Operation], None], then: Callable[[sa.Connection, Operation], None]
) -> Callable[[sa.Connection, Operation], None]:
    def ended(conn: sa.Connection, operation: Operation) -> None:
        first(conn, operation)
        then(conn, operation)

    return ended
