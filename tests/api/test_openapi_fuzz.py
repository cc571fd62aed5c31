"""Whatever the API's own description allows, and much that it does not: every answer is one that the description has."""

from __future__ import annotations

import time
from contextlib import suppress
from typing import Any

import pytest
import schemathesis
from api_world import Api, Serve, fleet, wish
from hypothesis import HealthCheck, Phase, assume, given, seed, settings
from hypothesis.errors import Unsatisfiable
from schemathesis import Case, GenerationMode
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    response_schema_conformance,
    status_code_conformance,
)

DECLARED = (501, 502, 503)
"""Not supported, a source that fails, and not ready: said on purpose."""

CONFORMS = [status_code_conformance, content_type_conformance, response_schema_conformance]

BOUNDED = settings(
    max_examples=6,
    derandomize=True,
    database=None,
    deadline=None,
    phases=[Phase.explicit, Phase.generate],
    suppress_health_check=list(HealthCheck),
)


def surveyed(api: Api) -> str:
    """The id of a host, once there is one."""
    end = time.monotonic() + 120
    while not (found := api.seen("/v1/hosts")["hosts"]):
        assert time.monotonic() < end
        time.sleep(0.05)
    return str(found[0]["id"])


@pytest.fixture
def things(serve: Serve) -> tuple[Api, dict[str, str]]:
    """A Corral with one of each thing, and the path of each with its uuid."""
    memory = fleet()
    api = serve(memory.source, hypervisors=[{"name": "racks", "driver": "memory"}])
    gold = api.flavor("gold")
    taken = api.post("/v1/servers/manage", json=wish(memory, "bank-db-01", gold))
    server = api.done(taken)
    plan = api.post("/v1/plans", json={"machines": [wish(memory, "bank-db-02", gold)]}).json()
    return api, {
        "/v1/servers/{uuid}": server["uuid"],
        "/v1/flavors/{uuid}": gold,
        "/v1/plans/{uuid}": plan["uuid"],
        "/v1/operations/{uuid}": taken.json()["operation"]["uuid"],
        "/v1/hosts/{host}": surveyed(api),
    }


@pytest.mark.timeout(400)
@pytest.mark.parametrize("mode", list(GenerationMode), ids=str)
def test_every_answer_is_one_that_the_description_has(things: tuple[Api, dict[str, str]], mode: GenerationMode) -> None:
    api, known = things
    described = schemathesis.openapi.from_dict(api.seen("/openapi.json"))
    tried = 0
    for found in described.get_all_operations():
        operation = found.ok()
        uuid = next((one for path, one in known.items() if operation.path.startswith(path)), None)
        for given_uuid in [None] if uuid is None else [None, uuid]:
            _fuzz(api, operation.as_strategy(generation_mode=mode), given_uuid)
        tried += 1
    assert tried > 35


def _fuzz(api: Api, cases: Any, uuid: str | None) -> None:
    @seed(20260101)
    @BOUNDED
    @given(case=cases)
    def conforms(case: Case) -> None:
        # The HTTP server hangs up on a longer request line, before any of our code sees it.
        assume(len(str(case.query)) < 2000)
        if uuid is not None:
            name = "host" if "{host}" in case.path else "uuid"
            case.path_parameters = {**(case.path_parameters or {}), name: uuid}
        answer = case.call(base_url=str(api.base_url).rstrip("/"), timeout=120)
        assert answer.status_code < 500 or answer.status_code in DECLARED, f"{answer.status_code}: {answer.text[:500]}"
        assert "openstack-request-id" in answer.headers
        if answer.status_code != 405:  # a method or a path that the description does not have
            case.validate_response(answer, checks=CONFORMS)

    # An operation that takes nothing can't be given anything wrong.
    with suppress(Unsatisfiable):
        conforms()


def test_no_route_describes_an_answer_that_corral_never_gives(bare: Api) -> None:
    document = bare.seen("/openapi.json")
    assert "HTTPValidationError" not in str(document)
    for path, methods in document["paths"].items():
        for method, operation in methods.items():
            answers = operation["responses"]
            if path.startswith("/v1/"):
                assert {"400", "401", "403", "503"} <= set(answers), f"{method} {path}"
            for status, answer in answers.items():
                assert answer["description"].strip(), f"{method} {path} {status}"
                if int(status) >= 400 and path.startswith("/v1/"):
                    (kind,) = answer["content"]
                    schema = answer["content"][kind]["schema"]["$ref"].rsplit("/", 1)[-1]
                    assert (kind, schema) in {
                        ("application/json", "MoganError"),
                        ("application/problem+json", "Problem"),
                    }


def test_the_page_of_the_description_needs_nothing_from_elsewhere(bare: Api) -> None:
    for page in ("/docs", "/redoc"):
        answer = bare.get(page)
        assert answer.status_code == 200
        assert "https://" not in answer.text
        scripts = [part.split('"')[0] for part in answer.text.split('src="')[1:]]
        assert scripts
        assert all(bare.get(script).status_code == 200 for script in scripts)
