"""`python -m benchmarks.libvirt_discovery`: how fast a host with many VMs is looked at.

On libvirt's own test driver, which answers from memory: so nothing is measured but libvirt's bindings and Corral. Against two
clients that call the library in bulk (`listAllDomains`, `XMLDesc` of each, `getAllDomainStats`), in turns, in the same process: one
throws the answers away, one reads the same facts out of them with the standard library. Counted is the processor time of the
process, as all of it is work and the machine may be shared; opening the connection is not counted, on either side. Then the second
look, with nothing changed, against the first.

And the survey: the same looks written into the record (SQLite), against the client that reads the facts and writes them with
`sqlite3` as rows of VMs, disks and NICs, with neither checks nor anything to find them by but their keys.
"""

from __future__ import annotations

import argparse
import gc
import json
import sqlite3
import statistics
import sys
import tempfile
import time
import uuid
from collections.abc import Callable
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import libvirt

from benchmarks.report import tell
from corral.contracts.hosts import HostSource, Look
from corral.drivers.libvirt import open_hosts
from corral.engine import open_database
from corral.store import SurveyLeases, Surveys, upgrade
from corral.store.survey_vms import Round

AIM_FIRST, AIM_SECOND = 1.3, 0.2


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.libvirt_discovery", description=__doc__)
    parser.add_argument("--domains", type=int, default=4000, help="VMs on the host (default 4000)")
    parser.add_argument("--runs", type=int, default=3, help="turns of each (default 3)")
    parser.add_argument("--json", type=Path, help="write the figures there, too")
    args = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        world = Path(folder) / "world.xml"
        world.write_text(f"<node>{''.join(domain(number) for number in range(args.domains))}</node>")
        turns = [_turn(f"test://{world}", args.domains, Path(folder) / str(run)) for run in range(args.runs)]
    listing, reading, writing, first, second, survey, again = (
        statistics.median(column) for column in zip(*turns, strict=True)
    )
    result = {
        "domains": args.domains,
        "runs": args.runs,
        "listing_seconds": round(listing, 3),
        "reading_seconds": round(reading, 3),
        "first_seconds": round(first, 3),
        "second_seconds": round(second, 3),
        "first_to_reading": round(first / reading, 2),
        "first_to_listing": round(first / listing, 2),
        "second_to_first": round(second / first, 2),
        "writing_seconds": round(writing, 3),
        "first_survey_seconds": round(survey, 3),
        "second_survey_seconds": round(again, 3),
        "survey_to_writing": round(survey / writing, 2),
        "survey_to_listing": round(survey / listing, 2),
        "second_survey_to_first": round(again / survey, 2),
    }
    rows = [
        (f"bare library: {args.domains} VMs listed in bulk, answers thrown away", f"{listing:8.3f} s"),
        ("bare library: the same, and the facts read out of the answers", f"{reading:8.3f} s"),
        ("Corral's first look", f"{first:8.3f} s"),
        ("Corral's second look, nothing changed", f"{second:8.3f} s"),
        ("first look to reading", _judged(first / reading, AIM_FIRST)),
        ("first look to listing without reading", f"{first / listing:8.2f}"),
        ("second look to first", _judged(second / first, AIM_SECOND)),
        ("bare libraries: the facts read, and written with sqlite3", f"{writing:8.3f} s"),
        ("Corral's first survey into the record", f"{survey:8.3f} s"),
        ("Corral's second survey, nothing changed", f"{again:8.3f} s"),
        ("first survey to reading and writing", f"{survey / writing:8.2f}"),
        ("first survey to listing without reading", f"{survey / listing:8.2f}"),
        ("second survey to first", _judged(again / survey, AIM_SECOND)),
    ]
    tell(result, rows, args.json)
    return 0


def domain(number: int) -> str:
    """A VM with two disks and two NICs."""
    disks = "".join(
        f"<disk type='file' device='disk'><driver name='qemu' type='qcow2'/><source file='/srv/images/vm{number}-{target}.qcow2'/>"
        f"<target dev='{target}' bus='virtio'/><serial>S{number}-{target}</serial></disk>"
        for target in ("vda", "vdb")
    )
    tail = f"{number >> 16 & 255:02x}:{number >> 8 & 255:02x}:{number & 255:02x}"
    nics = "".join(
        f"<interface type='bridge'><mac address='52:54:{nic:02x}:{tail}'/><source bridge='br0'/><model type='virtio'/></interface>"
        for nic in (0, 1)
    )
    return (
        f"<domain type='test'><name>vm{number:05d}</name><uuid>{uuid.UUID(int=(0xABC << 96) + number)}</uuid>"
        f"<memory unit='MiB'>{512 + number % 8 * 512}</memory><vcpu>{1 + number % 4}</vcpu>"
        f"<os><type arch='x86_64'>hvm</type><boot dev='hd'/></os><devices>{disks}{nics}<console type='pty'/></devices></domain>"
    )


def _turn(uri: str, count: int, folder: Path) -> tuple[float, ...]:
    """Seconds of: listing, reading, reading and writing, first look, second look, first survey, second survey."""
    folder.mkdir()
    connection = libvirt.openReadOnly(uri)
    listing = _timed(lambda: _bare(connection, lambda _text: None), count)
    reading = _timed(lambda: _bare(connection, _facts), count)
    writing = _timed(lambda: _written(connection, folder / "bare.db"), count)
    connection.close()
    record = _recording(folder / "record.db")
    with closing(open_hosts("bench", {"hosts": [uri], "timeout": 120})) as source:
        source.hosts.hosts()  # connects
        first = _timed(lambda: _look(source.hosts), count)
        second = _timed(lambda: _look(source.hosts), count)
    with closing(open_hosts("bench", {"hosts": [uri], "timeout": 120})) as source:
        source.hosts.hosts()
        survey, again = (_timed(lambda: _survey(source, record), count) for _ in range(2))
    return listing, reading, writing, first, second, survey, again


def _recording(file: Path) -> Callable[[Look], None]:
    """What writes a look into a record of its own."""
    sql = open_database(f"sqlite:///{file}")
    upgrade(sql)
    SurveyLeases(sql).lease("bench", "here", 3600)
    surveys = Surveys(sql, lambda: datetime.now(UTC))
    return lambda look: surveys.record(Round("bench", "here"), look)


def _survey(source: HostSource, record: Callable[[Look], None]) -> int:
    [look] = source.hosts.looks()
    record(look)
    return len(look.vms)


def _written(connection: Any, file: Path) -> int:
    """The facts of all VMs, and of their disks and NICs, as rows with JSON."""
    found: list[dict[str, Any]] = []
    count = _bare(connection, lambda text: found.append(_facts(text)))
    with closing(sqlite3.connect(file)) as sql, sql:
        sql.execute("CREATE TABLE vms (id TEXT PRIMARY KEY, name TEXT, facts TEXT)")
        rows = [(one["uuid"], one["name"], json.dumps({**one, "disks": 0, "nics": 0}, default=str)) for one in found]
        sql.executemany("INSERT INTO vms VALUES (?, ?, ?)", rows)
        for table in ("disks", "nics"):
            sql.execute(f"CREATE TABLE {table} (vm TEXT, number INTEGER, facts TEXT, PRIMARY KEY (vm, number))")
            parts = [
                (one["uuid"], number, json.dumps(part, default=str))
                for one in found
                for number, part in enumerate(one[table])
            ]
            sql.executemany(f"INSERT INTO {table} VALUES (?, ?, ?)", parts)
    return count


def _timed(act: Callable[[], int], count: int) -> float:
    gc.collect()
    begun = time.process_time()
    found = act()
    taken = time.process_time() - begun
    assert found == count, "all must see the same VMs"
    return taken


def _look(hosts: Any) -> int:
    [look] = hosts.looks()
    assert look.host.reachable, look.host.problem
    return len(look.vms)


def _bare(connection: Any, read: Callable[[str], object]) -> int:
    kept = [(one.UUIDString(), read(one.XMLDesc(0))) for one in connection.listAllDomains(0)]
    stats = {one.UUIDString(): told for one, told in connection.getAllDomainStats(0, 0)}
    return len(kept) if len(stats) == len(kept) else 0


def _facts(text: str) -> dict[str, Any]:
    """What a client would note of a VM, without any check."""
    root = ElementTree.fromstring(text)
    disks = [
        {
            "type": one.get("type"),
            "target": one.find("target").get("dev"),  # type: ignore[union-attr]
            "bus": one.find("target").get("bus"),  # type: ignore[union-attr]
            "format": one.find("driver").get("type"),  # type: ignore[union-attr]
            "path": one.find("source").get("file"),  # type: ignore[union-attr]
            "serial": one.findtext("serial"),
            "wwn": one.findtext("wwn"),
            "backing": one.find("backingStore/source"),
            "mirror": one.find("mirror"),
            "shareable": one.find("shareable") is not None,
        }
        for one in root.iterfind("devices/disk")
    ]
    nics = [
        {
            "type": one.get("type"),
            "mac": one.find("mac").get("address"),  # type: ignore[union-attr]
            "bridge": one.find("source").get("bridge"),  # type: ignore[union-attr]
            "model": one.find("model").get("type"),  # type: ignore[union-attr]
            "port": one.find("virtualport/parameters"),
            "vlan": one.find("vlan/tag"),
        }
        for one in root.iterfind("devices/interface")
    ]
    return {
        "uuid": root.findtext("uuid"),
        "name": root.findtext("name"),
        "memory": int(root.findtext("memory") or 0),
        "vcpu": int(root.findtext("vcpu") or 0),
        "arch": root.find("os/type").get("arch"),  # type: ignore[union-attr]
        "metadata": root.find("metadata"),
        "held": root.findall("devices/hostdev"),
        "channels": root.findall("devices/channel/target"),
        "disks": disks,
        "nics": nics,
    }


def _judged(ratio: float, aim: float) -> str:
    return f"{ratio:8.2f}    aim {aim}: {'kept' if ratio <= aim else 'missed'}"


if __name__ == "__main__":
    sys.exit(main())
