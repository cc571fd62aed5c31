"""Flavors that compose, what would be composed for them, and what a pod has left."""

from __future__ import annotations

import json
from typing import Any

import pytest
from api_world import Api, Serve, error_of, fleet

from corral.domain.blocks import Adapter, Block, BlockKind, Drive, Media
from corral.drivers.memory.pod import MemoryPod

GB = 10**9
SMALL = {"cpus": 8, "memory": "16GiB", "disks": [{"size": "400GB", "media": "SSD"}], "nics": [{"speed": "10G"}]}


def block(name: str, kind: BlockKind, **fields: Any) -> Block:
    return Block(f"/blocks/{name}", frozenset({kind}), name, **fields)


def pod(name: str = "pod-1") -> MemoryPod:
    """Two machines' worth, and memory for three."""
    found = MemoryPod(name)
    found.world.add(
        block("cpu-big", BlockKind.COMPUTE, cores=32, memory=32 * 1024),
        block("cpu-small", BlockKind.COMPUTE, cores=8, memory=16 * 1024),
        block("mem", BlockKind.MEMORY, memory=64 * 1024),
        block("disks", BlockKind.STORAGE, drives=(Drive(480 * GB, Media.SSD), Drive(480 * GB, Media.SSD))),
        block("disk", BlockKind.STORAGE, drives=(Drive(480 * GB, Media.SSD),)),
        block("net", BlockKind.NETWORK, adapters=(Adapter(25_000, "52:54:00:00:00:01"),)),
    )
    return found


@pytest.fixture
def one(serve: Serve) -> Api:
    return serve(fleet().source, pod().source)


def test_a_flavor_keeps_what_it_composes_in_whole_units(one: Api) -> None:
    uuid = one.flavor("small", resources={}, compose={**SMALL, "source": "pod-1", "traits": ["B", "A"]})
    assert one.seen(f"/v1/flavors/{uuid}")["compose"] == {
        "cpus": 8,
        "memory": 16384,
        "disks": [{"size": 400 * GB, "count": 1, "media": "SSD"}],
        "nics": [{"count": 1, "speed": 10_000}],
        "traits": ["A", "B"],
        "source": "pod-1",
        "compose_when_full": False,
    }
    assert one.seen(f"/v1/flavors/{one.flavor('gold')}")["compose"] is None


@pytest.mark.parametrize(
    ("wrong", "told"),
    [
        ({"cpu": 8, "memory": 1}, "there is no 'cpu': did you mean 'cpus'?"),
        ({"cpus": 8, "ram": 1}, "there is no 'ram': did you mean 'memory'?"),
        ({"cpus": 8, "memory": 1, "colour": 1}, "there is no 'colour': there are cpus, memory, disks"),
        ({"cpus": 8, "memory": 1, "disks": [{"capacity": 1}]}, "there is no 'capacity': did you mean 'size'?"),
        ({"cpus": 8, "memory": "64 lots"}, "'64 lots' is no amount; write it as 64GiB"),
        ({"cpus": 8, "memory": 1, "disks": [{"size": "1GB", "media": "tape"}]}, "'HDD', 'SSD' or 'NVMe'"),
        ({"cpus": 0, "memory": 1}, "greater than or equal to 1"),
        ({"cpus": True, "memory": 1}, "compose.cpus"),
    ],
)
def test_a_flavor_that_can_not_be_read_is_refused_with_the_nearest_word_that_is_known(
    one: Api, wrong: dict[str, Any], told: str
) -> None:
    answer = one.post("/v1/flavors", json={"name": "bad", "compose": wrong})
    assert answer.status_code == 400
    assert told in error_of(answer)["message"]


def test_what_a_flavor_composes_can_be_changed_and_taken_away(one: Api) -> None:
    path = f"/v1/flavors/{one.flavor('small', compose=SMALL)}"
    changes = [{"op": "replace", "path": "/compose/cpus", "value": 16}, {"op": "remove", "path": "/compose/disks"}]
    changed = one.patch(path, json=changes)
    assert changed.status_code == 200, changed.text
    assert changed.json()["compose"] | {"cpus": 16, "disks": []} == changed.json()["compose"]
    assert one.patch(path, json=[{"op": "add", "path": "/compose/cpu", "value": 1}]).status_code == 400
    assert one.patch(path, json=[{"op": "remove", "path": "/compose"}]).json()["compose"] is None


def test_a_preview_shows_the_blocks_that_leave_least_over(one: Api) -> None:
    one.flavor("small", compose=SMALL)
    answer = one.post("/v1/compose/preview", json={"flavor": "small"})
    found = answer.json()
    assert answer.status_code == 200
    assert (found["fits"], found["source"], found["zone"], found["exact"]) == (True, "pod-1", "zone-1", True)
    assert [each["name"] for each in found["blocks"]] == ["cpu-small", "disk", "net"]
    assert (
        found["surplus"] | {"cores": 0, "memory": 0, "disk": 80 * GB, "drives": 0, "network": 15_000}
        == found["surplus"]
    )


def test_a_preview_tells_every_reason_why_nothing_fits(one: Api) -> None:
    wish = {"cpus": 99, "memory": "512GiB", "nics": [{"speed": "100G", "count": 2}]}
    found = one.post("/v1/compose/preview", json={"compose": wish}).json()
    assert not found["fits"]
    assert found["blocks"] == []
    assert [reason["message"] for reason in found["reasons"]] == [
        "cpus: best zone has 40 of 99 cores free",
        "memory: best zone has 112 of 512 GiB free",
        "nics: best zone has 0 of 2 interfaces of at least 100 Gbit/s free",
    ]
    assert (found["reasons"][0]["free"], found["reasons"][0]["wanted"]) == (40, 99)


def test_a_preview_takes_nothing_that_is_used_or_claimed(serve: Serve) -> None:
    memory = pod()
    api = serve(memory.source)
    memory.world.take("/blocks/cpu-small", "/blocks/disk")
    found = api.post("/v1/compose/preview", json={"compose": SMALL}).json()
    assert [each["name"] for each in found["blocks"]] == ["cpu-big", "disks", "net"]
    assert len(memory.world.records) == 1


def test_the_pod_must_be_named_where_there_are_several_and_exist(serve: Serve) -> None:
    api = serve(fleet().source, pod("a").source, pod("b").source)
    ask = "/v1/compose/preview"
    assert "a, b" in error_of(api.post(ask, json={"compose": SMALL}))["message"]
    assert api.post(ask, json={"compose": SMALL, "source": "b"}).json()["source"] == "b"
    assert api.post(ask, json={"compose": {**SMALL, "source": "a"}}).json()["source"] == "a"
    assert api.post(ask, json={"compose": SMALL, "source": "c"}).status_code == 404
    assert api.post(ask, json={"compose": SMALL, "source": "lab"}).status_code == 501


def test_without_a_pod_nothing_is_composed(api: Api) -> None:
    assert api.post("/v1/compose/preview", json={"compose": SMALL}).status_code == 501


def test_a_flavor_for_machines_that_are_there_has_no_preview(one: Api) -> None:
    one.flavor("gold")
    answer = one.post("/v1/compose/preview", json={"flavor": "gold"})
    assert answer.status_code == 400
    assert "composes nothing" in error_of(answer)["message"]
    assert one.post("/v1/compose/preview", json={"flavor": "absent"}).status_code == 404
    assert one.post("/v1/compose/preview", json={}).status_code == 400


def test_a_pool_shows_what_is_free_and_what_one_system_could_have_of_it(one: Api) -> None:
    found = one.seen("/v1/sources/pod-1/pool")
    assert found["kinds"]["Compute"] == {"free": 2}
    assert found["zones"] == [
        {
            "id": "zone-1",
            "name": "zone-1",
            "blocks": 6,
            "free": 6,
            "largest": {"cpus": 40, "memory": 112 * 1024, "disk": 1440 * GB, "drives": 3, "nics": 1},
        }
    ]
    assert found["fragmentation"]["memory"] == 0
    assert {each["id"] for each in found["blocks"]} >= {"/blocks/mem"}
    assert json.dumps(found)


def test_a_source_without_blocks_has_no_pool(one: Api) -> None:
    answer = one.get("/v1/sources/lab/pool")
    assert answer.status_code == 501
    assert error_of(answer)["code"] == "not-supported"
    assert one.get("/v1/sources/absent/pool").status_code == 404


def test_members_may_preview_and_only_admins_see_the_pool(serve: Serve) -> None:
    api = serve(pod().source, identity={"tokens": True})
    member, reader, admin = (api.another(api.token(role)) for role in ("member", "reader", "admin"))
    assert member.post("/v1/compose/preview", json={"compose": SMALL}).status_code == 200
    assert reader.post("/v1/compose/preview", json={"compose": SMALL}).status_code == 403
    assert member.get("/v1/sources/pod-1/pool").status_code == 403
    assert admin.get("/v1/sources/pod-1/pool").status_code == 200
