"""What the libvirt driver makes of single VMs: consoles, marks and labels out of XML, and changes that nobody waits for."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

import libvirt
import pytest

from corral.contracts.border import Border, Purpose, crossing
from corral.contracts.sources import PowerTarget
from corral.contracts.virtual import Console, Mark, Where
from corral.domain.errors import Conflict, NotFound, OutcomeUnknown, Unreachable
from corral.domain.vm import RunState
from corral.drivers.libvirt import open_hosts
from corral.drivers.libvirt.acting import Change, act
from corral.drivers.libvirt.console import consoles
from corral.drivers.libvirt.domain_xml import vm
from corral.drivers.libvirt.link import Gone, Link, Session
from corral.drivers.libvirt.mark import MOST, element, marks_in, namespace
from corral.drivers.libvirt.options import Place
from corral.drivers.libvirt.rules import ELEMENT, KEY, LABELS, MARK, RULES
from corral.drivers.libvirt.vms import LibvirtVms

UUID = "7d3f1c52-0c0f-4a51-9d5e-1f6a0e9b1102"
SERVER = "0b0f5a4e-0000-4000-8000-000000000001"
SSH = "qemu+ssh://root@kvm-01/system?no_tty=1"


def domain(devices: str = "", metadata: str = "") -> str:
    return (
        f"<domain type='test'><name>db-01</name><uuid>{UUID}</uuid><metadata>{metadata}</metadata>"
        f"<memory unit='MiB'>512</memory><vcpu>1</vcpu><os><type arch='i686'>hvm</type></os>"
        f"<devices>{devices}</devices></domain>"
    )


def marked(server: str = SERVER, name: str = "web") -> str:
    return f"<c:server xmlns:c='{namespace(server)}' uuid='{server}' name='{name}'/>"


# --- consoles ---------------------------------------------------------------------------------------------------

ONLY_THERE = "Only at the host itself: come to it by `ssh -L`, through kvm-01."


@pytest.mark.parametrize(
    ("device", "found"),
    [
        (
            "<graphics type='vnc' port='5901' listen='0.0.0.0'><listen type='address' address='0.0.0.0'/></graphics>",
            Console("vnc", "vnc://kvm-01:5901"),
        ),
        (
            "<graphics type='vnc' port='5901'><listen type='address' address='127.0.0.1'/></graphics>",
            Console("vnc", "vnc://127.0.0.1:5901", ONLY_THERE),
        ),
        (
            "<graphics type='spice' port='-1' tlsPort='5902' listen='2001:db8::1'/>",
            Console("spice", "spice://[2001:db8::1]?tls-port=5902"),
        ),
        (
            "<graphics type='spice' port='5900' tlsPort='5902' listen='10.0.0.1'/>",
            Console("spice", "spice://10.0.0.1?port=5900&tls-port=5902"),
        ),
        (
            "<graphics type='vnc'><listen type='socket' socket='/run/a b.sock'/></graphics>",
            Console("vnc", "vnc+unix:///run/a%20b.sock", ONLY_THERE),
        ),
        ("<serial type='pty'/>", Console("serial", "qemu+ssh://kvm-01/system", "virsh -c URI console db-01")),
        (
            "<serial type='tcp'><source mode='bind' host='10.0.0.1' service='4555'/><protocol type='telnet'/></serial>",
            Console("serial", "telnet://10.0.0.1:4555"),
        ),
    ],
)
def test_a_console_is_told_as_a_persons_client_opens_it(device: str, found: Console) -> None:
    assert consoles(domain(device), SSH) == (found,)


@pytest.mark.parametrize(
    "device",
    [
        "<graphics type='vnc' port='-1' autoport='yes'/>",
        "<graphics type='sdl' display=':0'/>",
        "<serial type='file'><source path='/var/log/console'/></serial>",
        "<serial type='tcp'><source mode='connect' host='10.0.0.1' service='4555'/></serial>",
    ],
)
def test_what_nobody_can_open_is_no_console(device: str) -> None:
    assert consoles(domain(device), SSH) == ()


# --- marks and labels -------------------------------------------------------------------------------------------


def test_only_our_own_elements_are_marks() -> None:
    others = f"<server xmlns='{MARK}' uuid='{SERVER}'/><n:x xmlns:n='{MARK}0/{SERVER}'/>"
    assert marks_in(domain(metadata=others)) == ()
    assert marks_in(domain(metadata=others + marked())) == (Mark(SERVER, "web"),)


def test_a_mark_is_read_back_as_it_was_written_whatever_the_name_is() -> None:
    mark = Mark(SERVER, """<"O'Neil" & sons>\x07 été""")
    with_space = element(mark).replace("<server ", f"<server xmlns='{namespace(SERVER)}' ")
    assert marks_in(domain(metadata=with_space)) == (Mark(SERVER, mark.name.replace("\x07", "")),)


def test_a_vm_with_endless_marks_and_labels_tells_some_of_them() -> None:
    marks = "".join(marked(f"0b0f5a4e-0000-4000-8000-{number:012d}") for number in range(1000))
    tags = "".join(f"<tag>t{number:05d}{'x' * 5000}</tag>" for number in range(100))
    text = domain(
        metadata=f"{marks}<l:labels xmlns:l='{LABELS}' folder='/{'y' * 5000}'>{tags}</l:labels>".replace(
            "tag>", "l:tag>"
        )
    )
    assert len(marks_in(text)) == MOST
    found = vm(text, "lab", "host-1", "kvm-01")
    assert len(found.tags) == 65  # one too many says that there are more
    assert max(map(len, (*found.tags, found.folder))) <= 1024


# --- where a VM is ----------------------------------------------------------------------------------------------

OFF = "<test:runstate xmlns:test='http://libvirt.org/schemas/domain/test/1.0'>5</test:runstate>"


def world(folder: Path, name: str, *domains: str) -> dict[str, str]:
    """A host of libvirt's test driver with these domains."""
    path = folder / f"{name}.xml"
    path.write_text(f"<node>{''.join(domains)}</node>")
    return {"uri": f"test://{path}", "name": name}


def off() -> str:
    return domain().replace("<memory", f"{OFF}<memory")


@contextmanager
def opened(*hosts: dict[str, str], **options: float) -> Iterator[LibvirtVms]:
    with closing(open_hosts("lab", {"hosts": list(hosts), **options})) as source:
        assert isinstance(source.hosts, LibvirtVms)
        yield source.hosts


def test_of_hosts_that_tell_of_a_vm_the_one_where_it_runs_has_it(tmp_path: Path) -> None:
    hosts = [world(tmp_path, "left", off()), world(tmp_path, "empty"), world(tmp_path, "here", domain())]
    with opened(*hosts) as vms:
        for last in ("left", "empty", "here", "gone"):
            host, vm = vms.observe(Where(UUID, last))
            assert (host.name, vm.host_name, vm.state) == ("here", "here", RunState.RUNNING)


def test_a_vm_that_is_off_stays_where_it_was_seen_last(tmp_path: Path) -> None:
    hosts = [world(tmp_path, "first", off()), world(tmp_path, "second", off())]
    with opened(*hosts) as vms:
        list(vms.looks())
        for last in ("first", "second"):
            assert vms.observe(Where(UUID, last))[0].name == last


def test_a_silent_host_matters_only_for_a_vm_that_is_nowhere_else(tmp_path: Path) -> None:
    silent = {"uri": f"qemu+unix:///system?socket={tmp_path / 'nobody'}", "name": "silent"}
    with opened(world(tmp_path, "here", domain()), silent) as vms:
        assert vms.observe(Where(UUID, "silent"))[0].name == "here"
        with pytest.raises(Unreachable, match="not all hosts answer"):
            vms.observe(Where(UUID.replace("1102", "1103"), "here"))
    with opened(world(tmp_path, "here", domain())) as vms, pytest.raises(NotFound):
        vms.observe(Where(UUID.replace("1102", "1103"), "here"))


# --- changes ----------------------------------------------------------------------------------------------------


@pytest.fixture
def link() -> Iterator[Link]:
    made = Link(Place("rack", "test:///default"), Border(RULES), timeout=3, longest=60, write=True)
    yield made
    made.close()


def test_a_change_that_nobody_waits_for_any_more_is_not_made(link: Link) -> None:
    gone_on, tried = threading.Event(), threading.Event()
    said: list[Exception] = []

    def late(session: Session, change: Change) -> None:
        [found, *_] = session.ask("listAllDomains", 0)
        gone_on.wait(120)
        try:
            change.send(session, found, "setMetadata", ELEMENT, element(Mark(SERVER)), KEY, namespace(SERVER), 1)
        except Unreachable as exc:
            said.append(exc)
        finally:
            tried.set()

    with crossing(Purpose.ADOPT) as recorder:
        with pytest.raises(Unreachable):
            act(link, late)
        gone_on.set()
        assert tried.wait(60)
    assert len(said) == 1
    assert not [call for call in recorder.calls if call.path.endswith("setMetadata")]


def test_a_host_that_falls_silent_during_a_change_leaves_the_outcome_unknown(link: Link) -> None:
    gone_on = threading.Event()

    def hangs(session: Session, change: Change) -> None:
        [found, *_] = session.ask("listAllDomains", 0)
        change.send(session, found, "reboot", 0)
        gone_on.wait(120)

    with crossing(Purpose.POWER), pytest.raises(OutcomeUnknown, match="rack"):
        act(link, hangs)
    gone_on.set()


def test_a_change_is_tried_again_only_when_nothing_was_sent_before_the_connection_was_lost(link: Link) -> None:
    tries = []

    def lost_before(session: Session, change: Change) -> str:
        tries.append(change.sent)
        if len(tries) == 1:
            raise Gone("lost")
        return "done"

    def lost_after(session: Session, change: Change) -> None:
        tries.append(change.sent)
        [found, *_] = session.ask("listAllDomains", 0)
        change.send(session, found, "reboot", 0)
        raise Gone("lost")

    assert act(link, lost_before) == "done"
    assert len(tries) == 2
    tries.clear()
    with crossing(Purpose.POWER), pytest.raises(OutcomeUnknown):
        act(link, lost_after)
    assert len(tries) == 1


def test_a_transient_vm_is_not_switched_off_as_it_would_be_gone() -> None:
    admin = libvirt.open("test:///default")
    made = admin.createXML(domain().replace("<metadata></metadata>", ""), 0)
    try:
        with closing(open_hosts("lab", {"hosts": ["test:///default"]})) as source, crossing(Purpose.POWER):
            for target in (PowerTarget.OFF, PowerTarget.SOFT_OFF):
                with pytest.raises(Conflict, match="transient"):
                    source.hosts.switch(Where(UUID, ""), target)  # type: ignore[attr-defined]
        assert made.isActive()
    finally:
        made.destroy()
        admin.close()
