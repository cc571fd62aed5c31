"""What the guest does: each agent partitions the blank disks in turn, and Debian's own tools read back what is there.

Role: runs in the guest only, with nothing but the standard library. The answers go to the console, a line of JSON each after MARK.
"""

import json
import os
import pathlib
import subprocess
import sys

from reading import read_back

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


main()
