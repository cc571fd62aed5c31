"""Why a machine can't be adopted (or should be looked at first): the catalogue.

Each entry says, with the same three parts everywhere — API, command line, readiness report — what is the
case, and what to do about it. Rule: a code is never renamed or reused; docs/reference/reasons.md is generated from
here.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from corral.domain.reason_kinds import Severity
from corral.domain.reasons_of_cloud import CLOUD
from corral.domain.reasons_of_nodes import NODES
from corral.domain.reasons_of_vms import VMS


@dataclass(frozen=True, slots=True)
class Reason:
    """One reason, ready to show: `{code, message, fix}`, with the severity beside it."""

    code: str
    message: str
    fix: str
    severity: Severity = Severity.BLOCKER

    def as_json(self) -> dict[str, str]:
        return {"code": self.code, "message": self.message, "fix": self.fix, "severity": str(self.severity)}

    @classmethod
    def from_json(cls, data: dict[str, Any]) -> Reason:
        return cls(data["code"], data["message"], data["fix"], Severity(data.get("severity", "blocker")))

    @property
    def blocks(self) -> bool:
        return self.severity is Severity.BLOCKER


CATALOGUE = {**NODES, **VMS, **CLOUD}


def reason(code: str, **facts: Any) -> Reason:
    """The reason of that code about these facts. Unknown codes and missing facts raise KeyError: they are bugs."""
    kind = CATALOGUE[code]
    return Reason(code, kind.message.format(**facts), kind.fix.format(**facts), kind.severity)


def blockers(reasons: tuple[Reason, ...]) -> tuple[Reason, ...]:
    """Only those that prevent an adoption."""
    return tuple(r for r in reasons if r.blocks)


def warnings(reasons: tuple[Reason, ...]) -> tuple[Reason, ...]:
    """Only those that do not."""
    return tuple(r for r in reasons if not r.blocks)
