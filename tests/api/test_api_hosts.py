"""Hypervisor hosts through the API and the command line, surveyed in the background of a running Corral."""

from __future__ import annotations

import json
import socket
import threading
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import httpx
import pytest
from api_world import Api, Serve, error_of
from typer.testing import CliRunner

from corral.cli.main import app
from corral.cli.session import Session
from corral.contracts.hosts import HostSource, Look
from corral.domain.host import HostNetwork, Pool
from corral.domain.vm import Address, Origin, VmDisk
from corral.drivers.memory.hosts import MemoryHosts, example_host, example_vm
from corral.services.surveyor import HostGroup
from tests.waiting import until

Json = dict[str, Any]
HOUR = 3600.0


def group(hosts: MemoryHosts, every: float = HOUR) -> HostGroup:
    return HostGroup(hosts.name, "memory", every, lambda: HostSource(hosts.name, "memory", hosts))


def rack(name: str = "racks", hosts: int = 3, vms: int = 2) -> MemoryHosts:
    made = MemoryHosts(name)
    for number in range(hosts):
        host = example_host(number)
        made.add_host(host)
        for position in range(vms):
            made.put(example_vm(host, number * vms + position))
    return made


def names(api: Api, **query: Any) -> list[str]:
    return [one["name"] for one in api.seen("/v1/hosts", **query)["hosts"]]


def surveyed(api: Api) -> Json:
    """The first page, once every source was surveyed."""
    return until(lambda: all(one["surveyed_at"] for one in api.seen("/v1/hosts")["sources"]) and api.seen("/v1/hosts"))


@pytest.fixture
def memory() -> MemoryHosts:
    return rack()


@pytest.fixture
def api(serve: Serve, memory: MemoryHosts) -> Api:
    api = serve(hosts=[group(memory)])
    surveyed(api)
    return api


def corral(api: Api, *words: str, code: int = 0) -> Any:
    with httpx.HTTPTransport() as transport:
        session = Session(url=str(api.base_url), transport=transport, interactive=False)
        done = CliRunner().invoke(app, list(words), obj=session, env={"COLUMNS": "240"})
    assert done.exit_code == code, done.output
    return done


def test_hosts_are_listed_with_what_they_have_what_is_given_and_how_they_are(serve: Serve, memory: MemoryHosts) -> None:
    big = replace(
        example_host(7),
        name="kvm-00",
        pools=(Pool("a", "a", "dir", capacity=100, used=30), Pool("b", "b", "rbd", capacity=50, used=5)),
        networks=(HostNetwork("br0", "bridge"), HostNetwork("br1", "bridge", vlan=12)),
    )
    memory.add_host(big)
    memory.silence(example_host(2).id, "no route to host")
    found = surveyed(serve(hosts=[group(memory)]))
    assert [one["name"] for one in found["hosts"]] == ["kvm-00", "kvm-01", "kvm-02", "kvm-03"]
    zero, first, _, third = found["hosts"]
    assert (zero["storage"], zero["networks"]) == ({"capacity": 150, "used": 35, "pools": 2}, 2)
    assert (first["cores"], first["cpus_given"], first["machines"], first["reachable"]) == (32, 4, 2, True)
    assert (first["memory"] >> 30, first["memory_given"] >> 30) == (256, 8)
    assert (third["reachable"], third["problem"], third["stale_since"]) == (False, "no route to host", None)
    [source] = found["sources"]
    assert (source["name"], source["driver"], source["problem"]) == ("racks", "memory", None)


def test_a_host_is_shown_by_its_name_or_its_id_with_its_pools_and_networks(api: Api) -> None:
    by_name = api.seen("/v1/hosts/kvm-02")
    assert by_name == api.seen(f"/v1/hosts/{by_name['id']}")
    assert [one["name"] for one in by_name["pools"]] == ["images"]
    assert [one["name"] for one in by_name["host_networks"]] == ["br0"]
    missing = api.get("/v1/hosts/nobody")
    assert missing.status_code == 404
    assert "corral host list" in error_of(missing)["fix"]


def test_a_name_that_two_sources_have_is_refused_until_the_source_is_named(serve: Serve) -> None:
    api = serve(hosts=[group(rack("east")), group(rack("west"))])
    surveyed(api)
    assert len(names(api)) == 6
    assert names(api, source="west") == ["kvm-01", "kvm-02", "kvm-03"]
    assert api.get("/v1/hosts/kvm-01").status_code == 409
    assert api.seen("/v1/hosts/kvm-01", source="west")["source"] == "west"
    assert api.get("/v1/hosts", params={"source": "south"}).status_code == 404


def test_every_list_comes_in_pages_that_follow_one_another(api: Api, memory: MemoryHosts) -> None:
    host = example_host(0).id
    for path, key, count in (
        ("/v1/hosts", "hosts", 3),
        (f"/v1/hosts/{host}/machines", "machines", 2),
        (f"/v1/hosts/{host}/volumes", "volumes", 2),
        (f"/v1/hosts/{host}/nics", "nics", 2),
    ):
        whole, pages, link = api.seen(path)[key], [], f"{path}?limit=1"
        while link:
            page = api.get(link).json()  # `seen` would drop the query of the link
            assert len(page[key]) == 1
            pages += page[key]
            link = page.get("next")
        assert pages == whole
        assert len(pages) == count
        assert api.get(path, params={"marker": "none:such"}).status_code in (200, 400)


def test_machines_volumes_and_nics_have_what_identifies_them(serve: Serve, memory: MemoryHosts) -> None:
    vm = example_vm(example_host(0), 0)
    disk = VmDisk("vdb", "network", protocol="rbd", volume="vms/one", wwn="0x5000c5", size=1 << 30)
    nic = replace(vm.nics[0], interface_id="if-1", addresses=(Address("192.0.2.9", Origin.LEASE),))
    memory.put(replace(vm, disks=(*vm.disks, disk), nics=(nic,)))
    api = serve(hosts=[group(memory)])
    surveyed(api)
    machine = api.seen("/v1/hosts/kvm-01/machines")["machines"][0]
    assert (machine["id"], machine["host_name"], machine["volumes"]) == (vm.id, "kvm-01", 2)
    assert (machine["macs"], machine["addresses"]) == ([nic.mac], ["192.0.2.9"])
    volumes = api.seen("/v1/hosts/kvm-01/volumes")["volumes"]
    told = next(one for one in volumes if one["id"] == "vdb")
    assert (told["machine"], told["identifiers"]) == (vm.id, {"wwn": "0x5000c5", "rbd": "vms/one"})
    plugged = api.seen("/v1/hosts/kvm-01/nics")["nics"][0]
    assert (plugged["mac"], plugged["bridge"], plugged["interface_id"]) == (nic.mac, "br0", "if-1")
    assert plugged["addresses"] == [{"ip": "192.0.2.9", "origin": "lease"}]


def test_a_survey_that_somebody_wants_is_made_at_once_and_is_in_the_audit_trail(api: Api, memory: MemoryHosts) -> None:
    vm = example_vm(example_host(1), 2)
    memory.put(replace(vm, name="renamed"))
    wanted = api.post("/v1/hosts/kvm-02/survey")
    assert wanted.status_code == 202, wanted.text
    until(lambda: api.seen("/v1/hosts/kvm-02")["survey_wanted_at"] is None)
    assert "renamed" in [one["name"] for one in api.seen("/v1/hosts/kvm-02/machines")["machines"]]
    [entry] = api.seen("/v1/audit", action="host:survey")["audit"]
    assert entry["detail"]["name"] == "kvm-02"
    assert api.post("/v1/hosts/nobody/survey").status_code == 404


def test_where_hosts_can_not_be_looked_at_one_by_one_all_are_when_one_is_wanted(serve: Serve) -> None:
    class Whole:
        """As a vCenter is asked."""

        name, driver = "racks", "memory"

        def __init__(self, inner: MemoryHosts) -> None:
            self.hosts, self.machines, self.looks = inner.hosts, inner.machines, inner.looks

    memory = rack()
    whole = Whole(memory)
    api = serve(hosts=[HostGroup("racks", "memory", HOUR, lambda: HostSource("racks", "memory", whole))])
    surveyed(api)
    memory.take(example_vm(example_host(0), 0).id)
    api.post("/v1/hosts/kvm-02/survey")
    until(lambda: api.seen("/v1/hosts/kvm-02")["survey_wanted_at"] is None)
    assert api.seen("/v1/hosts/kvm-01")["machines"] == 1


def test_hosts_are_surveyed_again_and_again_by_themselves(serve: Serve, memory: MemoryHosts) -> None:
    api = serve(hosts=[group(memory, every=0.1)])
    surveyed(api)
    memory.silence(example_host(0).id, "cut off")
    stale = until(lambda: api.seen("/v1/hosts", reachable=False)["hosts"])
    assert [(one["name"], one["problem"]) for one in stale] == [("kvm-01", "cut off")]
    assert stale[0]["stale_since"] is not None
    memory.silence(example_host(0).id, "")
    until(lambda: not api.seen("/v1/hosts", reachable=False)["hosts"])


def test_a_host_that_hangs_holds_up_no_other(serve: Serve, memory: MemoryHosts) -> None:
    hanging = threading.Event()

    class Hanging(MemoryHosts):
        def looks(self) -> Iterator[Look]:
            yield from super().looks()
            hanging.wait(120)
            yield Look(replace(example_host(9), source="racks", problem="did not answer"))

    slow = Hanging("racks")
    slow._hosts, slow._vms = memory._hosts, memory._vms
    api = serve(hosts=[group(slow, every=0.1), group(rack("others"), every=0.1)])
    try:
        until(lambda: names(api, source="racks") == ["kvm-01", "kvm-02", "kvm-03"])
        assert api.seen("/v1/hosts", source="racks")["sources"][0]["surveyed_at"] is None
        until(lambda: len(names(api, source="others")) == 3)
        # A host beside it can be looked at all the same.
        slow.put(replace(example_vm(example_host(1), 2), name="renamed"))
        api.post("/v1/hosts/kvm-02/survey", params={"source": "racks"})
        until(lambda: api.seen("/v1/hosts/kvm-02", source="racks")["survey_wanted_at"] is None)
        found = api.seen("/v1/hosts/kvm-02/machines", source="racks")["machines"]
        assert "renamed" in [one["name"] for one in found]
    finally:
        hanging.set()
    until(lambda: "kvm-10" in names(api, source="racks", reachable=False))


@pytest.fixture
def deaf(tmp_path: Path) -> Iterator[str]:
    """The URI of a libvirtd that takes connections and never says a word."""
    path, taken = tmp_path / "s", []
    with socket.socket(socket.AF_UNIX) as listening:
        listening.bind(str(path))
        listening.listen()

        def take() -> None:
            try:
                while True:
                    taken.append(listening.accept()[0])
            except OSError:
                return

        thread = threading.Thread(target=take, daemon=True)
        thread.start()
        yield f"qemu+unix:///system?socket={path}"
        listening.shutdown(socket.SHUT_RDWR)
        for one in taken:
            one.close()
        thread.join(60)


def test_a_libvirtd_that_hangs_is_shown_with_the_reason_and_the_file_of_hosts_is_read_again(
    serve: Serve, deaf: str, tmp_path: Path
) -> None:
    file = tmp_path / "hosts.csv"
    file.write_text("uri,name\ntest:///default,rack-1\n")
    named = {"name": "libvirt", "hosts_file": str(file), "options": {"timeout": 2}, "survey_every": 1}
    api = serve(hypervisors=[named])
    until(lambda: names(api) == ["rack-1"])
    file.write_text(f"uri,name\ntest:///default,rack-1\n{deaf},deaf\n")
    until(lambda: names(api) == ["deaf", "rack-1"])
    told = {one["name"]: one for one in api.seen("/v1/hosts")["hosts"]}
    assert (told["rack-1"]["reachable"], told["rack-1"]["machines"]) == (True, 1)
    # The second survey says so at once: as long as it hangs, nothing more is asked of it.
    assert "did not answer within 2 s" in told["deaf"]["problem"] or "has not answered" in told["deaf"]["problem"]
    # What can't be used changes nothing, and is told.
    file.write_text("name\nx\n")
    problem = until(lambda: api.seen("/v1/hosts")["sources"][0]["problem"])
    assert "has no column `uri`" in problem
    assert names(api) == ["deaf", "rack-1"]


def test_only_who_may_sees_hosts(serve: Serve, memory: MemoryHosts) -> None:
    api = serve(hosts=[group(memory)], identity={"tokens": True})
    member, admin = api.another(api.token("member")), api.another(api.token("admin"))
    until(lambda: admin.seen("/v1/hosts")["hosts"])
    for path in ("", "/kvm-01", "/kvm-01/machines", "/kvm-01/volumes", "/kvm-01/nics"):
        assert member.get(f"/v1/hosts{path}").status_code == 403
        assert admin.get(f"/v1/hosts{path}").status_code == 200
    assert member.post("/v1/hosts/kvm-01/survey").status_code == 403


def test_a_source_that_is_not_configured_any_more_has_no_hosts(
    tmp_path: Path, serve: Serve, memory: MemoryHosts
) -> None:
    first = serve(hosts=[group(memory)], database_url=None)
    surveyed(first)
    first.corral.hosts._groups.clear()
    assert names(first) == []
    assert first.get("/v1/hosts/kvm-01").status_code == 404


# --- the command line -------------------------------------------------------------------------------------


def test_the_command_line_lists_hosts_and_what_is_on_them(api: Api, memory: MemoryHosts) -> None:
    listed = corral(api, "host", "list").stdout
    assert "kvm-01" in listed
    assert "✔ answers" in listed
    assert "4 of 32" in listed
    shown = corral(api, "host", "show", "kvm-01").stdout
    assert "images" in shown
    assert "br0" in shown
    vm = example_vm(example_host(0), 0)
    assert "vm-00000" in corral(api, "host", "machines", "kvm-01").stdout
    assert "path=/srv/images/0.qcow2" in corral(api, "host", "volumes", "kvm-01").stdout
    assert vm.nics[0].mac in corral(api, "host", "nics", "kvm-01").stdout
    found = json.loads(corral(api, "host", "machines", "kvm-01", "-o", "json").stdout)
    assert [one["id"] for one in found] == [vm.id, example_vm(example_host(0), 1).id]


def test_the_command_line_has_a_host_surveyed_and_says_when_it_does_not_answer(api: Api, memory: MemoryHosts) -> None:
    memory.take(example_vm(example_host(0), 0).id)
    found = json.loads(corral(api, "host", "survey", "kvm-01", "-o", "json").stdout)
    assert (found["machines"], found["survey_wanted_at"]) == (1, None)
    memory.silence(example_host(0).id, "cut off")
    done = corral(api, "host", "survey", "kvm-01", code=5)
    assert "cut off" in done.output
    assert "✘ stale since" in corral(api, "host", "list").stdout


def test_the_command_line_says_where_hosts_are_named_when_there_are_none(bare: Api) -> None:
    assert "hypervisors" in corral(bare, "host", "list").stderr
