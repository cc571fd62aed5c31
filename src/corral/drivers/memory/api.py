"""Answers of services in memory: the common ground of `baremetal` and `cloud`."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import islice
from typing import Any, TypeVar
from urllib.parse import parse_qs, unquote

from corral.cloud.answers import Answer

Query = Mapping[str, Sequence[str]]
Item = TypeVar("Item")


@dataclass(frozen=True, slots=True)
class Request:
    """One request: `parts` are what the route's pattern caught in the path."""

    parts: tuple[str, ...]
    query: Query
    body: Any
    headers: Mapping[str, str]

    def one(self, key: str) -> str | None:
        values = self.query.get(key)
        return values[0] if values else None


Handler = Callable[[Request], Answer]
Route = tuple[str, re.Pattern[str], Handler]


class Refusal(Exception):
    """An answer that is not a success, with the service's words."""

    def __init__(self, status: int, words: str) -> None:
        super().__init__(words)
        self.answer = Answer(status, {"faultstring": words}, words)


def route(method: str, path: str, handler: Handler) -> Route:
    """`*` in `path` stands for one segment."""
    return method, re.compile(re.escape(path).replace(r"\*", "([^/]+)")), handler


def dispatch(routes: Iterable[Route], method: str, target: str, body: Any, headers: Mapping[str, str]) -> Answer:
    """The answer of the first route that fits."""
    path, _, query = target.partition("?")
    for known, pattern, handler in routes:
        if known == method and (found := pattern.fullmatch(path)):
            request = Request(tuple(unquote(part) for part in found.groups()), parse_qs(query), body, headers)
            return _handled(handler, request)
    return Refusal(405, f"The world in memory does not know {method} {path}.").answer


def _handled(handler: Handler, request: Request) -> Answer:
    try:
        return handler(request)
    except Refusal as refusal:
        return refusal.answer


def page(
    items: Iterable[Item],
    uuid: Callable[[Item], str],
    show: Callable[[Item], dict[str, Any]],
    request: Request,
    key: str,
    most: int = 1000,
) -> Answer:
    """One page of `items` after the marker; `next` only says that there is more. Only what is on the page is shown: else a
    whole list would cost the square of its length."""
    left, marker = iter(items), request.one("marker")
    if marker is not None and not any(uuid(one) == marker for one in left):
        raise Refusal(404, f"{marker} could not be found.")
    limit = min(int(request.one("limit") or most), most)
    data: dict[str, Any] = {key: [show(one) for one in islice(left, limit)]}
    if next(left, None) is not None:
        data["next"] = "there is more"
    return Answer(200, data)
