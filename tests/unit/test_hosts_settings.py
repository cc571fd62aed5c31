"""Where hosts are named: in the settings, and in files of many."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any

import pytest

from corral import config
from corral.contracts.pace import Limits, Pace
from corral.domain.errors import Invalid
from corral.wiring.hosts import host_groups
from corral.wiring.hosts_file import read_hosts
from corral.wiring.paces import Paces
from corral.wiring.shared_hosts import SharedHosts


@pytest.fixture(autouse=True)
def _nothing_set(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.delenv("CORRAL_CONFIG", raising=False)


def group(**settings: Any):
    [found] = host_groups(config.load(hypervisors=[{"name": "racks", **settings}]), lambda _name: lambda _call: None)
    return found


def test_a_csv_and_a_yaml_list_name_the_same_hosts() -> None:
    Path("hosts.csv").write_text("\ufeffname,uri\nrack-1,qemu+ssh://root@kvm-01/system\n,qemu:///system\n")
    Path("hosts.yaml").write_text("- {name: rack-1, uri: qemu+ssh://root@kvm-01/system}\n- {uri: 'qemu:///system'}\n")
    assert read_hosts(Path("hosts.csv")) == read_hosts(Path("hosts.yaml"))


@pytest.mark.parametrize(
    ("name", "text", "told"),
    [
        ("hosts.csv", "name\nkvm-01\n", "has no column `uri`"),
        ("hosts.csv", "", "has no column `uri`"),
        ("hosts.csv", 'uri\n"open', "can't be read"),
        ("hosts.yaml", "uri: qemu:///system", "is no list of hosts"),
        ("hosts.yaml", "- [", "can't be read"),
        ("hosts.yaml", "# " + "x" * (4 << 20), "is longer than 4 MiB"),
        ("none.yaml", None, "can't be read"),
    ],
)
def test_a_file_that_names_no_hosts_is_refused_with_the_reason(name: str, text: str | None, told: str) -> None:
    if text is not None:
        Path(name).write_text(text)
    with pytest.raises(Invalid, match=told):
        read_hosts(Path(name))


def test_hosts_of_the_file_stand_beside_those_of_the_options_and_a_row_with_too_much_is_no_host() -> None:
    Path("hosts.csv").write_text("uri,name\ntest:///default,two,three\n")
    with pytest.raises(Invalid, match="Source racks: A host must be a URI"):
        group(hosts_file="hosts.csv").open()
    Path("hosts.csv").write_text("uri,name\ntest:///default,one\n")
    with pytest.raises(Invalid, match="Two hosts have the name 'one'"):
        group(hosts_file="hosts.csv", options={"hosts": [{"uri": "qemu:///system", "name": "one"}]}).open()
    with pytest.raises(Invalid, match="must be a list of hosts"):
        group(hosts_file="hosts.csv", options={"hosts": "qemu:///system"}).open()
    group(hosts_file="hosts.csv", options={"hosts": ["qemu:///system"]}).open().close()


def test_a_group_is_stamped_anew_when_its_file_is_another_one_and_only_then() -> None:
    file = Path("hosts.yaml")
    file.write_text("- test:///default\n")
    found = group(hosts_file="hosts.yaml")
    first = found.stamp()
    assert first == found.stamp()
    os.utime(file, ns=(1, 1))
    assert first != found.stamp()
    file.unlink()
    assert found.stamp() is None
    assert group(options={"hosts": ["test:///default"]}).stamp() is None


def test_a_source_of_hosts_and_a_source_of_machines_can_not_have_one_name() -> None:
    with pytest.raises(Invalid, match="two sources are called racks"):
        config.load(sources=[{"name": "racks"}], hypervisors=[{"name": "racks"}])
    with pytest.raises(Invalid, match="two sources are called racks"):
        config.load(hypervisors=[{"name": "racks"}, {"name": "racks"}])


def test_a_driver_that_is_not_installed_is_told_with_the_name_of_the_source() -> None:
    with pytest.raises(Invalid, match="Source racks: There is no driver of hosts called 'hyper-v'"):
        group(driver="hyper-v").open()


def test_a_source_of_hosts_says_whether_its_vms_are_marked_and_how_hard_it_may_be_asked() -> None:
    wanted = {"name": "racks", "driver": "memory", "mark": False, "limits": {"flows": 2, "failures": 1, "pause": 60}}
    settings = config.Settings(hypervisors=[config.HypervisorSettings.model_validate(wanted)])
    shared = [SharedHosts(one) for one in host_groups(settings, lambda _name: lambda _call: None)]
    [racks] = [one.hypervisor for one in shared]
    assert racks.mark is False
    paces = Paces({}, {"racks": racks})
    assert [paces.room("racks", running) for running in (1, 2)] == [True, False]
    assert (paces.room("others", 99), paces.room(None, 99), paces.silence("racks")) == (True, True, 0.0)
    with racks.use() as opened:
        assert opened.border.pace is racks.pace
    racks.pace.left("vsphere", "unreachable")  # type: ignore[union-attr]
    assert not paces.room("racks", 0)
    assert paces.silence("racks") > 0
    assert [name for name, _ in paces.all()] == ["racks"]


def test_one_silent_host_does_not_have_the_others_left_alone() -> None:
    pace = Pace("racks", Limits(failures=1))
    pace.left("libvirt", "unreachable")
    assert pace.silence() == 0.0
