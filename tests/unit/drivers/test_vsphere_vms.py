"""What the vSphere driver does when a change of a VM goes wrong at the vCenter, or its answer does not come."""

from __future__ import annotations

import re
import socket
import time
from collections.abc import Iterator
from contextlib import closing
from http.server import BaseHTTPRequestHandler
from pathlib import Path

import pytest
from vsphere_service import Service, fault, recorded, serving

from corral.contracts.border import Purpose, crossing
from corral.contracts.sources import PowerTarget
from corral.contracts.virtual import Console, Mark, Where
from corral.domain.descriptions import MOST_TAGS
from corral.domain.errors import Conflict, DriverFailed, NotFound, NotSupported, OutcomeUnknown
from corral.drivers.vsphere import open_hosts
from corral.drivers.vsphere.inventory import MOST_ATTRIBUTES
from corral.drivers.vsphere.mark import SETTLE
from corral.drivers.vsphere.vms import VsphereVms

VM = Where("265104de-1472-547c-b873-6dc7883fb6cb", "")
OURS = Mark("0b0f5a4e-0000-4000-8000-000000000001", "web")
ATTRIBUTES, OF_VM = "RetrievePropertiesEx-attributes", "RetrievePropertiesEx-machines"
OF_MARK = "RetrievePropertiesEx-one"


def answer(name: str, inside: str) -> bytes:
    return (
        '<?xml version="1.0" encoding="UTF-8"?><soapenv:Envelope xmlns:soapenv="http://schemas.xmlsoap.org/soap/envelope/" '
        'xmlns:xsd="http://www.w3.org/2001/XMLSchema" xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance"><soapenv:Body>'
        f'<{name}Response xmlns="urn:vim25">{inside}</{name}Response></soapenv:Body></soapenv:Envelope>'
    ).encode()


def told(kind: str, number: str, **properties: str) -> bytes:
    sets = "".join(
        f"<propSet><name>{name.replace('_', '.')}</name>{value}</propSet>" for name, value in properties.items()
    )
    return answer(
        "RetrievePropertiesEx", f'<returnval><objects><obj type="{kind}">{number}</obj>{sets}</objects></returnval>'
    )


def bearing(value: str, uuid: str = VM.vm, name: str = "corral.server") -> bytes:
    """The VM with that value of the attribute of that name."""
    one = f'<CustomFieldValue xsi:type="CustomFieldStringValue"><key>0</key><value>{value}</value></CustomFieldValue>'
    machine = told(
        "VirtualMachine",
        "vm-39",
        config_instanceUuid=f'<val xsi:type="xsd:string">{uuid}</val>',
        customValue=f'<val xsi:type="ArrayOfCustomFieldValue">{one if value else ""}</val>',
    )
    both = machine + recorded(ATTRIBUTES).replace(b">project<", f">{name}<".encode())
    objects = re.findall(rb"<objects>.*?</objects>", both)
    return answer("RetrievePropertiesEx", f"<returnval>{b''.join(objects).decode()}</returnval>")


def standing(state: str) -> bytes:
    value = f'<val xsi:type="VirtualMachinePowerState">{state}</val>'
    return told("VirtualMachine", "vm-39", summary_runtime_powerState=value)


@pytest.fixture
def service(tmp_path: Path) -> Iterator[Service]:
    with serving(tmp_path) as made:
        made.answers["FindByUuid"] = answer("FindByUuid", '<returnval type="VirtualMachine">vm-39</returnval>')
        made.answers[OF_MARK] = bearing("")
        made.answers["SetField"] = answer("SetField", "")
        yield made


@pytest.fixture
def vms(service: Service) -> Iterator[VsphereVms]:
    with closing(open_hosts("center", service.options)) as source:
        assert isinstance(source.hosts, VsphereVms)
        yield source.hosts


def mark(vms: VsphereVms) -> None:
    with crossing(Purpose.ADOPT):
        vms.mark(VM, OURS)


def switch(vms: VsphereVms, target: PowerTarget) -> None:
    with crossing(Purpose.POWER):
        vms.switch(VM, target)


def hang_up(handler: BaseHTTPRequestHandler) -> None:
    handler.connection.shutdown(socket.SHUT_RDWR)


# --- marks ------------------------------------------------------------------------------------------------------


def test_when_the_answer_to_a_mark_is_lost_the_outcome_is_unknown_and_it_is_not_sent_again(
    service: Service, vms: VsphereVms
) -> None:
    service.raw["SetField"] = hang_up
    with pytest.raises(OutcomeUnknown):
        mark(vms)
    assert service.requests.count("SetField") == 1


def test_an_answer_that_makes_no_sense_leaves_the_outcome_unknown_too(service: Service, vms: VsphereVms) -> None:
    service.answers["SetField"] = b"<html>Bad gateway</html>"
    with pytest.raises(OutcomeUnknown):
        mark(vms)
    assert service.requests.count("SetField") == 1


def test_a_mark_that_was_refused_because_the_session_was_over_is_set_in_the_next_one(
    service: Service, vms: VsphereVms
) -> None:
    def set_then() -> bytes:
        service.answers[OF_MARK] = bearing(f"{OURS.server} web")
        return answer("SetField", "")

    service.answers["SetField"] = set_then
    service.once["SetField"] = fault("NotAuthenticated")
    mark(vms)
    assert (service.requests.count("SetField"), service.requests.count("Login")) == (2, 2)


def test_a_vm_that_is_removed_meanwhile_is_not_found(service: Service, vms: VsphereVms) -> None:
    service.answers["SetField"] = fault("ManagedObjectNotFound", more='<obj type="VirtualMachine">vm-39</obj>')
    with pytest.raises(NotFound):
        mark(vms)


def test_a_mark_that_another_one_came_over_is_given_up(service: Service, vms: VsphereVms) -> None:
    def crossed() -> bytes:
        service.answers[OF_MARK] = bearing("0b0f5a4e-0000-4000-8000-000000000002 theirs")
        return answer("SetField", "")

    service.answers["SetField"] = crossed
    with pytest.raises(Conflict, match="theirs"):
        mark(vms)
    assert service.requests.count("SetField") == 1


def test_a_mark_that_may_have_come_over_another_ones_is_taken_back(service: Service, vms: VsphereVms) -> None:
    def slow() -> bytes:
        time.sleep(SETTLE + 0.2)
        service.answers[OF_MARK] = bearing(f"{OURS.server} web")
        return answer("SetField", "")

    service.once["SetField"] = slow
    with pytest.raises(Conflict, match="taken back"):
        mark(vms)
    sent = [body for body, name in zip(service.bodies, service.requests, strict=True) if name == "SetField"]
    assert [OURS.server.encode() in body for body in sent] == [True, False]


def test_what_people_wrote_into_the_attribute_is_not_written_over(service: Service, vms: VsphereVms) -> None:
    service.answers[OF_MARK] = bearing("ask Anna first")
    with pytest.raises(Conflict, match="ask Anna first"):
        mark(vms)
    with crossing(Purpose.ADOPT):
        vms.unmark(VM, OURS.server)
    assert "SetField" not in service.requests


def test_of_endless_attributes_and_values_some_are_told(service: Service, vms: VsphereVms) -> None:
    fields = "".join(
        f"<CustomFieldDef><key>{key}</key><name>a{key}</name><type>string</type></CustomFieldDef>"
        for key in range(MOST_ATTRIBUTES + 10)
    )
    service.answers[ATTRIBUTES] = told(
        "CustomFieldsManager", "CustomFieldsManager", field=f'<val xsi:type="ArrayOfCustomFieldDef">{fields}</val>'
    )
    given = "".join(
        f'<CustomFieldValue xsi:type="CustomFieldStringValue"><key>{key}</key><value>{"x" * 3000}</value></CustomFieldValue>'
        for key in range(500)
    )
    prop = f'<propSet><name>customValue</name><val xsi:type="ArrayOfCustomFieldValue">{given}</val></propSet>'.encode()
    service.answers[OF_VM] = recorded(OF_VM).replace(b"</obj><propSet>", b"</obj>" + prop + b"<propSet>", 1)
    found = max((vm for look in vms.looks() for vm in look.vms), key=lambda one: len(one.tags))
    assert len(found.tags) == MOST_TAGS + 1  # one too many says that there are more
    assert max(map(len, found.tags)) == 256  # and so does one character


# --- the vCenter's own object for a VM ---------------------------------------------------------------------------


def test_a_vm_is_searched_for_once_and_each_answer_proves_that_it_is_still_the_one(
    service: Service, vms: VsphereVms
) -> None:
    for _ in range(3):
        assert vms.marked(VM) is None
    assert service.requests.count("FindByUuid") == 1


def test_an_object_that_is_another_vms_is_searched_for_anew_before_anything_is_written(
    service: Service, vms: VsphereVms
) -> None:
    vms.marked(VM)
    service.once[OF_MARK] = bearing("", uuid="265104de-1472-547c-b873-ffffffffffff")
    service.answers["FindByUuid"] = answer("FindByUuid", '<returnval type="VirtualMachine">vm-40</returnval>')
    service.answers["SetField"] = lambda: (
        service.answers.update({OF_MARK: bearing(f"{OURS.server} web")}) or answer("SetField", "")
    )
    mark(vms)
    [sent] = [body for body, name in zip(service.bodies, service.requests, strict=True) if name == "SetField"]
    assert b">vm-40<" in sent


def test_a_vm_that_no_answer_proves_is_not_written_to(service: Service, vms: VsphereVms) -> None:
    service.answers[OF_MARK] = bearing("", uuid="265104de-1472-547c-b873-ffffffffffff")
    with pytest.raises(NotFound):
        mark(vms)
    assert "SetField" not in service.requests


def test_an_attribute_that_was_renamed_meanwhile_is_not_ours_any_more(service: Service, vms: VsphereVms) -> None:
    assert vms.marked(VM) is None
    service.answers[OF_MARK] = bearing(f"{OURS.server} web", name="somebody.else")
    assert vms.marked(VM) is None


# --- power ------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("target", "state", "call", "kind", "error"),
    [
        (PowerTarget.ON, "poweredOff", "PowerOnVM_Task", "TaskInProgress", Conflict),
        (PowerTarget.OFF, "poweredOn", "PowerOffVM_Task", "InvalidPowerState", Conflict),
        (PowerTarget.SOFT_OFF, "poweredOn", "ShutdownGuest", "ToolsUnavailable", Conflict),
        (PowerTarget.SOFT_REBOOT, "poweredOn", "RebootGuest", "NotSupported", NotSupported),
        (PowerTarget.REBOOT, "poweredOn", "ResetVM_Task", "RuntimeFault", DriverFailed),
    ],
)
def test_a_change_of_power_that_the_vcenter_refuses_says_why(
    service: Service, vms: VsphereVms, target: PowerTarget, state: str, call: str, kind: str, error: type[Exception]
) -> None:
    more = {"TaskInProgress": '<task type="Task">task-1</task>'}.get(kind, "")
    if kind == "InvalidPowerState":
        more = "<requestedState>poweredOff</requestedState><existingState>suspended</existingState>"
    service.answers[OF_VM] = standing(state)
    service.answers[call] = fault(kind, "it is busy", more)
    with pytest.raises(error) as told_so:
        switch(vms, target)
    assert type(told_so.value) is error
    assert service.requests.count(call) == 1


def test_a_task_that_fails_says_why(service: Service, vms: VsphereVms) -> None:
    def begun() -> bytes:
        error = '<val xsi:type="LocalizedMethodFault"><fault xsi:type="InvalidState"/><localizedMessage>no</localizedMessage></val>'
        state = '<val xsi:type="TaskInfoState">error</val>'
        service.answers[OF_VM] = told("Task", "task-7", info_state=state, info_error=error)
        return answer("PowerOnVM_Task", '<returnval type="Task">task-7</returnval>')

    service.answers[OF_VM] = standing("poweredOff")
    service.answers["PowerOnVM_Task"] = begun
    with pytest.raises(Conflict, match="InvalidState"):
        switch(vms, PowerTarget.ON)


def test_when_the_answer_to_a_power_change_is_lost_it_is_not_sent_again(service: Service, vms: VsphereVms) -> None:
    service.answers[OF_VM] = standing("poweredOn")
    service.raw["PowerOffVM_Task"] = hang_up
    with pytest.raises(OutcomeUnknown):
        switch(vms, PowerTarget.OFF)
    assert service.requests.count("PowerOffVM_Task") == 1


# --- consoles ---------------------------------------------------------------------------------------------------


def test_a_screen_is_opened_by_a_ticket(service: Service, vms: VsphereVms) -> None:
    service.answers[OF_VM] = standing("poweredOn")
    service.answers["AcquireTicket"] = answer(
        "AcquireTicket",
        "<returnval><ticket>cst-VCT/52</ticket><cfgFile>/vm.vmx</cfgFile><host>esx-01</host><port>902</port></returnval>",
    )
    assert vms.consoles(VM) == (Console("mks", "wss://esx-01:902/ticket/cst-VCT%2F52"),)
