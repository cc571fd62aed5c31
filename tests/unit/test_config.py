"""Where settings come from, and what goes before what."""

from __future__ import annotations

from pathlib import Path

import pytest

from corral import config
from corral.domain.errors import Invalid


@pytest.fixture(autouse=True)
def _nothing_set(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    for name in ("CORRAL_CONFIG", "CORRAL_BAREON_ADDRESS", "BAREON_ADDRESS"):
        monkeypatch.delenv(name, raising=False)


@pytest.mark.parametrize(
    ("argument", "environment", "file", "expected"),
    [
        (None, {}, "", "127.0.0.1:9322"),
        (None, {}, "bareon_address: file:1", "file:1"),
        (None, {"BAREON_ADDRESS": "short:2"}, "bareon_address: file:1", "short:2"),
        (None, {"BAREON_ADDRESS": ""}, "bareon_address: file:1", "file:1"),
        (None, {"BAREON_ADDRESS": "short:2", "CORRAL_BAREON_ADDRESS": "long:3"}, "", "long:3"),
        (None, {"CORRAL_BAREON_ADDRESS": "long:3"}, "bareon_address: file:1", "long:3"),
        ("given:4", {"BAREON_ADDRESS": "short:2", "CORRAL_BAREON_ADDRESS": "long:3"}, "", "given:4"),
    ],
)
def test_the_nearest_word_about_the_bareon_api_service_counts(
    argument: str | None,
    environment: dict[str, str],
    file: str,
    expected: str,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    for name, value in environment.items():
        monkeypatch.setenv(name, value)
    Path("corral.yaml").write_text(file)
    assert config.load(bareon_address=argument).bareon_address == expected


def test_the_services_address_is_told_in_one_place_only() -> None:
    Path("corral.yaml").write_text("extensions: {options: {bareon: {address: 'elsewhere:1'}}}")
    with pytest.raises(Invalid, match="set `bareon_address`, or the variable BAREON_ADDRESS"):
        config.load()
