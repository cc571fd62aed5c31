"""Corral dies, or is told to stop, at every moment of an adoption and of letting go: each machine is then wholly managed or
wholly untouched. On real services, through a proxy that holds the call at which it happens."""

from __future__ import annotations

import os
import time
from collections.abc import Iterator

import pytest

from tests.e2e.support.corral import BRIEF, IMPATIENT, PATIENT, Corral
from tests.e2e.support.herd import FLOWS, KINDS, Herd, clouds_through, each, rounds
from tests.e2e.support.journal import kill_at_begin
from tests.e2e.support.lab import Lab
from tests.e2e.support.proxy import Fault, Hold, Late, Proxy, status, timeout
from tests.e2e.support.stages import Boundary, Point, boundaries

EVERYTHING = os.environ.get("CORRAL_E2E_EVERYTHING") == "1"
"""Every failure at every act takes minutes longer, and is for whoever changes flows or drivers."""

pytestmark = [pytest.mark.lab, pytest.mark.timeout(3600 if EVERYTHING else 900)]


@pytest.fixture(scope="module")
def herd(lab: Lab, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Herd]:
    home = tmp_path_factory.mktemp("herd")
    proxies = {"ironic": Proxy(lab.ironic_url), "neutron": Proxy(lab.neutron_url)}
    corral = Corral(home, clouds_through(lab, home, proxies), options=PATIENT, limits=BRIEF)
    corral.start()
    try:
        herd = Herd(lab, corral, proxies)
        yield herd
        herd.remove()
    finally:
        corral.stop()
        corral.http.close()
        for proxy in proxies.values():
            proxy.shut()


def _boundaries(herd: Herd, flow: str) -> dict[str, list[Boundary]]:
    """Every boundary once: what machines of several kinds have in common is cut at one of them."""
    seen: set[Boundary] = set()
    found: dict[str, list[Boundary]] = {}
    for kind in KINDS:
        found[kind] = [one for one in boundaries(herd.points[flow][kind]) if one not in seen]
        seen |= set(found[kind])
    return found


def _acts(herd: Herd, flow: str) -> dict[str, list[Point]]:
    """Every call that changes something, once."""
    found = _boundaries(herd, flow)
    return {kind: [one.point for one in found[kind] if one.done and one.point.acts] for kind in found}


def _held(herd: Herd, flow: str, wanted: dict[str, list[Boundary]]) -> Iterator[tuple[dict, dict, dict]]:
    """In rounds: operations that stand still, each at its boundary; (operations, holds, boundaries) by node uuid."""
    for round_ in rounds(herd, wanted):
        machines = [made for made, _ in round_]
        herd.prepare(flow, machines)
        holds = {made.uuid: Hold(done=cut.done) for made, cut in round_}
        herd.disturb({made.uuid: (cut.point, holds[made.uuid]) for made, cut in round_})
        operations = herd.start(flow, machines)
        herd.wait_held(holds, operations)
        yield operations, holds, {made.uuid: cut for made, cut in round_}


@pytest.mark.parametrize("flow", FLOWS)
def test_killed_at_any_boundary_of_its_steps_corral_ends_what_it_began(herd: Herd, flow: str) -> None:
    for operations, holds, cuts in _held(herd, flow, _boundaries(herd, flow)):
        herd.corral.kill()
        for hold in holds.values():
            hold.lose()
        herd.corral.start()

        herd.assert_whole(flow, herd.ended(operations), cuts)
    herd.settle()


@pytest.mark.parametrize(("flow", "step"), [("manage", "activate"), ("unmanage", "forget")])
def test_killed_as_the_last_step_has_begun_corral_ends_what_it_began(herd: Herd, flow: str, step: str) -> None:
    made = herd.kinds["plugged"][0]
    last = Boundary(herd.points[flow]["plugged"][-1], done=True)
    for _ in range(10):
        (operations, holds, cuts), *_ = _held(herd, flow, {"plugged": [last]})
        holds[made.uuid].release()
        caught = kill_at_begin(herd.corral, operations[made.uuid]["uuid"], step)
        herd.corral.start()

        herd.assert_whole(flow, herd.ended(operations), cuts)
        herd.settle()
        if caught:
            return
    pytest.fail("the step was over each time before Corral could be killed")


@pytest.mark.parametrize("flow", FLOWS)
def test_cancelled_after_any_of_its_acts_an_operation_turns_around(herd: Herd, flow: str) -> None:
    # Between an act and the next one a cancel is heeded at the same place, wherever it comes.
    wanted = {kind: [cut for cut in cuts if cut.done] for kind, cuts in _boundaries(herd, flow).items()}
    for operations, holds, cuts in _held(herd, flow, wanted):
        for operation in operations.values():
            answer = herd.corral.http.post(f"/v1/operations/{operation['uuid']}/cancel")
            assert answer.status_code == 202, answer.text
        for hold in holds.values():
            hold.release()

        ended = herd.ended(operations)
        assert {cut: ended[node]["state"] for node, cut in cuts.items()} == dict.fromkeys(cuts.values(), "cancelled")
        herd.assert_whole(flow, ended, cuts)
    herd.settle()


UNDONE: dict[str, Fault] = {
    "answers 409": status(409, "somebody was quicker"),
    "answers 500": status(500, "it broke"),
    "never answers": timeout(),
}
DONE: dict[str, Fault] = {
    "answers 500, but has done it": status(500, "it broke", done=True),
    "never answers, but has done it": timeout(done=True),
}
FAULTS = UNDONE | DONE


def _failures(herd: Herd, flow: str) -> dict[str, list[tuple[Point, str]]]:
    """Two failures for each act, one after it was done and one before, in turn; and one for what each step reads first."""
    undone, done, found = list(UNDONE), list(DONE), dict[str, list[tuple[Point, str]]]()
    for kind, acts in _acts(herd, flow).items():
        some = [(undone[n % len(undone)], done[n % len(done)]) for n in range(len(acts))]
        found[kind] = [
            (act, name) for act, two in zip(acts, some, strict=True) for name in (FAULTS if EVERYTHING else two)
        ]
    firsts = [one.point for one in _boundaries(herd, flow)["plugged"] if not one.done and not one.point.acts]
    found["plugged"] += [(point, ("answers 500", "never answers")[n % 2]) for n, point in enumerate(firsts)]
    return found


@pytest.fixture
def impatient(herd: Herd) -> Iterator[None]:
    """A Corral that does not wait long for an answer."""
    yield from _impatient(herd, settle=5)


@pytest.fixture
def wary(herd: Herd) -> Iterator[None]:
    """A Corral that does not wait long for an answer either, but long until a call that it gave up on is over."""
    yield from _impatient(herd, settle=15)


def _impatient(herd: Herd, settle: float) -> Iterator[None]:
    usual = herd.corral.settle
    for options, herd.corral.settle in ((IMPATIENT, settle), (PATIENT, usual)):
        herd.corral.stop()
        herd.corral.configure(options)
        herd.corral.start()
        if options == IMPATIENT:
            yield


@pytest.mark.usefixtures("impatient")
@pytest.mark.parametrize("flow", FLOWS)
def test_a_call_that_fails_leaves_a_machine_wholly_managed_or_wholly_untouched(herd: Herd, flow: str) -> None:
    for round_ in rounds(herd, _failures(herd, flow)):
        faults = {made.uuid: (point, FAULTS[name]) for made, (point, name) in round_}
        for ended in herd.disturbed(flow, faults):
            herd.assert_whole(flow, ended, {made.uuid: f"{name}: {point}" for made, (point, name) in round_})
    herd.settle()


@pytest.mark.usefixtures("wary")
@pytest.mark.parametrize("flow", FLOWS)
def test_an_act_that_is_carried_out_after_corral_gave_up_on_it_is_undone_as_well(herd: Herd, flow: str) -> None:
    for round_ in rounds(herd, _acts(herd, flow)):
        # By then all was undone, if that was not waited for; the service is trusted to be over with a call when Corral was wary.
        late = {made.uuid: Late(after=2.0) for made, _ in round_}
        for ended in herd.disturbed(flow, {made.uuid: (point, late[made.uuid]) for made, point in round_}):
            for made, point in round_:
                met = made.uuid not in herd.stages.faults
                assert not met or late[made.uuid].over.wait(120), f"{point} was never carried out"
            herd.assert_whole(flow, ended, {made.uuid: f"carried out late: {point}" for made, point in round_})
    herd.settle()


@pytest.mark.parametrize("flow", FLOWS)
def test_services_that_refuse_connections_for_a_moment_leave_nothing_half_done(herd: Herd, flow: str) -> None:
    """Each machine's operation is held at the answer before an act, so that it is the act that is refused."""
    befores = {
        kind: [Boundary(herd.points[flow][kind][herd.points[flow][kind].index(act) - 1], done=True) for act in acts]
        for kind, acts in _acts(herd, flow).items()
    }
    for operations, holds, cuts in _held(herd, flow, befores):
        each(Proxy.shut, list(herd.proxies.values()))
        for hold in holds.values():
            hold.release()
        time.sleep(1.0)
        each(Proxy.open, list(herd.proxies.values()))

        herd.assert_whole(flow, herd.ended(operations), cuts)
    herd.settle()
