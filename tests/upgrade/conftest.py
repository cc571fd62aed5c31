"""A Corral of this release on what a former one left behind when it was killed."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from former_database import DATA, left_behind, moved
from former_world import loaded

from corral import config
from corral.drivers.memory.http import WorldServer
from corral.drivers.memory.world import World
from corral.engine import BackOff, open_database
from corral.store import upgrade
from corral.wiring import Corral, build, upgrade_all

QUICK = BackOff(first=0.01, factor=1.5, cap=0.1, jitter=0.0, tries=50)


@pytest.fixture
def start(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Callable[..., tuple[Corral, World]]]:
    """Starts this release on what a former one left behind."""
    closing: list[Callable[[], object]] = []

    def make(release: str, by_way_of: str | None = None, url: str | None = None) -> tuple[Corral, World]:
        file, world = tmp_path / "corral.db", loaded(DATA / f"{release}.json")
        left_behind(release, file)
        server = WorldServer(world)
        server.start()
        closing.append(server.stop)
        (tmp_path / "clouds.yaml").write_text(json.dumps(server.clouds("memory")))
        monkeypatch.setenv("OS_CLIENT_CONFIG_FILE", str(tmp_path / "clouds.yaml"))
        source: Any = {"name": "lab", "driver": "ironic", "options": {"cloud": "memory"}}
        settings = config.Settings(data_dir=tmp_path, sources=[source], workers=4, database_url=url)
        if by_way_of is not None:
            sql = open_database(settings.url)
            upgrade(sql, by_way_of)
            sql.dispose()
        if url is not None:
            moved(file, release, url)
            sql = open_database(url)
            assert upgrade_all(settings, sql) == []
            sql.dispose()
        corral = build(settings, sleep=lambda _seconds: None, emit=lambda *_t, **_m: None, back_off=QUICK)
        closing.append(corral.stop)
        return corral, world

    yield make
    for close in reversed(closing):
        close()
