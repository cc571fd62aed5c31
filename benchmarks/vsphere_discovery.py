"""`python -m benchmarks.vsphere_discovery`: how fast a vCenter with many VMs is looked at.

On a simulated vCenter in a process of its own. Against a client that asks for the same properties of the same objects with the same
library, in as large pages, over a connection of the same kind, and throws the answers away; in turns, in the same process. Counted
is the processor time of this process, as the machine may be shared and the simulator is not what is measured; logging in is not
counted, on either side. Then the second look, with nothing changed, against the first.
"""

from __future__ import annotations

import argparse
import gc
import statistics
import sys
import time
from collections.abc import Callable
from contextlib import closing
from pathlib import Path
from typing import Any

from pyVim.connect import Disconnect
from pyVmomi import vim, vmodl

from benchmarks.report import tell
from corral.drivers.vsphere import open_hosts
from corral.drivers.vsphere.inventory import WANTED
from corral.drivers.vsphere.properties import MOMENT, STANDING
from lab.places import from_environment
from lab.vcenter.administrator import administrator
from lab.vcenter.server import USER, Size, Vcenter

AIM_FIRST, AIM_SECOND = 1.3, 0.2
PAGE = 250
_HOSTS, _CLUSTERS = 8, 4


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.vsphere_discovery", description=__doc__)
    parser.add_argument("--vms", type=int, default=2000, help="VMs of the vCenter, a multiple of 4 (default 2000)")
    parser.add_argument("--runs", type=int, default=3, help="turns of each (default 3)")
    parser.add_argument("--json", type=Path, help="write the figures there, too")
    args = parser.parse_args()
    size = Size(clusters=_CLUSTERS, cluster_hosts=_HOSTS, hosts=0, vms=args.vms // _CLUSTERS)
    with Vcenter(from_environment(), size) as vcenter:
        turns = [_turn(vcenter, size.count) for _ in range(args.runs)]
    listing, first, second = (statistics.median(column) for column in zip(*turns, strict=True))
    result = {
        "vms": size.count,
        "runs": args.runs,
        "listing_seconds": round(listing, 3),
        "first_seconds": round(first, 3),
        "second_seconds": round(second, 3),
        "first_to_listing": round(first / listing, 2),
        "second_to_first": round(second / first, 2),
    }
    rows = [
        (f"bare library: {size.count} VMs and their hosts listed in bulk, answers thrown away", f"{listing:8.3f} s"),
        ("Corral's first look", f"{first:8.3f} s"),
        ("Corral's second look, nothing changed", f"{second:8.3f} s"),
        ("first look to listing", _judged(first / listing, AIM_FIRST)),
        ("second look to first", _judged(second / first, AIM_SECOND)),
    ]
    tell(result, rows, args.json)
    return 0


def _turn(vcenter: Vcenter, count: int) -> tuple[float, float, float]:
    """Seconds of: listing, first look, second look."""
    client = administrator(vcenter)
    listing = _timed(lambda: _bare(client.content), count)
    Disconnect(client)
    login = {"host": vcenter.host, "port": vcenter.port, "user": USER, "password_file": str(vcenter.password_file)}
    with closing(open_hosts("bench", {**login, "ca_file": str(vcenter.certificate), "page": PAGE})) as source:
        source.hosts.hosts()  # logs in
        first = _timed(lambda: _look(source.hosts), count)
        second = _timed(lambda: _look(source.hosts), count)
    return listing, first, second


def _timed(act: Callable[[], int], count: int) -> float:
    gc.collect()
    begun = time.process_time()
    found = act()
    taken = time.process_time() - begun
    assert found == count, "all must see the same VMs"
    return taken


def _look(hosts: Any) -> int:
    looks = list(hosts.looks())
    assert all(look.host.reachable and not vm.problem for look in looks for vm in look.vms)
    return sum(len(look.vms) for look in looks)


def _bare(content: Any) -> int:
    _listed(content, WANTED)
    return _listed(content, {vim.VirtualMachine: (*MOMENT, *STANDING)})


def _listed(content: Any, wanted: Any) -> int:
    collector = vmodl.query.PropertyCollector
    view = content.viewManager.CreateContainerView(content.rootFolder, list(wanted), True)
    through = collector.TraversalSpec(name="view", path="view", skip=False, type=vim.view.ContainerView)
    spec = collector.FilterSpec(
        objectSet=[collector.ObjectSpec(obj=view, skip=True, selectSet=[through])],
        propSet=[collector.PropertySpec(type=kind, pathSet=list(paths)) for kind, paths in wanted.items()],
    )
    answer, count = (
        content.propertyCollector.RetrievePropertiesEx([spec], collector.RetrieveOptions(maxObjects=PAGE)),
        0,
    )
    while answer is not None:
        count += len(answer.objects)
        if not answer.token:
            break
        answer = content.propertyCollector.ContinueRetrievePropertiesEx(answer.token)
    return count


def _judged(ratio: float, aim: float) -> str:
    return f"{ratio:8.2f}    aim {aim}: {'kept' if ratio <= aim else 'missed'}"


if __name__ == "__main__":
    sys.exit(main())
