"""Which volume of Cinder a disk is, and whether it may be managed while it is in use."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from corral.domain.cloud_backends import Backend, Manageable, Treatment, driver_of
from corral.domain.disk_names import plain_wwn
from corral.domain.gaps import Gap
from corral.domain.gaps_volumes import Index, Storage, gaps_of_volumes
from corral.domain.host import Host, Pool
from corral.domain.vm import Vm, VmDisk
from corral.domain.vm_holders import Holder, Holders, disk_key

GIB = 1 << 30
WWN = "6005076801810523100000000000a001"
CINDER = "11111111-2222-4333-8444-555555555555"
LVM = Backend(
    "kvm-01@lvm#vg", protocol="iSCSI", vendor="Open Source", location="LVMVolumeDriver:kvm-01:cinder-vg:thin:0"
)
CEPH = Backend("ctl@ceph#ssd", protocol="ceph", location="ceph:/etc/ceph/ceph.conf:fsid:cinder:ssd")
SHARE = Backend("ctl@nfs#share", protocol="nfs")
NETAPP = Backend("ctl@netapp#vol0", protocol="iSCSI", vendor="NetApp")
PURE = Backend("ctl@pure#pool", protocol="FC", vendor="Pure Storage")
SAN = Backend("ctl@san#pool", protocol="FC", vendor="Acme")
HOST = Host("racks", "h", "kvm-01.example.org", pools=(Pool("p", "nfs", "netfs", "/mnt/vms", "filer:/export/vms"),))


def disk(**facts: Any) -> VmDisk:
    return VmDisk(**{"id": "sda", "kind": "block", "size": 2 * GIB, "path": "/dev/x", **facts})


def lun(backend: Backend, name: str, gib: int | None = 2, **more: Any) -> Manageable:
    return Manageable(backend.service, {"source-name": name}, gib, **more)


def gap(one: VmDisk, *luns: Manageable, host: Host = HOST, having: Holders | None = None, **more: Any) -> Gap:
    """The gap that a disk is, where all backends are there and have these volumes."""
    backends = {one.service: (one,) for one in (LVM, CEPH, SHARE, NETAPP, PURE, SAN)}
    vm = Vm("racks", "h", "v", "db", disks=(one,), host_name=host.name)
    storage = replace(Storage(backends, luns), **more)
    return gaps_of_volumes([vm], Index(storage, host), {"v": "p"}, having or Holders())["v"][0]


def codes(one: Gap) -> list[str]:
    return [each.code for each in one.reasons]


@pytest.mark.parametrize(
    ("told", "plain"),
    [
        (f"naa.{WWN}", WWN),
        (f"0x{WWN.upper()}", WWN),
        (f"3{WWN}", WWN),
        ("60:05:07:68:01:81:05:23", "6005076801810523"),
        ("eui.0025385b71b00001", "0025385b71b00001"),
        ("lun-db", ""),
        (WWN[:-1], ""),
    ],
)
def test_page_83_ids_are_compared_without_their_prefixes(told: str, plain: str) -> None:
    assert plain_wwn(told) == plain


def test_a_disk_on_an_array_is_found_by_its_wwn_and_not_by_the_name_that_only_storage_knows() -> None:
    found = gap(disk(wwn=f"0x{WWN}"), lun(NETAPP, "/vol/vol0/db", extra={"wwn": f"naa.{WWN}"}), lun(SAN, "db"))
    assert (codes(found), found.evidence) == ([], (f"wwn {WWN}",))
    assert found.wanted["host"] == "ctl@netapp#vol0"
    assert found.wanted["ref"] == {"source-name": "/vol/vol0/db"}


@pytest.mark.parametrize("path", ["/dev/cinder-vg/db-data", "/dev/mapper/cinder--vg-db--data"])
def test_a_logical_volume_is_one_on_the_host_that_has_the_group_only(path: str) -> None:
    one = lun(LVM, "db-data")
    assert codes(gap(disk(path=path), one)) == ["cinder-renames"]
    assert codes(gap(disk(path=path), one, host=replace(HOST, name="kvm-02"))) == ["volume-unmatched"]


def test_an_rbd_image_is_found_by_pool_and_name() -> None:
    image = disk(kind="network", protocol="rbd", volume="ssd/db", path="")
    assert codes(gap(image, lun(CEPH, "db"))) == ["cinder-renames"]
    assert codes(gap(replace(image, volume="hdd/db"), lun(CEPH, "db"))) == ["volume-unmatched"]


def test_a_file_on_a_share_is_found_by_what_the_share_is_called_at_its_server() -> None:
    one = disk(kind="file", path="/mnt/vms/db.raw")
    assert gap(one, lun(SHARE, "filer:/export/vms/db.raw")).evidence == ("remote filer:/export/vms/db.raw",)


def test_short_serials_are_no_identifiers() -> None:
    assert codes(gap(disk(serial="17"), lun(SAN, "17"))) == ["volume-unmatched"]
    assert codes(gap(disk(serial="ACME00017"), lun(SAN, "ACME00017"))) == ["cinder-driver-unknown"]


def test_two_volumes_that_a_disk_may_be_are_an_ambiguity_even_when_their_sizes_differ() -> None:
    one = disk(wwn=WWN, serial="ACME00017")
    found = gap(one, lun(NETAPP, "a", extra={"wwn": WWN}), lun(SAN, "ACME00017", gib=9))
    assert (codes(found), found.wanted) == (["volume-ambiguous"], {})


@pytest.mark.parametrize(("size", "gib", "said"), [(2 * GIB, 2, []), (2 * GIB - 1, 2, []), (2 * GIB + 1, 3, [])])
def test_sizes_agree_when_they_do_in_whole_gibibytes(size: int, gib: int, said: list[str]) -> None:
    assert codes(gap(disk(wwn=WWN, size=size), lun(NETAPP, "a", gib, extra={"wwn": WWN}))) == said


def test_a_size_that_differs_blocks_and_one_that_is_not_told_warns() -> None:
    found = gap(disk(wwn=WWN), lun(NETAPP, "a", 3, extra={"wwn": WWN}))
    assert (codes(found), found.fillable) == (["volume-size-differs"], False)
    found = gap(disk(wwn=WWN, size=0), lun(NETAPP, "a", 3, extra={"wwn": WWN}))
    assert (codes(found), found.fillable) == (["volume-size-unknown"], True)


def test_a_volume_that_another_vm_has_too_is_given_to_neither() -> None:
    one = disk(wwn=WWN)
    vm = Vm("racks", "h", "v", "db", disks=(one,), host_name=HOST.name)
    having = Holders({disk_key(vm, one): (Holder("v", HOST.name, "db"), Holder("w", "kvm-09", "twin"))})
    found = gap(one, lun(NETAPP, "a", extra={"wwn": WWN}), having=having)
    assert codes(found) == ["volume-shared"]
    assert "twin on kvm-09" in found.reasons[0].message


def test_a_disk_that_rests_on_another_file_blocks() -> None:
    one = disk(wwn=WWN, backing=("/srv/base.qcow2",))
    assert codes(gap(one, lun(NETAPP, "a", extra={"wwn": WWN}))) == ["volume-chain"]


def test_a_volume_of_cinders_is_recognised_by_the_serial_that_nova_gives_and_by_its_name() -> None:
    for one in (disk(serial=CINDER), disk(path=f"/dev/cinder-vg/volume-{CINDER}")):
        found = gap(one, known=frozenset({CINDER}))
        assert (codes(found), found.there) == (["volume-managed"], CINDER)
        assert codes(gap(one)) == ["volume-unmatched"]


def test_a_backend_that_told_nothing_is_named_where_a_disk_was_not_found() -> None:
    found = gap(disk(wwn=WWN), silent=("ctl@san did not tell: timeout",))
    assert codes(found) == ["volume-untold"]
    assert "ctl@san did not tell" in found.reasons[0].message


def test_of_several_pools_the_one_is_taken_that_the_reference_names() -> None:
    pools = (NETAPP, replace(NETAPP, host="ctl@netapp#vol1"))
    one = disk(wwn=WWN)
    found = gap(one, lun(NETAPP, "/vol/vol1/db", extra={"wwn": WWN}), backends={NETAPP.service: pools})
    assert (codes(found), found.wanted["host"]) == ([], "ctl@netapp#vol1")
    found = gap(one, lun(NETAPP, "db", extra={"wwn": WWN}), backends={NETAPP.service: pools})
    assert codes(found) == ["cinder-pool-unknown"]


@pytest.mark.parametrize(
    ("backend", "treatment"),
    [
        (LVM, Treatment.RENAMES),
        (CEPH, Treatment.RENAMES),
        (SHARE, Treatment.RENAMES),
        (PURE, Treatment.REFUSES),
        (NETAPP, Treatment.KEEPS),
        (SAN, Treatment.UNKNOWN),
        (replace(NETAPP, protocol="nfs"), Treatment.RENAMES),
    ],
)
def test_what_a_driver_does_to_a_volume_in_use_is_known_or_not_trusted(backend: Backend, treatment: Treatment) -> None:
    assert driver_of(backend).treatment is treatment


def test_what_an_operator_knows_of_a_driver_counts_but_never_against_what_was_read() -> None:
    keeps = frozenset({SAN.service, LVM.service, PURE.service})
    assert codes(gap(disk(wwn=WWN), lun(SAN, "a", extra={"wwn": WWN}), keeps=keeps)) == []
    assert codes(gap(disk(path="/dev/cinder-vg/a"), lun(LVM, "a"), keeps=keeps)) == ["cinder-renames"]
    assert codes(gap(disk(wwn=WWN), lun(PURE, "a", extra={"wwn": WWN}), keeps=keeps)) == ["cinder-refuses-in-use"]


def test_that_cinder_calls_a_used_volume_unsafe_is_said_and_no_obstacle() -> None:
    found = gap(disk(wwn=WWN), lun(NETAPP, "a", extra={"wwn": WWN}, safe=False, why_not="volume in use"))
    assert (codes(found), found.fillable) == (["volume-unsafe"], True)
