"""The laws of `contracts.virtual`: memory, libvirt's test driver, a real libvirtd with QEMU, and a simulated vCenter."""

from __future__ import annotations

import threading
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from dataclasses import replace

import libvirt
import pytest
from contract_vms import LibvirtStall, Stall, VsphereStall

from corral.contracts.border import Purpose, crossing
from corral.contracts.sources import PowerTarget
from corral.contracts.virtual import Mark, OpensConsoles, SwitchesVms, Vms, Where
from corral.domain.errors import Breach, Conflict, NotFound, NotSupported
from corral.domain.fingerprint import differences
from corral.domain.machine import Power
from corral.domain.vm import Vm
from corral.domain.vm_fingerprint import vm_fingerprint
from corral.drivers.libvirt import open_hosts
from lab.hypervisor.daemon import Hypervisor

OURS = Mark("0b0f5a4e-0000-4000-8000-000000000001", 'web & <db> "01"')
OTHERS = Mark("0b0f5a4e-0000-4000-8000-000000000002", "theirs")
NOBODY = "c0117ac7-0000-4000-8000-00000000dead"
ROUNDS = 5


@pytest.fixture
def vms(stall: Stall) -> Vms:
    assert isinstance(stall.source.hosts, Vms)
    return stall.source.hosts


def looked(stall: Stall, where: Where) -> Vm:
    return next(vm for look in stall.source.hosts.looks() for vm in look.vms if vm.id == where.vm)


def mark(vms: Vms, where: Where, what: Mark = OURS) -> None:
    with crossing(Purpose.ADOPT):
        vms.mark(where, what)


def unmark(vms: Vms, where: Where, server: str = OURS.server) -> None:
    with crossing(Purpose.ADOPT):
        vms.unmark(where, server)


def switch(stall: Stall, target: PowerTarget, where: Where | None = None) -> None:
    assert isinstance(stall.source.hosts, SwitchesVms)
    with crossing(Purpose.POWER):
        stall.source.hosts.switch(where or stall.where, target)


# --- one VM is seen as all are ----------------------------------------------------------------------------------


def test_one_vm_is_told_as_a_look_at_all_tells_it(stall: Stall, vms: Vms) -> None:
    switch(stall, PowerTarget.ON)
    host, vm = vms.observe(stall.where)
    [look] = stall.source.hosts.looks()
    assert (host.id, host.name, host.pools, host.networks) == (
        look.host.id, look.host.name, look.host.pools, look.host.networks,
    )  # fmt: skip
    assert vm == looked(stall, stall.where)
    assert vm.power is Power.ON


def test_a_vm_is_found_when_it_is_not_where_it_was_last_seen(stall: Stall, vms: Vms) -> None:
    host, vm = vms.observe(Where(stall.where.vm, "a-host-that-is-gone"))
    assert (host.id, vm.id) == (stall.where.host, stall.where.vm)


@pytest.mark.lab
def test_a_vm_is_found_at_a_host_that_goes_by_two_names(hypervisor: Hypervisor) -> None:
    stall = LibvirtStall(hypervisor.uri, "qemu", lambda: libvirt.open(hypervisor.uri))
    places = [{"uri": hypervisor.uri, "name": "a"}, {"uri": f"{hypervisor.uri}&mode=direct", "name": "b"}]
    with closing(stall), closing(open_hosts("twice", {"hosts": places})) as source:
        assert isinstance(source.hosts, Vms)
        for last in ("a", "b", stall.where.host):
            for _ in range(2):  # before and after it is known that both are one
                assert source.hosts.observe(Where(stall.where.vm, last))[1].id == stall.where.vm
                list(source.hosts.looks())
        assert [where.vm for where, _ in source.hosts.marks()] == []


def test_a_vm_that_no_host_has_is_not_found(stall: Stall, vms: Vms) -> None:
    nowhere = replace(stall.where, vm=NOBODY)
    for ask in (vms.observe, vms.marked):
        with pytest.raises(NotFound):
            ask(nowhere)
    with pytest.raises(NotFound):
        mark(vms, nowhere)
    with pytest.raises(NotFound):
        switch(stall, PowerTarget.ON, nowhere)


def test_the_folder_and_the_tags_that_people_gave_a_vm_are_told(stall: Stall, vms: Vms) -> None:
    wanted = stall.label()
    seen, found = looked(stall, stall.where), vms.observe(stall.where)[1]
    assert (seen.folder, seen.tags) == (found.folder, found.tags) == wanted


# --- marks ------------------------------------------------------------------------------------------------------


def test_a_mark_says_whose_a_vm_is_until_it_is_taken_away(stall: Stall, vms: Vms) -> None:
    assert vms.marked(stall.where) is None
    mark(vms, stall.where)
    assert vms.marked(stall.where) == OURS
    mark(vms, stall.where)
    assert vms.marked(stall.where) == OURS
    unmark(vms, stall.where)
    assert vms.marked(stall.where) is None


def test_a_vm_that_is_anothers_is_not_marked_and_its_mark_is_not_taken_away(stall: Stall, vms: Vms) -> None:
    mark(vms, stall.where, OTHERS)
    with pytest.raises(Conflict, match=OTHERS.server):
        mark(vms, stall.where)
    unmark(vms, stall.where)
    assert vms.marked(stall.where) == OTHERS
    unmark(vms, stall.where, OTHERS.server)


@pytest.mark.parametrize("running", [True, False])
def test_marking_disturbs_nothing_and_unmarking_leaves_the_vm_as_it_was(stall: Stall, vms: Vms, running: bool) -> None:
    if running:
        switch(stall, PowerTarget.ON)
    plain, before = stall.plain(stall.where), vms.observe(stall.where)[1]
    mark(vms, stall.where)
    marked = vms.observe(stall.where)[1]
    assert differences(vm_fingerprint(before).as_json(), vm_fingerprint(marked).as_json()) == ()
    assert marked.tags == before.tags
    assert stall.plain(stall.where) != plain
    unmark(vms, stall.where)
    assert stall.plain(stall.where) == plain
    unmark(vms, stall.where)
    assert stall.plain(stall.where) == plain


def test_of_a_vm_without_any_metadata_libvirt_keeps_an_empty_element(stall: Stall, vms: Vms) -> None:
    plain = stall.plain(stall.bare)
    mark(vms, stall.bare)
    unmark(vms, stall.bare)
    if isinstance(stall, LibvirtStall):
        found = stall.plain(stall.bare)
        assert isinstance(found, tuple)
        assert tuple(text.replace("  <metadata/>\n", "") for text in found) == plain
    else:
        assert stall.plain(stall.bare) == plain


def test_all_marks_are_told_with_where_they_are(stall: Stall, vms: Vms) -> None:
    assert list(vms.marks()) == []
    mark(vms, stall.where)
    mark(vms, stall.bare, OTHERS)
    assert sorted(vms.marks(), key=str) == sorted([(stall.where, OURS), (stall.bare, OTHERS)], key=str)
    unmark(vms, stall.where)
    assert list(vms.marks()) == [(stall.bare, OTHERS)]


def test_of_a_vm_that_is_gone_there_is_no_mark_to_take_away(stall: Stall, vms: Vms) -> None:
    mark(vms, stall.where)
    stall.remove()
    unmark(vms, stall.where)
    assert list(vms.marks()) == []


def test_of_two_owners_that_mark_a_vm_at_once_at_most_one_gets_it_and_the_other_is_told_why(stall: Stall) -> None:
    sources = [stall.another().hosts for _ in range(2)]
    for source in sources:
        assert isinstance(source, Vms)
        source.marked(stall.where)  # both are connected
    for _ in range(ROUNDS):
        start = threading.Barrier(2)

        def race(source: Vms, what: Mark, start: threading.Barrier = start) -> str:
            start.wait()
            try:
                mark(source, stall.where, what)
            except Conflict as exc:
                return exc.message
            return ""

        with ThreadPoolExecutor(2) as pool:
            said = list(pool.map(race, sources, (OURS, OTHERS)))  # type: ignore[arg-type]
        winners = [what for what, why in zip((OURS, OTHERS), said, strict=True) if not why]
        assert len(winners) <= 1
        found = sources[0].marked(stall.where)  # type: ignore[attr-defined]
        assert found == (winners[0] if winners else None)
        for what in winners:
            unmark(sources[0], stall.where, what.server)  # type: ignore[arg-type]


# --- the border -------------------------------------------------------------------------------------------------


def test_without_being_meant_to_no_vm_is_marked_or_switched(stall: Stall, vms: Vms) -> None:
    plain = stall.plain(stall.where)
    with pytest.raises(Breach):
        vms.mark(stall.where, OURS)
    assert isinstance(vms, SwitchesVms)
    for purpose in (Purpose.LOOK, Purpose.ADOPT):
        with crossing(purpose), pytest.raises(Breach):
            vms.switch(stall.where, PowerTarget.ON)
    with crossing(Purpose.POWER), pytest.raises(Breach):
        vms.mark(stall.where, OURS)
    assert stall.plain(stall.where) == plain


def test_observing_makes_no_call_that_is_not_for_looking(stall: Stall, vms: Vms) -> None:
    mark(vms, stall.where)
    with crossing(Purpose.LOOK) as recorder:
        vms.observe(stall.where)
        vms.marked(stall.where)
        list(vms.marks())
    assert recorder.calls
    assert all(call.allowed for call in recorder.calls)


# --- power and consoles -----------------------------------------------------------------------------------------


def test_a_vm_is_switched_on_and_off_and_one_that_is_so_already_is_left_alone(stall: Stall, vms: Vms) -> None:
    switch(stall, PowerTarget.OFF)
    assert vms.observe(stall.where)[1].power is Power.OFF
    switch(stall, PowerTarget.ON)
    on = vms.observe(stall.where)[1]
    assert on.power is Power.ON
    switch(stall, PowerTarget.ON)
    assert vms.observe(stall.where)[1].run == on.run
    switch(stall, PowerTarget.OFF)
    assert vms.observe(stall.where)[1].power is Power.OFF


def test_a_vm_that_is_off_is_not_rebooted_and_one_that_runs_is_on_afterwards(stall: Stall, vms: Vms) -> None:
    for target in (PowerTarget.REBOOT, PowerTarget.SOFT_REBOOT):
        with pytest.raises(Conflict, match="off"):
            switch(stall, target)
    switch(stall, PowerTarget.ON)
    switch(stall, PowerTarget.REBOOT)
    assert vms.observe(stall.where)[1].power is Power.ON


def test_a_guest_is_asked_to_shut_down_and_never_forced(stall: Stall, vms: Vms) -> None:
    switch(stall, PowerTarget.SOFT_OFF)
    switch(stall, PowerTarget.ON)
    switch(stall, PowerTarget.SOFT_OFF)
    assert vms.observe(stall.where)[1].power is (Power.OFF if stall.hears else Power.ON)


def test_the_consoles_of_a_vm_are_told_while_it_runs_and_no_password_with_them(stall: Stall, vms: Vms) -> None:
    assert isinstance(vms, OpensConsoles)
    with pytest.raises(Conflict, match=r"off|not run"):
        vms.consoles(stall.where)
    switch(stall, PowerTarget.ON)
    if isinstance(stall, VsphereStall):
        # The simulator gives no tickets.
        with pytest.raises(NotSupported):
            vms.consoles(stall.where)
        return
    found = vms.consoles(stall.where)
    assert "secret" not in str(found)
    if isinstance(stall, LibvirtStall) and not stall.hears:
        assert {one.kind for one in found} == {"vnc", "serial"}
        assert found[0].url.startswith("vnc://127.0.0.1:")
