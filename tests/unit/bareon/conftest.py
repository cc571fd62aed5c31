"""One service for the tests of a module, on a free loopback port; each finds it empty."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
import sqlalchemy as sa

from corral.bareon_api import now
from corral.engine import open_database
from corral.extensions.branches import upgrade_branch
from corral.extensions.contract import Context
from corral.extensions.volume_manager import VolumeManager
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


@pytest.fixture
def sql(tmp_path: Path) -> Iterator[sa.Engine]:
    engine = open_database(f"sqlite:///{tmp_path / 'corral.db'}")
    yield engine
    engine.dispose()


@pytest.fixture
def volume_manager(sql: sa.Engine) -> VolumeManager:
    extension = VolumeManager(Context(sql, {}, now))
    upgrade_branch(sql, extension)
    return extension
