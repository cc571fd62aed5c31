"""One service for the tests of a module, on a free loopback port; each finds it empty."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.bareon_world import Api, serving


@pytest.fixture(scope="module")
def running(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Api]:
    with serving(f"sqlite:///{tmp_path_factory.mktemp('service') / 'bareon-api.db'}") as api:
        yield api


@pytest.fixture
def service(running: Api) -> Api:
    for node in running.seen(""):
        running.delete(f"/v1/nodes/{node['id']}").raise_for_status()
    return running
