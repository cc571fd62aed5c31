"""What looking things up costs does not grow with the number of servers: counted in steps of SQLite's machine, which are the same
on every computer."""

from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
import sqlalchemy as sa

from corral.domain.lifecycle import STABLE, Status
from corral.domain.server import Server, ServerNic
from corral.engine import open_database
from corral.store import Servers, upgrade
from corral.store.servers import ServerFilter

FEW, MANY = 200, 3_000
SOURCES = ("east", "west")


def server(number: int) -> Server:
    mac = "52:55:{:02x}:{:02x}:{:02x}:00".format(*number.to_bytes(3, "big"))
    return Server(
        uuid=f"s-{number * 7919 % 100_000:05d}",
        name=f"name-{number:05d}",
        source=SOURCES[number % 2],
        machine=f"m-{number * 104_729 % 100_000:05d}",
        machine_name=None,
        project=f"project-{number % 5}",
        user="u",
        status=Status.ACTIVE,
        flavor="f",
        nics=(ServerNic(f"p-{number}", "n", mac),),
        macs=(mac,),
    )


class Counted:
    """So many servers, and a count of the steps that the database makes."""

    def __init__(self, sql: sa.Engine, count: int) -> None:
        self.steps = 0
        ticks = (datetime(2026, 1, 1, tzinfo=UTC) + timedelta(seconds=number) for number in range(count))
        self.sql = sql
        self.servers = Servers(sql, lambda: next(ticks))
        self.known = [server(number) for number in range(count)]
        with sql.begin() as conn:
            for one in self.known:
                self.servers.add(conn, one)
        sql.dispose()
        sa.event.listen(sql, "connect", lambda connection, _record: connection.set_progress_handler(self._step, 10))

    def _step(self) -> int:
        self.steps += 10
        return 0

    def cost(self, act: Callable[[Servers, list[Server]], Any]) -> int:
        """Of an act that is given twenty servers from all over the table."""
        some = self.known[:: len(self.known) // 20]
        act(self.servers, some)
        before = self.steps
        act(self.servers, some)
        return self.steps - before


@pytest.fixture(scope="module")
def few_and_many(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Counted, Counted]]:
    folder, opened = tmp_path_factory.mktemp("growth"), []
    for count in (FEW, MANY):
        opened.append(open_database(f"sqlite:///{folder / str(count)}.db"))
        upgrade(opened[-1])
    few, many = (Counted(sql, count) for sql, count in zip(opened, (FEW, MANY), strict=True))
    yield few, many
    for sql in opened:
        sql.dispose()


LOOKUPS: dict[str, Callable[[Servers, list[Server]], Any]] = {
    "managed": lambda servers, some: servers.managed("east", [one.machine for one in some]),
    "mac_holders": lambda servers, some: servers.mac_holders(mac for one in some for mac in one.macs),
    "holders": lambda servers, some: servers.holders(nic.port for one in some for nic in one.nics),
    "existing": lambda servers, some: servers.existing(one.uuid for one in some),
    "named": lambda servers, some: servers.named([(one.project, one.name) for one in some]),
    "first page": lambda servers, _: servers.page(ServerFilter(), limit=20),
    "page after": lambda servers, some: servers.page(ServerFilter(), limit=20, marker=some[15].uuid),
    "page of a project": lambda servers, some: servers.page(
        ServerFilter(project="project-1"), limit=20, marker=some[15].uuid
    ),
}
WHOLE: dict[str, Callable[[Servers, list[Server]], Any]] = {
    "each_at": lambda servers, _: list(servers.each_at("west")),
    "stamps": lambda servers, _: servers.stamps("west"),
    "loose": lambda servers, _: servers.loose(STABLE, SOURCES),
}
"""What reads all of a source: for each machine it must cost the same."""


@pytest.mark.parametrize("what", LOOKUPS)
def test_a_look_up_costs_the_same_however_many_servers_there_are(
    few_and_many: tuple[Counted, Counted], what: str
) -> None:
    few, many = (one.cost(LOOKUPS[what]) for one in few_and_many)
    assert 0 < many < 1.5 * few


@pytest.mark.parametrize("what", WHOLE)
def test_reading_all_costs_the_same_for_each_server(few_and_many: tuple[Counted, Counted], what: str) -> None:
    few, many = (one.cost(WHOLE[what]) for one in few_and_many)
    assert 0 < many / MANY < 1.5 * few / FEW


def test_the_servers_of_a_source_are_read_in_the_order_of_an_index(few_and_many: tuple[Counted, Counted]) -> None:
    _few, many = few_and_many
    plans: list[str] = []

    def explain(_conn: Any, cursor: Any, statement: str, parameters: Any, *_more: Any) -> None:
        if "FROM servers" in statement:
            rows = cursor.connection.execute(f"EXPLAIN QUERY PLAN {statement}", parameters)
            plans.extend(row[3] for row in rows)

    sa.event.listen(many.sql, "before_cursor_execute", explain)
    assert sum(1 for _ in many.servers.each_at("west")) == MANY // 2
    sa.event.remove(many.sql, "before_cursor_execute", explain)
    # Sorting all of them for each page would cost more for each page, the more there are.
    assert len(plans) > 3
    assert all(plan.startswith("SEARCH servers USING INDEX") for plan in plans), plans
