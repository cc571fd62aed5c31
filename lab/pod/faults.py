"""How a pod fails on demand.

A fault is set by `POST /control/faults` with a `kind`, and where it holds: `method`, `path` (a regular expression), `contains` (a
text in the body), `times` (how often, default once; 0 for always), `share` (of the requests that match, default all).

    slow        waits `seconds` before it acts
    late        acts, and waits `seconds` before it answers: with a patient client only late, with another a lost answer
    fail        answers 500 without acting
    acted       acts, and answers 500
    body_500    does not act, and answers 200 with the body `500`
    silent      acts, and answers 200 without a Location or a body
    garbled     acts, and answers what nobody can read
    double      composes although another system has the blocks
    rival       as double, right after somebody else composed a system of the first of them
    vanish      composes, answers well, and takes the system apart again at once
    alone       composes, answers well, and the system is gone while its blocks are not free: they link to nothing
    ignore      answers a DELETE well, and does nothing
    answer      does not act, and answers `status` and `body` as given; `{n}` in it counts up
    trickle     does not act, and answers a byte now and then for `seconds`
    huge, deep  do not act, and answer with more, or deeper nested, than anybody should read

Dialects hold until they are changed, by `POST /control/dialects`: `reserved_text` (Reserved is a string), `members_under_links`,
`kind_text` (ResourceBlockType is a string), `nameless` (systems do not keep the name that they were given).
"""

from __future__ import annotations

import random
import re
from dataclasses import dataclass, field
from typing import Any

from lab.pod.hardware import ROOT
from lab.pod.parts import Json

KINDS = (
    *(
        "slow",
        "late",
        "fail",
        "acted",
        "body_500",
        "silent",
        "garbled",
        "double",
        "rival",
        "vanish",
        "alone",
        "ignore",
        "answer",
    ),
    *("trickle", "huge", "deep"),
)
DIALECTS = ("reserved_text", "members_under_links", "kind_text", "nameless")


@dataclass
class Fault:
    """One fault; see the module."""

    kind: str
    method: str = ""
    path: str = ""
    contains: str = ""
    times: int = 1
    share: float = 1.0
    seconds: float = 1.0
    status: int = 200
    body: str = ""
    hits: int = 0

    def __post_init__(self) -> None:
        if self.kind not in KINDS:
            raise ValueError(f"there is no fault {self.kind!r}")
        re.compile(self.path)

    def strikes(self, method: str, path: str, body: str, dice: random.Random) -> bool:
        if (self.method and method != self.method) or not re.search(self.path, path) or self.contains not in body:
            return False
        if (self.times and self.hits >= self.times) or dice.random() >= self.share:
            return False
        self.hits += 1
        return True


@dataclass
class Faults:
    """All faults that are set, in order; the first that strikes counts. `dice` decides where one strikes only now and then."""

    found: list[Fault] = field(default_factory=list)
    dialects: set[str] = field(default_factory=set)
    dice: random.Random = field(default_factory=lambda: random.Random(1))

    def add(self, told: Json) -> None:
        self.found.append(Fault(**told))

    def speak(self, dialects: list[str]) -> None:
        if unknown := set(dialects) - set(DIALECTS):
            raise ValueError(f"there is no dialect {sorted(unknown)[0]!r}")
        self.dialects = set(dialects)

    def strike(self, method: str, path: str, body: str) -> Fault | None:
        return next((one for one in self.found if one.strikes(method, path, body, self.dice)), None)

    def spoken(self, path: str, body: Any) -> Any:
        """A resource in the dialects that are spoken."""
        if not isinstance(body, dict):
            return body
        body = dict(body)
        if "kind_text" in self.dialects and "ResourceBlockType" in body:
            body["ResourceBlockType"] = body["ResourceBlockType"][0]
        if "reserved_text" in self.dialects and "CompositionStatus" in body:
            status = body["CompositionStatus"]
            body["CompositionStatus"] = {**status, "Reserved": str(status["Reserved"]).lower()}
        if "nameless" in self.dialects and body.get("SystemType") == "Composed":
            body["Name"] = body["Id"]
        if "members_under_links" in self.dialects and "Members" in body and path != f"{ROOT}/SessionService/Sessions":
            body["Links"] = {**body.get("Links", {}), "Members": body.pop("Members")}
        return body
