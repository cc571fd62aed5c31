"""The laws of `contracts.composition`, for every pod."""

from __future__ import annotations

from dataclasses import replace

import pytest
from contract_pod import MACHINES, WANTED, Pod, new_name

from corral.contracts.border import Purpose, crossing
from corral.domain.blocks import BlockKind, BlockState
from corral.domain.errors import Breach, Conflict, CorralError, NotFound, Refused

pytestmark = pytest.mark.usefixtures("composing")


@pytest.fixture
def composing():
    with crossing(Purpose.COMPOSE) as recorder:
        yield recorder


def test_a_pod_tells_all_its_blocks_with_what_they_are_made_of(pod: Pod) -> None:
    pool = pod.pools.pool()
    blocks = {block.id: block for block in pool.blocks}
    compute, storage, network = (blocks[one] for one in pod.blocks(1))
    assert len(blocks) == 3 * MACHINES
    assert (compute.kinds, compute.cores, compute.memory) == ({BlockKind.COMPUTE}, 16, 65536)
    assert storage.kinds == {BlockKind.STORAGE} and storage.drives[0].size > 900 * 10**9 and storage.drives[0].media
    assert network.kinds == {BlockKind.NETWORK} and network.adapters[0].speed == 25_000 and network.adapters[0].mac
    assert all(block.free and not block.problem for block in blocks.values())


def test_every_block_is_in_a_zone_that_has_it(pod: Pod) -> None:
    pool = pod.pools.pool()
    zones = {zone.id: zone for zone in pool.zones}
    assert zones
    for block in pool.blocks:
        assert block.zones and all(block.id in zones[zone].blocks for zone in block.zones)


def test_what_was_composed_is_what_was_asked_for(pod: Pod) -> None:
    name = new_name()
    made = pod.composes.compose(name, WANTED, pod.blocks(1))
    assert (made.name, made.composed, made.blocks) == (name, True, frozenset(pod.blocks(1)))
    assert made.cores >= WANTED.cores and made.memory >= WANTED.memory and made.macs and made.uuid
    assert made.architecture == "x86_64"
    assert pod.names() == [name]
    assert pod.pools.system(made.id) == made
    assert list(pod.pools.named(name)) == [made] and list(pod.pools.systems()) == [made]


def test_the_blocks_of_a_system_are_no_longer_free(pod: Pod) -> None:
    made = pod.composes.compose(new_name(), WANTED, pod.blocks(2))
    for block in pod.pools.pool().blocks:
        mine = block.id in pod.blocks(2)
        assert block.free is not mine
        assert block.systems == ((made.id,) if mine else ())
        assert block.state is (BlockState.COMPOSED if mine else BlockState.UNUSED)


def test_asking_again_for_the_same_name_gives_the_same_system(pod: Pod) -> None:
    name = new_name()
    first = pod.composes.compose(name, WANTED, pod.blocks(1))
    assert pod.composes.compose(name, WANTED, pod.blocks(1)) == first
    assert pod.names() == [name]


def test_a_block_that_somebody_has_is_a_conflict_and_stays_theirs(pod: Pod) -> None:
    pod.other(pod.blocks(1)[1])
    before = pod.held()
    with pytest.raises(Conflict):
        pod.composes.compose(new_name(), WANTED, pod.blocks(1))
    assert pod.held() == before and pod.names() == ["somebody-else"]


def test_a_block_that_two_got_is_given_back_by_us(pod: Pod) -> None:
    pod.rival()
    with pytest.raises(Conflict, match="released again"):
        pod.composes.compose(new_name(), WANTED, pod.blocks(1))
    assert len(pod.names()) == 1
    assert [len(systems) for systems in pod.held().values()] == [1]


def test_a_block_that_does_not_exist_is_refused(pod: Pod) -> None:
    with pytest.raises(Refused):
        pod.composes.compose(new_name(), WANTED, [*pod.blocks(1), f"{pod.blocks(1)[0]}-none"])
    assert not pod.held() and not pod.names()


def test_less_than_what_was_wanted_is_given_back(pod: Pod) -> None:
    with pytest.raises(Conflict, match="released again"):
        pod.composes.compose(new_name(), replace(WANTED, cores=17), pod.blocks(1))
    assert not pod.held() and not pod.names()


def test_a_composition_whose_answer_was_lost_is_found_by_asking_again(pod: Pod) -> None:
    name = new_name()
    pod.lost("POST")
    try:
        made = pod.composes.compose(name, WANTED, pod.blocks(1))
    except CorralError:
        made = pod.composes.compose(name, WANTED, pod.blocks(1))
    assert made.blocks == frozenset(pod.blocks(1))
    assert pod.names() == [name]


def test_a_composition_that_failed_before_anything_was_done_can_be_asked_for_again(pod: Pod) -> None:
    name = new_name()
    pod.refused("POST")
    with pytest.raises(CorralError):
        pod.composes.compose(name, WANTED, pod.blocks(1))
    assert not pod.held() and not pod.names()
    assert pod.composes.compose(name, WANTED, pod.blocks(1)).name == name


def test_a_released_system_is_gone_and_its_blocks_are_free(pod: Pod) -> None:
    name = new_name()
    made = pod.composes.compose(name, WANTED, pod.blocks(1))
    kept = pod.composes.compose(new_name(), WANTED, pod.blocks(2))
    pod.composes.release(made.id, name)
    assert pod.names() == [kept.name]
    assert {block.id for block in pod.pools.pool().blocks if not block.free} == set(pod.blocks(2))
    with pytest.raises(NotFound):
        pod.pools.system(made.id)
    assert list(pod.pools.named(name)) == []


def test_releasing_again_is_done(pod: Pod) -> None:
    name = new_name()
    made = pod.composes.compose(name, WANTED, pod.blocks(1))
    pod.composes.release(made.id, name)
    pod.composes.release(made.id, name)
    assert not pod.held()


def test_a_system_of_another_name_is_never_released(pod: Pod) -> None:
    name = new_name()
    made = pod.composes.compose(name, WANTED, pod.blocks(1))
    before = pod.held()
    pod.composes.release(made.id, f"{name}-not")
    assert pod.names() == [name] and pod.held() == before


def test_a_system_that_vanished_is_released(pod: Pod) -> None:
    name = new_name()
    made = pod.composes.compose(name, WANTED, pod.blocks(1))
    pod.vanish(made.id)
    pod.composes.release(made.id, name)
    assert not pod.held() and not pod.names()


@pytest.mark.parametrize("moment", ["lost", "refused"])
def test_a_release_that_broke_is_done_by_releasing_again(pod: Pod, moment: str) -> None:
    name = new_name()
    made = pod.composes.compose(name, WANTED, pod.blocks(1))
    getattr(pod, moment)("DELETE")
    try:
        pod.composes.release(made.id, name)
    except CorralError:
        pod.composes.release(made.id, name)
    assert not pod.held() and not pod.names()


def test_nothing_is_composed_or_released_without_the_purpose(pod: Pod) -> None:
    name = new_name()
    made = pod.composes.compose(name, WANTED, pod.blocks(1))
    before = pod.held()
    with crossing(Purpose.LOOK), pytest.raises(Breach):
        pod.composes.compose(new_name(), WANTED, pod.blocks(2))
    with crossing(Purpose.LOOK), pytest.raises(Breach):
        pod.composes.release(made.id, name)
    assert pod.held() == before


def test_an_enrolment_leads_to_the_system_and_shows_no_secret(pod: Pod) -> None:
    made = pod.composes.compose(new_name(), WANTED, pod.blocks(1))
    enrolment = pod.composes.enrolment(made)
    assert enrolment.driver == "redfish"
    assert enrolment.driver_info["redfish_system_id"] == made.id
    assert "redfish_password" not in enrolment.driver_info
    assert "password" not in repr(enrolment).lower()


def test_a_pod_says_that_it_is_there(pod: Pod) -> None:
    health = pod.source.machines.check()
    assert health.reachable, health.detail
    assert {"pools", "composes"} <= set(pod.source.capabilities)
