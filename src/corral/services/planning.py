"""Plans: looks at the machines that a wish names, and says what adopting each would do. Reads only."""

from __future__ import annotations

from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace

from corral.contracts.sources import Adopts, Source
from corral.domain.adoptability import Surroundings, owner_project
from corral.domain.errors import Invalid, NotFound, NotSupported
from corral.domain.machine import Machine
from corral.domain.plan import PlanItem
from corral.domain.reasons import Reason, reason
from corral.domain.server import Flavor, ManageRequest
from corral.flows.judge import judge, surroundings
from corral.flows.manage import preview
from corral.services.inventory import Inventory
from corral.store import Flavors, Servers

MAX_MACHINES = 10_000
_AT_ONCE = 8
_MANY = 32
"""From this many machines on it is cheaper to list the sources than to ask for each machine."""

Found = tuple[Source, Machine]


class Planner:
    """Makes the items of plans: for one machine and for many by the same steps."""

    def __init__(self, inventory: Inventory, servers: Servers, flavors: Flavors) -> None:
        self._inventory = inventory
        self._servers = servers
        self._flavors = flavors

    def items(self, requests: Sequence[ManageRequest], caller: str) -> tuple[PlanItem, ...]:
        """An item for each request, in their order. Machines that can't be adopted are among them, with every reason; one
        that is not found does not hide the others. `caller` is the project that a server falls to when nothing else says."""
        if not requests:
            raise Invalid("A plan needs at least one machine.", fix="Name machines under `machines`.")
        if len(requests) > MAX_MACHINES:
            raise Invalid(f"A plan takes up to {MAX_MACHINES} machines.", fix="Split it.")
        found = self._find(requests)
        return _cross_checked(self._judged(requests, found, caller))

    def item(self, request: ManageRequest, caller: str) -> PlanItem:
        """The item for one request. Raises NotFound."""
        return self._judged([request], [self._inventory.find(request.node, request.source)], caller)[0]

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

        with ThreadPoolExecutor(max_workers=min(_AT_ONCE, len(requests))) as pool:
            return list(pool.map(one, requests))

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
            around = surroundings(source, wishes, self._servers)
            for number, (machine, wish), seen in zip(numbers, wishes, around, strict=True):
                items[number] = self._item(source, machine, wish, seen, flavors.get(wish.flavor), caller)
        return [items[number] for number in range(len(requests))]

    def _item(
        self,
        source: Source,
        machine: Machine,
        request: ManageRequest,
        around: Surroundings,
        flavor: Flavor | None,
        caller: str,
    ) -> PlanItem:
        named = [entry.port_id for entry in request.networks if entry.port_id]
        ports = [around.ports[port] for port in named if port in around.ports]
        project = owner_project(machine, ports, request.project, caller)
        seen = judge(machine, request, flavor, project, around)
        reasons = (*seen.reasons, *self._name_reasons(request, project))
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

    def _name_reasons(self, request: ManageRequest, project: str) -> tuple[Reason, ...]:
        taken = self._servers.named(project, request.name)
        return (reason("name-taken", name=request.name, project=project),) if taken else ()


def _adopting(source: Source) -> Source:
    if not isinstance(source.machines, Adopts):
        raise NotSupported(f"The {source.driver} driver of source {source.name} can't adopt machines.")
    return source


def _lost(request: ManageRequest, why: NotFound, caller: str) -> PlanItem:
    told = Reason("node-not-found", why.message, why.fix)
    return PlanItem(request, request.source or "", request.node, None, caller, "", (told,), ())


def _cross_checked(items: Sequence[PlanItem]) -> tuple[PlanItem, ...]:
    """Add what is wrong between the machines of one plan: a machine, name or port that is asked for twice."""
    seen: dict[tuple[str, ...], int] = {}
    checked = []
    for number, item in enumerate(items):
        extra = []
        first = seen.setdefault(("node", item.source, item.machine), number)
        if first != number:
            extra.append(reason("machine-twice", entry=first + 1))
        if seen.setdefault(("name", item.project, item.request.name), number) != number:
            extra.append(reason("name-taken", name=item.request.name, project=item.project))
        for entry in item.request.networks:
            if entry.port_id and seen.setdefault(("port", entry.port_id), number) != number:
                extra.append(reason("port-twice", port=entry.port_id))
        checked.append(replace(item, reasons=(*item.reasons, *extra), steps=() if extra else item.steps))
    return tuple(checked)
