"""The memory source as a yard."""

from __future__ import annotations

from typing import Any

from contract_yard import CLASS, MOVES, new_uuid

from corral.cloud.wire import Wire
from corral.domain.errors import Conflict, NotFound
from corral.domain.machine import Image, Machine, Network, NetworkPort, Nic, Power
from corral.drivers.memory import MemorySource
from corral.drivers.memory.baremetal import record
from corral.drivers.memory.world import allocation, new_mac


class MemoryYard:
    keeps_writers_apart = True

    def __init__(self) -> None:
        self.network, self.project, self.image = new_uuid(), new_uuid().replace("-", ""), new_uuid()
        self.memory = MemorySource(
            "contract",
            images=[Image(self.image, "debian-12")],
            networks=[Network(self.network, "tenant", self.project)],
        )
        self.source, self.world = self.memory.source, self.memory.world
        self.wire: Wire = self.memory.wire
        self.can_ask_machines: str | None = self._machine("flat", Power.ON)
        for _ in range(3):
            self.machine()

    def machine(self, network_interface: str = "flat") -> str:
        return self._machine(network_interface, None)

    def _machine(self, network_interface: str, observed: Power | None) -> str:
        ident = new_uuid()
        self.world.add_machine(
            Machine(
                source="contract",
                id=ident,
                name=f"contract-{ident[:8]}",
                provision_state="active",
                power=Power.ON,
                observed_power=observed,
                resource_class=CLASS,
                image=self.image,
                instance_info={"display_name": f"contract-{ident[:8]}"},
                driver="redfish" if observed else "fake-hardware",
                network_interface=network_interface,
                nics=(Nic(new_uuid(), new_mac().upper()), Nic(new_uuid(), new_mac())),
            )
        )
        return ident

    def record(self, machine: str) -> dict[str, Any]:
        node = self.world.node(machine)
        nics = [(nic.uuid, nic.mac, nic.vif) for nic in node.nics]
        return {**{key: value for key, value in record(node).items() if key not in MOVES}, "nics": nics}

    def port(self, mac: str | None = None) -> str:
        port = NetworkPort(new_uuid(), mac or new_mac(), self.network, self.project, "contract-port")
        self.world.add(ports=[port])
        return port.id

    def port_record(self, port: str) -> dict[str, Any] | None:
        found = self.world.ports.get(port)
        if found is None:
            return None
        return {name: getattr(found, name) for name in found.__slots__ if name != "revision"}

    def take(self, machine: str, instance: str) -> None:
        node = self.world.node(machine)
        node.instance_uuid = node.allocation_uuid = instance
        node.instance_info["traits"] = []
        self.world.allocations[instance] = allocation(instance, machine)

    def call_instance(self, machine: str, name: str) -> None:
        self.world.node(machine).instance_name = name

    def undeploy(self, machine: str) -> None:
        self.world.node(machine).provision_state = "available"

    def allocation(self, ident: str) -> dict[str, Any] | None:
        return self.world.allocations.get(ident)

    def try_delete(self, machine: str) -> int:
        try:
            self.world.remove_node(machine)
        except Conflict:
            return 409
        except NotFound:
            return 404
        return 204

    def delete(self, machine: str) -> None:
        node = self.world.node(machine)
        node.protected, node.maintenance = False, True
        self.world.remove_node(machine)

    def close(self) -> None:
        self.source.close()
