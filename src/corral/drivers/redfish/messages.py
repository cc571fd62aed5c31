"""What a Redfish service means by an error: its messages' ids count, not the status.

Services answer 400, 403 or 409 for the same thing; some answer 200 and a body that says that it failed.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from corral.domain.errors import Conflict, CorralError, DriverFailed, NotFound, OutcomeUnknown, Refused, Unreachable
from corral.domain.reasons import reason

_MOST = 20
_TAKEN = {
    "ResourceBlockInUse",
    "SpecifiedResourceAlreadyReserved",
    "ConstrainedResourceAlreadyReserved",
    "ResourceInUse",
    "ResourceCreationConflict",
    "ResourceAlreadyExists",
}
_UNFIT = {
    "NoResourceMatch",
    "IncompatibleZone",
    "ResourceBlockNotFound",
    "ResourceBlockInvalid",
    "ResourceBlockCombinationInvalid",
    "UnableToProcessStanzaRequest",
    "EmptyManifest",
}
_FINE = {"Success", "Created", "Accepted", "NoOperation"}
_READS = ("GET", "HEAD")


def keys(data: Any) -> tuple[tuple[str, str], ...]:
    """(key, text) of each message of an error: the key is the last part of its MessageId."""
    return tuple(_messages(data))[:_MOST]


def _messages(data: Any) -> Iterator[tuple[str, str]]:
    error = data.get("error") if isinstance(data, Mapping) else None
    if not isinstance(error, Mapping):
        return
    extended = error.get("@Message.ExtendedInfo")
    for one in extended if isinstance(extended, list) else [extended]:
        if isinstance(one, Mapping) and isinstance(one.get("MessageId"), str):
            yield one["MessageId"].rpartition(".")[2][:80], str(one.get("Message", ""))[:300]
    if isinstance(error.get("code"), str):
        yield error["code"].rpartition(".")[2][:80], str(error.get("message", ""))[:300]


def failure(data: Any) -> CorralError | None:
    """What the messages of an answer, or of a manifest's stanza, say that went wrong; None when they say nothing of the kind."""
    found = [(key, text) for key, text in keys(data) if key not in _FINE]
    if not found:
        return None
    for known, meaning in ((_TAKEN, _taken), (_UNFIT, _unfit)):
        for key, text in found:
            if key in known:
                return meaning(key, text)
    return DriverFailed(f"The service refused: {_said(*found[0])}")


def meaning(status: int, data: Any, method: str, path: str) -> CorralError | None:
    """What is wrong with an answer; None for one that says that all went well.

    OutcomeUnknown: the service stumbled over a change, which may have been carried out all the same."""
    named = failure(data)
    what = f"{SERVICE_SAID} {method} {path} with {status}"
    if status >= 500:
        if method in _READS:
            return Unreachable(f"{what}.") if status in (502, 503, 504) else DriverFailed(f"{what}.")
        return OutcomeUnknown(f"{what}{_why(named)}", fix="Look at the pod before anything is tried again.")
    if isinstance(named, Conflict | Refused):
        return named
    if status in (404, 410):
        return NotFound(f"{what}.")
    if status == 409:
        return Conflict(f"{what}{_why(named)}")
    if status in (401, 403):
        return DriverFailed(
            f"{what}: the account may not do that.", fix="Check 'username' and the variable of 'password_env'."
        )
    if status >= 300:
        return DriverFailed(f"{what}{_why(named)}")
    return named


SERVICE_SAID = "The Redfish service answered"


def _why(named: CorralError | None) -> str:
    return f": {named.message}" if named is not None else "."


def _said(key: str, text: str) -> str:
    return f"{text} ({key})" if text else key


def _taken(key: str, text: str) -> CorralError:
    return Conflict(
        f"Somebody else was faster: {_said(key, text)}", fix="Look at the pool again and choose other blocks."
    )


def _unfit(key: str, text: str) -> CorralError:
    why = _said(key, text)
    return Refused("The pod can't compose this.", [reason("not-composable", why=why)])
