"""Local tokens: for a Corral that has no Keystone, or for the day on which Keystone is down.

A token is shown once, when it is made; only its hash is kept. Rule: no token is ever logged, stored or put into a message.
"""

from __future__ import annotations

import hashlib
import hmac
import secrets
import uuid
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Protocol

from corral.domain.errors import Invalid, Unauthenticated
from corral.identity.authenticate import DEFAULT_PROJECT, LOCAL_TOKEN_PREFIX, presented_token
from corral.identity.caller import Caller, Method, Role, new_request_id

_SECRET_BYTES = 32
# Far above the length of any token of ours: what is longer is not worth hashing.
_LONGEST = 128


@dataclass(frozen=True, slots=True)
class Token:
    """What is kept of a token. `hash`: 64 hexadecimal digits; times are aware; `expires_at` None: never."""

    uuid: str
    name: str
    hash: str = field(repr=False)
    role: Role
    project: str
    created_at: datetime
    expires_at: datetime | None = None

    def expired(self, now: datetime) -> bool:
        """Whether the token is over at `now`; the instant of expiry is already too late."""
        return self.expires_at is not None and now >= self.expires_at


class TokenStore(Protocol):
    """Where tokens are kept. Safe to call from several threads at once."""

    def add(self, token: Token) -> None:
        """Keep a token. Raises Conflict when the name is taken."""

    def find_by_hash(self, digest: str) -> Token | None:
        """The token with this hash, expired or not; None when there is none, or it was revoked."""

    def list(self) -> Sequence[Token]:
        """All tokens that were not revoked, oldest first."""

    def revoke(self, uuid: str) -> None:
        """Forget a token: from now on it opens nothing. Raises NotFound."""


class LocalAuthenticator:
    """Callers by their local tokens, sent as X-Auth-Token or as a Bearer."""

    challenge = 'Bearer realm="corral"'

    def __init__(self, store: TokenStore, clock: Callable[[], datetime]) -> None:
        self._store = store
        self._clock = clock

    def authenticate(
        self,
        headers: Mapping[str, str],
        client_host: str | None,  # noqa: ARG002 — part of the protocol; a token is good from anywhere
        *,
        method: str = "",  # noqa: ARG002 — part of the protocol
        path: str = "",  # noqa: ARG002 — part of the protocol
        request_id: str = "",
    ) -> Caller:
        """See Authenticator. Every request asks the store, so a revoked token is refused at once."""
        token = self._valid(presented_token(headers))
        return Caller(
            user=token.uuid,
            user_name=token.name,
            project=token.project,
            project_name=token.project,
            roles=frozenset({token.role}),
            system=False,
            request_id=request_id or new_request_id(),
            method=Method.TOKEN,
        )

    def _valid(self, secret: str) -> Token:
        digest = hashed(secret)
        token = self._store.find_by_hash(digest) if _looks_like_ours(secret) else None
        # The store may compare as it likes (by collation, by prefix): this comparison decides, and takes the same time
        # wherever the first difference is.
        if token is None or not hmac.compare_digest(token.hash, digest):
            raise Unauthenticated(
                "The token is not known here, or was revoked.", fix="Ask an admin for `corral token create`."
            )
        if token.expired(self._clock()):
            raise Unauthenticated(f"The token {token.name} has expired.", fix="Ask an admin for `corral token create`.")
        return token


def new_token(
    name: str,
    role: str,
    *,
    now: datetime,
    project: str = DEFAULT_PROJECT,
    expires_at: datetime | None = None,
) -> tuple[str, Token]:
    """A new token: its secret, to be shown once and forgotten, and the record to keep. Raises Invalid."""
    if not 0 < len(name) <= 255 or not 0 < len(project) <= 64:
        raise Invalid(
            "A token needs a name of at most 255 and a project of at most 64 characters.", fix="Shorten them."
        )
    if expires_at is not None and expires_at <= now:
        raise Invalid("The token would be expired from the start.", fix="Give a time in the future.")
    secret = LOCAL_TOKEN_PREFIX + secrets.token_urlsafe(_SECRET_BYTES)
    record = Token(
        uuid=str(uuid.uuid4()),
        name=name,
        hash=hashed(secret),
        role=_role(role),
        project=project,
        created_at=now,
        expires_at=expires_at,
    )
    return secret, record


def hashed(secret: str) -> str:
    """What is stored of a token.

    Plain SHA-256 is right for a secret of 256 random bits: nobody can try them all, so there is nothing for a salt or a slow
    hash to slow down, and every request needs this. It would be wrong for a password."""
    return hashlib.sha256(secret.encode("utf-8", "surrogatepass")).hexdigest()


def _looks_like_ours(secret: str) -> bool:
    return secret.startswith(LOCAL_TOKEN_PREFIX) and len(secret) <= _LONGEST


def _role(role: str) -> Role:
    try:
        return Role(role)
    except ValueError:
        raise Invalid(f"There is no role {role!r}.", fix=f"Use one of {', '.join(Role)}.") from None
