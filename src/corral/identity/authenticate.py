"""From a request's headers and address to its caller.

Rule: an authenticator believes a credential or the address of the peer, never a header that merely claims something.
Who can't be told apart from an attacker is turned away; nothing falls back to a weaker way.
"""

from __future__ import annotations

import ipaddress
from collections.abc import Iterator, Mapping
from typing import Protocol
from urllib.parse import urlsplit

from corral.domain.errors import Forbidden, Invalid, Unauthenticated
from corral.identity.caller import Caller, Method, Role, new_request_id

DEFAULT_PROJECT = "default"
"""The project of everything that is made while no identity is configured."""

LOCAL_TOKEN_PREFIX = "corral_"  # noqa: S105 — what local tokens start with is no secret; it lets scanners find leaked ones

# What proxies leave behind. Behind a proxy every request comes from loopback, whoever sent it.
_PROXY_HEADERS = ("forwarded", "x-forwarded-for", "x-forwarded-host", "x-real-ip", "via")


class Authenticator(Protocol):
    """Finds out who calls. Safe to call from several threads at once."""

    @property
    def challenge(self) -> str:
        """The value of WWW-Authenticate for answers with status 401: where and how to authenticate."""

    def authenticate(
        self,
        headers: Mapping[str, str],
        client_host: str | None,
        *,
        method: str = "",
        path: str = "",
        request_id: str = "",
    ) -> Caller:
        """The caller of a request. May wait for the network or the database: not for an event loop's thread.

        `client_host`: the address of the peer, never one that a header claims. `method` and `path` are needed for
        credentials that are limited to some calls; without them such credentials are refused. An empty `request_id` is
        replaced by a new one. Raises Unauthenticated, Forbidden, Unreachable (who vouches for callers does not answer)."""


class LoopbackAuthenticator:
    """For a Corral without identity: whoever is on this machine is its admin.

    A browser on this machine runs the code of strangers, so being on this machine is not enough: the request must also be
    addressed to loopback by name (against DNS rebinding) and must not be made by another site's page.
    """

    challenge = 'Bearer realm="corral"'

    def authenticate(
        self,
        headers: Mapping[str, str],
        client_host: str | None,
        *,
        method: str = "",  # noqa: ARG002 — part of the protocol
        path: str = "",  # noqa: ARG002 — part of the protocol
        request_id: str = "",
    ) -> Caller:
        """See Authenticator. Raises Unauthenticated for other machines, Forbidden for a browser's page from elsewhere."""
        if client_host is None or not _is_loopback(client_host) or _through_a_proxy(headers):
            raise Unauthenticated(
                "Corral has no identity configured, so it answers only this machine, directly.",
                fix="Configure Keystone (identity.keystone_cloud) or local tokens (identity.tokens).",
            )
        _refuse_other_hosts(headers)
        _refuse_other_sites(headers)
        return _operator_of_this_machine(request_id)


class EitherAuthenticator:
    """Local tokens beside Keystone: the token's own form decides who is asked, so that neither sees the other's secrets."""

    def __init__(self, keystone: Authenticator, local: Authenticator) -> None:
        self._keystone = keystone
        self._local = local

    @property
    def challenge(self) -> str:
        """Both ways; clients take the one that they know."""
        return f"{self._keystone.challenge}, {self._local.challenge}"

    def authenticate(
        self,
        headers: Mapping[str, str],
        client_host: str | None,
        *,
        method: str = "",
        path: str = "",
        request_id: str = "",
    ) -> Caller:
        """See Authenticator."""
        is_local = presented_token(headers).startswith(LOCAL_TOKEN_PREFIX)
        chosen = self._local if is_local else self._keystone
        return chosen.authenticate(headers, client_host, method=method, path=path, request_id=request_id)


def presented_token(headers: Mapping[str, str]) -> str:
    """The token that came as X-Auth-Token or as a Bearer, X-Auth-Token first. Raises Unauthenticated when none did."""
    token = next(header_values(headers, "x-auth-token"), "").strip()
    if token:
        return token
    scheme, _, bearer = next(header_values(headers, "authorization"), "").partition(" ")
    if scheme.lower() == "bearer" and bearer.strip():
        return bearer.strip()
    raise Unauthenticated(
        "The request has no token.", fix="Send one as X-Auth-Token, or as `Authorization: Bearer TOKEN`."
    )


def header_values(headers: Mapping[str, str], name: str) -> Iterator[str]:
    """All values of a header, whatever its case; a header that came twice is looked at twice."""
    return (value for key, value in headers.items() if key.lower() == name)


def refuse_open_listen(host: str, configured: bool) -> None:
    """Raise Invalid if Corral would listen beyond loopback with nothing configured that tells callers apart."""
    if configured or _is_loopback(host):
        return
    raise Invalid(
        f"Corral would listen on {host or 'every address'}, and anyone who reaches it would be its admin.",
        fix="Configure Keystone (identity.keystone_cloud) or local tokens (identity.tokens), or listen on 127.0.0.1.",
    )


def _operator_of_this_machine(request_id: str) -> Caller:
    return Caller(
        user="loopback",
        user_name="loopback",
        project=DEFAULT_PROJECT,
        project_name=DEFAULT_PROJECT,
        roles=frozenset({Role.ADMIN}),
        system=False,
        request_id=request_id or new_request_id(),
        method=Method.LOOPBACK,
    )


def _is_loopback(host: str) -> bool:
    """Whether a literal address, or the one name that resolvers must keep on this machine, is loopback.

    Other names are not resolved: what they mean now may be something else at the next look-up."""
    if host.lower().rstrip(".") == "localhost":
        return True
    try:
        address = ipaddress.ip_address(host)
    except ValueError:
        return False
    mapped = getattr(address, "ipv4_mapped", None)
    return (mapped or address).is_loopback


def _through_a_proxy(headers: Mapping[str, str]) -> bool:
    return any(key.lower() in _PROXY_HEADERS for key in headers)


def _refuse_other_hosts(headers: Mapping[str, str]) -> None:
    hosts = list(header_values(headers, "host"))
    if len(hosts) != 1 or not _is_loopback(_hostname(hosts[0])):
        raise Forbidden(
            "Without identity configured, Corral answers only to requests that are addressed to loopback.",
            fix="Use http://127.0.0.1 or http://localhost as the host, or configure identity.",
        )


def _refuse_other_sites(headers: Mapping[str, str]) -> None:
    here = next(header_values(headers, "host"))
    foreign = any(urlsplit(origin).netloc != here for origin in header_values(headers, "origin"))
    if foreign or _fetched_by_another_site(headers):
        raise Forbidden(
            "A web page of another site made this request, and Corral has no identity configured that would tell it apart.",
            fix="Use Corral's own pages, or configure identity.",
        )


def _fetched_by_another_site(headers: Mapping[str, str]) -> bool:
    """What browsers say of requests without an Origin. Following a link to a page of Corral is not a fetch."""
    sites = set(header_values(headers, "sec-fetch-site")) - {"same-origin", "none"}
    return bool(sites) and "navigate" not in header_values(headers, "sec-fetch-mode")


def _hostname(host: str) -> str:
    """The name in a Host header, without its port; empty if it is malformed."""
    try:
        return urlsplit(f"//{host}").hostname or ""
    except ValueError:
        return ""
