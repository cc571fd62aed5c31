"""Looks at every machine of a source and judges it. Reads only; needs neither server nor database.

Memory stays flat: machines come in batches, and each batch asks the cloud once for all its images and ports. While that is asked,
the next batches are already read: the services do their parts at the same time.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextvars import copy_context
from dataclasses import dataclass
from itertools import islice
from typing import TypeVar

from corral.contracts.sources import Query, Source
from corral.domain.adoptability import Surroundings, machine_reasons
from corral.domain.machine import Machine, is_uuid
from corral.domain.reasons import Reason, blockers

BATCH = 80
"""As many ports as Neutron is asked for at once, where each machine has one."""
_AHEAD = 12
T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Verdict:
    """A machine with all that speaks against adopting it, and all that should be known before."""

    machine: Machine
    reasons: tuple[Reason, ...]

    @property
    def adoptable(self) -> bool:
        return not blockers(self.reasons)


@dataclass(frozen=True, slots=True)
class Known:
    """What our own record says around a batch of machines; empty for a probe."""

    managed: Callable[[str, Iterable[str]], dict[str, str]] = lambda _source, _ids: {}
    mac_holders: Callable[[Iterable[str]], dict[str, str]] = lambda _macs: {}


def survey(
    source: Source, query: Query, *, known: Known | None = None, marker: str | None = None, limit: int | None = None
) -> Iterator[Verdict]:
    """Verdicts on all machines that match, in the order of their ids. A machine that can't be read is among them."""
    machines = source.machines.discover(query, marker=marker, limit=limit)
    for batch in ahead(iter(lambda: list(islice(machines, BATCH)), [])):
        yield from judge_batch(source, batch, known or Known())


def ahead(items: Iterator[T]) -> Iterator[T]:
    """`items`, drawn by a thread that is some of them ahead."""
    # The border's purpose and record belong to the caller's context: the thread gets a copy of it.
    context, pool = copy_context(), ThreadPoolExecutor(1, "corral-survey")

    def draw() -> T | None:
        return context.run(lambda: next(items, None))

    try:
        drawn = deque(pool.submit(draw) for _ in range(_AHEAD))
        while (item := drawn.popleft().result()) is not None:
            drawn.append(pool.submit(draw))
            yield item
    finally:
        pool.shutdown(cancel_futures=True)


def judge_batch(source: Source, machines: Sequence[Machine], known: Known) -> Iterator[Verdict]:
    """Judge some machines of one source with one look-up for each kind of thing around them."""
    ids = [machine.id for machine in machines]
    vifs = dict.fromkeys(vif for machine in machines for vif in machine.vifs)
    wanted = dict.fromkeys(machine.image for machine in machines if machine.image and is_uuid(machine.image))
    managed = known.managed(source.name, ids)
    holders = known.mac_holders({mac for machine in machines for mac in machine.macs})
    images, ports = source.images.images(wanted), source.networks.ports(vifs)
    for machine in machines:
        own = managed.get(machine.id)
        held = {mac: holders[mac] for mac in machine.macs if mac in holders}
        around = Surroundings(
            images=images,
            ports=ports,
            managed=managed,
            mac_holders={mac: f"server {uuid}" for mac, uuid in held.items() if uuid != own},
        )
        yield Verdict(machine, machine_reasons(machine, around))
