"""Asking a BMC: what it says, and what it may try to do to us."""

from __future__ import annotations

import json
import threading
import time
from http.server import BaseHTTPRequestHandler

import pytest
from drivers_http import hangs_up, says, server, stalls

from corral.contracts.border import Border, Purpose, crossing
from corral.domain.machine import Power
from corral.drivers.ironic.bmc import RedfishBmcs, Sight
from corral.drivers.ironic.options import BmcOptions
from corral.drivers.ironic.rules import RULES

SYSTEM = "/redfish/v1/Systems/1"


def node(root: str, system: str | None = SYSTEM) -> dict[str, object]:
    return {"driver": "redfish", "driver_info": {"redfish_address": root, "redfish_system_id": system}}


def look(about: dict[str, object], **options: object) -> Sight:
    bmcs = RedfishBmcs(BmcOptions(**{"timeout": 60.0, **options}), Border(RULES))  # type: ignore[arg-type]
    sight = bmcs.look(about)
    bmcs.close()
    assert sight is not None
    return sight


def test_a_machine_says_its_power_and_boot_settings() -> None:
    body = {"PowerState": "On", "LastResetTime": "t", "Boot": {"BootSourceOverrideTarget": "Hdd", "More": 1}, "X": {}}
    with server(says(200, json.dumps(body).encode())) as (root, arrived), crossing(Purpose.LOOK) as recorder:
        sight = look(node(root))
    assert sight == Sight(Power.ON, "", {"power_state": "On", "last_reset_time": "t", "boot_override_target": "Hdd"})
    assert arrived == [f"GET {SYSTEM}"]
    assert [(call.service, call.path) for call in recorder.calls] == [("bmc", SYSTEM)]


@pytest.mark.parametrize(("state", "power"), [("Off", Power.OFF), ("PoweringOn", None), (None, None), ({}, None)])
def test_only_on_and_off_are_taken_for_an_answer(state: object, power: Power | None) -> None:
    with server(says(200, json.dumps({"PowerState": state}).encode())) as (root, _):
        sight = look(node(root))
    assert sight.power is power
    assert bool(sight.error) is (power is None)


def test_the_only_system_is_found_when_none_is_named() -> None:
    def answer(handler: BaseHTTPRequestHandler) -> None:
        if handler.path == SYSTEM:
            says(200, b'{"PowerState": "On"}')(handler)
        else:
            says(200, json.dumps({"Members": [{"@odata.id": SYSTEM}]}).encode())(handler)

    with server(answer) as (root, arrived):
        assert look(node(root, None)).power is Power.ON
    assert arrived == ["GET /redfish/v1/Systems", f"GET {SYSTEM}"]


@pytest.mark.parametrize(
    "link",
    ["http://169.254.169.254/latest", "//evil/redfish/v1/Systems/1", "/redfish/v1/Systems/../../x", "/etc/passwd"],
)
def test_links_that_lead_away_are_not_followed(link: str) -> None:
    with server(says(200, json.dumps({"Members": [{"@odata.id": link}]}).encode())) as (root, arrived):
        assert look(node(root, None)).power is None
    assert arrived == ["GET /redfish/v1/Systems"]


@pytest.mark.parametrize(
    "answerer",
    [
        says(302, b"", Location="http://169.254.169.254/"),
        says(401),
        says(500, b"oops"),
        says(200, b"[]"),
        says(200, b"{" + b'"a":{' * 100_000),
        says(200, b"x" * 2 * 1024 * 1024),
        hangs_up,
    ],
)
def test_whatever_a_bmc_does_looking_goes_on(answerer: object) -> None:
    with server(answerer) as (root, arrived):  # type: ignore[arg-type]
        sight = look(node(root))
    assert sight.power is None
    assert sight.error
    assert len(sight.error) <= 300
    assert len(arrived) == 1


def test_a_bmc_that_hangs_is_given_up_soon() -> None:
    event = threading.Event()
    start = time.monotonic()
    with server(stalls(event)) as (root, _):
        assert look(node(root), timeout=0.5).power is None
        assert time.monotonic() - start < 50
        event.set()


@pytest.mark.parametrize(
    "address",
    ["http://169.254.169.254", "ftp://127.0.0.1", "http://user:pw@127.0.0.1", "http://[::", "", "http://0.0.0.0"],
)
def test_addresses_where_no_bmc_can_be_are_not_asked(address: str) -> None:
    with crossing(Purpose.LOOK) as recorder:
        assert look(node(address)).power is None
    assert recorder.calls == []


def test_only_the_named_networks_are_asked() -> None:
    with server(says(200, b'{"PowerState": "On"}')) as (root, arrived):
        assert "outside" in look(node(root), networks=("10.0.0.0/8",)).error
        assert arrived == []
        assert look(node(root), networks=("10.0.0.0/8", "127.0.0.0/8")).power is Power.ON


def test_a_password_is_not_sent_in_clear_text(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TEST_BMC_PASSWORD", "s3cret")
    seen: list[str | None] = []

    def answer(handler: BaseHTTPRequestHandler) -> None:
        seen.append(handler.headers.get("Authorization"))
        says(200, b'{"PowerState": "On"}')(handler)

    with server(answer) as (root, _):
        assert look(node(root), username="admin", password_env="TEST_BMC_PASSWORD").power is Power.ON
    assert seen == [None]


def test_where_there_is_no_bmc_nobody_is_asked_and_where_it_is_no_redfish_that_is_said() -> None:
    bmcs = RedfishBmcs(BmcOptions(), Border(RULES))
    assert bmcs.look({"driver": "fake-hardware", "driver_info": {}}) is None
    assert bmcs.look({}) is None
    sight = bmcs.look({"driver": "ipmi", "driver_info": {"ipmi_address": "10.0.0.1"}})
    assert sight is not None
    assert "ipmi" in sight.error
    bmcs.close()
