"""Rules by which gaps are filled, in the same file as those of adoptions, in sections of their own.

    networks:                            # the first rule whose `when` fits a NIC counts
      - when: {bridge: br0, network: "VM Network", vlan: 120, host: "kvm-*"}   # patterns; each is optional
        physical_network: physnet1       # the network is one on it,
        vlan: 120                        # with that VLAN, also when the hypervisor does not tell one,
        network: provider-net            # or this one, by name or UUID
      - when: {bridge: "virbr*"}
        leave: true                      # such NICs get no port
    volumes:
      keeps: [cinder@san]                # backends whose driver changes neither name nor access of what it manages
    project: 3f2a…                       # of VMs that are not adopted
    projects: {VM: PROJECT}              # of single ones, by id

Rule: pure. A mistake is found before anything is looked at.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from difflib import get_close_matches
from fnmatch import fnmatchcase
from typing import Any

from corral.domain.errors import Invalid
from corral.domain.vm import VmNic

SECTIONS = ("networks", "volumes", "project", "projects")
_CONDITIONS = ("bridge", "network", "vlan", "host")
_SAID = ("when", "network", "physical_network", "vlan", "leave")
_PROJECT = re.compile(r"[A-Za-z0-9_-]{1,64}")
_TEXT = re.compile(r"[^\x00-\x1f]{0,255}")
_SERVICE = re.compile(r"[^@#\s]{1,255}@[^@#\s]{1,255}")
_MOST = 500
_LAST_VLAN = 4094


@dataclass(frozen=True, slots=True)
class NetworkRule:
    """`when`: patterns by condition, all of which must fit. What is "" or None is not said."""

    when: Mapping[str, str] = field(default_factory=dict)
    network: str = ""
    physical_network: str = ""
    vlan: int | None = None
    leave: bool = False

    def fits(self, nic: VmNic, vlan: int | None, host: str) -> bool:
        """Whether it is about that NIC, of which `vlan` is what the host says of its network too."""
        said = {"bridge": nic.bridge, "network": nic.network, "vlan": "" if vlan is None else str(vlan), "host": host}
        return all(fnmatchcase(said[key], pattern) for key, pattern in self.when.items())


@dataclass(frozen=True, slots=True)
class GapRules:
    """The rules that were read and found right."""

    networks: tuple[NetworkRule, ...] = ()
    keeps: frozenset[str] = frozenset()
    project: str = ""
    projects: Mapping[str, str] = field(default_factory=dict)

    def rule_for(self, nic: VmNic, vlan: int | None, host: str) -> NetworkRule:
        """The first rule about a NIC; one that says nothing when there is none."""
        return next((one for one in self.networks if one.fits(nic, vlan, host)), NetworkRule())


def read_gap_rules(data: Any) -> GapRules:
    """The rules in JSON or YAML that was read. Raises Invalid, with the nearest key that exists."""
    if not isinstance(data, Mapping):
        raise _wrong("The mapping is no mapping of keys to values", "Write it as `networks: …`, one key a line.")
    _known("The mapping", data, SECTIONS)
    volumes = data.get("volumes") or {}
    if not isinstance(volumes, Mapping):
        raise _wrong("volumes should be a mapping", "Write it as `volumes: {keeps: [host@backend]}`.")
    _known("volumes", volumes, ("keeps",))
    projects = data.get("projects") or {}
    if not isinstance(projects, Mapping):
        raise _wrong("projects should be a mapping", "Write it as `projects: {VM: PROJECT}`.")
    return GapRules(
        networks=tuple(_rule(number, one) for number, one in enumerate(_list("networks", data.get("networks")))),
        keeps=frozenset(_service(one) for one in _list("volumes.keeps", volumes.get("keeps"))),
        project="" if data.get("project") is None else _project("project", data["project"]),
        projects={_text("projects", vm).lower(): _project(f"projects.{vm}", one) for vm, one in projects.items()},
    )


def _rule(number: int, data: Any) -> NetworkRule:
    where = f"networks[{number}]"
    if not isinstance(data, Mapping):
        raise _wrong(f"{where} should be a mapping", "Write it as `{when: {bridge: br0}, network: NAME}`.")
    _known(where, data, _SAID)
    when = data.get("when") or {}
    if not isinstance(when, Mapping):
        raise _wrong(f"{where}.when should be a mapping", "Write it as `when: {bridge: br0}`.")
    _known(f"{where}.when", when, _CONDITIONS)
    leave = data.get("leave", False)
    said = [key for key in ("network", "physical_network", "vlan") if data.get(key) is not None]
    if not isinstance(leave, bool) or leave == bool(said):
        raise _wrong(f"{where} should say either a network, or `leave: true`", "Say one of the two.")
    return NetworkRule(
        when={str(key): _text(f"{where}.when.{key}", one) for key, one in when.items()},
        network=_text(f"{where}.network", data.get("network", "")),
        physical_network=_text(f"{where}.physical_network", data.get("physical_network", "")),
        vlan=_vlan(f"{where}.vlan", data.get("vlan")),
        leave=leave,
    )


def _list(key: str, value: Any) -> list[Any]:
    if value is None:
        return []
    if not isinstance(value, list) or len(value) > _MOST:
        raise _wrong(f"{key} should be a list of at most {_MOST}", "Write one a line, after `- `.")
    return value


def _text(key: str, value: Any) -> str:
    if isinstance(value, bool) or not isinstance(value, str | int) or not _TEXT.fullmatch(str(value)):
        raise _wrong(f"{key} is {str(value)[:80]!r}, and should be a text", "Put it in quotes.")
    return str(value)


def _vlan(key: str, value: Any) -> int | None:
    if value is None or (isinstance(value, int) and not isinstance(value, bool) and 0 <= value <= _LAST_VLAN):
        return value
    raise _wrong(f"{key} is {str(value)[:80]!r}, which is no VLAN", f"VLANs are 1 to {_LAST_VLAN}, and 0 for none.")


def _service(value: Any) -> str:
    if not isinstance(value, str) or _SERVICE.fullmatch(value) is None:
        raise _wrong(f"volumes.keeps names {str(value)[:80]!r}, which is no backend", "Write it as host@backend.")
    return value


def _project(key: str, value: Any) -> str:
    if not isinstance(value, str) or _PROJECT.fullmatch(value) is None:
        raise _wrong(f"{key} is {str(value)[:80]!r}, which is no project's id", "`openstack project list` has the ids.")
    return value


def _known(what: str, data: Mapping[Any, Any], keys: Iterable[str]) -> None:
    for key in data:
        if key not in keys:
            near = get_close_matches(str(key), list(keys), 1)
            fix = f"Did you mean {near[0]!r}?" if near else f"There are: {', '.join(keys)}."
            raise _wrong(f"{what} has the key {str(key)[:80]!r}, which does not exist", fix)


def _wrong(what: str, fix: str) -> Invalid:
    return Invalid(f"{what}.", fix=fix, code="invalid-mapping")
