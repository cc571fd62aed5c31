"""The watch of a vCenter on answers that are right, late, truncated and nonsense: hints, and never more than a few questions."""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator
from contextlib import closing
from http.server import BaseHTTPRequestHandler
from pathlib import Path

import pytest
from vsphere_service import Service, fault, recorded, serving

from corral.contracts.hosts import HostSource
from corral.contracts.watching import Hint
from corral.drivers.vsphere import open_hosts
from tests.waiting import until

_HEAD = (
    '<soapenv:Envelope xmlns:soapenv="http://schemas.xmlsoap.org/soap/envelope/" xmlns:xsd="http://www.w3.org/2001/XMLSchema" '
    'xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance"><soapenv:Body>'
)
_TAIL = "</soapenv:Body></soapenv:Envelope>"
FILTER = (
    f'{_HEAD}<CreateFilterResponse xmlns="urn:vim25"><returnval type="PropertyFilter">f-1</returnval></CreateFilterResponse>'
    f"{_TAIL}"
)
ENDED = f'{_HEAD}<DestroyPropertyFilterResponse xmlns="urn:vim25"/>{_TAIL}'
INVENTORY, ATTRIBUTES = "RetrievePropertiesEx-inventory", "RetrievePropertiesEx-attributes"
NOTHING = f'{_HEAD}<WaitForUpdatesExResponse xmlns="urn:vim25"/>{_TAIL}'


def updates(*objects: str, version: str = "2", truncated: bool = False) -> bytes:
    body = (
        f"<version>{version}</version><filterSet><filter type='PropertyFilter'>f-1</filter>{''.join(objects)}</filterSet>"
        f"<truncated>{str(truncated).lower()}</truncated>"
    )
    return (
        f'{_HEAD}<WaitForUpdatesExResponse xmlns="urn:vim25"><returnval>{body}</returnval></WaitForUpdatesExResponse>{_TAIL}'
    ).encode()


def update(vm: str, kind: str = "modify", **values: str) -> str:
    """One changed object: `name="x"`, `host="host-1"`."""
    changes = "".join(
        f"<changeSet><name>name</name><op>assign</op><val xsi:type='xsd:string'>{value}</val></changeSet>"
        if name == "name"
        else f"<changeSet><name>runtime.host</name><op>assign</op><val type='HostSystem' xsi:type='ManagedObjectReference'>{value}"
        "</val></changeSet>"
        for name, value in values.items()
    )
    kind_of = "HostSystem" if vm.startswith("host") else "VirtualMachine"
    return f"<objectSet><kind>{kind}</kind><obj type='{kind_of}'>{vm}</obj>{changes}</objectSet>"


class World:
    """A vCenter that was looked at once, and whoever watches it. `say`: what it answers next to WaitForUpdatesEx, once each."""

    def __init__(self, service: Service, source: HostSource) -> None:
        self.service, self.source = service, source
        self.hints: list[Hint] = []
        self._said: list[bytes] = []
        for name, answer in (("CreateFilter", FILTER), ("DestroyPropertyFilter", ENDED)):
            service.answers[name] = answer.encode()
        service.answers["WaitForUpdatesEx"] = self._next
        looks = list(source.hosts.looks())
        self.names = [look.host.name for look in looks]
        looker = source.hosts._looker
        self.vms = sorted(looker.known)
        self.host = {vm: looker.name_of(looker.host_of(vm)) for vm in self.vms}
        self.hosts = {looker.name_of(number): number for number in looker.inventory.hosts}

    def _next(self) -> bytes:
        if self._said:
            return self._said.pop(0)
        time.sleep(0.05)
        return NOTHING.encode()

    def say(self, *answers: bytes) -> None:
        self._said += answers

    def all_as_it_was(self) -> bytes:
        """What a vCenter tells first: everything, as the recorded look saw it."""
        kept = self.source.hosts._looker._kept
        objects = []
        for vm in self.vms:
            moment = kept[vm].moment
            changes = "".join(_change(path, moment[path]) for path in moment if moment[path] is not None)
            objects.append(f"<objectSet><kind>enter</kind><obj type='VirtualMachine'>{vm}</obj>{changes}</objectSet>")
        return updates(*objects, version="1")

    def watch(self) -> None:
        self.stop = self.source.hosts.watch(self.hints.append)

    def asked(self, name: str = "WaitForUpdatesEx") -> int:
        return self.service.requests.count(name)


def _change(path: str, value: object) -> str:
    if hasattr(value, "_moId"):
        body = f"<val type='HostSystem' xsi:type='ManagedObjectReference'>{value._moId}</val>"
    elif hasattr(value, "isoformat"):
        body = f"<val xsi:type='xsd:dateTime'>{value.isoformat()}</val>"
    elif isinstance(value, bool | str | int):
        kind = "boolean" if isinstance(value, bool) else "int" if isinstance(value, int) else "string"
        text = str(value).lower() if isinstance(value, bool) else value
        body = f"<val xsi:type='xsd:{kind}'>{text}</val>"
    else:
        return ""
    return f"<changeSet><name>{path}</name><op>assign</op>{body}</changeSet>"


@pytest.fixture
def world(tmp_path: Path) -> Iterator[World]:
    with serving(tmp_path) as service, closing(open_hosts("center", {**service.options, "timeout": 4})) as source:
        made = World(service, source)
        made.stop = lambda: None
        yield made
        made.stop()


def test_what_is_as_the_last_look_saw_it_is_no_news(world: World) -> None:
    world.say(world.all_as_it_was())
    world.watch()
    until(lambda: world.asked() >= 3)
    assert world.hints == []


def test_what_changed_before_the_watch_began_is_hinted_and_nothing_else(world: World) -> None:
    gone, renamed = world.vms[0], world.vms[1]
    told = world.all_as_it_was().decode()
    start = told.index(f"<objectSet><kind>enter</kind><obj type='VirtualMachine'>{gone}<")
    told = told[:start] + told[told.index("</objectSet>", start) + len("</objectSet>") :]
    start = told.index(f"'>{renamed}<")
    at = told.index("<name>name</name>", start)
    told = told[:at] + told[at:].replace("'xsd:string'>", "'xsd:string'>other-", 1)
    world.say(told.encode())
    world.watch()
    until(lambda: len(world.hints) >= 2)
    until(lambda: world.asked() >= 3)
    assert {(hint.host, hint.machine) for hint in world.hints} == {
        (world.host[gone], gone),
        (world.host[renamed], renamed),
    }


def test_a_vm_that_moves_is_hinted_at_both_hosts(world: World) -> None:
    vm = world.vms[0]
    other = next(name for name in world.hosts if name != world.host[vm])
    world.say(world.all_as_it_was(), updates(update(vm, host=world.hosts[other])))
    world.watch()
    until(lambda: len(world.hints) >= 2)
    assert {hint.host for hint in world.hints} == {world.host[vm], other}
    assert {hint.machine for hint in world.hints} == {vm}


def test_a_vm_that_comes_and_one_that_goes_are_hinted_where_they_are(world: World) -> None:
    vm, host = world.vms[0], world.host[world.vms[0]]
    news = updates(update("vm-new", "enter", name="new", host=world.hosts[host]), update(vm, "leave"))
    world.say(world.all_as_it_was(), news)
    world.watch()
    until(lambda: len(world.hints) >= 2)
    assert world.hints == [Hint(host, "vm-new"), Hint(host, vm)]


def test_a_host_that_nobody_knows_is_a_hint_for_everything(world: World) -> None:
    world.say(world.all_as_it_was(), updates(update("host-999", "enter")), updates(update("vm-999")))
    world.watch()
    until(lambda: len(world.hints) >= 2)
    assert {hint.host for hint in world.hints} == {""}


def test_a_truncated_answer_is_followed_to_its_end(world: World) -> None:
    pages = [updates(update(vm, name="x"), version=str(2 + n), truncated=n < 2) for n, vm in enumerate(world.vms[:3])]
    world.say(world.all_as_it_was(), *pages)
    world.watch()
    until(lambda: len(world.hints) >= 3 and world.asked() >= 5)
    versions = [
        body.partition(b"<version")[2].partition(b">")[2].partition(b"<")[0]
        for body, name in zip(world.service.bodies, world.service.requests, strict=True)
        if name == "WaitForUpdatesEx"
    ]
    assert versions[:5] == [b"", b"1", b"2", b"3", b"4"]


def test_what_the_vcenter_says_of_a_vm_is_not_believed(world: World) -> None:
    vm = world.vms[0]
    world.say(world.all_as_it_was(), updates(update(vm, name="invented")))
    world.watch()
    until(lambda: world.hints)
    assert not [one for look in world.source.hosts.looks() for one in look.vms if one.name == "invented"]


def _hang_up(handler: BaseHTTPRequestHandler) -> None:
    handler.connection.close()


NONSENSE = {
    "no version": updates(update("vm-1")).replace(b"<version>2</version>", b""),
    "an empty version": updates(version=""),
    "another document": b"<html>welcome</html>",
    "half a document": updates(update("vm-1"))[:300],
    "an end that never comes": updates(truncated=True),
    "a fault": fault("InvalidCollectorVersion"),
    "a fault that nobody knows": fault("SomethingElse"),
    "an object of another kind": updates("<objectSet><kind>modify</kind><obj type='Folder'>group-1</obj></objectSet>"),
    "an object without a name": updates("<objectSet><kind>modify</kind></objectSet>"),
    "a kind that there is none of": updates(update("vm-1", "vanish")),
    "a document type": b"<!DOCTYPE x [<!ENTITY a 'b'>]>" + updates(),
    "far too much": b"<a>" + b"x" * (65 << 20),
}


@pytest.mark.parametrize("answer", NONSENSE.values(), ids=NONSENSE.keys())
def test_nonsense_costs_a_few_questions_and_looks_go_on(world: World, answer: bytes) -> None:
    world.service.answers["WaitForUpdatesEx"] = answer
    world.watch()
    until(lambda: world.asked())
    begun = time.monotonic()
    time.sleep(1.5)
    assert world.asked() <= 4 + 5.5 * (time.monotonic() - begun)
    assert [look.host.name for look in world.source.hosts.looks()] == world.names
    assert all(look.host.reachable for look in world.source.hosts.looks())
    assert {hint.host for hint in world.hints} <= {"", *world.names}


def test_after_nonsense_the_watch_mends_itself(world: World) -> None:
    told = world.all_as_it_was()
    world.say(b"<html>welcome</html>", told, updates(update(world.vms[0], name="x")))
    world.watch()
    until(lambda: world.hints)
    assert world.hints == [Hint(world.host[world.vms[0]], world.vms[0])]
    assert world.asked("CreateFilter") == 2


def test_a_session_that_ends_is_opened_again_and_the_filter_made_anew(world: World) -> None:
    told = world.all_as_it_was()
    world.say(told, fault("NotAuthenticated"), told, updates(update(world.vms[1], name="x")))
    world.watch()
    until(lambda: world.hints)
    assert world.hints == [Hint(world.host[world.vms[1]], world.vms[1])]
    assert world.asked("CreateFilter") == 2
    assert world.asked("Login") == 3  # one for looks, two for the watch


def test_a_vcenter_that_answers_at_once_all_the_time_is_asked_a_few_times_a_second(world: World) -> None:
    world.service.answers["WaitForUpdatesEx"] = NOTHING.encode()
    world.watch()
    until(lambda: world.asked())
    before, begun = world.asked(), time.monotonic()
    time.sleep(2)
    assert world.asked() - before <= 5.5 * (time.monotonic() - begun)


def test_a_connection_that_is_cut_is_no_hint_and_does_not_end_the_watch(world: World) -> None:
    world.service.raw["WaitForUpdatesEx"] = _hang_up
    world.watch()
    until(lambda: world.asked() >= 2)
    assert world.hints == []
    told = world.all_as_it_was()
    world.say(told, updates(update(world.vms[0], name="x")))
    del world.service.raw["WaitForUpdatesEx"]
    until(lambda: world.hints)


def test_a_session_that_ended_is_never_an_empty_vcenter(world: World) -> None:
    """Some say of each property that the session has ended, and not of the question."""
    text = recorded("RetrievePropertiesEx-machines").decode()
    start = text.index("<propSet>")
    lost = (
        "<missingSet><path>name</path><fault><fault xsi:type='NotAuthenticated'><object type='Folder'>group-1</object>"
        "<privilegeId>System.Read</privilegeId></fault><localizedMessage/></fault></missingSet>"
    )
    world.service.once["RetrievePropertiesEx-machines"] = (
        text[:start] + lost + text[text.index("</objects>") :]
    ).encode()
    logins = world.asked("Login")
    assert sum(len(look.vms) for look in world.source.hosts.looks()) == 4
    assert world.asked("Login") == logins + 1


def test_looks_at_a_host_go_on_while_a_question_waits(world: World) -> None:
    world.say(world.all_as_it_was())
    held = threading.Event()
    world.service.raw["WaitForUpdatesEx"] = lambda _handler: held.wait(60)
    world.watch()
    until(lambda: world.asked())
    begun = time.monotonic()
    assert all(look.host.reachable for look in world.source.hosts.looks())
    world.stop()
    assert time.monotonic() - begun < 50, "nobody waits for the answer"
    held.set()


def test_an_end_takes_the_filter_away_and_logs_out(world: World) -> None:
    world.say(world.all_as_it_was())
    world.watch()
    until(lambda: world.asked() >= 2)
    world.stop()
    until(lambda: "Logout" in world.service.requests)
    assert "DestroyPropertyFilter" in world.service.requests
    count = world.asked()
    time.sleep(0.5)
    assert world.asked() == count


def _alone(world: World, *keys: int) -> bytes:
    """What a look at the first VM's host is answered: as before, but that the VM has values of these custom attributes."""
    vm = world.vms[0]
    host = world.hosts[world.host[vm]]
    state = _set("runtime.connectionState", "<val xsi:type='HostSystemConnectionState'>connected</val>")
    moment = world.source.hosts._looker._kept[vm].moment
    given = "".join(
        f"<CustomFieldValue xsi:type='CustomFieldStringValue'><key>{key}</key><value>blue</value></CustomFieldValue>"
        for key in keys
    )
    told = "".join(
        _change(path, value) for path, value in moment.items() if value is not None and path != "customValue"
    )
    told = told.replace("changeSet", "propSet").replace("<op>assign</op>", "")
    told += _set("customValue", f"<val xsi:type='ArrayOfCustomFieldValue'>{given}</val>")
    objects = (
        f"<objects><obj type='HostSystem'>{host}</obj>{state}</objects>"
        f"<objects><obj type='VirtualMachine'>{vm}</obj>{told}</objects>"
    )
    body = f"<RetrievePropertiesExResponse xmlns='urn:vim25'><returnval>{objects}</returnval></RetrievePropertiesExResponse>"
    return f"{_HEAD}{body}{_TAIL}".encode()


def _set(path: str, value: str) -> str:
    return f"<propSet><name>{path}</name>{value}</propSet>"


def test_a_look_at_one_host_learns_the_name_of_an_attribute_that_is_newer_than_the_look_at_all(world: World) -> None:
    world.service.answers[INVENTORY] = _alone(world, 7)
    assert [look_tags(world) for _ in range(2)] == [(), ()], "it has no name, so it is no tag"
    assert world.asked(ATTRIBUTES) == 2, "what nobody names is asked about once"
    named = b"<CustomFieldDef><key>8</key><name>team</name><type>string</type></CustomFieldDef></val>"
    world.service.answers[ATTRIBUTES] = recorded(ATTRIBUTES).replace(b"</val>", named)
    world.service.answers[INVENTORY] = _alone(world, 7, 8)
    assert [look_tags(world) for _ in range(2)] == [("team:blue",), ("team:blue",)]
    assert world.asked(ATTRIBUTES) == 3


def look_tags(world: World) -> tuple[str, ...]:
    return next(vm.tags for vm in world.source.hosts.look(world.host[world.vms[0]]).vms)
