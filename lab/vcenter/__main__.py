"""`python -m lab.vcenter start|stop|status`: a simulated vCenter, kept until it is stopped or its time is over.

`start` prints how to log in to it.
"""

from __future__ import annotations

import argparse
import sys
from dataclasses import fields
from pathlib import Path

from lab.errors import LabError
from lab.places import Places, from_environment
from lab.vcenter.server import USER, Size, Vcenter


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m lab.vcenter", description=__doc__)
    parser.add_argument("act", choices=("start", "stop", "status"))
    parser.add_argument("--seconds", type=int, default=3600, help="after which it ends by itself (default 3600)")
    for one in fields(Size):
        parser.add_argument(f"--{one.name.replace('_', '-')}", type=int, default=one.default, metavar="N")
    args = parser.parse_args()
    size = Size(**{one.name: getattr(args, one.name) for one in fields(Size)})
    try:
        return _act(from_environment(), args.act, size, args.seconds)
    except LabError as error:
        print(error, file=sys.stderr)
        return 1


def _act(places: Places, act: str, size: Size, seconds: int) -> int:
    note = places.root / "vcenter.place"
    there = Path(note.read_text()) if note.exists() else None
    if there is not None and (act == "stop" or not there.exists()):
        Vcenter(places, directory=there).remove()
        note.unlink()
        there = None
    if act == "stop":
        return 0
    if there is None and act == "status":
        print("There is no vCenter.")
        return 1
    vcenter = Vcenter(places, size, seconds, there)
    if act == "start":
        vcenter.start()
        note.write_text(str(vcenter.directory))
    login = f"--host {vcenter.host} --port {vcenter.port} --user {USER} --password-file {vcenter.password_file}"
    print(f"corral probe vsphere {login} --ca-file {vcenter.certificate}")
    return 0


sys.exit(main())
