"""What a service answered, and which of our errors that is.

Rule: the one place that reads HTTP statuses and fault texts. An error status is sorted by one question first: may the
thing that was asked for have been carried out?
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from corral.domain.errors import Conflict, CorralError, DriverFailed, NotFound, OutcomeUnknown, Unreachable

_LONGEST_TEXT = 400

# Nothing was carried out: the conductor that would have done it was not there to be asked.
_NOBODY_WORKING = (
    "no conductor",
    "no valid host",
    "free conductor worker",
    "unable to establish connection",
    "connection refused",
)
# The API gave up waiting; the conductor may still find the request in its queue.
_STILL_UNDER_WAY = ("timed out waiting for a reply", "messagingtimeout")


class Busy(Conflict):
    """The thing is locked for a moment; nothing was carried out, and trying again is safe."""


class Rejected(DriverFailed):
    """The service understood, and refuses for good (a 4xx): nothing was carried out, and trying again changes nothing."""


class Faltered(OutcomeUnknown):
    """The service answered that it failed inside: the request is over, but what it did is not known. Look, then decide."""


@dataclass(frozen=True, slots=True)
class Answer:
    """An HTTP answer. `data` is its JSON, None when it has none; `text` the body's beginning, for messages."""

    status: int
    data: Any = None
    text: str = ""
    headers: Mapping[str, str] = field(default_factory=dict)


def answer(status: int, body: bytes, headers: Mapping[str, str] | None = None) -> Answer:
    """Read a body of any kind. Raises DriverFailed for JSON that is nested so deep that it can only be an attack."""
    text = body[: 4 * _LONGEST_TEXT].decode("utf-8", "replace")
    try:
        data = json.loads(body) if body.strip()[:1] in (b"{", b"[") else None
    except RecursionError as exc:
        raise DriverFailed("The answer is nested too deep to be read.") from exc
    except ValueError as exc:
        if status < 300:
            raise DriverFailed(f"The answer is not valid JSON: {exc}") from exc
        data = None
    return Answer(status, data, text, headers or {})


def checked(got: Answer, service: str, method: str, path: str) -> Answer:
    """`got` itself if it is a success. Otherwise raises what it means."""
    if got.status < 300:
        return got
    said = fault(got)
    raise _error(got.status, said, method, f"{service}: {method} {path} was answered {got.status}: {said}")


def fault(got: Answer) -> str:
    """The service's own words in an error answer, bounded. Ironic wraps JSON into JSON; Neutron has its own form."""
    found = _words(got.data)
    return (found or " ".join(got.text.split()) or "no explanation")[:_LONGEST_TEXT]


def _words(data: Any) -> str:
    if not isinstance(data, Mapping):
        return ""
    for key in ("faultstring", "message"):
        if isinstance(data.get(key), str):
            return str(data[key])
    for key in ("error_message", "NeutronError", "error", "badRequest"):
        inner = data.get(key)
        if isinstance(inner, str):
            inner = _unwrapped(inner)
        if found := inner if isinstance(inner, str) else _words(inner):
            return found
    return ""


def _unwrapped(text: str) -> Any:
    try:
        return json.loads(text)
    except ValueError:
        # A plain sentence, then.
        return text


def _error(status: int, said: str, method: str, message: str) -> CorralError:
    if status >= 500:
        return _server_error(status, said.lower(), method, message)
    if status == 404:
        return NotFound(message)
    if status in (409, 412):
        locked = "is locked" in said.lower() or status == 412
        return Busy(message, fix="Try again in a moment.") if locked else Conflict(message)
    return Rejected(message, fix=_FIXES.get(status, ""))


def _server_error(status: int, said: str, method: str, message: str) -> CorralError:
    if status == 503 or any(words in said for words in _NOBODY_WORKING):
        return Unreachable(message, fix="Check that the service and its conductors run.")
    if method == "GET":
        return Unreachable(message) if status in (502, 504) else DriverFailed(message)
    if status in (502, 504) or any(words in said for words in _STILL_UNDER_WAY):
        return OutcomeUnknown(message, fix="Look at the machine before anything is tried again.")
    return Faltered(message, fix="Look at the machine before anything is tried again.")


_FIXES = {
    301: "The service redirects, which is not followed: set the endpoint in the catalogue to where it really is.",
    302: "The service redirects, which is not followed: set the endpoint in the catalogue to where it really is.",
    401: "Check the credentials of this cloud in clouds.yaml.",
    403: "Give the account of this cloud in clouds.yaml the role that this call needs.",
    406: "The service is too old: Corral needs Ironic's API 1.65 or newer.",
}
