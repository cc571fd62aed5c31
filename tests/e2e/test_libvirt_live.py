"""A real libvirtd with guests that run in QEMU: looked at and judged, and not disturbed, whatever becomes of libvirtd meanwhile."""

from __future__ import annotations

import json
import os
import signal
import time
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest
from typer.testing import CliRunner

from corral.cli.main import app
from corral.contracts.hosts import HostSource, Look
from corral.domain.fingerprint import differences
from corral.domain.vm_fingerprint import vm_fingerprint
from corral.drivers.libvirt import open_hosts
from lab import processes
from lab.hypervisor.daemon import Hypervisor, missing
from lab.hypervisor.guests import GUESTS, Guest
from lab.places import from_environment

pytestmark = [pytest.mark.lab, pytest.mark.apart, pytest.mark.timeout(900)]
WEB = GUESTS[0]
STILL = 20.0
"""Seconds without a beat that are taken for a gap: a guest beats twice a second, but shares its processors with many."""


@pytest.fixture(scope="module")
def hypervisor() -> Iterator[Hypervisor]:
    if lacking := missing():
        if os.environ.get("CORRAL_REQUIRE_LAB") == "1":
            pytest.fail(f"CORRAL_REQUIRE_LAB=1, but {lacking[0]} is not installed")
        pytest.skip(f"{lacking[0]} is not installed; `tools/apt.sh lab` does it")
    with Hypervisor(from_environment()) as made:
        made.populate(GUESTS)
        made.await_beats(GUESTS)
        yield made


@pytest.fixture
def source(hypervisor: Hypervisor) -> Iterator[HostSource]:
    with closing(open_hosts("lab", {"hosts": [{"name": "kvm-01", "uri": hypervisor.uri}], "timeout": 20})) as opened:
        yield opened


def look(source: HostSource) -> Look:
    [found] = source.hosts.looks()
    return found


def beating(hypervisor: Hypervisor, guest: Guest, from_beat: int) -> bool:
    """Whether the guest goes on beating after that beat."""
    deadline = time.monotonic() + STILL
    while time.monotonic() < deadline:
        if hypervisor.beats(guest)[-1][0] > from_beat:
            return True
        time.sleep(0.2)
    return False


def test_every_guest_is_found_with_what_it_has(source: HostSource, hypervisor: Hypervisor) -> None:
    found = look(source)
    assert found.host.problem == ""
    assert [vm.id for vm in found.vms] == sorted(guest.uuid for guest in GUESTS)
    for guest in GUESTS:
        vm = next(vm for vm in found.vms if vm.id == guest.uuid)
        assert (vm.name, str(vm.state), vm.persistent) == (guest.name, "running", not guest.transient)
        assert vm.macs == {guest.mac(number) for number in range(guest.nics)}
        assert {disk.id: disk.size for disk in vm.disks} == {disk.target: 16 << 20 for disk in guest.disks}
        assert [bool(disk.backing) for disk in vm.disks] == [disk.backed for disk in guest.disks]
        assert bool(vm.snapshots) == guest.snapshot
        assert vm.run == hypervisor.virsh("domid", guest.name).strip()
    assert [pool.name for pool in found.host.pools] == ["lab"]


def test_guests_run_on_while_they_are_looked_at_and_libvirtd_is_restarted(
    source: HostSource, hypervisor: Hypervisor
) -> None:
    before = {vm.id: vm_fingerprint(vm).as_json() for vm in look(source).vms}
    pids = {guest.name: hypervisor.pid(guest.name) for guest in GUESTS}
    born = {name: processes.born(pid) for name, pid in pids.items()}
    beats = {guest.name: hypervisor.beats(guest)[-1] for guest in GUESTS}
    hypervisor.stop()
    gone = look(source)
    assert not gone.host.reachable
    assert gone.host.stale_since is not None
    assert gone.vms == ()
    hypervisor.start()
    after = look(source)
    assert after.host.id == gone.host.id
    assert {guest.name: hypervisor.pid(guest.name) for guest in GUESTS} == pids
    assert {name: processes.born(pid) for name, pid in pids.items()} == born
    for vm in after.vms:
        assert differences(before[vm.id], vm_fingerprint(vm).as_json()) == ()
    for guest in GUESTS:
        number, _up, boot = beats[guest.name]
        assert beating(hypervisor, guest, number)
        said = hypervisor.beats(guest)
        assert {one[2] for one in said} == {boot}
        assert [one[0] for one in said] == list(range(len(said)))


def test_a_restarted_guest_is_another_run_of_the_same_vm(source: HostSource, hypervisor: Hypervisor) -> None:
    before = next(vm for vm in look(source).vms if vm.id == WEB.uuid)
    hypervisor.virsh("destroy", WEB.name)
    off = next(vm for vm in look(source).vms if vm.id == WEB.uuid)
    assert (str(off.state), off.run) == ("off", "")
    hypervisor.virsh("start", WEB.name)
    after = next(vm for vm in look(source).vms if vm.id == WEB.uuid)
    changed = {one.field for one in differences(vm_fingerprint(before).as_json(), vm_fingerprint(after).as_json())}
    assert changed == {"run"}
    hypervisor.await_beats([WEB])


def test_a_libvirtd_that_stands_still_is_told_in_time_and_found_again(hypervisor: Hypervisor) -> None:
    options = {"hosts": [{"name": "kvm-01", "uri": hypervisor.uri}, "test:///default"], "timeout": 3}
    with closing(open_hosts("lab", options)) as source:
        assert all(found.host.reachable for found in source.hosts.looks())
        pid = processes.running(hypervisor.directory / "libvirtd.process")
        assert pid is not None
        os.kill(pid, signal.SIGSTOP)
        try:
            begun = time.monotonic()
            told = {found.host.name: found.host for found in source.hosts.looks()}
            assert time.monotonic() - begun < 15
        finally:
            os.kill(pid, signal.SIGCONT)
        assert told["test:///default"].reachable
        assert not told["kvm-01"].reachable
        assert told["kvm-01"].stale_since is not None
        deadline = time.monotonic() + 120
        while not all(found.host.reachable for found in source.hosts.looks()):
            assert time.monotonic() < deadline
            time.sleep(0.5)


def test_one_host_under_two_addresses_is_looked_at_once(hypervisor: Hypervisor) -> None:
    addresses = [{"name": "a", "uri": hypervisor.uri}, {"name": "b", "uri": f"{hypervisor.uri}&mode=direct"}]
    with closing(open_hosts("lab", {"hosts": addresses})) as source:
        looks = list(source.hosts.looks())
    assert sorted(found.host.reachable for found in looks) == [False, True]
    assert sum(len(found.vms) for found in looks) == len(GUESTS)
    assert "is the same machine as" in next(found.host.problem for found in looks if found.host.problem)


def test_the_probe_tells_what_stands_against_each_guest_and_which_host_is_silent(
    hypervisor: Hypervisor, tmp_path: Path
) -> None:
    hosts = tmp_path / "hosts.yaml"
    hosts.write_text(
        f"- {{name: kvm-01, uri: '{hypervisor.uri}'}}\n- {{name: kvm-02, uri: 'qemu+unix:///system?socket=/nowhere'}}\n"
    )
    done = CliRunner().invoke(app, ["probe", "libvirt", "--hosts", str(hosts), "-o", "json"])
    assert done.exit_code == 5
    report = json.loads(done.stdout)
    against = {
        row["name"]: {one["code"] for one in row["reasons"] if one["severity"] == "blocker"}
        for row in report["machines"]
    }
    assert against == {
        "web": set(),
        "db": set(),
        "app": {"vm-snapshots"},
        "odd": {"vm-transient"},
        "cloud": {"vm-owned"},
    }
    warned = {row["name"]: {one["code"] for one in row["reasons"]} for row in report["machines"]}
    assert "disk-not-in-pool" in warned["odd"]
    assert "disk-backed" in warned["app"]
    assert {host["name"]: host["reachable"] for host in report["hosts"]} == {"kvm-01": True, "kvm-02": False}
