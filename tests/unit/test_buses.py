"""Buses by settings: what is wrong is said at the start, and nothing is connected to."""

from __future__ import annotations

from typing import Any

import pytest

from corral.config import Settings
from corral.domain.errors import Invalid
from corral.wiring.buses import open_buses


def settings(**bus: Any) -> Settings:
    return Settings(sources=[{"name": "lab", "notifications": bus}, {"name": "other"}])  # type: ignore[list-item]


def test_a_source_has_the_bus_that_is_named_for_it_and_others_have_none(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("LAB_BUS", "rabbit://u:p@127.0.0.1:1/")
    assert list(open_buses(settings(transport_url_env="LAB_BUS"))) == ["lab"]


def test_a_bus_whose_address_is_nowhere_or_wrong_is_refused_at_the_start(monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(Invalid, match="LAB_BUS"):
        open_buses(settings(transport_url_env="LAB_BUS"))
    monkeypatch.setenv("LAB_BUS", "kafka://u:hidden@127.0.0.1/")
    with pytest.raises(Invalid, match="RabbitMQ") as refused:
        open_buses(settings(transport_url_env="LAB_BUS"))
    assert "hidden" not in str(refused.value)
