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
from corral.contracts.sources import Source
from corral.domain.errors import Invalid
from corral.engine import (
    BackOff,
    DatabaseUnusable,
    DataDirectoryBusy,
    DataDirectoryLock,
    Engine,
    lock_data_directory,
    open_database,
    read,
)
from corral.flows import FLOWS, Env
from corral.flows.env import Emit
from corral.identity import Authenticator, EitherAuthenticator, LocalAuthenticator, LoopbackAuthenticator
from corral.identity.policy import Policy
from corral.services.adoption import Adoption
from corral.services.flavors import FlavorService
from corral.services.inventory import Inventory
from corral.services.servers import ServerService
from corral.store import Audit, Flavors, Plans, Proofs, Servers, Tokens, check_schema, upgrade

LOG = logging.getLogger(__name__)


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
    servers: ServerService
    flavors: FlavorService
    tokens: Tokens
    audit: Audit
    policy: Policy
    authenticator: Authenticator
    sources: Mapping[str, Source]
    lock: DataDirectoryLock | None = None
    closing: list[Callable[[], object]] = field(default_factory=list)

    def start(self) -> None:
        """Begin to carry out operations."""
        self.engine.start()

    def stop(self) -> None:
        """Let running steps end, and close everything. What is unfinished goes on at the next start."""
        if not self.engine.stop():
            LOG.warning("Some steps were still running at the end; they go on at the next start.")
        for source in self.sources.values():
            source.close()
        for close in self.closing:
            close()
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
        if not self.engine.healthy:
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
    clock: Callable[[], datetime] = now,
    sleep: Callable[[float], None] = time.sleep,
    emit: Emit | None = None,
    back_off: BackOff | None = None,
) -> Corral:
    """Everything that a server process needs, with the database at this release's schema.

    An embedded database is upgraded by itself; a shared one must have been (`corral db upgrade`)."""
    lock, sql = open_store(settings)
    try:
        return _wired(settings, lock, sql, sources, clock, sleep, emit, back_off)
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
    clock: Callable[[], datetime],
    sleep: Callable[[float], None],
    emit: Emit | None,
    back_off: BackOff | None,
) -> Corral:
    sources = given if given is not None else _sources(settings)
    _check_default(settings, sources)
    servers, flavors = Servers(sql, clock), Flavors(sql, clock)
    proofs, audit, tokens = Proofs(sql, clock), Audit(sql, clock), Tokens(sql)
    closing: list[Callable[[], object]] = []
    env = Env(
        sources=sources,
        servers=servers,
        flavors=flavors,
        proofs=proofs,
        audit=audit,
        emit=emit or _notifier(settings, closing),
        clock=clock,
        sleep=sleep,
        power_timeout=settings.power_timeout,
    )
    engine: Engine[Env] = Engine(sql, FLOWS, env, workers=settings.workers, clock=clock, back_off=back_off)
    inventory = Inventory(sources, servers, default=settings.default_source, threads=settings.listing_threads)
    adoption = Adoption(inventory, engine, servers, flavors, Plans(sql), proofs, audit, clock)
    return Corral(
        settings=settings,
        sql=sql,
        engine=engine,
        inventory=inventory,
        adoption=adoption,
        servers=ServerService(servers, proofs, audit, adoption, engine),
        flavors=FlavorService(flavors),
        tokens=tokens,
        audit=audit,
        policy=Policy(settings.identity.policy_file),
        authenticator=_authenticator(settings, tokens, clock),
        sources=sources,
        lock=lock,
        closing=closing,
    )


def _sources(settings: Settings) -> dict[str, Source]:
    return {one.name: open_source(one.name, one.driver, one.options) for one in settings.sources}


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
    url = None
    if wanted.transport_url_env is not None and (url := os.environ.get(wanted.transport_url_env)) is None:
        raise Invalid(
            f"The environment has no variable {wanted.transport_url_env}.", fix="Set it to the transport URL."
        )
    notifier = Notifier(driver=wanted.driver, transport_url=url, topics=tuple(wanted.topics))
    closing.append(notifier.close)
    return notifier.emit


__all__ = ["Corral", "build", "now", "open_source", "open_store"]
