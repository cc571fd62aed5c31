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


@pytest.mark.parametrize(
    ("file", "expected"),
    [
        ("porte: 1", r"porte \(in .*/corral.yaml\): there is no such setting; did you mean port\?"),
        ("sync: {police: p.yaml}", r"sync.police \(in .*\): there is no such setting; did you mean policy_file\?"),
        ("sources: [{name: a, driver: memory, option: {}}]", r"sources\[0\].option \(.*\): .*did you mean options\?"),
        ("sources: [{name: a, nodes: {driver_inf: {}}}]", r"nodes.driver_inf \(.*\): .*did you mean driver_info\?"),
        ("sources: [a]", r"sources\[0\] \(in .*\): it should be a mapping of settings"),
        ("sources: [{driver: memory}]", r"sources\[0\].name \(in .*\): it must be given"),
        ("notifications: {topics: one}", r"notifications.topics \(in .*\): it should be a list"),
        ("sync: {policy_file: 3}", r"sync.policy_file \(in .*\): it should be a path"),
        ("sources: [{name: a}]\nhypervisors: [{name: a}]", r"the whole \(in .*\): two sources are called a: machines"),
    ],
)
def test_what_is_wrong_in_a_file_is_told_with_its_place_and_the_files_name(file: str, expected: str) -> None:
    Path("corral.yaml").write_text(file)
    with pytest.raises(Invalid, match=expected):
        config.load()


def test_a_wrong_variable_and_a_wrong_argument_are_not_blamed_on_the_file(monkeypatch: pytest.MonkeyPatch) -> None:
    Path("corral.yaml").write_text("port: 1\nworkers: 1\nsync: {policy_file: 3}")
    monkeypatch.setenv("CORRAL_PORT", "many")
    monkeypatch.setenv("CORRAL_RETENTION__PLANS_DAYS", "-1")
    with pytest.raises(Invalid) as raised:
        config.load(workers=0)
    told = raised.value.message
    assert "port (by the variable CORRAL_PORT): Input should be" in told
    assert "retention.plans_days (by the variable CORRAL_RETENTION__PLANS_DAYS): " in told
    assert "workers (given as an argument): " in told
    assert f"sync.policy_file (in {Path('corral.yaml').absolute()}): " in told


def test_what_a_wrong_setting_says_is_not_repeated() -> None:
    Path("corral.yaml").write_text("identity: {tokens: hunter2}\nsources: hunter2\ndefault_source: [hunter2]")
    with pytest.raises(Invalid) as raised:
        config.load()
    assert "identity.tokens" in raised.value.message
    assert "hunter2" not in str(raised.value)
