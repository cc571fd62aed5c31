"""A large plan on PostgreSQL with three workers: paused, resumed, and the worker that feeds it killed on the way."""

from __future__ import annotations

import json
import time
from collections import Counter
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import psycopg2
import pytest

from lab import backing
from lab.rig.site import LEASE, Site
from lab.rig.verdict import judge
from lab.rig.worlds import World, in_memory

pytestmark = pytest.mark.lab
MANY = 200


@pytest.fixture
def world(tmp_path: Path) -> Iterator[World]:
    with in_memory(MANY, 0.02, tmp_path) as found:
        yield found


@pytest.fixture
def three(world: World, tmp_path: Path) -> Iterator[Site]:
    with backing.postgresql() as database, backing.redis() as board:
        settings = {
            "database_url": database.url,
            "board": {"url": board.url, "lease": LEASE},
            "workers": 4,
            "plan_ahead": 30,
            "sources": [world.source],
        }
        (tmp_path / "corral.yaml").write_text(json.dumps(settings))
        made = Site(tmp_path, world, database, board, 3)
        try:
            made.start()
            yield made
        finally:
            made.stop()


def asked(made: Site, query: str) -> list[tuple[Any, ...]]:
    connection = psycopg2.connect(made.database.url)
    try:
        with connection.cursor() as cursor:
            cursor.execute(query)
            return list(cursor.fetchall())
    finally:
        connection.close()


def until(made: Site, plan: str, true: Callable[[dict[str, Any]], bool], seconds: float = 240) -> dict[str, Any]:
    end = time.monotonic() + seconds
    while not true(shown := made.api("GET", f"/v1/plans/{plan}")):
        assert time.monotonic() < end, shown["progress"]
        time.sleep(0.2)
    return shown


def adopted(shown: dict[str, Any]) -> int:
    return int(shown["progress"].get("adopted", 0))


def kill_the_feeder(made: Site) -> str:
    """Kill the worker that has the plan's own operation, while it has it; which one is told by its process id."""
    query = (
        "SELECT c.owner FROM flow_claims c JOIN operations o ON o.uuid = c.operation "
        "WHERE o.kind = 'apply' AND c.until > now()"
    )
    end = time.monotonic() + 120
    while time.monotonic() < end:
        for (owner,) in asked(made, query):
            pid = int(owner.split(":")[1])
            for worker in made.workers:
                if worker.alive and worker._process is not None and worker._process.pid == pid:
                    worker.kill()
                    return str(owner)
    raise AssertionError("nobody fed the plan")


@pytest.mark.timeout(900)
def test_a_large_plan_is_applied_once_by_several_workers_of_which_one_dies(three: Site, world: World) -> None:
    before = world.look()
    three.api("POST", "/v1/flavors", {"name": "gold", "resources": {"CUSTOM_GOLD": 1}})
    plan = three.api("POST", "/v1/plans", {"from": {"source": world.source["name"]}})["uuid"]
    three.api("POST", f"/v1/plans/{plan}/apply")
    until(three, plan, lambda shown: adopted(shown) >= 10)
    three.api("POST", f"/v1/plans/{plan}/pause")
    # What was started comes to its end, and nothing more is started.
    still = until(three, plan, lambda shown: shown["progress"].get("running", 0) == 0)
    assert still["state"] == "paused"
    assert 10 <= adopted(still) < MANY
    three.api("POST", f"/v1/plans/{plan}/resume")
    dead = kill_the_feeder(three)
    done = until(three, plan, lambda shown: shown["state"] == "applied" and adopted(shown) == MANY)
    assert done["progress"].get("failed", 0) == 0
    begun = Counter(machine for (machine,) in asked(three, "SELECT machine FROM operations WHERE kind = 'manage'"))
    assert begun == dict.fromkeys(before.nodes, 1)
    workers = {owner for (owner,) in asked(three, "SELECT DISTINCT owner FROM flow_claims")}
    assert dead not in workers
    # The plan is applied a moment before the operation that applied it has ended.
    three.settle(60.0)
    verdict = judge(three, before)
    assert (verdict.wrong, verdict.managed, verdict.untouched) == ([], MANY, 0)
