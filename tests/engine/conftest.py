"""A real database for each test, and engines that are stopped whatever happens."""

import os
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest
import sqlalchemy as sa
from engine_world import QUICK, Environment, Start, World

from corral.engine import Engine, Flow, create_all, open_database

POSTGRES = os.environ.get("CORRAL_TEST_POSTGRES")


@pytest.fixture(params=["sqlite", "postgresql"] if POSTGRES else ["sqlite"])
def sql(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[sa.Engine]:
    """A fresh database with all tables: SQLite always, PostgreSQL where CORRAL_TEST_POSTGRES names one."""
    if request.param == "sqlite":
        engine = open_database(f"sqlite:///{tmp_path}/corral.db")
        create_all(engine)
        yield engine
        engine.dispose()
    else:
        yield from _postgresql()


@pytest.fixture
def world(tmp_path: Path) -> World:
    return World(tmp_path / "world")


@pytest.fixture
def engine_of(sql: sa.Engine, world: World) -> Iterator[Start]:
    """Makes an engine on the test's database; `start=False` leaves it standing."""
    made: list[Engine[Any]] = []

    def make(*flows: Flow[Any], start: bool = True, **options: Any) -> Engine[Any]:
        options = {"back_off": QUICK, "reconcile_every": 0.05, "workers": 4} | options
        engine = Engine(sql, flows, Environment(world), **options)
        made.append(engine)
        if start:
            engine.start()
        return engine

    yield make
    world.heal()
    stopped = [engine.stop(60.0) for engine in made]
    assert all(stopped), "an engine left threads behind"


def _postgresql() -> Iterator[sa.Engine]:
    assert POSTGRES
    schema = f"test_{uuid4().hex[:12]}"
    administrator = open_database(POSTGRES)
    with administrator.begin() as conn:
        conn.execute(sa.schema.CreateSchema(schema))
    engine = open_database(sa.make_url(POSTGRES).update_query_dict({"options": f"-csearch_path={schema}"}))
    create_all(engine)
    yield engine
    engine.dispose()
    with administrator.begin() as conn:
        conn.execute(sa.schema.DropSchema(schema, cascade=True))
    administrator.dispose()
