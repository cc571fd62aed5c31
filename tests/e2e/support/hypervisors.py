"""Hypervisors of a test's own, and a Corral over them: what is asked of its API about VMs, and what a guest itself shows."""

from __future__ import annotations

import os
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest
import yaml

from lab import processes
from lab.hypervisor.daemon import Hypervisor, missing
from lab.hypervisor.guests import Guest
from tests.e2e.support.corral import Corral
from tests.e2e.support.lab import Json

STILL = 20.0
"""Seconds without a beat that are taken for a gap: a guest beats twice a second, but shares its processors with many."""


def check_installed() -> None:
    """Skip where there is no libvirtd; fail where the lab is required."""
    if lacking := missing():
        if os.environ.get("CORRAL_REQUIRE_LAB") == "1":
            pytest.fail(f"CORRAL_REQUIRE_LAB=1, but {lacking[0]} is not installed")
        pytest.skip(f"{lacking[0]} is not installed; `tools/apt.sh lab` does it")


@contextmanager
def corral_over(
    home: Path, hypervisors: list[Mapping[str, Any]], *, workers: int = 4, clouds: str = "", **more: Any
) -> Iterator[Corral]:
    """`corral serve` over these sources of hosts, and none of nodes. `workers`: operations at a time. `clouds`: a clouds.yaml.
    `more`: further settings."""
    made = Corral(home, clouds=clouds)
    settings = {
        "data_dir": str(home / "data"),
        "port": made.port,
        "workers": workers,
        "sources": [],
        "settle_timeout": 3,
    }
    (home / "corral.yaml").write_text(yaml.safe_dump({**settings, "hypervisors": hypervisors, **more}))
    made.start()
    try:
        yield made
    finally:
        made.stop()
        made.http.close()


def until(true: Callable[[], Any], seconds: float = 120) -> Any:
    """What it gives as soon as that counts as true."""
    end = time.monotonic() + seconds
    while not (found := true()):
        assert time.monotonic() < end, "it did not come about in time"
        time.sleep(0.2)
    return found


def listed(corral: Corral, vm: str) -> list[Json]:
    """The entries of a VM in the lists of all hosts."""
    hosts = corral.get("/v1/hosts")["hosts"]
    found = [one for host in hosts for one in corral.get(f"/v1/hosts/{host['id']}/machines")["machines"]]
    return [one for one in found if one["id"] == vm]


def entry(corral: Corral, vm: str) -> Json | None:
    """The one entry of a VM, None while there is none. Fails when there are two."""
    found = listed(corral, vm)
    if len(found) > 1:
        found = listed(corral, vm)  # one list is asked for after the other, and it moved in between
    assert len(found) < 2, found
    return found[0] if found else None


def surveyed(corral: Corral, vm: str, true: Callable[[Json], Any] = bool) -> Json:
    """The entry of a VM once surveys have seen it like that."""

    def seen() -> Json | None:
        one = entry(corral, vm)
        return one if one is not None and true(one) else None

    found: Json = until(seen)
    return found


def adopted(corral: Corral, vm: str, name: str, source: str) -> Json:
    """The server that a VM has become."""
    body = {"name": name, "node_uuid": vm, "source": source}
    return ended(corral, corral.http.post("/v1/servers/manage", json=body))


def ended(corral: Corral, answer: Any) -> Json:
    """The server after the operation that an answer began, which succeeded."""
    assert answer.status_code == 202, answer.text
    begun = answer.json()
    done = corral.finished(begun["operation"])
    assert done["state"] == "succeeded", done["error"]
    server: Json = begun["server"]
    return server


@dataclass(frozen=True)
class Life:
    """What a guest's process and its own clock show; it is the same for as long as nobody restarts it."""

    pid: int
    born: str
    run: str
    boot: str

    @classmethod
    def of(cls, hypervisor: Hypervisor, guest: Guest) -> Life:
        pid = hypervisor.pid(guest.name)
        boots = {boot for _, _, boot in hypervisor.beats(guest)}
        assert len(boots) == 1, boots
        return cls(pid, str(processes.born(pid)), hypervisor.virsh("domid", guest.name).strip(), boots.pop())


def check_heartbeat(hypervisor: Hypervisor, guest: Guest, beats_on: bool = True) -> None:
    """No beat is missing, and between two of them no long time went by on the guest's clock; it goes on beating now."""
    said = hypervisor.beats(guest)
    last = said[-1][0]
    if beats_on:
        until(lambda: hypervisor.beats(guest)[-1][0] > last, STILL)
        said = hypervisor.beats(guest)
    assert [one[0] for one in said] == list(range(len(said)))
    assert max(later[1] - one[1] for one, later in pairwise(said)) < STILL
