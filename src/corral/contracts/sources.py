"""Capabilities of a source of machines.

All methods may raise Unreachable (nothing was sent or carried out), OutcomeUnknown (sent, answer lost) and DriverFailed (the
answer is a failure that fits nothing else), besides what they name. All are safe to call from several threads at once.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any, Protocol, runtime_checkable

from corral.contracts.border import Border
from corral.contracts.cloud import Images, Networks
from corral.contracts.composition import Composes, Pools
from corral.contracts.enrolling import Enrolls
from corral.contracts.provisioning import Deploys
from corral.contracts.traces import Traces
from corral.domain.machine import Machine, Power


@dataclass(frozen=True, slots=True)
class Query:
    """Which machines to list. None: any. `active_free` asks only for those that are active and unclaimed, filtered at the
    source, so that a list of adoptable machines does not load all others;
    `available_free` those that could be deployed, likewise. `times` asks for `created_at` and `updated_at`
    too, for which a source may have to send whole records: a list that does not show them does not ask."""

    resource_class: str | None = None
    name: str | None = None
    active_free: bool = False
    available_free: bool = False
    times: bool = False


@dataclass(frozen=True, slots=True)
class Health:
    """How a source answers right now. `detail` is for people: the version on success, the error otherwise."""

    reachable: bool
    detail: str
    seconds: float = 0.0


class PowerTarget(StrEnum):
    """What can be asked of a machine's power; the values are those of Mogan's API."""

    ON = "on"
    OFF = "off"
    REBOOT = "reboot"
    SOFT_OFF = "soft_off"
    SOFT_REBOOT = "soft_reboot"


@runtime_checkable
class Discovers(Protocol):
    """A source that can list its machines. Reads only."""

    name: str
    driver: str

    def check(self) -> Health:
        """Whether the source answers and the credentials hold. Never raises: the answer is in `Health`."""

    def discover(self, query: Query, *, marker: str | None = None, limit: int | None = None) -> Iterator[Machine]:
        """The machines that match, ordered by id, after `marker`. One that can't be read comes with `problem` set.

        Pages are fetched as the iterator is drawn. Memory may grow by a small record for each NIC where a source can't give
        NICs by machine, never by whole machines."""

    def observe(self, machine: str) -> Machine:
        """One machine with everything known of it, its power and `boot` asked of the machine itself where that is possible.

        `machine` is an id or, where the source has names, a name. Raises NotFound; never for a BMC that does not answer."""


@runtime_checkable
class Adopts(Protocol):
    """A source whose machines can be claimed, and given back as they were. Never touches power, boot, disk or name."""

    def snapshot(self, machine: Machine) -> Mapping[str, Any]:
        """The values of all fields that adoption may change, as JSON: what `release` restores. They are those of a machine
        that was just observed: nothing is asked again."""

    def claim(self, machine: str, owner: str, seen: Mapping[str, Any] | None = None) -> None:
        """Make `owner` (a server's uuid) the one owner of a free machine, and have the source refuse to delete or tear it
        down: both in one act where the source can, so that what is claimed is protected at any moment. Claiming again for
        the same owner does nothing, but completes a claim, or takes back a release, that was left half-done.

        With `seen`, a snapshot of the free machine, the first attempt rests on that instead of another look: only where the
        source itself then refuses a machine that is no longer free and running.

        Exactly one of any number of concurrent claims by different owners succeeds; the others raise Conflict, and leave
        nothing behind."""

    def release(self, machine: str, owner: str, snapshot: Mapping[str, Any]) -> None:
        """Undo `claim` as far as `owner` did it, back to `snapshot`, field by field. Idempotent; does nothing to a machine
        that someone else owns by now, and nothing to one that is gone."""

    def vifs(self, machine: str) -> Sequence[str]:
        """Ids of the network ports that are plugged in. Raises NotFound."""

    def plug(self, machine: str, port: str) -> None:
        """Plug a network port in. Plugging in one that is plugged in already does nothing. Some sources accept and ignore
        it: read `vifs` afterwards. Raises Conflict when no NIC is free."""

    def unplug(self, machine: str, port: str) -> None:
        """Unplug a network port. One that is not plugged in is done. Idempotent."""


@runtime_checkable
class Powers(Protocol):
    """A source that can switch its machines. Called only because a person asked for it."""

    def power(self, machine: str) -> Power:
        """The power state on record at the source. Raises NotFound."""

    def switch(self, machine: str, target: PowerTarget) -> None:
        """Ask for a power change; returns when the source has taken the request. Raises Conflict while it is busy."""

    def switching(self, machine: str) -> bool:
        """True while a change that was asked for is still under way."""


@dataclass(frozen=True, slots=True)
class Source:
    """A place that has machines, with the image and network services that go with it.

    Made by a driver's entry point (`corral.drivers`): `open_source(name: str, options: Mapping[str, Any]) -> Source`, which
    raises Invalid for options that it does not know or can't use, and does no I/O. All its calls pass `border`.
    `check_settings` raises Invalid when what the options name is not described on this host; it reads files, and asks nobody."""

    name: str
    driver: str
    machines: Discovers
    images: Images
    networks: Networks
    close: Callable[[], None] = lambda: None
    border: Border = field(default_factory=lambda: Border(()))
    check_settings: Callable[[], None] = lambda: None

    @property
    def capabilities(self) -> tuple[str, ...]:
        """The names of the capabilities that the driver has, lower case."""
        known: tuple[type, ...] = (Discovers, Adopts, Powers, Deploys, Traces, Enrolls, Pools, Composes)
        return tuple(one.__name__.lower() for one in known if isinstance(self.machines, one))
