"""Consoles of servers: opened when a person asks, noted in the audit trail without their address, and kept nowhere."""

from __future__ import annotations

from collections.abc import Mapping

from corral.contracts.virtual import Console
from corral.domain.errors import Conflict, NotFound, NotSupported
from corral.domain.lifecycle import STABLE
from corral.domain.server import Kind, Server
from corral.flows.hypervisors import Hypervisor
from corral.flows.start import Actor
from corral.flows.vms import whereabouts
from corral.store import Audit, AuditEntry
from corral.store.vm_records import VmRecords


class ConsoleService:
    """The use case around consoles."""

    def __init__(self, hypervisors: Mapping[str, Hypervisor], records: VmRecords, audit: Audit) -> None:
        self._hypervisors = hypervisors
        self._records = records
        self._audit = audit

    def consoles(self, server: Server, actor: Actor) -> tuple[Console, ...]:
        """The consoles that a server's VM has now. Raises NotSupported for a node, Conflict while it is off or not adopted yet."""
        if server.kind is not Kind.VM:
            raise NotSupported(
                f"Server {server.name} is a node: Corral opens consoles of VMs.",
                fix="`openstack baremetal node console enable NODE` opens that of a node.",
            )
        if server.status not in STABLE:
            raise Conflict(f"Server {server.name} is {server.status}.", fix="Wait for the operation to end.")
        found = self._hypervisor(server)
        where = whereabouts(self._records, server.source, server.machine, server.host)
        with found.consoles() as vms:
            opened = vms.consoles(where)
        self._audit.add(_entry(server, opened, actor))
        return opened

    def _hypervisor(self, server: Server) -> Hypervisor:
        found = self._hypervisors.get(server.source)
        if found is None:
            raise NotFound(
                f"Source {server.source!r} is not among the configured hypervisors.",
                fix="Add it to the setting `hypervisors`, then try again.",
            )
        return found


def _entry(server: Server, opened: tuple[Console, ...], actor: Actor) -> AuditEntry:
    return AuditEntry(
        "server:console",
        "done",
        actor.user,
        actor.project,
        actor.request_id,
        server.uuid,
        machine=server.machine,
        detail={"source": server.source, "kinds": [one.kind for one in opened]},
    )
