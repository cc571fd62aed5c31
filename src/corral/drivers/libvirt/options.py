"""The settings of a libvirt source, read strictly: an option that is misspelt must not be silently ignored."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from corral.domain.errors import Invalid
from corral.drivers.libvirt.uris import called, checked

MOST_HOSTS = 10_000


@dataclass(frozen=True, slots=True)
class Place:
    """A host to look at: what it is called, and its URI."""

    name: str
    uri: str


@dataclass(frozen=True, slots=True)
class Options:
    """`hosts`: the hosts, each a URI or a table of `uri` and `name`. `timeout`: seconds of silence after which a host is left
    alone. `longest`: seconds that one look may take in all. `threads`: how many hosts are looked at at once. `refresh`: seconds
    after which a VM is read again though nothing said that it had changed. `ask_agent`: addresses from the guest agents, too,
    for which libvirt wants a connection that may write. `ask_arp`: addresses from the hosts' ARP tables, too: a call for each VM.
    """

    hosts: tuple[Place, ...]
    timeout: float = 30.0
    longest: float = 600.0
    threads: int = 64
    refresh: float = 900.0
    ask_agent: bool = False
    ask_arp: bool = False


def read_options(given: Mapping[str, Any]) -> Options:
    """Raises Invalid, naming the option, for anything unknown, missing or of the wrong kind."""
    values = dict(given)
    hosts = _hosts(values.pop("hosts", None))
    numbers = {"timeout": (1, 600), "longest": (1, 86_400), "threads": (1, 512), "refresh": (0, 86_400)}
    chosen: dict[str, Any] = {}
    for key, value in values.items():
        if key in numbers:
            chosen[key] = _number(key, value, *numbers[key])
        elif key in ("ask_agent", "ask_arp"):
            if not isinstance(value, bool):
                raise Invalid(f"The source's option '{key}' must be true or false.")
            chosen[key] = value
        else:
            known = ", ".join(sorted([*numbers, "ask_agent", "ask_arp", "hosts"]))
            raise Invalid(f"The source's option '{key}' is not known.", fix=f"Known are: {known}.")
    return Options(hosts=hosts, **chosen)


def _number(key: str, value: Any, least: float, most: float) -> float | int:
    if isinstance(value, bool) or not isinstance(value, int | float) or not least <= value <= most:
        raise Invalid(f"The source's option '{key}' must be a number from {least} to {most}.")
    return int(value) if key == "threads" else float(value)


def _hosts(given: Any) -> tuple[Place, ...]:
    if isinstance(given, str) or not isinstance(given, Sequence) or not given:
        raise Invalid(
            "The source's option 'hosts' must be a list of hosts.", fix="For example [qemu+ssh://root@kvm-01/system]."
        )
    if len(given) > MOST_HOSTS:
        raise Invalid(f"{len(given)} hosts are more than the {MOST_HOSTS} that one source may have.")
    places = tuple(_place(entry) for entry in given)
    for key in ("name", "uri"):
        values = [getattr(place, key) for place in places]
        if len(set(values)) < len(values):
            twice = next(value for value in values if values.count(value) > 1)
            raise Invalid(
                f"Two hosts have the {key} {twice!r}.", fix="Name each host once; give each a `name` of its own."
            )
    return places


def _place(entry: Any) -> Place:
    table = {"uri": entry} if isinstance(entry, str) else entry
    if not isinstance(table, Mapping) or not {"uri"} <= set(table) <= {"uri", "name"}:
        raise Invalid(f"A host must be a URI, or a table of `uri` and `name`; this is {str(entry)[:80]!r}.")
    uri, name = table["uri"], table.get("name")
    if not isinstance(uri, str) or not (name is None or (isinstance(name, str) and 0 < len(name) <= 255)):
        raise Invalid(f"A host's uri and name must be texts; this is {str(entry)[:80]!r}.")
    return Place(name or called(checked(uri)), checked(uri))
