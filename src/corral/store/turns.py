"""What one process does for all of them, in turns: whoever asks first has the turn, and for so long nobody else gets it.

Rule: a turn is no lock. It only saves work; what is done in it must be harmless when two do it at once.
"""

from __future__ import annotations

from datetime import timedelta

import sqlalchemy as sa
from sqlalchemy.exc import IntegrityError

from corral.engine import database_clock
from corral.store.tables import turns


class Turns:
    """The turns of one database, by its clock: those of hosts differ."""

    def __init__(self, sql: sa.Engine) -> None:
        self._sql = sql

    def take(self, name: str, seconds: float) -> bool:
        """Take the turn of that name for so many seconds. False while somebody has it."""
        try:
            with self._sql.begin() as conn:
                now = database_clock(conn)
                until = now + timedelta(seconds=seconds)
                over = sa.update(turns).where(turns.c.name == name, turns.c.until <= now)
                if conn.execute(over.values(until=until)).rowcount == 1:
                    return True
                if conn.execute(sa.select(turns.c.name).where(turns.c.name == name)).first() is not None:
                    return False
                conn.execute(sa.insert(turns).values(name=name, until=until))
        except IntegrityError:
            return False  # the very first turn, and another process was quicker
        return True
