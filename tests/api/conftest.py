"""Corrals behind real HTTP servers, stopped whatever happens."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path
from typing import Any

import pytest
from api_world import Api, Serve, fleet, serving

from corral.drivers.memory import MemorySource


@pytest.fixture
def serve(tmp_path: Path) -> Iterator[Serve]:
    """Starts a Corral over the given sources; every setting can be given too."""
    with ExitStack() as stack:
        count = iter(range(100))

        def start(*sources: Any, **settings: Any) -> Api:
            return stack.enter_context(serving(tmp_path / f"corral-{next(count)}", *sources, **settings))

        yield start


@pytest.fixture(scope="module")
def still(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Api]:
    """A Corral without sources, one for all tests of a module that change nothing."""
    with serving(tmp_path_factory.mktemp("still")) as api:
        yield api


@pytest.fixture(scope="module")
def watched(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Api]:
    """A Corral over the demonstration's fleet, one for all tests of a module that only look."""
    with serving(tmp_path_factory.mktemp("watched"), fleet().source) as api:
        yield api


@pytest.fixture
def bare(serve: Serve) -> Api:
    """A Corral without sources."""
    return serve()


@pytest.fixture
def memory() -> MemorySource:
    return fleet()


@pytest.fixture
def api(serve: Serve, memory: MemorySource) -> Api:
    """A Corral over the demonstration's fleet, without identity."""
    return serve(memory.source)


@pytest.fixture
def gold(api: Api) -> str:
    """The flavor that fits every machine of the fleet."""
    return api.flavor("gold")
