"""What carries requests to services: Keystone-authenticated HTTP in `session`, a world in memory for tests and demos."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any, Protocol, TypeVar
from urllib.parse import quote, urlencode

from corral.cloud.answers import Answer, checked
from corral.cloud.patience import Patience
from corral.domain.errors import DriverFailed, Unreachable

Item = TypeVar("Item")
Query = Sequence[tuple[str, str]]


class Reset(Unreachable):
    """The connection of a read broke before the answer was whole: a read may simply be repeated."""


class Wire(Protocol):
    """One request, one answer, of whatever status. Passes the border before anything is sent."""

    def send(
        self, service: str, method: str, target: str, body: Any = None, headers: Mapping[str, str] | None = None
    ) -> Answer:
        """`target` is the path below the service's root with its version, and the query. Raises Unreachable,
        OutcomeUnknown, DriverFailed (an answer that can't be read, a login that is refused) and Breach."""


class Service:
    """One service behind a wire, with the headers that each request to it carries."""

    def __init__(
        self, wire: Wire, name: str, headers: Mapping[str, str] | None = None, patience: Patience | None = None
    ):
        self.name = name
        self.patience = patience or Patience()
        self._wire = wire
        self._headers = dict(headers or {})

    def saying(self, headers: Mapping[str, str]) -> Service:
        """The same service, with these headers instead of its own of that name."""
        return Service(self._wire, self.name, {**self._headers, **headers}, self.patience)

    def read(self, path: str, query: Query = ()) -> Any:
        """The JSON at `path`. Reads are repeated when the connection broke or the service stumbled over its own database."""
        target = f"{path}?{urlencode(query)}" if query else path
        for attempt in range(len(self.patience.pauses) + 1):
            try:
                got = checked(self._wire.send(self.name, "GET", target, headers=self._headers), self.name, "GET", path)
            except (Reset, DriverFailed) as exc:
                if isinstance(exc, DriverFailed) and "database is locked" not in exc.message:
                    raise
                self.patience.pause(attempt, exc)
                continue
            return got.data
        raise AssertionError("patience ends by raising")

    def act(self, method: str, path: str, body: Any = None, headers: Mapping[str, str] | None = None) -> Any:
        """Send one change, once. Raises what the answer means; `answers.Faltered` and `answers.Busy` among it."""
        got = self._wire.send(self.name, method, path, body, {**self._headers, **(headers or {})})
        return checked(got, self.name, method, path).data

    def listed(self, path: str, key: str, query: Query = ()) -> list[Any]:
        """The list under `key` of the answer; raises DriverFailed when there is none."""
        return rows(self.read(path, query), key, f"{self.name} {path}")


def rows(data: Any, key: str, where: str) -> list[Any]:
    """The list under `key`, or DriverFailed: an answer of another shape must not pass for an empty list."""
    found = data.get(key) if isinstance(data, Mapping) else None
    if not isinstance(found, list):
        raise DriverFailed(f"{where}: the answer has no list of {key}.")
    return found


def record(data: Any, key: str, where: str) -> dict[str, Any]:
    """The object under `key`, or DriverFailed."""
    found = data.get(key) if isinstance(data, Mapping) else None
    if not isinstance(found, dict):
        raise DriverFailed(f"{where}: the answer has no {key}.")
    return found


def segment(text: str) -> str:
    """`text` as one segment of a path."""
    return quote(text, safe="")


def batches(items: Iterable[Item], size: int) -> Iterator[list[Item]]:
    """`items` in lists of at most `size`."""
    batch: list[Item] = []
    for item in items:
        batch.append(item)
        if len(batch) == size:
            yield batch
            batch = []
    if batch:
        yield batch
