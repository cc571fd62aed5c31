"""Records what the driver is answered by the simulated vCenter: `python tests/unit/drivers/vsphere_recording.py`.

Writes tests/data/vsphere, which `vsphere_service` plays back. Names of folders on this machine are replaced by a datastore's.
"""

from __future__ import annotations

import re
import sys
from contextlib import closing
from pathlib import Path
from typing import Any, ClassVar

ROOT = Path(__file__).resolve().parents[3]
sys.path[:0] = [str(ROOT)]

from pyVmomi import vim  # noqa: E402

from corral.drivers.vsphere import link, wire  # noqa: E402
from corral.wiring.hosts import open_hosts  # noqa: E402
from lab.places import from_environment  # noqa: E402
from lab.vcenter.administrator import administrator, done  # noqa: E402
from lab.vcenter.server import USER, Size, Vcenter  # noqa: E402

TARGET = ROOT / "tests/data/vsphere"
_OWN = re.compile(rb"/tmp/corral-vcenter-[^/]+/govcsim-")


class Taped(wire.Response):
    """An answer that is kept."""

    tape: ClassVar[list[bytes]] = []

    def read(self, amt: int | None = None) -> bytes:
        data = super().read(amt)
        self.tape.append(data)
        return data


class Recorder(wire.Wire):
    def InvokeMethod(self, mo: Any, info: Any, args: Any, outerStub: Any = None) -> Any:
        Taped.tape.clear()
        answer = super().InvokeMethod(mo, info, args, outerStub)
        name = info.wsdlName
        if name == "ContinueRetrievePropertiesEx":
            name = f"{name}-{args[0]}"
        elif name == "RetrievePropertiesEx":
            kinds = {spec.type for spec in args[0][0].propSet}
            name = f"{name}-{'inventory' if vim.HostSystem in kinds else 'machines'}"
        elif name == "CreateContainerView":
            name = f"{name}-{'inventory' if len(args[1]) > 1 else 'machines'}"
        (TARGET / f"{name}.xml").write_bytes(_OWN.sub(b"ds:///vmfs/volumes/", b"".join(Taped.tape)) + b"\n")
        return answer


def prepare(vcenter: Vcenter) -> None:
    """Make some of the VMs less ordinary."""
    admin = administrator(vcenter)
    view = admin.content.viewManager.CreateContainerView(admin.content.rootFolder, [vim.VirtualMachine], True)
    vms = {vm.name: vm for vm in view.view}
    done(vms["DC0_H0_VM1"].CreateSnapshot_Task("before-upgrade", "", False, False))
    done(vms["DC0_C0_RP0_VM0"].PowerOffVM_Task())
    vms["DC0_C0_RP0_VM0"].MarkAsTemplate()
    managed = vim.ext.ManagedByInfo(extensionKey="org.openstack.compute", type="instance")
    done(vms["DC0_C0_RP0_VM1"].ReconfigVM_Task(vim.vm.ConfigSpec(managedBy=managed)))


def main() -> None:
    TARGET.mkdir(parents=True, exist_ok=True)
    for old in TARGET.glob("*.xml"):
        old.unlink()
    wire.Response = Taped  # type: ignore[misc]
    link.Wire = Recorder  # type: ignore[misc]
    with Vcenter(from_environment(), Size(cluster_hosts=1)) as vcenter:
        prepare(vcenter)
        options = {"host": vcenter.host, "port": vcenter.port, "user": USER, "page": 3}
        files = {"password_file": str(vcenter.password_file), "ca_file": str(vcenter.certificate)}
        with closing(open_hosts("recording", "vsphere", {**options, **files})) as source:
            list(source.hosts.looks())


if __name__ == "__main__":
    main()
