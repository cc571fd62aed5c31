"""How the hardware, and what is composed of it, looks in Redfish."""

from __future__ import annotations

from lab.pod.parts import OK, PARTS, RENDER, Json, collection, links, resource
from lab.pod.state import RESETS, Pod, System
from lab.pod.stock import Hardware

ROOT = "/redfish/v1"
SERVICE = f"{ROOT}/CompositionService"
BOOT_DEVICES = ["None", "Pxe", "Hdd", "Cd", "BiosSetup", "UefiHttp"]
BOOT_VALUES = {
    "BootSourceOverrideEnabled": ["Disabled", "Once", "Continuous"],
    "BootSourceOverrideMode": ["Legacy", "UEFI"],
    "BootSourceOverrideTarget": BOOT_DEVICES,
}
_COLLECTIONS = {
    "Processors": "ProcessorCollection",
    "Memory": "MemoryCollection",
    "EthernetInterfaces": "EthernetInterfaceCollection",
}


class Hardwares:
    """Renders a pod. `at` finds what is at a path."""

    def __init__(self, pod: Pod) -> None:
        self.pod = pod

    def at(self, path: str) -> Json | None:
        """The resource at a path below /redfish/v1, None when there is none."""
        parts = tuple(path.removeprefix(f"{ROOT}/").split("/"))
        match parts:
            case ("Systems",):
                return self._systems()
            case ("Systems", "Capabilities"):
                return self._capabilities()
            case ("Systems", "ConstrainedCapabilities"):
                return self._constrained()
            case ("Systems", name, *rest) if name in self.pod.systems:
                return self._below_system(self.pod.systems[name], tuple(rest))
            case ("CompositionService", *rest):
                return self._composition(tuple(rest))
            case ("Chassis",):
                return collection(f"{ROOT}/Chassis", "ChassisCollection", [f"{ROOT}/Chassis/Rack"])
            case ("Chassis", "Rack"):
                return self._chassis()
        return None

    def system(self, one: System) -> Json:
        """A composed system."""
        path = f"{ROOT}/Systems/{one.id}"
        blocks = [self.pod.blocks[name] for name in one.blocks]
        return resource(
            path,
            "ComputerSystem.v1_22_0.ComputerSystem",
            one.name,
            SystemType="Composed",
            UUID=one.uuid,
            AssetTag=one.tag,
            Manufacturer="Lab",
            Model="Composed",
            PowerState=one.power,
            LastResetTime=one.reset,
            Status={"State": one.state, "Health": "OK", "HealthRollup": "OK"},
            ProcessorSummary={
                "Count": sum(len(block.processors) for block in blocks),
                "CoreCount": sum(sum(block.processors) for block in blocks),
                "Model": "Lab processor",
            },
            MemorySummary={"TotalSystemMemoryGiB": sum(sum(block.memory) for block in blocks) / 1024},
            Boot=dict(one.boot) | {f"{key}@Redfish.AllowableValues": value for key, value in BOOT_VALUES.items()},
            Processors={"@odata.id": f"{path}/Processors"},
            Memory={"@odata.id": f"{path}/Memory"},
            EthernetInterfaces={"@odata.id": f"{path}/EthernetInterfaces"},
            Storage={"@odata.id": f"{path}/Storage"},
            Links={
                "ResourceBlocks": links(f"{SERVICE}/ResourceBlocks/{name}" for name in one.blocks),
                "Chassis": links([f"{ROOT}/Chassis/Rack"]),
            },
            Actions={
                "#ComputerSystem.Reset": {
                    "target": f"{path}/Actions/ComputerSystem.Reset",
                    "ResetType@Redfish.AllowableValues": list(RESETS),
                },
                "#ComputerSystem.AddResourceBlock": {"target": f"{path}/Actions/ComputerSystem.AddResourceBlock"},
                "#ComputerSystem.RemoveResourceBlock": {"target": f"{path}/Actions/ComputerSystem.RemoveResourceBlock"},
            },
        )

    def _systems(self) -> Json:
        path = f"{ROOT}/Systems"
        found = collection(path, "ComputerSystemCollection", [f"{path}/{name}" for name in self.pod.systems])
        uses = {"Capabilities": "ComputerSystemComposition"}
        uses["ConstrainedCapabilities"] = "ComputerSystemConstrainedComposition"
        found["@Redfish.CollectionCapabilities"] = {
            "@odata.type": "#CollectionCapabilities.v1_4_0.CollectionCapabilities",
            "Capabilities": [self._capability(name, use) for name, use in uses.items()],
        }
        return found

    def _capability(self, name: str, use: str) -> Json:
        zones = links(f"{SERVICE}/ResourceZones/{zone}" for zone in self.pod.stock.zones)
        return {
            "CapabilitiesObject": {"@odata.id": f"{ROOT}/Systems/{name}"},
            "UseCase": use,
            "Links": {"TargetCollection": {"@odata.id": f"{ROOT}/Systems"}, "RelatedItem": zones},
        }

    def _capabilities(self) -> Json:
        name = {"Name@Redfish.RequiredOnCreate": True, "Name@Redfish.SetOnlyOnCreate": True}
        asked = {"ResourceBlocks@Redfish.RequiredOnCreate": True}
        return {
            **resource(
                f"{ROOT}/Systems/Capabilities", "ComputerSystem.v1_22_0.ComputerSystem", "Capabilities for systems"
            ),
            **name,
            "Links@Redfish.RequiredOnCreate": True,
            "Links": asked,
            "@Redfish.ResourceBlockLimits": self.pod.stock.limits,
        }

    def _constrained(self) -> Json:
        required = ("Name", "Processors", "Memory")
        return {
            **resource(
                f"{ROOT}/Systems/ConstrainedCapabilities",
                "ComputerSystem.v1_22_0.ComputerSystem",
                "Capabilities for systems by quantity",
            ),
            **{f"{name}@Redfish.RequiredOnCreate": True for name in required},
            **{f"{name}@Redfish.OptionalOnCreate": True for name in ("Storage", "EthernetInterfaces")},
        }

    def _below_system(self, one: System, rest: tuple[str, ...]) -> Json | None:
        path = f"{ROOT}/Systems/{one.id}"
        match rest:
            case ():
                return self.system(one)
            case ("Processors" | "Memory" | "EthernetInterfaces" as kind,):
                members = [member for name in one.blocks for member in self._members(self.pod.blocks[name], kind)]
                return collection(f"{path}/{kind}", _COLLECTIONS[kind], members)
            case ("Storage",):
                return collection(f"{path}/Storage", "StorageCollection", [f"{path}/Storage/1"])
            case ("Storage", "1"):
                return self._storage(one, f"{path}/Storage/1")
        return None

    def _storage(self, one: System, path: str) -> Json:
        drives = [member for name in one.blocks for member in self._members(self.pod.blocks[name], "Drives")]
        return resource(path, "Storage.v1_15_0.Storage", "Storage", Status=OK, Drives=links(drives)) | {
            "Drives@odata.count": len(drives)
        }

    def _chassis(self) -> Json:
        return resource(
            f"{ROOT}/Chassis/Rack",
            "Chassis.v1_25_0.Chassis",
            "Rack",
            ChassisType="Rack",
            Status=OK,
            Links={"ComputerSystems": links(f"{ROOT}/Systems/{name}" for name in self.pod.systems)},
        )

    def _composition(self, rest: tuple[str, ...]) -> Json | None:
        blocks = f"{SERVICE}/ResourceBlocks"
        match rest:
            case ():
                return self._service()
            case ("ResourceBlocks",):
                return collection(blocks, "ResourceBlockCollection", [f"{blocks}/{name}" for name in self.pod.blocks])
            case ("FreePool" | "ActivePool" as pool,):
                found = [f"{blocks}/{one.id}" for one in self.pod.stock.blocks if self._pool(one) == pool]
                return collection(f"{SERVICE}/{pool}", "ResourceBlockCollection", found)
            case ("ResourceZones",):
                path = f"{SERVICE}/ResourceZones"
                return collection(path, "ZoneCollection", [f"{path}/{zone}" for zone in self.pod.stock.zones])
            case ("ResourceZones", zone) if zone in self.pod.stock.zones:
                return self._zone(zone)
            case ("CompositionReservations",):
                path = f"{SERVICE}/CompositionReservations"
                found = [f"{path}/{name}" for name in self.pod.reservations]
                return collection(path, "CompositionReservationCollection", found)
            case ("CompositionReservations", name) if name in self.pod.reservations:
                return self._reservation(name)
            case ("ResourceBlocks", name) if name in self.pod.blocks:
                return self._block(self.pod.blocks[name])
            case ("ResourceBlocks", name, kind, member) if name in self.pod.blocks:
                return self._member(self.pod.blocks[name], kind, member)
        return None

    def _service(self) -> Json:
        names = ("ResourceBlocks", "ResourceZones", "FreePool", "ActivePool", "CompositionReservations")
        return {
            **resource(SERVICE, "CompositionService.v1_2_2.CompositionService", "Composition Service"),
            "Status": OK,
            "ServiceEnabled": True,
            "AllowOverprovisioning": False,
            "AllowZoneAffinity": False,
            **{name: {"@odata.id": f"{SERVICE}/{name}"} for name in names},
            "ReservationDuration": "PT60S",
            "Actions": {
                "#CompositionService.Compose": {
                    "target": f"{SERVICE}/Actions/CompositionService.Compose",
                    "RequestFormat@Redfish.AllowableValues": ["Manifest"],
                    "RequestType@Redfish.AllowableValues": ["Preview", "PreviewReserve", "Apply"],
                }
            },
        }

    def _pool(self, block: Hardware) -> str:
        return "ActivePool" if self.pod.users(block.id) else "FreePool"

    def _zone(self, zone: str) -> Json:
        found = [f"{SERVICE}/ResourceBlocks/{one.id}" for one in self.pod.stock.blocks if zone in one.zones]
        return resource(
            f"{SERVICE}/ResourceZones/{zone}",
            "Zone.v1_6_1.Zone",
            f"Zone {zone}",
            Status=OK,
            ZoneType="ZoneOfResourceBlocks",
            Links={"ResourceBlocks": links(found)},
        )

    def _reservation(self, name: str) -> Json:
        one = self.pod.reservations[name]
        return resource(
            f"{SERVICE}/CompositionReservations/{name}",
            "CompositionReservation.v1_0_1.CompositionReservation",
            f"Reservation {name}",
            ReservationTime=one.made.isoformat(timespec="seconds"),
            ReservedResourceBlocks=links(f"{SERVICE}/ResourceBlocks/{block}" for block in one.blocks),
        )

    def _block(self, block: Hardware) -> Json:
        path = f"{SERVICE}/ResourceBlocks/{block.id}"
        users = self.pod.users(block.id)
        found = resource(
            path,
            "ResourceBlock.v1_4_1.ResourceBlock",
            f"Block {block.id}",
            ResourceBlockType=list(block.kinds),
            Pool=self._pool(block).removesuffix("Pool"),
            Status={"State": "Enabled", "Health": block.health},
            CompositionStatus={
                "Reserved": self.pod.reserved(block.id) is not None,
                "CompositionState": self.pod.composition(block),
                "SharingCapable": block.shared > 1,
                "SharingEnabled": block.shared > 1,
                "MaxCompositions": block.shared,
                "NumberOfCompositions": len(users),
            },
            Links={
                "ComputerSystems": links(f"{ROOT}/Systems/{one.id}" for one in users),
                "Zones": links(f"{SERVICE}/ResourceZones/{zone}" for zone in block.zones),
                "Chassis": links([f"{ROOT}/Chassis/Rack"]),
            },
        )
        for kind in ("Processors", "Memory", "Drives", "EthernetInterfaces"):
            if members := self._members(block, kind):
                found[kind] = links(members)
        return found

    def _members(self, block: Hardware, kind: str) -> list[str]:
        count = len(PARTS[kind](block))
        return [f"{SERVICE}/ResourceBlocks/{block.id}/{kind}/{number}" for number in range(1, count + 1)]

    def _member(self, block: Hardware, kind: str, number: str) -> Json | None:
        path = f"{SERVICE}/ResourceBlocks/{block.id}/{kind}/{number}"
        if kind not in PARTS or path not in self._members(block, kind):
            return None
        return RENDER[kind](path, PARTS[kind](block)[int(number) - 1])
