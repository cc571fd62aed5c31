"""What is on the guest's disks, as Debian's own tools see it.

Role: runs in the guest only, with nothing but the standard library; as a program it prints JSON.
"""

import json
import pathlib
import subprocess


def read_back():
    disks = sorted(pathlib.Path("/sys/block").glob("sd*"))
    return {
        "tables": {disk.name: table(disk.name) for disk in disks},
        "volumes": asked("lvs --units b --nosuffix --reportformat json -o vg_name,lv_name,lv_size")["report"][0]["lv"],
        "groups": asked("vgs --units b --nosuffix --reportformat json -o vg_name,vg_extent_size,pv_count")["report"][0][
            "vg"
        ],
        "arrays": {path.name: array(path) for path in sorted(pathlib.Path("/sys/block").glob("md*"))},
        "file_systems": asked("lsblk --json --paths --bytes -o NAME,FSTYPE,LABEL,SIZE,TYPE")["blockdevices"],
    }


def table(disk):
    """None for a disk without a partition table."""
    found = subprocess.run(["sfdisk", "--json", f"/dev/{disk}"], stdout=subprocess.PIPE, timeout=60)
    return json.loads(found.stdout)["partitiontable"] if found.returncode == 0 else None


def array(path):
    members = sorted(one.name.removeprefix("dev-") for one in (path / "md").glob("dev-*"))
    return {"level": (path / "md" / "level").read_text().strip(), "members": members}


def asked(command):
    return json.loads(subprocess.run(command.split(), stdout=subprocess.PIPE, check=True, timeout=60).stdout)


if __name__ == "__main__":
    print(json.dumps(read_back()))
