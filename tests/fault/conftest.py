"""Corrals that are stopped whatever happens."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from fault_bench import Bench

from corral.drivers.memory import MemorySource


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
