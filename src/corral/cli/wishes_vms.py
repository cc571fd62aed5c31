"""From what an operator wishes of a VM to a manage request. Little is needed: a VM keeps its NICs, and has a flavor only where one
is named."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from corral.cli.api import Api, Json
from corral.cli.lookup import find_flavor, only, search_node, segment
from corral.cli.wishes import Draft, Wish, as_reason, complete
from corral.domain.errors import Conflict, CorralError, NotFound
from corral.domain.reasons import reason
from corral.domain.server import ManageRequest


def search_vm(api: Api, wanted: str, source: str | None = None) -> Json | None:
    """One VM of the record of surveys, by its id or name; None where there is none, also at a server that knows no VMs. Raises
    Conflict when there are several."""
    try:
        found: Json = api.get(f"adoptable_vms/{segment(wanted)}", source=source)
    except NotFound:
        return None
    return found


def complete_any(api: Api, wish: Wish, flavors: Sequence[Json]) -> Draft:
    """The request for the one node or VM that the wish names. Raises NotFound; Conflict when there is both a node and a VM."""
    vm = search_vm(api, wish.node, wish.source)
    try:
        node = search_node(api, wish.node, wish.source)
    except NotFound:
        if vm is None:
            raise
        return complete_vm(wish, vm, flavors)
    if vm is not None:
        raise Conflict(
            f"{wish.node} is a node of {node.get('source')} and a VM of {vm.get('source')}.",
            fix="Say which one is meant: `--source`.",
            code="ambiguous",
        )
    return complete(wish, node, flavors)


def complete_vm(wish: Wish, vm: Json, flavors: Sequence[Json]) -> Draft:
    """The request for a VM. Raises NotFound for a flavor that there is none of."""
    name = wish.name or vm.get("name") or vm["id"]
    flavor = find_flavor(flavors, wish.flavor)["uuid"] if wish.flavor else ""
    request = ManageRequest(
        name=name,
        node=vm["id"],
        flavor=flavor,
        networks=wish.networks,
        source=vm.get("source"),
        description=wish.description,
        availability_zone=wish.zone,
        project=wish.project,
        metadata=wish.metadata,
    )
    return Draft(wish, request, (), () if wish.name else (f"Name: {name} (the VM's).",))


def hypervisors(api: Api) -> set[str]:
    """The names of the sources that have VMs."""
    return {str(one["name"]) for one in api.get("hosts", limit=1).get("sources") or []}


def draft_vm(wish: Wish, source: str, vms: Iterable[Json], flavors: Sequence[Json]) -> Draft:
    """The request for one wish among many; `vms`: those that the source has under that name or id. What is wrong becomes a reason,
    and stops nothing else."""
    found = list(vms)
    why = reason("node-not-found", node=wish.node, sources=source)
    missing = NotFound(why.message, fix="`corral adoptable vms` shows what there is.", code=why.code)
    try:
        exact = [one for one in found if one.get("id") == wish.node]
        return complete_vm(wish, only(exact or found, f"VM {wish.node!r}", missing), flavors)
    except CorralError as error:
        return Draft(wish, None, (as_reason(error),))
