"""The OpenAPI document, made true: what Corral answers when a request does not succeed, for every route, in this one place.

FastAPI describes an answer of its own for requests that don't fit (422, HTTPValidationError), which Corral never gives. Here it
goes, and the errors come that `errors` really answers with, by what a route does: a route need not name them. Where one does,
`responses={501: {}}` is enough: the body is filled in. What a success looks like is in `bodies`.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from fastapi import FastAPI
from fastapi.openapi.utils import get_openapi
from pydantic import BaseModel, Field
from pydantic.json_schema import models_json_schema

from corral.api.bodies import SUCCESS as OF_SERVERS
from corral.api.bodies import Reason
from corral.api.bodies_cloud import SUCCESS as OF_CLOUD
from corral.api.bodies_drift import SUCCESS as OF_DRIFT
from corral.api.bodies_hosts import SUCCESS as OF_HOSTS
from corral.api.bodies_servers import SUCCESS as OF_ONE_SERVER
from corral.api.errors import is_mogans

Json = dict[str, Any]
SUCCESS = OF_SERVERS | OF_ONE_SERVER | OF_HOSTS | OF_DRIFT | OF_CLOUD

ABOUT = """Brings machines that already run under management without disturbing them.

**Begin** with `GET /v1/adoptable_nodes`: every machine, with all reasons why one can't be adopted. `POST /v1/servers/manage` with
`dry_run=true` shows what would be done, and without it does so; `GET /v1/servers/{uuid}/proof` shows that nothing was disturbed.

**Identity.** Press *Authorize* and give a token of Keystone, or a local one (`corral token create`). A Corral without identity
serves this machine only, and needs none.

**Lists** come in pages: follow `next` until there is none. **Long work** answers 202 with an operation, which
`/v1/operations/{uuid}/events` follows. With an `Idempotency-Key` a request may be sent again, and is carried out once.

**Errors** say what, why and what to do, with a stable `code` and, where machines are the obstacle, every reason at once. On the
paths of Mogan's API they are in Mogan's form, elsewhere problem documents (RFC 9457)."""

TAGS = [
    {
        "name": "adoption",
        "description": "Machines that run already: which can be adopted, what that would do, doing it.",
    },
    {"name": "servers", "description": "Machines that Corral manages, in the form of Mogan's API."},
    {"name": "flavors", "description": "What servers are sold as, and who may use which."},
    {"name": "operations", "description": "What is being done, and what was."},
    {"name": "audit", "description": "Who did what to what, and what was refused."},
    {"name": "clusters", "description": "Nodes that are deployed together, and the extensions that act on them."},
    {"name": "nodes", "description": "What is deployed: roles, disks, provisioning."},
    {"name": "extensions", "description": "What can act on the nodes of clusters."},
    {"name": "hosts", "description": "Hypervisor hosts, their VMs, volumes and NICs, as surveys saw them last."},
    {"name": "cloud", "description": "Volumes and NICs of VMs, recorded in Cinder and Neutron where they are."},
    {"name": "drift", "description": "Where record and world differ, who decides, and how sources are kept in step."},
    {"name": "composition", "description": "Pods of disaggregated hardware, and what would be composed of them."},
    {"name": "service", "description": "Corral itself: versions, health, sources."},
]


class FieldProblem(BaseModel):
    """What is wrong with one field of a request."""

    field: str
    problem: str


class ErrorBody(BaseModel):
    """What happened and why, and what to do next."""

    code: str
    message: str
    fix: str
    reasons: list[Reason] = Field(default=[], description="All of them, where machines are the obstacle.")
    fields: list[FieldProblem] = Field(default=[], description="All of them, where a request does not fit.")


class MoganError(BaseModel):
    """An error on the paths of Mogan's API."""

    error_message: str = Field(description="JSON text: faultstring, faultcode, debuginfo.")
    error: ErrorBody


class Problem(BaseModel):
    """An error elsewhere, as in RFC 9457."""

    type: str
    title: str
    status: int
    detail: str
    code: str
    fix: str
    request_id: str
    reasons: list[Reason] = Field(default=[], description="All of them, where machines are the obstacle.")
    fields: list[FieldProblem] = Field(default=[], description="All of them, where a request does not fit.")


MEANING = {
    400: "The request is malformed; every field that is wrong is named.",
    401: "No token, or one that is not valid.",
    403: "The caller may not do this.",
    404: "It does not exist, or not for this caller.",
    409: "In conflict with what there is, or with what else is being done.",
    413: "The body is too long.",
    422: "The machine is the obstacle; every reason is given at once.",
    501: "The driver of the source can't do this, or this release does not.",
    502: "The source answered with a failure.",
    503: "The source, or what vouches for callers, does not answer.",
}


def install(app: FastAPI) -> None:
    """Have the application show this document."""

    def openapi() -> Json:
        if app.openapi_schema is None:
            app.openapi_schema = _described(app)
        return app.openapi_schema

    app.openapi = openapi  # type: ignore[method-assign]  # FastAPI's documented way to replace the document


def _described(app: FastAPI) -> Json:
    document = get_openapi(
        title=app.title, version=app.version, description=app.description, routes=app.routes, tags=TAGS
    )
    for path, methods in document["paths"].items():
        for method, operation in methods.items():
            _describe(path, method.upper(), operation)
    components = document.setdefault("components", {})
    schemas = components.setdefault("schemas", {})
    for unused in ("HTTPValidationError", "ValidationError"):
        schemas.pop(unused, None)
    _describe_successes(document["paths"])
    schemas |= _schemas(MoganError, Problem, *SUCCESS.values())
    components["securitySchemes"] = {
        "token": {"type": "apiKey", "in": "header", "name": "X-Auth-Token"},
        "bearer": {"type": "http", "scheme": "bearer"},
    }
    return document


def _describe(path: str, method: str, operation: Json) -> None:
    answers = operation["responses"]
    if "HTTPValidationError" in str(answers.get("422")):
        del answers["422"]
    if method == "GET":
        asked = [one for one in operation.get("parameters", []) if one["name"] != "Idempotency-Key"]
        operation["parameters"] = asked
    if path.startswith("/v1/"):
        operation["security"] = [{"token": []}, {"bearer": []}, {}]
        for status in _statuses(path, method, operation):
            answers.setdefault(str(status), {})
        for status, told in answers.items():
            if int(status) in MEANING:
                answers[status] = _error(path, int(status), told.get("description"))
    operation["responses"] = dict(sorted(answers.items()))


def _statuses(path: str, method: str, operation: Json) -> Iterator[int]:
    """Which errors a route can answer with, by what it does."""
    yield from (400, 401, 403, 503)
    if "{" in path:
        yield 404
    if "requestBody" in operation:
        yield 413
    if method != "GET":
        yield 409
    if _asks_sources(path, method, operation):
        yield from (404, 501, 502)
        if method != "GET":
            yield 422


def _asks_sources(path: str, method: str, operation: Json) -> bool:
    """Whether the request itself needs a source: others only store what an operation will do, and it has its own end."""
    tags = operation.get("tags", [])
    of_records = bool(_RECORDS.intersection(tags))
    if method == "GET":
        names_one = any(one["name"] == "source" for one in operation.get("parameters", []))
        return "{" not in path and ("adoption" in tags or (names_one and not of_records))
    return path.endswith("/manage") or path == "/v1/servers" or not of_records


_RECORDS = frozenset({"servers", "flavors", "operations", "audit", "hosts", "drift"})


def _error(path: str, status: int, description: str | None) -> Json:
    form = ("application/json", "MoganError") if is_mogans(path) else ("application/problem+json", "Problem")
    schema = {"$ref": f"#/components/schemas/{form[1]}"}
    # FastAPI fills in a phrase of its own where a route gives no description.
    told = MEANING[status] if not description or description in _PHRASES else description
    return {"description": told, "content": {form[0]: {"schema": schema}}}


_PHRASES = frozenset(
    {"Conflict", "Service Unavailable", "Not Implemented", "Additional Response", "Successful Response"}
)


def _describe_successes(paths: Json) -> None:
    for (method, path, status), model in SUCCESS.items():
        answer = paths[path][method.lower()]["responses"][str(status)]
        answer["content"] = {"application/json": {"schema": {"$ref": f"#/components/schemas/{model.__name__}"}}}


def _schemas(*models: type[BaseModel]) -> Json:
    _, found = models_json_schema(
        [(model, "validation") for model in dict.fromkeys(models)], ref_template="#/components/schemas/{model}"
    )
    return dict(found["$defs"])
