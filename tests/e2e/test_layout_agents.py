"""bareon 0.0.1a3 and fuel-agent 11, as published, read our provisioning data and understand the layout that it was made from."""

from __future__ import annotations

import json
from contextlib import suppress
from dataclasses import replace
from pathlib import Path

import pytest

from corral.domain.errors import Invalid
from corral.domain.layout import MIB, Layout, Use
from corral.layouts import exact
from corral.layouts.nailgun import Version, compute, default_schema, layout_of, read_node
from corral.layouts.writers.deployment import Deployment, Image
from corral.layouts.writers.nailgun_simple import BAREON, BAREON_0_0_1A3, FUEL_AGENT, Dialect, partitioning
from corral.layouts.writers.provisioning import provisioning_data
from corral.layouts.writers.types import made
from tests.e2e.support.agents import Json, install_agents, parsed
from tests.e2e.support.lab import CHECKOUT
from tests.unit.layouts.writer_layouts import GIB, plain, stacked

pytestmark = [pytest.mark.lab, pytest.mark.timeout(900)]
GOLDEN = CHECKOUT / "tests" / "unit" / "layouts" / "golden_volume_manager.json"
CASES = 37  # of 45: six nodes have no role, and two no room for their root file system
URI = "http://127.0.0.1:9/root.img.gz"

SCHEMA = """
version: 2
boot: {firmware: both, esp: 200 MiB}
volumes:
  boot: {type: raid, level: "1", devices: 2, size: 512 MiB, file_system: ext4, mount: /boot}
  config: {use: config_drive, size: 20 MiB}
  scratch: {size: 10%, file_system: xfs, mount: /scratch, disks: {rotational: true}}
  system:
    type: vg
    volumes:
      root: {min: 10 GiB, weight: 3, file_system: ext4, mount: /}
      var-log: {size: 40%, file_system: xfs, mount: /var/log}
      swap: {size: 2 GiB, file_system: swap, mount: swap}
"""
NODE = {
    "meta": {
        "disks": [
            {"name": "sda", "size": 60 * GIB + 20480, "rotational": False},
            {"name": "nvme0n1", "size": 80 * GIB + 20480, "rotational": False},
            {"name": "sdb", "size": 300 * GIB + 512 * 77, "rotational": True},
        ]
    }
}
"""Disks for the exact allocator, two of them of no whole number of MiB."""


def roomy(layout: Layout) -> Layout:
    """The same on disks a little larger: the allocator fills them, and fuel-agent needs room between partitions."""
    tables = [replace(table, disk=replace(table.disk, size=table.disk.size + 16 * MIB)) for table in layout.tables]
    return replace(layout, tables=tuple(tables))


@pytest.fixture(scope="module")
def layouts() -> dict[str, Layout]:
    """Every golden case that puts a system on a disk, and layouts put together by hand."""
    install_agents()
    allocated = exact.allocate(exact.read(SCHEMA), exact.tables(NODE)).layout
    found = {"plain": plain(), "stacked": stacked(), "allocated": roomy(allocated)}
    for case in json.loads(GOLDEN.read_text()):
        node = read_node(case["node"])
        if node.roles:
            with suppress(Invalid):
                found[f"case-{case['case']}"] = layout_of(node, compute(node, default_schema(Version.LEGACY)))
    return found


@pytest.mark.parametrize(
    ("agent", "dialect"),
    [("bareon", BAREON_0_0_1A3), ("bareon", BAREON), ("fuel-agent", FUEL_AGENT)],
    ids=["bareon-0.0.1a3", "bareon-in-bytes", "fuel-agent"],
)
def test_the_agent_understands_every_layout_as_it_was_meant(
    agent: str, dialect: Dialect, layouts: dict[str, Layout], tmp_path: Path
) -> None:
    assert len(layouts) == CASES + 3
    deployment = Deployment(hostname="node-7", images=(Image("/", URI),))
    # A deployment by bareon refuses the arrays that it would fail to build; it reads of them like the others.
    whole = provisioning_data(plain(), dialect, deployment)
    documents = {name: whole | {"partitioning": partitioning(one, dialect)} for name, one in layouts.items()}

    understood = parsed(agent, documents, tmp_path)

    for name, layout in layouts.items():
        _same(layout, understood[name], dialect, name)


def _same(layout: Layout, found: Json, dialect: Dialect, name: str) -> None:
    scheme = found["scheme"]
    assert found["hostname"] == "node-7", name
    assert found["skip_partitioning"] is False, name
    assert [t["name"] for t in scheme["parteds"]] == [t.disk.device for t in layout.tables], name
    assert [t["install_bootloader"] for t in scheme["parteds"]] == [t.bootable for t in layout.tables], name
    for table, parted in zip(layout.tables, scheme["parteds"], strict=True):
        _same_places([(p.start, p.size) for p in made(table)], parted["partitions"], dialect, name)
        assert [p["name"] for p in parted["partitions"]] == [table.device(p) for p in made(table)], name
        flagged = [("bios_grub" in p["flags"], "raid" in p["flags"], "lvm" in p["flags"]) for p in parted["partitions"]]
        assert flagged == [(p.use is Use.BIOS_GRUB, p.use is Use.RAID, p.use is Use.LVM) for p in made(table)], name
    unit = dialect.unit
    assert [(lv["name"], lv["vgname"], lv["size"] * unit) for lv in scheme["lvs"]] == [
        (lv.name, lv.group, lv.size) for lv in layout.logical
    ], name
    assert found["devices"] == [lv.device for lv in layout.logical], name
    assert [(pv["name"], pv["metadatasize"] * unit) for pv in scheme["pvs"]] == [
        (pv.device, pv.metadata) for pv in layout.physical
    ], name
    assert [(vg["name"], tuple(vg["pvnames"])) for vg in scheme["vgs"]] == [
        (vg.name, vg.volumes) for vg in layout.groups
    ], name
    assert [(md["name"], md["level"], tuple(md["devices"])) for md in scheme["mds"]] == [
        (raid.device, raid.level, raid.members) for raid in layout.raids
    ], name
    assert [(fs["device"], fs["mount"] or "", fs["fs_type"]) for fs in scheme["fss"]] == [
        (fs.device, fs.mount, fs.kind) for fs in layout.file_systems
    ], name
    mounts = {fs.mount: fs.device for fs in layout.file_systems}
    assert found["root"] == mounts["/"], name
    assert found["boot"] == mounts["/boot"], name
    assert found["images"] == {mounts["/"]: URI}, name
    drives = [t.device(p) for t in layout.tables for p in made(t) if p.use is Use.CONFIG_DRIVE]
    assert [found["configdrive"]] == drives, name


def _same_places(wanted: list[tuple[int, int]], found: list[Json], dialect: Dialect, name: str) -> None:
    """Sizes to the byte, by each agent's own rule of borders; starts too, but for fuel-agent, which keeps a MiB between."""
    if dialect is BAREON:
        assert [(p["begin"], p["end"] + 1 - p["begin"]) for p in found] == wanted, name
        return
    sizes = [(p["end"] - p["begin"]) * MIB for p in found]
    assert sizes == [size for _, size in wanted], name
    begins = [p["begin"] for p in found]
    if dialect is FUEL_AGENT:
        assert begins == [1, *(p["end"] + 1 for p in found[:-1])], name
    else:
        assert [begin * MIB for begin in begins] == [start for start, _ in wanted], name
