"""What an administrator does at the simulated vCenter, with a login of its own: another client than the driver's.

Role: for tests and benchmarks, which run where pyVmomi is installed; the lab's own commands don't need it.
"""

from __future__ import annotations

import ssl
import time
from typing import Any

from pyVim.connect import SmartConnect
from pyVmomi import vim

from lab.vcenter.server import USER, Vcenter


def administrator(vcenter: Vcenter) -> Any:
    """pyVmomi's own login."""
    context = ssl.create_default_context(cafile=str(vcenter.certificate))
    return SmartConnect(
        host=vcenter.host,
        port=vcenter.port,
        user=USER,
        pwd=vcenter.password,
        sslContext=context,
        disableSslCertValidation=False,
    )


def done(task: Any) -> Any:
    """What a task came to."""
    deadline = time.monotonic() + 180
    while task.info.state not in ("success", "error"):
        assert time.monotonic() < deadline
        time.sleep(0.02)
    assert task.info.state == "success", task.info.error
    return task.info.result


def nic(mac: str) -> Any:
    """The change that adds a NIC."""
    backing = vim.vm.device.VirtualEthernetCard.NetworkBackingInfo(deviceName="VM Network")
    device = vim.vm.device.VirtualVmxnet3(key=-1, addressType="manual", macAddress=mac, backing=backing)
    return vim.vm.device.VirtualDeviceSpec(operation="add", device=device)


def disk(controller: int) -> list[Any]:
    """The changes that add a disk on a controller of its own."""
    scsi = vim.vm.device.ParaVirtualSCSIController(key=controller, busNumber=0, sharedBus="noSharing")
    backing = vim.vm.device.VirtualDisk.FlatVer2BackingInfo(diskMode="persistent", thinProvisioned=True, fileName="")
    made = vim.vm.device.VirtualDisk(key=-2, controllerKey=controller, unitNumber=0, capacityInKB=1024, backing=backing)
    return [
        vim.vm.device.VirtualDeviceSpec(operation="add", device=scsi),
        vim.vm.device.VirtualDeviceSpec(operation="add", device=made, fileOperation="create"),
    ]
