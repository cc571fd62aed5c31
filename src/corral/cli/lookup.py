"""From what a person types (a name or a UUID) to the thing itself. A name that means two things is refused, never guessed."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from urllib.parse import quote

from corral.cli.api import Api, Json
from corral.domain.errors import Conflict, Forbidden, Invalid, NotFound
from corral.domain.machine import is_uuid
from corral.domain.reasons import reason


def segment(text: str) -> str:
    """`text` as one segment of a URL path: a name with a slash stays a name. Raises Invalid for an empty one."""
    if not text:
        raise Invalid("An empty name names nothing.", fix="Give a name or an id.")
    return quote(text, safe="")


def find_server(api: Api, wanted: str) -> Json:
    """The server with that UUID or exact name. Raises NotFound, Conflict."""
    if is_uuid(wanted):
        found: Json = api.get(f"servers/{wanted.lower()}")
        return found
    named = _named(api, {"name": wanted}) or _everywhere(api, wanted)
    fix = "`corral server list` shows them all."
    return only(named, f"server named {wanted!r}", NotFound(f"There is no server named {wanted!r}.", fix=fix))


def _named(api: Api, query: Json) -> list[Json]:
    return [row for row in api.pages("servers/detail", "servers", query) if row.get("name") == query["name"]]


def _everywhere(api: Api, wanted: str) -> list[Json]:
    """Servers of that name in any project, for those who may look there: an adopted machine belongs to its owner's."""
    try:
        return _named(api, {"name": wanted, "all_tenants": True})
    except Forbidden:
        return []


def find_flavor(flavors: Iterable[Json], wanted: str) -> Json:
    """The flavor with that UUID or exact name. Raises NotFound, Conflict."""
    found = [row for row in flavors if wanted in (row.get("uuid"), row.get("name"))]
    why = reason("flavor-not-found", flavor=wanted)
    return only(found, f"flavor named {wanted!r}", NotFound(why.message, fix=why.fix, code=why.code))


def find_node(nodes: Iterable[Json], wanted: str, source: str | None = None) -> Json:
    """The node with that UUID or exact name, at `source` if one is given. Raises NotFound, Conflict."""
    found = [row for row in nodes if _is(row, wanted) and source in (None, row.get("source"))]
    why = reason("node-not-found", node=wanted, sources=source or "any source")
    return only(found, f"node {wanted!r}", NotFound(why.message, fix=why.fix, code=why.code))


def search_node(api: Api, wanted: str, source: str | None = None) -> Json:
    """One node, asked of the server. A server that ignores a filter only makes this slower, never wrong."""
    by = {"uuid": wanted.lower()} if is_uuid(wanted) else {"name": wanted}
    return find_node(api.pages("adoptable_nodes", "adoptable_nodes", {"source": source, **by}), wanted, source)


def _is(node: Json, wanted: str) -> bool:
    return wanted == node.get("name") or wanted.lower() == str(node.get("uuid")).lower()


def only(found: Sequence[Json], what: str, missing: NotFound) -> Json:
    """The only one of those that were found. Raises `missing`, or Conflict when there are several."""
    if not found:
        raise missing
    if len(found) > 1:
        choices = ", ".join(
            f"{row.get('uuid') or row.get('id')} ({row.get('source') or row.get('name')})" for row in found[:10]
        )
        raise Conflict(f"There is more than one {what}: {choices}.", fix="Use the UUID.", code="ambiguous")
    return found[0]
