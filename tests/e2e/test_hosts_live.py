"""Surveys of a real libvirtd with guests that run in QEMU: one entry each, whatever becomes of libvirtd, and none is disturbed."""

from __future__ import annotations

import os
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from corral import config
from corral.store.host_rows import KnownHost, KnownVm
from corral.wiring import Corral, build
from lab import processes
from lab.hypervisor.daemon import Hypervisor, missing
from lab.hypervisor.guests import GUESTS
from lab.places import from_environment

pytestmark = [pytest.mark.lab, pytest.mark.apart, pytest.mark.timeout(900)]


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
def corral(hypervisor: Hypervisor, tmp_path: Path) -> Iterator[Corral]:
    hosts = tmp_path / "hosts.csv"
    hosts.write_text(f"uri,name\n{hypervisor.uri},kvm-01\n")
    named = {"name": "racks", "hosts_file": str(hosts), "options": {"timeout": 10}, "survey_every": 1}
    made = build(config.load(data_dir=tmp_path / "data", hypervisors=[named]), sources={}, emit=lambda *_a, **_k: None)
    made.start()
    yield made
    made.stop()


def until(true: Callable[[], Any], seconds: float = 120) -> Any:
    end = time.monotonic() + seconds
    while not (found := true()):
        assert time.monotonic() < end, "it did not come about in time"
        time.sleep(0.1)
    return found


def host(corral: Corral) -> KnownHost | None:
    return next(iter(corral.hosts.page(limit=10)), None)


def vms(corral: Corral) -> dict[str, KnownVm]:
    one = host(corral)
    found = () if one is None else corral.hosts.machines(host=one.host.id, limit=100).vms
    return {seen.known.vm.id: seen.known for seen in found}


def test_guests_stay_the_same_entries_and_run_on_while_libvirtd_goes_and_comes_back(
    corral: Corral, hypervisor: Hypervisor
) -> None:
    first = until(lambda: (found := vms(corral)).keys() == {guest.uuid for guest in GUESTS} and found)
    pids = {guest.name: hypervisor.pid(guest.name) for guest in GUESTS}
    born = {name: processes.born(pid) for name, pid in pids.items()}
    known = host(corral)
    assert known is not None
    hypervisor.stop()
    stale = until(lambda: (one := host(corral)) and not one.host.reachable and one)
    assert (stale.host.id, stale.host.vms) == (known.host.id, len(GUESTS))
    assert stale.host.stale_since is not None
    assert vms(corral).keys() == first.keys()
    hypervisor.start()
    back = until(lambda: (one := host(corral)) and one.host.reachable and one)
    assert (back.host.id, back.first_seen_at) == (known.host.id, known.first_seen_at)
    for guest in GUESTS:
        now = vms(corral)[guest.uuid]
        assert (now.vm.run, now.first_seen_at) == (first[guest.uuid].vm.run, first[guest.uuid].first_seen_at)
        assert hypervisor.pid(guest.name) == pids[guest.name]
        assert processes.born(pids[guest.name]) == born[guest.name]
        said = [one[0] for one in hypervisor.beats(guest)]
        assert said == list(range(len(said)))


def test_a_nic_that_an_administrator_takes_away_and_puts_back_is_seen(corral: Corral, hypervisor: Hypervisor) -> None:
    guest = next(one for one in GUESTS if one.nics)
    before = until(lambda: vms(corral).get(guest.uuid))
    mac = guest.mac(0)
    assert mac in before.vm.macs
    plugged = hypervisor.virsh("dumpxml", guest.name)
    interface = plugged[plugged.index("<interface") : plugged.index("</interface>") + len("</interface>")]
    file = hypervisor.directory / "nic.xml"
    file.write_text(interface)
    hypervisor.virsh("detach-device", guest.name, str(file), "--live")
    without = until(lambda: mac not in (one := vms(corral)[guest.uuid]).vm.macs and one)
    assert (without.vm.run, without.first_seen_at) == (before.vm.run, before.first_seen_at)
    hypervisor.virsh("attach-device", guest.name, str(file), "--live")
    until(lambda: mac in vms(corral)[guest.uuid].vm.macs)
    assert len(corral.hosts.nics(host(corral), limit=100)) == sum(one.nics for one in GUESTS)  # type: ignore[arg-type]
