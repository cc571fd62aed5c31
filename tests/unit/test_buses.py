"""Buses by settings: what is wrong is said at the start, and nothing is connected to."""

from __future__ import annotations

from typing import Any

import pytest
from pydantic import ValidationError

from corral.config import Settings
from corral.domain.errors import Invalid
from corral.notify.together import Together
from corral.wiring.buses import open_buses


def settings(**bus: Any) -> Settings:
    return Settings(sources=[{"name": "lab", "notifications": bus}, {"name": "other"}])  # type: ignore[list-item]


def test_a_source_has_the_bus_that_is_named_for_it_and_others_have_none(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("LAB_BUS", "rabbit://u:p@127.0.0.1:1/")
    assert list(open_buses(settings(transport_url_env="LAB_BUS"))) == ["lab"]


def test_hypervisors_with_a_cloud_and_sources_of_several_buses_have_theirs(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("LAB_BUS", "rabbit://u:p@127.0.0.1:1/")
    one = {"transport_url_env": "LAB_BUS"}
    found = Settings(
        sources=[{"name": "lab", "notifications": [one, {**one, "topics": {"neutron": ["notifications"]}}]}],  # type: ignore[list-item]
        hypervisors=[{"name": "racks", "cloud": "corral", "notifications": one}, {"name": "alone"}],  # type: ignore[list-item]
    )
    assert isinstance((buses := open_buses(found))["lab"], Together)
    assert sorted(buses) == ["lab", "racks"]


def test_hypervisors_without_a_cloud_have_nothing_to_be_announced_and_a_bus_is_refused() -> None:
    with pytest.raises(ValidationError, match="name the cloud"):
        Settings(hypervisors=[{"name": "racks", "notifications": {"transport_url_env": "LAB_BUS"}}])  # type: ignore[list-item]
    with pytest.raises(ValidationError, match="topics"):
        settings(transport_url_env="LAB_BUS", topics={})


def test_a_bus_whose_address_is_nowhere_or_wrong_is_refused_at_the_start(monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(Invalid, match="LAB_BUS"):
        open_buses(settings(transport_url_env="LAB_BUS"))
    monkeypatch.setenv("LAB_BUS", "kafka://u:hidden@127.0.0.1/")
    with pytest.raises(Invalid, match="RabbitMQ") as refused:
        open_buses(settings(transport_url_env="LAB_BUS"))
    assert "hidden" not in str(refused.value)
