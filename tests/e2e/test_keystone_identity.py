"""Callers by the tokens of a real Keystone, and what they may do: the lab's users, one for each role."""

from __future__ import annotations

import os
import socket
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from corral.domain.errors import Forbidden, Unauthenticated, Unreachable
from corral.identity.caller import Caller
from corral.identity.keystone import KeystoneAuthenticator
from corral.identity.keystone_settings import KeystoneSettings
from corral.identity.policy import Policy

pytestmark = [
    pytest.mark.lab,
    # openstacksdk's own, whenever it reads a clouds.yaml.
    pytest.mark.filterwarnings("ignore:Support for InfluxDB"),
]

LAB = Path(os.environ.get("CORRAL_LAB_JSON", Path(__file__).parents[2] / ".lab" / "lab.json"))
POLICY = Policy()


@pytest.fixture(scope="module", autouse=True)
def clouds() -> Iterator[None]:
    if not LAB.is_file():
        pytest.skip("the lab is not there: make lab")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("OS_CLIENT_CONFIG_FILE", str(LAB.parent / "etc" / "openstack" / "clouds.yaml"))
        yield


@pytest.fixture
def settings() -> KeystoneSettings:
    return KeystoneSettings.from_cloud("corral")


@pytest.fixture
def keystone(settings: KeystoneSettings) -> KeystoneAuthenticator:
    return KeystoneAuthenticator(settings)


@pytest.fixture
def session_of() -> Iterator[Any]:
    """Logs in as a cloud of the lab; what was opened is closed, since warnings about that are errors."""
    opened = []

    def log_in(cloud: str) -> Any:
        from openstack.config import OpenStackConfig

        session = OpenStackConfig().get_one(cloud=cloud).get_session()
        opened.append(session)
        return session

    yield log_in
    for session in opened:
        session.session.close()


@pytest.fixture
def caller_of(keystone: KeystoneAuthenticator, session_of: Any) -> Any:
    def ask(cloud: str, **headers: str) -> Caller:
        return keystone.authenticate({"X-Auth-Token": session_of(cloud).get_token(), **headers}, "192.0.2.1")

    return ask


def test_an_admins_token_opens_everything(caller_of: Any, session_of: Any) -> None:
    caller = caller_of("admin")
    assert (caller.user_name, caller.project_name, caller.method) == ("admin", "admin", "keystone")
    assert caller.user == session_of("admin").get_user_id()
    assert caller.project == session_of("admin").get_project_id()
    assert "admin" in caller.roles
    POLICY.check(caller, "corral:server:manage", {"project_id": "another"})


def test_a_members_token_acts_in_its_own_project_only(caller_of: Any) -> None:
    caller = caller_of("demo")
    assert "admin" not in caller.roles
    POLICY.check(caller, "corral:server:power", {"project_id": caller.project})
    for action, project in (("power", "another"), ("show", "another"), ("manage", caller.project)):
        with pytest.raises(Forbidden):
            POLICY.check(caller, f"corral:server:{action}", {"project_id": project})


def test_a_readers_token_only_reads(caller_of: Any) -> None:
    caller = caller_of("reader")
    assert caller.roles == {"reader"}
    POLICY.check(caller, "corral:server:show", {"project_id": caller.project})
    with pytest.raises(Forbidden, match="role member"):
        POLICY.check(caller, "corral:server:power", {"project_id": caller.project})


def test_a_system_scoped_admin_is_an_admin_without_a_project(caller_of: Any) -> None:
    caller = caller_of("system")
    assert (caller.system, caller.project) == (True, None)
    POLICY.check(caller, "corral:server:manage")


def test_what_a_reader_claims_to_be_is_ignored(caller_of: Any) -> None:
    honest = caller_of("reader")
    claims = {"X-Roles": "admin", "X-Role": "admin", "X-User-Id": "root", "X-Identity-Status": "Confirmed"}
    liar = caller_of("reader", **claims, **{"X-Project-Id": "another", "OpenStack-System-Scope": "all"})
    assert replace(liar, request_id="") == replace(honest, request_id="")


@pytest.mark.parametrize(
    "token", ["garbage", "gAAAAAB" + "x" * 200, "00000000-0000-4000-8000-000000000000", "../tokens"]
)
def test_what_keystone_never_issued_is_refused(keystone: KeystoneAuthenticator, token: str) -> None:
    with pytest.raises(Unauthenticated):
        keystone.authenticate({"X-Auth-Token": token, "X-Roles": "admin"}, "127.0.0.1")
    assert keystone.challenge.startswith('Keystone uri="http')


def test_a_revoked_token_is_refused_where_nothing_is_cached(settings: KeystoneSettings, session_of: Any) -> None:
    uncached = KeystoneAuthenticator(replace(settings, cache_seconds=0))
    session = session_of("demo")
    sent = {"X-Auth-Token": session.get_token()}
    assert uncached.authenticate(sent, None).user_name == "demo"
    keystone_url = session.auth.get_endpoint(session, service_type="identity", interface="public")
    session.delete(
        f"{keystone_url.removesuffix('/v3')}/v3/auth/tokens", headers={"X-Subject-Token": sent["X-Auth-Token"]}
    )
    with pytest.raises(Unauthenticated):
        uncached.authenticate(sent, None)


def test_many_callers_at_once_are_each_taken_for_themselves(keystone: KeystoneAuthenticator, session_of: Any) -> None:
    tokens = {cloud: session_of(cloud).get_token() for cloud in ("admin", "demo", "reader")}

    def ask(cloud: str) -> bool:
        return keystone.authenticate({"X-Auth-Token": tokens[cloud]}, None).user_name == cloud

    with ThreadPoolExecutor(16) as pool:
        assert all(pool.map(ask, [cloud for cloud in tokens for _ in range(50)]))


def test_a_keystone_that_does_not_answer_is_unreachable(settings: KeystoneSettings, session_of: Any) -> None:
    token = session_of("demo").get_token()
    with socket.socket() as unused:
        unused.bind(("127.0.0.1", 0))
        elsewhere = f"http://127.0.0.1:{unused.getsockname()[1]}/v3"
        down = KeystoneAuthenticator(replace(settings, auth={**settings.auth, "auth_url": elsewhere}))
        with pytest.raises(Unreachable) as caught:
            down.authenticate({"X-Auth-Token": token}, None)
    assert caught.value.status == 503
    assert "Keystone answers" in caught.value.fix


def test_a_wrong_password_of_corrals_own_is_not_the_callers_fault(settings: KeystoneSettings, session_of: Any) -> None:
    stranger = KeystoneAuthenticator(replace(settings, auth={**settings.auth, "password": "wrong"}))
    with pytest.raises(Unreachable, match="own account"):
        stranger.authenticate({"X-Auth-Token": session_of("demo").get_token()}, None)
