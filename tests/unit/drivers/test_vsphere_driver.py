"""The vSphere driver on what a simulated vCenter answered: what it tells of it, with which calls, and what it does not swallow."""

from __future__ import annotations

import gzip
import re
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import closing
from http.server import BaseHTTPRequestHandler
from pathlib import Path
from typing import Any

import pytest
from pyVmomi import vim
from vsphere_service import PASSWORD, USER, Service, fault, recorded, serving

from corral.contracts.border import Purpose, crossing
from corral.contracts.hosts import HostSource, Look
from corral.domain.errors import Breach, CorralError, DriverFailed, Invalid, Unreachable
from corral.domain.vm import RunState, Vm
from corral.drivers.vsphere import open_hosts, wire
from corral.drivers.vsphere.options import read_options

MACHINES = "RetrievePropertiesEx-machines"


@pytest.fixture
def service(tmp_path: Path) -> Iterator[Service]:
    with serving(tmp_path) as made:
        yield made


@pytest.fixture
def source(service: Service) -> Iterator[HostSource]:
    with closing(open_hosts("center", service.options)) as made:
        yield made


def look(source: HostSource) -> dict[str, Look]:
    return {one.host.name: one for one in source.hosts.looks()}


def vms(source: HostSource) -> dict[str, Vm]:
    return {vm.name: vm for one in look(source).values() for vm in one.vms}


def edited(name: str, *changes: tuple[str, str]) -> bytes:
    text = recorded(name).decode()
    for old, new in changes:
        assert old in text, "the recording has that"
        text = text.replace(old, new)
    return text.encode()


# --- what is told ---------------------------------------------------------------------------------------------------------


def test_hosts_come_with_their_cluster_datastores_and_networks(source: HostSource) -> None:
    host = look(source)["DC0_C0_H0"].host
    assert (host.group, host.hypervisor, host.version, host.cores) == ("DC0/DC0_C0", "ESXi", "6.5.0", 2)
    assert host.id.count("-") == 4
    assert [pool.name for pool in host.pools] == ["LocalDS_0"]
    assert {"VM Network", "DC0_DVPG0"} <= {network.name for network in host.networks}
    assert look(source)["DC0_H0"].host.group == "DC0"


def test_vms_come_with_disks_and_nics_by_key_and_with_what_is_special_about_them(source: HostSource) -> None:
    found = vms(source)
    plain = found["DC0_H0_VM0"]
    assert (plain.state, plain.problem, plain.cpus, plain.memory) == (RunState.RUNNING, "", 1, 32 << 20)
    assert plain.run.startswith("20")
    [disk], [nic] = plain.own_disks, plain.nics
    assert disk.id.isdigit()
    assert disk.path == "[LocalDS_0] DC0_H0_VM0/disk1.vmdk"
    assert disk.volume.endswith("/DC0_H0_VM0/disk1.vmdk")
    assert (nic.id, nic.kind, nic.network) == ("4000", "portgroup", "DC0_DVPG0")
    assert found["DC0_H0_VM1"].snapshots == ("before-upgrade",)
    assert found["DC0_C0_RP0_VM0"].template
    assert found["DC0_C0_RP0_VM0"].state is RunState.OFF
    assert found["DC0_C0_RP0_VM1"].owner == "OpenStack Nova"


def test_all_is_read_in_pages_and_no_vm_costs_a_call(source: HostSource, service: Service) -> None:
    assert len(vms(source)) == 4
    assert service.requests == [
        "RetrieveServiceContent",
        "Login",
        "CreateContainerView-inventory",
        "RetrievePropertiesEx-inventory",
        *(f"ContinueRetrievePropertiesEx-{token}" for token in (1, 2, 3, 4)),
        "RetrievePropertiesEx-attributes",
        "CreateContainerView-machines",
        MACHINES,
        "ContinueRetrievePropertiesEx-5",
    ]


def test_looking_again_reads_the_vms_that_may_have_changed_and_those_only(source: HostSource, service: Service) -> None:
    first = vms(source)
    assert [one.read for one in source.hosts.looks()] == [0, 0]
    service.requests.clear()
    service.answers[MACHINES] = edited(MACHINES, (">DC0_H0_VM0<", ">renamed<"))
    again = list(source.hosts.looks())
    assert sum(one.read for one in again) == 1
    assert {vm.id for one in again for vm in one.vms} == {vm.id for vm in first.values()}
    assert service.requests.count(MACHINES) == 2
    listed, one = [
        body
        for body, name in zip(service.bodies[-len(service.requests) :], service.requests, strict=True)
        if name == MACHINES
    ]
    assert b"config.hardware.device" not in listed
    assert one.count(b'type="VirtualMachine"') == 1


def test_a_datastore_that_fills_is_told_and_a_renamed_network_is_told_of_each_nic(
    source: HostSource, service: Service
) -> None:
    before = vms(source)["DC0_H0_VM0"]
    for token in ("1", "2", "3", "4"):
        name = f"ContinueRetrievePropertiesEx-{token}"
        renamed = recorded(name).replace(b">DC0_DVPG0<", b">web<")
        service.answers[name] = re.sub(rb"(freeSpace</name><val[^>]*>)[0-9]+", rb"\g<1>4096", renamed)
    told = look(source)["DC0_H0"]
    assert told.read == 0
    after = {vm.id: vm for vm in told.vms}[before.id]
    assert (before.nics[0].network, after.nics[0].network) == ("DC0_DVPG0", "web")
    assert [pool.capacity - pool.used for pool in told.host.pools] == [4096]


def test_a_host_that_its_vcenter_has_lost_is_told_with_since_when_and_without_vms(
    source: HostSource, service: Service
) -> None:
    assert look(source)["DC0_H0"].vms
    lost = [name for name in ("1", "2", "3", "4") if b"DC0_H0<" in recorded(f"ContinueRetrievePropertiesEx-{name}")]
    for token in lost:
        name = f"ContinueRetrievePropertiesEx-{token}"
        service.answers[name] = recorded(name).replace(b">connected<", b">notResponding<")
    told = look(source)
    assert told["DC0_H0"].host.problem == "Its vCenter says that host DC0_H0 is not responding."
    assert told["DC0_H0"].host.stale_since is not None
    assert told["DC0_H0"].vms == ()


# --- one odd machine among others -----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("old", "new", "because"),
    [
        ('xsd:string">DC0_H0_VM0<', 'xsd:int">7<', ""),
        (">connected<", ">inaccessible<", "says that it is inaccessible"),
        ("<capacityInKB>1024<", "<capacityInKB>99999999999999999999999<", ""),
    ],
)
def test_what_is_odd_about_vms_does_not_end_the_look(
    source: HostSource, service: Service, old: str, new: str, because: str
) -> None:
    service.answers[MACHINES] = edited(MACHINES, (old, new))
    found = [vm for one in look(source).values() for vm in one.vms]
    assert len(found) == 4
    assert all(because in vm.problem for vm in found if vm.problem)
    assert any(vm.problem for vm in found) or not because


def test_a_vm_without_a_uuid_is_listed_with_that_problem(source: HostSource, service: Service) -> None:
    service.answers[MACHINES] = edited(MACHINES, ("<name>config.instanceUuid</name>", "<name>config.uuid</name>"))
    odd = [vm for one in look(source).values() for vm in one.vms if vm.problem]
    assert {vm.problem for vm in odd} == {"it has no instanceUuid"}
    assert all(vm.id.startswith("vm-") for vm in odd)


def test_a_vm_whose_properties_the_user_may_not_read_says_which(source: HostSource, service: Service) -> None:
    missing = (
        '<missingSet><path>config.hardware.device</path><fault><fault xmlns:i="http://www.w3.org/2001/XMLSchema-instance" '
        'i:type="NoPermission"><object type="Folder">group-d1</object><privilegeId>System.Read</privilegeId></fault>'
        "<localizedMessage/></fault></missingSet></objects>"
    )
    service.answers[MACHINES] = edited(MACHINES, ("</objects>", missing))
    problems = {vm.problem for one in look(source).values() for vm in one.vms if vm.problem}
    assert problems == {"the user may not read its config.hardware.device"}


# --- answers that are not to be taken -------------------------------------------------------------------------------------


def _send(data: bytes, *headers: tuple[str, str]) -> Callable[[BaseHTTPRequestHandler], None]:
    def act(handler: BaseHTTPRequestHandler) -> None:
        handler.send_response(200)
        for key, value in headers:
            handler.send_header(key, value)
        handler.end_headers()
        handler.wfile.write(data)

    return act


def _endless(handler: BaseHTTPRequestHandler) -> None:
    handler.send_response(200)
    handler.end_headers()
    handler.wfile.write(b"<a>")
    while True:
        handler.wfile.write(b"<b/>" * 16384)


BOMB = b'<?xml version="1.0"?><!DOCTYPE x [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;">]><x>&b;</x>'
HOSTILE: dict[str, tuple[Callable[[BaseHTTPRequestHandler], None], str]] = {
    "document type": (_send(BOMB), "document type"),
    "another encoding": (_send(BOMB.decode().encode("utf-16")), "not in UTF-8"),
    "compressed": (_send(gzip.compress(b"a" * 9_000_000), ("Content-Encoding", "gzip")), "compressed"),
    "no XML": (_send(b"<html><body>Welcome"), "can't be read"),
    "another answer": (_send(recorded("Login")), "can't be read"),
    "nothing": (_send(b""), "can't be read"),
    "a lie about its length": (_send(recorded(MACHINES), ("Content-Length", "500")), "can't be read"),
    "an empty document, which is not an empty list": (_send(b"<a/>"), "it is none"),
    "half of it": (_send(recorded(MACHINES)[:20_000]), "can't be read"),
}


@pytest.mark.parametrize("name", HOSTILE)
def test_a_hostile_answer_is_refused_in_words(source: HostSource, service: Service, name: str) -> None:
    service.raw[MACHINES], because = HOSTILE[name]
    with pytest.raises(DriverFailed, match=because):
        look(source)


def test_an_answer_without_an_end_is_cut_at_the_limit(
    source: HostSource, service: Service, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(wire, "LARGEST", 4 << 20)
    service.raw["RetrieveServiceContent"] = _endless
    with pytest.raises(DriverFailed, match="larger than 4 MiB"):
        look(source)


def test_pages_without_an_end_are_given_up(
    source: HostSource, service: Service, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("corral.drivers.vsphere.collect.MOST", 20)
    service.answers["ContinueRetrievePropertiesEx-5"] = edited(
        MACHINES, ("RetrievePropertiesExR", "ContinueRetrievePropertiesExR")
    )
    service.answers["CancelRetrievePropertiesEx"] = recorded("Logout").replace(b"Logout", b"CancelRetrievePropertiesEx")
    with pytest.raises(DriverFailed, match="has no end"):
        look(source)
    assert service.requests[-1] == "CancelRetrievePropertiesEx"


@pytest.mark.parametrize("header", [False, True])
def test_an_answer_that_comes_byte_by_byte_ends_when_the_time_is_over(service: Service, header: bool) -> None:
    def drip(handler: BaseHTTPRequestHandler) -> None:
        if not header:
            handler.send_response(200)
            handler.end_headers()
        for _ in range(600):
            handler.wfile.write(b"<")
            handler.wfile.flush()
            time.sleep(0.1)

    service.raw["Login"] = drip
    with closing(open_hosts("center", {**service.options, "longest": 2})) as source:
        begun = time.monotonic()
        with pytest.raises(CorralError):
            look(source)
    assert time.monotonic() - begun < 50


def test_silence_ends_after_the_timeout(service: Service) -> None:
    held = threading.Event()
    service.raw["Login"] = lambda _handler: held.wait(60)
    with closing(open_hosts("center", {**service.options, "timeout": 0.5})) as source:
        begun = time.monotonic()
        with pytest.raises(Unreachable, match="did not answer in time"):
            look(source)
    assert time.monotonic() - begun < 50
    held.set()


def test_a_redirect_is_not_followed(source: HostSource, service: Service) -> None:
    def away(handler: BaseHTTPRequestHandler) -> None:
        handler.send_response(302)
        handler.send_header("Location", "https://192.0.2.1/sdk")
        handler.send_header("Content-Length", "0")
        handler.end_headers()

    service.raw["RetrieveServiceContent"] = away
    with pytest.raises(DriverFailed, match="HTTP 302"):
        look(source)


# --- login, session, certificate ------------------------------------------------------------------------------------------


def test_a_session_that_ended_is_opened_again_once(source: HostSource, service: Service) -> None:
    more = '<object type="Folder">group-d1</object><privilegeId>System.View</privilegeId>'
    service.once[MACHINES] = fault("NotAuthenticated", "The session is not authenticated.", more)
    assert len(vms(source)) == 4
    assert service.requests.count("Login") == 2
    service.answers[MACHINES] = fault("NotAuthenticated", "The session is not authenticated.", more)
    with pytest.raises(Unreachable, match="does not keep the connection"):
        look(source)


def test_a_connection_that_was_closed_is_opened_again(source: HostSource, service: Service) -> None:
    assert len(vms(source)) == 4
    service.raw[MACHINES] = lambda _handler: service.raw.pop(MACHINES) and None
    assert len(vms(source)) == 4


def test_a_wrong_password_is_said_and_not_tried_again_until_it_is_another(source: HostSource, service: Service) -> None:
    service.once["Login"] = fault("InvalidLogin")
    for _ in range(3):
        with pytest.raises(DriverFailed, match=f"refuses the login of {USER}"):
            look(source)
    assert service.requests.count("Login") == 1
    (service.folder / "password").write_text("another\n")
    assert len(vms(source)) == 4


def test_a_lack_of_rights_names_the_privilege(source: HostSource, service: Service) -> None:
    more = '<object type="Folder">group-d1</object><privilegeId>System.View</privilegeId>'
    service.answers[MACHINES] = fault("NoPermission", "no", more)
    with pytest.raises(DriverFailed, match=r"lacks the privilege System\.View"):
        look(source)


def test_a_certificate_that_nobody_vouches_for_ends_it_before_anything_is_sent(service: Service) -> None:
    options = {key: value for key, value in service.options.items() if key != "ca_file"}
    with closing(open_hosts("center", options)) as source, pytest.raises(Unreachable, match="is not trusted"):
        look(source)
    assert service.requests == []


def test_a_thumbprint_takes_the_place_of_a_ca_for_every_connection(service: Service) -> None:
    options: dict[str, Any] = {**service.options, "ca_file": None, "thumbprint": service.thumbprint}
    with closing(open_hosts("center", options)) as source:
        assert len(vms(source)) == 4
    options["thumbprint"] = service.thumbprint[:-2] + "00"
    service.requests.clear()
    with closing(open_hosts("center", options)) as source:
        for _ in range(2):
            with pytest.raises(Unreachable, match=service.thumbprint):
                look(source)
    assert service.requests == []


def test_the_password_is_in_no_record_and_no_message(
    source: HostSource, service: Service, caplog: pytest.LogCaptureFixture
) -> None:
    with crossing(Purpose.LOOK) as recorder:
        look(source)
    assert any(PASSWORD.encode() in body for body in service.bodies), "it was sent, once"
    assert PASSWORD not in f"{recorder.calls} {source} {read_options(service.options)} {caplog.text}"


def test_what_is_not_for_looking_is_stopped_before_it_is_sent(source: HostSource, service: Service) -> None:
    look(source)
    sent = len(service.requests)
    session = source.hosts._link._session  # type: ignore[attr-defined]
    vm = vim.VirtualMachine("vm-1", session.wire)
    acts = (vm.PowerOffVM_Task, vm.Destroy_Task, lambda: vm.CreateSnapshot_Task("s", "", False, False), lambda: vm.name)
    for act in acts:
        with pytest.raises(Breach):
            act()
    assert len(service.requests) == sent


# --- options --------------------------------------------------------------------------------------------------------------

LOGIN = {"host": "vc.example.org", "user": "reader", "password_env": "VC_PASSWORD"}


@pytest.mark.parametrize(
    ("changes", "because"),
    [
        ({"host": None}, "'host' is missing"),
        ({"user": None}, "'user' is missing"),
        ({"host": "https://vc.example.org/sdk"}, "without a scheme"),
        ({"host": "vc.example.org:443"}, "without a scheme"),
        ({"host": "192.0.2.7:443"}, "without a scheme"),
        ({"password_env": None}, "one of the options 'password_file' and 'password_env'"),
        ({"password": "x"}, "'password' is not known"),
        ({"insecure": True}, "'insecure' is not known"),
        ({"thumbprint": "ab:cd"}, "SHA-256"),
        ({"ca_file": "/nowhere"}, "is no file"),
        ({"page": 0}, "a number from 1"),
        ({"timeout": True}, "must be a number"),
    ],
)
def test_options_that_can_t_be_meant_are_refused(changes: dict[str, Any], because: str) -> None:
    with pytest.raises(Invalid, match=because):
        open_hosts("center", {**LOGIN, **changes})
