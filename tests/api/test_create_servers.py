"""POST and DELETE of servers that Corral brings about: Mogan's schema, who may, and what is refused by name."""

from __future__ import annotations

import base64
import time
from typing import Any

import pytest
from api_world import Api, Serve, error_of, wish

from corral.domain.machine import Image, Network
from corral.drivers.memory import MemorySource
from corral.drivers.memory.world import NicRecord, Node

IMAGE = "5e5e5e5e-0000-4000-8000-000000000001"
NET = "cccccccc-0000-4000-8000-000000000077"


def _free(memory: MemorySource, count: int = 1, project: str = "default") -> list[Node]:
    """Available machines of a class of their own."""
    memory.world.add(images=[Image(IMAGE, "debian")], networks=[Network(NET, "tenant", project)])
    return [
        memory.world.add_node(
            Node(
                f"a0a0a0a0-0000-4000-8000-{number:012d}",
                f"free-{number}",
                "available",
                "power on",
                resource_class="fresh",
                nics=[NicRecord(f"e0e0e0e0-0000-4000-8000-{number:012d}", f"52:54:00:77:00:{number:02x}")],
            )
        )
        for number in range(1, count + 1)
    ]


def _body(flavor: str, **fields: Any) -> dict[str, Any]:
    server = {"name": "web", "image_uuid": IMAGE, "flavor_uuid": flavor, "networks": [{"net_id": NET}], **fields}
    return {"server": server}


def _rest(api: Api, uuid: str) -> dict[str, Any]:
    end = time.monotonic() + 120
    while True:
        found = api.seen(f"/v1/servers/{uuid}")
        if found["status"] not in ("building", "deleting"):
            return dict(found)
        assert time.monotonic() < end, found
        time.sleep(0.05)


def test_a_server_is_created_and_deleted_in_mogans_form(api: Api, memory: MemorySource) -> None:
    [node] = _free(memory)
    data = base64.b64encode(b"#cloud-config").decode()
    body = _body(api.flavor("fresh"), min_count=1, max_count=1, user_data=data, partitions={"root_gb": "20"})
    answer = api.post("/v1/servers", json=body)
    assert answer.status_code == 201, answer.text
    made = answer.json()
    assert (made["status"], made["node"], made["adopted"], made["composed"]) == ("building", None, False, False)
    assert made["partitions"] == {"root_gb": 20, "ephemeral_gb": 0, "swap_mb": 0}
    assert api.ended(answer.headers["Corral-Operation"])["state"] == "succeeded"
    server = _rest(api, made["uuid"])
    assert (server["status"], server["node"], server["image_uuid"]) == ("active", "free-1", IMAGE)
    assert node.instance_info["root_gb"] == 20
    assert node.instance_info["configdrive"]["user_data"] == "#cloud-config"
    answer = api.delete(f"/v1/servers/{made['uuid']}")
    assert (answer.status_code, answer.headers["Corral-Effect"]) == (204, "delete; the machine is torn down")
    assert api.ended(answer.headers["Corral-Operation"])["state"] == "succeeded"
    assert api.get(f"/v1/servers/{made['uuid']}").status_code == 404
    assert (node.provision_state, node.instance_uuid, node.instance_info) == ("available", None, {})


def test_several_servers_are_answered_with_the_first_and_all_of_them(api: Api, memory: MemorySource) -> None:
    _free(memory, 3)
    answer = api.post("/v1/servers", json=_body(api.flavor("fresh"), min_count=2, max_count=5))
    assert answer.status_code == 201, answer.text
    made = answer.json()
    assert [one["name"] for one in made["servers"]] == ["web-1", "web-2", "web-3"]
    assert made["uuid"] == made["servers"][0]["uuid"]
    assert {_rest(api, one["uuid"])["status"] for one in made["servers"]} == {"active"}


def test_too_little_room_is_a_conflict_that_says_why(api: Api, memory: MemorySource) -> None:
    _free(memory, 1)
    answer = api.post("/v1/servers", json=_body(api.flavor("fresh"), min_count=2))
    assert answer.status_code == 409
    error = error_of(answer)
    assert error["code"] == "no-node"
    assert "room for 1 servers" in error["message"]


@pytest.mark.parametrize(
    ("fields", "status"),
    [
        ({"key_name": "mine"}, 501),
        ({"adminPass": "secret"}, 501),
        ({"personality": [{"path": "/x", "contents": ""}]}, 501),
        ({"networks": []}, 400),
        ({"unknown": 1}, 400),
        ({"user_data": "no base64!"}, 400),
        ({"min_count": 3, "max_count": 2}, 400),
        ({"min_count": 2, "networks": [{"port_id": NET}]}, 400),
        ({"flavor_uuid": "dddddddd-0000-4000-8000-00000000dead"}, 404),
    ],
)
def test_what_can_not_be_is_refused_and_never_ignored(
    api: Api, memory: MemorySource, fields: dict[str, Any], status: int
) -> None:
    [node] = _free(memory)
    answer = api.post("/v1/servers", json=_body(api.flavor("fresh"), **fields))
    assert answer.status_code == status, answer.text
    assert api.seen("/v1/servers")["servers"] == []
    assert node.instance_uuid is None


def test_hints_for_a_scheduler_are_refused(api: Api, memory: MemorySource) -> None:
    _free(memory)
    body = {**_body(api.flavor("fresh")), "scheduler_hints": {"group": "g"}}
    assert api.post("/v1/servers", json=body).status_code == 501


def test_the_same_key_creates_one_server(api: Api, memory: MemorySource) -> None:
    _free(memory, 2)
    body, key = _body(api.flavor("fresh")), {"Idempotency-Key": "k1"}
    first, second = (api.post("/v1/servers", json=body, headers=key) for _ in range(2))
    assert (first.status_code, second.status_code) == (201, 201)
    assert first.json()["uuid"] == second.json()["uuid"]
    assert _rest(api, first.json()["uuid"])["status"] == "active"


def test_deleting_an_adopted_server_tears_nothing_down(api: Api, memory: MemorySource, gold: str) -> None:
    server = api.done(api.post("/v1/servers/manage", json=wish(memory, "bank-db-01", gold)))
    answer = api.delete(f"/v1/servers/{server['uuid']}")
    assert answer.headers["Corral-Effect"].startswith("unmanage")
    assert api.ended(answer.headers["Corral-Operation"])["kind"] == "unmanage"
    assert memory.world.node("bank-db-01").provision_state == "active"


def test_a_locked_server_is_not_deleted_by_others(serve: Serve, memory: MemorySource) -> None:
    _free(memory, project="default")
    api = serve(memory.source, identity={"tokens": True})
    admin, member = api.another(api.token("admin")), api.another(api.token("member"))
    reader, other = api.another(api.token("reader")), api.another(api.token("member", "elsewhere"))
    body = _body(admin.flavor("fresh"))
    assert reader.post("/v1/servers", json=body).status_code == 403
    made = member.post("/v1/servers", json=body)
    assert made.status_code == 201, made.text
    uuid = made.json()["uuid"]
    assert _rest(member, uuid)["status"] == "active"
    assert other.delete(f"/v1/servers/{uuid}").status_code == 404
    assert reader.delete(f"/v1/servers/{uuid}").status_code == 403
    assert member.put(f"/v1/servers/{uuid}/states/lock", json={"target": True}).status_code == 202
    assert member.delete(f"/v1/servers/{uuid}").status_code == 409
    assert member.put(f"/v1/servers/{uuid}/states/lock", json={"target": False}).status_code == 202
    assert member.delete(f"/v1/servers/{uuid}").status_code == 204
