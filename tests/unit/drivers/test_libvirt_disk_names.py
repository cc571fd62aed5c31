"""Every identifier that storage may know a disk by: read from libvirt itself, shown, and matched with what Cinder lists."""

from __future__ import annotations

from contextlib import closing

import pytest

from corral.contracts.hosts import Look
from corral.domain.cloud_backends import Backend, Manageable
from corral.domain.disk_names import names_in
from corral.domain.gaps_volumes import Index, Storage
from corral.domain.vm import Vm, VmDisk
from corral.domain.vm_holders import disk_key
from corral.drivers.libvirt import open_hosts

NAA, OTHER = "6005076801810523100000000000a001", "6005076801810523100000000000a002"
IQN = "iqn.2010-10.org.example:storage"
PORT = "5006016141e0abcd"
DEVICES = f"""
<device><name>block_sdb</name><path>/sys/b</path><parent>computer</parent>
 <devnode type='dev'>/dev/sdb</devnode><devnode type='link'>/dev/disk/by-id/wwn-0x{NAA}</devnode>
 <devnode type='link'>/dev/disk/by-path/pci-0000:05:00.0-fc-0x{PORT}-lun-3</devnode>
 <capability type='storage'><block>/dev/sdb</block><bus>scsi</bus><drive_type>disk</drive_type>
  <serial>3{NAA}</serial><size>2147483648</size></capability></device>
<device><name>block_sdc</name><path>/sys/c</path><parent>computer</parent><devnode type='dev'>/dev/sdc</devnode>
 <capability type='storage'><block>/dev/sdc</block><bus>scsi</bus><drive_type>disk</drive_type>
  <serial>Z1X2C3V4B5</serial><size>2147483648</size></capability></device>
"""
POOLS = f"""
<pool type='iscsi'><name>san</name><uuid>a0000000-0000-4000-8000-000000000001</uuid>
 <source><host name='10.0.0.5'/><device path='{IQN}'/></source><target><path>/dev/disk/by-path</path></target></pool>
<pool type='netfs'><name>share</name><uuid>a0000000-0000-4000-8000-000000000002</uuid>
 <source><host name='filer'/><dir path='/export/vms'/><format type='nfs'/></source>
 <target><path>/mnt/vms</path></target></pool>
"""
BLOCK = "<disk type='block' device='disk'><source dev='{}'/><target dev='vda'/></disk>"
NET = "<disk type='network' device='disk'><source protocol='{}' name='{}'><host name='h'/></source><target dev='vda'/></disk>"
ISCSI_PATH = f"/dev/disk/by-path/ip-10.0.0.5:3260-iscsi-{IQN}-lun-4"
CASES = {
    "page 0x83 by a path": (BLOCK.format(f"/dev/disk/by-id/wwn-0x{OTHER}"), {"wwn": OTHER}),
    "page 0x83 of multipath": (BLOCK.format(f"/dev/mapper/3{OTHER}"), {"wwn": OTHER}),
    "page 0x83 and WWPN by the host": (BLOCK.format("/dev/sdb"), {"wwn": NAA, "wwpn": f"{PORT}/3"}),
    "WWPN and LUN by a path": (
        BLOCK.format(f"/dev/disk/by-path/pci-0000:05:00.0-fc-0x{PORT}-lun-7"),
        {"wwpn": f"{PORT}/7"},
    ),
    "a serial by the host": (BLOCK.format("/dev/sdc"), {"serial": "Z1X2C3V4B5"}),
    "iSCSI by the guest's definition": (NET.format("iscsi", f"{IQN}/2"), {"iscsi": f"{IQN}/2"}),
    "iSCSI by a path": (BLOCK.format(ISCSI_PATH), {"iscsi": f"{IQN}/4"}),
    "iSCSI by a pool": (
        "<disk type='volume' device='disk'><source pool='san' volume='unit:0:0:5'/><target dev='vda'/></disk>",
        {"volume": "san/unit:0:0:5"},
    ),
    "RBD by the guest's definition": (NET.format("rbd", "vms/web"), {"rbd": "vms/web"}),
    "RBD by a path": (BLOCK.format("/dev/rbd/vms/db"), {"rbd": "vms/db"}),
    "a file on a share": (
        "<disk type='file' device='disk'><source file='/mnt/vms/app.raw'/><target dev='vda'/></disk>",
        {"path": "/mnt/vms/app.raw"},
    ),
}
IN_CINDER = {
    "page 0x83 by a path": ("array", {"wwn": f"naa.{OTHER}"}),
    "page 0x83 of multipath": ("array", {"wwn": f"naa.{OTHER}"}),
    "page 0x83 and WWPN by the host": ("array", {"wwn": f"3{NAA}"}),
    "WWPN and LUN by a path": ("array", {"target": "50:06:01:61:41:e0:ab:cd/7"}),
    "a serial by the host": ("array", {"serial": "Z1X2C3V4B5"}),
    "iSCSI by the guest's definition": ("array", {"target": f"{IQN}/2"}),
    "iSCSI by a path": ("array", {"target": f"{IQN}/4"}),
    "iSCSI by a pool": ("array", {"target": f"{IQN}/5"}),
    "RBD by the guest's definition": ("ceph", "web"),
    "RBD by a path": ("ceph", "db"),
    "a file on a share": ("nfs", "filer:/export/vms/app.raw"),
}
BACKENDS = {
    "array": Backend("c@array#p", protocol="array", vendor="Acme"),
    "ceph": Backend("c@ceph#p", protocol="ceph", location="ceph:/etc/ceph/ceph.conf:f00:cinder:vms"),
    "nfs": Backend("c@nfs#p", protocol="nfs"),
}


def uuid_of(number: int) -> str:
    return f"b0000000-0000-4000-8000-{number:012d}"


@pytest.fixture(scope="module")
def seen(tmp_path_factory: pytest.TempPathFactory) -> Look:
    """One host of libvirt's test driver, with a guest for each case."""
    file = tmp_path_factory.mktemp("libvirt") / "host.xml"
    guests = "".join(
        f"<domain type='test'><name>vm{number}</name><uuid>{uuid_of(number)}</uuid><memory>1024</memory>"
        f"<os><type>hvm</type></os><devices>{xml}</devices></domain>"
        for number, (xml, _) in enumerate(CASES.values())
    )
    file.write_text(f"<node>{guests}{POOLS}{DEVICES}</node>")
    with closing(open_hosts("racks", {"hosts": [{"name": "kvm-01", "uri": f"test://{file}"}]})) as opened:
        [look] = opened.hosts.looks()
    assert look.host.problem == ""
    return look


@pytest.mark.parametrize("case", CASES)
def test_a_disk_is_shown_with_all_that_storage_may_know_it_by_and_matched_by_it(seen: Look, case: str) -> None:
    [disk] = next(vm for vm in seen.vms if vm.id == uuid_of(list(CASES).index(case))).disks
    told = dict(disk.identifiers)
    assert {kind: told.get(kind) for kind in CASES[case][1]} == CASES[case][1]
    backend, known = IN_CINDER[case]
    names = {"source-name": known if isinstance(known, str) else "lun-a"}
    wanted = Manageable(f"c@{backend}", names, 2, extra={} if isinstance(known, str) else known)
    others = [
        Manageable("c@array", {"source-name": "lun-z"}, 2, extra={"wwn": "naa." + "6" * 32, "target": f"{IQN}/9"}),
        Manageable("c@ceph", {"source-name": "other"}, 2),
        Manageable("c@nfs", {"source-name": "filer:/export/vms/other.raw"}, 2),
    ]
    storage = Storage({f"c@{name}": (one,) for name, one in BACKENDS.items()}, (wanted, *others))
    found = Index(storage, seen.host).match(disk).found
    assert [one for one, _ in found] == [wanted]


@pytest.mark.parametrize(
    "path",
    [
        f"/dev/disk/by-id/wwn-0x{NAA}-part1",
        f"{ISCSI_PATH}-part2",
        "/dev/sdb1",
        "/dev/nvme0n1p1",
        "/dev/mapper/mpatha",
        "/srv/wwn-0x6005076801810523100000000000a001",
    ],
)
def test_a_partition_or_a_name_that_somebody_made_up_tells_nothing_of_the_disk(path: str) -> None:
    assert names_in(path) == ()


def test_one_lun_through_two_hosts_is_one_disk() -> None:
    one = VmDisk("vda", "block", path=f"/dev/disk/by-id/wwn-0x{NAA}")
    other = VmDisk("vda", "block", path="/dev/sdq", told=(("wwn", NAA),))
    assert disk_key(Vm("s", "h1", "a", "a"), one) == disk_key(Vm("s", "h2", "b", "b"), other)
