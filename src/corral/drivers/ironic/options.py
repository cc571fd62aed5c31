"""The settings of an Ironic source, read strictly: an option that is misspelt must not be silently ignored."""

from __future__ import annotations

import ipaddress
import os
from collections.abc import Callable, Mapping
from dataclasses import dataclass, fields
from typing import Any, TypeVar

from corral.domain.errors import Invalid

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class BmcOptions:
    """How the machines' own controllers are asked for their power (Redfish, reads only).

    `ask`: at all. `username`; `password_env`: name of the environment variable with the password; both are sent over
    HTTPS only. `verify`: certificates: true, false, or a file of CAs. `networks`: the only networks in which a BMC may
    be (CIDR); without it, any but link-local. `timeout`: seconds per BMC. `listing_seconds`: how long a listing waits
    for all BMCs together. `threads`: how many are asked at once.
    """

    ask: bool = True
    username: str | None = None
    password_env: str | None = None
    verify: bool | str = True
    networks: tuple[str, ...] = ()
    timeout: float = 5.0
    listing_seconds: float = 20.0
    threads: int = 16


@dataclass(frozen=True, slots=True)
class Options:
    """`cloud`: name in clouds.yaml whose login sees the nodes (system scope sees all). `network_cloud`: the one for
    Neutron and Glance, which want a project scope; default: `cloud`. `region`, `interface`: of the endpoints.
    `page_size`: nodes per request, at most 1000. Timeouts are seconds."""

    cloud: str
    network_cloud: str | None = None
    region: str | None = None
    interface: str | None = None
    page_size: int = 1000
    connect_timeout: float = 5.0
    read_timeout: float = 60.0
    bmc: BmcOptions = BmcOptions()


def read_options(given: Mapping[str, Any]) -> Options:
    """Raises Invalid, naming the option, for anything unknown, missing or of the wrong kind."""
    values = dict(given)
    bmc = _bmc(values.pop("bmc", None) or {})
    read: dict[str, Any] = {
        "cloud": _text,
        "network_cloud": _text,
        "region": _text,
        "interface": _one_of("public", "internal", "admin"),
        "page_size": _number(int, 1, 1000),
        "connect_timeout": _number(float, 0.1, 300),
        "read_timeout": _number(float, 1, 600),
    }
    chosen = _read(values, read, "")
    if not chosen.get("cloud"):
        raise Invalid("The source's option 'cloud' is missing.", fix="Name a cloud of clouds.yaml.")
    return Options(**chosen, bmc=bmc)


def _bmc(given: Any) -> BmcOptions:
    if not isinstance(given, Mapping):
        raise Invalid("The source's option 'bmc' must be a table.", fix="For example bmc: {ask: false}.")
    read: dict[str, Any] = {
        "ask": _flag,
        "username": _text,
        "password_env": _text,
        "verify": _flag_or_text,
        "networks": _networks,
        "timeout": _number(float, 0.1, 60),
        "listing_seconds": _number(float, 0, 600),
        "threads": _number(int, 1, 128),
    }
    bmc = BmcOptions(**_read(dict(given), read, "bmc."))
    if bmc.password_env and bmc.password_env not in os.environ:
        raise Invalid(
            f"The source's option 'bmc.password_env' names {bmc.password_env!r}, which is not in the environment.",
            fix="Set that variable for the service, not the password in the configuration.",
        )
    return bmc


def _read(values: dict[str, Any], readers: dict[str, Callable[[str, Any], Any]], prefix: str) -> dict[str, Any]:
    for key in values:
        if key not in readers:
            known = ", ".join(sorted(readers))
            raise Invalid(f"The source's option '{prefix}{key}' is not known.", fix=f"Known are: {known}.")
    return {key: readers[key](prefix + key, value) for key, value in values.items() if value is not None}


def _wrong(key: str, wanted: str) -> Invalid:
    return Invalid(f"The source's option '{key}' must be {wanted}.")


def _text(key: str, value: Any) -> str:
    if not isinstance(value, str) or not value or len(value) > 255:
        raise _wrong(key, "a text of 1 to 255 characters")
    return value


def _flag(key: str, value: Any) -> bool:
    if not isinstance(value, bool):
        raise _wrong(key, "true or false")
    return value


def _flag_or_text(key: str, value: Any) -> bool | str:
    return value if isinstance(value, bool) else _text(key, value)


def _one_of(*words: str) -> Callable[[str, Any], str]:
    def read(key: str, value: Any) -> str:
        if value not in words:
            raise _wrong(key, f"one of {', '.join(words)}")
        return str(value)

    return read


def _number(kind: type, low: float, high: float) -> Callable[[str, Any], Any]:
    def read(key: str, value: Any) -> Any:
        fits = isinstance(value, int) or (kind is float and isinstance(value, float))
        if isinstance(value, bool) or not fits or not low <= value <= high:
            raise _wrong(key, f"a number from {low:g} to {high:g}")
        return kind(value)

    return read


def _networks(key: str, value: Any) -> tuple[str, ...]:
    if not isinstance(value, list | tuple):
        raise _wrong(key, "a list of networks in CIDR form")
    try:
        return tuple(str(ipaddress.ip_network(one)) for one in value)
    except ValueError as exc:
        raise Invalid(f"The source's option '{key}': {exc}.") from exc


KNOWN = tuple(field.name for field in fields(Options))
