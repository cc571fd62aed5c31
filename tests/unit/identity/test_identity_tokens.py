"""Local tokens: what is kept of them, and what opens with them."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from corral.domain.errors import Invalid, NotFound, Unauthenticated
from corral.identity import EitherAuthenticator, LocalAuthenticator, LoopbackAuthenticator, Token, new_token
from corral.identity.tokens import hashed

NOW = datetime(2030, 1, 1, tzinfo=UTC)
HOUR = timedelta(hours=1)


class MemoryTokens:
    """A TokenStore; `sloppy` finds a token by the first half of its hash, as a bad collation might."""

    def __init__(self, *tokens: Token, sloppy: bool = False) -> None:
        self.tokens = list(tokens)
        self.sloppy = sloppy

    def add(self, token: Token) -> None:
        self.tokens.append(token)

    def find_by_hash(self, digest: str) -> Token | None:
        if self.sloppy:
            return self.tokens[0]
        return next((token for token in self.tokens if token.hash == digest), None)

    def list(self) -> list[Token]:
        return self.tokens

    def revoke(self, uuid: str) -> None:
        if uuid not in {token.uuid for token in self.tokens}:
            raise NotFound(uuid)
        self.tokens = [token for token in self.tokens if token.uuid != uuid]


def local(*tokens: Token, now: datetime = NOW, sloppy: bool = False) -> LocalAuthenticator:
    return LocalAuthenticator(MemoryTokens(*tokens, sloppy=sloppy), lambda: now)


def test_a_new_token_is_long_random_and_recognizable() -> None:
    first, _ = new_token("ci", "member", now=NOW)
    second, _ = new_token("ci", "member", now=NOW)
    assert first != second
    assert first.startswith("corral_")
    assert len(first) == len("corral_") + 43


def test_only_the_hash_of_a_token_is_kept_and_not_even_that_is_shown() -> None:
    secret, token = new_token("ci", "member", now=NOW)
    assert token.hash == hashed(secret)
    assert len(token.hash) == 64
    assert secret.removeprefix("corral_") not in str(vars_of(token))
    assert token.hash not in repr(token)


def vars_of(token: Token) -> dict[str, object]:
    return {name: getattr(token, name) for name in Token.__dataclass_fields__}


@pytest.mark.parametrize("form", ["X-Auth-Token", "x-auth-token", "Authorization", "authorization"])
def test_a_token_says_who_calls_in_either_header(form: str) -> None:
    secret, token = new_token("ci", "member", now=NOW, project="bank")
    value = secret if form.lower() == "x-auth-token" else f"Bearer {secret}"
    caller = local(token).authenticate({form: value}, "192.0.2.1", request_id="req-7")
    assert (caller.user, caller.user_name, caller.project, caller.roles) == (token.uuid, "ci", "bank", {"member"})
    assert (caller.method, caller.system, caller.request_id) == ("token", False, "req-7")


@pytest.mark.parametrize(
    "headers",
    [
        {},
        {"X-Auth-Token": ""},
        {"Authorization": "Basic YTpi"},
        {"Authorization": "Bearer"},
        {"X-Auth-Token": "corral_unknown"},
        {"X-Auth-Token": "corral_" + "x" * 5000},
        {"X-Auth-Token": "corral_\udcff"},
        {"X-Roles": "admin"},
    ],
)
def test_what_is_no_token_opens_nothing(headers: dict[str, str]) -> None:
    _, token = new_token("ci", "admin", now=NOW)
    with pytest.raises(Unauthenticated):
        local(token).authenticate(headers, "127.0.0.1")


@given(st.text(max_size=60))
def test_no_text_opens_anything_even_if_the_store_compares_badly(text: str) -> None:
    _, token = new_token("ci", "admin", now=NOW)
    with pytest.raises(Unauthenticated):
        local(token, sloppy=True).authenticate({"X-Auth-Token": "corral_" + text}, None)


def test_the_hash_of_a_token_is_not_a_token() -> None:
    _, token = new_token("ci", "admin", now=NOW)
    for guess in (token.hash, "corral_" + token.hash):
        with pytest.raises(Unauthenticated):
            local(token).authenticate({"X-Auth-Token": guess}, None)


def test_a_token_is_good_until_the_instant_it_expires() -> None:
    secret, token = new_token("ci", "reader", now=NOW, expires_at=NOW + HOUR)
    sent = {"X-Auth-Token": secret}
    last = NOW + HOUR - timedelta(microseconds=1)
    assert local(token, now=last).authenticate(sent, None).user_name == "ci"
    with pytest.raises(Unauthenticated, match="expired"):
        local(token, now=NOW + HOUR).authenticate(sent, None)


def test_a_revoked_token_is_refused_at_once() -> None:
    secret, token = new_token("ci", "reader", now=NOW)
    store = MemoryTokens(token)
    authenticator = LocalAuthenticator(store, lambda: NOW)
    authenticator.authenticate({"X-Auth-Token": secret}, None)
    store.revoke(token.uuid)
    with pytest.raises(Unauthenticated, match="revoked"):
        authenticator.authenticate({"X-Auth-Token": secret}, None)


@pytest.mark.parametrize(
    ("name", "role", "project", "expires"),
    [
        ("ci", "root", "p", None),
        ("ci", "", "p", None),
        ("", "reader", "p", None),
        ("n" * 256, "reader", "p", None),
        ("ci", "reader", "", None),
        ("ci", "reader", "p", NOW),
    ],
)
def test_a_token_that_makes_no_sense_is_not_made(name: str, role: str, project: str, expires: datetime | None) -> None:
    with pytest.raises(Invalid):
        new_token(name, role, now=NOW, project=project, expires_at=expires)


def test_beside_keystone_only_local_tokens_are_looked_up_locally() -> None:
    secret, token = new_token("ci", "reader", now=NOW)
    either = EitherAuthenticator(LoopbackAuthenticator(), local(token))
    at_home = {"Host": "127.0.0.1"}
    assert either.authenticate({**at_home, "X-Auth-Token": secret}, "192.0.2.1").method == "token"
    assert either.authenticate({**at_home, "X-Auth-Token": "gAAAA"}, "127.0.0.1").method == "loopback"
    assert either.challenge.count("Bearer") == 2
