"""What `corral cloud` says to what can't be done: what, why, and what to do; and a code that scripts can go by."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from api_world import Api, serving
from test_api_cloud import corral, until

from corral.domain.errors import Unreachable
from corral.drivers.memory.clouds import MemoryCloud
from tests.cloud_world import DB, LAB, SOURCE, cloud, group, hosts

USAGE, NOT_FOUND, REFUSED, UNREACHABLE, NOT_SUPPORTED = 2, 3, 4, 5, 7
HERE, APPLY, NOTHING = ("--host", "kvm-01"), ("--apply", "--yes"), "Nothing was recorded"


@pytest.fixture(scope="module")
def around() -> MemoryCloud:
    return cloud()


@pytest.fixture(scope="module")
def api(around: MemoryCloud, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Api]:
    clouds = {SOURCE: around.around}
    with serving(tmp_path_factory.mktemp("cloud"), hosts=[group(hosts())], clouds=clouds) as made:
        until(lambda: all(one["surveyed_at"] for one in made.seen("/v1/hosts")["sources"]))
        yield made


@pytest.mark.parametrize(
    ("words", "code", "said"),
    [
        (("matches", "--host", "nowhere"), NOT_FOUND, ("no host 'nowhere'", "corral host list")),
        (("matches", "--host", ""), USAGE, ("empty name", "Give a name or an id")),
        (("volumes", *HERE, "--source", "nowhere"), NOT_FOUND, ("no source of hosts called 'nowhere'", "racks")),
        (("volumes", *HERE, "--vm", "db"), NOT_FOUND, ("no VM with the id db", DB)),
        (("ports", *HERE, "--vm", "nothing"), NOT_FOUND, ("no VM with the id nothing", "corral host machines kvm-01")),
        (("ports", *HERE, "--project", "no project"), USAGE, ("body.project", "/docs describes every field")),
        (("ports", *HERE, "--vm", DB, "--project", "nobodys", *APPLY), REFUSED, ("openstack project list", NOTHING)),
        (("volumes", *HERE, "--vm", LAB, *APPLY), REFUSED, ("volume-unmatched", "manageable-list", NOTHING)),
        (("volumes", *HERE, "--map", "/nowhere/rules.yaml"), USAGE, ("No such file", "Correct its path")),
        (("volumes", *HERE, "--apply", "--revert"), USAGE, ("say the opposite", "Say one of the two")),
        (("ports", *HERE, "--vm", "nothing", "--revert", "--yes"), 0, ("nothing to take back of nothing", "corral cloud records")),
        (("records", "--source", "nowhere"), NOT_FOUND, ("no source of hosts called 'nowhere'", "racks")),
        (("nova", "nothing", *HERE), NOT_FOUND, ("no VM called 'nothing'", "corral host machines kvm-01")),
        (("nova", "db", *HERE, "--images-type", "Q 2"), USAGE, ("images_type", "/docs describes every field")),
    ],
)  # fmt: skip
def test_what_is_wrong_is_said_with_why_and_what_to_do(
    api: Api, words: tuple[str, ...], code: int, said: tuple[str, ...]
) -> None:
    told = " ".join(corral(api, "cloud", *words, code=code).split())
    assert all(one in told for one in said), told


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("a: [b", "(line 1, column 6)"),
        ("- a", "are no mapping"),
        ("netwrks: []", "Did you mean 'networks'?"),
        ("projects: {db: 'x y'}", "`openstack project list` has the ids"),
        ("networks: [{network: nowhere}]", "`openstack network list` has names and UUIDs"),
    ],
)
def test_rules_that_can_not_be_used_are_said_with_where_and_what_to_write(
    api: Api, tmp_path: Path, text: str, said: str
) -> None:
    rules = tmp_path / "rules.yaml"
    rules.write_text(text)
    assert said in " ".join(corral(api, "cloud", "ports", *HERE, "--map", str(rules), code=USAGE).split())


def test_a_cloud_whose_cinder_is_down_still_has_ports_and_says_so_of_volumes(api: Api, around: MemoryCloud) -> None:
    def no_cinder(told: str) -> None:
        if "/v3/" in told and "/projects/" not in told:
            raise Unreachable("block-storage: no connection.", fix="Check that the service runs.")

    around.faults = no_cinder
    try:
        told = corral(api, "cloud", "ports", *HERE, "--project", "b" * 32)
        assert "2 ports of 3 would be recorded" in told
        told = corral(api, "cloud", "volumes", *HERE, code=UNREACHABLE)
        assert "block-storage: no connection" in told
        assert "Check that the service runs" in told
    finally:
        around.faults = None


def test_a_source_without_a_cloud_is_told_with_the_setting_that_names_one(
    tmp_path_factory: pytest.TempPathFactory,
) -> None:
    with serving(tmp_path_factory.mktemp("bare"), hosts=[group(hosts())]) as bare:
        until(lambda: all(one["surveyed_at"] for one in bare.seen("/v1/hosts")["sources"]))
        for command in ("matches", "volumes", "ports"):
            told = " ".join(corral(bare, "cloud", command, *HERE, code=NOT_SUPPORTED).split())
            assert "Source racks has no cloud around it" in told
            assert "name an entry of clouds.yaml" in told
