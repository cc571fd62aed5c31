"""The one place that builds things: from settings to running services.

Rule: nothing else constructs a store, an engine or a driver. Drivers are found by stevedore, so one may come with a package
of its own; identity's heavy libraries are loaded only when they are configured.
"""

from __future__ import annotations

import logging
import os
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

import sqlalchemy as sa
from stevedore.driver import DriverManager
from stevedore.exception import NoMatches

from corral.config import Settings
from corral.contracts.agents import RunsCommands
from corral.contracts.pace import Limits, Pace
from corral.contracts.sources import Source
from corral.domain.errors import Invalid
from corral.engine import (
    BackOff,
    BoardUnusable,
    DatabaseUnusable,
    DataDirectoryBusy,
    DataDirectoryLock,
    Engine,
    Operation,
    SharedBoard,
    lock_data_directory,
    open_board,
    open_database,
    read,
)
from corral.extensions import branches
from corral.extensions.contract import Context, Extension
from corral.extensions.hooks import Hooks, Terms
from corral.extensions.registry import Extensions, load
from corral.flows import FLOWS, Env
from corral.flows.env import Emit
from corral.flows.start import Books
from corral.identity import Authenticator, EitherAuthenticator, LocalAuthenticator, LoopbackAuthenticator
from corral.identity.policy import Policy
from corral.metrics import Metrics, gauges
from corral.notify.boundary import Unfailing
from corral.services.adoption import Adoption
from corral.services.changes import Changes
from corral.services.clusters import ClusterService
from corral.services.flavors import FlavorService
from corral.services.inventory import Inventory
from corral.services.leaks import LeakService
from corral.services.nodes import NodeService
from corral.services.operations import OperationService
from corral.services.planning import Planner
from corral.services.plans import PlanService
from corral.services.retention import Janitor, Keep
from corral.services.servers import ServerService
from corral.store import (
    Audit,
    Estate,
    Flavors,
    LooseEnds,
    Plans,
    Proofs,
    Retention,
    Servers,
    Tokens,
    check_schema,
    installation,
    upgrade,
)

LOG = logging.getLogger(__name__)

_RECONCILE_ALONE = 5.0  # seconds between looks for what the board lacks
_RECONCILE_SHARED = 2.0  # the rest of the time until a dead worker's operations are taken


def now() -> datetime:
    """The clock of every process; tests give another one."""
    return datetime.now(UTC)


@dataclass
class Corral:
    """The wired services of one process."""

    settings: Settings
    sql: sa.Engine
    engine: Engine[Env]
    inventory: Inventory
    adoption: Adoption
    plans: PlanService
    servers: ServerService
    flavors: FlavorService
    operations: OperationService
    leaks: LeakService
    extensions: Extensions
    clusters: ClusterService
    nodes: NodeService
    tokens: Tokens
    audit: Audit
    janitor: Janitor
    policy: Policy
    authenticator: Authenticator
    sources: Mapping[str, Source]
    lock: DataDirectoryLock | None = None
    metrics: Metrics = field(default_factory=Metrics)
    board: SharedBoard | None = None
    closing: list[Callable[[], object]] = field(default_factory=list)

    def start(self) -> None:
        """Begin to carry out operations, unless workers do."""
        if self.settings.board.url is None:
            self.engine.start()
        self.janitor.start()

    def work(self) -> None:
        """Begin to carry out operations, as one worker among others, and serve its metrics where that is wanted."""
        self.engine.start()
        if (port := self.settings.worker_metrics_port) is not None:
            self.closing.append(self.metrics.serve(self.settings.host, port))

    def stop(self) -> None:
        """Let running steps end, and close everything. What is unfinished goes on at the next start."""
        self.janitor.stop()
        if not self.engine.stop():
            LOG.warning("Some steps were still running at the end; they go on at the next start.")
        for source in self.sources.values():
            source.close()
        for close in self.closing:
            close()
        if self.board is not None:
            self.board.close()
        self.sql.dispose()
        if self.lock is not None:
            self.lock.release()

    def problems(self) -> list[str]:
        """What keeps this process from doing its work; empty when it is ready."""
        found = []
        try:
            with read(self.sql) as conn:
                conn.execute(sa.text("SELECT 1"))
        except sa.exc.SQLAlchemyError as exc:
            found.append(f"The database does not answer: {type(exc).__name__}.")
        if self.settings.board.url is None and not self.engine.healthy:
            found.append("The worker does not run.")
        return found


def open_source(name: str, driver: str, options: Mapping[str, Any]) -> Source:
    """A source by its driver's entry point. Raises Invalid for an unknown driver or unusable options."""
    try:
        found = DriverManager("corral.drivers", driver, invoke_on_load=False, on_load_failure_callback=_raise)
    except NoMatches:
        raise Invalid(
            f"There is no driver {driver!r}.", fix="Install the package that has it, or correct `driver`."
        ) from None
    opened: Source = found.driver(name, dict(options))
    return opened


def _raise(_manager: Any, _entry: Any, exc: Exception) -> None:
    raise exc


def build(
    settings: Settings,
    *,
    sources: Mapping[str, Source] | None = None,
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
        return _wired(settings, lock, sql, sources, extensions, agents, clock, sleep, emit, back_off)
    except BaseException:
        sql.dispose()
        if lock is not None:
            lock.release()
        raise


def open_store(settings: Settings) -> tuple[DataDirectoryLock | None, sa.Engine]:
    """The database, locked for this process where it is embedded, and at this release's schema."""
    lock = None
    try:
        if settings.embedded:
            lock = lock_data_directory(settings.data_dir)
        sql = open_database(settings.url, pool_size=settings.workers + 16)
        if settings.embedded:
            upgrade(sql)
        else:
            check_schema(sql)
    except (DatabaseUnusable, DataDirectoryBusy) as exc:
        raise Invalid(str(exc)) from exc
    return lock, sql


def _wired(
    settings: Settings,
    lock: DataDirectoryLock | None,
    sql: sa.Engine,
    given: Mapping[str, Source] | None,
    extensions: Extensions | None,
    agents: RunsCommands | None,
    clock: Callable[[], datetime],
    sleep: Callable[[float], None],
    emit: Emit | None,
    back_off: BackOff | None,
) -> Corral:
    sources = given if given is not None else _sources(settings)
    _check_default(settings, sources)
    servers, flavors = Servers(sql, clock), Flavors(sql, clock)
    proofs, audit, tokens, plans = Proofs(sql, clock), Audit(sql, clock), Tokens(sql), Plans(sql)
    closing: list[Callable[[], object]] = []
    estate, extensions = Estate(sql, clock), extensions or open_extensions(settings, sql, clock)
    closing.append(extensions.close)
    hooks = Hooks(Terms(settings.extensions.hook_timeout, settings.extensions.hook_tries), sleep)
    env = Env(
        sources=sources,
        servers=servers,
        flavors=flavors,
        proofs=proofs,
        audit=audit,
        estate=estate,
        extensions=extensions,
        hooks=hooks,
        emit=Unfailing(emit or _notifier(settings, closing)),
        plans=plans,
        submit=lambda wanted, *, first: engine.submit_many(wanted, first=first),
        clock=clock,
        sleep=sleep,
        power_timeout=settings.power_timeout,
        deploy_timeout=settings.deploy_timeout,
        settle_timeout=settings.settle_timeout,
        agents=agents or _agents(settings),
    )
    board, metrics = _board(settings), Metrics()
    metrics.watch(sources)
    engine: Engine[Env] = Engine(
        sql,
        FLOWS,
        env,
        workers=settings.workers,
        clock=clock,
        ended=_both(audit.ended, lambda _conn, operation: metrics.ended(operation)),
        listener=metrics.heard,
        board=board,
        room=_room(sources),
        back_off=back_off,
        reconcile_every=_RECONCILE_SHARED if board else _RECONCILE_ALONE,
    )
    metrics.collect(gauges(engine.counts, engine.leases, sources))
    inventory = Inventory(sources, servers, default=settings.default_source, threads=settings.listing_threads)
    mark = installation(sql)
    planner = Planner(inventory, servers, flavors)
    adoption = Adoption(inventory, planner, engine, servers, flavors, proofs, audit, clock, mark)
    days = settings.retention
    keep = Keep(operations=days.operations_days, plans=days.plans_days, audit=days.audit_days)
    changes = Changes(engine, estate, audit, settings.extensions.answer_within)
    return Corral(
        settings=settings,
        sql=sql,
        engine=engine,
        inventory=inventory,
        adoption=adoption,
        plans=PlanService(planner, plans, engine, Books(servers, proofs, audit), clock, mark),
        servers=ServerService(servers, proofs, audit, adoption, engine),
        flavors=FlavorService(flavors, audit),
        operations=OperationService(engine, audit),
        leaks=LeakService(sources, servers, proofs, LooseEnds(sql, clock), audit, engine, mark),
        extensions=extensions,
        clusters=ClusterService(estate, extensions, changes),
        nodes=NodeService(estate, extensions, hooks, changes, audit, sources),
        tokens=tokens,
        audit=audit,
        janitor=Janitor(engine, Retention(sql), audit, keep, clock),
        policy=Policy(settings.identity.policy_file),
        authenticator=_authenticator(settings, tokens, clock),
        sources=sources,
        lock=lock,
        board=board,
        metrics=metrics,
        closing=closing,
    )


def _board(settings: Settings) -> SharedBoard | None:
    wanted = settings.board
    if wanted.url is None:
        return None
    if settings.embedded:
        raise Invalid(
            "A job board shares work between processes, and an embedded database belongs to one.",
            fix="Set `database_url` to a PostgreSQL, or leave out `board.url`.",
        )
    password = None if wanted.password_env is None else _secret(wanted.password_env, "the job board's password")
    try:
        return open_board(wanted.url, lease=wanted.lease, password=password)
    except BoardUnusable as exc:
        raise Invalid(str(exc), fix="Correct `board.url`.") from exc


def _secret(variable: str, what: str) -> str:
    value = os.environ.get(variable)
    if value is None:
        raise Invalid(f"The environment has no variable {variable}.", fix=f"Set it to {what}.")
    return value


def open_extensions(
    settings: Settings,
    sql: sa.Engine,
    clock: Callable[[], datetime] = now,
    *,
    prepare: Callable[[sa.Engine, Extension], None] | None = None,
) -> Extensions:
    """Every installed extension. `prepare` looks after the tables of its own; by default they are brought up in an embedded
    database, and must have been in a shared one."""
    given = settings.extensions.options
    options = {**given, "bareon": {**given.get("bareon", {}), "address": settings.bareon_address}}
    look_after = prepare or (branches.upgrade_branch if settings.embedded else branches.check_branch)
    return load(
        lambda name: Context(sql, options.get(name, {}), clock),
        settings.extensions.default,
        lambda extension: look_after(sql, extension),
    )


def upgrade_all(settings: Settings, sql: sa.Engine) -> list[str]:
    """Bring Corral's schema up, and each extension's own. Returns the problems of extensions whose tables could not be."""
    upgrade(sql)
    found = open_extensions(settings, sql, prepare=branches.upgrade_branch)
    return [f"{one.name}: {one.problem}" for one in found.listed() if one.problem is not None]


def _agents(settings: Settings) -> RunsCommands | None:
    """What runs commands on nodes; None where its library is not installed."""
    try:
        from corral.drivers.agent.agents import Agents
    except ImportError:
        return None
    return Agents(tuple(settings.extensions.ssh_keys))


def _sources(settings: Settings) -> dict[str, Source]:
    opened = {one.name: open_source(one.name, one.driver, one.options) for one in settings.sources}
    for one in settings.sources:
        opened[one.name].border.pace = Pace(one.name, Limits(**one.limits.model_dump()))
    return opened


def _both(
    first: Callable[[sa.Connection, Operation], None], then: Callable[[sa.Connection, Operation], None]
) -> Callable[[sa.Connection, Operation], None]:
    def ended(conn: sa.Connection, operation: Operation) -> None:
        first(conn, operation)
        then(conn, operation)

    return ended


def _room(sources: Mapping[str, Source]) -> Callable[[str | None, int], bool]:
    """Whether an operation at a source may begin beside so many that run there in this process."""

    def room(name: str | None, running: int) -> bool:
        source = sources.get(name) if name is not None else None
        return source is None or source.border.pace is None or source.border.pace.allows(running)

    return room


def _check_default(settings: Settings, sources: Mapping[str, Source]) -> None:
    if settings.default_source is not None and settings.default_source not in sources:
        raise Invalid(
            f"default_source is {settings.default_source!r}, which is no source.",
            fix=f"There are: {', '.join(sorted(sources)) or 'none'}.",
        )


def _authenticator(settings: Settings, tokens: Tokens, clock: Callable[[], datetime]) -> Authenticator:
    local = LocalAuthenticator(tokens, clock)
    cloud = settings.identity.keystone_cloud
    if cloud is None:
        return local if settings.identity.tokens else LoopbackAuthenticator()
    from corral.identity.keystone import KeystoneAuthenticator  # loads the middleware: a second
    from corral.identity.keystone_settings import KeystoneSettings

    keystone = KeystoneAuthenticator(KeystoneSettings.from_cloud(cloud))
    return EitherAuthenticator(keystone, local) if settings.identity.tokens else keystone


def _notifier(settings: Settings, closing: list[Callable[[], object]]) -> Emit:
    from corral.notify import Notifier  # loads oslo.messaging: half a second

    wanted = settings.notifications
    variable = wanted.transport_url_env
    url = None if variable is None else _secret(variable, "the transport URL")
    notifier = Notifier(driver=wanted.driver, transport_url=url, topics=tuple(wanted.topics))
    closing.append(notifier.close)
    return notifier.emit


__all__ = ["Corral", "build", "now", "open_source", "open_store", "upgrade_all"]
