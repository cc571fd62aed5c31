"""What the lab's Cinder and Neutron have for a test: volumes of the array that Cinder does not know, and a network on a VLAN."""

from __future__ import annotations

import fcntl
import json
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import httpx

from tests.e2e.support.lab import Api, Json, Lab, LabRefused

ARRAY, FILES = "labhost@array", "labhost@files"
VERSION = {"OpenStack-API-Version": "volume 3.44"}


def storage_of(lab: Lab) -> Path:
    """The folder of the lab's Cinder: `images` is the backend `files`, `array.json` tells the volumes of the backend `array`."""
    return Path(lab.clouds).parents[2] / "data" / "cinder"


@contextmanager
def cinder_of(lab: Lab) -> Iterator[Api]:
    """The lab's Cinder, as an administrator sees it."""
    with httpx.Client(base_url=lab._urls["cinder"], auth=lab.project_token, headers=VERSION, timeout=60) as http:
        yield Api(http)


@contextmanager
def keystone_of(lab: Lab) -> Iterator[Api]:
    """The lab's Keystone, likewise."""
    with httpx.Client(base_url=lab._urls["keystone"], auth=lab.token, timeout=60, trust_env=False) as http:
        yield Api(http)


@contextmanager
def luns(lab: Lab, *made: Json) -> Iterator[None]:
    """Volumes in the array, each `{name, gib, wwn}`, until the end."""
    names = {one["name"] for one in made}
    _change(storage_of(lab) / "array.json", lambda there: [*there, *made])
    try:
        yield
    finally:
        _change(storage_of(lab) / "array.json", lambda there: [one for one in there if one["name"] not in names])


def _change(place: Path, change: Callable[[list[Any]], list[Any]]) -> None:
    with place.with_suffix(".lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        there = json.loads(place.read_text())["luns"] if place.exists() else []
        new = place.with_suffix(".new")
        new.write_text(json.dumps({"luns": change(there)}))
        new.replace(place)


@contextmanager
def vlan_network(lab: Lab, mark: str) -> Iterator[tuple[str, int]]:
    """A network on a VLAN of physnet1 with the subnet 10.78.0.0/24, removed with its ports at the end: its id, the VLAN."""
    made, vlan = _network(lab, mark)
    try:
        subnet = {"network_id": made, "ip_version": 4, "cidr": "10.78.0.0/24"}
        lab.neutron.call("POST", "/v2.0/subnets", {"subnet": subnet})
        yield made, vlan
    finally:
        for port in lab.neutron.get(f"/v2.0/ports?network_id={made}")["ports"]:
            lab.neutron.remove(f"/v2.0/ports/{port['id']}")
        lab.neutron.remove(f"/v2.0/networks/{made}")


def _network(lab: Lab, mark: str) -> tuple[str, int]:
    """One on the first VLAN from a place that the mark tells: others may have networks there at the same time."""
    where = {"provider:network_type": "vlan", "provider:physical_network": "physnet1"}
    for step in range(100):
        vlan = 1100 + (int(mark, 16) + step) % 890
        body = {"name": f"gaps-{mark}", **where, "provider:segmentation_id": vlan}
        try:
            return lab.neutron.call("POST", "/v2.0/networks", {"network": body})["network"]["id"], vlan
        except LabRefused as taken:
            if ": 409 " not in str(taken):
                raise
    raise AssertionError("a hundred VLANs in a row are taken")
