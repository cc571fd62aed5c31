"""Disks and NICs of guests of a real libvirtd recorded in the lab's real Cinder and Neutron, while they run and notice nothing."""

from __future__ import annotations

import json
import os
import pwd
import sqlite3
import subprocess
import uuid
from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
import yaml

from lab.hypervisor.daemon import Hypervisor
from lab.hypervisor.guests import Guest, definition
from lab.places import from_environment
from tests.e2e.support.corral import Corral
from tests.e2e.support.estate import ARRAY, FILES, cinder_of, keystone_of, luns, storage_of, vlan_network
from tests.e2e.support.hypervisors import Life, check_heartbeat, check_installed, corral_over, surveyed
from tests.e2e.support.lab import Api, Json, Lab

pytestmark = [pytest.mark.lab, pytest.mark.timeout(900)]
GIB = 1 << 30
MARK = uuid.uuid4().hex[:8]
VOL, SAN = Guest("vol", 61), Guest("san", 62, off=True)
WWN, SERIAL = f"50050768{MARK}", f"gapser{MARK}"
IQN = f"iqn.2010-10.org.example:{MARK}"


@dataclass
class Site:
    """A running guest `vol` whose disks the lab's Cinder has too, and one that is not started, `san`, with disks on networks."""

    hypervisor: Hypervisor
    corral: Corral
    cinder: Api
    lab: Lab
    files: dict[str, Path]
    network: str
    vlan: int
    project: str
    rules: Path

    def definitions(self) -> tuple[str, ...]:
        """What libvirt says of the guest live, and of its next start."""
        return self.hypervisor.virsh("dumpxml", VOL.name), self.hypervisor.virsh("dumpxml", "--inactive", VOL.name)

    def cloud(self, *words: str) -> str:
        """`corral cloud …` about the guest that runs."""
        done = self.corral.run("cloud", *words)
        assert done.returncode == 0, done.stderr
        return done.stdout

    def about(self, kind: str, *words: str) -> str:
        wish = ("--host", "kvm-01", "--vm", VOL.uuid, "--map", str(self.rules), "--project", self.project)
        return self.cloud(kind, *wish, *words)

    def volumes(self) -> dict[str, Json]:
        """The guest's volumes in Cinder, by what the array calls them."""
        found = self.cinder.get("/volumes/detail?all_tenants=1")["volumes"]
        return {one["provider_id"]: one for one in found if one["name"].startswith(f"{VOL.name}-")}

    def ports(self) -> list[Json]:
        return list(self.lab.neutron.get(f"/v2.0/ports?network_id={self.network}")["ports"])


@pytest.fixture(scope="module")
def site(lab: Lab, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    check_installed()
    home = tmp_path_factory.mktemp("corral")
    with (
        Hypervisor(from_environment()) as hypervisor,
        _images(hypervisor, lab) as files,
        luns(lab, *_volumes(files)),
        vlan_network(lab, MARK) as (network, vlan),
        cinder_of(lab) as cinder,
        keystone_of(lab) as keystone,
    ):
        _start(hypervisor, files, vlan)
        racks = {"hosts": [{"uri": hypervisor.uri, "name": "kvm-01"}], "timeout": 10}
        source = {"name": "racks", "driver": "libvirt", "options": racks, "survey_every": 1, "cloud": "corral"}
        rules = home / "rules.yaml"
        networks = [
            {"when": {"network": "tenant-*"}, "network": f"gaps-{MARK}"},
            {"when": {"host": "kvm-*", "bridge": ""}, "physical_network": "physnet1", "vlan": vlan},
        ]
        rules.write_text(yaml.safe_dump({"volumes": {"keeps": [ARRAY]}, "networks": networks}))
        projects = {one["name"]: one["id"] for one in keystone.get("/projects")["projects"]}
        with corral_over(home, [source], clouds=lab.clouds) as corral:
            surveyed(corral, VOL.uuid)
            surveyed(corral, SAN.uuid)
            yield Site(hypervisor, corral, cinder, lab, files, network, vlan, projects["service"], rules)


class _images:
    """The guest's disks, of 1 GiB each: one in the folder of Cinder's backend `files`, the others in folders of the host."""

    def __init__(self, hypervisor: Hypervisor, lab: Lab) -> None:
        place = storage_of(lab) / "images"
        names = {"wwn": hypervisor.directory / "images", "serial": hypervisor.directory / "images"}
        names |= {"path": hypervisor.directory / "elsewhere", "share": place}
        self._files = {name: folder / f"vol-{MARK}-{name}.raw" for name, folder in names.items()}

    def __enter__(self) -> dict[str, Path]:
        for path in self._files.values():
            with path.open("wb") as file:
                file.truncate(GIB)
            if os.getuid() == 0:
                nobody = pwd.getpwnam("nobody")
                os.chown(path, nobody.pw_uid, nobody.pw_gid)
        if (
            os.getuid() == 0
            and subprocess.run(
                ["setpriv", "--reuid=nobody", "--clear-groups", "test", "-w", str(self._files["share"])], check=False
            ).returncode
        ):
            self.__exit__()
            pytest.skip("the user that QEMU runs as does not reach the lab's folder")
        return self._files

    def __exit__(self, *_exc: object) -> None:
        for path in self._files.values():
            path.unlink(missing_ok=True)


def _volumes(files: dict[str, Path]) -> list[Json]:
    """The array's: known by WWN, by serial, by path, by target and LUN."""
    names = {f"lun-{MARK}": f"naa.{WWN}", SERIAL: "naa.5" + "1" * 15, str(files["path"]): "naa.5" + "2" * 15}
    return [{"name": name, "gib": 1, "wwn": wwn} for name, wwn in {**names, f"{IQN}/2": "naa.5" + "3" * 15}.items()]


def _start(hypervisor: Hypervisor, files: dict[str, Path], vlan: int) -> None:
    hypervisor.populate(())
    ground = hypervisor.ground
    assert ground is not None

    def disk(name: str, target: str, bus: str, more: str = "") -> str:
        source = f"<driver name='qemu' type='raw'/><source file='{files[name]}'/>"
        return f"<disk type='file' device='disk'>{source}<target dev='{target}' bus='{bus}'/>{more}</disk>"

    disks = [
        "<controller type='scsi' model='virtio-scsi'/>",
        disk("wwn", "sda", "scsi", f"<wwn>{WWN}</wwn>"),
        disk("share", "sdb", "scsi"),
        disk("serial", "vdb", "virtio", f"<serial>{SERIAL}</serial>"),
        disk("path", "vdc", "virtio"),
    ]
    net = "<disk type='network' device='disk'><source protocol='{}' name='{}'>{}</source><target dev='{}'/></disk>"
    remote = [
        net.format("iscsi", f"{IQN}/2", "<host name='192.0.2.5' port='3260'/>", "vdb"),
        net.format("rbd", f"vms/{MARK}", "<host name='192.0.2.6' port='6789'/>", "vdc"),
        f"<disk type='block' device='disk'><source dev='/dev/disk/by-path/pci-0000:05:00.0-fc-0x50060161{MARK}-lun-3'/>"
        "<target dev='vdd'/></disk>",
        f"<disk type='block' device='disk'><source dev='/dev/disk/by-id/wwn-0x6005{MARK * 3}0001'/><target dev='vde'/></disk>",
        f"<interface type='bridge'><mac address='{SAN.mac(1)}'/><source bridge='br-int'/>"
        f"<vlan><tag id='{vlan}'/></vlan><virtualport type='openvswitch'/></interface>",
        f"<interface type='network'><mac address='{SAN.mac(2)}'/><source network='tenant-{MARK}'/></interface>",
    ]
    for guest, devices in ((VOL, disks), (SAN, remote)):
        for one in guest.disks:
            hypervisor.image(ground.image(guest, one), one)
        text = definition(guest, ground).replace("<memballoon", f"{''.join(devices)}<memballoon")
        path = hypervisor.directory / f"{guest.name}.xml"
        path.write_text(text)
        hypervisor.virsh("define", str(path))
    hypervisor.virsh("start", VOL.name)
    hypervisor.await_beats([VOL])


def plan_of(text: str) -> dict[str, Any]:
    """The rows of a plan that was told as JSON, by what they are about."""
    return {row["part"]: row for row in json.loads(text)}


def test_disks_of_a_guest_that_runs_are_matched_recorded_and_taken_back_and_it_runs_on(site: Site) -> None:
    life, plain = Life.of(site.hypervisor, VOL), site.definitions()
    told = {one["disk"]: one for one in json.loads(site.cloud("matches", "--host", "kvm-01", "-o", "json"))
            if one["machine"] == VOL.uuid}  # fmt: skip
    by = {disk: [word for each in one["candidates"] for word in each["by"]] for disk, one in told.items()}
    assert by["sda"] == [f"wwn {WWN}"]
    assert by["vdb"] == [f"serial {SERIAL}"]
    assert by["vdc"] == [f"path {site.files['path']}"]
    assert by["sdb"] == [f"path {site.files['share']}"]
    assert by["vda"] == []
    assert told["sdb"]["candidates"][0]["backend"] == FILES
    plan = plan_of(site.about("volumes", "-o", "json"))
    assert {part for part, row in plan.items() if row["fillable"]} == {"sda", "vdb", "vdc"}
    assert [one["code"] for one in plan["sdb"]["reasons"]] == ["cinder-renames"]
    assert site.volumes() == {}
    site.about("volumes", "--apply", "--yes")
    made = site.volumes()
    assert set(made) == {f"lun-{MARK}", SERIAL, str(site.files["path"])}
    for one in made.values():
        assert (one["status"], [each["server_id"] for each in one["attachments"]]) == ("in-use", [VOL.uuid])
    assert site.files["share"].exists()
    assert {row["there"] for part, row in plan_of(site.about("volumes", "-o", "json")).items() if part in ("sda", "vdb")} == {
        made[f"lun-{MARK}"]["id"], made[SERIAL]["id"]
    }  # fmt: skip
    site.hypervisor.restart()
    site.about("volumes", "--revert", "--yes")
    assert site.volumes() == {}
    assert all(path.exists() for path in site.files.values())
    assert site.definitions() == plain
    assert Life.of(site.hypervisor, VOL) == life
    check_heartbeat(site.hypervisor, VOL)


def test_a_nic_of_a_guest_that_runs_becomes_a_port_on_its_vlan_and_goes_again_and_it_runs_on(site: Site) -> None:
    life, plain = Life.of(site.hypervisor, VOL), site.definitions()
    row = plan_of(site.about("ports", "-o", "json"))[VOL.mac(0)]
    assert (row["fillable"], row["evidence"]) == (True, [f"VLAN {site.vlan}", "physical network physnet1"])
    site.about("ports", "--apply", "--yes")
    [port] = site.ports()
    assert {key: port[key] for key in row["wanted"]} == row["wanted"]
    assert (port["binding:vif_type"], port["device_id"]) == ("unbound", VOL.uuid)
    site.about("ports", "--revert", "--yes")
    assert site.ports() == []
    assert (site.definitions(), Life.of(site.hypervisor, VOL)) == (plain, life)
    check_heartbeat(site.hypervisor, VOL)


def test_disks_on_networks_and_arrays_are_known_by_what_a_definition_says(site: Site) -> None:
    host = site.corral.get("/v1/hosts")["hosts"][0]["id"]
    found = site.corral.get(f"/v1/hosts/{host}/volumes/matches")["matches"]
    known = {one["disk"]: one for one in found if one["machine"] == SAN.uuid}
    assert known["vdb"]["identifiers"] == {"iscsi": f"{IQN}/2"}
    [candidate] = known["vdb"]["candidates"]
    assert (candidate["backend"], candidate["by"]) == (ARRAY, [f"iscsi {IQN}/2"])
    assert known["vdc"]["identifiers"] == {"rbd": f"vms/{MARK}"}
    assert known["vdd"]["identifiers"]["wwpn"] == f"50060161{MARK}/3"
    assert known["vde"]["identifiers"]["wwn"] == f"6005{MARK * 3}0001"
    body = {"host": "kvm-01", "machines": [SAN.uuid], "project": site.project,
            "mapping": yaml.safe_load(site.rules.read_text())}  # fmt: skip
    plan = site.corral.http.post("/v1/cloud/plans", json=body).raise_for_status().json()
    gaps = {one["part"]: one for one in plan["gaps"]}
    assert [one["code"] for one in gaps["vdb"]["reasons"]] == ["volume-size-unknown"]
    assert gaps[SAN.mac(1)]["evidence"] == [f"VLAN {site.vlan}"]
    assert gaps[SAN.mac(2)]["evidence"] == [f"rule: network gaps-{MARK}"]
    assert {gaps[SAN.mac(nic)]["wanted"]["network_id"] for nic in (1, 2)} == {site.network}
    assert all(gaps[SAN.mac(nic)]["fillable"] for nic in (1, 2))


def test_what_a_lost_record_left_in_cinder_and_neutron_is_found_and_taken_away(site: Site) -> None:
    for kind in ("volumes", "ports"):
        site.about(kind, "--apply", "--yes")
    volumes, ports = site.volumes(), site.ports()
    assert (len(volumes), len(ports)) == (3, 1)
    assert not [one for one in site.corral.get("/v1/leaks")["leaks"] if one["kind"].startswith("cloud-record")]
    with closing(sqlite3.connect(site.corral.database, timeout=120)) as sql, sql:
        sql.execute("DELETE FROM cloud_records")
    ours = {one["id"] for one in (*volumes.values(), *ports)}
    found = [one for one in site.corral.get("/v1/leaks")["leaks"] if one["subject"] in ours]
    assert {(one["subject"], one["fixable"]) for one in found} == {(one, True) for one in ours}
    assert {one["kind"] for one in found} == {"volume-without-record", "vm-port-without-record"}
    site.corral.run("leaks", "--fix", "--yes")
    assert (site.volumes(), site.ports()) == ({}, [])
    assert not [one for one in site.corral.get("/v1/leaks")["leaks"] if one["subject"] in ours]
    check_heartbeat(site.hypervisor, VOL)
