"""One look at the marks in the cloud around a source of hosts, between two at its records.

Everything comes in lists: all volumes, all ports of VMs that were recorded, and in batches the ports that records miss. A login may
see its own project only; so what is missed is looked for in the project that it was recorded in before it counts as gone.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Set
from dataclasses import dataclass

from corral.contracts.cloud_records import CloudAround, CloudVolume
from corral.domain.errors import CorralError
from corral.domain.gaps import CloudRecord, Filling, Kind
from corral.domain.gaps_ports import OWNER, CloudPort
from corral.domain.leak_kinds import Leak
from corral.domain.leaks_of_clouds import CloudScene, CloudTrace, judge_cloud
from corral.domain.traces import Ours
from corral.store.cloud_records import CloudRecords


@dataclass(frozen=True, slots=True)
class CloudMarks:
    """Looks at the clouds, by source. `ours`: how to tell whose marks of these records are."""

    clouds: Mapping[str, CloudAround]
    records: CloudRecords
    ours: Callable[[Set[str]], Ours]

    def at(self, source: str, *, alone: bool) -> list[Leak]:
        """What the cloud around a source and the record don't both explain. Marks that no record explains are told at the first of
        the sources that share a cloud, unless one is looked at `alone`. Raises what a cloud raises."""
        cloud = self.clouds[source]
        before = self.records.at(source)
        untold: set[str] = set()
        traces = [*_volumes(cloud, before.values(), untold), *_ports(cloud, before.values())]
        after = self.records.at(source)
        at_rest = {key: one for key, one in before.items() if after.get(key) == one and one.state is Filling.MADE}
        named = {one.record for one in traces if one.record} - at_rest.keys()
        spared = before.keys() | after.keys() | self.records.existing(named)
        strays = alone or source == min(name for name, one in self.clouds.items() if one.name == cloud.name)
        ours = self.ours(named)
        return judge_cloud(CloudScene(source, cloud.name, traces, at_rest, spared, ours, strays, untold))


def _volumes(cloud: CloudAround, records: Iterable[CloudRecord], untold: set[str]) -> Iterator[CloudTrace]:
    wanted = {one.made: one.project for one in records if one.kind is Kind.VOLUME and one.made}
    found = {one.id: one for one in cloud.volumes(None).recorded(wanted)}
    for project in sorted({project for made, project in wanted.items() if made not in found}):
        try:
            found |= {one.id: one for one in cloud.volumes(project).recorded(wanted)}
        except CorralError:
            untold.add(project)  # nothing is said of what is recorded there
    yield from map(_of_volume, found.values())


def _of_volume(one: CloudVolume) -> CloudTrace:
    return CloudTrace(Kind.VOLUME, one.id, one.record, one.attached)


def _ports(cloud: CloudAround, records: Iterable[CloudRecord]) -> Iterator[CloudTrace]:
    found = {one.id: one for one in cloud.ports.recorded()}
    missed = {one.made for one in records if one.kind is Kind.PORT and one.made} - found.keys()
    found |= {one.id: one for one in cloud.ports.named(missed)}
    yield from map(_of_port, found.values())


def _of_port(one: CloudPort) -> CloudTrace:
    holder = one.device if one.device_owner == OWNER else one.holder
    return CloudTrace(Kind.PORT, one.id, one.record, (holder,) if holder else (), one.device)
