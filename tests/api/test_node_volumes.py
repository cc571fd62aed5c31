"""/v1/nodes/N/disks, /disks/defaults and /volumes, as the real extension volume_manager answers them."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from api_world import Api, Serve, error_of

CASES = json.loads(
    (Path(__file__).parent.parent / "unit" / "layouts" / "golden_volume_manager.json").read_text(encoding="utf-8")
)


@pytest.fixture
def api(serve: Serve) -> Api:
    return serve()


def made(api: Api, facts: dict[str, Any], **cluster: Any) -> str:
    """The path of a node with these facts, in a cluster of its own."""
    attributes = {"images_ceph": facts["images_ceph"], **cluster}
    body = {"name": "prod", "extensions": ["volume_manager"], "attributes": attributes}
    home = api.post("/v1/clusters", json=body)
    assert home.status_code == 201, home.text
    node = {"name": "n1", "cluster": home.json()["id"], "roles": facts["roles"], "meta": facts["meta"]}
    answer = api.post("/v1/nodes", json=node)
    assert answer.status_code == 201, answer.text
    return f"/v1/nodes/{answer.json()['id']}"


@pytest.mark.parametrize("case", [CASES[number - 1] for number in (8, 12, 14, 38, 42)], ids=lambda case: case["case"])
def test_a_node_has_the_disks_and_volumes_of_the_real_one(api: Api, case: dict[str, Any]) -> None:
    path, expected = made(api, case["node"]), case["expected"]
    assert api.seen(f"{path}/disks") == expected["disks"]
    assert api.seen(f"{path}/disks/defaults") == expected["disks"]
    assert api.seen(f"{path}/volumes") == expected.get("volumes", [])


def test_what_a_user_puts_is_answered_and_stays_until_the_node_is_reset(api: Api) -> None:
    path = made(api, CASES[3]["node"])
    wanted = api.seen(f"{path}/disks")
    before = json.loads(json.dumps(wanted))
    wanted[1]["volumes"][4]["size"] = 1000
    answer = api.put(f"{path}/disks", json=wanted)
    assert (answer.status_code, answer.json()) == (200, wanted)
    assert api.seen(f"{path}/disks") == wanted
    assert api.seen(f"{path}/disks/defaults") == before
    assert api.post(f"{path}/reset").status_code < 300
    assert api.seen(f"{path}/disks") == before


@pytest.mark.parametrize(
    ("wanted", "message"),
    [
        ([], "Node seems not to have disks"),
        ([{"volumes": [{"name": "os", "size": 10**9}]}], "Not enough free space on disk: "),
        (
            [{"volumes": [{"name": "os", "size": 0, "keep_data": True}]}],
            "All volumes with the same name should have the same value for `keep_data` flag, ",
        ),
        ([{"bootable": True}, {"bootable": True}], "Only one disk should be selected as bootable."),
        ([{"volumes": [{"name": "so", "size": 0}]}], "disks[0].volumes[0].name: 'so' is unknown."),
    ],
)
def test_what_can_not_be_is_refused_with_the_message_that_clients_know(api: Api, wanted: Any, message: str) -> None:
    path = made(api, CASES[3]["node"])
    disks = api.seen(f"{path}/disks")
    body = [
        {"id": disk["id"], "size": disk["size"], "volumes": [], **one} for disk, one in zip(disks, wanted, strict=False)
    ]
    answer = api.put(f"{path}/disks", json=body)
    assert answer.status_code == 400
    assert error_of(answer)["message"].startswith(message)
    assert api.seen(f"{path}/disks") == disks
