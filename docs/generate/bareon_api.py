"""The Bareon-API service's HTTP API, from its own OpenAPI document."""

from __future__ import annotations

from typing import cast

from corral.bareon_api import Service, create_app
from docs.generate.api import described
from docs.generate.registry import page

INTRODUCTION = """The same as a running service shows at `/docs`. How to run and use it:
[Run the Bareon-API service](../how-to/run-bareon-api.md).

- **Identity.** Without `bareon_api.token_env` only this machine is served. With it: `X-Auth-Token: TOKEN` or
  `Authorization: Bearer TOKEN`.
- **Versions.** Every answer about a node has its version as `ETag`. A change with `If-Match` of an older one is answered
  with 409.
- **A request that does not fit** is answered with 400 and every field that is wrong; **an impossible layout** with 422 and
  every reason.
- **Errors** are RFC 9457 problems with a stable code, see [Errors](errors.md).
- A slash at the end of a path, a body with GET or DELETE, and a body without Content-Type are accepted."""


@page("bareon-api.md", "Bareon-API")
def bareon_api() -> str:
    # Routes are all that the document is made of: no database is opened.
    return described(create_app(cast(Service, None)).openapi(), INTRODUCTION)
