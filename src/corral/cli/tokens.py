"""Local tokens. Like `serve` these commands open the database themselves: whoever needs a first token has none for the API."""

from __future__ import annotations

import getpass
import os
from contextlib import AbstractContextManager
from datetime import timedelta
from typing import TYPE_CHECKING, Annotated

import typer

from corral import config

if TYPE_CHECKING:
    from corral.services.tokens import TokenService


def register(app: typer.Typer) -> None:
    """Add the commands to the application."""
    token = typer.Typer(no_args_is_help=True)
    token.command("create", help="Make a local token; it is shown once.")(create_token)
    token.command("list", help="List local tokens.")(list_tokens)
    token.command("revoke", help="Make a local token useless, at once.")(revoke_token)
    app.add_typer(token, name="token", help="Local tokens, for a Corral without Keystone.")


def create_token(
    name: Annotated[str, typer.Argument(help="What the token is for, to tell it from others.")] = "admin",
    role: Annotated[str, typer.Option(help="reader, member or admin.")] = "reader",
    project: Annotated[str, typer.Option(help="The project that it acts in.")] = "default",
    days: Annotated[int | None, typer.Option(min=1, max=3650, help="Days until it expires; by default never.")] = None,
) -> None:
    """Make a local token. It is shown once; only its hash is kept."""
    from corral.identity import new_token
    from corral.wiring import now

    expires = now() + timedelta(days=days) if days else None
    secret, token = new_token(name, role, now=now(), project=project, expires_at=expires)
    with _tokens() as tokens:
        tokens.create(token)
    typer.echo(secret)
    typer.echo(f"Keep it: it is not shown again. Use it as CORRAL_TOKEN. Its uuid is {token.uuid}.", err=True)


def list_tokens() -> None:
    """List local tokens; their secrets are not kept, so not shown."""
    with _tokens() as tokens:
        for one in tokens.list():
            typer.echo(f"{one.uuid}  {one.name}  {one.role}  {one.project}  {one.expires_at or 'never expires'}")


def revoke_token(
    uuid: Annotated[str, typer.Argument(help="The token's uuid, as `corral token list` shows it.")],
) -> None:
    """Make a local token useless, at once."""
    with _tokens() as tokens:
        tokens.revoke(uuid)
    typer.echo(f"Token {uuid} opens nothing any more.")


def _tokens() -> AbstractContextManager[TokenService]:
    from corral.wiring import open_tokens

    return open_tokens(config.load(), f"local:{_person()}"[:64])


def _person() -> str:
    """Who types, as the audit trail names them: the system's user. One without a name, as in a container, is a number."""
    try:
        return getpass.getuser()
    except (KeyError, OSError):
        return str(os.getuid())
