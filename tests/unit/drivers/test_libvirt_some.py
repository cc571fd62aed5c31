"""Looks at some VMs of a host of libvirt's test driver: what they cost, and VMs that come, go and come back as others."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from contextlib import closing, suppress
from dataclasses import replace

import libvirt
import pytest

from corral.contracts.hosts import Glimpse, HostSource
from corral.drivers.libvirt import open_hosts

URI = "test:///default"
_METHODS = {
    libvirt.virConnect: ("lookupByUUIDString", "domainListGetStats", "listAllDomains", "getAllDomainStats"),
    libvirt.virDomain: ("XMLDesc", "isPersistent", "hasManagedSaveImage", "snapshotListNames", "interfaceAddresses"),
    libvirt.virNetwork: ("DHCPLeases", "XMLDesc"),
    libvirt.virStoragePool: ("XMLDesc",),
}


def uuid(number: int) -> str:
    return f"50e00000-0000-4000-8000-{number:012d}"


def xml(number: int, name: str = "") -> str:
    return (
        f"<domain type='test'><name>{name or f'some-{number}'}</name><uuid>{uuid(number)}</uuid><memory unit='MiB'>64</memory>"
        f"<os><type arch='i686'>hvm</type></os><devices><interface type='user'><mac address='52:54:00:50:00:{number:02x}'/>"
        "</interface></devices></domain>"
    )


class Host:
    """The test driver's host, which all connections of a process share, with what its administrator does."""

    def __init__(self, source: HostSource, admin: libvirt.virConnect) -> None:
        self.source, self.admin = source, admin
        self.count = 0

    def fill(self, count: int) -> None:
        for number in range(self.count, count):
            self.admin.defineXML(xml(number))
        self.count = max(self.count, count)
        [look] = self.source.hosts.looks()
        assert look.host.vms >= count

    def some(self, *numbers: int) -> Glimpse | None:
        return self.source.hosts.look_at_some("one", [uuid(number) for number in numbers])

    def names(self, *numbers: int) -> list[str]:
        found = self.some(*numbers)
        assert found is not None
        return [vm.name for vm in found.vms]


@pytest.fixture
def host() -> Iterator[Host]:
    options = {"hosts": [{"uri": URI, "name": "one"}]}
    with closing(open_hosts("test", options)) as source, libvirt.open(URI) as admin:
        yield Host(source, admin)
        for domain in admin.listAllDomains():
            if domain.UUIDString().startswith("50e00000"):
                with suppress(libvirt.libvirtError):
                    domain.destroy()
                with suppress(libvirt.libvirtError):
                    domain.undefine()


def calls(monkeypatch: pytest.MonkeyPatch) -> Counter[str]:
    """Every call of the library that may cost something, from now on."""
    counted: Counter[str] = Counter()

    def counting(name: str, method):
        def call(*arguments):
            counted[name] += 1
            return method(*arguments)

        return call

    for kind, names in _METHODS.items():
        for name in names:
            title = f"{kind.__name__}.{name}"
            monkeypatch.setattr(kind, name, counting(title, getattr(kind, name)))
    return counted


def test_one_vm_costs_the_same_calls_however_many_the_host_has(host: Host, monkeypatch: pytest.MonkeyPatch) -> None:
    host.fill(3)
    counted, found = calls(monkeypatch), []
    for number in (3, 120):
        host.fill(number)
        counted.clear()
        assert host.names(1) == ["some-1"]
        found.append(dict(counted))
    assert found[0] == found[1]
    assert found[0]["virDomain.XMLDesc"] == found[0]["virConnect.domainListGetStats"] == 1
    assert (
        found[0].keys().isdisjoint({"virConnect.listAllDomains", "virConnect.getAllDomainStats", "virNetwork.XMLDesc"})
    )


def test_a_look_at_all_afterwards_reads_nothing_again_and_tells_the_same(host: Host) -> None:
    host.fill(3)
    host.admin.lookupByUUIDString(uuid(1)).rename("some-other", 0)
    found = host.some(1, 2)
    assert found is not None
    [look] = host.source.hosts.looks()
    assert look.read == 0
    assert [vm for vm in look.vms if vm.id in (uuid(1), uuid(2))] == list(found.vms)
    assert (look.host.vms, look.host.cpus_given) == (found.host.vms, found.host.cpus_given)


def test_a_transient_vm_is_told_and_missing_once_it_has_vanished(host: Host) -> None:
    host.fill(1)
    made = host.admin.createXML(xml(7))
    found = host.some(7)
    assert found is not None
    assert [(vm.name, vm.persistent) for vm in found.vms] == [("some-7", False)]
    used = found.host.vms
    made.destroy()
    found = host.some(7, 0)
    assert found is not None
    assert (found.missing, [vm.id for vm in found.vms]) == ({uuid(7)}, [uuid(0)])
    assert found.host.vms == used - 1


def test_a_vm_that_was_defined_anew_at_once_is_told_as_it_is_now(host: Host) -> None:
    host.fill(2)
    host.admin.lookupByUUIDString(uuid(1)).undefine()
    host.admin.defineXML(xml(1, "some-again"))
    assert host.names(1) == ["some-again"]


def test_another_host_at_the_same_address_is_not_taken_for_the_one_that_was_looked_at(host: Host) -> None:
    host.fill(1)
    looker = host.source.hosts._lookers["one"]
    looker._host = replace(looker._host, id="another machine")
    assert host.some(0) is None


def test_of_what_can_not_be_looked_up_now_is_known_that_it_is_still_to_be_read(host: Host) -> None:
    host.fill(1)
    looker = host.source.hosts._lookers["one"]
    looker.changed(uuid(0))
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(libvirt.virDomain, "isPersistent", _failing)
        with pytest.raises(Exception, match="isPersistent failed"):
            host.some(0)
    [look] = host.source.hosts.looks()
    assert look.read == 1


def _failing(*_arguments: object) -> int:
    raise libvirt.libvirtError("it does not say")
