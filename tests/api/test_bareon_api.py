"""The Bareon-API service over HTTP, as its clients use it: what it keeps, what it refuses, and who gets in."""

from __future__ import annotations

import json
import os
import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from pathlib import Path
from typing import Any

import httpx
import pytest
import schemathesis
import sqlalchemy as sa
from hypothesis import HealthCheck, Phase, given, seed, settings
from hypothesis.errors import Unsatisfiable
from schemathesis import Case, GenerationMode

from corral.bareon_api import Door, open_storage, refuse_open_door, upgrade_storage
from corral.bareon_api.storage import metadata
from corral.domain.errors import Conflict, Invalid
from corral.engine import open_database
from tests.bareon_world import GIB, MIB, Api, disk, node, serving

POSTGRES = os.environ.get("CORRAL_TEST_POSTGRES")


@pytest.fixture(params=["sqlite", "postgresql"] if POSTGRES else ["sqlite"])
def url(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    if request.param == "sqlite":
        return f"sqlite:///{tmp_path / 'made' / 'bareon-api.db'}"
    sql = open_database(str(POSTGRES))
    with sql.begin() as conn:
        conn.execute(sa.text("DROP TABLE IF EXISTS bareon_nodes, bareon_api_alembic_version"))
    sql.dispose()
    upgrade_storage(str(POSTGRES))
    return str(POSTGRES)


@pytest.fixture
def api(url: str) -> Iterator[Api]:
    with serving(url) as found:
        yield found


# --- the prototype's client, call by call -------------------------------------------------------------------


def bare(api: Api, method: str, path: str, body: Any, expected: int) -> httpx.Response:
    """A request as the prototype's client makes it: JSON in every body, GET and DELETE too, and no Content-Type."""
    request = httpx.Request(method, f"{api.url}{path}", content=json.dumps(body).encode())
    assert "content-type" not in request.headers
    answer = api.send(request)
    assert answer.status_code == expected, answer.text
    return answer


def test_the_prototype_client_creates_updates_reads_and_deletes(api: Api) -> None:
    rendered = {
        "id": "disk/by-path/x",
        "name": "sda",
        "device": "sda",
        "type": "disk",
        "size": 65536,
        "free_space": 65000,
    }
    disks = [{**rendered, "extra": [], "volumes": [{"type": "boot", "size": 300}], "bootable": True}]
    bare(api, "GET", "/v1/nodes/nailgun_7", {}, 404)
    bare(api, "POST", "/v1/nodes/", {"id": "nailgun_7", "source_id": 7}, 200)
    bare(api, "PUT", "/v1/nodes/nailgun_7/disks", disks, 200)
    bare(api, "GET", "/v1/nodes/nailgun_7", {}, 200)
    found = bare(api, "GET", "/v1/nodes/nailgun_7/partitioning", {}, 200).json()
    assert set(found) == {"parteds", "mds", "pvs", "vgs", "lvs", "fss"}
    (kept,) = bare(api, "GET", "/v1/nodes/nailgun_7/disks", {}, 200).json()
    assert (kept["disk"], kept["size"]) == ("disk/by-path/x", 65536 * MIB)
    bare(api, "DELETE", "/v1/nodes/nailgun_7", {}, 204)
    bare(api, "DELETE", "/v1/nodes/nailgun_7", {}, 404)


def test_ids_are_one_whatever_their_case(api: Api) -> None:
    api.post("/v1/nodes", json={"id": "ABC-1"}).raise_for_status()
    assert api.seen("abc-1")["id"] == api.seen("Abc-1")["id"] == "abc-1"


# --- nodes --------------------------------------------------------------------------------------------------


def test_a_node_without_a_schema_gets_only_what_booting_reserves(api: Api) -> None:
    api.told(roles=())
    assert api.seen("n1/partitioning") == {kind: [] for kind in ("parteds", "mds", "pvs", "vgs", "lvs", "fss")}
    assert [len(one["volumes"]) for one in api.seen("n1/disk-volumes")] == [0, 0]
    assert api.seen("n1/volumes") == []


def test_a_role_counts_for_nothing_without_a_schema(api: Api) -> None:
    api.put("/v1/nodes/n1", json={**node(), "schema": None}).raise_for_status()
    assert api.seen("n1/partitioning")["parteds"] == []


def test_a_schema_of_ones_own_is_followed(api: Api) -> None:
    own = {
        "version": "strict",
        "volumes_roles_mapping": {"web": [{"id": "os", "allocate_size": "all"}]},
        "volumes": [
            {
                "id": "os",
                "type": "vg",
                "label": "System",
                "min_size": 20480,
                "volumes": [{"name": "root", "type": "lv", "mount": "/", "file_system": "xfs", "size": 20000}],
            }
        ],
    }
    api.put("/v1/nodes/n1", json={**node(roles=("web",)), "schema": own}).raise_for_status()
    assert api.seen("n1/volumes") == [{"name": "os", "label": "System", "min_size": 20480}]
    assert [one["fs_type"] for one in api.seen("n1/fss").values() if one["mount"] == "/"] == ["xfs"]


def test_a_schema_that_is_wrong_is_refused_with_the_place(api: Api) -> None:
    answer = api.put("/v1/nodes/n1", json={**node(), "schema": {"volums": []}})
    assert answer.status_code == 400
    assert "volums" in answer.json()["detail"]
    assert "volumes" in answer.json()["fix"]
    assert api.get("/v1/nodes/n1").status_code == 404


def test_making_a_node_twice_is_one_node_and_another_of_its_id_a_conflict(api: Api) -> None:
    body = {"id": "n1", **node()}
    first, again = api.post("/v1/nodes", json=body), api.post("/v1/nodes", json=body)
    assert first.json() == again.json()
    assert first.headers["ETag"] == again.headers["ETag"]
    assert api.post("/v1/nodes", json={**body, "roles": ["cinder"]}).status_code == 409


def test_lists_come_in_pages_that_miss_none_and_repeat_none(api: Api) -> None:
    names = [f"n{number:02}" for number in range(7)]
    for name in reversed(names):
        api.put(f"/v1/nodes/{name}", json={}).raise_for_status()
    seen, path = [], "/v1/nodes?limit=3"
    while path:
        answer = api.get(path)
        seen += [one["id"] for one in answer.json()]
        path = answer.links["next"]["url"] if "next" in answer.links else ""
    assert seen == names


def test_disks_are_counted_from_one(api: Api) -> None:
    api.told()
    assert api.seen("n1/disks/1")["name"] == "sda"
    assert api.get("/v1/nodes/n1/disks/0").status_code == 404
    assert api.get("/v1/nodes/n1/disks/3").status_code == 404


def test_what_else_was_told_is_kept(api: Api) -> None:
    api.put("/v1/nodes/n1", json=node(disk("sda", rotational=True, wwn="0x5"), host="h1")).raise_for_status()
    assert api.seen("n1")["host"] == "h1"
    assert api.seen("n1/disks/1")["wwn"] == "0x5"


def test_deleting_a_node_deletes_everything_of_it(api: Api) -> None:
    api.told()
    assert api.delete("/v1/nodes/n1").status_code == 204
    for part in ("", "/disks", "/partitioning", "/lvs", "/spaces", "/lvs/os-root"):
        assert api.get(f"/v1/nodes/n1{part}").status_code == 404


def test_disks_too_small_are_known_and_say_why_they_have_no_layout(api: Api) -> None:
    api.put("/v1/nodes/n1", json=node(disk("sda", size=4 * GIB), roles=("controller",))).raise_for_status()
    for path in ("partitioning", "lvs"):
        answer = api.get(f"/v1/nodes/n1/{path}")
        assert answer.status_code in (400, 422), answer.text
        assert "MiB" in answer.json()["detail"]
    api.put("/v1/nodes/n1/disks", json=[disk("sda", 500)]).raise_for_status()
    assert api.seen("n1/partitioning")["parteds"]


# --- edits --------------------------------------------------------------------------------------------------


def test_vgs_serve_vgs_and_mds_are_there(api: Api) -> None:
    api.told()
    assert set(api.seen("n1/vgs")) == {"os", "vm"}
    assert set(api.seen("n1/vgs/os")) == {"name", "pvnames", "keep_data"}
    assert api.seen("n1/mds/md0")["level"] == "1"


def test_an_edit_stays_until_the_disks_change(api: Api) -> None:
    api.told()
    api.edit("n1/fss/os-root", fs_type="xfs").raise_for_status()
    api.edit("n1/lvs/os-swap", size=GIB).raise_for_status()
    told = api.told()
    assert told["edited"] is True
    api.put("/v1/nodes/n1/disks", json=[disk("sdb"), disk("sda", model="now known")]).raise_for_status()
    api.put("/v1/nodes/n1", json=node(meta={"memory": {"total": 3 * GIB}})).raise_for_status()
    assert api.seen("n1/fss/os-root")["fs_type"] == "xfs"
    assert api.seen("n1/lvs/os-swap")["size"] == GIB
    api.put("/v1/nodes/n1/disks", json=[disk("sda", 200), disk("sdb")]).raise_for_status()
    assert api.seen("n1/fss/os-root")["fs_type"] == "ext4"


def test_a_size_edited_to_the_byte_shows_in_the_simple_form(api: Api) -> None:
    api.told()
    before = {one["name"]: one["size"] for one in api.seen("n1/disk-volumes")[1]["volumes"]}
    ((name, part),) = (
        (key, one) for key, one in api.seen("n1/parteds/sdb/partitions").items() if "lvm" in one["flags"]
    )
    api.edit("n1/lvs/vm-nova", size=api.seen("n1/lvs/vm-nova")["size"] - 1000 * MIB).raise_for_status()
    api.edit(f"n1/parteds/sdb/partitions/{name}", end=part["end"] - 1000 * MIB).raise_for_status()
    after = {one["name"]: one["size"] for one in api.seen("n1/disk-volumes")[1]["volumes"]}
    assert after == {**before, "vm": before["vm"] - 1000}
    assert api.seen("n1/spaces")["edited"] is True


def test_volumes_set_in_the_simple_form_make_the_layout(api: Api) -> None:
    api.told()
    wanted = api.seen("n1/disk-volumes")
    wanted[1]["volumes"] = [
        {**one, "size": 5000 if one["name"] == "vm" else one["size"]} for one in wanted[1]["volumes"]
    ]
    answer = api.put("/v1/nodes/n1/disk-volumes", json=wanted)
    assert answer.json() == wanted
    sizes = [one["end"] + 1 - one["begin"] for one in api.seen("n1/parteds/sdb/partitions").values()]
    assert (5000 + 64) * MIB in sizes
    wanted[1]["volumes"][0]["size"] = 10**7
    refused = api.put("/v1/nodes/n1/disk-volumes", json=wanted)
    assert refused.status_code == 400
    assert "Not enough free space on disk" in refused.json()["detail"]


def test_an_impossible_edit_is_refused_with_every_reason_and_nothing_is_written(api: Api) -> None:
    api.told()
    before = api.get("/v1/nodes/n1/partitioning")
    layout = before.json()
    layout["lvs"][0]["size"] *= 1000
    layout["fss"].append({**layout["fss"][0], "device": "/dev/sdz9", "mount": "/other"})
    layout["parteds"][0]["partitions"][1]["begin"] -= MIB
    answer = api.put("/v1/nodes/n1/partitioning", json=layout)
    assert answer.status_code == 422
    assert {one["code"] for one in answer.json()["reasons"]} == {"group-too-small", "no-such-device", "overlap"}
    assert all(one["fix"] for one in answer.json()["reasons"])
    after = api.get("/v1/nodes/n1/partitioning")
    assert (after.json(), after.headers["ETag"]) == (before.json(), before.headers["ETag"])


def test_a_key_that_agents_do_not_know_is_named_with_the_nearest(api: Api) -> None:
    api.told()
    answer = api.put("/v1/nodes/n1/fss/os-root", json={"device": "/dev/mapper/os-root", "mont": "/"})
    assert answer.status_code == 400
    assert "did you mean mount?" in answer.json()["detail"]


def test_objects_can_be_made_and_deleting_one_takes_the_rest_along(api: Api) -> None:
    api.told()
    api.edit("n1/lvs/os-swap", size=GIB).raise_for_status()
    api.put("/v1/nodes/n1/lvs/os-data", json={"name": "data", "vgname": "os", "size": GIB}).raise_for_status()
    data = {"device": "/dev/mapper/os-data", "mount": "/data", "fs_type": "xfs"}
    api.put("/v1/nodes/n1/fss/os-data", json=data).raise_for_status()
    assert api.delete("/v1/nodes/n1/vgs/os").status_code == 204
    assert not [name for part in ("lvs", "fss", "vgs") for name in api.seen(f"n1/{part}") if name.startswith("os")]


def test_the_layout_is_written_for_each_agent_in_its_own_units(api: Api) -> None:
    api.told()
    in_bytes = api.seen("n1/partitioning")
    for target in ("bareon-0.0.1a3", "fuel-agent"):
        in_mib = api.seen(f"n1/partitioning?target={target}")
        assert [one["size"] * MIB for one in in_mib["lvs"]] == [one["size"] for one in in_bytes["lvs"]]


def test_a_record_puts_a_node_back_as_it_was(api: Api) -> None:
    api.told()
    api.edit("n1/fss/os-root", fs_options="-m 0").raise_for_status()
    record, parts = api.seen("n1/record"), ("partitioning", "spaces", "disks", "volumes")
    before = [api.seen(f"n1/{part}") for part in parts]
    api.delete("/v1/nodes/n1").raise_for_status()
    api.put("/v1/nodes/n1/record", json=record).raise_for_status()
    assert [api.seen(f"n1/{part}") for part in parts] == before
    assert api.seen("n1/record") == record


def test_a_record_with_an_impossible_layout_is_refused(api: Api) -> None:
    api.told()
    record = api.seen("n1/record")
    record["partitioning"]["lvs"][0]["size"] *= 1000
    assert api.put("/v1/nodes/n2/record", json=record).status_code == 422
    assert api.get("/v1/nodes/n2").status_code == 404


# --- versions -----------------------------------------------------------------------------------------------


def test_a_lost_update_is_a_conflict(api: Api) -> None:
    api.told()
    seen = api.get("/v1/nodes/n1/fss/os-root")
    mine, theirs = {**seen.json(), "fs_type": "xfs"}, {**seen.json(), "fs_type": "ext3"}
    held = {"If-Match": seen.headers["ETag"]}
    assert api.put("/v1/nodes/n1/fss/os-root", json=theirs, headers=held).status_code == 200
    lost = api.put("/v1/nodes/n1/fss/os-root", json=mine, headers=held)
    assert (lost.status_code, lost.json()["code"]) == (409, "stale")
    assert api.seen("n1/fss/os-root")["fs_type"] == "ext3"
    assert api.delete("/v1/nodes/n1", headers=held).status_code == 409


def test_a_node_made_anew_is_another_one(api: Api) -> None:
    api.told()
    old = api.get("/v1/nodes/n1").headers["ETag"]
    api.delete("/v1/nodes/n1").raise_for_status()
    api.told()
    assert api.delete("/v1/nodes/n1", headers={"If-Match": old}).status_code == 409


def test_writing_the_same_again_is_no_change(api: Api) -> None:
    api.told()
    before = api.get("/v1/nodes/n1").headers["ETag"]
    api.told()
    api.edit("n1/lvs/os-root").raise_for_status()
    assert api.get("/v1/nodes/n1").headers["ETag"] == before
    assert api.get("/v1/nodes/n1", headers={"If-None-Match": before}).status_code == 304


def test_writers_that_race_all_have_their_way(api: Api) -> None:
    api.told(roles=("controller",))
    names = sorted(api.seen("n1/fss"))
    start = threading.Barrier(len(names))

    def label(name: str) -> int:
        body = {**api.seen(f"n1/fss/{name}"), "fs_label": name[:12]}
        start.wait(120)
        return api.put(f"/v1/nodes/n1/fss/{name}", json=body).status_code

    with ThreadPoolExecutor(len(names)) as pool:
        assert set(pool.map(label, names)) == {200}
    assert {name: one["fs_label"] for name, one in api.seen("n1/fss").items()} == {name: name[:12] for name in names}


def test_of_writers_with_one_etag_only_one_wins(api: Api) -> None:
    api.told()
    seen = api.get("/v1/nodes/n1/fss/os-root")
    start = threading.Barrier(6)

    def write(number: int) -> int:
        start.wait(120)
        body = {**seen.json(), "fs_label": f"writer-{number}"}
        headers = {"If-Match": seen.headers["ETag"]}
        return api.put("/v1/nodes/n1/fss/os-root", json=body, headers=headers).status_code

    with ThreadPoolExecutor(6) as pool:
        assert sorted(pool.map(write, range(6))) == [200, 409, 409, 409, 409, 409]


def test_makers_of_one_node_at_once_make_one(api: Api) -> None:
    start = threading.Barrier(6)

    def make(_number: int) -> int:
        start.wait(120)
        return api.put("/v1/nodes/n1", json=node()).status_code

    with ThreadPoolExecutor(6) as pool:
        assert set(pool.map(make, range(6))) == {200}
    assert len(api.seen("")) == 1


def test_everything_is_there_after_a_restart(url: str) -> None:
    with serving(url) as first:
        first.told()
        first.edit("n1/fss/os-root", fs_type="xfs").raise_for_status()
        before, etag = first.seen("n1/record"), first.get("/v1/nodes/n1").headers["ETag"]
    with serving(url) as second:
        assert second.seen("n1/record") == before
        assert second.get("/v1/nodes/n1").headers["ETag"] == etag


# --- hostile bodies -----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "body",
    [
        b'{"source_id": ' + b"9" * 5000 + b"}",
        b'{"host": NaN}',
        b'{"host": 1e999}',
        b'{"host": 99999999999999999999}',
        b'{"host": "\\ud800"}',
        b'{"host": "\\u0000"}',
        b'{"host": ' + b"[" * 100_000 + b"]" * 100_000 + b"}",
        b'{"host": ' + b"[" * 20 + b"]" * 20 + b"}",
        b"\xff\xfe",
        b"[]",
        b"{",
    ],
    ids=[
        "endless number",
        "NaN",
        "infinity",
        "65 bits",
        "half a character",
        "NUL",
        "bomb",
        "deep",
        "bytes",
        "list",
        "cut",
    ],
)
def test_what_is_no_good_json_is_refused_before_it_is_kept(api: Api, body: bytes) -> None:
    assert api.put("/v1/nodes/n1", content=body).status_code == 400
    assert api.get("/v1/nodes/n1").status_code == 404


def test_a_body_without_measure_is_refused(api: Api) -> None:
    big = b'{"host": "' + b"x" * (5 * MIB) + b'"}'
    assert api.put("/v1/nodes/n1", content=big).status_code == 413

    def chunks() -> Iterator[bytes]:
        for start in range(0, len(big), 65536):
            yield big[start : start + 65536]

    with suppress(httpx.WriteError):  # it stops listening amid the body
        assert api.put("/v1/nodes/n1", content=chunks()).status_code == 413
    assert api.get("/v1/nodes/n1").status_code == 404


# --- the door -----------------------------------------------------------------------------------------------


def test_without_a_token_only_this_machine_is_served_and_no_page_of_another_site(api: Api) -> None:
    assert api.get("/v1/nodes", headers={"Host": "evil.example"}).status_code == 403
    assert api.get("/v1/nodes", headers={"Origin": "https://evil.example"}).status_code == 403
    assert api.get("/v1/nodes", headers={"X-Forwarded-For": "192.0.2.1"}).status_code == 401
    assert api.get("/v1/nodes").status_code == 200


def test_with_a_token_nothing_without_it(url: str) -> None:
    with serving(url, token="s3cret") as api:
        assert api.get("/v1/nodes").status_code == 200
        bearer = {"X-Auth-Token": "", "Authorization": "Bearer s3cret"}
        assert api.get("/v1/nodes", headers=bearer).status_code == 200
        for wrong in ("", "s3cre", "s3cret1"):
            answer = api.get("/v1/nodes", headers={"X-Auth-Token": wrong})
            assert answer.status_code == 401
            assert answer.headers["WWW-Authenticate"]
        assert api.get("/healthz", headers={"X-Auth-Token": ""}).status_code == 200


def test_listening_beyond_loopback_needs_a_token() -> None:
    with pytest.raises(Invalid, match="anyone who reaches it"):
        refuse_open_door("0.0.0.0", Door())
    refuse_open_door("0.0.0.0", Door("s3cret"))
    refuse_open_door("127.0.0.1", Door())


def test_it_says_when_it_can_not_work(api: Api) -> None:
    assert api.get("/readyz").json() == {"ready": True, "problems": []}
    sql = api.service.nodes._sql
    with sql.begin() as conn:
        metadata.drop_all(conn)
    answer = api.get("/readyz")
    assert answer.status_code == 503
    assert "does not answer" in answer.json()["problems"][0]


@pytest.mark.skipif(not POSTGRES, reason="needs CORRAL_TEST_POSTGRES")
def test_a_shared_database_is_not_changed_by_starting() -> None:
    sql = open_database(str(POSTGRES))
    with sql.begin() as conn:
        conn.execute(sa.text("DROP TABLE IF EXISTS bareon_nodes, bareon_api_alembic_version"))
    sql.dispose()
    with pytest.raises(Conflict, match="--upgrade-database"):
        open_storage(str(POSTGRES))


# --- whatever the description allows ------------------------------------------------------------------------

BOUNDED = settings(
    max_examples=12,
    derandomize=True,
    database=None,
    deadline=None,
    phases=[Phase.explicit, Phase.generate],
    suppress_health_check=list(HealthCheck),
)


@pytest.mark.parametrize("mode", list(GenerationMode), ids=str)
def test_no_request_makes_the_service_fail(tmp_path: Path, mode: GenerationMode) -> None:
    with serving(f"sqlite:///{tmp_path / 'fuzzed.db'}") as api:
        described = schemathesis.openapi.from_dict(api.get("/openapi.json").json())
        found = [operation.ok() for operation in described.get_all_operations()]
        assert len(found) > 25
        for operation in found:
            _fuzz(api, operation.as_strategy(generation_mode=mode))


def _fuzz(api: Api, cases: Any) -> None:
    @seed(20260101)
    @BOUNDED
    @given(case=cases)
    def no_failure(case: Case) -> None:
        if "node" in (case.path_parameters or {}):  # one that is there, so that more than "not found" is reached
            case.path_parameters["node"] = "n1"
            api.put("/v1/nodes/n1", json=node())
        answer = case.call(base_url=api.url, timeout=120)
        assert answer.status_code < 500, f"{answer.status_code}: {answer.text[:500]}"

    with suppress(Unsatisfiable):
        no_failure()
