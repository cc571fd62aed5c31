"""The HTTP API, from the OpenAPI document that the service itself shows."""

from __future__ import annotations

import json
import re
from collections import defaultdict
from collections.abc import Iterator, Mapping
from typing import Any, cast

from corral.api.app import create_app
from corral.api.context import STORABLE
from corral.api.describe import MEANING
from corral.wiring import Corral
from docs.generate.markdown import anchor, code, plain, table
from docs.generate.registry import page

INTRODUCTION = """The same as a running Corral shows at `/docs`. Requests and answers are JSON. The paths, bodies and errors of
Mogan's API are kept, so that its client works; what Corral adds stands beside them.

- **Identity.** `X-Auth-Token: TOKEN` or `Authorization: Bearer TOKEN`. Without identity configured, only this machine is
  served, and whoever is on it is the admin. See [Policy](policy.md).
- **Lists** come in pages. Follow `next` until there is none. `marker` and `limit` are for clients that page themselves.
- **Repeating.** A POST, PUT or DELETE with the header `Idempotency-Key` may be sent again: it is carried out once.
- **Long work** answers 202 with an operation. Follow it at `/v1/operations/{uuid}/events`, or read it until its state is final.
- **A request that does not fit** its schema is answered with 400, and names every field that is wrong.
- **Errors** have a stable code, see [Errors](errors.md). Every answer has `Openstack-Request-Id`.
- **501** means that the driver of the source has no such capability, or that this release does not do it."""

Document = Mapping[str, Any]


@page("api.md", "API")
def api() -> str:
    # Routes are all that the document is made of: nothing is wired, and nothing starts.
    return described(
        create_app(cast(Corral, None)).openapi(),
        INTRODUCTION,
        "## Answers that are no success",
        "On the paths of Mogan's API with the body [MoganError](#moganerror), elsewhere with [Problem](#problem).",
        table(["Status", "Meaning"], ([str(status), meaning] for status, meaning in MEANING.items())),
    )


def described(document: Document, introduction: str, *more: str) -> str:
    """A whole page on an API: `introduction`, an overview, `more`, then every operation and body."""
    operations = list(_operations(document))
    return "\n\n".join(
        [
            introduction,
            "## Overview",
            table(["Method", "Path", "What"], (_line(method, path, found) for method, path, found in operations)),
            *more,
            *_by_tag(document, operations),
            "## Bodies",
            *_schemas(document),
        ]
    )


def _operations(document: Document) -> Iterator[tuple[str, str, Document]]:
    for path, methods in document["paths"].items():
        for method, found in methods.items():
            yield method.upper(), path, found


def _line(method: str, path: str, found: Document) -> tuple[str, str, str]:
    title = _heading(method, path)
    return method, f"[`{path}`](#{anchor(title)})", plain(found.get("summary"))


def _heading(method: str, path: str) -> str:
    return f"{method} {path}"


def _by_tag(document: Document, operations: list[tuple[str, str, Document]]) -> Iterator[str]:
    groups: dict[str, list[tuple[str, str, Document]]] = defaultdict(list)
    for method, path, found in operations:
        groups[(found.get("tags") or ["other"])[0]].append((method, path, found))
    for tag, members in groups.items():
        yield f"## {tag.capitalize()}"
        for method, path, found in members:
            yield from _operation(document, method, path, found)


def _operation(document: Document, method: str, path: str, found: Document) -> Iterator[str]:
    yield f"### {_heading(method, path)}"
    words = " ".join(part for part in (_sentence(found.get("summary")), plain(found.get("description"))) if part)
    yield words
    asked = [one for one in found.get("parameters", []) if _worth_telling(method, one)]
    if asked:
        yield table(["Parameter", "In", "Type", "Default", "Meaning"], map(_parameter, asked))
    body = found.get("requestBody", {}).get("content", {})
    if body:
        yield "Body: " + ", ".join(_type(document, one["schema"]) for one in body.values()) + "."
    yield ("Answers: " + "; ".join(_answer(document, status, one) for status, one in found["responses"].items()) + ".")


def _sentence(text: str | None) -> str:
    words = plain(text)
    return words if not words or words.endswith(".") else words + "."


def _worth_telling(method: str, parameter: Document) -> bool:
    """Not what the path has already; a key for repeating only where something is changed."""
    return parameter["in"] != "path" and not (method == "GET" and parameter["name"] == "Idempotency-Key")


def _answer(document: Document, status: str, found: Document) -> str:
    words = plain(found.get("description")).rstrip(".")
    usual = (*MEANING.values(), "Successful Response")
    told = status if found.get("description") in usual else f"{status} {words}".strip()
    body = [one["schema"] for one in found.get("content", {}).values() if "$ref" in one.get("schema", {})]
    # The forms of errors are told once, at the top.
    return f"{told} {_type(document, body[0])}" if body and int(status) < 400 else told


def _parameter(one: Document) -> tuple[str, str, str, str, str]:
    schema = one["schema"]
    name = code(one["name"]) + (" (must be given)" if one.get("required") else "")
    default = schema.get("default")
    return (
        name,
        one["in"],
        _type({}, schema),
        "" if default is None else code(str(default)),
        plain(one.get("description")),
    )


def _type(document: Document, schema: Document) -> str:
    if "$ref" in schema:
        name = schema["$ref"].rsplit("/", 1)[-1]
        return f"[{name}](#{anchor(name)})"
    if "anyOf" in schema:
        return " or ".join(_type(document, one) for one in schema["anyOf"] if one.get("type") != "null")
    if "enum" in schema:
        return ", ".join(code(str(one)) for one in schema["enum"])
    if schema.get("type") == "array":
        return f"list of {_type(document, schema.get('items', {}))}" + _limits(schema)
    names = {
        "string": "text",
        "integer": "whole number",
        "number": "number",
        "boolean": "true or false",
        "object": "object",
    }
    return names.get(schema.get("type", ""), "any") + _limits(schema)


def _limits(schema: Document) -> str:
    words = (
        ("minLength", "at least {} characters"),
        ("maxLength", "at most {} characters"),
        ("minimum", "from {}"),
        ("maximum", "to {}"),
        ("minItems", "at least {}"),
        ("maxItems", "at most {}"),
    )
    told = [text.format(schema[key]) for key, text in words if key in schema]
    if schema.get("pattern") not in (None, STORABLE):
        told.append(f"`{schema['pattern']}`")
    return f" ({', '.join(told)})" if told else ""


def _schemas(document: Document) -> Iterator[str]:
    schemas, given = document.get("components", {}).get("schemas", {}), _given(document)
    for name, schema in sorted(schemas.items()):
        yield f"### {name}"
        if about := plain(schema.get("description")):
            yield about
        if "enum" in schema:
            yield "One of " + ", ".join(code(str(one)) for one in schema["enum"]) + "."
        fields = schema.get("properties", {}).items()
        if fields and name in given:
            required = set(schema.get("required", []))
            rows = [_field(document, key, one, key in required) for key, one in fields]
            yield table(["Field", "Type", "Default"], rows)
        elif fields:
            # Clients don't give these: there are no defaults to be told.
            yield table(["Field", "Type"], [(code(key), _type(document, one)) for key, one in fields])


def _given(document: Document) -> set[str]:
    """The names of the bodies that clients give, and of what is in them."""
    schemas = document.get("components", {}).get("schemas", {})
    operations = (found for methods in document["paths"].values() for found in methods.values())
    found, left = set[str](), _references([one.get("requestBody", {}) for one in operations])
    while left:
        found |= left
        left = _references([schemas[name] for name in left]) - found
    return found


def _references(what: Any) -> set[str]:
    return set(re.findall(r"#/components/schemas/([^\"]+)", json.dumps(what)))


def _field(document: Document, name: str, schema: Document, required: bool) -> tuple[str, str, str]:
    default = schema.get("default")
    shown = "must be given" if required else "none" if default is None else code(str(default))
    return code(name), _type(document, schema), shown
