"""Plans: looks at the machines that a wish names, and says what adopting each would do. Reads only."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from fnmatch import fnmatchcase
from functools import partial
from itertools import islice

from corral.contracts.sources import Adopts, Query, Source
from corral.domain.adoptability import Surroundings, owner_project
from corral.domain.errors import Invalid, NotFound, NotSupported
from corral.domain.machine import Machine
from corral.domain.mapping import Rules, check_flavors, mapped, names_of_networks, with_networks
from corral.domain.plan import PlanItem
from corral.domain.reasons import Reason, reason
from corral.domain.server import Flavor, ManageRequest
from corral.domain.vm_ownership import May, rights_reasons
from corral.domain.vm_selection import Selection
from corral.flows.judge import Judgement, judge, surroundings
from corral.flows.manage import preview
from corral.services.at_once import at_once
from corral.services.inventory import Inventory
from corral.services.survey import ahead
from corral.services.vm_planning import VmPlanner, check_of_node
from corral.store import Flavors, Servers
from corral.store.servers import Named
from corral.store.vm_records import VmFilter

MAX_MACHINES = 10_000
_AT_ONCE = 8
_BATCH = 250
_MANY = 32
"""From this many machines on it is cheaper to list the sources than to ask for each machine."""

Found = tuple[Source, Machine]


@dataclass(frozen=True, slots=True)
class Wanted:
    """Which machines of a source are to be planned: the free ones, of a class, whose name matches a glob; None: any. At a source of
    hypervisors those that are no servers yet, on a host (by its id), in a folder, with a tag."""

    source: str
    resource_class: str | None = None
    name: str | None = None
    host: str | None = None
    folder: str | None = None
    tag: str | None = None

    def machines(self, source: Source) -> Iterator[Machine]:
        """Those machines, as the source lists them."""
        query = Query(resource_class=self.resource_class, active_free=True)
        for machine in source.machines.discover(query):
            if self.name is None or fnmatchcase(machine.label, self.name):
                yield machine


class Planner:
    """Makes the items of plans: for one machine and for many by the same steps."""

    def __init__(self, inventory: Inventory, servers: Servers, flavors: Flavors, vms: VmPlanner) -> None:
        self._vms = vms
        self._inventory = inventory
        self._servers = servers
        self._flavors = flavors

    def items(self, requests: Sequence[ManageRequest], caller: str, may: May = None) -> tuple[PlanItem, ...]:
        """An item for each request, in their order. Machines that can't be adopted are among them, with every reason; one
        that is not found does not hide the others. `caller` is the project that a server falls to when nothing else says; `may`:
        whether who asks may adopt for a project."""
        if not requests:
            raise Invalid("A plan needs at least one machine.", fix="Name machines under `machines`.")
        if len(requests) > MAX_MACHINES:
            raise Invalid(f"A plan takes up to {MAX_MACHINES} machines.", fix="Split it.")
        of_vms = [one for one in requests if self._vms.knows(one.source)]
        of_nodes = [one for one in requests if not self._vms.knows(one.source)]
        vms = iter(self._vms.items(of_vms, caller, may) if of_vms else ())
        nodes = iter([_permitted(one, may) for one in self._items(of_nodes, caller)] if of_nodes else ())
        crossed = CrossCheck()
        return tuple(crossed.checked(next(vms if self._vms.knows(one.source) else nodes)) for one in requests)

    def _items(self, requests: Sequence[ManageRequest], caller: str) -> list[PlanItem]:
        for one in requests:
            with suppress(NotFound):  # its item says so
                self._check(one)
        return self._judged(requests, self._find(requests), caller)

    def matching(self, wanted: Wanted, rules: Rules, caller: str, may: May = None) -> Iterator[Sequence[PlanItem]]:
        """Items for the machines that one list of a source has, batch by batch: no machine is asked for by itself, and memory grows
        by what is needed to find names, ports and machines that are wished for twice, never by whole machines."""
        flavors = self._flavors.all()
        check_flavors(rules, flavors)
        if self._vms.knows(wanted.source):
            yield from self._matching_vms(wanted, rules, caller, may)
            return
        source = _adopting(self._inventory.source(wanted.source))
        _only_of_vms(wanted)
        if names := names_of_networks(rules):
            rules = with_networks(rules, source.networks.networks_named(names))
        crossed, count = CrossCheck(), 0
        for batch in ahead(iter(partial(_drawn, wanted.machines(source)), [])):
            made = [mapped(rules, machine, flavors, count + n) for n, machine in enumerate(batch, 1)]
            found: list[Found | NotFound] = [(source, machine) for machine in batch]
            items = self._judged([one.request for one in made], found, caller)
            yield [
                crossed.checked(_permitted(_also(item, one.reasons), may))
                for item, one in zip(items, made, strict=True)
            ]
            count += len(batch)

    def _matching_vms(self, wanted: Wanted, rules: Rules, caller: str, may: May) -> Iterator[Sequence[PlanItem]]:
        if wanted.resource_class is not None:
            raise Invalid("VMs have no resource class.", fix="Choose them by `host`, `folder`, `tag` and `name`.")
        crossed = CrossCheck()
        where, which = VmFilter((wanted.source,), wanted.host), Selection(wanted.name, wanted.folder, wanted.tag)
        for items in self._vms.matching(where, which, rules, caller, may):
            yield [crossed.checked(item) for item in items]

    def item(self, request: ManageRequest, caller: str, may: May = None) -> PlanItem:
        """The item for one request. Raises NotFound."""
        if self._vms.knows(request.source):
            return self._vms.item(request, caller, may)
        self._check(request)
        found = self._inventory.find(request.node, request.source)
        return _permitted(self._judged([request], [found], caller)[0], may)

    def _check(self, request: ManageRequest) -> None:
        """Raise NotFound for a source that is none, Invalid for what a node can't do without."""
        if request.source is not None:
            self._inventory.source(request.source)
        check_of_node(request)

    def _find(self, requests: Sequence[ManageRequest]) -> list[Found | NotFound]:
        listed = self._inventory.listed({one.node for one in requests}) if len(requests) >= _MANY else {}

        def one(request: ManageRequest) -> Found | NotFound:
            known = listed.get(request.node)
            if known is not None and request.source in (None, known[0].name):
                return known
            try:
                return self._inventory.find(request.node, request.source)
            except NotFound as exc:
                return exc

        return at_once(one, requests, min(_AT_ONCE, len(requests)))

    def _judged(
        self, requests: Sequence[ManageRequest], found: Sequence[Found | NotFound], caller: str
    ) -> list[PlanItem]:
        flavors = {one.uuid: one for one in self._flavors.all()}
        items: dict[int, PlanItem] = {}
        at: dict[str, list[int]] = {}
        for number, one in enumerate(found):
            if isinstance(one, NotFound):
                items[number] = _lost(requests[number], one, caller)
            else:
                at.setdefault(one[0].name, []).append(number)
        for numbers in at.values():
            pairs = [one for number in numbers if isinstance(one := found[number], tuple)]
            source = _adopting(pairs[0][0])
            wishes = [(machine, requests[number]) for (_, machine), number in zip(pairs, numbers, strict=True)]
            seen = _seen(wishes, surroundings(source, wishes, self._servers), flavors, caller)
            taken = self._servers.named({(project, wish.name) for _, wish, project in seen})
            for number, (judged, wish, project) in zip(numbers, seen, strict=True):
                items[number] = _item(source, judged, wish, project, taken.get((project, wish.name)))
        return [items[number] for number in range(len(requests))]


def _seen(
    wishes: Sequence[tuple[Machine, ManageRequest]],
    around: Sequence[Surroundings],
    flavors: Mapping[str, Flavor],
    caller: str,
) -> list[tuple[Judgement, ManageRequest, str]]:
    """Each machine as it was judged, with what is wished for it and its project."""
    found = []
    for (machine, wish), surrounding in zip(wishes, around, strict=True):
        named = [entry.port_id for entry in wish.networks if entry.port_id]
        ports = [surrounding.ports[port] for port in named if port in surrounding.ports]
        project = owner_project(machine, ports, wish.project, caller)
        found.append((judge(machine, wish, flavors.get(wish.flavor), project, surrounding), wish, project))
    return found


def _item(source: Source, seen: Judgement, request: ManageRequest, project: str, taken: Named | None) -> PlanItem:
    machine = seen.machine
    names = _name_reasons(request, project, source, machine, taken)
    reasons = tuple(dict.fromkeys((*seen.reasons, *names)))
    return PlanItem(
        request=replace(request, source=source.name, node=machine.id),
        source=source.name,
        machine=machine.id,
        machine_name=machine.name,
        project=project,
        basis=seen.basis,
        reasons=reasons,
        steps=preview(machine, request, reasons),
    )


def _name_reasons(
    request: ManageRequest, project: str, source: Source, machine: Machine, taken: Named | None
) -> tuple[Reason, ...]:
    if taken is None:
        return ()
    named = reason("name-taken", name=request.name, project=project)
    # The same wish, sent by somebody else, may have been accepted since the records were looked at: then it is not only the
    # name that is taken.
    quicker = (taken.source, taken.machine) == (source.name, machine.id)
    return (reason("already-managed", server=taken.uuid), named) if quicker else (named,)


def _adopting(source: Source) -> Source:
    if not isinstance(source.machines, Adopts):
        raise NotSupported(f"The {source.driver} driver of source {source.name} can't adopt machines.")
    return source


def _lost(request: ManageRequest, why: NotFound, caller: str) -> PlanItem:
    told = Reason("node-not-found", why.message, why.fix)
    return PlanItem(request, request.source or "", request.node, None, caller, "", (told,), ())


def _drawn(machines: Iterator[Machine]) -> list[Machine]:
    return list(islice(machines, _BATCH))


def _permitted(item: PlanItem, may: May) -> PlanItem:
    """The item with that whoever asks may not adopt for its project, if that is so."""
    found = tuple(rights_reasons(item.project, may))
    return replace(item, reasons=(*item.reasons, *found), steps=()) if found else item


def _only_of_vms(wanted: Wanted) -> None:
    for name in ("host", "folder", "tag"):
        if getattr(wanted, name) is not None:
            raise Invalid(
                f"Source {wanted.source} has nodes, which have no {name}.", fix="Choose them by class and name."
            )


def _also(item: PlanItem, reasons: Sequence[Reason]) -> PlanItem:
    """The item with what the mapping could not say of its machine; then nothing would be done to it."""
    if not reasons:
        return item
    # A flavor that was not found is one that the mapping did not name, which it says better.
    judged = [one for one in item.reasons if one.code != "flavor-not-found" or item.request.flavor]
    return replace(item, reasons=tuple(dict.fromkeys((*reasons, *judged))), steps=())


class CrossCheck:
    """Adds what is wrong between the machines of one plan: a machine, name or port that is asked for twice."""

    def __init__(self) -> None:
        self._seen: dict[tuple[str, ...], int] = {}
        self._count = 0

    def checked(self, item: PlanItem) -> PlanItem:
        """The next item, with the reasons that those before it give."""
        number, extra = self._count, []
        self._count += 1
        first = self._seen.setdefault(("node", item.source, item.machine), number)
        if first != number:
            extra.append(reason("machine-twice", entry=first + 1))
        if self._seen.setdefault(("name", item.project, item.request.name), number) != number:
            extra.append(reason("name-taken", name=item.request.name, project=item.project))
        for entry in item.request.networks:
            if entry.port_id and self._seen.setdefault(("port", entry.port_id), number) != number:
                extra.append(reason("port-twice", port=entry.port_id))
        return replace(item, reasons=(*item.reasons, *extra), steps=() if extra else item.steps)
