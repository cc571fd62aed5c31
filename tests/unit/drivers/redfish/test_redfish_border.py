"""What the Redfish driver may send, and what may be set for it."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from corral.contracts.border import Border, Purpose, crossing
from corral.domain.blocks import Media, Wanted, WantedAdapters, WantedDrives
from corral.domain.errors import Breach, Invalid
from corral.drivers.redfish import open_source
from corral.drivers.redfish.bodies import by_blocks, by_quantity, manifest
from corral.drivers.redfish.options import read_options
from corral.drivers.redfish.rules import RULES

SYSTEMS = "/redfish/v1/Systems"
COMPOSE = "/redfish/v1/CompositionService/Actions/CompositionService.Compose"
BLOCKS = ["/redfish/v1/CompositionService/ResourceBlocks/a"]


def admitted(purpose: Purpose, method: str, path: str, body: Any = None) -> bool:
    with crossing(purpose):
        try:
            with Border(RULES).admit("redfish", method, path, body):
                return True
        except Breach:
            return False


@pytest.mark.parametrize(
    ("method", "path", "body"),
    [
        ("POST", SYSTEMS, by_blocks("a", BLOCKS)),
        ("POST", SYSTEMS, by_quantity("a", Wanted(8, 1024, (WantedDrives(10**9),), (WantedAdapters(),)))),
        ("POST", COMPOSE, manifest("PreviewReserve", by_blocks("a", BLOCKS))),
        ("POST", COMPOSE, manifest("Apply", by_blocks("a", BLOCKS), "reservation")),
        ("DELETE", f"{SYSTEMS}/a", None),
        ("DELETE", "/redfish/v1/CompositionService/CompositionReservations/a", None),
    ],
)
def test_composing_has_a_purpose_of_its_own(method: str, path: str, body: Any) -> None:
    assert admitted(Purpose.COMPOSE, method, path, body)
    for other in set(Purpose) - {Purpose.COMPOSE}:
        assert not admitted(other, method, path, body)


def with_stanza(kind: str) -> dict[str, Any]:
    body = manifest("Apply", by_blocks("a", BLOCKS))
    body["Manifest"]["Stanzas"][0]["StanzaType"] = kind
    return body


@pytest.mark.parametrize(
    ("method", "path", "body"),
    [
        ("POST", COMPOSE, with_stanza("DecomposeSystem")),
        ("POST", COMPOSE, with_stanza("OEM")),
        ("POST", COMPOSE, {**manifest("Apply", by_blocks("a", BLOCKS)), "RequestType": "Other"}),
        ("POST", COMPOSE, {"RequestType": "Apply"}),
        ("POST", SYSTEMS, {"Links": {}}),
        ("POST", SYSTEMS, {"Name": "a", "PowerState": "On"}),
        ("PATCH", f"{SYSTEMS}/a", {"Boot": {}}),
        ("POST", f"{SYSTEMS}/a/Actions/ComputerSystem.Reset", {"ResetType": "ForceOff"}),
        ("DELETE", SYSTEMS, None),
        ("DELETE", f"{SYSTEMS}/a/Processors", None),
        ("DELETE", "/redfish/v1/AccountService/Accounts/1", None),
        ("GET", "/control/state", None),
        ("GET", "/redfish/v1/Systems/a b", None),
    ],
)
def test_what_else_could_harm_is_never_sent(method: str, path: str, body: Any) -> None:
    assert not any(admitted(purpose, method, path, body) for purpose in Purpose)


def test_quantities_are_what_is_wanted() -> None:
    wanted = Wanted(8, 16384, (WantedDrives(10**12, 2, Media.NVME),), (WantedAdapters(2, 25000),))
    body = by_quantity("a", wanted)
    assert body["Processors"]["Members"][0]["TotalCores"] == 8
    assert body["Memory"]["Members"][0]["CapacityMiB"] == 16384
    assert body["Storage"]["Members"][0]["Drives"] == [
        {"@Redfish.RequestedCount": 2, "CapacityBytes": 10**12, "MediaType": "SSD", "Protocol": "NVMe"}
    ]
    assert body["EthernetInterfaces"]["Members"] == [{"@Redfish.RequestedCount": 2, "SpeedMbps": 25000}]


@pytest.mark.parametrize(
    ("options", "said"),
    [
        ({}, "'url' is missing"),
        ({"url": "https://pod", "urll": 1}, "'urll' is not known"),
        ({"url": "ftp://pod"}, "'url' must be"),
        ({"url": "https://user:secret@pod"}, "'url' must be"),
        ({"url": "https://pod/redfish/v1"}, "'url' must be"),
        ({"url": "https://pod:notaport"}, "'url' must be"),
        ({"url": "https://pod", "verify": "yes"}, "'verify' must be true or false"),
        ({"url": "https://pod", "username": "a"}, "go together"),
        ({"url": "https://pod", "username": "a", "password_env": "CORRAL_NOT_THERE"}, "not in the environment"),
        ({"url": "http://pod", "username": "a", "password_env": "PATH"}, "in clear"),
        ({"url": "https://pod", "ca_file": "/not/there"}, "which is no file"),
        ({"url": "https://pod", "auth": "magic"}, "one of session, basic"),
        ({"url": "https://pod", "read_timeout": 0}, "a number from"),
        ({"url": "https://pod", "threads": True}, "a number from"),
    ],
)
def test_unusable_options_are_refused_by_name(options: dict[str, Any], said: str) -> None:
    with pytest.raises(Invalid, match=said):
        read_options(options)


def test_certificates_are_checked_unless_somebody_says_otherwise(tmp_path: Path) -> None:
    assert read_options({"url": "https://pod"}).verify is True
    (tmp_path / "ca").touch()
    with pytest.raises(Invalid, match="no use"):
        read_options({"url": "https://pod", "verify": False, "ca_file": str(tmp_path / "ca")})


def test_opening_a_source_asks_nobody_and_shows_no_password(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CORRAL_TEST_POD", "hunter2")
    source = open_source("p", {"url": "https://192.0.2.1", "username": "a", "password_env": "CORRAL_TEST_POD"})
    assert source.capabilities == ("discovers", "pools", "composes")
    assert "hunter2" not in repr(read_options({"url": "https://p", "username": "a", "password_env": "CORRAL_TEST_POD"}))
    source.close()
