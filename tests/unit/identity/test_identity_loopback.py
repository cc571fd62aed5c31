"""A Corral without identity: it serves the people on its machine, and not the web pages in their browsers."""

from __future__ import annotations

import pytest

from corral.domain.errors import Forbidden, Invalid, Unauthenticated
from corral.identity import LoopbackAuthenticator, refuse_open_listen
from corral.identity.policy import Policy

OPEN = LoopbackAuthenticator()
HOST = {"Host": "127.0.0.1:6688"}


@pytest.mark.parametrize("client", ["127.0.0.1", "127.8.9.10", "::1", "::ffff:127.0.0.1"])
@pytest.mark.parametrize("host", ["127.0.0.1:6688", "localhost", "LOCALHOST:6688", "[::1]:6688", "127.0.0.1"])
def test_whoever_is_on_this_machine_is_its_admin(client: str, host: str) -> None:
    caller = OPEN.authenticate({"host": host}, client)
    assert (caller.project, caller.method) == ("default", "loopback")
    Policy().check(caller, "corral:server:manage")


@pytest.mark.parametrize(
    "client",
    [None, "", "192.0.2.1", "10.0.0.1", "::", "0.0.0.0", "fe80::1", "::ffff:192.0.2.1", "localhost.evil", "127.1"],
)
def test_other_machines_are_turned_away(client: str | None) -> None:
    with pytest.raises(Unauthenticated) as caught:
        OPEN.authenticate(HOST, client)
    assert "identity" in caught.value.fix


@pytest.mark.parametrize("header", ["X-Forwarded-For", "Forwarded", "X-Real-IP", "Via", "x-forwarded-host"])
def test_a_proxy_on_this_machine_does_not_lend_its_address_to_others(header: str) -> None:
    with pytest.raises(Unauthenticated):
        OPEN.authenticate({**HOST, header: "127.0.0.1"}, "127.0.0.1")


@pytest.mark.parametrize(
    "host",
    [
        "evil.example:6688",
        "localhost.evil.example",
        "127.0.0.1.evil.example",
        "evil@127.0.0.1.x",
        "[::1",
        "",
        "192.0.2.1",
    ],
)
def test_a_name_that_was_rebound_to_loopback_is_refused(host: str) -> None:
    with pytest.raises(Forbidden, match="loopback"):
        OPEN.authenticate({"Host": host}, "127.0.0.1")


def test_a_request_that_names_no_host_or_two_is_refused() -> None:
    for headers in ({}, {"Host": "localhost", "host": "evil.example"}):
        with pytest.raises(Forbidden):
            OPEN.authenticate(headers, "127.0.0.1")


@pytest.mark.parametrize(
    "origin",
    [
        "https://evil.example",
        "null",
        "",
        "http://127.0.0.1:3000",
        "http://localhost:6688",
        "file://",
        "http://127.0.0.1",
    ],
)
def test_a_page_of_another_site_can_not_use_corral(origin: str) -> None:
    with pytest.raises(Forbidden, match="another site"):
        OPEN.authenticate({**HOST, "Origin": origin}, "127.0.0.1")


def test_corrals_own_pages_can() -> None:
    own = {**HOST, "Origin": "http://127.0.0.1:6688", "Sec-Fetch-Site": "same-origin", "Sec-Fetch-Mode": "cors"}
    assert OPEN.authenticate(own, "127.0.0.1")


@pytest.mark.parametrize("site", ["cross-site", "same-site", "something-new"])
def test_what_another_site_embeds_is_refused_but_its_links_work(site: str) -> None:
    with pytest.raises(Forbidden):
        OPEN.authenticate({**HOST, "Sec-Fetch-Site": site, "Sec-Fetch-Mode": "no-cors"}, "127.0.0.1")
    assert OPEN.authenticate({**HOST, "Sec-Fetch-Site": site, "Sec-Fetch-Mode": "navigate"}, "127.0.0.1")


@pytest.mark.parametrize("host", ["0.0.0.0", "::", "", "192.0.2.1", "corral.example", "*"])
def test_listening_beyond_loopback_needs_identity(host: str) -> None:
    with pytest.raises(Invalid):
        refuse_open_listen(host, configured=False)
    refuse_open_listen(host, configured=True)


@pytest.mark.parametrize("host", ["127.0.0.1", "::1", "localhost", "127.0.0.2"])
def test_listening_on_loopback_does_not(host: str) -> None:
    refuse_open_listen(host, configured=False)
