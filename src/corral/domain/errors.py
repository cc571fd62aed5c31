"""Every error that Corral raises on purpose, in one tree.

    CorralError
    ├── Invalid         400  the request itself is wrong
    ├── Unauthenticated 401  nobody, or nobody that we know
    ├── Forbidden       403  known, but not allowed
    ├── NotFound        404
    ├── Conflict        409  the world or the record is not what the request was based on
    │   └── Stale            a plan whose digest no longer holds, or a revision that has moved on
    ├── Refused         422  the machine, not the request, is the obstacle: carries every reason at once
    ├── NotSupported    501  the driver lacks the capability
    ├── DriverFailed    502  the source answered with something that we cannot use
    │   ├── ExtensionFailed  an extension failed; with its status, when it refused what was asked
    │   ├── OutcomeUnknown   the request left, the answer was lost: observe, never repeat
    │   └── Breach           a call outside the driver's allow-list; it never left this machine
    └── Unreachable     503  the source did not answer, nothing was sent

A message says what happened and why; `fix` says what to do next. `code` is stable and documented.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, ClassVar

from corral.domain.reasons import Reason


class CorralError(Exception):
    """The root. `message`: what and why, one or two sentences; `fix`: what to do next, may be empty."""

    status: ClassVar[int] = 500
    code: ClassVar[str] = "internal"

    def __init__(self, message: str, *, fix: str = "", code: str | None = None) -> None:
        super().__init__(message)
        self.message = message
        self.fix = fix
        if code is not None:
            self.code = code  # type: ignore[misc]  # an instance may be more precise than its class

    def as_json(self) -> dict[str, Any]:
        """The error as it is stored with an operation and shown to a client."""
        return {"code": self.code, "message": self.message, "fix": self.fix}

    def __str__(self) -> str:
        return f"{self.message} {self.fix}".strip()


class Invalid(CorralError):
    """The request is malformed or contradicts itself; sending it again changes nothing."""

    status = 400
    code = "invalid"


class Unauthenticated(CorralError):
    """No credential came with the request, or one that is not valid."""

    status = 401
    code = "unauthenticated"


class Forbidden(CorralError):
    """The caller is known and may not do this."""

    status = 403
    code = "forbidden"


class NotFound(CorralError):
    """The thing does not exist, or the caller may not know that it does."""

    status = 404
    code = "not-found"


class Conflict(CorralError):
    """Record or world is not in the state that the request needs."""

    status = 409
    code = "conflict"


class Stale(Conflict):
    """What the request was based on has changed since; look again and decide again."""

    code = "stale"


class Refused(CorralError):
    """The machine can't be adopted as asked. `reasons` holds all of them, never just the first."""

    status = 422
    code = "refused"

    def __init__(self, message: str, reasons: Sequence[Reason], *, fix: str = "") -> None:
        super().__init__(message, fix=fix or "Fix what each reason says, then try again.")
        self.reasons = tuple(reasons)

    def as_json(self) -> dict[str, Any]:
        return {**super().as_json(), "reasons": [reason.as_json() for reason in self.reasons]}

    def __str__(self) -> str:
        return " ".join([self.message, *(f"[{r.code}] {r.message} {r.fix}" for r in self.reasons)])


class NotSupported(CorralError):
    """The driver of this source has no such capability."""

    status = 501
    code = "not-supported"


class DriverFailed(CorralError):
    """The source answered, and the answer is a failure or nonsense."""

    status = 502
    code = "driver-failed"


class OutcomeUnknown(DriverFailed):
    """A request was sent and its answer was lost: it may or may not have been carried out."""

    code = "outcome-unknown"


class Breach(DriverFailed):
    """Our own code tried a call that the driver's allow-list does not have. It was stopped at the border."""

    code = "forbidden-call"


class ExtensionFailed(DriverFailed):
    """An extension could not do its part, and nothing was changed. `hook`: what was asked of it. `final`: asking again is no use.

    `told`: the error that the extension raised on purpose, as JSON: what it refused keeps its status, code and reasons."""

    code = "extension-failed"

    def __init__(
        self,
        extension: str,
        hook: str,
        message: str,
        *,
        fix: str = "",
        final: bool = False,
        told: Mapping[str, Any] | None = None,
        status: int | None = None,
    ) -> None:
        super().__init__(f"Extension {extension}, {hook}: {message}", fix=fix)
        self.extension, self.hook, self.final = extension, hook, final
        self._told = dict(told or {})
        if status is not None:
            self.status = status  # type: ignore[misc]  # that of what it raised
            self.code = self._told.get("code", self.code)  # type: ignore[misc]

    def as_json(self) -> dict[str, Any]:
        named = {"extension": self.extension, "hook": self.hook, "status": self.status}
        return {**self._told, **super().as_json(), **named}


class Unreachable(CorralError):
    """The source could not be reached; nothing was carried out."""

    status = 503
    code = "unreachable"
