"""The Valence driver over a real Valence of the last release, with etcd and a simulated manager: `lab/valence` starts them."""

from __future__ import annotations

import os
import shutil
from collections import Counter
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from corral.contracts.border import Purpose, crossing
from corral.domain.blocks import ComposedSystem, Wanted
from corral.domain.errors import Conflict, CorralError, DriverFailed, NotFound
from corral.drivers.valence import open_source
from corral.drivers.valence.machines import ValencePod
from lab.valence.running import running

pytestmark = [pytest.mark.lab, pytest.mark.timeout(900), pytest.mark.usefixtures("composing")]

_HOME = Path(os.environ.get("CORRAL_VALENCE_DIR", Path(__file__).parents[2] / ".lab" / "valence"))
WANTED = Wanted(4, 1024)


@pytest.fixture
def composing() -> Iterator[None]:
    with crossing(Purpose.COMPOSE):
        yield


@pytest.fixture
def pod() -> Iterator[ValencePod]:
    if shutil.which("etcd") is None and os.environ.get("CORRAL_REQUIRE_LAB") != "1":
        pytest.skip("there is no etcd: `tools/apt.sh lab` installs it")
    _HOME.mkdir(parents=True, exist_ok=True)
    with running(_HOME, servers=4) as valence:
        options = {"url": valence.url, "podm_id": valence.podm_id, "settle": 1, "unmeasured": True}
        source = open_source("rack", options)
        assert isinstance(source.machines, ValencePod)
        yield source.machines
        source.close()


def test_systems_are_composed_found_and_released_until_nothing_is_left(pod: ValencePod) -> None:
    made = [pod.compose(f"server-{number}", WANTED, ()) for number in range(4)]
    assert len({mac for one in made for mac in one.macs}) == 4
    assert pod.compose("server-2", WANTED, ()) == made[2]
    assert list(pod.named("server-1")) == [made[1]]
    with pytest.raises(Conflict, match="nothing left"):
        pod.compose("one-more", WANTED, ())
    pod.release(made[0].id, "not-its-name")
    for one in made:
        pod.release(one.id, one.name)
        pod.release(one.id, one.name)
    assert list(pod.systems()) == []
    with pytest.raises(NotFound):
        pod.system(made[0].id)


def test_a_machine_that_several_got_who_asked_at_once_is_nobodys_to_take_apart(pod: ValencePod) -> None:
    def ask(number: int) -> ComposedSystem | CorralError:
        with crossing(Purpose.COMPOSE):
            try:
                return pod.compose(f"racer-{number}", WANTED, ())
            except CorralError as exc:
                return exc

    with ThreadPoolExecutor(4) as pool:
        ended = list(pool.map(ask, range(4)))
    holders = Counter(mac for one in pod.systems() for mac in one.macs)
    for one in pod.systems():
        if any(holders[mac] > 1 for mac in one.macs):
            with pytest.raises(DriverFailed, match="left as it is"):
                pod.release(one.id, one.name)
        else:
            pod.release(one.id, one.name)
    left = Counter(mac for one in pod.systems() for mac in one.macs)
    assert left == {mac: count for mac, count in holders.items() if count > 1}
    # Of those that share a machine, the last to look has seen the others: at most one believed that it was alone.
    for mac in left:
        assert sum(isinstance(one, ComposedSystem) and mac in one.macs for one in ended) <= 1
