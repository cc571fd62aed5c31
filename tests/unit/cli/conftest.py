"""The command line against a fake API: `run("server", "list")` is what a person types."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import pytest
from fake_api import FakeApi
from typer.testing import CliRunner

from corral.cli.main import app
from corral.cli.session import Session


@pytest.fixture
def api() -> FakeApi:
    return FakeApi()


@pytest.fixture
def run(api: FakeApi, monkeypatch: pytest.MonkeyPatch) -> Iterator[Callable[..., Any]]:
    for name in ("CORRAL_URL", "CORRAL_TOKEN", "OS_TOKEN", "OS_CLOUD"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("COLUMNS", "240")

    def invoke(*args: str, answer: str = "", **session: Any) -> Any:
        chosen = {"transport": api, "pause": lambda _seconds: None, "interactive": True, **session}
        return CliRunner().invoke(app, list(args), input=answer, obj=Session(**chosen))

    yield invoke
