"""A change whose answer is lost is never made twice, and one that nobody waits for any more is never made: at a real libvirtd."""

from __future__ import annotations

import os
import signal
import time
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import libvirt
import pytest
from contract_lost import lossy
from contract_vms import LibvirtStall

from corral.contracts.border import Purpose, crossing
from corral.contracts.virtual import Mark, Vms
from corral.domain.errors import OutcomeUnknown, Unreachable
from corral.drivers.libvirt import open_hosts
from lab import processes
from lab.hypervisor.daemon import Hypervisor

pytestmark = [pytest.mark.lab, pytest.mark.timeout(900)]
OURS = Mark("0b0f5a4e-0000-4000-8000-000000000001", "web")


@pytest.fixture
def stall(hypervisor: Hypervisor) -> Iterator[LibvirtStall]:
    made = LibvirtStall(hypervisor.uri, "qemu", lambda: libvirt.open(hypervisor.uri))
    yield made
    made.close()


@pytest.mark.parametrize("hangs", [False, True])
def test_when_the_answer_to_a_mark_is_lost_the_outcome_is_unknown_and_nothing_is_sent_again(
    hypervisor: Hypervisor, stall: LibvirtStall, tmp_path: Path, hangs: bool
) -> None:
    path = hypervisor.directory / f"lossy-{hangs}"
    with lossy(hypervisor.socket, path, OURS.server.encode(), hangs=hangs) as line:
        place = {"uri": f"qemu+unix:///session?socket={path}", "name": "rack"}
        with closing(open_hosts("lost", {"hosts": [place], "timeout": 8})) as source, crossing(Purpose.ADOPT):
            assert isinstance(source.hosts, Vms)
            with pytest.raises(OutcomeUnknown):
                source.hosts.mark(stall.where, OURS)
        assert line.seen == 1
    # It was carried out, which only another look can tell.
    vms = stall.source.hosts
    assert isinstance(vms, Vms)
    assert vms.marked(stall.where) == OURS
    with crossing(Purpose.ADOPT):
        vms.unmark(stall.where, OURS.server)


def test_a_mark_that_nobody_waits_for_any_more_is_not_made_when_the_daemon_goes_on(
    hypervisor: Hypervisor, stall: LibvirtStall
) -> None:
    pid = processes.running(hypervisor.directory / "libvirtd.process")
    assert pid is not None
    options = {"hosts": [{"uri": hypervisor.uri, "name": "rack"}], "timeout": 8}
    with closing(open_hosts("late", options)) as source, crossing(Purpose.ADOPT) as recorder:
        vms = source.hosts
        assert isinstance(vms, Vms)
        vms.mark(stall.bare, OURS)  # the connection for writing is open
        plain = stall.plain(stall.where)
        sent = len([call for call in recorder.calls if call.path.endswith("setMetadata")])
        os.kill(pid, signal.SIGSTOP)
        try:
            with pytest.raises(Unreachable):
                vms.mark(stall.where, OURS)
        finally:
            os.kill(pid, signal.SIGCONT)
        time.sleep(2)
        assert stall.plain(stall.where) == plain
        assert len([call for call in recorder.calls if call.path.endswith("setMetadata")]) == sent
        vms.unmark(stall.bare, OURS.server)
