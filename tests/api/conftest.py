"""Corrals behind real HTTP servers, stopped whatever happens."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path
from typing import Any

import pytest
from api_world import Api, Serve, serving


@pytest.fixture
def serve(tmp_path: Path) -> Iterator[Serve]:
    """Starts a Corral over the given sources; every setting can be given too."""
    with ExitStack() as stack:
        count = iter(range(100))

        def start(*sources: Any, **settings: Any) -> Api:
            return stack.enter_context(serving(tmp_path / f"corral-{next(count)}", *sources, **settings))

        yield start


@pytest.fixture
def bare(serve: Serve) -> Api:
    """A Corral without sources."""
    return serve()
