"""Who surveys a source, and what somebody wants to be surveyed now: how processes that share a database agree on it."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta

import sqlalchemy as sa
from sqlalchemy.exc import IntegrityError

from corral.engine import database_clock, read
from corral.store.host_tables import host_sources, hosts


class SurveyLeases:
    """One surveyor for each source: what it keeps in memory is what makes the next survey cheap, so it stays the same one."""

    def __init__(self, sql: sa.Engine) -> None:
        self._sql = sql

    # --- who surveys --------------------------------------------------------------------------------------

    def lease(self, source: str, holder: str, seconds: float) -> bool:
        """Become, or stay, the one surveyor of a source for so long. False while another one is; one that died is waited for."""
        with self._sql.begin() as conn:
            now = database_clock(conn)
            mine = {"holder": holder, "until": now + timedelta(seconds=seconds)}
            free = sa.or_(host_sources.c.holder == holder, host_sources.c.until.is_(None), host_sources.c.until <= now)
            here = host_sources.c.name == source
            if conn.execute(sa.update(host_sources).where(here, free).values(mine)).rowcount:
                return True
            if conn.execute(sa.select(host_sources.c.name).where(here)).first():
                return False
        try:
            with self._sql.begin() as conn:
                conn.execute(sa.insert(host_sources).values(name=source, **mine))
        except IntegrityError:
            return False  # somebody else was the first one ever
        return True

    def end_lease(self, source: str, holder: str) -> None:
        """Let the next one survey."""
        mine = sa.and_(host_sources.c.name == source, host_sources.c.holder == holder)
        with self._sql.begin() as conn:
            conn.execute(sa.update(host_sources).where(mine).values(holder=None, until=None))

    # --- wishes -------------------------------------------------------------------------------------------

    def want(self, source: str, host: str) -> None:
        """Somebody wants that host surveyed now."""
        with self._sql.begin() as conn:
            this = sa.and_(hosts.c.source == source, hosts.c.id == host, hosts.c.wanted_at.is_(None))
            conn.execute(sa.update(hosts).where(this).values(wanted_at=database_clock(conn)))

    def wanted(self, source: str) -> dict[str, tuple[str, datetime]]:
        """The hosts that somebody wants surveyed: by id, the name and since when."""
        query = sa.select(hosts.c.id, hosts.c.name, hosts.c.wanted_at).where(
            hosts.c.source == source, hosts.c.wanted_at.is_not(None)
        )
        with read(self._sql) as conn:
            return {row[0]: (row[1], row[2]) for row in conn.execute(query)}

    def granted(self, source: str, wishes: Mapping[str, tuple[str, datetime]]) -> None:
        """These wishes are fulfilled. One that was made again meanwhile stays."""
        with self._sql.begin() as conn:
            for host, (_, at) in wishes.items():
                this = sa.and_(hosts.c.source == source, hosts.c.id == host, hosts.c.wanted_at == at)
                conn.execute(sa.update(hosts).where(this).values(wanted_at=None))
