"""Asking the machine itself, through its BMC's Redfish service: reads only, and bounded in every way.

Why: Ironic pushes the power state that it has on record onto the machine, so a wrong record is a reboot to come.
Rule: a BMC is hostile. One GET of one system, no redirects, no links off the host, 1 MiB, a few seconds; and whatever it does, a
listing goes on. Where it is asked is written in Ironic by a node's owner: see `BmcOptions.networks`.
"""

from __future__ import annotations

import ipaddress
import os
import re
import socket
from collections.abc import Mapping
from dataclasses import dataclass, field
from http.cookiejar import DefaultCookiePolicy
from typing import Any, Protocol
from urllib.parse import urlsplit

import requests

from corral.cloud.answers import Answer, answer
from corral.cloud.transport import BorderAdapter, Limits, OneService
from corral.contracts.border import Border
from corral.domain.errors import CorralError
from corral.domain.machine import Power
from corral.drivers.ironic.options import BmcOptions
from corral.drivers.ironic.rules import SYSTEM_PATH

_BIGGEST_ANSWER = 1024 * 1024
_COLLECTION = "/redfish/v1/Systems"
_NO_BMC = ("", "fake-hardware", "manual-management")
_POWER = {"On": Power.ON, "Off": Power.OFF}


@dataclass(frozen=True, slots=True)
class Sight:
    """What the machine itself said. `power` None: it could not be asked, or is in between; `error` says why."""

    power: Power | None
    error: str = ""
    facts: Mapping[str, str] = field(default_factory=dict)


class Bmcs(Protocol):
    """How machines are asked. `threads` at once, `patience` seconds for all machines of a listing together."""

    threads: int
    patience: float

    def look(self, node: Mapping[str, Any]) -> Sight | None:
        """What the machine of a node's record says; None where there is nobody to ask. Never raises."""


class RedfishBmcs:
    """`Bmcs` over HTTP."""

    def __init__(self, options: BmcOptions, border: Border) -> None:
        self.threads = options.threads
        self.patience = options.listing_seconds
        self._options = options
        self._networks = [ipaddress.ip_network(one) for one in options.networks]
        self._http = _session(options, border)

    def look(self, node: Mapping[str, Any]) -> Sight | None:
        driver, info = node.get("driver") or "", node.get("driver_info")
        if driver in _NO_BMC:
            return None
        address = info.get("redfish_address") if isinstance(info, Mapping) else None
        if not isinstance(info, Mapping) or not isinstance(address, str):
            return Sight(None, f"driver {driver} names no Redfish address, and nothing else is asked")
        try:
            return _sight(self._system(address, info.get("redfish_system_id")))
        except (CorralError, requests.RequestException, OSError, ValueError) as exc:
            return Sight(None, f"the BMC could not be asked: {exc}"[:300])

    def close(self) -> None:
        self._http.close()

    def _system(self, address: str, system: Any) -> Mapping[str, Any]:
        root = self._root(address)
        path = system if isinstance(system, str) and system else self._only_system(root)
        if re.fullmatch(SYSTEM_PATH, path) is None:
            raise ValueError("redfish_system_id is not the path of a system")
        return self._get(root, path)

    def _only_system(self, root: str) -> str:
        members = self._get(root, _COLLECTION).get("Members")
        if not isinstance(members, list) or len(members) != 1 or not isinstance(members[0], Mapping):
            raise ValueError("it has not exactly one system, and driver_info has no redfish_system_id")
        return str(members[0].get("@odata.id"))

    def _get(self, root: str, path: str) -> Mapping[str, Any]:
        login = self._login() if root.startswith("https:") else None
        response = self._http.get(root + path, auth=login, verify=self._options.verify, allow_redirects=False)
        got: Answer = answer(response.status_code, response.content)
        if got.status != 200 or not isinstance(got.data, Mapping):
            raise ValueError(f"it answered {got.status}{' without a record' if got.status == 200 else ''}")
        return got.data

    def _login(self) -> tuple[str, str] | None:
        """Read each time: a password that was rotated must not need a restart."""
        if self._options.username is None or self._options.password_env is None:
            return None
        return self._options.username, os.environ.get(self._options.password_env, "")

    def _root(self, address: str) -> str:
        """Scheme, host and port of the address, if we may go there."""
        parts = urlsplit(address if "//" in address else f"https://{address}")
        if parts.scheme not in ("http", "https") or not parts.hostname or parts.username:
            raise ValueError("redfish_address is no address of a BMC")
        for found in socket.getaddrinfo(parts.hostname, parts.port or 443, type=socket.SOCK_STREAM):
            self._refuse(ipaddress.ip_address(found[4][0]))
        return f"{parts.scheme}://{parts.netloc}"

    def _refuse(self, ip: ipaddress.IPv4Address | ipaddress.IPv6Address) -> None:
        # Link-local is where clouds keep their metadata service.
        if ip.is_link_local or ip.is_multicast or ip.is_unspecified:
            raise ValueError(f"redfish_address leads to {ip}, where no BMC can be")
        if self._networks and not any(ip in network for network in self._networks):
            raise ValueError(f"redfish_address leads to {ip}, outside the networks that may be asked")


def _session(options: BmcOptions, border: Border) -> requests.Session:
    http = requests.Session()
    http.trust_env = False
    http.cookies.set_policy(DefaultCookiePolicy(allowed_domains=[]))
    limits = Limits(options.timeout, options.timeout, _BIGGEST_ANSWER, 2 * options.timeout, options.threads)
    adapter = BorderAdapter(border, OneService("bmc"), limits)
    http.mount("http://", adapter)
    http.mount("https://", adapter)
    return http


def _sight(system: Mapping[str, Any]) -> Sight:
    state = system.get("PowerState")
    power = _POWER.get(state) if isinstance(state, str) else None
    error = "" if power else f"the BMC says {str(state)[:64]!r}"
    return Sight(power, error, _facts(system))


def _facts(system: Mapping[str, Any]) -> dict[str, str]:
    boot = system.get("Boot")
    boot = boot if isinstance(boot, Mapping) else {}
    found = {
        "power_state": system.get("PowerState"),
        "last_reset_time": system.get("LastResetTime"),
        "boot_override_enabled": boot.get("BootSourceOverrideEnabled"),
        "boot_override_target": boot.get("BootSourceOverrideTarget"),
        "boot_override_mode": boot.get("BootSourceOverrideMode"),
    }
    return {key: value[:128] for key, value in found.items() if isinstance(value, str)}
