"""Twenty composers want the blocks of ten machines, of a service that gives a block twice in one of five compositions."""

from __future__ import annotations

import random
import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from contract_pod import WANTED, EmulatedYard

from corral.contracts.border import Purpose, crossing
from corral.domain.errors import Conflict, CorralError, Refused
from lab.pod.running import PASSWORD, RunningPod, running_pod

MACHINES, COMPOSERS = 10, 20


@pytest.fixture
def ten(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[RunningPod]:
    monkeypatch.setenv(EmulatedYard.PASSWORD_ENV, PASSWORD)
    with running_pod(MACHINES, certificates=tmp_path) as found:
        yield found


@pytest.mark.timeout(900)
@pytest.mark.parametrize("method", ["specific", "auto"])
def test_no_block_is_in_two_systems_and_everybody_has_a_system_or_a_clear_no(ten: RunningPod, method: str) -> None:
    yard = EmulatedYard(ten, method, settle=3, read_timeout=60)
    yard.composing("double", times=0, share=0.2)
    start = threading.Barrier(COMPOSERS)

    won: list[str] = []

    def compose(number: int) -> str | CorralError:
        with crossing(Purpose.COMPOSE):
            start.wait()
            return _until_no(yard, won, f"racer-{number}", random.Random(number))

    with ThreadPoolExecutor(COMPOSERS) as pool:
        results = list(pool.map(compose, range(COMPOSERS)))
    got = [one for one in results if isinstance(one, str)]
    state = ten.control("state")
    holders = {block: systems for block, systems in state["blocks"].items() if systems}
    assert all(len(systems) == 1 for systems in holders.values()), holders
    assert sorted(one["name"] for one in state["systems"].values()) == sorted(got)
    assert len(got) == MACHINES
    assert all(isinstance(one, Conflict | Refused) for one in results if not isinstance(one, str))
    assert not state["reservations"] and len(holders) == 3 * MACHINES
    yard.close()


def _until_no(yard: EmulatedYard, won: list[str], name: str, dice: random.Random) -> str | CorralError:
    """Ask for any machine's blocks, under a new name for each attempt, until ten systems stand; then the last no."""
    said: CorralError = Refused("It was never asked for.", [])
    for attempt in range(200):
        if len(won) == MACHINES:
            return said
        try:
            machine = dice.randint(1, MACHINES)
            made = yard.composes.compose(f"{name}-{attempt}", WANTED, yard.blocks(machine))
            won.append(made.name)
            return made.name
        except (Conflict, Refused) as exc:
            said = exc
    raise AssertionError(f"{name}: it never came to an end")
