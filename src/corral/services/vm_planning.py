"""Plans for VMs: looks at those that a wish names, where they run, and says what adopting each would do. Reads only."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import groupby

from corral.contracts.virtual import Mark
from corral.domain.errors import Invalid, NotFound, Unreachable
from corral.domain.host import Host
from corral.domain.mapping import Mapped, Rules, check_flavors
from corral.domain.mapping_vms import check_for_vms, mapped_vm
from corral.domain.plan import PlanItem
from corral.domain.reasons import Reason, reason
from corral.domain.server import Flavor, Kind, ManageRequest
from corral.domain.vm import Vm
from corral.domain.vm_ownership import May, ownership_reasons, rights_reasons, vm_project
from corral.domain.vm_requests import vm_basis, vm_request_reasons
from corral.domain.vm_selection import Selection
from corral.flows.hypervisors import Hypervisor
from corral.flows.judge_vms import JudgedVm, judge_vms, out_of_sight, with_hosts
from corral.flows.onboard_vm import preview_vm
from corral.flows.vms import whereabouts
from corral.services.at_once import at_once
from corral.store import Flavors, Servers
from corral.store.host_rows import KnownVm
from corral.store.servers import Named
from corral.store.vm_records import VmFilter, VmRecords

_AT_ONCE = 8
_MANY = 100
"""More VMs than that are planned as surveys saw them last, none is asked for by itself: each one's own operation looks again."""
_BATCH = 250


@dataclass(frozen=True, slots=True)
class _Seen:
    """A VM as it was just seen at its host, with the mark that it bears; or as the record has it, which knows of no marks."""

    host: Host
    vm: Vm
    mark: Mark | None = None
    known: KnownVm | None = None


class VmPlanner:
    """Makes the items of plans for VMs, each of a request that names its source."""

    def __init__(
        self, hypervisors: Mapping[str, Hypervisor], records: VmRecords, servers: Servers, flavors: Flavors
    ) -> None:
        self._hypervisors = hypervisors
        self._records = records
        self._servers = servers
        self._flavors = flavors

    def knows(self, source: str | None) -> bool:
        """Whether that source is one of hypervisors."""
        return source in self._hypervisors

    def item(self, request: ManageRequest, caller: str, may: May = None) -> PlanItem:
        """The item for one request. `may`: whether who asks may adopt for a project. Raises NotFound, Unreachable."""
        return self._judged([request], [self._look(request)], caller, may)[0]

    def items(self, requests: Sequence[ManageRequest], caller: str, may: May = None) -> list[PlanItem]:
        """An item for each request, in their order. A VM that is not found, or that can't be asked for, hides no other."""
        found = self._recorded(requests) if len(requests) > _MANY else self._looks(requests)
        judged = self._judged(
            [one for one, seen in zip(requests, found, strict=True) if isinstance(seen, _Seen)],
            [seen for seen in found if isinstance(seen, _Seen)],
            caller,
            may,
        )
        made = iter(judged)
        return [
            _lost(request, seen, caller) if isinstance(seen, Reason) else next(made)
            for request, seen in zip(requests, found, strict=True)
        ]

    def matching(
        self, where: VmFilter, which: Selection, rules: Rules, caller: str, may: May = None
    ) -> Iterator[list[PlanItem]]:
        """Items for the VMs of one source that match and are no servers yet, as surveys saw them last, batch by batch. Raises
        Invalid for rules that say what can't be done with VMs."""
        check_for_vms(rules)
        [source], flavors, number, marker = where.sources, self._flavors.all(), 0, None
        while page := self._records.page(where, limit=_BATCH, marker=marker):
            marker = f"{source}:{page[-1].vm.id}"
            managed = self._servers.managed(source, [one.vm.id for one in page])
            known = [one for one in page if which.matches(one.vm) and one.vm.id not in managed]
            seen = self._as_known(source, known)
            made = [mapped_vm(rules, one.vm, one.host, flavors, number + n) for n, one in enumerate(seen, 1)]
            number += len(made)
            items = self._judged([one.request for one in made], seen, caller, may)
            if items:
                yield [_also(item, one.reasons) for item, one in zip(items, made, strict=True)]

    def wish(self, source: str, vm: str, rules: Rules) -> Mapped:
        """The request for one VM by a mapping, as surveys saw it last. Raises NotFound; Invalid for rules that fit no VM."""
        check_for_vms(rules)
        flavors = self._flavors.all()
        check_flavors(rules, flavors)
        known = self._records.named(source, [vm]).get(vm)
        if known is None or known.gone_since is not None:
            raise NotFound(f"No survey of {source} sees VM {vm}.")
        [one] = self._as_known(source, [known])
        return mapped_vm(rules, one.vm, one.host, flavors, 1)

    # --- inside -------------------------------------------------------------------------------------------

    def _look(self, request: ManageRequest) -> _Seen:
        hypervisor = self._hypervisors[str(request.source)]
        where = whereabouts(self._records, hypervisor.name, request.node, None)
        with hypervisor.vms() as vms:
            return _Seen(*vms.observe_marked(where))

    def _looks(self, requests: Sequence[ManageRequest]) -> list[_Seen | Reason]:
        return at_once(self._tried, requests, min(_AT_ONCE, len(requests)))

    def _recorded(self, requests: Sequence[ManageRequest]) -> list[_Seen | Reason]:
        found: dict[int, _Seen | Reason] = {}
        for source, numbers in _by_source(requests):
            named = self._records.named(source, [requests[n].node for n in numbers])
            seen = {one.vm.id: one for one in self._as_known(source, list(named.values()))}
            missing = reason("node-not-found", node="{}", sources=source)
            for number in numbers:
                node = requests[number].node
                found[number] = seen.get(node) or replace(missing, message=missing.message.replace("{}", node))
        return [found[number] for number in range(len(requests))]

    def _as_known(self, source: str, known: Sequence[KnownVm]) -> list[_Seen]:
        pairs = with_hosts(source, known, self._records)
        return [_Seen(host, vm, known=one) for (host, vm), one in zip(pairs, known, strict=True)]

    def _tried(self, request: ManageRequest) -> _Seen | Reason:
        try:
            return self._look(request)
        except NotFound as exc:
            return Reason("node-not-found", exc.message, exc.fix)
        except Unreachable as exc:
            return Reason("host-silent", exc.message, exc.fix)

    def _judged(
        self, requests: Sequence[ManageRequest], seen: Sequence[_Seen], caller: str, may: May
    ) -> list[PlanItem]:
        projects = [vm_project(one.vm, wish.project, caller) for one, wish in zip(seen, requests, strict=True)]
        flavors = {one.uuid: one for one in self._flavors.all()} if any(one.flavor for one in requests) else {}
        taken = self._servers.named({(project, one.name) for project, one in zip(projects, requests, strict=True)})
        items: dict[int, PlanItem] = {}
        for source, numbers in _by_source(requests):
            pairs = [(seen[n].host, seen[n].vm) for n in numbers]
            judged = judge_vms(source, pairs, self._records, self._servers)
            for number, one in zip(numbers, judged, strict=True):
                request, mark, project = requests[number], seen[number].mark, projects[number]
                flavor = flavors.get(request.flavor)
                named = taken.get((project, request.name))
                known = seen[number].known
                extra = (
                    *(out_of_sight(known, one.host) if known is not None else ()),
                    *ownership_reasons(one.vm, project),
                    *rights_reasons(project, may),
                    *vm_request_reasons(request, flavor, project, mark=mark.server if mark else None, own=one.server),
                    *_named(request, project, source, one.vm, named),
                )
                items[number] = self._item(source, one, request, project, flavor, extra)
        return [items[number] for number in range(len(requests))]

    def _item(
        self,
        source: str,
        judged: JudgedVm,
        request: ManageRequest,
        project: str,
        flavor: Flavor | None,
        extra: Sequence[Reason],
    ) -> PlanItem:
        vm = judged.vm
        reasons = tuple(dict.fromkeys((*judged.reasons, *extra)))
        return PlanItem(
            request=replace(request, source=source, node=vm.id, kind=Kind.VM),
            source=source,
            machine=vm.id,
            machine_name=vm.name or None,
            project=project,
            basis=vm_basis(vm, flavor),
            reasons=reasons,
            steps=preview_vm(vm, reasons, mark=self._hypervisors[source].mark),
        )


def _also(item: PlanItem, reasons: Sequence[Reason]) -> PlanItem:
    """The item with what the mapping could not say of its VM; then nothing would be done to it."""
    return replace(item, reasons=tuple(dict.fromkeys((*reasons, *item.reasons))), steps=()) if reasons else item


def _by_source(requests: Sequence[ManageRequest]) -> Iterator[tuple[str, list[int]]]:
    source: Callable[[int], str] = lambda number: str(requests[number].source)  # noqa: E731
    for name, numbers in groupby(sorted(range(len(requests)), key=source), key=source):
        yield name, list(numbers)


def _named(request: ManageRequest, project: str, source: str, vm: Vm, taken: Named | None) -> Iterator[Reason]:
    """What the name that was asked for says. The same wish, sent by somebody else, may have been accepted since the records were
    looked at: then it is not only the name that is taken."""
    if taken is None:
        return
    if (taken.source, taken.machine) == (source, vm.id):
        yield reason("already-managed", server=taken.uuid)
    yield reason("name-taken", name=request.name, project=project)


def _lost(request: ManageRequest, why: Reason, caller: str) -> PlanItem:
    wish = replace(request, kind=Kind.VM)
    return PlanItem(wish, str(request.source), request.node, None, request.project or caller, "", (why,), ())


def check_of_node(request: ManageRequest) -> None:
    """Raise Invalid for a wish for a node without what only a VM can do without."""
    for field, given in (("flavor_uuid", request.flavor), ("networks", request.networks)):
        if not given:
            raise Invalid(
                f"{field}: a node needs it, and none was given.",
                fix="Name it. If a VM is meant, say its hypervisors' `source`.",
            )
