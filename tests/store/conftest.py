"""A fresh database for each test: SQLite in a file, and PostgreSQL too where CORRAL_TEST_POSTGRES names one."""

import os
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
import sqlalchemy as sa

from corral.engine import open_database
from corral.store import upgrade

POSTGRES = os.environ.get("CORRAL_TEST_POSTGRES")


class Clock:
    """Goes on by a second each time that it is read, so that no two records have one time."""

    def __init__(self) -> None:
        self.at = datetime(2026, 1, 1, tzinfo=UTC)

    def __call__(self) -> datetime:
        self.at += timedelta(seconds=1)
        return self.at


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture(params=["sqlite", "postgresql"] if POSTGRES else ["sqlite"])
def url(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    return f"sqlite:///{tmp_path / 'corral.db'}" if request.param == "sqlite" else str(POSTGRES)


@pytest.fixture
def empty(url: str) -> Iterator[sa.Engine]:
    engine = open_database(url)
    if engine.dialect.name == "postgresql":
        with engine.begin() as conn:
            conn.execute(sa.text("DROP SCHEMA public CASCADE"))
            conn.execute(sa.text("CREATE SCHEMA public"))
    yield engine
    engine.dispose()


@pytest.fixture
def sql(empty: sa.Engine) -> sa.Engine:
    upgrade(empty)
    return empty
