"""What is run on a node: the agent's command and its document, or every reason why it would not come to its end."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import Any

import pytest
from replaceable_world import CLUSTER, a_node, provisioning

from corral.domain.cluster import Node
from corral.domain.errors import Invalid, Refused
from corral.extensions.bareon.task import task
from corral.extensions.volume_manager import VolumeManager
from corral.layouts.writers.nailgun_simple import BAREON, BAREON_0_0_1A3, FUEL_AGENT, Dialect
from tests.bareon_world import disk

IMAGE = {"uri": "http://images.example.org/root.img.gz", "format": "ext4", "container": "gzip"}
BAREONS = pytest.mark.parametrize("dialect", [BAREON, BAREON_0_0_1A3], ids=lambda one: one.target)


def told(node: Node, **said: Any) -> Node:
    """The node, with what else its agent is to be told."""
    return replace(node, meta={**node.meta, "provisioning": {"ks_meta": {"image_data": {"/": IMAGE}}, **said}})


def codes(node: Node, data: dict[str, Any], dialect: Dialect) -> list[str]:
    with pytest.raises(Refused) as refused:
        task(node, data, dialect)
    return [one.code.removeprefix("cannot-write-") for one in refused.value.reasons]


@BAREONS
def test_one_disk_is_partitioned_by_bareon_with_the_driver_that_takes_a_layout_as_it_is(
    volume_manager: VolumeManager, dialect: Dialect
) -> None:
    node = told(a_node(disk("sda")), hostname="web-7", ks_meta={"image_data": {"/": IMAGE}, "gw": "192.0.2.1"})
    data = provisioning(volume_manager, node)
    made = task(node, data, dialect)
    assert made.command[:3] == ("bareon-provision", "--data_driver", "nailgun_simple")
    document = json.loads(made.files[made.command[-1]])
    assert document["partitioning"] == data["partitioning"]
    assert document["ks_meta"]["pm_data"]["ks_spaces"] == data["ks_meta"]["pm_data"]["ks_spaces"]
    assert (document["hostname"], document["ks_meta"]["gw"]) == ("web-7", "192.0.2.1")
    assert document["ks_meta"]["image_data"] == {"/": IMAGE}
    assert (document["uid"], document["ks_meta"]["puppet_enable"]) == (node.id, 0)


@BAREONS
def test_a_mirror_of_partitions_is_refused_for_bareon_which_would_fail_after_wiping(
    volume_manager: VolumeManager, dialect: Dialect
) -> None:
    node = told(a_node(disk("sda"), disk("sdb")))
    data = provisioning(volume_manager, node)
    assert data["partitioning"]["mds"][0]["devices"] == ["/dev/sda3", "/dev/sdb3"]
    assert codes(node, data, dialect) == ["array"]


def test_a_mirror_of_partitions_is_fuel_agents_to_build(volume_manager: VolumeManager) -> None:
    node = told(a_node(disk("sda"), disk("sdb")))
    made = task(node, provisioning(volume_manager, node), FUEL_AGENT)
    assert made.command[0] == made.name == "provision"


def test_a_mirror_that_is_there_already_is_nothing_to_build(volume_manager: VolumeManager) -> None:
    node = told(a_node(disk("sda"), disk("sdb")))
    data = provisioning(volume_manager, node)
    kept = [{**one, "keep_data": True} for one in data["partitioning"]["mds"]]
    assert task(node, {**data, "partitioning": {**data["partitioning"], "mds": kept}}, BAREON)


def test_a_node_without_layout_is_refused_because_the_agent_would_only_wipe(volume_manager: VolumeManager) -> None:
    node = told(a_node(roles=()))
    assert codes(node, provisioning(volume_manager, node), BAREON) == ["nothing"]


def test_a_node_for_which_nobody_names_an_image_is_refused(volume_manager: VolumeManager) -> None:
    node = a_node(disk("sda"))
    assert codes(node, provisioning(volume_manager, node), BAREON) == ["image"]


def test_what_extensions_say_goes_before_what_the_node_says(volume_manager: VolumeManager) -> None:
    node = told(a_node(disk("sda")), partitioning={"parteds": []}, uid="another")
    data = provisioning(volume_manager, node)
    document = json.loads(next(iter(task(node, data, BAREON).files.values())))
    assert document["partitioning"] == data["partitioning"]
    assert document["uid"] == node.id


@pytest.mark.parametrize(
    ("said", "why"),
    [
        (["x"], "meta.provisioning of node node-1 is no object"),
        ({"ks_meta": {"image_data": {"/": IMAGE}, "repo_setup": None}}, "ks_meta/repo_setup/repos"),
    ],
)
def test_what_the_agent_could_not_read_is_told_before_anything_is_sent(
    volume_manager: VolumeManager, said: Any, why: str
) -> None:
    node = a_node(disk("sda"))
    wrong = replace(node, meta={**node.meta, "provisioning": said})
    with pytest.raises(Invalid, match=why):
        task(wrong, provisioning(volume_manager, node, CLUSTER), BAREON)
