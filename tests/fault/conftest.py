"""Corrals that are stopped whatever happens."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from building_bench import Bench as BuildingBench
from building_bench import Yard
from fault_bench import Bench
from vm_bench import VmBench

from corral.drivers.memory import MemorySource
from corral.drivers.memory.hosts import MemoryHosts


@pytest.fixture
def bench_of(tmp_path: Path) -> Iterator[Callable[..., Bench]]:
    """Makes Corrals; those over one `database` are the same Corral after a restart."""
    made: list[Bench] = []
    last: dict[str, Bench] = {}

    def make(source: MemorySource, database: str = "corral.db", start: bool = True) -> Bench:
        bench = Bench(source, tmp_path / f"data-{len(made)}", tmp_path / database)
        made.append(bench)
        last[database] = bench
        if start:
            bench.corral.start()
        return bench

    yield make
    found = [leak for bench in last.values() for leak in bench.leaks()]
    for bench in made:
        bench.corral.stop()
    assert found == []


@pytest.fixture
def building(tmp_path: Path) -> Iterator[Callable[..., BuildingBench]]:
    """As `bench_of`, over a yard with available machines and a pod."""
    made: list[BuildingBench] = []
    last: dict[str, BuildingBench] = {}

    def make(yard: Yard, database: str = "corral.db", start: bool = True, workers: int = 4) -> BuildingBench:
        bench = BuildingBench(yard, tmp_path / f"data-{len(made)}", tmp_path / database, workers)
        made.append(bench)
        last[database] = bench
        if start:
            bench.corral.start()
        return bench

    yield make
    for bench in made:
        bench.corral.stop()


@pytest.fixture
def vms_of(tmp_path: Path) -> Iterator[Callable[..., VmBench]]:
    """As `bench_of`, over hosts with VMs."""
    made: list[VmBench] = []

    def make(hosts: MemoryHosts, database: str = "corral.db", *, start: bool = True, mark: bool = True) -> VmBench:
        bench = VmBench(hosts, tmp_path / f"data-{len(made)}", tmp_path / database, mark=mark)
        made.append(bench)
        if start:
            bench.corral.start()
        return bench

    yield make
    for bench in made:
        bench.corral.stop()
