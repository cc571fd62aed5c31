"""What is being composed, and of what: attempts, the blocks that they claim, and who may compose at a pod right now.

Rule: an attempt is written before the pod is asked, and goes only when the pod was seen to have nothing of its name.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from contextlib import nullcontext
from datetime import datetime, timedelta
from typing import Any

import sqlalchemy as sa
from sqlalchemy.exc import IntegrityError

from corral.domain.composing import Attempt
from corral.domain.errors import Conflict
from corral.engine import read
from corral.engine.database import database_clock
from corral.store.tables import compose_attempts, compose_claims, pod_leases


class Compositions:
    """The attempts, their claims, and the pods' leases."""

    def __init__(self, sql: sa.Engine, clock: Callable[[], datetime]) -> None:
        self._sql = sql
        self._clock = clock

    def lease(self, pod: str, holder: str, seconds: float) -> bool:
        """Become, or stay, the only composer at a pod for so long. False while another one is; one that died is waited for."""
        with self._sql.begin() as conn:
            now = database_clock(conn)
            mine = {"holder": holder, "until": now + timedelta(seconds=seconds)}
            over = sa.or_(pod_leases.c.holder == holder, pod_leases.c.until <= now)
            if conn.execute(sa.update(pod_leases).where(pod_leases.c.pod == pod, over).values(mine)).rowcount:
                return True
            if conn.execute(sa.select(pod_leases.c.pod).where(pod_leases.c.pod == pod)).first():
                return False
        try:
            with self._sql.begin() as conn:
                conn.execute(sa.insert(pod_leases).values(pod=pod, **mine))
        except IntegrityError:
            return False  # somebody else was the first one ever
        return True

    def end_lease(self, pod: str, holder: str) -> None:
        """Let the next one compose."""
        with self._sql.begin() as conn:
            conn.execute(sa.delete(pod_leases).where(pod_leases.c.pod == pod, pod_leases.c.holder == holder))

    def begin(self, attempt: Attempt, shares: Mapping[str, int]) -> None:
        """Write an attempt with its claims. `shares`: how many may have each of its blocks. Raises Conflict when a block has no
        share left."""
        row = {
            "name": attempt.name,
            "pod": attempt.pod,
            "server": attempt.server,
            "operation": attempt.operation,
            "blocks": list(attempt.blocks),
            "created_at": self._clock(),
        }
        try:
            with self._sql.begin() as conn:
                conn.execute(sa.insert(compose_attempts).values(row))
                for block in attempt.blocks:
                    slot = self._slot(conn, attempt.pod, block, shares.get(block, 1))
                    values = {"pod": attempt.pod, "block": block, "slot": slot, "name": attempt.name}
                    conn.execute(sa.insert(compose_claims).values(values))
        except IntegrityError as exc:
            raise Conflict("A block was claimed by somebody else just now.", fix="Choose other blocks.") from exc

    @staticmethod
    def _slot(conn: sa.Connection, pod: str, block: str, shares: int) -> int:
        """The first share that nobody has."""
        here = sa.and_(compose_claims.c.pod == pod, compose_claims.c.block == block)
        taken = set(conn.execute(sa.select(compose_claims.c.slot).where(here)).scalars())
        free = [slot for slot in range(shares) if slot not in taken]
        if not free:
            raise Conflict(f"Block {block} is claimed by another server.", fix="Choose other blocks.")
        return free[0]

    def composed(self, name: str, system: str) -> None:
        """Write down which system an attempt came to."""
        with self._sql.begin() as conn:
            conn.execute(sa.update(compose_attempts).where(compose_attempts.c.name == name).values(system=system))

    def forget(self, name: str, *, conn: sa.Connection | None = None) -> None:
        """End an attempt, with its claims: the pod has nothing of its name. In the caller's transaction if it has one."""
        with nullcontext(conn) if conn is not None else self._sql.begin() as conn:
            conn.execute(sa.delete(compose_claims).where(compose_claims.c.name == name))
            conn.execute(sa.delete(compose_attempts).where(compose_attempts.c.name == name))

    def of_server(self, server: str) -> list[Attempt]:
        """The attempts for one server that may have something at a pod, oldest first."""
        return self._attempts(compose_attempts.c.server == server)

    def at(self, pod: str) -> list[Attempt]:
        """Those at one pod."""
        return self._attempts(compose_attempts.c.pod == pod)

    def claimed(self, pod: str) -> dict[str, int]:
        """How many attempts claim each block of a pod."""
        query = sa.select(compose_claims.c.block, sa.func.count()).where(compose_claims.c.pod == pod)
        with read(self._sql) as conn:
            return {row[0]: row[1] for row in conn.execute(query.group_by(compose_claims.c.block))}

    def _attempts(self, where: sa.ColumnElement[bool]) -> list[Attempt]:
        table = compose_attempts.c
        columns: Sequence[sa.Column[Any]] = (
            table.name, table.pod, table.server, table.operation, table.blocks, table.system,
        )  # fmt: skip
        order = (compose_attempts.c.created_at, compose_attempts.c.name)
        with read(self._sql) as conn:
            rows = conn.execute(sa.select(*columns).where(where).order_by(*order)).all()
        return [Attempt(row[0], row[1], row[2], row[3], tuple(row[4]), row[5]) for row in rows]
