"""Reasons, states and errors."""

from __future__ import annotations

from collections.abc import Iterator

from corral.domain.errors import CorralError
from corral.domain.lifecycle import STABLE, TABLE, Event, Status, diagram
from corral.domain.reason_kinds import Kind, Severity
from corral.domain.reasons import CATALOGUE
from docs.generate.codes import more_codes
from docs.generate.markdown import code, plain, table, template
from docs.generate.registry import page

STATES: dict[Status, str] = {
    Status.BUILDING: "The server is being created: a machine is claimed or composed, and deployed.",
    Status.MANAGING: "An adoption is under way. The record exists, so that nobody else can take machine, name or ports.",
    Status.ACTIVE: "Managed, and the machine is on.",
    Status.STOPPED: "Managed, and the machine is off.",
    Status.POWERING_ON: "A person asked for power on.",
    Status.POWERING_OFF: "A person asked for power off.",
    Status.SOFT_POWERING_OFF: "A person asked the operating system to shut down.",
    Status.REBOOTING: "A person asked for a reboot.",
    Status.SOFT_REBOOTING: "A person asked the operating system to reboot.",
    Status.UNMANAGING: "The server is being let go; its machine runs on.",
    Status.DELETING: "A created server is torn down, and what was made for it given back.",
    Status.ERROR: "A power change failed, a create was reverted, or a delete stopped half-way: deleting goes on from there. "
    "The field `fault` of the server says why.",
    Status.LOST: "Its source says that the machine does not exist. It is active or stopped again when the machine is back.",
    Status.DELETED: "The end. The record is gone; proof and audit stay.",
}


@page("reasons.md", "Reasons")
def reasons() -> str:
    blocking = [name for name, kind in CATALOGUE.items() if kind.severity is Severity.BLOCKER]
    warning = [name for name, kind in CATALOGUE.items() if kind.severity is Severity.WARNING]
    return "\n\n".join(
        [
            "Why a machine can't be adopted or provisioned, or should be looked at first. All reasons that apply are given at "
            "once, each as `{code, message, fix, severity}`, by the API, the command line and the readiness report alike. Codes "
            "are stable: none is ever renamed or used for something else. Words in capitals stand for what is filled in.",
            "To go through them node by node, see [Prepare nodes](../how-to/prepare-nodes.md); for VMs, "
            "[Probe hypervisors](../how-to/probe-hypervisors.md).",
            "## Blockers",
            "A machine with one of these is left alone.",
            _index(blocking),
            "## Warnings",
            "The adoption goes on. The warning is shown in the plan and kept with the server.",
            _index(warning),
            "## Each in full",
            *(_reason(name, kind) for name, kind in CATALOGUE.items()),
        ]
    )


def _index(names: list[str]) -> str:
    return table(["Code", "Message"], ([f"[`{name}`](#{name})", template(CATALOGUE[name].message)] for name in names))


def _reason(name: str, kind: Kind) -> str:
    return (
        f"### {name}\n\n*{kind.severity}.* {template(kind.message)}\n\n"
        f"**What to do.** {template(kind.fix)}\n\n**Why.** {kind.why}"
    )


@page("states.md", "States of a server")
def states() -> str:
    return "\n\n".join(
        [
            "What `status` of a server may be, and what leads from one to the other. The code, the tests and this page read "
            "the same table. A request that does not fit the present state is answered with 409, and says what would fit.",
            f"```mermaid\n{diagram()}\n```",
            "## States",
            "A stable state lasts until somebody acts. Every other one has an operation that moves it on, also after a "
            "restart of Corral.",
            table(["State", "Kind", "Meaning"], ([code(one), _kind(one), STATES[one]] for one in Status)),
            "## Transitions",
            table(["From", "When", "To"], ([code(row.source), str(row.event), code(row.target)] for row in TABLE)),
            "## Events",
            table(["Event", "Possible in"], ([str(event), _places(event)] for event in Event)),
        ]
    )


def _kind(status: Status) -> str:
    return "stable" if status in STABLE else "moving"


def _places(event: Event) -> str:
    return ", ".join(code(row.source) for row in TABLE if row.event is event)


@page("errors.md", "Errors")
def errors() -> str:
    return "\n\n".join(
        [
            "Every error that Corral raises on purpose. A message says what happened and why; `fix` says what to do next. "
            "Codes are stable. Paths of Mogan's API answer with Mogan's error body; the others with a problem document "
            "(RFC 9457, `application/problem+json`). The command line turns the status into an [exit code](exit-codes.md).",
            "## Kinds",
            table(
                ["Kind", "Status", "Code", "Meaning"], (_error(kind, depth) for kind, depth in _tree(CorralError, 0))
            ),
            "A kind that is indented is a more precise form of the one above it.",
            "## More precise codes",
            "An error, or a reason, may carry a code that is more precise than its kind's; the status stays that of the kind. The "
            "command line has some of its own, for what it finds before it asks the server.",
            more_codes(),
            "## Reasons",
            "`refused` (422) carries `reasons`: all of them, see [Reasons](reasons.md).",
        ]
    )


def _tree(kind: type[CorralError], depth: int) -> Iterator[tuple[type[CorralError], int]]:
    yield kind, depth
    for child in sorted(kind.__subclasses__(), key=lambda one: (one.status, one.__name__)):
        # Layers above the domain may refine a kind for themselves; what clients can see is in the domain.
        if child.__module__ == CorralError.__module__:
            yield from _tree(child, depth + 1)


def _error(kind: type[CorralError], depth: int) -> tuple[str, str, str, str]:
    meaning = "Something that nobody planned: a defect." if kind is CorralError else plain(kind.__doc__)
    indent = "&emsp;" * max(depth - 1, 0)
    return indent + kind.__name__, str(kind.status), code(kind.code), meaning
