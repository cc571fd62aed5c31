"""The policy of synchronization: what is done about differences, by source, field and server. One documented YAML, read here.

    sources:
      lab:
        policy: tolerate            # none | tolerate | sync
        fields:                     # by field: a policy, or {policy: …, wins: nobody | record | world}
          name: sync
          power: {policy: sync, wins: record}
        allow: [start]              # what corrections may do to machines: start, stop, reboot, migrate, resize, plug
        servers:                    # the first that matches goes before what is above
          - {name: "db-*", policy: none}
        adopt:                      # new machines: looked for where this is there, adopted where a rule matches
          - {resource_class: gold, name: "web-*", project: PROJECT, mapping: {flavor: gold}}
        brake: {percent: 5, least: 3}
        settle: 120                 # seconds that a difference must last
        looks: 2                    # in how many looks in a row it must be seen
        gone_looks: 3               # and in how many a machine must be missing
        poll: {every: 60, at_most: 600}

Rule: pure. What is wrong is said with the place where it stands, and with what could stand there.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field, replace
from difflib import get_close_matches
from enum import StrEnum
from fnmatch import fnmatchcase
from typing import Any, TypeVar

from corral.domain.digest import digest
from corral.domain.drift import Field
from corral.domain.errors import Invalid
from corral.domain.mapping import Rules, read_rules
from corral.domain.merge import Policy, Terms, Wins
from corral.domain.server import Server, normal_class

DISTURBING = ("start", "stop", "reboot", "migrate", "resize", "plug")
"""What a correction may do to a machine only where a rule says so by name."""


@dataclass(frozen=True, slots=True)
class Say:
    """What one level of the policy says; None: nothing, so that the level above counts."""

    policy: Policy | None = None
    fields: Mapping[Field, tuple[Policy | None, Wins | None]] = field(default_factory=dict)
    allow: frozenset[str] | None = None


@dataclass(frozen=True, slots=True)
class ServerRule:
    """What is said of servers that match all that is given: a uuid, a glob for the name, a project."""

    say: Say
    uuid: str | None = None
    name: str | None = None
    project: str | None = None

    def matches(self, server: Server) -> bool:
        return (
            self.uuid in (None, server.uuid)
            and self.project in (None, server.project)
            and (self.name is None or fnmatchcase(server.name, self.name))
        )


@dataclass(frozen=True, slots=True)
class AdoptRule:
    """Which new machines are adopted, in whose project by default, and by which mapping."""

    mapping: Rules
    project: str
    resource_class: str | None = None
    name: str | None = None

    def matches(self, name: str, resource_class: str | None) -> bool:
        return (self.name is None or fnmatchcase(name, self.name)) and (
            self.resource_class is None or self.resource_class == normal_class(resource_class or "")
        )


@dataclass(frozen=True, slots=True)
class SourcePolicy:
    """What the policy says of a source. `adopt` None: new machines are not looked for. Times are seconds. `stamp` is another one
    when anything is said in another way."""

    say: Say = field(default_factory=Say)
    servers: tuple[ServerRule, ...] = ()
    adopt: tuple[AdoptRule, ...] | None = None
    percent: float = 5.0
    least: int = 3
    settle: float = 120.0
    looks: int = 2
    gone_looks: int = 3
    every: float = 60.0
    at_most: float = 600.0
    stamp: str = ""

    def terms(self, server: Server, what: Field) -> Terms:
        """What holds for one field of a server."""
        policy, wins = Policy.NONE, Wins.NOBODY
        for say in (self.say, self._of(server)):
            policy = say.policy or policy
            own = say.fields.get(what, (None, None))
            policy, wins = own[0] or policy, own[1] or wins
        return Terms(policy, wins)

    def allowed(self, server: Server) -> frozenset[str]:
        """What corrections may do to its machine."""
        own = self._of(server).allow
        return (self.say.allow or frozenset()) if own is None else own

    def _of(self, server: Server) -> Say:
        return next((rule.say for rule in self.servers if rule.matches(server)), _SILENT)

    def too_many(self, changed: int, total: int) -> bool:
        """Whether so many of all servers drifting at once are more than is believed."""
        return changed > max(self.least, total * self.percent / 100)


_SILENT = Say()


def read_policy(data: Any) -> dict[str, SourcePolicy]:
    """The policies by source, of YAML that was read. Raises Invalid, with where and what."""
    top = _mapping("the policy", {} if data is None else data, ("sources",))
    sources = {} if top.get("sources") is None else top["sources"]
    if not isinstance(sources, Mapping):
        raise _wrong("sources", sources, "a mapping of sources to what is said of them")
    return {str(name): _source(f"sources.{name}", one) for name, one in sources.items()}


_SAID = ("policy", "fields", "allow")
_SOURCE = (*_SAID, "servers", "adopt", "brake", "settle", "looks", "gone_looks", "poll")


def _source(at: str, data: Any) -> SourcePolicy:
    said = _mapping(at, {} if data is None else data, _SOURCE)
    brake = _mapping(f"{at}.brake", said.get("brake", {}), ("percent", "least"))
    poll = _mapping(f"{at}.poll", said.get("poll", {}), ("every", "at_most"))
    numbers = {
        "percent": _number(f"{at}.brake.percent", brake.get("percent"), 0, 100),
        "least": _whole(f"{at}.brake.least", brake.get("least"), 0),
        "settle": _number(f"{at}.settle", said.get("settle"), 0, 86_400),
        "looks": _whole(f"{at}.looks", said.get("looks"), 1),
        "gone_looks": _whole(f"{at}.gone_looks", said.get("gone_looks"), 1),
        "every": _number(f"{at}.poll.every", poll.get("every"), 1, 86_400),
        "at_most": _number(f"{at}.poll.at_most", poll.get("at_most"), 1, 86_400),
    }
    made = SourcePolicy(
        say=_say(at, said),
        servers=tuple(_each(f"{at}.servers", said.get("servers"), _server)),
        adopt=None if said.get("adopt") is None else tuple(_each(f"{at}.adopt", said["adopt"], _adopt)),
        stamp=digest(said)[:16],
        **{key: value for key, value in numbers.items() if value is not None},  # type: ignore[arg-type]
    )
    # Who asks for longer pauses than the default bound means them.
    return made if poll.get("at_most") is not None else replace(made, at_most=max(made.at_most, made.every))


def _say(at: str, data: Mapping[str, Any]) -> Say:
    fields = {} if data.get("fields") is None else data["fields"]
    if not isinstance(fields, Mapping):
        raise _wrong(f"{at}.fields", fields, "a mapping of fields to policies")
    allow = data.get("allow")
    return Say(
        policy=None if data.get("policy") is None else _word(f"{at}.policy", data["policy"], Policy),
        fields={_word(f"{at}.fields", key, Field): _field(f"{at}.fields.{key}", one) for key, one in fields.items()},
        allow=None if allow is None else frozenset(_each(f"{at}.allow", allow, _disturbing)),
    )


def _field(at: str, data: Any) -> tuple[Policy | None, Wins | None]:
    if not isinstance(data, Mapping):
        return _word(at, data, Policy), None
    _mapping(at, data, ("policy", "wins"))
    policy, wins = data.get("policy"), data.get("wins")
    return (
        None if policy is None else _word(f"{at}.policy", policy, Policy),
        None if wins is None else _word(f"{at}.wins", wins, Wins),
    )


def _disturbing(at: str, data: Any) -> str:
    if data not in DISTURBING:
        raise _wrong(at, data, f"one of {', '.join(DISTURBING)}", _nearest(data, DISTURBING))
    return str(data)


def _server(at: str, data: Any) -> ServerRule:
    said = _mapping(at, data, ("uuid", "name", "project", *_SAID))
    matching = {key: _text(f"{at}.{key}", said[key]) for key in ("uuid", "name", "project") if key in said}
    if not matching:
        raise _wrong(at, "a rule for every server", "a rule with `uuid`, `name` (a glob) or `project`")
    return ServerRule(_say(at, said), **matching)


def _adopt(at: str, data: Any) -> AdoptRule:
    said = _mapping(at, data, ("resource_class", "name", "project", "mapping"))
    if "project" not in said:
        raise _wrong(at, "a rule without `project`", "one that names the project whose the servers are")
    try:
        mapping = read_rules(said.get("mapping") or {})
    except Invalid as exc:
        raise Invalid(f"The sync policy at {at}.mapping: {exc.message}", fix=exc.fix, code=_CODE) from exc
    wanted = said.get("resource_class")
    return AdoptRule(
        mapping,
        _text(f"{at}.project", said["project"]),
        None if wanted is None else normal_class(_text(f"{at}.resource_class", wanted)),
        None if said.get("name") is None else _text(f"{at}.name", said["name"]),
    )


# --- reading ----------------------------------------------------------------------------------------------

_CODE = "invalid-sync-policy"
Word = TypeVar("Word", bound=StrEnum)
Item = TypeVar("Item")


def _mapping(at: str, data: Any, keys: Iterable[str]) -> Mapping[str, Any]:
    known = tuple(keys)
    if not isinstance(data, Mapping):
        raise _wrong(at, data, f"a mapping with {', '.join(known)}")
    for key in data:
        if key not in known:
            raise _wrong(at, f"the key {key!r}", f"one of {', '.join(known)}", _nearest(key, known))
    return data


def _each(at: str, data: Any, read: Callable[[str, Any], Item]) -> list[Item]:
    if data is None:
        return []
    if not isinstance(data, list):
        raise _wrong(at, data, "a list")
    return [read(f"{at}[{number}]", one) for number, one in enumerate(data)]


def _word(at: str, data: Any, kind: type[Word]) -> Word:
    # YAML reads `off` and `no` as false: said as a word, that is what was meant to be `none`.
    words = [str(one) for one in kind]
    if data not in words:
        raise _wrong(at, data, f"one of {', '.join(words)}", _nearest(data, words))
    return kind(data)


def _text(at: str, data: Any) -> str:
    if isinstance(data, bool) or not isinstance(data, str | int) or not str(data).strip():
        raise _wrong(at, data, "a text")
    return str(data)


def _number(at: str, data: Any, least: float, most: float) -> float | None:
    if data is None:
        return None
    if isinstance(data, bool) or not isinstance(data, int | float) or not least <= data <= most:
        raise _wrong(at, data, f"a number from {least:g} to {most:g}")
    return float(data)


def _whole(at: str, data: Any, least: int) -> int | None:
    if data is None:
        return None
    if isinstance(data, bool) or not isinstance(data, int) or data < least:
        raise _wrong(at, data, f"a whole number, at least {least}")
    return data


def _nearest(word: Any, words: Iterable[str]) -> str:
    near = get_close_matches(str(word), list(words), 1)
    return f"Did you mean {near[0]!r}?" if near else ""


def _wrong(at: str, found: Any, wanted: str, near: str = "") -> Invalid:
    told = found if isinstance(found, str) and found.startswith(("the key", "a rule")) else repr(found)
    fix = near or f"Write {wanted}; see docs/how-to/synchronize.md."
    return Invalid(f"The sync policy at {at}: there is {str(told)[:120]}, and should be {wanted}.", fix=fix, code=_CODE)
