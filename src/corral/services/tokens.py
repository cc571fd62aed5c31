"""Local tokens: making and revoking them. Whoever can open the database may do so, and leaves an entry in the audit trail.

Rule: the trail holds a token's name and uuid, never its secret or hash.
"""

from __future__ import annotations

from collections.abc import Sequence

from corral.identity import Token
from corral.store import Audit, AuditEntry, Tokens


class TokenService:
    """Tokens, with their audit. `who`: the person at the command line."""

    def __init__(self, tokens: Tokens, audit: Audit, who: str) -> None:
        self._tokens = tokens
        self._audit = audit
        self._who = who

    def create(self, token: Token) -> None:
        """Keep a token. Raises Conflict when the name is taken."""
        expires = token.expires_at.isoformat(timespec="seconds") if token.expires_at else None
        about = {"name": token.name, "role": str(token.role), "project": token.project, "expires_at": expires}
        with self._audit.recording(self._done("token:create", token.uuid, about)) as conn:
            self._tokens.add(token, conn=conn)

    def list(self) -> Sequence[Token]:
        """All tokens that were not revoked, oldest first."""
        return self._tokens.list()

    def revoke(self, uuid: str) -> None:
        """Make a token useless. Raises NotFound."""
        with self._audit.recording(self._done("token:revoke", uuid, {})) as conn:
            self._tokens.revoke(uuid, conn=conn)

    def _done(self, action: str, token: str, detail: dict[str, str | None]) -> AuditEntry:
        return AuditEntry(action, "done", user=self._who, subject=token, detail=detail)
