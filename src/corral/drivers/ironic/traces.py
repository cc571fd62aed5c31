"""What an Ironic shows of Corral's own doing: claims, protections, maintenance, allocations.

Rule: nodes, NICs and allocations are read in lists; what is left over is taken away by the same steps as in `claim`, which read
before each of them.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from contextlib import suppress
from itertools import repeat
from typing import Any

from corral.cloud.wire import Service, segment
from corral.domain.errors import Conflict, NotFound
from corral.domain.machine import is_uuid
from corral.domain.traces import ClaimTrace, MachineTrace
from corral.drivers.ironic.claim import Claims, maintenance_reason, protection_reason
from corral.drivers.ironic.indexes import NicIndex, whole_index
from corral.drivers.ironic.listing import node_pages, pages, sizes
from corral.drivers.ironic.versions import Nodes

_NODE = "uuid,instance_uuid,protected,protected_reason,maintenance,maintenance_reason"
_ALLOCATION = "uuid,node_uuid,state"
_UUID = re.compile(r"[0-9a-fA-F]{8}-(?:[0-9a-fA-F]{4}-){3}[0-9a-fA-F]{12}")
_NOTHING = {"instance_info_traits": None}
"""The snapshot of a machine that nobody took one of: unprotected, and without the key that Ironic adds and forgets."""
_AGAIN = "Scan again: `corral leaks`."


class NodeTraces:
    """`Traces`, over one Ironic."""

    def __init__(self, service: Service, nodes: Nodes, claims: Claims, page_size: int) -> None:
        self._service = service
        self._nodes = nodes
        self._claims = claims
        self._page_size = page_size

    def traces(self) -> Iterator[MachineTrace | ClaimTrace]:
        nics = whole_index(self._service, self._page_size)
        assert nics is not None, "without a limit all is read"
        fields = [("fields", _NODE)]
        for page in node_pages(self._service, "/v1/nodes", fields, sizes(self._page_size, None), None):
            for row in page:
                if (found := _trace(row, nics)) is not None:
                    yield found
        yield from self._allocations()

    def _allocations(self) -> Iterator[ClaimTrace]:
        size, fields = repeat(self._page_size), [("fields", _ALLOCATION)]
        for page in pages(self._service, "/v1/allocations", "allocations", fields, size):
            for row in page:
                if isinstance(row, Mapping) and is_uuid(row.get("uuid")):
                    yield ClaimTrace(str(row["uuid"]), row.get("node_uuid"), row.get("state") == "active")

    def forsake(self, machine: str | None, owner: str) -> None:
        before: Mapping[str, Any] = _NOTHING
        with suppress(NotFound):
            if machine is None:
                self._drop_allocation(owner)
                return
            row = self._now(machine)
            if row.get("instance_uuid") not in (None, owner):
                raise Conflict(f"Node {machine} belongs to instance {row['instance_uuid']} by now.", fix=_AGAIN)
            # A name that is there already may be one that somebody gave: it stays.
            before = _NOTHING if row.get("instance_name") else {**_NOTHING, "instance_name": ""}
        self._claims.release(str(machine), owner, before)

    def _now(self, machine: str) -> Mapping[str, Any]:
        fields = f"{_NODE},instance_name" if self._nodes.have_names() else _NODE
        row: Mapping[str, Any] = self._nodes.service().read(f"/v1/nodes/{segment(machine)}", [("fields", fields)])
        return row

    def _drop_allocation(self, owner: str) -> None:
        path = f"/v1/allocations/{segment(owner)}"
        node = self._service.read(path).get("node_uuid")
        if node is not None:
            raise Conflict(f"Allocation {owner} has node {node} by now.", fix=_AGAIN)
        self._service.act("DELETE", path)

    def end_maintenance(self, machine: str, owner: str) -> None:
        path = f"/v1/nodes/{segment(machine)}"
        with suppress(NotFound):
            row = self._service.read(path, [("fields", _NODE)])
            if row.get("maintenance") and row.get("maintenance_reason") == maintenance_reason(owner):
                self._service.act("DELETE", f"{path}/maintenance")


def _trace(row: Any, nics: NicIndex) -> MachineTrace | None:
    if not isinstance(row, Mapping) or not is_uuid(row.get("uuid")):
        return None
    node, protected = str(row["uuid"]).lower(), bool(row.get("protected"))
    return MachineTrace(
        id=node,
        owner=row.get("instance_uuid") or None,
        protected=protected,
        protected_for=_server(row.get("protected_reason"), protection_reason) if protected else None,
        given_back_for=_server(row.get("maintenance_reason"), maintenance_reason) if row.get("maintenance") else None,
        vifs=_vifs(nics, node),
    )


def _server(text: Any, words: Callable[[str], str]) -> str | None:
    """The server that a reason of ours names; None for a reason that is not exactly ours."""
    found = _UUID.search(text) if isinstance(text, str) else None
    return found[0] if found and words(found[0]) == text else None


def _vifs(nics: NicIndex, node: str) -> tuple[str, ...] | None:
    try:
        return tuple(nic.vif for nic in nics.of(node) if nic.vif)
    except ValueError:
        # Records that can't be read say nothing about what is plugged in.
        return None
