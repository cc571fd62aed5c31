"""Each call that adopting and letting go of a VM makes fails in turn, in every way, or is carried out late: it is wholly managed
in the end, or wholly untouched."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from test_calls_fail import FAILURES, Nth
from vm_bench import VM, VmBench, everything, hosts

from corral.domain.errors import CorralError, OutcomeUnknown
from corral.drivers.memory import Postponed
from corral.drivers.memory.hosts import MemoryHosts

Make = Callable[..., VmBench]
ENOUGH = 100


def whole(made: MemoryHosts, bench: VmBench, before: dict[str, Any], uuid: str, what: str) -> str:
    """`managed` or `untouched`; fails for anything between."""
    now = everything(made)
    assert now["vms"] == before["vms"], f"{what}: a VM was changed"
    try:
        record = bench.corral.servers.get(uuid)
    except CorralError:
        assert now["marks"] == {}, f"{what}: the record is gone and the mark is not"
        return "untouched"
    assert record.status == "active", what
    assert [one.id for one in record.volumes] == ["vda"], what
    assert len(record.vm_nics) == 1, what
    assert {vm: mark.server for vm, mark in now["marks"].items()} == {VM: record.uuid}, what
    return "managed"


@pytest.mark.timeout(300)
@pytest.mark.parametrize("failure", FAILURES)
def test_a_failed_call_leaves_a_vm_wholly_managed_or_wholly_untouched(vms_of: Make, failure: str) -> None:
    made = hosts()
    bench = vms_of(made)
    moment, error = FAILURES[failure]
    before, ends = everything(made), []
    for nth in range(1, ENOUGH):
        made.faults = fault = Nth(nth, moment, error)
        try:
            server, operation = bench.manage()
        except CorralError:
            made.faults = None
            assert everything(made) == before, f"{fault.failed}: nothing was begun"
            continue
        ended = bench.finished(operation)
        made.faults = None
        what = f"{failure} at call {nth} ({fault.failed})"
        ends.append(whole(made, bench, before, server.uuid, what))
        assert (ends[-1] == "managed") == (ended.state == "succeeded"), what
        if ended.state == "succeeded":
            assert bench.finished(bench.unmanage(server)).state == "succeeded", what
            assert everything(made) == before, what
        if not fault.failed:
            break
    assert not fault.failed, "the flow makes more calls than the test tries"
    assert "untouched" in ends
    assert "managed" in ends


@pytest.mark.timeout(300)
@pytest.mark.parametrize("failure", FAILURES)
def test_a_failed_call_leaves_a_server_wholly_managed_or_its_vm_wholly_free(vms_of: Make, failure: str) -> None:
    made = hosts()
    bench = vms_of(made)
    moment, error = FAILURES[failure]
    free, server = everything(made), bench.managed()
    for nth in range(1, ENOUGH):
        made.faults = fault = Nth(nth, moment, error)
        ended = bench.finished(bench.unmanage(server))
        made.faults = None
        what = f"{failure} at call {nth} ({fault.failed})"
        end = whole(made, bench, free, server.uuid, what)
        assert (end == "untouched") == (ended.state == "succeeded"), what
        if not fault.failed:
            break
        if end == "untouched":
            server = bench.managed()
    assert not fault.failed, "the flow makes more calls than the test tries"


@pytest.mark.timeout(300)
@pytest.mark.parametrize("letting_go", [False, True])
def test_what_was_asked_for_in_vain_is_undone_also_when_it_is_done_late(vms_of: Make, letting_go: bool) -> None:
    made = hosts()
    bench = vms_of(made)
    before, late = everything(made), []
    for nth in range(1, ENOUGH):
        server = bench.managed() if letting_go else None
        made.faults = fault = Nth(nth, "before", Postponed)
        try:
            if server is None:
                server, operation = bench.manage()
            else:
                operation = bench.unmanage(server)
        except OutcomeUnknown:
            continue  # a look before anything was begun
        ended = bench.finished(operation)
        made.faults = None
        made.wire.catch_up()
        what = f"{fault.failed}, late, {ended.state}"
        end = whole(made, bench, before, server.uuid, what)
        if fault.failed and not fault.failed.startswith("GET"):
            late.append(fault.failed)
        if end == "managed":
            assert bench.finished(bench.unmanage(server)).state == "succeeded", what
        if not fault.failed:
            break
    assert [call.split()[0] for call in late] == ["DELETE" if letting_go else "PUT"]


def test_a_host_that_falls_silent_while_a_mark_is_taken_back_is_asked_until_it_answers(vms_of: Make) -> None:
    made = hosts()
    bench = vms_of(made)
    free, calls = everything(made), []

    def silent_for_a_while(told: str) -> None:
        calls.append(told)
        if told.startswith("after PUT") or (told.startswith("before") and 0 < len(refused) < 10):
            refused.append(told)
            raise OutcomeUnknown("cut off")

    refused: list[str] = []
    made.faults = silent_for_a_while
    server, operation = bench.manage()
    assert bench.finished(operation).state == "reverted"
    assert len(refused) == 10
    assert whole(made, bench, free, server.uuid, "silent") == "untouched"
