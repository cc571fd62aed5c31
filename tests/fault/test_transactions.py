"""What one adoption writes: each transaction waits for the disk, and on SQLite for all others that write."""

from collections.abc import Callable

import sqlalchemy as sa
from fault_bench import Bench, memory


def test_an_adoption_takes_no_more_transactions_than_its_guarantees_need(bench_of: Callable[..., Bench]) -> None:
    """Submitted with its record; claimed; each of six steps begun; each act as its outcome is known; the record completed; the
    end with the hook's words. Nothing else waits for the disk."""
    bench = bench_of(memory())
    bench.flavor()
    acts, commits = list[str](), list[int]()
    bench.source.faults = lambda moment: (
        acts.append(moment) if moment.startswith("after") and "GET" not in moment else None
    )
    sa.event.listen(bench.corral.sql, "commit", lambda _conn: commits.append(1))
    _server, operation = bench.manage()
    assert bench.corral.engine.wait(operation.uuid, 90).state == "succeeded"
    assert len(acts) > 4
    assert len(commits) <= 11 + len(acts)
