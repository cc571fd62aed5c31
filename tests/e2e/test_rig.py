"""Processes are killed, paused and cut off while machines are adopted: the fault rig, small."""

import pytest

from lab.rig.__main__ import Trial, run

pytestmark = pytest.mark.lab


@pytest.mark.timeout(400)
@pytest.mark.parametrize("board", ["redis", "etcd"])
def test_no_machine_is_lost_or_half_managed_whatever_dies(board: str) -> None:
    report = run(Trial(machines=40, board=board, threads=2, delay=0.15, every=2.5, patience=240.0, seed=7))
    assert report.verdict.wrong == []
    assert report.verdict.managed + report.verdict.untouched == 40
    assert report.verdict.managed >= 35, report.verdict.errors
    assert sum(report.broken.values()) >= 4
