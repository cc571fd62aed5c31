"""Plain requests to the lab's services.

Role: one Api per service, logged in as one cloud. The SDK's resources would retry and poll by rules of their own, and
would hide the answers; the seed wants both in its hands.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable, Sequence
from concurrent.futures import ThreadPoolExecutor
from typing import Any, TypeVar
from urllib.parse import urlencode

import openstack

# The newest that every release since 2024.2 has: the seed needs nothing newer.
MICROVERSION = {"X-OpenStack-Ironic-API-Version": "1.95"}
WORKERS = 8
# A locked node (409), SQLite under several writers (500), a conductor that has just started (503).
BUSY = (409, 500, 503)

Item = TypeVar("Item")
Result = TypeVar("Result")


class ApiError(Exception):
    """A service refused; the text holds the request and the answer."""

    def __init__(self, method: str, path: str, status: int, text: str) -> None:
        super().__init__(f"{method} {path}: {status} {text[:400]}")
        self.status = status


class Api:
    """Requests to one service. Safe to use from several threads."""

    def __init__(self, session: Any, root: str, headers: dict[str, str] | None = None) -> None:
        self.session = session
        self.root = root
        self.headers = headers or {}

    def call(self, method: str, path: str, body: Any = None, tries: int = 40) -> Any:
        """The answer's JSON, None when it is empty. Waits up to 10 s while the service says that it is busy."""
        for attempt in range(1, tries + 1):
            reply = self.session.request(
                self.root + path, method, json=body, headers=self.headers, raise_exc=False, timeout=90
            )
            if reply.status_code < 300:
                return reply.json() if reply.content else None
            if attempt == tries or reply.status_code not in BUSY or "lock" not in reply.text.lower():
                break
            time.sleep(0.25)
        raise ApiError(method, path, reply.status_code, reply.text)

    def get(self, path: str) -> Any:
        return self.call("GET", path)

    def pages(self, resource: str, fields: str) -> list[dict[str, Any]]:
        """Every row of an Ironic list, following its pages."""
        rows, path = [], f"/v1/{resource}?fields={fields}&limit=1000"
        while path:
            page = self.get(path)
            rows += page[resource]
            path = page["next"].removeprefix(self.root) if page.get("next") else ""
        return rows

    def with_any(self, path: str, field: str, values: Sequence[str]) -> list[dict[str, Any]]:
        """Rows of a Neutron list whose field has one of these values. Asked in parts, for the URL's length."""
        rows, resource = [], path.rpartition("/")[2]
        for start in range(0, len(values), 50):
            query = urlencode([(field, value) for value in values[start : start + 50]])
            rows += self.get(f"{path}?{query}")[resource]
        return rows

    def post(self, path: str, body: Any) -> Any:
        return self.call("POST", path, body)

    def put(self, path: str, body: Any) -> Any:
        return self.call("PUT", path, body)

    def patch(self, path: str, **fields: Any) -> Any:
        """JSON patch that sets these fields; a field whose value is None is removed."""
        return self.call("PATCH", path, [_operation(f"/{name}", value) for name, value in fields.items()])

    def delete(self, path: str) -> None:
        """Delete; nothing happens if it is gone already."""
        try:
            self.call("DELETE", path)
        except ApiError as error:
            if error.status != 404:
                raise


def _operation(path: str, value: Any) -> dict[str, Any]:
    return {"op": "remove", "path": path} if value is None else {"op": "add", "path": path, "value": value}


class Lab:
    """The services of a running lab, as its summary describes them."""

    def __init__(self, summary: dict[str, Any]) -> None:
        urls = summary["services"]
        self.summary = summary
        self.cloud = openstack.connect(cloud="admin")
        self.ironic = Api(openstack.connect(cloud="system").session, urls["ironic"], MICROVERSION)
        self.neutron = Api(self.cloud.session, urls["neutron"])
        self.sushy_url = urls["sushy"]


def each(work: Callable[[Item], Result], items: Iterable[Item]) -> list[Result]:
    """Work on all items with a few threads; the results in the order of the items. The first failure is raised."""
    with ThreadPoolExecutor(WORKERS) as pool:
        return list(pool.map(work, items))
