"""Leaks in Cinder and Neutron: marks of records that do not exist, and records whose volume or port is gone, or another's by now.

Rule: judgement only, as in `leaks`. A record that moves right now is explained, whatever it looks like.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence, Set
from dataclasses import dataclass

from corral.domain.gaps import CloudRecord
from corral.domain.gaps import Kind as Made
from corral.domain.leak_kinds import Kind, Leak, leak
from corral.domain.traces import Ours


@dataclass(frozen=True, slots=True)
class CloudTrace:
    """A volume or a port that bears a mark, or that a record says was made. `record`: what its mark names, "" for none. `holders`:
    who has it: a VM by its id, or whatever the cloud calls somebody else. `vm`: of a port, the device that it names."""

    kind: Made
    id: str
    record: str
    holders: tuple[str, ...] = ()
    vm: str = ""


@dataclass(frozen=True, slots=True)
class CloudScene:
    """The cloud around one source at one moment. `records`: those of the source at rest, by id; `spared`: ids of all others.
    `strays`: whether marks that no record explains are told here. `untold`: projects whose volumes could not be looked at."""

    source: str
    cloud: str
    traces: Sequence[CloudTrace]
    records: Mapping[str, CloudRecord]
    spared: Set[str]
    ours: Ours
    strays: bool = True
    untold: Set[str] = frozenset()


def judge_cloud(scene: CloudScene) -> list[Leak]:
    """Everything in one cloud that is not explained."""
    return [*_marks(scene), *_records(scene)]


def _marks(scene: CloudScene) -> Iterator[Leak]:
    for one in scene.traces:
        record = scene.records.get(one.record)
        words = {"record": one.record, "machine": one.vm or None}
        if record is not None and record.made != one.id:
            told = {**words, "how": _word(one.kind), "other": f"{record.kind} {record.made}"}
            yield leak(Kind.CLOUD_COPY, scene.source, one.id, told)
        elif record is None and scene.strays and one.record and one.record not in scene.spared:
            kind = Kind.CLOUD_VOLUME if one.kind is Made.VOLUME else Kind.CLOUD_PORT
            yield leak(kind, scene.source, one.id, words, scene.ours)


def _records(scene: CloudScene) -> Iterator[Leak]:
    there = {(one.kind, one.id): one for one in scene.traces}
    for record in scene.records.values():
        words = {"machine": record.vm, "part": record.part, "cloud": scene.cloud, "record": record.id}
        words |= {"how": _word(record.kind), "word": str(record.kind), "other": record.made}
        found = there.get((record.kind, record.made))
        if found is None:
            if not (record.kind is Made.VOLUME and record.project in scene.untold):
                yield leak(Kind.RECORD_GONE, scene.source, record.id, words)
        elif found.record != record.id:
            yield leak(Kind.RECORD_CHANGED, scene.source, record.id, {**words, "now": "without its mark"})
        elif found.holders != (record.vm,):
            now = f"held by {', '.join(found.holders) or 'nobody'}"
            yield leak(Kind.RECORD_CHANGED, scene.source, record.id, {**words, "now": now})


def _word(kind: Made) -> str:
    return str(kind).capitalize()
