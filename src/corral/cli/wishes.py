"""From what an operator wishes to a manage request: names become UUIDs, and what was left out becomes the obvious choice.

Rule: a default is taken only where there is one choice, and is said aloud; otherwise the choices are named.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, TypeVar

from corral.cli.api import Json
from corral.cli.lookup import find_flavor, find_node
from corral.cli.text import counted
from corral.domain.errors import CorralError, Invalid
from corral.domain.reasons import Reason, reason
from corral.domain.server import Flavor, ManageRequest, NetworkRequest

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Wish:
    """One machine as an operator names it: everything but `node` may be left out. `row`: where in a file it stands."""

    node: str
    name: str | None = None
    flavor: str | None = None
    networks: tuple[NetworkRequest, ...] = ()
    description: str | None = None
    zone: str | None = None
    project: str | None = None
    source: str | None = None
    metadata: Mapping[str, str] = field(default_factory=dict)
    row: int = 0


@dataclass(frozen=True, slots=True)
class Draft:
    """A wish with its request, or with the reasons why there is none. `notes`: the defaults that were taken."""

    wish: Wish
    request: ManageRequest | None
    reasons: tuple[Reason, ...] = ()
    notes: tuple[str, ...] = ()


def draft(wish: Wish, nodes: Iterable[Json], flavors: Sequence[Json]) -> Draft:
    """The request for one wish among many: what is wrong becomes reasons, all of them, and stops nothing else."""
    reasons: list[Reason] = []
    try:
        node = find_node(nodes, wish.node, wish.source)
    except CorralError as error:
        return Draft(wish, None, (as_reason(error),))
    flavor = _kept(reasons, lambda: pick_flavor(wish, node, flavors))
    networks = _kept(reasons, lambda: pick_networks(wish, node))
    if flavor is None or networks is None:
        return Draft(wish, None, tuple(reasons))
    return Draft(wish, _request(wish, node, flavor, networks), (), _notes(wish, node, flavor, networks))


def complete(wish: Wish, node: Json, flavors: Sequence[Json]) -> Draft:
    """The request for one wish on its own. Raises what is wrong: Invalid, NotFound, Conflict."""
    flavor, networks = pick_flavor(wish, node, flavors), pick_networks(wish, node)
    return Draft(wish, _request(wish, node, flavor, networks), (), _notes(wish, node, flavor, networks))


def pick_flavor(wish: Wish, node: Json, flavors: Sequence[Json]) -> Json:
    """The flavor that was named, else the only one that fits. Raises NotFound, Invalid."""
    if wish.flavor:
        return find_flavor(flavors, wish.flavor)
    resource_class = node.get("resource_class")
    if not resource_class:
        raise _from_reason(reason("no-resource-class", node=node.get("name") or node.get("uuid")))
    fitting = [row for row in flavors if _fits(row, resource_class)]
    if not fitting:
        raise _from_reason(reason("no-flavor", resource_class=resource_class))
    if len(fitting) > 1:
        names = ", ".join(sorted(str(row.get("name")) for row in fitting))
        message = f"More than one flavor fits resource class {resource_class!r}: {names}."
        raise Invalid(message, fix="Choose one: `--flavor NAME`, or the column flavor.", code="flavor-ambiguous")
    return fitting[0]


def _fits(row: Json, resource_class: str) -> bool:
    flavor = Flavor(str(row.get("uuid")), str(row.get("name")), resources=row.get("resources") or {})
    return not row.get("disabled") and flavor.fits(resource_class)


def pick_networks(wish: Wish, node: Json) -> tuple[NetworkRequest, ...]:
    """What was named, else the ports that the machine has plugged in already. Raises Invalid where it has none."""
    if wish.networks:
        return wish.networks
    found = tuple(NetworkRequest(port_id=vif) for vif in vifs(node))
    if not found:
        raise Invalid(
            f"Node {node.get('name') or node.get('uuid')} has no network port plugged in, and none was named.",
            fix="Name one with `--port PORT`, or have one made with `--net NETWORK` (columns ports and nets).",
            code="no-networks",
        )
    return found


def vifs(node: Json) -> tuple[str, ...]:
    """The network ports that are plugged into a node."""
    return tuple(port["vif_port_id"] for port in node.get("ports") or [] if port.get("vif_port_id"))


def _request(wish: Wish, node: Json, flavor: Json, networks: tuple[NetworkRequest, ...]) -> ManageRequest:
    return ManageRequest(
        name=wish.name or node.get("name") or node["uuid"],
        node=node["uuid"],
        flavor=flavor["uuid"],
        networks=networks,
        source=node.get("source"),
        description=wish.description,
        availability_zone=wish.zone,
        project=wish.project,
        metadata=wish.metadata,
    )


def _notes(wish: Wish, node: Json, flavor: Json, networks: Sequence[NetworkRequest]) -> tuple[str, ...]:
    notes = []
    if not wish.name:
        notes.append(f"Name: {node.get('name') or node['uuid']} (the node's).")
    if not wish.flavor:
        notes.append(f"Flavor: {flavor.get('name')} (the only one for class {node.get('resource_class')!r}).")
    if not wish.networks:
        ports = ", ".join(str(entry.port_id) for entry in networks)
        notes.append(f"Network: the {counted(len(networks), 'port')} that it has plugged in: {ports}.")
    return tuple(notes)


def body(request: ManageRequest) -> dict[str, Any]:
    """The request as it is sent: what was not asked for is left out, so that the server's defaults hold."""
    return {key: value for key, value in request.as_json().items() if value not in (None, "", {}, [])}


def pairs(items: Iterable[str], option: str = "--metadata") -> dict[str, str]:
    """`KEY=VALUE` texts as a mapping. Raises Invalid."""
    found: dict[str, str] = {}
    for item in items:
        key, equals, value = item.partition("=")
        if not equals or not key.strip():
            raise Invalid(f"{item!r} is not KEY=VALUE.", fix=f"Write it as in `{option} rack=12`.")
        found[key.strip()] = value
    return found


def _kept(reasons: list[Reason], choose: Callable[[], T]) -> T | None:
    try:
        return choose()
    except CorralError as error:
        reasons.append(as_reason(error))
        return None


def as_reason(error: CorralError) -> Reason:
    """What is wrong with a wish, as a reason among others."""
    return Reason(error.code, error.message, error.fix)


def _from_reason(why: Reason) -> Invalid:
    return Invalid(why.message, fix=why.fix, code=why.code)
