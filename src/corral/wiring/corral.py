"""The wired services of one process: how they start, and how they stop."""

from __future__ import annotations

import logging
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import sqlalchemy as sa

from corral.config import Settings
from corral.contracts.sources import Source
from corral.engine import DataDirectoryLock, Engine, SharedBoard, read
from corral.extensions.registry import Extensions
from corral.flows import Env
from corral.identity import Authenticator
from corral.identity.policy import Policy
from corral.metrics import Metrics
from corral.services.adoption import Adoption
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
from corral.services.plans import PlanService
from corral.services.retention import Janitor
from corral.services.servers import ServerService
from corral.services.surveyor import Surveyor
from corral.services.synchronizer import Synchronizer
from corral.store import Audit, Tokens

if TYPE_CHECKING:
    from corral.tracing import Traces  # whose library is an extra

LOG = logging.getLogger(__name__)


@dataclass
class Corral:
    """The wired services of one process."""

    settings: Settings
    sql: sa.Engine
    engine: Engine[Env]
    inventory: Inventory
    adoption: Adoption
    creation: Creation
    plans: PlanService
    servers: ServerService
    consoles: ConsoleService
    flavors: FlavorService
    composition: CompositionService
    operations: OperationService
    leaks: LeakService
    extensions: Extensions
    clusters: ClusterService
    nodes: NodeService
    hosts: HostService
    gaps: GapService
    surveyor: Surveyor
    drift: DriftService
    synchronizer: Synchronizer
    tokens: Tokens
    audit: Audit
    janitor: Janitor
    policy: Policy
    authenticator: Authenticator
    sources: Mapping[str, Source]
    lock: DataDirectoryLock | None = None
    metrics: Metrics = field(default_factory=Metrics)
    tracing: Traces | None = None
    board: SharedBoard | None = None
    closing: list[Callable[[], object]] = field(default_factory=list)

    def start(self) -> None:
        """Begin to carry out operations, unless workers do."""
        if self.settings.board.url is None:
            self.engine.start()
        self.janitor.start()
        self.surveyor.start()
        self.synchronizer.start()

    def work(self) -> None:
        """Begin to carry out operations, as one worker among others, and serve its metrics where that is wanted."""
        self.engine.start()
        self.janitor.start()
        self.surveyor.start()
        self.synchronizer.start()
        if (port := self.settings.worker_metrics_port) is not None:
            self.closing.append(self.metrics.serve(self.settings.host, port))

    def stop(self) -> None:
        """Let running steps end, and close everything. What is unfinished goes on at the next start."""
        self.synchronizer.stop()
        self.surveyor.stop()
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
