"""Operations that a former release was killed in the middle of come to their end after the upgrade."""

from __future__ import annotations

import os
import time
from collections import Counter
from collections.abc import Callable
from pathlib import Path

import pytest
import sqlalchemy as sa
from former_database import left_behind
from former_world import FAILING, MANAGED, UNMANAGED, WAITING, everything, free, node, of_machine

from corral import config
from corral.domain.errors import Conflict
from corral.drivers.memory.world import World
from corral.engine import UNFINISHED, open_database, read
from corral.store.tables import servers
from corral.wiring import Corral, open_store, upgrade_all
from lab import backing

Start = Callable[..., tuple[Corral, World]]
EVERYBODY = range(1, WAITING + 1)
ADOPTED = {*MANAGED, WAITING}


def to_the_end(corral: Corral) -> None:
    end = time.monotonic() + 90
    while left := corral.engine.operations(state=sorted(UNFINISHED)):
        assert time.monotonic() < end, [(one.kind, one.step, one.needs_attention) for one in left]
        time.sleep(0.05)


def check(corral: Corral, world: World) -> None:
    """Each machine is wholly managed or as it was before anything began, and the records say the same."""
    now, before = everything(world), everything(free(WAITING))
    for number in EVERYBODY:
        found, owner = of_machine(now, number), now["nodes"][node(number)]["instance_uuid"]
        if number not in ADOPTED:
            assert found == of_machine(before, number), number
            continue
        server = corral.servers.get(owner)
        assert (server.machine, server.status, len(server.nics)) == (node(number), "active", 3)
        assert found["node"]["protected"], number
        assert [one["uuid"] for one in found["allocations"]] == [found["node"]["allocation_uuid"]]
        ports = {nic.port for nic in server.nics}
        assert {nic["vif"] for nic in found["node"]["nics"]} == set(found["ports"]) == ports
        assert {one["device"] for one in found["ports"].values()} == {owner}
    with read(corral.sql) as conn:
        kept = Counter(conn.execute(sa.select(servers.c.machine)).scalars())
    assert kept == Counter(node(number) for number in ADOPTED)
    leaks = corral.leaks.scan()
    assert (leaks.leaks, leaks.problems) == ((), {})


def unfinished(corral: Corral) -> Counter[tuple[str, int]]:
    return Counter((one.kind, one.flow_version) for one in corral.engine.operations(state=sorted(UNFINISHED)))


@pytest.mark.parametrize(
    ("release", "by_way_of", "version"),
    [("0001", None, 1), ("0001", "0002", 1), ("0001", "0004", 1), ("0005", None, 2)],
)
def test_operations_of_a_former_release_end_wholly_managed_or_wholly_undone(
    start: Start, release: str, by_way_of: str | None, version: int
) -> None:
    corral, world = start(release, by_way_of)
    begun = unfinished(corral)
    assert begun["manage", version] >= len(MANAGED) + len(FAILING) - 1
    assert begun["unmanage", 1] == len(UNMANAGED)
    corral.start()
    to_the_end(corral)
    check(corral, world)


@pytest.mark.lab
@pytest.mark.apart
@pytest.mark.skipif(
    bool(backing.missing()) and "CORRAL_REQUIRE_LAB" not in os.environ, reason="no PostgreSQL is installed"
)
@pytest.mark.parametrize("release", ["0001", "0005"])
def test_they_end_on_postgresql_too(start: Start, release: str) -> None:
    with backing.postgresql() as database:
        corral, world = start(release, url=database.url)
        try:
            assert unfinished(corral).total() > len(MANAGED)
            corral.start()
            to_the_end(corral)
            check(corral, world)
        finally:
            corral.stop()


def test_an_upgrade_is_refused_while_operations_are_unfinished_that_it_could_not_carry_out(
    start: Start, tmp_path: Path
) -> None:
    left_behind("0001", file := tmp_path / "corral.db")
    sql = open_database(f"sqlite:///{file}")
    with sql.begin() as conn:
        conn.execute(sa.text("UPDATE operations SET flow_version = 7 WHERE kind = 'unmanage'"))
    settings = config.Settings(data_dir=tmp_path)
    for upgrading in (lambda: open_store(settings), lambda: upgrade_all(settings, sql)):
        with pytest.raises(Conflict, match="5 of unmanage version 7") as told:
            upgrading()
        assert "release that began them" in told.value.fix
    # Nothing was touched: the former release goes on with it.
    assert "meta" not in sa.inspect(sql).get_table_names()
    sql.dispose()
