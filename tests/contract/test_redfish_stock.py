"""The Redfish driver over a pod with two zones, a block that can be shared, and blocks that can't be had."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from contract_pod import EmulatedYard, new_name

from corral.contracts.border import Purpose, crossing
from corral.domain.blocks import BlockKind, BlockState, Drive, Limit, Media, Wanted
from corral.domain.errors import Conflict, Refused
from lab.pod.running import PASSWORD, running_pod

ROOT = "/redfish/v1/CompositionService"
WANTED = Wanted(cores=8, memory=1024)


def compute(name: str, zone: str, **more: Any) -> dict[str, Any]:
    return {"id": name, "kinds": ["Compute"], "processors": [8], "memory": [1024], "zones": [zone], **more}


STOCK = {
    "blocks": [
        compute("left", "1"),
        compute("right", "2"),
        compute("third", "2"),
        compute("sick", "1", health="Critical"),
        {
            "id": "both",
            "kinds": ["Storage", "Network"],
            "disks": [{"size": 10**12, "media": "NVMe"}, {"size": 4 * 10**12, "media": "HDD"}],
            "adapters": [100000],
            "zones": ["1", "2"],
            "shared": 2,
        },
    ],
    "limits": {"MinCompute": 1, "MaxStorage": 1},
}


@pytest.fixture
def yard(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[EmulatedYard]:
    (tmp_path / "stock.json").write_text(json.dumps(STOCK))
    monkeypatch.setenv(EmulatedYard.PASSWORD_ENV, PASSWORD)
    with running_pod(stock=tmp_path / "stock.json") as running, crossing(Purpose.COMPOSE):
        made = EmulatedYard(running, "auto")
        yield made
        made.close()


def path(*names: str) -> list[str]:
    return [f"{ROOT}/ResourceBlocks/{name}" for name in names]


def test_a_shared_block_is_had_by_as_many_as_may_have_it(yard: EmulatedYard) -> None:
    first = yard.composes.compose(new_name(), WANTED, path("left", "both"))
    block = {one.id: one for one in yard.pools.pool().blocks}[path("both")[0]]
    assert (block.limit, block.systems, block.state, block.free) == (
        2,
        (first.id,),
        BlockState.COMPOSED_AND_AVAILABLE,
        True,
    )
    yard.composes.compose(new_name(), WANTED, path("right", "both"))
    with pytest.raises(Conflict):
        yard.composes.compose(new_name(), WANTED, path("third", "both"))
    yard.composes.release(first.id, first.name)
    assert yard.composes.compose(new_name(), WANTED, path("third", "both")).blocks == frozenset(path("third", "both"))


def test_blocks_of_two_zones_are_refused_by_the_pods_own_word(yard: EmulatedYard) -> None:
    with pytest.raises(Refused) as caught:
        yard.composes.compose(new_name(), WANTED, path("left", "right"))
    assert "IncompatibleZone" in caught.value.reasons[0].message
    assert not yard.held()


def test_a_pool_shows_zones_limits_and_what_blocks_are_made_of(yard: EmulatedYard) -> None:
    pool = yard.pools.pool()
    blocks = {block.id.rpartition("/")[2]: block for block in pool.blocks}
    assert {zone.id: zone.blocks for zone in pool.zones} == {
        f"{ROOT}/ResourceZones/1": frozenset(path("left", "sick", "both")),
        f"{ROOT}/ResourceZones/2": frozenset(path("right", "third", "both")),
    }
    assert pool.zones[0].limits == {BlockKind.COMPUTE: Limit(1, None), BlockKind.STORAGE: Limit(0, 1)}
    assert blocks["both"].kinds == {BlockKind.STORAGE, BlockKind.NETWORK}
    assert blocks["both"].drives == (Drive(10**12, Media.NVME), Drive(4 * 10**12, Media.HDD))
    assert blocks["both"].adapters[0].speed == 100_000
    assert not blocks["sick"].free


def test_a_block_that_is_not_healthy_is_not_taken(yard: EmulatedYard) -> None:
    with pytest.raises(Conflict, match="not healthy"):
        yard.composes.compose(new_name(), WANTED, path("sick"))
    assert not yard.held()
