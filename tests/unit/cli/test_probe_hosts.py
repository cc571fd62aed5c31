"""`corral probe libvirt` on libvirt's own test driver: what is printed, in each form, and what a silent host changes."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any
from xml.sax.saxutils import escape

import pytest

SILENT = "qemu+unix:///system?socket=/nowhere/libvirt-sock"
EVIL = "<img src=x onerror=alert(1)>\u202e=cmd"


def domain(number: int, name: str, more: str = "", path: str = "") -> str:
    return (
        f"<domain type='test'><name>{escape(name)}</name><uuid>11111111-0000-4000-8000-{number:012d}</uuid>"
        f"<memory unit='MiB'>512</memory><vcpu>2</vcpu><os><type arch='x86_64'>hvm</type></os><devices>"
        f"<disk type='file' device='disk'><source file='{path or f'/default-pool/{number}'}'/><target dev='vda'/></disk>{more}"
        f"<interface type='network'><mac address='52:54:00:00:00:{number:02x}'/><source network='default'/></interface>"
        "</devices></domain>"
    )


@pytest.fixture
def world(tmp_path: Path) -> Callable[..., str]:
    """A host of the test driver with these VMs, a pool and a network; its URI."""

    def make(*domains: str, name: str = "world") -> str:
        path = tmp_path / f"{name}.xml"
        pool = "<pool type='dir'><name>default-pool</name><target><path>/default-pool</path></target></pool>"
        network = "<network><name>default</name><bridge name='virbr0'/></network>"
        path.write_text(f"<node>{''.join(domains)}{pool}{network}</node>")
        return f"test://{path}"

    return make


PASSED = "<hostdev mode='subsystem' type='usb'><source><vendor id='0x1234'/><product id='0xbeef'/></source></hostdev>"


def test_the_table_tells_hosts_verdicts_reasons_and_what_to_fix_first(run: Any, world: Callable[..., str]) -> None:
    done = run("probe", "libvirt", "--uri", world(domain(1, "fine"), domain(2, "held", PASSED)))
    assert done.exit_code == 0
    assert "2 VMs · 4 of " in done.stdout
    assert "✔ fine" in done.stdout
    assert "✘ held" in done.stdout
    assert "It holds usb device vendor 0x1234 product 0xbeef" in done.stdout
    assert "1. vm-passthrough" in done.stdout
    assert "Nothing was changed." in done.stdout


def test_a_silent_host_is_shown_with_the_reason_beside_the_others_and_the_exit_says_so(
    run: Any, world: Callable[..., str]
) -> None:
    done = run("probe", "libvirt", "--uri", world(domain(1, "fine")), "--uri", SILENT, "-o", "json")
    assert done.exit_code == 5
    report = json.loads(done.stdout)
    told = {host["reachable"]: host for host in report["hosts"]}
    assert "/nowhere/libvirt-sock" in told[False]["problem"]
    assert told[True]["machines"] == report["counts"]["total"] == 1
    assert "1 host could not be looked at" in done.stderr


def test_duplicates_are_found_across_hosts(run: Any, world: Callable[..., str]) -> None:
    first, second = world(domain(1, "a"), name="one"), world(domain(1, "b"), domain(2, "c"), name="two")
    report = json.loads(run("probe", "libvirt", "--uri", first, "--uri", second, "-o", "json").stdout)
    codes = {row["name"]: {one["code"] for one in row["reasons"]} for row in report["machines"]}
    # One VM that two hosts tell of has the same MACs on both: it is said once what is wrong.
    assert "vm-twice" in codes["a"] & codes["b"]
    assert not {"vm-twice", "mac-twice"} & codes["c"]


def test_csv_has_a_row_for_each_vm_with_its_volumes(run: Any, world: Callable[..., str]) -> None:
    done = run("probe", "libvirt", "--uri", world(domain(1, "fine"), domain(2, "=held", PASSED)), "-o", "csv")
    rows = {row["name"]: row for row in csv.DictReader(io.StringIO(done.stdout))}
    assert rows["fine"]["volumes"] == "vda path=/default-pool/1"
    assert rows["fine"]["adoptable"] == "yes"
    assert "vm-passthrough" in rows["'=held"]["codes"]


def test_the_report_is_the_same_page_with_the_hosts_and_no_name_is_markup(
    run: Any, world: Callable[..., str], tmp_path: Path
) -> None:
    target = tmp_path / "readiness.html"
    done = run("probe", "libvirt", "--uri", world(domain(1, EVIL)), "--uri", SILENT, "--output", str(target))
    assert done.exit_code == 5
    page = target.read_text()
    assert "<img" not in page
    assert "&lt;img src=x onerror=alert(1)&gt;=cmd" in page
    assert "\u202e" not in page
    assert "no answer" in page
    assert "2 CPUs, 512 MiB" in page


def test_hosts_come_from_a_file_with_names_of_their_own(run: Any, world: Callable[..., str], tmp_path: Path) -> None:
    hosts = tmp_path / "hosts.yaml"
    hosts.write_text(f"- {{name: rack-2-top, uri: '{world(domain(1, 'fine'))}'}}\n- test:///default\n")
    report = json.loads(run("probe", "libvirt", "--hosts", str(hosts), "-o", "json").stdout)
    assert [host["name"] for host in report["hosts"]] == ["rack-2-top", "test:///default"]
    assert {row["name"]: row["host"] for row in report["machines"]}["fine"] == "rack-2-top"


@pytest.mark.parametrize(
    ("text", "because"),
    [
        ("hosts: [test:///default]", "no list of hosts"),
        ("- [", "can't be read"),
        ("- 7", "must be a URI"),
        ("- {uri: 'test:///default', user: root}", "must be a URI"),
        ("- qemu+ext:///system?command=/tmp/x", "has a form that is not taken"),
        ("- test:///default\n- test:///default", "Two hosts have the name"),
        ("[]", "No host is named"),
    ],
)
def test_a_file_that_can_t_be_meant_is_refused_before_anything_is_looked_at(
    run: Any, tmp_path: Path, text: str, because: str
) -> None:
    hosts = tmp_path / "hosts.yaml"
    hosts.write_text(text)
    done = run("probe", "libvirt", "--hosts", str(hosts))
    assert done.exit_code != 0
    assert because in done.stderr + str(done.exception)


def test_without_a_host_the_command_says_what_to_give(run: Any) -> None:
    done = run("probe", "libvirt")
    assert done.exit_code != 0
    assert "No host is named" in done.stderr + str(done.exception)
