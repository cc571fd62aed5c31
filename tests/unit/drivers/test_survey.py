"""A survey reads ahead: nothing is lost, reordered or hidden by that, and nothing goes on behind its back."""

from __future__ import annotations

import threading
from itertools import islice

import pytest

from corral.contracts.border import Purpose, crossing
from corral.contracts.sources import Query
from corral.domain.errors import DriverFailed
from corral.drivers.ironic.listing import sizes
from corral.drivers.memory import Answered, MemorySource
from corral.drivers.memory.fleet import synthetic
from corral.services.survey import BATCH, survey

MANY = 5 * BATCH + 7


def fleet() -> MemorySource:
    source = MemorySource("lab")
    synthetic(source.world, MANY)
    return source


def test_all_machines_come_once_and_in_order_whatever_the_batches() -> None:
    source = fleet()
    found = [one.machine.id for one in survey(source.source, Query())]
    assert found == source.world.order
    assert len(found) == MANY
    assert [one.machine.id for one in survey(source.source, Query(), limit=BATCH + 1)] == found[: BATCH + 1]
    source.source.close()


def test_what_is_read_ahead_is_recorded_for_the_caller() -> None:
    source = fleet()
    with crossing(Purpose.LOOK) as recorder:
        list(survey(source.source, Query()))
    assert {call.path for call in recorder.calls} >= {"/v1/nodes", "/v1/ports", "/v2.0/ports"}
    source.source.close()


def test_a_source_that_fails_further_on_fails_the_survey_after_what_came_before() -> None:
    source, seen = fleet(), []

    def second_page(told: str) -> None:
        seen.append(told)
        if seen.count("before GET /v1/nodes") == 2:
            raise Answered(500, "no")

    source.faults = second_page
    verdicts = survey(source.source, Query())
    assert len(list(islice(verdicts, BATCH))) == BATCH
    with pytest.raises(DriverFailed):
        list(verdicts)
    source.source.close()


def test_who_stops_early_leaves_no_thread_behind() -> None:
    source = fleet()
    verdicts = survey(source.source, Query())
    next(verdicts)
    verdicts.close()  # type: ignore[attr-defined]
    assert not [one for one in threading.enumerate() if one.name.startswith("corral-survey")]
    source.source.close()


def test_pages_grow_and_never_ask_for_more_than_is_wanted() -> None:
    assert list(islice(sizes(1000, None), 6)) == [125, 250, 500, 1000, 1000, 1000]
    assert list(islice(sizes(1000, 400), 3)) == [125, 250, 25]
    assert list(islice(sizes(50, 120), 3)) == [50, 50, 20]
    assert next(sizes(1000, 5)) == 5
