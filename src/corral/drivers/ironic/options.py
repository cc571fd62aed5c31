"""The settings of an Ironic source, read strictly: an option that is misspelt must not be silently ignored."""

from __future__ import annotations

import ipaddress
from collections.abc import Mapping
from dataclasses import dataclass, fields
from typing import Any

from corral.domain.errors import Invalid
from corral.drivers.option_values import Reader, flag, number, one_of, read, text, variable, wrong


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
    readers: dict[str, Reader] = {
        "cloud": text,
        "network_cloud": text,
        "region": text,
        "interface": one_of("public", "internal", "admin"),
        "page_size": number(int, 1, 1000),
        "connect_timeout": number(float, 0.1, 300),
        "read_timeout": number(float, 1, 600),
    }
    chosen = read(values, readers)
    if not chosen.get("cloud"):
        raise Invalid("The source's option 'cloud' is missing.", fix="Name a cloud of clouds.yaml.")
    return Options(**chosen, bmc=bmc)


def _bmc(given: Any) -> BmcOptions:
    if not isinstance(given, Mapping):
        raise Invalid("The source's option 'bmc' must be a table.", fix="For example bmc: {ask: false}.")
    readers: dict[str, Reader] = {
        "ask": flag,
        "username": text,
        "password_env": text,
        "verify": _flag_or_text,
        "networks": _networks,
        "timeout": number(float, 0.1, 60),
        "listing_seconds": number(float, 0, 600),
        "threads": number(int, 1, 128),
    }
    bmc = BmcOptions(**read(given, readers, "bmc."))
    if bmc.password_env:
        variable("bmc.password_env", bmc.password_env)
    return bmc


def _flag_or_text(key: str, value: Any) -> bool | str:
    return value if isinstance(value, bool) else text(key, value)


def _networks(key: str, value: Any) -> tuple[str, ...]:
    if not isinstance(value, list | tuple):
        raise wrong(key, "a list of networks in CIDR form")
    try:
        return tuple(str(ipaddress.ip_network(one)) for one in value)
    except ValueError as exc:
        raise Invalid(f"The source's option '{key}': {exc}.") from exc


KNOWN = tuple(field.name for field in fields(Options))
