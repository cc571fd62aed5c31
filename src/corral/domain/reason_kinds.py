"""What an entry in the catalogue of reasons is."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class Severity(StrEnum):
    """A blocker prevents the adoption; a warning is shown and recorded, and the adoption goes on."""

    BLOCKER = "blocker"
    WARNING = "warning"


@dataclass(frozen=True, slots=True)
class Kind:
    """A catalogue entry. `message` and `fix` are templates over the facts that `reason` is given; `why` is for docs."""

    message: str
    fix: str
    why: str
    severity: Severity = Severity.BLOCKER
