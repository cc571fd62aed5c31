"""Which Corral this is: an id that it gives itself, and that is in the uuids of its servers."""

from __future__ import annotations

import secrets

import sqlalchemy as sa
from sqlalchemy.exc import IntegrityError

from corral.domain.traces import INSTALLATION_DIGITS
from corral.engine import read
from corral.store.tables import meta

_NAME = "installation"


def installation(sql: sa.Engine) -> str:
    """The id of the Corral whose database this is, made up the first time that somebody asks: twelve hexadecimal digits."""
    made = secrets.token_hex(INSTALLATION_DIGITS // 2)
    for _ in range(2):
        with read(sql) as conn:
            found = conn.execute(sa.select(meta.c.value).where(meta.c.name == _NAME)).scalar()
        if found is not None:
            return str(found)
        try:
            with sql.begin() as conn:
                conn.execute(sa.insert(meta).values(name=_NAME, value=made))
        except IntegrityError:
            # Another process was quicker: its id is the one.
            continue
    return made
