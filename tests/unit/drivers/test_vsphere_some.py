"""Looks at some VMs of a vCenter's host: who moved, who is gone, and what the hosts' VMs use since."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing
from dataclasses import replace
from pathlib import Path

import pytest
from pyVmomi import vim
from vsphere_service import serving

from corral.contracts.hosts import Glimpse
from corral.drivers.vsphere import open_hosts
from corral.drivers.vsphere.look import Kept, Looker


class Center:
    """A vCenter that was looked at once. `vm`: the vCenter's id of a VM, on the first of two hosts."""

    def __init__(self, looker: Looker) -> None:
        self.looker = looker
        self.vm = min(looker.known)
        self.here = looker.host_of(self.vm)
        self.there = next(one for one in looker.inventory.hosts if one != self.here)
        self.kept = looker._kept[self.vm]

    def on(self, number: str) -> Kept:
        """The VM as it is on that host."""
        host = self.looker.inventory.hosts[number]
        moment = {**self.kept.moment, "runtime.host": vim.HostSystem(number, None)}
        return replace(self.kept, moment=moment, vm=replace(self.kept.vm, host=host.id, host_name=host.name))

    def told(self, host: str, *found: Kept) -> Glimpse:
        """A look at that VM on that host, when the vCenter has told this of it."""
        return self.looker._glimpsed(host, [self.vm], {self.vm: found[0]} if found else {}, 1.0)

    def uses(self) -> dict[str, tuple[int, int, int]]:
        return {one: (host.vms, host.cpus_given, host.memory_given) for one, host in self.looker._hosts.items()}


@pytest.fixture
def center(tmp_path: Path) -> Iterator[Center]:
    with serving(tmp_path) as service, closing(open_hosts("center", {**service.options, "timeout": 4})) as source:
        assert len(list(source.hosts.looks())) > 1
        yield Center(source.hosts._looker)


@pytest.mark.parametrize("old_one_first", [True, False])
def test_a_vm_that_moved_is_missing_at_its_old_host_and_told_by_the_new_one(
    center: Center, *, old_one_first: bool
) -> None:
    before, moved = center.uses(), center.on(center.there)
    told = {}
    for host in (center.here, center.there) if old_one_first else (center.there, center.here):
        told[host] = center.told(host, moved)
    assert (told[center.here].vms, told[center.here].missing) == ((), {moved.vm.id})
    assert (told[center.there].vms, told[center.there].missing) == ((moved.vm,), frozenset())
    after = center.uses()
    assert after[center.here][0] == before[center.here][0] - 1
    assert after[center.there][0] == before[center.there][0] + 1
    assert center.looker.host_of(center.vm) == center.there
    for host in told:
        assert told[host].host.id == center.looker.inventory.hosts[host].id


def test_a_vm_that_was_removed_is_missing_once_and_uses_nothing_any_more(center: Center) -> None:
    before = center.uses()[center.here]
    assert center.told(center.here).missing == {center.kept.vm.id}
    assert center.uses()[center.here][0] == before[0] - 1
    assert center.told(center.here).missing == frozenset()
    assert center.uses()[center.here][0] == before[0] - 1
    assert center.vm not in center.looker.known


def test_a_vm_whose_id_became_readable_is_told_and_what_it_was_called_before_is_missing(center: Center) -> None:
    unread = replace(center.kept, vm=replace(center.kept.vm, id=center.vm, problem="the user may not read it"))
    center.told(center.here, unread)
    found = center.told(center.here, center.kept)
    assert (found.vms, found.missing) == ((center.kept.vm,), {center.vm})


def test_an_id_that_another_vm_of_the_host_has_too_is_not_missing(center: Center) -> None:
    center.looker._kept["vm-twin"] = center.kept
    assert center.told(center.here).missing == frozenset()
