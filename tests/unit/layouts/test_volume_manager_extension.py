"""The extension volume_manager: keeps a layout for each node, through everything that may happen to the node."""

from __future__ import annotations

import time
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa
from nailgun_world import CASES, GIB, disk

from corral.domain.cluster import Cluster, Node, NodeStatus
from corral.domain.errors import Conflict, Invalid, NotFound, Stale
from corral.engine import open_database
from corral.extensions.branches import check_branch, downgrade_branch, upgrade_branch
from corral.extensions.contract import Context, HookCall, NodeVolumes
from corral.extensions.volume_manager import VolumeManager
from corral.extensions.volume_manager.rows import Layouts, layouts
from corral.layouts import nailgun

CLUSTER = Cluster("c1", "prod", "p", extensions=("volume_manager",))
STRICT = replace(CLUSTER, attributes={"volumes_metadata": {"version": "strict"}})


def node(*disks: dict[str, Any], roles: tuple[str, ...] = ("compute",), id: str = "n1", **more: Any) -> Node:
    meta = {"disks": list(disks), "memory": {"total": 8 * GIB}, "interfaces": []}
    return Node(id, f"node-{id}", "p", cluster="c1", roles=roles, meta=meta, **more)


NODE = node(disk("sda", 100), disk("sdb", 50))


@pytest.fixture
def sql(tmp_path: Path) -> Iterator[sa.Engine]:
    engine = open_database(f"sqlite:///{tmp_path / 'corral.db'}")
    yield engine
    engine.dispose()


def made(sql: sa.Engine, **options: Any) -> VolumeManager:
    return VolumeManager(Context(sql, options, lambda: datetime(2026, 1, 1, tzinfo=UTC)))


@pytest.fixture
def manager(sql: sa.Engine) -> VolumeManager:
    extension = made(sql)
    upgrade_branch(sql, extension)
    return extension


def call() -> HookCall:
    return HookCall("op", 1, time.monotonic() + 30, lambda: None)


def rows(sql: sa.Engine) -> list[tuple[str, bool, int]]:
    with sql.connect() as conn:
        found = conn.execute(sa.select(layouts.c.node, layouts.c.edited, layouts.c.revision).order_by(layouts.c.node))
        return [tuple(row) for row in found]


def edit(manager: VolumeManager, machine: Node = NODE, cluster: Cluster = CLUSTER, **volumes: int) -> None:
    """Set sizes on sdb, as a user does."""
    wanted = [{"name": name, "size": size} for name, size in volumes.items()]
    manager.set_disks(machine, cluster, [{"id": "disk/by-path/sdb", "size": 50572, "volumes": wanted}])


def sdb(manager: VolumeManager, machine: Node = NODE, cluster: Cluster = CLUSTER) -> dict[str, int]:
    form = next(one for one in manager.disks(machine, cluster) if one["name"] == "sdb")
    return {volume["name"]: volume["size"] for volume in form["volumes"]}


# --- what it answers ----------------------------------------------------------------------------------------


def test_it_is_what_the_contract_asks_of_one_that_lays_out_disks(manager: VolumeManager) -> None:
    assert isinstance(manager, NodeVolumes)


@pytest.mark.parametrize("case", CASES, ids=lambda case: str(case["case"]))
def test_a_created_node_has_the_disks_and_volumes_of_the_real_one(manager: VolumeManager, case: dict[str, Any]) -> None:
    facts, expected = case["node"], case["expected"]
    cluster = replace(CLUSTER, attributes={"images_ceph": facts["images_ceph"]})
    machine = Node("n1", "n", "p", cluster="c1", roles=tuple(facts["roles"]), meta=facts["meta"])
    manager.on_node_create(machine, cluster, call())
    assert manager.disks(machine, cluster) == expected["disks"]
    assert manager.volumes(machine, cluster) == expected.get("volumes", [])
    assert manager.export_layout(machine, cluster)["ks_spaces"] == expected["ks_spaces"]
    assert manager.default_disks(machine, cluster) == expected["disks"]


def test_a_user_sets_the_disks_and_gets_them_as_they_are_now(manager: VolumeManager, sql: sa.Engine) -> None:
    manager.on_node_create(NODE, CLUSTER, call())
    edit(manager, os=1024, vm=2048)
    assert sdb(manager) == {"os": 1024, "vm": 2048}
    assert rows(sql) == [("n1", True, 2)]
    assert manager.default_disks(NODE, CLUSTER) != manager.disks(NODE, CLUSTER)


def test_what_does_not_fit_changes_nothing(manager: VolumeManager, sql: sa.Engine) -> None:
    manager.on_node_create(NODE, CLUSTER, call())
    with pytest.raises(Invalid, match=r"^Not enough free space on disk: "):
        edit(manager, os=1024, vm=10**6)
    assert rows(sql) == [("n1", False, 1)]


def test_a_node_without_cluster_has_no_volumes_to_place(manager: VolumeManager) -> None:
    with pytest.raises(NotFound, match=r"Cannot calculate volumes info\. Please, add node to an environment\."):
        manager.volumes(NODE, None)
    assert [one["volumes"] for one in manager.disks(NODE, None)] == [[], []]


def test_the_schema_is_the_clusters_own(manager: VolumeManager) -> None:
    machine = node(disk("sda", 8))
    manager.on_node_create(machine, STRICT, call())
    assert manager.export_layout(machine, STRICT)["ks_spaces"][0]["free_space"] == 0


def test_a_schema_that_is_wrong_is_told_with_its_place(manager: VolumeManager) -> None:
    bad = replace(CLUSTER, attributes={"volumes_metadata": {"volumes_role_mapping": {}}})
    with pytest.raises(Invalid, match="Did you mean 'volumes_roles_mapping'"):
        manager.on_node_create(NODE, bad, call())


def test_two_users_who_read_the_same_layout_can_not_both_save(sql: sa.Engine, manager: VolumeManager) -> None:
    manager.on_node_create(NODE, CLUSTER, call())
    records = Layouts(sql, lambda: datetime(2026, 1, 1, tzinfo=UTC))
    read = records.find("n1")
    assert read is not None
    edit(manager, vm=1)
    with pytest.raises(Stale):
        records.save(read)
    with pytest.raises(Stale):
        records.save(replace(read, revision=0))


# --- what happens to nodes ----------------------------------------------------------------------------------


def test_creating_a_node_again_keeps_what_is_there(manager: VolumeManager, sql: sa.Engine) -> None:
    manager.on_node_create(NODE, CLUSTER, call())
    edit(manager, vm=2048)
    manager.on_node_create(NODE, CLUSTER, call())
    assert sdb(manager)["vm"] == 2048
    assert rows(sql) == [("n1", True, 2)]


def test_edits_stay_when_the_node_changes_and_its_disks_do_not(manager: VolumeManager) -> None:
    manager.on_node_create(NODE, CLUSTER, call())
    edit(manager, os=1024, vm=2048)
    more = replace(NODE, roles=("compute", "cinder"))
    manager.on_node_update(more, NODE, CLUSTER, call())
    assert {**sdb(manager, more), "cinder": 0} == {"os": 1024, "vm": 2048, "cinder": 0}
    assert manager.export_layout(more, CLUSTER)["edited"] is True


def test_roles_given_to_a_node_without_any_bring_its_volumes(manager: VolumeManager) -> None:
    bare = replace(NODE, roles=())
    manager.on_node_create(bare, CLUSTER, call())
    assert sdb(manager, bare) == {}
    manager.on_node_update(NODE, bare, CLUSTER, call())
    assert set(sdb(manager)) == {"os", "vm"}


def test_a_node_whose_agent_has_told_of_no_disks_can_be_created_and_laid_out_later(manager: VolumeManager) -> None:
    empty = node()
    manager.on_node_create(empty, CLUSTER, call())
    assert manager.disks(empty, CLUSTER) == []
    manager.on_node_update(NODE, empty, CLUSTER, call())
    assert manager.disks(NODE, CLUSTER) == manager.default_disks(NODE, CLUSTER)


def test_reset_goes_back_to_the_default(manager: VolumeManager) -> None:
    manager.on_node_create(NODE, CLUSTER, call())
    edit(manager, vm=1)
    manager.on_node_reset(NODE, CLUSTER, call())
    assert manager.disks(NODE, CLUSTER) == manager.default_disks(NODE, CLUSTER)
    assert manager.export_layout(NODE, CLUSTER)["edited"] is False


def test_deleted_nodes_leave_nothing_and_others_stay(manager: VolumeManager, sql: sa.Engine) -> None:
    every = [replace(NODE, id=f"n{number}") for number in range(1203)]
    for one in every[:4]:
        manager.on_node_create(one, CLUSTER, call())
    manager.on_node_delete(every[0], CLUSTER, call())
    manager.on_node_delete(every[0], CLUSTER, call())
    manager.on_node_collection_delete([*every[4:], every[1], every[2]], call())
    assert [name for name, *_ in rows(sql)] == ["n3"]


def test_a_node_brought_back_is_as_it_was(manager: VolumeManager, sql: sa.Engine) -> None:
    before = manager.snapshot(NODE)
    manager.on_node_create(NODE, CLUSTER, call())
    edit(manager, vm=2048)
    edited = manager.snapshot(NODE)
    manager.on_node_delete(NODE, CLUSTER, call())
    manager.restore(NODE, edited)
    manager.restore(NODE, edited)
    assert sdb(manager)["vm"] == 2048
    manager.restore(NODE, before)
    assert rows(sql) == []


def test_a_hook_that_has_run_out_of_time_writes_nothing(manager: VolumeManager, sql: sa.Engine) -> None:
    class OutOfTime(BaseException):
        pass

    def over() -> None:
        raise OutOfTime

    late = HookCall("op", 1, time.monotonic(), over)
    for hook in (manager.on_node_create, manager.on_node_reset, manager.on_node_delete):
        with pytest.raises(OutOfTime):
            hook(NODE, CLUSTER, late)
    assert rows(sql) == []


# --- deploying ----------------------------------------------------------------------------------------------


def provisioned(manager: VolumeManager, machine: Node = NODE) -> dict[str, Any]:
    (pipeline,) = manager.pipelines
    return pipeline.process_provisioning_data_for_node(
        machine, CLUSTER, {"uid": "n1", "ks_meta": {"pm_data": {"k": 1}}}
    )


def test_provisioning_data_have_the_spaces_and_what_the_agent_partitions(manager: VolumeManager) -> None:
    manager.on_node_create(NODE, CLUSTER, call())
    data = provisioned(manager)
    assert data["ks_meta"]["pm_data"] == {"k": 1, "ks_spaces": manager.export_layout(NODE, CLUSTER)["ks_spaces"]}
    assert [parted["name"] for parted in data["partitioning"]["parteds"]] == ["/dev/sda", "/dev/sdb"]
    assert {fs["mount"] for fs in data["partitioning"]["fss"]} == {"/", "/boot", "swap", "/var/lib/nova"}


def test_partitioning_is_written_for_the_agent_of_the_settings(sql: sa.Engine, manager: VolumeManager) -> None:
    assert provisioned(manager)["partitioning"]["lvs"][1]["size"] == 8 * GIB
    assert provisioned(made(sql, target="fuel-agent"))["partitioning"]["lvs"][1]["size"] == 8192


def test_deployment_data_have_the_spaces(manager: VolumeManager) -> None:
    (pipeline,) = manager.pipelines
    data = pipeline.process_deployment_data_for_node(NODE, CLUSTER, {"uid": "n1"})
    assert data == {"uid": "n1", "node_volumes": manager.export_layout(NODE, CLUSTER)["ks_spaces"]}


def test_a_layout_made_for_other_disks_is_never_given_to_an_agent(manager: VolumeManager) -> None:
    manager.on_node_create(NODE, CLUSTER, call())
    other = node(disk("sda", 100), disk("sdc", 50))
    with pytest.raises(Conflict, match="are not those that it was laid out for"):
        provisioned(manager, other)
    with pytest.raises(Conflict):
        manager.on_before_provisioning(CLUSTER, [other], call())


def test_nodes_without_room_are_all_named_before_anything_is_deployed(manager: VolumeManager) -> None:
    small = node(disk("sda", 8), id="n2")
    with pytest.raises(Invalid) as caught:
        manager.on_before_deployment_check(CLUSTER, [NODE, small, node(id="n3")], call())
    assert caught.value.message.splitlines() == [
        "Node 'node-n2' has insufficient disk space",
        "Volume group 'Base System' requires a minimum of 23552MB",
        "Volume group 'Virtual Storage' requires a minimum of 5120MB",
        "Node 'node-n3' seems not to have disks",
    ]


def test_nodes_that_are_deployed_already_are_not_judged_again(manager: VolumeManager) -> None:
    small = node(disk("sda", 8), status=NodeStatus.READY)
    manager.on_before_deployment_check(CLUSTER, [small], call())


# --- moving to another extension ----------------------------------------------------------------------------


def test_a_layout_can_be_carried_to_another_extension_and_back(manager: VolumeManager, tmp_path: Path) -> None:
    manager.on_node_create(NODE, CLUSTER, call())
    edit(manager, vm=2048)
    exported = manager.export_layout(NODE, CLUSTER)
    other_sql = open_database(f"sqlite:///{tmp_path / 'other.db'}")
    other = made(other_sql)
    upgrade_branch(other_sql, other)
    for _ in range(2):
        other.import_layout(NODE, CLUSTER, exported)
    assert other.export_layout(NODE, CLUSTER) == exported
    assert other.disks(NODE, CLUSTER) == manager.disks(NODE, CLUSTER)
    other_sql.dispose()


@pytest.mark.parametrize(
    ("exported", "message"),
    [
        ({"version": 2, "ks_spaces": []}, "version 2 can't be read"),
        ({"version": 1}, "ks_spaces: None is not a list"),
        (
            {"version": 1, "ks_spaces": [{"type": "disc"}]},
            r"ks_spaces\[0\].type: 'disc' is unknown. Did you mean 'disk'",
        ),
    ],
)
def test_a_layout_that_can_not_be_read_is_refused(manager: VolumeManager, exported: Any, message: str) -> None:
    with pytest.raises(Invalid, match=message):
        manager.import_layout(NODE, CLUSTER, exported)


# --- the extension itself -----------------------------------------------------------------------------------


def test_options_that_nobody_knows_are_refused(sql: sa.Engine) -> None:
    with pytest.raises(Invalid, match="does not know the target 'anaconda'"):
        made(sql, target="anaconda")
    with pytest.raises(Invalid, match="does not know the option 'adress'"):
        made(sql, adress="x")


def test_its_migration_makes_the_table_that_it_uses_and_takes_it_away(sql: sa.Engine, manager: VolumeManager) -> None:
    check_branch(sql, manager)
    found = sa.inspect(sql).get_columns(layouts.name)
    assert {column["name"]: column["nullable"] for column in found} == {
        column.name: column.nullable for column in layouts.columns
    }
    downgrade_branch(sql, manager)
    assert layouts.name not in sa.inspect(sql).get_table_names()


def test_spaces_of_a_hostile_service_are_bounded() -> None:
    big = {"type": "disk", "id": "a", "name": "sda", "size": 10, "volumes": [{"type": "boot", "size": 11}]}
    with pytest.raises(Invalid, match=r"ks_spaces\[0\]: the volumes are 1 MiB bigger than the disk"):
        nailgun.read_spaces([big])
    with pytest.raises(Invalid, match="Only one disk should be selected as bootable"):
        nailgun.read_spaces([{**big, "volumes": [], "id": id, "bootable": True} for id in "ab"])
