"""What the guest does: each agent partitions the blank disks in turn, and Debian's own tools read back what is there.

Role: runs in the guest only, with nothing but the standard library. The answers go to the console, a line of JSON each after MARK.
"""

import json
import os
import pathlib
import subprocess
import sys

MARK = "corral-guest:"
JOB = pathlib.Path("/job")


def main():
    if not JOB.is_dir() or os.getpid() == 1:
        sys.exit("this is not the guest")
    for step in json.loads((JOB / "steps.json").read_text()):
        done = partition(step["agent"], str(JOB / step["data"]))
        print(
            MARK, json.dumps({"agent": step["agent"], **done, **(read_back() if not done["code"] else {})}), flush=True
        )


def partition(agent, path):
    environment = {**os.environ, "PYTHONPATH": f"/agents/{agent}"}
    argv = ["python3.11", "-W", "ignore", "/job/partition.py", agent, path]
    done = subprocess.run(argv, env=environment, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, timeout=240)
    text = done.stdout.decode(errors="replace")
    return {"code": done.returncode, "said": text[-4000:] if done.returncode else ""}


def read_back():
    disks = sorted(pathlib.Path("/sys/block").glob("sd*"))
    return {
        "tables": {disk.name: asked(f"sfdisk --json /dev/{disk.name}")["partitiontable"] for disk in disks},
        "volumes": asked("lvs --units b --nosuffix --reportformat json -o vg_name,lv_name,lv_size")["report"][0]["lv"],
        "groups": asked("vgs --units b --nosuffix --reportformat json -o vg_name,vg_extent_size,pv_count")["report"][0][
            "vg"
        ],
        "arrays": {path.name: array(path) for path in sorted(pathlib.Path("/sys/block").glob("md*"))},
        "file_systems": asked("lsblk --json --paths --bytes -o NAME,FSTYPE,LABEL,SIZE,TYPE")["blockdevices"],
    }


def array(path):
    members = sorted(one.name.removeprefix("dev-") for one in (path / "md").glob("dev-*"))
    return {"level": (path / "md" / "level").read_text().strip(), "members": members}


def asked(command):
    return json.loads(subprocess.run(command.split(), stdout=subprocess.PIPE, check=True, timeout=60).stdout)


main()
