"""Whatever the API's own description allows, and much that it does not: no answer is a failure of the server."""

from __future__ import annotations

from contextlib import suppress

import pytest
import schemathesis
from api_world import Api, Serve, fleet
from hypothesis import HealthCheck, Phase, given, seed, settings
from hypothesis.errors import Unsatisfiable
from schemathesis import Case, GenerationMode

DECLARED = (501, 503)
"""Not supported, and not ready: said on purpose."""

BOUNDED = settings(
    max_examples=12,
    derandomize=True,
    database=None,
    deadline=None,
    phases=[Phase.explicit, Phase.generate],
    suppress_health_check=list(HealthCheck),
)


@pytest.mark.parametrize("mode", list(GenerationMode), ids=str)
def test_no_request_makes_the_server_fail(serve: Serve, mode: GenerationMode) -> None:
    api = serve(fleet().source)
    api.flavor("gold")
    # Events are a stream that lasts as long as its operation: it has tests of its own.
    described = schemathesis.openapi.from_dict(api.seen("/openapi.json")).exclude(path_regex=r"/events$")
    tried = 0
    for found in described.get_all_operations():
        operation = found.ok()
        _fuzz(api, operation.as_strategy(generation_mode=mode))
        tried += 1
    assert tried > 30


def _fuzz(api: Api, cases: object) -> None:
    @seed(20260101)
    @BOUNDED
    @given(case=cases)
    def no_failure(case: Case) -> None:
        answer = case.call(base_url=str(api.base_url).rstrip("/"), timeout=20)
        assert answer.status_code < 500 or answer.status_code in DECLARED, f"{answer.status_code}: {answer.text[:500]}"
        assert "openstack-request-id" in answer.headers

    # An operation that takes nothing can't be given anything wrong.
    with suppress(Unsatisfiable):
        no_failure()
