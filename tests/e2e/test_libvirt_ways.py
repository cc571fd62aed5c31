"""A real libvirtd is reached over a real SSH daemon and over TLS: looked at and marked, with strangers refused on either side.

What people configure for their `ssh` is configured here by a program of that name that is found first.
"""

from __future__ import annotations

import getpass
import os
import tempfile
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from urllib.parse import urlencode

import pytest

from corral.contracts.border import Purpose, crossing
from corral.contracts.hosts import HostSource, Look
from corral.contracts.virtual import Mark, Vms, Where
from corral.drivers.libvirt import open_hosts
from lab.hypervisor.daemon import Hypervisor
from lab.hypervisor.guests import Disk, Guest
from lab.places import from_environment
from tests.e2e.support.authority import Authority
from tests.e2e.support.debian import Tools
from tests.e2e.support.hypervisors import check_installed
from tests.e2e.support.sshd import Sshd
from tests.loopback import free_port

pytestmark = [pytest.mark.lab, pytest.mark.timeout(900)]
GUEST = Guest("far", 7, (Disk("vda"),))
OURS = Mark("0b0f5a4e-0000-4000-8000-000000000007", "far")


class Ways:
    """The addresses by which the host is reached, and those by which it must not be."""

    def __init__(self, hypervisor: Hypervisor, sshd: Sshd, port: int, pki: Path) -> None:
        self.hypervisor, self._sshd, self._port, self._pki = hypervisor, sshd, port, pki

    def ssh(self, known: str = "host", key: str = "login") -> str:
        """As `ssh` is configured, which knows the host by the key `known`."""
        configured = self._sshd.home / "bin/ssh"
        options = f"-o UserKnownHostsFile={self._sshd.login(known, key).known_hosts} -o GlobalKnownHostsFile=/dev/null"
        configured.write_text(f'#!/bin/sh\nexec /usr/bin/ssh -F /dev/null {options} "$@"\n')
        configured.chmod(0o755)
        return self._address("qemu+ssh", keyfile=self._sshd.home / key)

    def libssh(self, known: str = "host", key: str = "login") -> str:
        hosts = self._sshd.login(known, key).known_hosts
        return self._address("qemu+libssh", keyfile=self._sshd.home / key, known_hosts=hosts)

    def _address(self, scheme: str, **said: Path | None) -> str:
        query = urlencode({"socket": self.hypervisor.socket, **said}, safe="/")
        return f"{scheme}://{getpass.getuser()}@127.0.0.1:{self._sshd.port}/session?{query}"

    def tls(self, client: str = "client") -> str:
        return f"qemu+tls://127.0.0.1:{self._port}/session?pkipath={self._pki / client}"


@pytest.fixture(scope="module")
def ways(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Ways]:
    check_installed()
    home = Path(tempfile.mkdtemp(prefix="corral-hypervisor-", dir="/tmp"))
    good, bad = Authority("good"), Authority("bad")
    (home / "pki").mkdir()
    server = good.write(home / "pki/server", "server")
    good.write(home / "pki/client", "client")
    bad.write(home / "pki/stranger", "client", trusts=good)
    good.write(home / "pki/misled", "client", trusts=bad)
    port = free_port()
    files = {"ca_file": "cacert.pem", "cert_file": "servercert.pem", "key_file": "serverkey.pem"}
    listen = {"listen_tls": 1, "tls_port": str(port), **{key: str(server / name) for key, name in files.items()}}
    sshd = Sshd(Tools(), tmp_path_factory.mktemp("sshd"))
    try:
        with Hypervisor(from_environment(), home, listen) as hypervisor, pytest.MonkeyPatch.context() as patch:
            hypervisor.populate([GUEST])
            patch.setenv("PATH", f"{sshd.home / 'bin'}:{os.environ['PATH']}")
            yield Ways(hypervisor, sshd, port, home / "pki")
    finally:
        sshd.stop()


def opened(uri: str) -> closing[HostSource]:
    return closing(open_hosts("far", {"hosts": [{"name": "kvm-01", "uri": uri}], "timeout": 20}))


def look(source: HostSource) -> Look:
    [found] = source.hosts.looks()
    return found


@pytest.mark.parametrize("way", ["ssh", "libssh", "tls"])
def test_a_vm_is_seen_and_marked_from_afar_also_after_the_host_went_and_came_back(ways: Ways, way: str) -> None:
    pid = ways.hypervisor.pid(GUEST.name)
    with opened(getattr(ways, way)()) as source:
        found = look(source)
        assert found.host.problem == ""
        assert [(vm.id, str(vm.state)) for vm in found.vms] == [(GUEST.uuid, "running")]
        where = Where(GUEST.uuid, found.host.id)
        assert isinstance(source.hosts, Vms)
        with crossing(Purpose.ADOPT):
            source.hosts.mark(where, OURS)
            assert source.hosts.marked(where) == OURS
        assert OURS.server in ways.hypervisor.virsh("dumpxml", GUEST.name)
        ways.hypervisor.restart()
        assert look(source).vms == found.vms
        with crossing(Purpose.ADOPT):
            source.hosts.unmark(where, OURS.server)
        assert OURS.server not in ways.hypervisor.virsh("dumpxml", GUEST.name)
    assert ways.hypervisor.pid(GUEST.name) == pid


def test_who_is_not_who_it_should_be_is_refused_with_a_reason(ways: Ways) -> None:
    refused = {
        "another host key": ways.ssh(known="stranger"),
        "another host key, to libssh": ways.libssh(known="stranger"),
        "a host of which no key is known": ways.libssh(known=""),
        "a key that the host does not know": ways.libssh(key="stranger"),
        "a certificate of another authority": ways.tls("stranger"),
        "a host whose authority is another": ways.tls("misled"),
    }
    for who, uri in refused.items():
        with opened(uri) as source:
            found = look(source)
        assert not found.host.reachable, who
        assert found.vms == (), who
        assert "can't be reached" in found.host.problem, who
        assert any(word in found.host.problem.lower() for word in ("key", "certificate", "denied", "tls")), found.host
