"""The libvirt driver against what hosts may answer, rightly or not, and against hosts that hang."""

from __future__ import annotations

import socket
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest

from corral.contracts.border import Border, Purpose, crossing
from corral.contracts.virtual import Mark
from corral.domain.errors import Breach, Invalid
from corral.domain.host import Part
from corral.domain.vm import Agent, Origin, Vm
from corral.drivers.libvirt import host_xml, open_hosts
from corral.drivers.libvirt.domain_xml import vm
from corral.drivers.libvirt.leases import leased
from corral.drivers.libvirt.mark import element, namespace
from corral.drivers.libvirt.options import read_options
from corral.drivers.libvirt.rules import CALL, MARK, RULES, SERVICE
from corral.drivers.libvirt.sizes import sized
from corral.drivers.libvirt.uris import called, checked, shown
from corral.drivers.libvirt.xml import Unreadable, parse

UUID = "7d3f1c52-0c0f-4a51-9d5e-1f6a0e9b1101"


def domain(devices: str = "", more: str = "", name: str = "db-01", uuid: str = UUID) -> str:
    return (
        f"<domain type='test'><name>{name}</name><uuid>{uuid}</uuid><memory unit='MiB'>512</memory><vcpu current='2'>4</vcpu>"
        f"{more}<os><type arch='x86_64' machine='pc-q35-7.2'>hvm</type></os><devices>{devices}</devices></domain>"
    )


def read(devices: str = "", more: str = "") -> Vm:
    return vm(domain(devices, more), "lab", "host-1", "kvm-01")


# --- what a definition says -------------------------------------------------------------------------------------


def test_the_definition_tells_what_the_vm_is() -> None:
    found = read(
        "<channel type='unix'><target type='virtio' name='org.qemu.guest_agent.0' state='connected'/></channel>"
    )
    assert (found.id, found.name, found.cpus, found.memory) == (UUID, "db-01", 2, 512 << 20)
    assert (found.arch, found.machine_type, found.firmware, found.hypervisor) == (
        "x86_64",
        "pc-q35-7.2",
        "bios",
        "test",
    )
    assert found.agent is Agent.CONNECTED


@pytest.mark.parametrize(
    ("xml", "identifiers"),
    [
        (
            "<disk type='block' device='disk'><driver name='qemu' type='raw'/><source dev='/dev/mapper/a'/><target dev='vda'/>"
            "<serial>S1</serial><wwn>5000c50015ea71aa</wwn></disk>",
            (("wwn", "5000c50015ea71aa"), ("serial", "S1"), ("path", "/dev/mapper/a")),
        ),
        (
            "<disk type='network' device='disk'><driver name='qemu' type='raw'/><source protocol='rbd' name='vms/a'>"
            "<host name='192.0.2.1' port='6789'/></source><target dev='vda'/></disk>",
            (("rbd", "vms/a"),),
        ),
        (
            "<disk type='network' device='disk'><source protocol='iscsi' name='iqn.2013-07.com.example:iscsi/2'/>"
            "<target dev='vda'/></disk>",
            (("iscsi", "iqn.2013-07.com.example:iscsi/2"),),
        ),
        (
            "<disk type='volume' device='disk'><source pool='images' volume='a.qcow2'/><target dev='vda'/></disk>",
            (("volume", "images/a.qcow2"),),
        ),
    ],
)
def test_a_disk_is_known_by_what_its_storage_knows_too(xml: str, identifiers: tuple[tuple[str, str], ...]) -> None:
    [disk] = read(xml).disks
    assert disk.identifiers == identifiers


def test_a_backing_chain_and_a_running_copy_are_told() -> None:
    [disk] = read(
        "<disk type='file' device='disk'><source file='/a'/><target dev='vda'/><backingStore type='file'><source file='/b'/>"
        "<backingStore type='network'><source protocol='rbd' name='p/c'/><backingStore/></backingStore></backingStore>"
        "<mirror type='file' job='copy'/><shareable/></disk>"
    ).disks
    assert (disk.backing, disk.job, disk.shared) == (("/b", "rbd:p/c"), "copy", True)


def test_nics_tell_their_network_bridge_vlan_and_id_in_open_vswitch() -> None:
    found = read(
        "<interface type='bridge'><mac address='52:54:00:AA:01:01'/><source bridge='br-int'/><vlan><tag id='42'/></vlan>"
        "<virtualport type='openvswitch'><parameters interfaceid='0a0b'/></virtualport><model type='virtio'/></interface>"
        "<interface type='network'><mac address='52:54:00:aa:01:02'/><source network='default' bridge='virbr0'/></interface>"
    ).nics
    assert [(one.mac, one.bridge, one.network, one.vlan, one.interface_id) for one in found] == [
        ("52:54:00:aa:01:01", "br-int", "", 42, "0a0b"),
        ("52:54:00:aa:01:02", "virbr0", "default", None, ""),
    ]


def test_devices_of_the_host_are_named_as_the_host_names_them() -> None:
    held = read(
        "<hostdev mode='subsystem' type='pci'><source><address domain='0x0000' bus='0x3b' slot='0x00' function='0x1'/></source>"
        "</hostdev><hostdev mode='subsystem' type='usb'><source><vendor id='0x1234'/><product id='0xbeef'/></source></hostdev>"
        "<interface type='hostdev'><mac address='52:54:00:aa:01:01'/><source><address type='pci' domain='0x0000' bus='0x3b' "
        "slot='0x00' function='0x2'/></source></interface>"
    ).passthrough
    assert [(one.kind, one.address) for one in held] == [
        ("pci", "0000:3b:00.1"),
        ("usb", "vendor 0x1234 product 0xbeef"),
        ("network", "0000:3b:00.2"),
    ]


def test_a_system_that_marked_the_vm_is_its_owner() -> None:
    mark = "<metadata><nova:instance xmlns:nova='http://openstack.org/xmlns/libvirt/nova/1.1'/></metadata>"
    assert read(more=mark).owner == "OpenStack Nova"
    assert read(more="<metadata><o:os xmlns:o='http://libosinfo.org/xmlns/libvirt/domain/1.0'/></metadata>").owner == ""


def test_sizes_come_from_the_statistics_by_the_disk_s_name() -> None:
    found = read(
        "<disk type='file'><source file='/a'/><target dev='vda'/></disk><disk type='file'><target dev='sda'/></disk>"
    )
    told = {"block.count": 1, "block.0.name": "vda", "block.0.capacity": 100, "block.0.allocation": 7}
    assert [(one.size, one.used) for one in sized(found.disks, told)] == [(100, 7), (0, 0)]


def test_a_lease_is_known_by_its_mac_in_any_case_and_once() -> None:
    known: dict[str, Any] = {}
    leased(known, [{"mac": "52:54:00:AA:00:01", "ipaddr": "192.0.2.1"}] * 2 + [{"mac": None, "ipaddr": 3}])
    assert [one.ip for one in known["52:54:00:aa:00:01"]] == ["192.0.2.1"]


def test_pools_and_networks_tell_place_size_and_bridge() -> None:
    pool = host_xml.pool(
        "<pool type='rbd'><name>vms</name><uuid>u</uuid><capacity unit='bytes'>9</capacity><allocation unit='KiB'>1</allocation>"
        "<source><host name='mon'/><name>vms-hdd</name></source></pool>",
        active=True,
    )
    assert (pool.kind, pool.source, pool.capacity, pool.used) == ("rbd", "vms-hdd", 9, 1024)
    network = host_xml.network(
        "<network><name>n</name><bridge name='virbr7'/><vlan><tag id='9'/></vlan></network>", active=False
    )
    assert (network.bridge, network.vlan, network.active) == ("virbr7", 9, False)


# --- hostile answers --------------------------------------------------------------------------------------------

BOMB = "<!DOCTYPE d [<!ENTITY a 'aaaaaaaaaa'><!ENTITY b '&a;&a;&a;&a;&a;&a;'>]><domain><name>&b;</name></domain>"


@pytest.mark.parametrize(
    ("text", "because"),
    [
        (BOMB, "document type"),
        ("<!DOCTYPE d SYSTEM 'file:///etc/passwd'><domain/>", "document type"),
        ("<domain>" + " " * (1 << 20) + "</domain>", "more than"),
        ("<domain>" + "<a/>" * 50_000 + "</domain>", "elements"),
        ("<a>" * 100 + "</a>" * 100, "nested"),
        ("<domain>", "parsed"),
        ("\udcff", "text"),
        ("<network/>", "'network'"),
        (domain(uuid="x; reboot"), "no UUID"),
        (domain("<disk/>" * 2000), "devices"),
        (
            domain(
                "<disk type='file'>" + "<backingStore><source file='/a'/>" * 70 + "</backingStore>" * 70 + "</disk>"
            ),
            "nested",
        ),
        (domain().replace("512", "9" * 40), "no number"),
        (domain().replace("512", "-1"), "no number"),
        (domain().replace("MiB", "furlongs"), "no unit"),
    ],
    ids=lambda value: value[:12] if len(value) < 20 else "",
)
def test_what_is_no_proper_definition_is_refused_with_the_reason(text: str, because: str) -> None:
    begun = time.monotonic()
    with pytest.raises(Unreadable, match=because):
        vm(text, "lab", "h", "h")
    assert time.monotonic() - begun < 30


def test_an_endless_chain_below_the_depth_is_cut() -> None:
    with pytest.raises(Unreadable):
        parse("<a>" * 65 + "</a>" * 65)
    assert parse("<a>" * 64 + "</a>" * 64).tag == "a"


# --- addresses --------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "uri",
    [
        "qemu+ext:///system?command=/tmp/x",
        "qemu+ssh://kvm/system?command=/tmp/x",
        "qemu+ssh://kvm/system?netcat=/tmp/x",
        "qemu+tls://kvm/system?no_verify=1",
        "qemu+tcp://kvm/system",
        "qemu+ssh:///system",
        "qemu+ssh://root:secret@kvm/system",
        "qemu+ssh://kvm/system?known_hosts=/etc/corral/known_hosts",
        "qemu+libssh://kvm/system?known_hosts_verify=ignore",
        "qemu+libssh:///system",
        "esx://vcenter",
        "kvm-01",
        "qemu:///sys tem",
        "qemu+ssh://kvm:port/system",
        "",
        "test:///" + "a" * 2000,
    ],
)
def test_a_uri_that_could_start_or_believe_something_else_is_refused(uri: str) -> None:
    with pytest.raises(Invalid) as refused:
        checked(uri)
    assert "secret" not in str(refused.value)


def test_ssh_never_asks_and_no_login_is_shown() -> None:
    uri = "qemu+ssh://root@kvm-01:2222/system?keyfile=/etc/key&no_tty=0"
    assert checked(uri) == "qemu+ssh://root@kvm-01:2222/system?keyfile=/etc/key&no_tty=1"
    assert called(uri) == "kvm-01"
    assert shown(uri) == "qemu+ssh://kvm-01:2222/system"
    assert checked("test:///default") == "test:///default"
    known = "qemu+libssh://kvm-01/system?known_hosts=/etc/corral/known_hosts"
    assert checked(known) == known


@pytest.mark.parametrize(
    "options",
    [
        {},
        {"hosts": []},
        {"hosts": "test:///default"},
        {"hosts": [7]},
        {"hosts": [{"name": "a"}]},
        {"hosts": [{"uri": "test:///default", "user": "x"}]},
        {"hosts": ["test:///default", "test:///default"]},
        {"hosts": ["test:///default"], "timeout": 0},
        {"hosts": ["test:///default"], "threads": True},
        {"hosts": ["test:///default"], "ask_agent": "yes"},
        {"hosts": ["test:///default"], "tiemout": 3},
    ],
)
def test_options_that_can_t_be_meant_are_refused(options: dict[str, Any]) -> None:
    with pytest.raises(Invalid):
        read_options(options)


# --- the border -------------------------------------------------------------------------------------------------

FORBIDDEN = (
    "defineXML",
    "undefine",
    "undefineFlags",
    "destroyFlags",
    "migrate3",
    "updateDeviceFlags",
    "save",
    "managedSaveRemove",
)


@pytest.mark.parametrize("purpose", list(Purpose))
@pytest.mark.parametrize("method", FORBIDDEN)
def test_no_purpose_may_define_undefine_or_move(purpose: Purpose, method: str) -> None:
    border = Border(RULES)
    with crossing(purpose), pytest.raises(Breach), border.admit(SERVICE, CALL, f"/kvm-01/virDomain/{method}", ()):
        pytest.fail("it was let through")


@pytest.mark.parametrize("method", ["create", "shutdown", "destroy", "reboot", "setMetadata"])
def test_looking_may_not_switch_or_mark(method: str) -> None:
    border = Border(RULES)
    with pytest.raises(Breach), border.admit(SERVICE, CALL, f"/kvm-01/virDomain/{method}", (2, "<a/>", "corral", MARK)):
        pytest.fail("it was let through")


def test_a_definition_is_never_asked_for_with_its_secrets() -> None:
    border = Border(RULES)
    with border.admit(SERVICE, CALL, "/kvm-01/virDomain/XMLDesc", (0,)):
        pass
    for flags in (1, 3):
        with pytest.raises(Breach), border.admit(SERVICE, CALL, "/kvm-01/virDomain/XMLDesc", (flags,)):
            pytest.fail("it was let through")


def test_adopting_may_set_our_own_mark_and_no_other_metadata() -> None:
    border = Border(RULES)
    mark = Mark("0b0f5a4e-0000-4000-8000-000000000001", 'a "name" & <more>')
    ours = namespace(mark.server)
    with crossing(Purpose.ADOPT):
        for arguments in ((2, element(mark), "corral", ours, 3), (2, None, None, ours, 1)):
            with border.admit(SERVICE, CALL, "/kvm-01/virDomain/setMetadata", arguments):
                pass
        for arguments in (
            (1, "a title", None, None, 3),
            (2, "<a/>", "nova", "http://openstack.org/xmlns/libvirt/nova/1.1", 3),
            (2, None, None, "http://openstack.org/xmlns/libvirt/nova/1.1", 3),
            (2, "<a/>", "corral", ours, 3),
            (2, element(mark), "corral", MARK, 3),
            (2, element(Mark("0b0f5a4e-0000-4000-8000-000000000002")), "corral", ours, 3),
            (2, element(mark), "nova", ours, 3),
        ):
            with pytest.raises(Breach), border.admit(SERVICE, CALL, "/kvm-01/virDomain/setMetadata", arguments):
                pytest.fail("it was let through")


# --- hosts that hang, and hosts beside them ---------------------------------------------------------------------


@contextmanager
def deaf(path: Path) -> Iterator[str]:
    """A daemon that takes connections and never says a word."""
    with socket.socket(socket.AF_UNIX) as listening:
        listening.bind(str(path))
        listening.listen(8)
        taken: list[socket.socket] = []
        thread = threading.Thread(target=lambda: _take(listening, taken), daemon=True)
        thread.start()
        try:
            yield f"qemu+unix:///system?socket={path}"
        finally:
            listening.shutdown(socket.SHUT_RDWR)
            thread.join(60)
            for one in taken:
                one.close()


def _take(listening: socket.socket, taken: list[socket.socket]) -> None:
    while True:
        try:
            taken.append(listening.accept()[0])
        except OSError:
            return


def test_a_host_that_hangs_delays_nobody_and_is_told_with_the_reason(tmp_path: Path) -> None:
    with deaf(tmp_path / "s") as hanging:
        source = open_hosts("lab", {"hosts": [{"name": "deaf", "uri": hanging}, "test:///default"], "timeout": 2})
        begun = time.monotonic()
        [first, second] = source.hosts.looks()
        assert time.monotonic() - begun > 1.5
        assert (first.host.name, second.host.name) == ("test:///default", "deaf")
        assert "did not answer within 2 s" in second.host.problem
        assert second.host.stale_since is None
        # As long as it hangs no second thread is lost on it, and it is told at once.
        told = {host.name: host for host in source.hosts.hosts()}
        assert "not answered an earlier question" in told["deaf"].problem
        source.close()


def test_one_vm_that_can_t_be_read_hides_no_other(tmp_path: Path) -> None:
    second = UUID.replace("1101", "1102")
    world = tmp_path / "world.xml"
    note = "<metadata><a:a xmlns:a='urn:a'>" + "<a:b>" * 80 + "</a:b>" * 80 + "</a:a></metadata>"
    world.write_text(f"<node>{domain()}{domain(more=note, name='deep', uuid=second)}</node>")
    source = open_hosts("lab", {"hosts": [f"test://{world}"]})
    [look] = source.hosts.looks()
    assert [(one.name, bool(one.problem)) for one in look.vms] == [("db-01", False), ("deep", True)]
    assert "nested" in look.vms[1].problem
    source.close()


def test_what_a_hypervisor_has_no_call_for_is_named_and_stops_nothing() -> None:
    source = open_hosts("lab", {"hosts": ["test:///default"]})
    [look] = source.hosts.looks()
    assert [part for part, _ in look.host.untold] == [Part.LEASES]
    assert not look.host.tells(Part.LEASES)
    assert look.host.tells(Part.POOLS)
    source.close()


def test_a_look_is_made_over_a_connection_that_can_t_write_and_agents_are_asked_over_another() -> None:
    for options, openers in (({}, ["openReadOnly"]), ({"ask_agent": True}, ["open", "openReadOnly"])):
        source = open_hosts("lab", {"hosts": ["test:///default"], **options})
        with crossing(Purpose.LOOK) as recorder:
            list(source.hosts.looks())
        assert [call.path.rpartition("/")[2] for call in recorder.calls if "/libvirt/" in call.path] == openers
        # What may write asks agents and nothing else.
        paths = [call.path.rpartition("/")[2] for call in recorder.calls]
        assert "interfaceAddresses" not in paths or paths.index("interfaceAddresses") < paths.index("openReadOnly")
        source.close()


def test_addresses_are_those_of_the_agent_before_those_of_arp() -> None:
    source = open_hosts("lab", {"hosts": ["test:///default"], "ask_agent": True, "ask_arp": True})
    [look] = source.hosts.looks()
    # The test driver gives the same address whoever is asked.
    assert [(one.ip, one.origin) for one in look.vms[0].nics[0].addresses] == [("192.168.122.3", Origin.AGENT)]
    source.close()
