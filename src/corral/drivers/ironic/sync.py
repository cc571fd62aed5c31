"""What Ironic tells of all nodes in lists, and what it is told: a power state, and what is said of the instance.

Rule: one stream of pages for nodes, one for ports, one for port groups; never a request for each node. The instance's name is
`instance_info/display_name`, where Nova writes it too: the node's own name is the operator's, and is never changed.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from itertools import repeat
from typing import Any

from corral.cloud.answers import Busy, Faltered
from corral.cloud.wire import Service, segment
from corral.contracts.sources import PowerTarget
from corral.contracts.syncing import Told
from corral.domain.descriptions import unkept
from corral.domain.drift import Facts, Field, Value
from corral.domain.errors import Conflict, DriverFailed, NotFound, NotSupported
from corral.domain.machine import Machine, Nic, Power, is_uuid
from corral.domain.server import normal_class
from corral.drivers.ironic import translate
from corral.drivers.ironic.indexes import whole_index
from corral.drivers.ironic.listing import NodeNics, node_pages
from corral.drivers.ironic.power import Switches
from corral.drivers.ironic.said import KEYS, path, refusal, said
from corral.drivers.ironic.versions import Nodes
from corral.drivers.ironic.vifs import Vifs

FIELDS = (
    "uuid,name,provision_state,power_state,target_power_state,resource_class,instance_uuid,reservation,"
    "instance_info,properties,maintenance"
)
_TAKEN = (("associated", "true"),)
_FREE = (("associated", "false"), ("provision_state", "active"))
_TRIES = 8
_UNNAMED = "uuid,instance_info"
_NAMED = "uuid,instance_info,instance_name"
_ON_OFF = {Power.ON: PowerTarget.ON, Power.OFF: PowerTarget.OFF}
_UNTOLD = object()
_DISTURBS = {Power.ON: "start", Power.OFF: "stop"}


class NodeSync:
    """`Tells` and `Sets` over one Ironic."""

    def __init__(self, source: str, service: Service, nodes: Nodes, switches: Switches, page_size: int) -> None:
        self._source = source
        self._nodes = nodes
        self._service = service
        self._switches = switches
        self._page_size = page_size
        self._nics = NodeNics(service)
        self._vifs = Vifs(service)

    def told(self, *, free: bool) -> Iterator[Told]:
        nics = whole_index(self._service, self._page_size)
        for wanted in (_TAKEN, _FREE) if free else (_TAKEN,):
            query = [("fields", FIELDS), *wanted]
            for page in node_pages(self._service, "/v1/nodes", query, repeat(self._page_size), None):
                for row in page:
                    yield self._told(row, nics.of(_uuid(row)) if nics else ())

    def told_of(self, machine: str) -> Told:
        row = self._row(machine)
        return self._told(row, self._nics.of(machine))

    def _row(self, machine: str, fields: str = FIELDS) -> Mapping[str, Any]:
        if not is_uuid(machine):
            raise NotFound(f"{machine[:64]!r} is no uuid of a node.")
        row = self._nodes.service().read(f"/v1/nodes/{segment(machine)}", [("fields", fields)])
        if not isinstance(row, Mapping) or _uuid(row) != machine.lower():
            raise DriverFailed(f"Ironic's record of node {machine} can't be read, or is another node's.")
        return row

    def _told(self, row: Any, nics: tuple[Nic, ...]) -> Told:
        try:
            found = translate.machine(self._source, row, nics)
        except (ValueError, AttributeError) as exc:
            found = translate.broken(self._source, row, str(exc))
        return told_by(found)

    def settable(self) -> frozenset[Field]:
        return frozenset({Field.POWER, Field.PORTS, *KEYS})

    def refusal(self, what: Field, value: Value) -> str:
        return refusal(what, value)

    def disturbance(self, what: Field, value: Value) -> str:
        if what is Field.PORTS:
            return "plug"
        return _DISTURBS[_power(value)] if what is Field.POWER else ""

    def set(self, machine: str, what: Field, value: Value) -> None:
        if what is Field.POWER:
            # One that is there already is left alone: Ironic would take the request for another one.
            if self._switches.power(machine) is not _power(value):
                self._switches.switch(machine, _ON_OFF[_power(value)])
        elif what is Field.PORTS:
            self._plug(machine, value)
        elif what not in KEYS:
            raise NotSupported(f"Ironic can't be told the {what} of a node.")
        elif why := refusal(what, value):
            raise NotSupported(why, fix="Change it in Corral.")
        else:
            self._say(machine, what, value)

    def _plug(self, machine: str, ports: Value) -> None:
        """Plug in what is not. What somebody else plugged in stays: to unplug it would cut the machine off from a network."""
        here = self._vifs.vifs(machine)
        if more := sorted(set(here) - set(ports)):
            raise Conflict(
                f"Ports {', '.join(more)} are plugged into node {machine} too, and are not unplugged from here.",
                fix="Accept the drift, or unplug them yourself: `openstack baremetal node vif detach`.",
            )
        for port in ports:
            if port not in here:
                self._vifs.plug(machine, port)

    def _say(self, machine: str, what: Field, value: Value) -> None:
        for attempt in range(_TRIES):
            before = self._row(machine, _NAMED if self._nodes.have_names() else _UNNAMED)
            told = said(before.get("instance_info"))
            if told.get(what, _UNTOLD) == value:
                return
            if why := "What is there can't be read." if what not in told else unkept(what, told[what]):
                raise Conflict(f"The {what} of node {machine} are left alone: {why}", fix="Remove them there.")
            try:
                self._change(machine, what, value, before)
            except (Busy, Faltered) as exc:
                self._service.patience.pause(attempt, exc)
        raise DriverFailed(f"The {what} of node {machine} changes all the time: gave up after {_TRIES} tries.")

    def _change(self, machine: str, what: Field, value: Value, before: Mapping[str, Any]) -> None:
        nameless = "instance_name" in before and not before["instance_name"]
        after = self._written(machine, _patch_to(what, value or None), nameless=nameless)
        if said(after.get("instance_info")).get(what, _UNTOLD) != value:
            former = (before.get("instance_info") or {}).get(KEYS[what]) or None
            self._written(machine, _patch_to(what, former), nameless=nameless)
            raise Conflict(
                f"Ironic shows other {what} than it was told, so they are as they were: it masks what looks like a secret.",
                fix="Say it in other words.",
            )

    def _written(self, machine: str, change: Mapping[str, Any], *, nameless: bool) -> Mapping[str, Any]:
        after = self._patch(machine, change)
        if nameless and after.get("instance_name"):
            # Ironic copied it into a field of its own, which was empty, and is to be: by a change of its own.
            self._patch(machine, {"op": "remove", "path": "/instance_name"})
        return after

    def _patch(self, machine: str, change: Mapping[str, Any]) -> Mapping[str, Any]:
        made = self._nodes.service().act("PATCH", f"/v1/nodes/{segment(machine)}", [dict(change)])
        return made if isinstance(made, Mapping) else {}


def told_by(machine: Machine) -> Told:
    """What is compared of a node."""
    free = machine.claimed_by is None and machine.provision_state == "active"
    if machine.problem:
        return Told(machine.id, machine.label, problem=machine.problem)
    return Told(machine.id, machine.label, _facts(machine), free, machine.resource_class)


def _facts(machine: Machine) -> Facts:
    facts: dict[Field, Value] = {
        Field.OWNER: machine.claimed_by,
        **said(machine.instance_info),
        Field.NICS: sorted(machine.macs),
        Field.PORTS: sorted(machine.vifs),
        Field.FLAVOR: normal_class(machine.resource_class) if machine.resource_class else None,
    }
    # What changes right now is not compared: it is neither as it was nor as it will be.
    if machine.target_power is None and machine.reserved_by is None and machine.power is not Power.UNKNOWN:
        facts[Field.POWER] = str(machine.power)
    if is_uuid(machine.image):
        facts[Field.IMAGE] = machine.image
    return {**facts, **_inventory(machine.properties)}


def _inventory(properties: Mapping[str, Any]) -> Facts:
    """CPUs, memory in bytes, and the sizes of disks in bytes, as far as Ironic knows them."""
    cpus, memory, disk = (_whole(properties.get(key)) for key in ("cpus", "memory_mb", "local_gb"))
    known = {
        Field.CPU: cpus,
        Field.MEMORY: None if memory is None else memory << 20,
        Field.DISKS: None if disk is None else [disk << 30],
    }
    return {what: value for what, value in known.items() if value is not None}


def _whole(value: Any) -> int | None:
    """A number, which Ironic also keeps as text."""
    text = str(value)
    return int(text) if not isinstance(value, bool) and text.isascii() and text.isdigit() and len(text) < 16 else None


def _patch_to(what: Field, value: Value) -> dict[str, Any]:
    where = path(what)
    return {"op": "remove", "path": where} if value is None else {"op": "add", "path": where, "value": value}


def _power(value: Value) -> Power:
    if value not in (Power.ON, Power.OFF):
        raise NotSupported(f"A node can't be told the power {value!r}.")
    return Power(value)


def _uuid(row: Any) -> str:
    return str(row.get("uuid") or "").lower() if isinstance(row, Mapping) else ""
