"""Tools that we did not write accept what the writers make, and make of it what the layout says."""

from __future__ import annotations

import json
import subprocess
from dataclasses import replace
from pathlib import Path

import pytest

from corral.domain.layout import MIB, DiskTable, FileSystem, Layout, Partition, Raid, Use
from corral.layouts.writers import ironic, ironic_raid
from corral.layouts.writers.deployment import Deployment
from corral.layouts.writers.ignition import escaped
from corral.layouts.writers.targets import TARGETS, Files, Order
from corral.layouts.writers.types import made, type_guid
from lab.places import from_environment
from tests.e2e.support.debian import Tools
from tests.unit.layouts.writer_layouts import GIB, data, disk, table

pytestmark = [pytest.mark.lab, pytest.mark.timeout(900)]

IRONIC = """
import json, sys
from types import SimpleNamespace
from ironic.common import raid, utils
from ironic.drivers.modules import deploy_utils
fields = json.load(sys.stdin)
found = {"hints": utils.parse_root_device_hints(fields["properties"].get("root_device"))}
if "target_raid_config" in fields:
    schema = json.load(open(raid.__file__.replace("common/raid.py", "drivers/raid_config_schema.json")))
    raid.validate_configuration(fields["target_raid_config"], schema)
if "instance_info" in fields:
    info = fields["instance_info"] | {"image_source": "http://127.0.0.1/image"}
    node = SimpleNamespace(
        instance_info=info,
        properties=fields["properties"],
        driver_internal_info={"is_whole_disk_image": False},
        get_interface=lambda kind: "direct",
    )
    found["info"] = deploy_utils.parse_instance_info(node)
    found["capabilities"] = utils.parse_instance_info_capabilities(node)
print(json.dumps(found))
"""


@pytest.fixture(scope="module")
def tools() -> Tools:
    return Tools()


def written(target: str, layout: Layout) -> Files:
    return TARGETS[target].write(Order(layout))


def on_disk(tools: Tools, image: Path) -> list[tuple[int, int, str]]:
    """What sfdisk reads back from an image: start and size in bytes, and type, of each partition."""
    found = json.loads(tools.run("sfdisk", "--json", image).stdout)["partitiontable"]
    size = found["sectorsize"]
    return [(p["start"] * size, p["size"] * size, p["type"].lower()) for p in found["partitions"]]


def meant(layout: DiskTable) -> list[tuple[int, int, str]]:
    return [(p.start, p.size, type_guid(p)) for p in made(layout)]


def gapped() -> Layout:
    """Partitions of odd sizes, with space kept free between two of them, and the end of the disk left free."""
    parts = (
        Partition(1, MIB, 33 * MIB + 4096, Use.ESP, "esp"),
        Partition(2, 40 * MIB, 300 * MIB - 8192, Use.FILE_SYSTEM, "100% root"),
        Partition(3, 340 * MIB - 8192, 64 * MIB + 12288, Use.SWAP),
    )
    systems = (FileSystem("/dev/sda1", "vfat", "/boot/efi"), FileSystem("/dev/sda2", "ext4", "/"))
    return Layout((DiskTable(disk(size=GIB), parts, bootable=True),), file_systems=systems)


def test_systemd_repart_plans_and_makes_the_table_to_the_byte(tools: Tools, tmp_path: Path) -> None:
    layout = gapped()
    for path, text in written("repart", layout).items():
        (tmp_path / path).parent.mkdir(exist_ok=True)
        (tmp_path / path).write_text(text)
    image = tmp_path / "sda.img"
    options = ("--json=short", "--empty=force", f"--definitions={tmp_path / 'sda'}")
    with image.open("wb") as file:
        file.truncate(layout.tables[0].disk.size)

    plan = json.loads(tools.run("systemd-repart", "--dry-run=yes", *options, image).stdout)
    assert [(p["offset"], p["raw_size"]) for p in plan] == [(p.start, p.size) for p in layout.tables[0].partitions]

    for conf in (
        tmp_path / "sda"
    ).iterdir():  # making file systems needs loop devices; the table is what is looked at here
        conf.write_text("\n".join(line for line in conf.read_text().splitlines() if not line.startswith("Format")))
    tools.run("systemd-repart", "--dry-run=no", *options, image)
    assert on_disk(tools, image) == meant(layout.tables[0])


def test_ignition_accepts_partitions_arrays_and_what_is_kept(tools: Tools, tmp_path: Path) -> None:
    first = table([(Use.ESP, 512 * MIB), (Use.RAID, 4 * GIB), (Use.FILE_SYSTEM, 2 * GIB)])
    second = table([(Use.ESP, 512 * MIB), (Use.RAID, 4 * GIB)], "nvme0n1", bootable=False)
    kept = replace(first.partitions[2], keep=True, name="old data")
    first = replace(first, partitions=(*first.partitions[:2], kept))
    layout = Layout(
        (first, second),
        (Raid("/dev/md0", "1", ("/dev/sda2", "/dev/nvme0n1p2"), 4 * GIB, metadata="1.0"),),
        file_systems=(
            FileSystem("/dev/sda1", "vfat", label="EFI"),
            FileSystem("/dev/md0", "xfs", "/var/lib/data", options="-m reflink=1"),
            FileSystem("/dev/sda3", "ext4", "/srv/old-data", keep=True),
        ),
    )
    config = tmp_path / "config.ign"
    config.write_text(written("ignition", layout)["config.ign"])

    answer = tools.run("ignition-validate", config)
    assert "warning" not in answer.stdout + answer.stderr, answer

    broken = json.loads(config.read_text())
    broken["storage"]["disks"][0]["partitions"][1]["number"] = 1
    config.write_text(json.dumps(broken))
    assert tools.run("ignition-validate", config, check=False).returncode == 1


@pytest.mark.parametrize("mount", ["/", "/srv/old-data", "/var/ünder_score.d", "/a b/.hidden"])
def test_a_mount_unit_is_named_as_systemd_names_it(tools: Tools, mount: str) -> None:
    assert escaped(mount) == tools.run("systemd-escape", "--path", mount).stdout.strip()


def halves(size: int = 10 * GIB) -> Layout:
    """Two partitions: 50 % of the disk, and the rest of it up to the last whole MiB."""
    half = size // 2
    return data(half, size - 2 * MIB - half, size=size)


@pytest.mark.parametrize("layout", [data(10 * GIB - 2 * MIB), halves()], ids=["one", "two"])
def test_cloud_init_accepts_the_document_and_would_make_this_table(
    tools: Tools, tmp_path: Path, layout: Layout
) -> None:
    document = tmp_path / "user-data"
    document.write_text(written("cloud-init", layout)["user-data"])
    tools.run("cloud-init", "schema", "--config-file", document)

    image = tmp_path / "sdb.img"
    with image.open("wb") as file:
        file.truncate(layout.tables[0].disk.size)
    program = (
        "import json, sys, yaml; from cloudinit.config import cc_disk_setup as d;"
        "setup = yaml.safe_load(open(sys.argv[1]))['disk_setup']['/dev/sdb'];"
        "print(json.dumps(d.get_partition_layout(setup['table_type'], int(sys.argv[2]) / 512, setup['layout'])))"
    )
    argv = [tools.python, "-c", program, str(document), str(layout.tables[0].disk.size)]
    specs = subprocess.run(argv, env=tools.environment, capture_output=True, text=True, timeout=60, check=True).stdout
    tools.run("sgdisk", "-Z", image)
    for number, (_, (start, end)) in enumerate(json.loads(specs), 1):
        tools.run("sgdisk", "-n", f"{number}:{start}:{end}", image)

    found, wanted = on_disk(tools, image), meant(layout.tables[0])
    assert found[:-1] == wanted[:-1]
    assert found[-1][0] == wanted[-1][0]
    assert 0 <= found[-1][1] - wanted[-1][1] < MIB


def ask_ironic(fields: dict[str, object]) -> dict[str, object]:
    """What Ironic's own code makes of the fields; an exception of its fails the test."""
    argv = [str(from_environment().python), "-W", "ignore", "-c", IRONIC]
    done = subprocess.run(argv, input=json.dumps(fields), capture_output=True, text=True, timeout=60)
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout)


def test_ironic_takes_the_root_hints_and_the_sizes_of_a_partition_image() -> None:
    parts = [(Use.ESP, 550 * MIB), (Use.FILE_SYSTEM, 3 * GIB), (Use.SWAP, 512 * MIB), (Use.FILE_SYSTEM, 8 * GIB)]
    layout = Layout(
        (table(parts),), file_systems=(FileSystem("/dev/sda2", "xfs"), FileSystem("/dev/sda4", "ext4", "/"))
    )

    found = ask_ironic(ironic.node_fields(layout, Deployment()))

    assert found["hints"] == {"by_path": "s== /dev/disk/by-path/pci-0000%3A00%3A01.0-sda"}
    info = found["info"]
    assert isinstance(info, dict)
    assert {key: info[key] for key in ("root_mb", "swap_mb", "ephemeral_mb", "ephemeral_format")} == {
        "root_mb": 8192,
        "swap_mb": 512,
        "ephemeral_mb": 3072,
        "ephemeral_format": "xfs",
    }
    assert found["capabilities"] == {"boot_option": "local", "disk_label": "gpt"}


def test_ironics_schema_takes_the_raid_configuration() -> None:
    sizes = [(Use.RAID, 8 * GIB - 8 * MIB), (Use.RAID, 12 * GIB - MIB)]
    tables = [table(sizes, name, 20 * GIB, start=8 * MIB, bootable=name == "sda") for name in ("sda", "sdb", "sdc")]
    arrays = [
        Raid(f"/dev/md{n}", level, tuple(f"/dev/{t.disk.name}{n + 1}" for t in tables), 0)
        for n, level in enumerate("15")
    ]
    layout = Layout(tuple(tables), tuple(arrays), file_systems=(FileSystem("/dev/md0", "ext4", "/"),))

    fields = ironic_raid.node_fields(layout)

    ask_ironic(fields)
    assert [(one["raid_level"], one["size_gb"]) for one in fields["target_raid_config"]["logical_disks"]] == [
        ("1", 8),
        ("5", "MAX"),
    ]
