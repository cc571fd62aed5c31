"""From an answer of the API to an error of the domain's tree: the same errors, wherever they were found."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from typing import Any

import httpx

from corral.domain.errors import (
    Conflict,
    CorralError,
    DriverFailed,
    Forbidden,
    Invalid,
    NotFound,
    NotSupported,
    Refused,
    Unauthenticated,
    Unreachable,
)
from corral.domain.reasons import Reason

_KINDS: dict[int, type[CorralError]] = {
    400: Invalid,
    401: Unauthenticated,
    403: Forbidden,
    404: NotFound,
    409: Conflict,
    500: CorralError,
    501: NotSupported,
    502: DriverFailed,
    503: Unreachable,
}

_FIXES: dict[int, str] = {
    401: "Give a token: `--token`, CORRAL_TOKEN or `--cloud NAME`. `corral token create` makes a local one.",
    403: "Use a token with the role that this needs; adopting is for admins.",
    404: "`corral server list`, `corral adoptable list` and `corral operation list` show what there is.",
    500: "Look at the server's log; if it happens again, report it with the request's time.",
}


class OperationFailed(CorralError):
    """An operation ended in another way than it was meant to. `reasons` may be empty."""

    def __init__(self, message: str, reasons: Sequence[Reason] = (), *, fix: str = "", code: str = "failed") -> None:
        super().__init__(message, fix=fix, code=code)
        self.reasons = tuple(reasons)


class InvalidFields(Invalid):
    """A request of which some fields are wrong. `fields`: (path, problem), the path without `body`."""

    def __init__(self, message: str, fields: Sequence[tuple[str, str]], *, fix: str = "") -> None:
        super().__init__(message, fix=fix)
        self.fields = tuple(fields)


def fault(response: httpx.Response) -> CorralError:
    """The error that an answer of 400 and above stands for."""
    status, body = response.status_code, _body(response)
    message = _message(body) or f"The server answered {status} {response.reason_phrase}."
    reasons, code = reasons_of(body.get("reasons")), body.get("code")
    fix = str(body.get("fix") or _FIXES.get(status, ""))
    if (status == 409 and reasons) or (status == 422 and not isinstance(body.get("detail"), list)):
        return _with_code(Refused(message, reasons, fix=fix), code)
    if status == 400 and isinstance(body.get("fields"), list):
        return InvalidFields(message, _fields(body["fields"]), fix=fix)
    kind = _KINDS.get(status, Invalid if status < 500 else DriverFailed)
    return _with_code(kind(message, fix=fix), code)


def reasons_of(items: object) -> tuple[Reason, ...]:
    """Reasons as the API shows them; what is malformed is shown as far as it goes, never dropped."""
    if not isinstance(items, list):
        return ()
    return tuple(_reason(item) for item in items)


def _reason(item: object) -> Reason:
    data = item if isinstance(item, Mapping) else {"message": str(item)}
    parts = {key: str(data.get(key) or "") for key in ("code", "message", "fix")}
    warning = data.get("severity") == "warning"
    return Reason.from_json({**parts, "severity": "warning" if warning else "blocker"})


def _fields(items: Sequence[object]) -> list[tuple[str, str]]:
    found = [item for item in items if isinstance(item, Mapping)]
    return [(str(item.get("field")).removeprefix("body."), str(item.get("problem"))) for item in found]


def _with_code(error: CorralError, code: object) -> CorralError:
    if isinstance(code, str) and code:
        error.code = code  # type: ignore[misc]  # the server's code is more precise than the class's
    return error


def _body(response: httpx.Response) -> dict[str, Any]:
    """Problem details as they are; Mogan's body with its `error` on top. Anything else is no body."""
    try:
        body = response.json()
    except ValueError:
        return {}
    if not isinstance(body, dict):
        return {}
    inner = body.get("error")
    return {**body, **inner} if isinstance(inner, dict) else body


def _message(body: Mapping[str, Any]) -> str:
    detail = body.get("message") or body.get("detail")
    if isinstance(detail, list):
        return "; ".join(_field_error(item) for item in detail)
    return str(detail or _mogan(body.get("error_message")) or body.get("title") or "")


def _field_error(item: object) -> str:
    if not isinstance(item, Mapping):
        return str(item)
    where = ".".join(str(part) for part in item.get("loc", ()) if part != "body")
    return f"{where}: {item.get('msg', '')}" if where else str(item.get("msg", ""))


def _mogan(message: object) -> str:
    """Mogan wraps its fault as JSON text in JSON."""
    if not isinstance(message, str):
        return ""
    try:
        inner = json.loads(message)
    except ValueError:
        return message
    return str(inner.get("faultstring") or message) if isinstance(inner, dict) else message
