"""`corral probe vsphere` against a simulated vCenter: what it says of the VMs there, and what when it can't say anything."""

from __future__ import annotations

import json
import os
import signal
import time
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest
from pyVim.connect import Disconnect
from pyVmomi import vim
from typer.testing import CliRunner, Result

from corral.cli.main import app
from corral.domain.fingerprint import differences
from corral.domain.vm_fingerprint import vm_fingerprint
from corral.drivers.vsphere import open_hosts
from lab import processes
from lab.places import from_environment
from lab.vcenter.administrator import administrator, done, nic
from lab.vcenter.server import USER, Size, Vcenter

pytestmark = [pytest.mark.lab, pytest.mark.timeout(900)]
Probe = Callable[..., Result]


@pytest.fixture(scope="module")
def vcenter() -> Iterator[Vcenter]:
    with Vcenter(from_environment(), Size(datacenters=2, cluster_hosts=2, vms=2)) as made:
        prepare(made)
        yield made


def prepare(vcenter: Vcenter) -> None:
    """Make some VMs of the first datacenter less ordinary, and give each VM its own MAC: the simulator gives some twice."""
    admin = administrator(vcenter)
    vms = vms_of(admin)
    for number, vm in enumerate(vms.values()):
        card = next(one for one in vm.config.hardware.device if isinstance(one, vim.vm.device.VirtualEthernetCard))
        card.macAddress = f"00:50:56:00:01:{number:02x}"
        change = vim.vm.device.VirtualDeviceSpec(operation="edit", device=card)
        done(vm.ReconfigVM_Task(vim.vm.ConfigSpec(deviceChange=[change])))
    done(vms["DC0_H0_VM1"].CreateSnapshot_Task("before-upgrade", "", False, False))
    done(vms["DC0_C0_RP0_VM0"].PowerOffVM_Task())
    vms["DC0_C0_RP0_VM0"].MarkAsTemplate()
    managed = vim.ext.ManagedByInfo(extensionKey="org.openstack.compute", type="instance")
    done(vms["DC0_C0_RP0_VM1"].ReconfigVM_Task(vim.vm.ConfigSpec(managedBy=managed)))
    Disconnect(admin)


def vms_of(admin: Any) -> dict[str, Any]:
    view = admin.content.viewManager.CreateContainerView(admin.content.rootFolder, [vim.VirtualMachine], True)
    return {vm.name: vm for vm in view.view}


def options(vcenter: Vcenter) -> dict[str, Any]:
    files = {"password_file": str(vcenter.password_file), "ca_file": str(vcenter.certificate)}
    return {"host": vcenter.host, "port": vcenter.port, "user": USER, "page": 3, **files}


@pytest.fixture
def probe(vcenter: Vcenter) -> Probe:
    login = ["--host", vcenter.host, "--port", str(vcenter.port), "--user", USER]
    trusted = ["--password-file", str(vcenter.password_file), "--ca-file", str(vcenter.certificate)]

    def run(*arguments: str, trust: bool = True) -> Result:
        return CliRunner().invoke(app, ["probe", "vsphere", *login, *(trusted if trust else []), *arguments])

    return run


def test_every_vm_is_told_with_its_reasons_and_nothing_at_the_vcenter_is_another(
    probe: Probe, vcenter: Vcenter
) -> None:
    admin = administrator(vcenter)
    before = {name: (str(vm.config), str(vm.summary)) for name, vm in vms_of(admin).items()}
    done = probe("-o", "json")
    assert done.exit_code == 0
    report = json.loads(done.stdout)
    against = {
        row["name"]: {one["code"] for one in row["reasons"] if one["severity"] == "blocker"}
        for row in report["machines"]
    }
    assert len(against) == 8
    assert {name: codes for name, codes in against.items() if codes} == {
        "DC0_H0_VM1": {"vm-snapshots"},
        "DC0_C0_RP0_VM0": {"vm-template"},
        "DC0_C0_RP0_VM1": {"vm-owned"},
    }
    assert {host["name"] for host in report["hosts"]} == {
        *("DC0_H0", "DC0_C0_H0", "DC0_C0_H1"),
        *("DC1_H0", "DC1_C0_H0", "DC1_C0_H1"),
    }
    after = {name: (str(vm.config), str(vm.summary)) for name, vm in vms_of(admin).items()}
    assert after == before
    Disconnect(admin)


def test_the_report_is_the_same_page_as_for_other_hypervisors(probe: Probe, tmp_path: Path) -> None:
    target = tmp_path / "readiness.html"
    assert probe("--output", str(target)).exit_code == 0
    page = target.read_text()
    assert "DC0_H0_VM1" in page
    assert "vm-snapshots" in page


def test_a_wrong_password_is_said_and_not_shown(
    probe: Probe, vcenter: Vcenter, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("CORRAL_VSPHERE_PASSWORD", "wrong-and-secret")
    told = probe("--ca-file", str(vcenter.certificate), trust=False)
    assert told.exit_code == 1
    assert "the name or the password is wrong" in told.stderr
    assert "wrong-and-secret" not in told.output
    assert "Traceback" not in told.output


def test_a_certificate_that_nobody_vouches_for_is_refused(probe: Probe, vcenter: Vcenter) -> None:
    secret = ["--password-file", str(vcenter.password_file)]
    told = probe(*secret, trust=False)
    assert told.exit_code == 5
    assert "is not trusted" in told.stderr
    told = probe(*secret, "--thumbprint", "ab" * 32, trust=False)
    assert told.exit_code == 5
    assert "has another certificate than expected" in told.stderr


def test_a_vcenter_that_stands_still_is_told_in_time(probe: Probe, vcenter: Vcenter) -> None:
    pid = processes.running(vcenter.directory / "vcenter.process")
    assert pid is not None
    os.kill(pid, signal.SIGSTOP)
    try:
        begun = time.monotonic()
        told = probe("--timeout", "2")
        assert time.monotonic() - begun < 15
    finally:
        os.kill(pid, signal.SIGCONT)
    assert told.exit_code == 5
    assert "did not answer in time" in told.stderr


def test_a_restart_shows_and_nothing_else_does(vcenter: Vcenter) -> None:
    with closing(open_hosts("lab", options(vcenter))) as source:

        def seen(name: str) -> Any:
            return next(vm for look in source.hosts.looks() for vm in look.vms if vm.name == name)

        first = seen("DC1_H0_VM0")
        assert differences(vm_fingerprint(first).as_json(), vm_fingerprint(seen("DC1_H0_VM0")).as_json()) == ()
        admin = administrator(vcenter)
        vm = vms_of(admin)["DC1_H0_VM0"]
        done(vm.PowerOffVM_Task())
        assert (str(seen("DC1_H0_VM0").state), seen("DC1_H0_VM0").run) == ("off", "")
        done(vm.PowerOnVM_Task())
        changed = differences(vm_fingerprint(first).as_json(), vm_fingerprint(seen("DC1_H0_VM0")).as_json())
        assert {one.field for one in changed} == {"run"}
        Disconnect(admin)


def test_a_vm_that_moved_is_the_same_vm_on_another_host(vcenter: Vcenter) -> None:
    with closing(open_hosts("lab", options(vcenter))) as source:

        def places() -> dict[str, list[str]]:
            return {vm.id: [vm.host_name] for look in source.hosts.looks() for vm in look.vms}

        before = places()
        admin = administrator(vcenter)
        vm = vms_of(admin)["DC1_C0_RP0_VM0"]
        target = next(one for one in vm.runtime.host.parent.host if one != vm.runtime.host)
        done(vm.RelocateVM_Task(vim.vm.RelocateSpec(host=target)))
        after = places()
        assert after.keys() == before.keys()
        assert after[vm.config.instanceUuid] == [target.name] != before[vm.config.instanceUuid]
        Disconnect(admin)


def test_a_nic_that_was_added_is_seen_at_the_next_look(vcenter: Vcenter) -> None:
    with closing(open_hosts("lab", options(vcenter))) as source:
        list(source.hosts.looks())
        admin = administrator(vcenter)
        vm = vms_of(admin)["DC1_H0_VM1"]
        done(vm.ReconfigVM_Task(vim.vm.ConfigSpec(deviceChange=[nic("00:50:56:00:02:01")])))
        again = list(source.hosts.looks())
        assert sum(look.read for look in again) == 1
        macs = {vm.name: vm.macs for look in again for vm in look.vms}["DC1_H0_VM1"]
        assert "00:50:56:00:02:01" in macs
        Disconnect(admin)
