"""Ends Corral at a moment that only its own database knows: a step that calls nobody has begun, and has written nothing yet."""

from __future__ import annotations

import sqlite3
import time
from contextlib import closing

from tests.e2e.support.corral import Corral

_EVENTS = "SELECT kind FROM operation_events WHERE operation = ? AND step = ?"


def kill_at_begin(corral: Corral, operation: str, step: str, patience: float = 120) -> bool:
    """Kill Corral when it has begun that step (by name); False when the step was over before that could be done.

    Each look takes the right to write with it, so between the look and the kill nothing more is written."""
    deadline = time.monotonic() + patience
    with closing(sqlite3.connect(corral.database, timeout=0, isolation_level=None)) as sql:
        while time.monotonic() < deadline:
            try:
                sql.execute("BEGIN IMMEDIATE")
            except sqlite3.OperationalError:
                continue  # Corral is writing
            kinds = {kind for (kind,) in sql.execute(_EVENTS, (operation, step))}
            if kinds:
                corral.kill()
            sql.execute("ROLLBACK")
            if kinds:
                return "step.done" not in kinds
    raise TimeoutError(f"operation {operation} never came to {step}")
