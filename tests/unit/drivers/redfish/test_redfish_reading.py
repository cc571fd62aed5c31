"""Records of Redfish services, as the standard has them and as real services write them."""

from __future__ import annotations

from typing import Any

import pytest

from corral.domain.blocks import Adapter, BlockKind, BlockState, Drive, Limit, Media
from corral.domain.errors import Conflict, DriverFailed, NotFound, OutcomeUnknown, Refused, Unreachable
from corral.drivers.redfish import reading
from corral.drivers.redfish.links import Links
from corral.drivers.redfish.messages import failure, meaning

LINKS = Links("https://pod.example.org")


@pytest.mark.parametrize(
    ("found", "kinds"),
    [
        (["Compute", "Network"], {BlockKind.COMPUTE, BlockKind.NETWORK}),
        ("Storage", {BlockKind.STORAGE}),
        (["Compute", "Toaster"], {BlockKind.COMPUTE}),
        (None, set()),
        ([["Compute"]], set()),
        (7, set()),
    ],
)
def test_a_block_has_the_types_that_we_know(found: Any, kinds: set[BlockKind]) -> None:
    assert reading.kinds({"ResourceBlockType": found}) == kinds


@pytest.mark.parametrize(
    ("value", "reserved"), [(True, True), (False, False), ("true", True), ("false", False), (None, False), ("", False)]
)
def test_reserved_may_be_a_word(value: Any, reserved: bool) -> None:
    assert reading.flag({"Reserved": value}, "Reserved") is reserved


@pytest.mark.parametrize("word", ["Borrowed", None, 3, ["Unused"], {}])
def test_a_state_that_nobody_knows_is_never_free(word: Any) -> None:
    assert reading.state({"CompositionState": word}) is BlockState.UNKNOWN


@pytest.mark.parametrize(
    ("value", "number"), [(8, 8), ("8", 8), (8.0, 8), (-8, 0), (True, 0), ("8k", 0), (None, 0), (10**40, 0), ("²", 0)]
)
def test_numbers_are_whole_and_bounded(value: Any, number: int) -> None:
    assert reading.number({"TotalCores": value}, "TotalCores") == number


def test_only_cpus_have_cores_and_accelerators_are_traits() -> None:
    found = [
        {"TotalCores": 16, "ProcessorType": "CPU"},
        {"TotalCores": 16},
        {"TotalCores": 6912, "ProcessorType": "GPU"},
    ]
    assert reading.cores(found) == 32
    assert reading.traits(found) == {"CUSTOM_GPU"}


@pytest.mark.parametrize(
    ("record", "media"),
    [
        ({"MediaType": "SSD", "Protocol": "NVMe"}, Media.NVME),
        ({"MediaType": "SSD", "Protocol": "SATA"}, Media.SSD),
        ({"MediaType": "HDD"}, Media.HDD),
        ({"MediaType": "Tape"}, None),
        ({"MediaType": {}, "Protocol": []}, None),
        ({}, None),
    ],
)
def test_a_drive_stores_on_what_it_says(record: dict[str, Any], media: Media | None) -> None:
    assert reading.drive({"CapacityBytes": 10**12, **record}) == Drive(10**12, media)


def test_the_permanent_mac_counts_in_one_form() -> None:
    found = {"PermanentMACAddress": "52-54-00-AA-BB-CC", "MACAddress": "00:00:00:00:00:01", "SpeedMbps": 25000}
    assert reading.adapter(found) == Adapter(25000, "52:54:00:aa:bb:cc")


@pytest.mark.parametrize(
    ("status", "limit"),
    [
        ({"SharingCapable": True, "SharingEnabled": True, "MaxCompositions": 4}, 4),
        ({"SharingCapable": True, "SharingEnabled": False, "MaxCompositions": 4}, 1),
        ({"SharingCapable": True, "SharingEnabled": True}, 1),
        ({}, 1),
    ],
)
def test_a_block_is_shared_only_where_that_is_enabled(status: dict[str, Any], limit: int) -> None:
    assert reading.sharing(status) == limit


def test_limits_are_bounds_by_type() -> None:
    found = {"@Redfish.ResourceBlockLimits": {"MinCompute": 1, "MaxCompute": 1, "MaxStorage": 8, "MinNetwork": 2}}
    assert reading.limits(found) == {
        BlockKind.COMPUTE: Limit(1, 1),
        BlockKind.STORAGE: Limit(0, 8),
        BlockKind.NETWORK: Limit(2, None),
    }


def test_request_types_are_said_by_the_action_or_its_info() -> None:
    types = ["Preview", "Apply"]
    assert reading.request_types({"RequestType@Redfish.AllowableValues": types}, {}) == set(types)
    assert reading.request_types({}, {"Parameters": [{"Name": "RequestType", "AllowableValues": types}]}) == set(types)
    assert reading.request_types({}, {"Parameters": "none"}) == frozenset()


@pytest.mark.parametrize("word", ["x86-64", "ARM-A64", "Abacus", [], None])
def test_an_architecture_is_ironics_word_or_none(word: Any) -> None:
    found = reading.architecture({}, [{"InstructionSet": word}])
    assert found == {"x86-64": "x86_64", "ARM-A64": "aarch64"}.get(str(word), "")


# --- links -------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("link", "found"),
    [
        ("/redfish/v1/Systems/1", "/redfish/v1/Systems/1"),
        ("/redfish/v1/Systems/1/", "/redfish/v1/Systems/1"),
        ("https://pod.example.org/redfish/v1/Systems/1", "/redfish/v1/Systems/1"),
        ("https://pod.example.org:443/redfish/v1/Systems/1", "/redfish/v1/Systems/1"),
        ("/redfish/v1/Systems/1#/Boot", "/redfish/v1/Systems/1"),
    ],
)
def test_links_on_the_host_are_ids(link: str, found: str) -> None:
    assert LINKS.id(link) == found


@pytest.mark.parametrize(
    "link",
    [
        "https://evil.example.org/redfish/v1/Systems/1",
        "http://pod.example.org/redfish/v1/Systems/1",
        "https://pod.example.org:8443/redfish/v1/Systems/1",
        "//evil.example.org/redfish/v1/Systems/1",
        "https://pod.example.org@evil.example.org/redfish/v1/Systems/1",
        "/redfish/v1/../../etc/passwd",
        "/redfish/v1/%2e%2e/x",
        "/etc/passwd",
        "Systems/1",
        "/redfish/v1/Systems/a b",
        "/redfish/v1/Systems/a\r\nX-Auth-Token: b",
        "/redfish/v1/" + "a" * 2000,
        "https://[::1/redfish/v1",
        "",
        None,
        {"@odata.id": "/redfish/v1"},
    ],
)
def test_other_links_are_not_followed(link: Any) -> None:
    with pytest.raises(DriverFailed):
        LINKS.target(link)


# --- errors ------------------------------------------------------------------------------------------------


def told(key: str) -> dict[str, Any]:
    message = {"MessageId": f"Composition.1.1.{key}", "Message": f"It is {key}."}
    return {"error": {"code": "Base.1.8.GeneralError", "message": "See.", "@Message.ExtendedInfo": [message]}}


@pytest.mark.parametrize("status", [200, 400, 403, 409])
def test_a_message_counts_whatever_the_status(status: int) -> None:
    assert isinstance(meaning(status, told("ResourceBlockInUse"), "POST", "/x"), Conflict)
    assert isinstance(meaning(status, told("NoResourceMatch"), "POST", "/x"), Refused)


@pytest.mark.parametrize(
    ("status", "method", "kind"),
    [
        (500, "POST", OutcomeUnknown),
        (503, "DELETE", OutcomeUnknown),
        (503, "GET", Unreachable),
        (500, "GET", DriverFailed),
        (404, "GET", NotFound),
        (410, "DELETE", NotFound),
        (409, "POST", Conflict),
        (301, "GET", DriverFailed),
        (403, "POST", DriverFailed),
    ],
)
def test_without_a_message_the_status_counts(status: int, method: str, kind: type[Exception]) -> None:
    assert type(meaning(status, {}, method, "/x")) is kind


def test_even_a_known_message_leaves_a_500_unknown() -> None:
    assert isinstance(meaning(500, told("ResourceBlockInUse"), "POST", "/x"), OutcomeUnknown)


def test_success_is_no_failure() -> None:
    assert failure(told("Success") | {"error": {"code": "Base.1.8.Success"}}) is None
    assert meaning(201, {"Name": "a"}, "POST", "/x") is None


def test_an_error_of_a_hundred_messages_is_bounded() -> None:
    many = [{"MessageId": f"Base.1.0.Odd{number}", "Message": "x" * 5000} for number in range(100)]
    error = failure({"error": {"@Message.ExtendedInfo": many}})
    assert isinstance(error, DriverFailed) and len(error.message) < 500
