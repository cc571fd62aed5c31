"""What the process says when it ends. Stable: scripts rely on it, docs/reference/exit-codes.md is generated from here."""

from __future__ import annotations

from enum import IntEnum

from corral.domain.errors import CorralError


class Exit(IntEnum):
    """The exit codes. `INTERRUPTED` is what shells expect after Ctrl-C."""

    OK = 0
    FAILED = 1
    USAGE = 2
    NOT_FOUND = 3
    REFUSED = 4
    UNREACHABLE = 5
    NOT_ALLOWED = 6
    NOT_SUPPORTED = 7
    INTERRUPTED = 130


MEANING: dict[Exit, str] = {
    Exit.OK: "Done.",
    Exit.FAILED: "The operation failed (and was reverted), or something unexpected happened.",
    Exit.USAGE: "The command or the request is wrong.",
    Exit.NOT_FOUND: "What was named does not exist.",
    Exit.REFUSED: "Refused or in conflict; every reason is shown.",
    Exit.UNREACHABLE: "The server, or a source behind it, does not answer.",
    Exit.NOT_ALLOWED: "No valid token, or one that may not do this.",
    Exit.NOT_SUPPORTED: "The source's driver can't do this.",
    Exit.INTERRUPTED: "Interrupted. What was started at the server goes on.",
}

EXIT_CODES = "\n".join(f"{code.value:>3}  {meaning}" for code, meaning in MEANING.items())
"""The table as text, for the help and the documentation."""

_BY_STATUS: dict[int, Exit] = {
    400: Exit.USAGE,
    401: Exit.NOT_ALLOWED,
    403: Exit.NOT_ALLOWED,
    404: Exit.NOT_FOUND,
    409: Exit.REFUSED,
    422: Exit.REFUSED,
    501: Exit.NOT_SUPPORTED,
    503: Exit.UNREACHABLE,
}


def exit_for(error: CorralError) -> Exit:
    """The exit code for an error: the same one, whether the server or this process found it."""
    return _BY_STATUS.get(error.status, Exit.FAILED)
