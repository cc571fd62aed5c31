"""The token service for the command line, beside a server that may be running: tokens need no lock of the data directory."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from corral.config import Settings
from corral.engine import open_database
from corral.services.tokens import TokenService
from corral.store import Audit, Tokens, upgrade
from corral.wiring.clock import now


@contextmanager
def open_tokens(settings: Settings, who: str) -> Iterator[TokenService]:
    """The tokens of these settings' database; `who` is told to the audit trail."""
    if settings.embedded:
        settings.data_dir.mkdir(parents=True, exist_ok=True, mode=0o700)
    sql = open_database(settings.url)
    try:
        upgrade(sql)
        yield TokenService(Tokens(sql), Audit(sql, now), who)
    finally:
        sql.dispose()
