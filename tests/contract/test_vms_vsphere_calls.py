"""What one VM of a vCenter costs: how many questions, and which of them are asked again."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing

import pytest
from contract_vms import VsphereStall

from corral.contracts.border import Purpose, crossing
from corral.contracts.virtual import Mark
from corral.drivers.vsphere import open_hosts
from corral.drivers.vsphere.vms import VsphereVms
from lab.vcenter.server import USER, Vcenter

pytestmark = [pytest.mark.lab, pytest.mark.timeout(900)]
MARK = Mark("0b0f5a4e-0000-4000-8000-000000000001", "web")


@pytest.fixture
def stall(vcenter: Vcenter) -> Iterator[VsphereStall]:
    made = VsphereStall(vcenter)
    yield made
    made.close()


@pytest.fixture
def vms(vcenter: Vcenter, stall: VsphereStall) -> Iterator[VsphereVms]:
    login = {"host": vcenter.host, "port": vcenter.port, "user": USER, "password_file": str(vcenter.password_file)}
    with closing(open_hosts("calls", {**login, "ca_file": str(vcenter.certificate)})) as source:
        assert isinstance(source.hosts, VsphereVms)
        source.hosts.observe(stall.where)  # logs in, and finds out which hosts have one UUID
        yield source.hosts


def test_an_adoption_asks_for_the_vm_itself_each_time_and_for_nothing_else(
    stall: VsphereStall, vms: VsphereVms
) -> None:
    with crossing(Purpose.ADOPT) as seen:
        vms.observe_marked(stall.where)
        vms.mark(stall.where, MARK)
        _host, _vm, mark = vms.observe_marked(stall.where)
    with crossing(Purpose.ADOPT):
        vms.unmark(stall.where, MARK.server)
    assert mark == MARK
    made = [call.path.rpartition("/")[2] for call in seen.calls if "AddCustomFieldDef" not in call.path]
    assert made == ["RetrievePropertiesEx"] * 2 + ["SetField"] + ["RetrievePropertiesEx"] * 2


def test_what_is_around_a_vm_is_asked_for_again_when_it_is_elsewhere(stall: VsphereStall, vms: VsphereVms) -> None:
    with crossing(Purpose.LOOK) as seen:
        vms.observe(stall.where)
    assert len(seen.calls) == 1
    folder, _tags = stall.label()
    with crossing(Purpose.LOOK) as seen:
        _host, vm = vms.observe(stall.where)
    assert (vm.folder, len(seen.calls)) == (folder, 2)
