"""`python -m lab.hypervisor start|stop|status|restart`: a hypervisor with five guests, kept until it is stopped.

`start` prints the URI under which libvirt reaches it.
"""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

from lab.errors import LabError
from lab.hypervisor.daemon import Hypervisor
from lab.hypervisor.guests import GUESTS
from lab.places import Places, from_environment


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m lab.hypervisor", description=__doc__)
    parser.add_argument("act", choices=("start", "stop", "restart", "status"))
    parser.add_argument(
        "--seconds", type=int, default=3600, help="after which the guests end themselves (default 3600)"
    )
    args = parser.parse_args()
    places = from_environment()
    try:
        return _act(places, args.act, args.seconds)
    except LabError as error:
        print(error, file=sys.stderr)
        return 1


def _act(places: Places, act: str, seconds: int) -> int:
    note = places.root / "hypervisor.place"
    hypervisor = Hypervisor(places, Path(note.read_text())) if note.exists() else None
    if act == "start":
        if hypervisor is None:
            hypervisor = Hypervisor(places)
            note.parent.mkdir(parents=True, exist_ok=True)
            note.write_text(str(hypervisor.directory))
        hypervisor.start()
        hypervisor.populate(GUESTS, seconds)
    elif hypervisor is None:
        print("There is no hypervisor.")
        return int(act != "stop")
    elif act == "stop":
        hypervisor.remove()
        note.unlink()
        return 0
    elif act == "restart":
        hypervisor.restart()
    print(hypervisor.uri)
    print(hypervisor.virsh("list", "--all"))
    return 0


sys.exit(main())
