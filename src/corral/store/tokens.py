"""Local tokens, by their hashes."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import sqlalchemy as sa
from sqlalchemy.exc import IntegrityError

from corral.domain.errors import Conflict, NotFound
from corral.engine import read
from corral.identity import Token
from corral.identity.caller import Role
from corral.store.tables import tokens


class Tokens:
    """The token records: what `identity.TokenStore` asks for."""

    def __init__(self, sql: sa.Engine) -> None:
        self._sql = sql

    def add(self, token: Token, *, conn: sa.Connection | None = None) -> None:
        """Keep a token, in the caller's transaction if it has one. Raises Conflict when the name is taken."""
        if conn is None:
            with self._sql.begin() as own:
                self.add(token, conn=own)
            return
        values = {column.name: getattr(token, column.name) for column in tokens.c}
        try:
            conn.execute(sa.insert(tokens).values({**values, "role": str(token.role)}))
        except IntegrityError as exc:
            raise Conflict(f"A token named {token.name!r} already exists.", fix="Choose another name.") from exc

    def find_by_hash(self, digest: str) -> Token | None:
        """The token with this hash, or None."""
        with read(self._sql) as conn:
            row = conn.execute(sa.select(tokens).where(tokens.c.hash == digest)).mappings().first()
        return None if row is None else _token(dict(row))

    def list(self) -> Sequence[Token]:
        """All tokens, oldest first."""
        with read(self._sql) as conn:
            rows = conn.execute(sa.select(tokens).order_by(tokens.c.created_at, tokens.c.uuid)).mappings()
            return [_token(dict(row)) for row in rows]

    def revoke(self, uuid: str, *, conn: sa.Connection | None = None) -> None:
        """Forget a token, in the caller's transaction if it has one. Raises NotFound."""
        if conn is None:
            with self._sql.begin() as own:
                self.revoke(uuid, conn=own)
            return
        if conn.execute(sa.delete(tokens).where(tokens.c.uuid == uuid)).rowcount != 1:
            raise NotFound(f"No token has the uuid {uuid}.", fix="Look at `corral token list`.")


def _token(row: Mapping[str, Any]) -> Token:
    return Token(**{**row, "role": Role(row["role"])})
