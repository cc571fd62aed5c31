"""Flavors that compose, previews and pods on the command line."""

from __future__ import annotations

import json

import httpx
import pytest

GB = 10**9
BLOCK = {
    "id": "/blocks/cpu-1",
    "name": "cpu-1",
    "kinds": ["Compute"],
    "free": True,
    "cpus": 8,
    "memory": 65536,
    "disks": [{"size": 480 * GB, "media": "SSD"}] * 2,
    "nics": [{"speed": 25000}],
}
PREVIEW = {
    "source": "pod-1",
    "fits": True,
    "zone": "zone-1",
    "exact": True,
    "blocks": [BLOCK],
    "surplus": {"cores": 0, "memory": 2048, "disk": 80 * GB, "network": 0},
    "reasons": [],
}
NOTHING = {
    "source": "pod-1",
    "fits": False,
    "blocks": [],
    "reasons": [{"requirement": "memory", "message": "memory: best zone has 384 of 512 GiB free"}],
    "not_counted": {"in use": 3},
}
POOL = {
    "source": "pod-1",
    "kinds": {"Compute": {"free": 2, "in use": 1}},
    "zones": [{"id": "zone-1", "blocks": 3, "free": 2, "largest": {"cpus": 40, "memory": 65536, "disk": 960 * GB}}],
    "free": {"cpus": 40, "memory": 65536},
    "fragmentation": {"cpus": 0.25, "memory": 0},
    "blocks": [BLOCK],
}


def test_a_flavor_that_composes_is_said_in_units(run, api):
    said = [
        "--cpus",
        "8",
        "--memory",
        "64GiB",
        "--disk",
        "2x480GB:ssd",
        "--disk",
        "1TB",
        "--nic",
        "2x25G",
        "--nic",
        "1",
    ]
    done = run("flavor", "create", "small", *said, "--trait", "GPU", "--compose-from", "pod-1")
    assert done.exit_code == 0, done.stderr
    assert api.body("POST", "flavors")["compose"] == {
        "cpus": 8,
        "memory": 65536,
        "disks": [{"size": 480 * GB, "count": 2, "media": "SSD"}, {"size": 1000 * GB, "count": 1, "media": None}],
        "nics": [{"count": 2, "speed": 25000}, {"count": 1, "speed": 0}],
        "traits": ["GPU"],
        "source": "pod-1",
        "compose_when_full": False,
    }


@pytest.mark.parametrize(
    ("said", "told"),
    [
        (["--cpus", "8"], "--memory"),
        (["--cpus", "8", "--memory", "many"], "'many' is no amount"),
        (["--cpus", "8", "--memory", "1GiB", "--disk", "2x480GB:tape"], "'tape' is no medium"),
        (["--cpus", "8", "--memory", "1GiB", "--disk", "0x480GB"], "asks for nothing"),
        (["--cpus", "8", "--memory", "1GiB", "--nic", "ax25G"], "'a' is no number"),
        (["--cpus", "8", "--memory", "1GiB", "--compose-when-full"], "resource class"),
    ],
)
def test_what_can_not_be_read_is_told_before_anything_is_sent(run, api, said, told):
    done = run("flavor", "create", "small", *said)
    assert done.exit_code == 2
    assert told in done.stderr
    assert not api.calls("POST")


def test_a_list_of_flavors_tells_what_they_are_composed_of(run, api):
    compose = {"cpus": 8, "memory": 65536, "disks": [{"size": 480 * GB, "count": 2, "media": "SSD"}], "nics": []}
    api.flavors.append({"uuid": "u", "name": "small", "resources": {}, "compose": {**compose, "source": "pod-1"}})
    assert "8 cores, 64 GiB, 2 × 480 GB SSD from pod-1" in run("flavor", "list").stdout


def test_a_preview_shows_blocks_and_what_is_left_over(run, api):
    api.answers["POST", "compose/preview"] = httpx.Response(200, json=PREVIEW)
    done = run("compose", "preview", "--flavor", "small", "--source", "pod-1")
    assert done.exit_code == 0, done.stderr
    assert api.body("POST", "compose/preview") == {"flavor": "small", "source": "pod-1"}
    for text in ("/blocks/cpu-1", "64 GiB", "2 × 480 GB SSD", "25G", "zone-1", "2 GiB of memory, 80 GB of disk"):
        assert text in done.stdout
    assert json.loads(run("compose", "preview", "--flavor", "small", "-o", "json").stdout) == PREVIEW


def test_a_preview_tells_why_nothing_fits_and_exits_with_4(run, api):
    api.answers["POST", "compose/preview"] = httpx.Response(200, json=NOTHING)
    done = run("compose", "preview", "--flavor", "small")
    assert done.exit_code == 4
    assert "memory: best zone has 384 of 512 GiB free" in done.stderr
    assert "3 in use" in done.stderr


def test_a_pod_is_shown_with_its_kinds_zones_and_fragmentation(run, api):
    api.answers["GET", "sources/pod-1/pool"] = httpx.Response(200, json=POOL)
    done = run("source", "show", "pod-1")
    assert done.exit_code == 0, done.stderr
    for text in ("Compute", "zone-1", "40", "64 GiB", "960 GB", "25%"):
        assert text in done.stdout
    assert "/blocks/cpu-1" not in done.stdout
    assert "/blocks/cpu-1" in run("source", "show", "pod-1", "--blocks").stdout
    assert "/blocks/cpu-1" in run("source", "show", "pod-1", "-o", "csv").stdout
