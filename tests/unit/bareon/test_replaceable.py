"""Replaceable and unnoticed: either extension gives the same disks, volumes, errors and provisioning data.

`bareon` asks a real service over HTTP, `volume_manager` keeps its own tables; both are driven as the engine drives them.
"""

from __future__ import annotations

import random
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import Any

import httpx
import pytest
import sqlalchemy as sa
from replaceable_world import CLUSTER, a_node, call, provisioning

from corral.bareon_api import now
from corral.domain.cluster import Cluster, Node
from corral.domain.errors import Conflict, CorralError, Stale, Unreachable
from corral.extensions.bareon import Bareon
from corral.extensions.bareon.client import Client
from corral.extensions.contract import Context, HookCall
from corral.extensions.volume_manager import VolumeManager
from tests.bareon_world import GIB, MIB, Api, disk, serving

ROLES = (
    "controller",
    "compute",
    "virt",
    "cinder",
    "ceph-osd",
    "cinder-block-device",
    "mongo",
    "base-os",
    "ironic",
    "x",
)


@pytest.fixture
def bareon(service: Api, sql: sa.Engine) -> Iterator[Bareon]:
    extension = Bareon(Context(sql, {"address": service.url.removeprefix("http://"), "timeout": 5.0}, now))
    yield extension
    extension.close()


@pytest.fixture
def both(bareon: Bareon, volume_manager: VolumeManager) -> tuple[Bareon, VolumeManager]:
    return bareon, volume_manager


class Overtaken(httpx.HTTPTransport):
    """The network, on which `first` happens right before the first PUT."""

    def __init__(self, first: Callable[[], object]) -> None:
        super().__init__()
        self._first: Callable[[], object] | None = first

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        first = self._first
        if first is not None and request.method == "PUT":
            self._first = None
            first()
        return super().handle_request(request)


@contextmanager
def overtaken(bareon: Bareon, service: Api, first: Callable[[], object]) -> Iterator[Bareon]:
    """Another Corral's extension, with the same service."""
    client = Client(service.url, transport=Overtaken(first))
    extension = Bareon(bareon.context, client)
    yield extension
    extension.close()


def told(act: Any, *arguments: Any) -> Any:
    """What came of it, or which error: code, message and reasons."""
    try:
        return act(*arguments)
    except CorralError as error:
        return type(error).__name__, error.message, [one.as_json() for one in getattr(error, "reasons", ())]


def seen(extension: Bareon | VolumeManager, node: Node, cluster: Cluster | None = CLUSTER) -> list[Any]:
    """All that anybody can see of a node's layout."""
    asked = [extension.disks, extension.default_disks, extension.volumes, extension.layout, extension.export_layout]
    checks = [told(extension.on_before_provisioning, cluster, [node], call())]
    if cluster is not None:
        checks.append(told(extension.on_before_deployment_check, cluster, [node], call()))
    return [*(told(act, node, cluster) for act in asked), told(provisioning, extension, node, cluster), *checks]


def same(both: tuple[Bareon, VolumeManager], node: Node, cluster: Cluster | None = CLUSTER) -> None:
    one, other = (seen(extension, node, cluster) for extension in both)
    assert one == other


def nodes(count: int) -> Iterator[Node]:
    """Nodes as the world has them: few disks and many, too small, odd sizes, any roles."""
    dice = random.Random(20260101)
    for number in range(count):
        names = [f"sd{letter}" for letter in "abcdefghijkl"[: dice.randint(1, 6)]]
        sizes = [
            dice.choice((2 * GIB, 20 * GIB, 64 * GIB, 500 * GIB)) + dice.choice((0, 1, 511, 12345678)) for _ in names
        ]
        disks = [disk(name, size=size) for name, size in zip(names, sizes, strict=True)]
        roles = tuple(dice.sample(ROLES, dice.randint(0, 3)))
        yield a_node(*disks, roles=roles, number=number, ram=dice.choice((1, 4, 16, 128)))


def test_any_node_looks_the_same(both: tuple[Bareon, VolumeManager]) -> None:
    for node in nodes(25):
        for extension in both:
            extension.on_node_create(node, CLUSTER, call())
        same(both, node)


def test_any_edit_has_the_same_outcome(both: tuple[Bareon, VolumeManager]) -> None:
    dice = random.Random(7)
    for node in nodes(20):
        for extension in both:
            extension.on_node_create(node, CLUSTER, call())
        wanted = both[1].disks(node, CLUSTER)
        for volume in (volume for one in wanted for volume in one["volumes"]):
            volume["size"] = max(0, volume["size"] - dice.choice((0, 1, 1000, -1, 10**6)))
            volume["keep_data"] = dice.random() < 0.1
        one, other = (told(extension.set_disks, node, CLUSTER, wanted) for extension in both)
        assert one == other
        same(both, node)


@pytest.mark.parametrize("wanted", [[], [5], [{}], [{"id": "x", "size": 1, "volumes": []}], [{"id": []}]], ids=str)
def test_nonsense_is_refused_in_the_same_words(both: tuple[Bareon, VolumeManager], wanted: list[Any]) -> None:
    node = a_node()
    for extension in both:
        extension.on_node_create(node, CLUSTER, call())
    one, other = (told(extension.set_disks, node, CLUSTER, wanted) for extension in both)
    assert one == other
    assert one[0] == "Invalid"


@pytest.mark.parametrize(
    "after",
    [
        a_node(roles=("cinder",)),
        a_node(roles=()),
        a_node(roles=("compute", "cinder")),
        a_node(disk("sda"), disk("sdb"), disk("sdc")),
        a_node(disk("sda")),
        a_node(disk("sda"), disk("sdb", 300)),
        a_node(disk("sdx", disk="disk/by-path/pci-sda", extra=["disk/by-id/wwn-sda"]), disk("sdb")),
        a_node(),
    ],
    ids=["role", "no role", "more roles", "more disks", "fewer disks", "another size", "another name", "nothing"],
)
def test_edits_live_through_the_same_changes(both: tuple[Bareon, VolumeManager], after: Node) -> None:
    before = a_node()
    for extension in both:
        extension.on_node_create(before, CLUSTER, call())
        wanted = extension.disks(before, CLUSTER)
        wanted[0]["volumes"][1]["size"] = 1234
        extension.set_disks(before, CLUSTER, wanted)
        extension.on_node_update(after, before, CLUSTER, call())
    same(both, after)


def test_reset_unknown_and_clusterless_nodes_look_the_same(both: tuple[Bareon, VolumeManager]) -> None:
    node = a_node()
    same(both, node)
    for extension in both:
        extension.on_node_create(node, CLUSTER, call())
        wanted = extension.disks(node, CLUSTER)
        wanted[0]["volumes"][0]["size"] -= 100
        extension.set_disks(node, CLUSTER, wanted)
        extension.on_node_reset(node, CLUSTER, call())
    same(both, node)
    same(both, replace(a_node(number=2), cluster=None), None)
    same(both, replace(a_node(number=3), meta={}))


def test_disks_that_changed_unheard_are_told_in_the_same_words(both: tuple[Bareon, VolumeManager]) -> None:
    node = a_node()
    for extension in both:
        extension.on_node_create(node, CLUSTER, call())
    same(both, a_node(disk("sda"), disk("sdb", 300)))


def test_disks_that_changed_names_unheard_are_laid_out_under_those_that_they_have(
    both: tuple[Bareon, VolumeManager],
) -> None:
    for extension in both:
        extension.on_node_create(a_node(), CLUSTER, call())
    swapped = a_node(
        disk("sda", disk="disk/by-path/pci-sdb", extra=["disk/by-id/wwn-sdb"]),
        disk("sdb", disk="disk/by-path/pci-sda", extra=["disk/by-id/wwn-sda"]),
    )
    same(both, swapped)


@pytest.mark.parametrize("roles", [("mongo",), (), ("compute", "cinder")], ids=str)
def test_roles_that_changed_unheard_count_for_both_alike(
    both: tuple[Bareon, VolumeManager], roles: tuple[str, ...]
) -> None:
    now = a_node(roles=roles)
    for extension in both:
        extension.on_node_create(a_node(), CLUSTER, call())
    same(both, now)
    wanted = both[1].disks(now, CLUSTER)
    wanted[0]["volumes"][1]["size"] = 1234
    one, other = (told(extension.set_disks, now, CLUSTER, wanted) for extension in both)
    assert one == other
    same(both, now)


def test_a_layout_moves_over_and_back(both: tuple[Bareon, VolumeManager]) -> None:
    bareon, volume_manager = both
    node = a_node()
    volume_manager.on_node_create(node, CLUSTER, call())
    wanted = volume_manager.disks(node, CLUSTER)
    wanted[0]["volumes"][1]["size"] = 4321
    volume_manager.set_disks(node, CLUSTER, wanted)
    before = seen(volume_manager, node)
    bareon.import_layout(node, CLUSTER, volume_manager.export_layout(node, CLUSTER))
    bareon.import_layout(node, CLUSTER, volume_manager.export_layout(node, CLUSTER))
    volume_manager.remove_layout(node)
    assert seen(bareon, node) == before
    volume_manager.import_layout(node, CLUSTER, bareon.export_layout(node, CLUSTER))
    bareon.remove_layout(node)
    bareon.remove_layout(node)
    assert seen(volume_manager, node) == before


# --- what only bareon does ----------------------------------------------------------------------------------


def test_what_a_person_edits_in_the_service_shows_in_corral(bareon: Bareon, service: Api) -> None:
    node = a_node()
    bareon.on_node_create(node, CLUSTER, call())
    at = f"nailgun_{node.id}"
    service.edit(f"{at}/lvs/vm-nova", size=service.seen(f"{at}/lvs/vm-nova")["size"] - 2000 * MIB).raise_for_status()
    (name, part) = next(
        (key, one) for key, one in service.seen(f"{at}/parteds/sdb/partitions").items() if "lvm" in one["flags"]
    )
    service.edit(f"{at}/parteds/sdb/partitions/{name}", end=part["end"] - 2000 * MIB).raise_for_status()
    service.edit(f"{at}/fss/os-root", fs_type="xfs").raise_for_status()
    shown = next(one for one in bareon.disks(node, CLUSTER) if one["name"] == "sdb")
    default = next(one for one in bareon.default_disks(node, CLUSTER) if one["name"] == "sdb")
    assert sum(one["size"] for one in default["volumes"]) - sum(one["size"] for one in shown["volumes"]) == 2000
    data = provisioning(bareon, node)
    assert data["partitioning"] == service.seen(f"{at}/partitioning")
    assert [one["fs_type"] for one in data["partitioning"]["fss"] if one["mount"] == "/"] == ["xfs"]
    assert [one.kind for one in bareon.layout(node, CLUSTER).file_systems if one.mount == "/"] == ["xfs"]


def test_an_edit_that_only_the_service_can_keep_does_not_get_lost_by_moving(bareon: Bareon, service: Api) -> None:
    node = a_node()
    bareon.on_node_create(node, CLUSTER, call())
    service.edit(f"nailgun_{node.id}/fss/os-root", fs_type="xfs").raise_for_status()
    with pytest.raises(Conflict, match="edited in the Bareon-API service"):
        bareon.export_layout(node, CLUSTER)


def test_an_edit_to_the_byte_is_never_carried_out_on_other_disks(bareon: Bareon, service: Api) -> None:
    node = a_node()
    bareon.on_node_create(node, CLUSTER, call())
    service.edit(f"nailgun_{node.id}/fss/os-root", fs_type="xfs").raise_for_status()
    renamed = a_node(disk("sdx", disk="disk/by-path/pci-sda", extra=["disk/by-id/wwn-sda"]), disk("sdb"))
    for ask in (bareon.layout, bareon.partitioning):
        with pytest.raises(Conflict, match="have other names now"):
            ask(renamed, CLUSTER)
    bareon.set_disks(renamed, CLUSTER, bareon.disks(renamed, CLUSTER))
    assert {one["name"] for one in bareon.partitioning(renamed, CLUSTER)[1]["parteds"]} == {"/dev/sdx", "/dev/sdb"}


def test_setting_the_disks_makes_the_layout_anew_although_they_stay_the_same(bareon: Bareon, service: Api) -> None:
    node = a_node()
    bareon.on_node_create(node, CLUSTER, call())
    wanted = bareon.set_disks(node, CLUSTER, bareon.disks(node, CLUSTER))
    service.edit(f"nailgun_{node.id}/fss/os-root", fs_type="xfs").raise_for_status()
    bareon.set_disks(node, CLUSTER, wanted)
    assert bareon.export_layout(node, CLUSTER)["edited"] is True  # it can be said again, and moved


def test_an_edit_that_somebody_else_was_faster_with_is_refused(bareon: Bareon, service: Api) -> None:
    node = a_node()
    bareon.on_node_create(node, CLUSTER, call())
    wanted = bareon.disks(node, CLUSTER)
    wanted[0]["volumes"][1]["size"] = 1234
    with overtaken(bareon, service, lambda: service.edit(f"nailgun_{node.id}/fss/os-root", fs_label="theirs")) as slow:
        with pytest.raises(Stale):
            slow.set_disks(node, CLUSTER, wanted)
        assert slow.disks(node, CLUSTER) != wanted


def test_an_edit_whose_first_answer_got_lost_is_made_once(bareon: Bareon, service: Api) -> None:
    node = a_node()
    bareon.on_node_create(node, CLUSTER, call())
    wanted = bareon.disks(node, CLUSTER)
    wanted[0]["volumes"][1]["size"] = 1234
    with overtaken(bareon, service, lambda: bareon.set_disks(node, CLUSTER, wanted)) as again:
        assert again.set_disks(node, CLUSTER, wanted) == wanted


def test_what_was_kept_is_put_back_to_the_byte(bareon: Bareon, service: Api) -> None:
    node = a_node()
    assert bareon.snapshot(node) is None
    bareon.on_node_create(node, CLUSTER, call())
    service.edit(f"nailgun_{node.id}/fss/os-root", fs_options="-m 0").raise_for_status()
    kept = bareon.snapshot(node)
    bareon.on_node_update(a_node(disk("sdz"), roles=("mongo",)), node, CLUSTER, call())
    bareon.restore(node, kept)
    assert bareon.snapshot(node) == kept
    bareon.on_node_delete(node, CLUSTER, call())
    bareon.restore(node, kept)
    bareon.restore(node, kept)
    assert bareon.snapshot(node) == kept
    bareon.restore(node, None)
    assert service.seen("") == []


def test_hooks_may_be_repeated(bareon: Bareon, service: Api) -> None:
    node, other = a_node(), a_node(number=2)
    for _ in range(2):
        bareon.on_node_create(node, CLUSTER, call())
        bareon.on_node_create(other, CLUSTER, call())
    assert len(service.seen("")) == 2
    for _ in range(2):
        bareon.on_node_collection_delete([node, other], call())
    assert service.seen("") == []
    for _ in range(2):
        bareon.on_node_delete(node, CLUSTER, call())
        bareon.on_node_reset(node, CLUSTER, call())
    assert service.seen("") == []


def test_a_node_without_role_is_told_of_without_a_schema(bareon: Bareon, service: Api) -> None:
    node = a_node(roles=())
    bareon.on_node_create(node, CLUSTER, call())
    assert service.seen(f"nailgun_{node.id}")["schema"] is None
    bareon.on_node_update(a_node(), node, CLUSTER, call())
    assert service.seen(f"nailgun_{node.id}")["schema"]["volumes_roles_mapping"]["compute"]


def test_looking_at_a_node_makes_none(bareon: Bareon, service: Api) -> None:
    seen(bareon, a_node())
    assert service.seen("") == []


def test_an_outage_loses_no_update(sql: sa.Engine, tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path / 'outage.db'}"
    with serving(url) as first:
        port = first.base_url.port
        bareon = Bareon(Context(sql, {"address": f"127.0.0.1:{port}", "timeout": 2.0}, now))
        bareon.on_node_create(a_node(), CLUSTER, call())
    with pytest.raises(Unreachable):
        bareon.on_node_update(a_node(roles=("cinder",)), a_node(), CLUSTER, call())
    with serving(url, port=port or 0) as again:
        bareon.on_node_update(a_node(roles=("cinder",)), a_node(), CLUSTER, call())
        assert set(again.seen(f"nailgun_{a_node().id}/vgs")) == {"os", "cinder"}
    bareon.close()


def test_no_request_leaves_when_the_operation_was_cancelled(bareon: Bareon, service: Api) -> None:
    class Over(BaseException):
        pass

    def over() -> None:
        raise Over

    with pytest.raises(Over):
        bareon.on_node_create(a_node(), CLUSTER, HookCall("op", 1, time.monotonic() + 20, over))
    assert service.seen("") == []


@pytest.mark.parametrize("roles", [(), ("cinder",)], ids=["no-role", "another"])
def test_a_node_whose_roles_changed_unheard_is_not_provisioned_with_its_old_layout(
    both: tuple[Bareon, VolumeManager], roles: tuple[str, ...]
) -> None:
    heard = []
    for extension in both:
        extension.on_node_create(a_node(), CLUSTER, call())
        with pytest.raises(Conflict, match=r"has vm, which its roles|has os, vm, which its roles") as refused:
            extension.on_before_provisioning(CLUSTER, [a_node(roles=roles)], call())
        heard.append(refused.value.message)
        extension.on_node_update(a_node(roles=roles), a_node(), CLUSTER, call())
        extension.on_before_provisioning(CLUSTER, [a_node(roles=roles)], call())
    assert heard[0] == heard[1]
