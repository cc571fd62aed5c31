"""Callers by Keystone's tokens: what is believed, and what happens when Keystone can't be asked."""

from __future__ import annotations

import asyncio
import logging
import socket
from collections.abc import Callable
from typing import Any

import pytest

from corral.domain.errors import Invalid, Unauthenticated, Unreachable
from corral.identity.keystone import KeystoneAuthenticator
from corral.identity.keystone_settings import KeystoneSettings, secret
from corral.identity.off_loop import AsyncAuthenticator
from corral.identity.policy import Policy
from corral.identity.token_cache import TokenCache


def settings(url: str, **changes: Any) -> KeystoneSettings:
    auth = {"auth_url": url, "username": "corral", "password": "pw-of-corral", "user_domain_id": "default"}
    return KeystoneSettings(auth={**auth, "project_name": "service", "project_domain_id": "default"}, **changes)


@pytest.fixture
def keystone(small_keystone: Any, token_of: Callable[..., Any]) -> Any:
    small_keystone.tokens["good"] = token_of()
    return small_keystone


def asking(keystone: Any, token: str, **headers: str) -> Any:
    sent = {"X-Auth-Token": token, **headers}
    return KeystoneAuthenticator(settings(keystone.url)).authenticate(sent, "192.0.2.1", request_id="req-1")


def test_a_valid_token_says_who_calls(keystone: Any) -> None:
    caller = asking(keystone, "good")
    assert (caller.user, caller.user_name, caller.project, caller.project_name) == ("u1", "ann", "p1", "bank")
    assert caller.roles == {"member"}
    assert not caller.system
    assert caller.request_id == "req-1"
    assert caller.method == "keystone"


def test_a_bearer_token_is_as_good_as_an_x_auth_token(keystone: Any) -> None:
    caller = KeystoneAuthenticator(settings(keystone.url)).authenticate({"authorization": "Bearer good"}, None)
    assert caller.user == "u1"
    assert caller.request_id.startswith("req-")


def test_what_a_client_claims_of_itself_is_not_believed(keystone: Any) -> None:
    claims = {"X-Roles": "admin", "X-Project-Id": "other", "X-User-Id": "root", "X-Identity-Status": "Confirmed"}
    caller = asking(keystone, "good", **claims, **{"OpenStack-System-Scope": "all", "X-Is-Admin-Project": "True"})
    assert (caller.user, caller.project, caller.roles, caller.system) == ("u1", "p1", {"member"}, False)


def test_claims_without_a_token_open_nothing(keystone: Any) -> None:
    with pytest.raises(Unauthenticated):
        KeystoneAuthenticator(settings(keystone.url)).authenticate(
            {"X-Roles": "admin", "X-Identity-Status": "Confirmed", "X-User-Id": "root"}, "127.0.0.1"
        )
    assert keystone.asked == []


def test_a_role_whose_name_has_a_comma_is_one_role(keystone: Any, token_of: Callable[..., Any]) -> None:
    keystone.tokens["sly"] = token_of(roles=[{"id": "r", "name": "guest,admin"}])
    caller = asking(keystone, "sly")
    assert caller.roles == {"guest,admin"}
    assert not Policy().allows(caller, "corral:server:manage")


def test_a_system_token_has_no_project(keystone: Any, token_of: Callable[..., Any]) -> None:
    body = token_of(system={"all": True}, roles=[{"id": "r", "name": "reader"}])
    del body["token"]["project"]
    keystone.tokens["system"] = body
    caller = asking(keystone, "system")
    assert (caller.system, caller.project) == (True, None)


def test_an_admin_outside_the_admin_project_is_told_apart(keystone: Any, token_of: Callable[..., Any]) -> None:
    keystone.tokens["local-admin"] = token_of(roles=[{"id": "r", "name": "admin"}], is_admin_project=False)
    assert asking(keystone, "local-admin").admin_project is False


@pytest.mark.parametrize("token", ["unknown", "", "  ", "käse", "two\r\nlines", "x" * 9000])
def test_what_is_no_valid_token_is_refused(keystone: Any, token: str) -> None:
    with pytest.raises(Unauthenticated):
        asking(keystone, token)


def test_an_expired_token_is_refused_although_keystone_vouched_for_it(
    keystone: Any, token_of: Callable[..., Any]
) -> None:
    keystone.tokens["old"] = token_of(expires_at="2020-01-02T00:00:00.000000Z")
    with pytest.raises(Unauthenticated):
        asking(keystone, "old")


def test_an_application_credential_with_access_rules_is_refused_without_a_call_that_they_allow(
    keystone: Any, token_of: Callable[..., Any]
) -> None:
    rules = [{"id": "a", "method": "GET", "path": "/v1/servers", "service": "baremetal_compute"}]
    catalog = [{"type": "baremetal_compute", "name": "corral", "id": "c", "endpoints": []}]
    keystone.tokens["limited"] = token_of(
        catalog=catalog, application_credential={"id": "c", "restricted": True, "access_rules": rules}
    )
    authenticator = KeystoneAuthenticator(settings(keystone.url))
    sent = {"X-Auth-Token": "limited", "X-Service-Token": "good"}
    assert authenticator.authenticate(sent, None, method="GET", path="/v1/servers").user == "u1"
    for method, path in (("DELETE", "/v1/servers"), ("GET", "/v1/flavors"), ("", "")):
        with pytest.raises(Unauthenticated):
            authenticator.authenticate(sent, None, method=method, path=path)


def test_keystone_is_asked_once_for_a_token_until_the_cache_forgets_it(keystone: Any) -> None:
    now = [0.0]
    authenticator = KeystoneAuthenticator(settings(keystone.url, cache_seconds=60), clock=lambda: now[0])
    for at in (0.0, 30.0, 59.0, 61.0):
        now[0] = at
        authenticator.authenticate({"X-Auth-Token": "good"}, None)
    assert keystone.asked == ["good", "good"]


def test_known_tokens_are_good_while_keystone_is_down(keystone: Any) -> None:
    authenticator = KeystoneAuthenticator(settings(keystone.url))
    authenticator.authenticate({"X-Auth-Token": "good"}, None)
    keystone.broken = True
    assert authenticator.authenticate({"X-Auth-Token": "good"}, None).user == "u1"
    with pytest.raises(Unreachable):
        authenticator.authenticate({"X-Auth-Token": "another"}, None)


def test_a_keystone_that_refuses_corrals_own_account_is_not_the_callers_fault(keystone: Any) -> None:
    keystone.knows_corral = False
    with pytest.raises(Unreachable, match="own account"):
        asking(keystone, "good")


def test_a_keystone_that_is_not_there_is_unreachable_and_says_what_to_do() -> None:
    with socket.socket() as unused:
        unused.bind(("127.0.0.1", 0))
        url = f"http://127.0.0.1:{unused.getsockname()[1]}/v3"
        authenticator = KeystoneAuthenticator(settings(url))
        with pytest.raises(Unreachable) as caught:
            authenticator.authenticate({"X-Auth-Token": "good"}, None)
    assert caught.value.status == 503
    assert caught.value.fix
    assert authenticator.challenge == f'Keystone uri="{url}"'


def test_a_caller_can_be_awaited(keystone: Any) -> None:
    authenticator = AsyncAuthenticator(KeystoneAuthenticator(settings(keystone.url)))

    async def many() -> list[Any]:
        return await asyncio.gather(*(authenticator.authenticate({"X-Auth-Token": "good"}, None) for _ in range(32)))

    callers = asyncio.run(many())
    authenticator.close()
    assert {caller.user for caller in callers} == {"u1"}


def test_neither_logs_nor_messages_have_a_token_or_a_password(keystone: Any, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG)
    asking(keystone, "good")
    with pytest.raises(Unauthenticated) as refused:
        asking(keystone, "secret-of-a-stranger")
    for secret_text in ("secret-of-a-stranger", "pw-of-corral"):
        assert secret_text not in caplog.text
        assert secret_text not in str(refused.value)
        assert secret_text not in repr(settings(keystone.url))


def test_settings_from_a_mapping_take_passwords_by_reference_only(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Any
) -> None:
    monkeypatch.setenv("SECRET_OF_CORRAL", "s3cret")
    (tmp_path / "pw").write_text("from-file\n")
    options = {"auth_url": "http://keystone/v3", "username": "corral", "timeout": 3}
    built = KeystoneSettings.from_mapping({**options, "password": "env:SECRET_OF_CORRAL"})
    assert (built.auth["password"], built.timeout, built.auth_url) == ("s3cret", 3, "http://keystone/v3")
    assert secret(f"file:{tmp_path / 'pw'}") == "from-file"
    for wrong in ("s3cret", "", "env:NOT_THERE_AT_ALL", "file:/not/there"):
        with pytest.raises(Invalid) as caught:
            KeystoneSettings.from_mapping({**options, "password": wrong})
        assert "s3cret" not in str(caught.value)


def test_settings_that_make_no_sense_are_refused_at_the_start() -> None:
    with pytest.raises(Invalid, match="colour"):
        KeystoneSettings.from_mapping({"auth_url": "http://k", "colour": "red"})
    with pytest.raises(Invalid, match="auth_url"):
        KeystoneSettings.from_mapping({"username": "x", "password": "env:PATH"})
    with pytest.raises(Invalid):
        KeystoneAuthenticator(settings("http://k", auth_type="no-such-plugin"))


@pytest.mark.filterwarnings("ignore:Support for InfluxDB")  # openstacksdk's own, whenever it reads a clouds.yaml
def test_a_cloud_that_clouds_yaml_does_not_have_is_refused(monkeypatch: pytest.MonkeyPatch, tmp_path: Any) -> None:
    (tmp_path / "clouds.yaml").write_text("clouds: {one: {auth: {auth_url: 'http://k/v3', username: u, password: p}}}")
    monkeypatch.setenv("OS_CLIENT_CONFIG_FILE", str(tmp_path / "clouds.yaml"))
    assert KeystoneSettings.from_cloud("one", cache_seconds=5).cache_seconds == 5
    with pytest.raises(Invalid, match="two"):
        KeystoneSettings.from_mapping({"cloud": "two"})


def test_keystones_options_do_not_reach_the_global_configuration() -> None:
    from oslo_config import cfg

    KeystoneAuthenticator(settings("http://keystone.invalid/v3", region_name="North"))
    assert cfg.CONF.keystone_authtoken.region_name is None
    assert cfg.CONF.keystone_authtoken.auth_type is None


def test_the_cache_is_bounded_and_forgets_the_oldest_first() -> None:
    cache = TokenCache(lambda: 0.0, size=2)
    for key in ("a", "b", "c"):
        cache.set(key, key.encode(), time=60)
    cache.set("d", b"d", time=0)
    assert [cache.get(key) for key in ("a", "b", "c", "d")] == [None, b"b", b"c", None]
