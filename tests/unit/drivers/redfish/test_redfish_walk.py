"""Walking through a service's collections comes to an end, whatever the service says."""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping
from typing import Any, cast

import pytest

from corral.domain.errors import DriverFailed
from corral.drivers.redfish.client import Client
from corral.drivers.redfish.links import Links
from corral.drivers.redfish.walk import MOST_PAGES, Walk

BLOCKS = "/redfish/v1/CompositionService/ResourceBlocks"


class Service:
    """Answers each GET by a function of its path and how many there were before."""

    def __init__(self, answer: Callable[[str, int], Mapping[str, Any]]) -> None:
        self.links = Links("https://pod.example.org")
        self.asked: list[str] = []
        self._answer = answer

    def get(self, target: str) -> Mapping[str, Any]:
        self.asked.append(target)
        return self._answer(target, len(self.asked))


def walk(service: Service, seconds: float = 60) -> Walk:
    return Walk(cast(Client, service), 4, seconds)


def page(*members: int, following: str | None = None) -> dict[str, Any]:
    found: dict[str, Any] = {"Members": [{"@odata.id": f"{BLOCKS}/{one}"} for one in members]}
    return found if following is None else {**found, "Members@odata.nextLink": following}


def test_members_of_all_pages_are_found_once_and_in_order() -> None:
    pages = [page(1, 2, following=f"{BLOCKS}?$skip=2"), page(2, 3, following=f"{BLOCKS}?$skip=4"), page(4)]
    service = Service(lambda _target, number: pages[number - 1])
    assert walk(service).members(BLOCKS) == tuple(f"{BLOCKS}/{one}" for one in (1, 2, 3, 4))
    assert service.asked == [BLOCKS, f"{BLOCKS}?$skip=2", f"{BLOCKS}?$skip=4"]


def test_pages_that_bring_nothing_new_are_not_followed() -> None:
    service = Service(lambda _target, number: page(1, following=f"{BLOCKS}?$skip={number}"))
    with pytest.raises(DriverFailed, match="has no end"):
        walk(service).members(BLOCKS)
    assert len(service.asked) == 2


def test_pages_that_always_bring_something_new_are_not_followed_for_ever() -> None:
    service = Service(lambda _target, number: page(number, following=f"{BLOCKS}?$skip={number}"))
    with pytest.raises(DriverFailed, match="has no end"):
        walk(service).members(BLOCKS)
    assert len(service.asked) == MOST_PAGES + 1


def test_a_walk_ends_with_its_time() -> None:
    def slow(_target: str, number: int) -> Mapping[str, Any]:
        time.sleep(0.05)
        return page(number, following=f"{BLOCKS}?$skip={number}")

    service = Service(slow)
    with pytest.raises(DriverFailed, match="given up after"):
        walk(service, seconds=0.3).members(BLOCKS)
    assert len(service.asked) < 20


def test_many_are_read_at_once_and_come_back_in_order() -> None:
    assert walk(Service(lambda *_: {})).all(lambda one: one * 2, range(50)) == [one * 2 for one in range(50)]


def test_an_error_of_one_of_many_is_not_swallowed() -> None:
    def read(one: int) -> int:
        if one == 7:
            raise DriverFailed("This one can't be read.")
        return one

    with pytest.raises(DriverFailed, match="This one"):
        walk(Service(lambda *_: {})).all(read, range(50))
