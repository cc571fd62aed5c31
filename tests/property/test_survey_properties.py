"""Whatever becomes of VMs, and in whichever order hosts answer: each is recorded once, where it is, and nothing more is written."""

from __future__ import annotations

import itertools
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
import sqlalchemy as sa
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st
from sqlalchemy import event

from corral.contracts.hosts import HostSource, Look
from corral.domain.vm import RunState
from corral.drivers.memory.hosts import MemoryHosts, example_host, example_vm
from corral.engine import open_database
from corral.services.surveyor import HostGroup, Surveyor
from corral.store import HostRecords, SurveyLeases, Surveys, upgrade
from corral.store.host_tables import host_sources, hosts, vm_seconds, vms
from corral.store.hosts import HostFilter

HOSTS = tuple(example_host(number) for number in range(3))
VMS = tuple(example_vm(HOSTS[0], number) for number in range(3))
RUNNING, PAUSED, OFF = RunState.RUNNING, RunState.PAUSED, RunState.OFF
RANK = {RUNNING: 3, PAUSED: 2, OFF: 1}
ORDERS = tuple(itertools.permutations(range(len(HOSTS))))

SEEN = st.tuples(st.just("vm"), st.integers(0, 2), st.integers(0, 2), st.sampled_from([RUNNING, PAUSED, OFF, None]))
SILENCE = st.tuples(st.just("silent"), st.integers(0, 2), st.booleans())
SURVEY = st.tuples(st.just("survey"), st.sampled_from(ORDERS))
STEPS = st.lists(st.one_of(SEEN, SURVEY, SEEN, SILENCE), max_size=24)


class Ordered(MemoryHosts):
    """Its hosts answer in the order that is asked for."""

    order: tuple[int, ...] = ORDERS[0]

    def looks(self) -> Iterator[Look]:
        found = {look.host.id: look for look in super().looks()}
        yield from (found[HOSTS[number].id] for number in self.order)


@pytest.fixture(scope="module")
def sql(tmp_path_factory: pytest.TempPathFactory) -> Iterator[sa.Engine]:
    path: Path = tmp_path_factory.mktemp("surveys") / "corral.db"
    engine = open_database(f"sqlite:///{path}")
    upgrade(engine)
    yield engine
    engine.dispose()


def play(memory: Ordered, surveyor: Surveyor, step: tuple) -> None:
    match step:
        case ("vm", vm, host, None):
            memory._vms[HOSTS[host].id].pop(VMS[vm].id, None)
        case ("vm", vm, host, state):
            memory.leave(replace(VMS[vm], host=HOSTS[host].id, state=state, run="1" if state is RUNNING else ""))
        case ("silent", host, silent):
            memory.silence(HOSTS[host].id, "it does not answer" if silent else "")
        case ("survey", order):
            memory.order = order
            surveyor.survey("racks")


@settings(max_examples=120, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(steps=STEPS, last=st.tuples(st.sampled_from(ORDERS), st.sampled_from(ORDERS)))
@example(
    steps=[("vm", 0, 0, RUNNING), ("survey", (0, 1, 2)), ("vm", 0, 1, RUNNING), ("vm", 0, 0, None)],
    last=((1, 0, 2), (2, 1, 0)),
)
def test_the_record_comes_to_what_is_there_and_stays(sql: sa.Engine, steps: list, last: tuple) -> None:
    clock = itertools.count()
    memory = Ordered("racks")
    for host in HOSTS:
        memory.add_host(host)
    with sql.begin() as conn:
        for table in (vm_seconds, vms, hosts, host_sources):
            conn.execute(sa.delete(table))
    group = HostGroup("racks", "memory", 60.0, lambda: HostSource("racks", "memory", memory))
    now = lambda: datetime(2026, 1, 1, tzinfo=UTC) + timedelta(seconds=next(clock))  # noqa: E731
    surveyor = Surveyor([group], Surveys(sql, now), SurveyLeases(sql), now)
    records = HostRecords(sql)
    for step in (*steps, *(("silent", number, False) for number in range(3)), *(("survey", order) for order in last)):
        play(memory, surveyor, step)
        listed = [
            one.vm.id for host in HOSTS for one in records.machines("racks", host.id, gone=True, limit=9, marker=None)
        ]
        assert len(listed) == len(set(listed))
    assert told(records) == there(memory)
    assert writes(sql, lambda: play(memory, surveyor, ("survey", last[0]))) == ["host_sources"]
    surveyor.stop()


def told(records: HostRecords) -> dict[str, tuple[int, set[str]]]:
    """By VM, what it does where it is recorded (as a rank), and all hosts that are said to tell of it."""
    found = {}
    for host in records.page(HostFilter(("racks",)), limit=9):
        for one in records.machines("racks", host.host.id, gone=False, limit=9, marker=None):
            assert one.vm.host not in one.also_on
            found[one.vm.id] = RANK[one.vm.state], {one.vm.host, *one.also_on}
    return found


def there(memory: Ordered) -> dict[str, tuple[int, set[str]]]:
    """By VM, the most that it does anywhere, and all hosts that tell of it."""
    found: dict[str, tuple[int, set[str]]] = {}
    for host, on_it in memory._vms.items():
        for vm in on_it.values():
            rank, tellers = found.get(vm.id, (0, set()))
            found[vm.id] = max(rank, RANK[vm.state]), {*tellers, host}
    return found


def writes(sql: sa.Engine, act) -> list[str]:
    found: list[str] = []

    def heard(_conn, _cursor, statement: str, *_rest) -> None:
        words = statement.split()
        if words[0] in ("INSERT", "UPDATE", "DELETE"):
            found.append(words[1] if words[0] == "UPDATE" else words[2])

    event.listen(sql, "before_cursor_execute", heard)
    act()
    event.remove(sql, "before_cursor_execute", heard)
    return found
