"""What the description says of successes, held against the answers of a running Corral, field by field."""

from __future__ import annotations

import time
from copy import deepcopy
from typing import Any

import jsonschema
import pytest
from api_world import Api, Serve, fleet, wish

Json = dict[str, Any]


def strict(document: Json) -> Json:
    """The description, in which an object has no other fields than those that it names."""
    schemas = deepcopy(document["components"]["schemas"])
    for schema in schemas.values():
        if "properties" in schema:
            schema.setdefault("additionalProperties", False)
    return {"components": {"schemas": schemas}}


@pytest.fixture
def world(serve: Serve) -> tuple[Api, Json, Json]:
    """A Corral, a managed server of it as it was answered, and a plan."""
    memory = fleet()
    api = serve(memory.source)
    gold = api.flavor("gold")
    taken = api.post("/v1/servers/manage", json=wish(memory, "bank-db-01", gold))
    api.done(taken)
    plan = api.post("/v1/plans", json={"machines": [wish(memory, "bank-db-02", gold)]}).json()
    return api, taken.json(), plan


def test_every_field_of_an_answer_is_described_and_every_described_field_is_there(
    world: tuple[Api, Json, Json],
) -> None:
    api, taken, plan = world
    document = api.seen("/openapi.json")
    whole = strict(document)
    server, operation = taken["server"]["uuid"], taken["operation"]["uuid"]
    flavor = taken["server"]["flavor_uuid"]
    asked = {
        "/v1/adoptable_nodes": {},
        "/v1/servers": {},
        "/v1/servers/detail": {},
        "/v1/servers/{uuid}": {"uuid": server},
        "/v1/servers/{uuid}/states": {"uuid": server},
        "/v1/servers/{uuid}/networks": {"uuid": server},
        "/v1/flavors": {},
        "/v1/flavors/{uuid}": {"uuid": flavor},
        "/v1/operations": {},
        "/v1/operations/{uuid}": {"uuid": operation},
        "/v1/plans/{uuid}": {"uuid": plan["uuid"]},
        "/v1/plans/{uuid}/machines": {"uuid": plan["uuid"]},
        "/v1/sources": {},
    }
    for path, names in asked.items():
        answer = api.get(path.format(**names))
        assert answer.status_code == 200, answer.text
        content = document["paths"][path]["get"]["responses"]["200"]["content"]
        jsonschema.validate(answer.json(), {**whole, **content["application/json"]["schema"]})


def test_what_is_answered_when_something_is_started_is_described(world: tuple[Api, Json, Json]) -> None:
    api, taken, plan = world
    document = api.seen("/openapi.json")
    whole = strict(document)

    def described(method: str, path: str, status: str) -> Json:
        content = document["paths"][path][method]["responses"][status]["content"]
        return {**whole, **content["application/json"]["schema"]}

    jsonschema.validate(taken, described("post", "/v1/servers/manage", "202"))
    jsonschema.validate(plan, described("post", "/v1/plans", "201"))
    applied = api.post(f"/v1/plans/{plan['uuid']}/apply")
    assert applied.status_code == 202, applied.text
    jsonschema.validate(applied.json(), described("post", "/v1/plans/{uuid}/apply", "202"))
    gone = api.post(f"/v1/servers/{taken['server']['uuid']}/unmanage")
    assert gone.status_code == 202, gone.text
    jsonschema.validate(gone.json(), described("post", "/v1/servers/{uuid}/unmanage", "202"))


def test_a_list_of_chosen_fields_is_one_that_the_description_has(world: tuple[Api, Json, Json]) -> None:
    api, _, _ = world
    document = api.seen("/openapi.json")
    few = api.get("/v1/adoptable_nodes", params={"fields": "uuid,adoptable"}).json()
    assert set(few["adoptable_nodes"][0]) <= {"uuid", "adoptable", "links"}
    schema = document["paths"]["/v1/adoptable_nodes"]["get"]["responses"]["200"]["content"]["application/json"][
        "schema"
    ]
    jsonschema.validate(few, {**strict(document), **schema})


def test_what_is_told_of_hosts_is_described(serve: Serve) -> None:
    api = serve(hypervisors=[{"name": "racks", "driver": "memory"}])
    document = api.seen("/openapi.json")
    whole = strict(document)
    end = time.monotonic() + 120
    while not (found := api.seen("/v1/hosts")["hosts"]):
        assert time.monotonic() < end
        time.sleep(0.05)
    for end_of_path in ("", "/{host}", "/{host}/machines", "/{host}/volumes", "/{host}/nics"):
        path = f"/v1/hosts{end_of_path}"
        answer = api.seen(path.format(host=found[0]["id"]))
        assert end_of_path == "/{host}" or any(answer[key] for key in answer)
        content = document["paths"][path]["get"]["responses"]["200"]["content"]
        jsonschema.validate(answer, {**whole, **content["application/json"]["schema"]})
    wanted = api.post(f"/v1/hosts/{found[0]['id']}/survey")
    assert wanted.status_code == 202, wanted.text
    content = document["paths"]["/v1/hosts/{host}/survey"]["post"]["responses"]["202"]["content"]
    jsonschema.validate(wanted.json(), {**whole, **content["application/json"]["schema"]})
