"""The documents that every Redfish service has: its root, OData's list of services, and the metadata."""

from __future__ import annotations

from lab.pod.hardware import ROOT
from lab.pod.parts import Json

_SCHEMAS = {
    "ServiceRoot": "v1_17_0",
    "ComputerSystem": "v1_22_0",
    "ComputerSystemCollection": "",
    "Chassis": "v1_25_0",
    "ChassisCollection": "",
    "CompositionService": "v1_2_2",
    "CompositionReservation": "v1_0_1",
    "CompositionReservationCollection": "",
    "Manifest": "v1_1_1",
    "ResourceBlock": "v1_4_1",
    "ResourceBlockCollection": "",
    "Zone": "v1_6_1",
    "ZoneCollection": "",
    "CollectionCapabilities": "v1_4_0",
    "Processor": "v1_19_0",
    "ProcessorCollection": "",
    "Memory": "v1_19_0",
    "MemoryCollection": "",
    "Storage": "v1_15_0",
    "StorageCollection": "",
    "Drive": "v1_18_0",
    "EthernetInterface": "v1_12_1",
    "EthernetInterfaceCollection": "",
    "SessionService": "v1_1_9",
    "Session": "v1_7_0",
    "SessionCollection": "",
    "AccountService": "v1_15_1",
    "ManagerAccount": "v1_12_1",
    "ManagerAccountCollection": "",
    "Role": "v1_3_2",
    "RoleCollection": "",
    "EventService": "v1_10_3",
    "EventDestination": "v1_15_0",
    "EventDestinationCollection": "",
    "Event": "v1_9_0",
    "Message": "v1_2_0",
    "Resource": "v1_19_0",
}


def root(uuid: str) -> Json:
    names = ("Systems", "Chassis", "CompositionService", "SessionService", "AccountService", "EventService")
    return {
        "@odata.id": f"{ROOT}/",
        "@odata.type": "#ServiceRoot.v1_17_0.ServiceRoot",
        "Id": "RootService",
        "Name": "Root Service",
        "RedfishVersion": "1.20.0",
        "UUID": uuid,
        "Vendor": "Lab",
        "Product": "Pod",
        "ProtocolFeaturesSupported": {
            "ExcerptQuery": False,
            "ExpandQuery": {"ExpandAll": False, "Levels": False, "Links": False, "NoLinks": False},
            "FilterQuery": False,
            "OnlyMemberQuery": False,
            "SelectQuery": False,
        },
        **{name: {"@odata.id": f"{ROOT}/{name}"} for name in names},
        "Links": {"Sessions": {"@odata.id": f"{ROOT}/SessionService/Sessions"}},
    }


def odata() -> Json:
    names = ("Systems", "Chassis", "CompositionService", "SessionService", "AccountService", "EventService")
    values = [{"name": name, "kind": "Singleton", "url": f"{ROOT}/{name}"} for name in names]
    first = {"name": "Service", "kind": "Singleton", "url": f"{ROOT}/"}
    return {"@odata.context": f"{ROOT}/$metadata", "value": [first, *values]}


def metadata() -> str:
    references = "\n".join(_reference(name, version) for name, version in _SCHEMAS.items())
    return f"""<?xml version="1.0" encoding="UTF-8"?>
<edmx:Edmx xmlns:edmx="http://docs.oasis-open.org/odata/ns/edmx" Version="4.0">
{references}
  <edmx:Reference Uri="http://redfish.dmtf.org/schemas/v1/RedfishExtensions_v1.xml">
    <edmx:Include Namespace="RedfishExtensions.v1_0_0" Alias="Redfish"/>
  </edmx:Reference>
  <edmx:DataServices>
    <Schema xmlns="http://docs.oasis-open.org/odata/ns/edm" Namespace="Service">
      <EntityContainer Name="Service" Extends="ServiceRoot.v1_17_0.ServiceContainer"/>
    </Schema>
  </edmx:DataServices>
</edmx:Edmx>
"""


def _reference(name: str, version: str) -> str:
    versioned = f'\n    <edmx:Include Namespace="{name}.{version}"/>' if version else ""
    return f"""  <edmx:Reference Uri="http://redfish.dmtf.org/schemas/v1/{name}_v1.xml">
    <edmx:Include Namespace="{name}"/>{versioned}
  </edmx:Reference>"""
