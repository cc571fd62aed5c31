"""The ground for the laws of hosts, on a simulated vCenter: what an administrator does there with a login of its own."""

from __future__ import annotations

from typing import Any

from contract_hosts import MACS, NAMES, NEW_MAC, UUIDS
from pyVim.connect import Disconnect
from pyVmomi import vim

from corral.drivers.vsphere import open_hosts
from lab.vcenter.administrator import administrator, disk, done, nic
from lab.vcenter.server import USER, Vcenter


class VsphereRack:
    """Over a vCenter with one host and no VMs but ours."""

    def __init__(self, vcenter: Vcenter) -> None:
        self._admin = administrator(vcenter)
        center = self.center = self._admin.content.rootFolder.childEntity[0]
        self.fields = self._admin.content.customFieldsManager
        compute = center.hostFolder.childEntity[0]
        for number in (0, 1):
            config = vim.vm.ConfigSpec(
                name=NAMES[number],
                instanceUuid=UUIDS[number],
                numCPUs=1,
                memoryMB=64,
                guestId="otherGuest",
                files=vim.vm.FileInfo(vmPathName=f"[{center.datastore[0].name}]"),
                deviceChange=[*disk(1000), nic(MACS[number])],
            )
            done(center.vmFolder.CreateVM_Task(config, compute.resourcePool, compute.host[0]))
        self.options = {
            "host": vcenter.host,
            "port": vcenter.port,
            "user": USER,
            "password_file": str(vcenter.password_file),
            "ca_file": str(vcenter.certificate),
            "timeout": 60,
            "page": 1,
        }
        self.source = open_hosts("contract", self.options)
        self.hosts = self.source.hosts
        devices = self.vm(0).config.hardware.device
        self.disk = next(str(one.key) for one in devices if isinstance(one, vim.vm.device.VirtualDisk))

    def vm(self, number: int) -> Any:
        """The administrator's own view of a VM."""
        return self._admin.content.searchIndex.FindByUuid(None, UUIDS[number], True, True)

    def rename(self, name: str) -> None:
        done(self.vm(0).Rename_Task(name))

    def add_nic(self) -> None:
        done(self.vm(0).ReconfigVM_Task(vim.vm.ConfigSpec(deviceChange=[nic(NEW_MAC)])))

    def remove(self) -> None:
        self.destroy(1)

    def destroy(self, number: int) -> None:
        """Remove a VM."""
        done(self.vm(number).Destroy_Task())

    def move(self, folder: Any) -> None:
        """Put the first VM into another folder."""
        done(folder.MoveIntoFolder_Task([self.vm(0)]))

    def close(self) -> None:
        self.source.close()
        for number in (0, 1):
            if (vm := self.vm(number)) is not None:
                if vm.runtime.powerState == "poweredOn":
                    done(vm.PowerOffVM_Task())
                done(vm.Destroy_Task())
        Disconnect(self._admin)
