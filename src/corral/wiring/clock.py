"""The clock of every process."""

from __future__ import annotations

from datetime import UTC, datetime


def now() -> datetime:
    """The time now, in UTC; tests give another clock."""
    return datetime.now(UTC)
