"""DMTF's validators over the lab's pod: what the driver is tested against is a Redfish service, not our idea of one."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from lab.places import from_environment
from lab.pod.conformance import check_protocol, check_service
from lab.pod.running import RunningPod, running_pod

pytestmark = [pytest.mark.lab, pytest.mark.timeout(900)]


@pytest.fixture
def pod(tmp_path: Path) -> Iterator[RunningPod]:
    """With a composed system, a reservation, and blocks of every state."""
    with running_pod(3, certificates=tmp_path / "certificates", seconds=3600) as found:
        found.control("take", {"name": "a", "blocks": ["Compute-1", "Storage-1", "Network-1"]})
        found.control("reserve", {"blocks": ["Compute-2"]})
        yield found


def test_every_resource_is_as_its_schema_says(pod: RunningPod, tmp_path: Path) -> None:
    verdict = check_service(from_environment(), pod, tmp_path / "service")
    assert (verdict.failed, verdict.warned) == (0, 0), verdict.complaints
    assert verdict.passed > 800


def test_the_protocol_is_that_of_the_specification(pod: RunningPod, tmp_path: Path) -> None:
    verdict = check_protocol(from_environment(), pod, tmp_path / "protocol")
    assert (verdict.failed, verdict.warned) == (0, 0), verdict.complaints
    assert verdict.passed > 300
