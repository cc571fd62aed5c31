"""What the lab's real Cinder and Neutron have of the table's guests: a volume for a disk, a port for a NIC.

Rule: as an administrator of the cloud changes and sees it; only that it is recorded there is asked of Corral.
"""

from __future__ import annotations

import uuid
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import pytest

from tests.e2e.support.corral import Corral
from tests.e2e.support.estate import ARRAY, cinder_of, keystone_of, luns, vlan_network
from tests.e2e.support.hypervisors import until
from tests.e2e.support.lab import Api, Json, Lab


@dataclass(frozen=True)
class Records:
    """Of VMs whose disks are volumes of the lab's array, and whose NICs are on a network of a VLAN."""

    lab: Lab
    cinder: Api
    project: str
    network: str
    vlan: int

    def fill(self, corral: Corral, host: str, vms: list[str]) -> None:
        """Have what these VMs have recorded."""
        rule = {"when": {"host": "kvm-*", "bridge": ""}, "physical_network": "physnet1", "vlan": self.vlan}
        mapping = {"volumes": {"keeps": [ARRAY]}, "networks": [rule]}
        wish = {"host": host, "machines": vms, "project": self.project, "mapping": mapping}
        plan = corral.http.post("/v1/cloud/plans", json=wish).raise_for_status().json()
        assert all(one["fillable"] for one in plan["gaps"]), plan
        begun = corral.http.post("/v1/cloud/records", json={**wish, "digest": plan["digest"]}).raise_for_status().json()
        for operation in begun["operations"]:
            assert corral.finished(operation)["state"] == "succeeded"

    # --- what an administrator does and sees --------------------------------------------------------------

    def change(self, what: str, vm: str) -> None:
        match what:
            case "detach its volume":
                self._detach(vm)
            case "delete its port":
                for port in self.ports(vm):
                    self.lab.neutron.call("DELETE", f"/v2.0/ports/{port['id']}")
            case _:
                raise ValueError(what)

    def ports(self, vm: str) -> list[Json]:
        found = self.lab.neutron.get(f"/v2.0/ports?network_id={self.network}")["ports"]
        return [one for one in found if one["device_id"] == vm]

    def attached(self, vm: str) -> bool:
        return any(one["status"] == "in-use" for one in self._attachments_of(vm))

    def _attachments_of(self, vm: str) -> list[Json]:
        found = self.cinder.get("/volumes/detail?all_tenants=1")["volumes"]
        return [one for one in found if any(each["server_id"] == vm for each in one["attachments"])]

    def _detach(self, vm: str) -> None:
        for volume in self._attachments_of(vm):
            self._let_go(volume)

    def _let_go(self, volume: Json) -> None:
        for one in self.cinder.get(f"/attachments?all_tenants=1&volume_id={volume['id']}")["attachments"]:
            self.cinder.call("DELETE", f"/attachments/{one['id']}")

    def forget(self, names: set[str]) -> None:
        """Have Cinder forget the array's volumes of these names."""
        for volume in self._of_array(names):
            self._let_go(volume)
            self.cinder.call("POST", f"/volumes/{volume['id']}/action", {"os-unmanage": None})
        until(lambda: not self._of_array(names), 120)

    def _of_array(self, names: set[str]) -> list[Json]:
        found = self.cinder.get("/volumes/detail?all_tenants=1")["volumes"]
        return [one for one in found if one.get("provider_id") in names]


@contextmanager
def cloud_around(lab: Lab, disks: Mapping[str, Path]) -> Iterator[Records]:
    """The lab's cloud, with the files of these disks as volumes in its array, until the end."""
    mark = uuid.uuid4().hex[:8]
    made = [
        {"name": str(path), "gib": 1, "wwn": f"naa.5{number:07x}{mark}"} for number, path in enumerate(disks.values())
    ]
    with (
        luns(lab, *made),
        vlan_network(lab, mark) as (network, vlan),
        cinder_of(lab) as cinder,
        keystone_of(lab) as keys,
    ):
        if not any(ARRAY in str(one["name"]) for one in cinder.get("/scheduler-stats/get_pools")["pools"]):
            pytest.skip("the lab's Cinder was started without the backend `array`; stop and start the lab")
        [project] = [one["id"] for one in keys.get("/projects")["projects"] if one["name"] == "service"]
        records = Records(lab, cinder, project, network, vlan)
        try:
            yield records
        finally:
            records.forget({str(path) for path in disks.values()})
