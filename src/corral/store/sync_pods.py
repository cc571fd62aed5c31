"""What synchronization needs of composed servers: which system at which pod each one is, and of which blocks."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa

from corral.domain.errors import Conflict
from corral.domain.sync_pods import AMISS, Claim, amiss, blocks_in
from corral.engine import read
from corral.store.tables import compose_attempts, compose_claims, servers

_BATCH = 500


@dataclass(frozen=True, slots=True)
class Claimed:
    """A composed server's machine, at the source where it is enrolled, and what it is at its pod."""

    source: str
    machine: str
    claim: Claim


_CLAIMED = sa.select(
    servers.c.source,
    servers.c.machine,
    compose_attempts.c.pod,
    compose_attempts.c.name,
    compose_attempts.c.system,
    compose_attempts.c.blocks,
).select_from(compose_attempts.join(servers, servers.c.uuid == compose_attempts.c.server))


class PodClaims:
    """The rows. They are written in the transactions of passes and decisions."""

    def __init__(self, sql: sa.Engine) -> None:
        self._sql = sql

    def at(self, source: str, machines: Sequence[str] | None = None) -> dict[str, Claim]:
        """By machine, what it is at its pod; of all composed servers of a source, or of these machines."""
        here = _CLAIMED.where(servers.c.source == source)
        if machines is None:
            return {one.machine: one.claim for one in self._read(here)}
        found: dict[str, Claim] = {}
        for start in range(0, len(machines), _BATCH):
            some = here.where(servers.c.machine.in_(machines[start : start + _BATCH]))
            found.update({one.machine: one.claim for one in self._read(some)})
        return found

    def of(self, pod: str) -> list[Claimed]:
        """Every composed server of a pod."""
        return self._read(_CLAIMED.where(compose_attempts.c.pod == pod))

    def pods(self, source: str) -> list[str]:
        """The pods that a source has composed servers of."""
        query = sa.select(compose_attempts.c.pod).distinct()
        query = query.select_from(compose_attempts.join(servers, servers.c.uuid == compose_attempts.c.server))
        with read(self._sql) as conn:
            return sorted(conn.execute(query.where(servers.c.source == source)).scalars())

    def follow(self, conn: sa.Connection, claim: Claim, world: Collection[str]) -> None:
        """The record has the blocks that the pod says; they are claimed, and those that went are not any more. Raises Conflict
        for a system with which something is wrong, and for a block that another server claims."""
        if amiss(world):
            raise Conflict(AMISS, fix="Ignore it, or put it right at the pod.")
        if not claim.blocks:
            return  # the pod chose them: none was ever claimed
        now = blocks_in(sorted(world))
        own = compose_attempts.c.name == claim.name
        if not conn.execute(sa.update(compose_attempts).where(own).values(blocks=list(now))).rowcount:
            return  # it was released meanwhile
        mine = compose_claims.c.name == claim.name
        conn.execute(sa.delete(compose_claims).where(mine, compose_claims.c.block.not_in(now)))
        new = sorted(set(now) - set(claim.blocks))
        taken = sa.select(compose_claims.c.block).where(
            compose_claims.c.pod == claim.pod, compose_claims.c.block.in_(new)
        )
        if (other := conn.execute(taken).scalars().first()) is not None:
            raise Conflict(f"Block {other} is claimed by another server.", fix="Find out which one has it at the pod.")
        if new:
            values = [{"pod": claim.pod, "block": block, "slot": 0, "name": claim.name} for block in new]
            conn.execute(sa.insert(compose_claims), values)

    def _read(self, query: sa.Select[Any]) -> list[Claimed]:
        order = (compose_attempts.c.created_at, compose_attempts.c.name)
        with read(self._sql) as conn:
            rows = conn.execute(query.where(compose_attempts.c.system.is_not(None)).order_by(*order)).all()
        return [Claimed(row[0], row[1], Claim(row[2], row[3], row[4], tuple(row[5]))) for row in rows]
