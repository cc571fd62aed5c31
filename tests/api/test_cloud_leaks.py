"""Leaks in Cinder and Neutron, over the API and from the command line: what is found, what is repaired, and what is left alone."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any
from uuid import uuid4

import pytest
import sqlalchemy as sa
from api_world import Api, Serve
from test_api_cloud import WISH, corral, filled, reverted, until

from corral.domain.errors import Unreachable
from corral.domain.traces import installation_of, marked_uuid
from corral.drivers.memory.clouds import MemoryCloud
from corral.store.cloud_tables import cloud_marks, cloud_records
from tests.cloud_world import DB, PROJECT, SOURCE, cloud, everything, group, hosts

Json = dict[str, Any]


@pytest.fixture
def around() -> MemoryCloud:
    return cloud()


@pytest.fixture
def api(serve: Serve, around: MemoryCloud) -> Api:
    made = serve(hosts=[group(hosts())], clouds={SOURCE: around.around}, sleep=lambda _: around.settle())
    until(lambda: all(one["surveyed_at"] for one in made.seen("/v1/hosts")["sources"]))
    return made


def lose(api: Api, *, memory_too: bool = False) -> dict[str, str]:
    """Forget all records; gives their ids by what they made."""
    with api.corral.sql.begin() as conn:
        ids = {row.made: row.id for row in conn.execute(sa.select(cloud_records))}
        conn.execute(sa.delete(cloud_records))
        if memory_too:
            conn.execute(sa.delete(cloud_marks))
    return ids


def found(api: Api, **query: str) -> dict[str, Json]:
    """The leaks by what they are about; every source was looked at."""
    told = api.seen("/v1/leaks", **query)
    assert all(one["looked_at"] for one in told["sources"]), told["sources"]
    return {one["subject"]: one for one in told["leaks"]}


def fixed(api: Api, **wish: str) -> list[str]:
    """How the operations ended that repair what is fixable."""
    answer = api.post("/v1/leaks/fix", json=wish)
    assert answer.status_code == 202, answer.text
    mended = answer.json()["mended"]
    assert [one["problem"] for one in mended if one["problem"]] == []
    return [str(api.ended(one["operation"])["state"]) if one["operation"] else "done" for one in mended]


def kinds(told: dict[str, Json]) -> list[str]:
    return sorted(one["kind"] for one in told.values())


def test_what_is_recorded_and_what_was_taken_back_are_no_leaks(api: Api) -> None:
    filled(api)
    assert found(api) == {}
    reverted(api)
    assert found(api) == {}


def test_marks_without_a_record_are_found_and_the_cloud_is_as_it_was_after_the_repair(
    api: Api, around: MemoryCloud
) -> None:
    before = everything(around)
    filled(api)
    ids, told = lose(api), found(api)
    assert kinds(told) == ["vm-port-without-record", "vm-port-without-record", "volume-without-record"]
    assert set(told) == set(ids)
    assert all(one["fixable"] and ids[subject] in one["what"] for subject, one in told.items())
    assert fixed(api) == ["succeeded"] * 3
    assert everything(around) == before
    assert found(api) == {}


def test_marks_that_this_database_never_wrote_are_told_and_left_alone_until_a_person_names_whose_they_are(
    api: Api, around: MemoryCloud
) -> None:
    before = everything(around)
    filled(api)
    lose(api, memory_too=True)
    filled_up, told = everything(around), found(api)
    [installation] = {one["installation"] for one in told.values()}
    assert installation == api.seen("/v1/leaks")["installation"]
    assert not any(one["fixable"] for one in told.values())
    assert all("this database does not know it" in one["what"] for one in told.values())
    assert fixed(api) == []
    assert everything(around) == filled_up
    assert fixed(api, source=SOURCE, installation=installation) == ["succeeded"] * 3
    assert everything(around) == before


def test_another_corral_s_records_are_never_touched(api: Api, around: MemoryCloud) -> None:
    filled(api)
    lose(api, memory_too=True)
    [volume] = around.world.storage.volumes.values()
    theirs = marked_uuid(uuid4(), "bbbbbbbbbbbb")
    volume["metadata"] = {"corral:record": theirs}
    one = found(api)[volume["id"]]
    assert (one["installation"], one["fixable"]) == (installation_of(theirs), False)
    assert "perhaps it is another Corral's" in one["what"]


def _exported(around: MemoryCloud, _volume: Json) -> None:
    [attachment] = around.world.storage.attachments.values()
    attachment["connection_info"] = {"driver_volume_type": "iscsi"}


def _marked_anew(_around: MemoryCloud, volume: Json) -> None:
    volume["metadata"] = {}


@pytest.mark.parametrize(("change", "kept"), [(_exported, "in-use"), (_marked_anew, None)])
def test_a_volume_that_somebody_uses_by_the_time_of_the_repair_is_left_alone(
    api: Api, around: MemoryCloud, change: Callable[[MemoryCloud, Json], None], kept: str | None
) -> None:
    filled(api, kinds=["volume"])
    lose(api)
    [volume] = around.world.storage.volumes.values()
    if kept:
        change(around, volume)
        assert fixed(api) == ["reverted"]
        assert around.world.storage.volumes[volume["id"]]["status"] == kept
    else:
        change(around, volume)
        assert fixed(api) == []
        assert volume["id"] in around.world.storage.volumes


def test_a_record_whose_volume_or_port_is_gone_is_found_and_forgotten_and_can_be_made_again(
    api: Api, around: MemoryCloud
) -> None:
    filled(api, machines=[DB])
    around.world.ports.clear()
    around.world.storage.volumes.clear()
    around.world.storage.attachments.clear()
    told = found(api)
    assert kinds(told) == ["cloud-record-gone", "cloud-record-gone"]
    assert set(told) == {one["id"] for one in api.seen("/v1/cloud/records")["records"]}
    assert fixed(api) == ["done", "done"]
    assert api.seen("/v1/cloud/records")["records"] == []
    assert [one["state"] for one in filled(api, machines=[DB])] == ["succeeded"]
    audit = [one for one in api.seen("/v1/audit")["audit"] if one["action"] == "leak:fix"]
    assert {one["detail"]["kind"] for one in audit} == {"cloud-record-gone"}


def test_what_is_another_s_by_now_or_lost_its_mark_is_told_and_nothing_is_done_about_it(
    api: Api, around: MemoryCloud
) -> None:
    filled(api, machines=[DB])
    [port], [volume] = around.world.ports.values(), around.world.storage.volumes.values()
    port.device, port.device_owner = "instance", "compute:nova"
    volume["metadata"] = {}
    told, before = found(api), everything(around)
    assert kinds(told) == ["cloud-record-changed", "cloud-record-changed"]
    words = " ".join(one["what"] for one in told.values())
    assert "held by compute:nova instance" in words
    assert "without its mark" in words
    assert fixed(api) == []
    assert everything(around) == before


def test_a_copy_of_a_mark_is_told_and_its_record_is_not_missed(api: Api, around: MemoryCloud) -> None:
    filled(api, kinds=["volume"])
    [volume] = around.world.storage.volumes.values()
    around.world.storage.volumes["copy"] = {**volume, "id": "f0000000-0000-4000-8000-00000000000c"}
    assert {one["subject"]: one["kind"] for one in found(api).values()} == {
        "f0000000-0000-4000-8000-00000000000c": "record-mark-copied"
    }


def test_a_cloud_that_does_not_answer_is_told_and_hides_nothing_at_the_hypervisor(
    api: Api, around: MemoryCloud
) -> None:
    filled(api)

    def dead(_told: str) -> None:
        raise Unreachable("block-storage: no connection. Nothing was sent.")

    around.faults = dead
    told = api.seen("/v1/leaks")
    assert [(one["looked_at"], "no connection" in one["problem"]) for one in told["sources"]] == [(False, True)]
    assert told["leaks"] == []


def test_a_record_in_a_project_that_the_login_does_not_see_is_not_called_gone(api: Api, around: MemoryCloud) -> None:
    filled(api, machines=[DB], kinds=["volume"])
    [volume] = around.world.storage.volumes.values()
    real = around.wire.send

    def own_project_only(service: str, method: str, target: str, body: Any = None, headers: Any = None) -> Any:
        answer = real(service, method, target, body, headers)
        if "all_tenants" in target and (headers or {}).get("X-Project-Id") != PROJECT:
            answer.data["volumes"].clear()
        return answer

    around.wire.send = own_project_only  # type: ignore[method-assign]  # a login that is no admin
    assert volume["project"] == PROJECT
    assert found(api) == {}


def test_the_scan_asks_by_lists_and_never_for_one_thing(api: Api, around: MemoryCloud) -> None:
    filled(api)
    asked: list[str] = []
    around.faults = asked.append
    assert found(api) == {}
    assert len([one for one in asked if one.startswith("before")]) <= 4, asked


def test_the_command_line_finds_and_repairs(api: Api, around: MemoryCloud) -> None:
    before = everything(around)
    filled(api, machines=[DB])
    lose(api)
    assert "volume-without-record" in corral(api, "leaks", code=1)
    corral(api, "leaks", "--fix", "--yes")
    assert everything(around) == before


def test_an_operation_that_fills_is_no_leak_at_any_call(api: Api, around: MemoryCloud) -> None:
    told: list[str] = []
    scans = api.corral.leaks.scan

    def look(call: str) -> None:
        if " GET " not in call:
            told.append(call)
            around.faults = None
            assert scans().leaks == ()
            around.faults = look

    around.faults = look
    answer = api.post("/v1/cloud/plans", json={**WISH, "machines": [DB]})
    body = {**WISH, "machines": [DB], "digest": answer.json()["digest"]}
    for one in api.post("/v1/cloud/records", json=body).json()["operations"]:
        assert api.ended(one)["state"] == "succeeded"
    around.faults = None
    assert told
    assert found(api) == {}
