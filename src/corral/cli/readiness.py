"""What a look at a source amounts to: how many machines are ready, what stops the others, what to fix first.

Shared by every `corral probe …`, whatever the driver. Rule: pure; a verdict is anything with a machine, its reasons and
whether it can be adopted.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property
from typing import Any, Protocol

from corral.cli.subjects import Subject, row
from corral.cli.text import clean
from corral.domain.host import Host
from corral.domain.reasons import CATALOGUE, Reason, blockers


class Verdict(Protocol):
    """The judgement on one machine, as `corral.services` makes it."""

    @property
    def machine(self) -> Subject: ...

    @property
    def reasons(self) -> tuple[Reason, ...]: ...

    @property
    def adoptable(self) -> bool: ...


@dataclass(frozen=True, slots=True)
class Finding:
    """One kind of reason over all machines. `alone`: how many machines have no other kind of blocker, so that this fix on
    its own makes them adoptable. `verdicts` are those that have it."""

    code: str
    message: str
    fix: str
    why: str
    blocks: bool
    verdicts: tuple[Verdict, ...]
    alone: int

    @property
    def count(self) -> int:
        return len(self.verdicts)

    def said_of(self, verdict: Verdict) -> tuple[Reason, ...]:
        """What exactly was found on one machine, which may be several reasons of this kind."""
        return tuple(reason for reason in verdict.reasons if reason.code == self.code)


@dataclass(frozen=True)
class Readiness:
    """All verdicts on one source, at one time. `hosts`: those that were looked at, where machines are on hosts."""

    source: str
    driver: str
    at: datetime
    verdicts: tuple[Verdict, ...]
    hosts: tuple[Host, ...] = ()

    @cached_property
    def ready(self) -> int:
        return sum(1 for verdict in self.verdicts if verdict.adoptable)

    @cached_property
    def warned(self) -> int:
        """Those that can be adopted, and have something to look at before."""
        return sum(1 for verdict in self.verdicts if verdict.adoptable and verdict.reasons)

    @property
    def total(self) -> int:
        return len(self.verdicts)

    @property
    def blocked(self) -> int:
        return self.total - self.ready

    @cached_property
    def findings(self) -> tuple[Finding, ...]:
        """Every kind of reason: blockers first, the most frequent first."""
        return tuple(sorted(_findings(self.verdicts), key=lambda f: (not f.blocks, -f.count, f.code)))

    @cached_property
    def first_fixes(self) -> tuple[Finding, ...]:
        """Blockers in the order in which fixing them pays: those that free most machines on their own."""
        found = [finding for finding in self.findings if finding.blocks]
        return tuple(sorted(found, key=lambda f: (-f.alone, -f.count, f.code)))


def _findings(verdicts: Sequence[Verdict]) -> Iterable[Finding]:
    having: dict[str, list[Verdict]] = {}
    for verdict in verdicts:
        for code in dict.fromkeys(reason.code for reason in verdict.reasons):
            having.setdefault(code, []).append(verdict)
    for code, found in having.items():
        example = next(reason for reason in found[0].reasons if reason.code == code)
        message, fix, why = _in_general(example, found)
        alone = sum(1 for verdict in found if _codes(verdict) == {code})
        yield Finding(code, message, fix, why, example.blocks, tuple(found), alone)


def _codes(verdict: Verdict) -> set[str]:
    return {reason.code for reason in blockers(verdict.reasons)}


class _Blank(str):
    """What stands for a fact in a catalogue text; without quotes, also where the text asks for them."""

    __slots__ = ()

    def __repr__(self) -> str:
        return str(self)


class _Left(dict[str, _Blank]):
    """Facts that differ from machine to machine, left out of a sentence."""

    def __missing__(self, key: str) -> _Blank:
        return _Blank("" if key == "because" else "…")


class _Named(dict[str, _Blank]):
    """The same for a command, where a word in capitals says what to put there."""

    def __missing__(self, key: str) -> _Blank:
        return _Blank(key.upper())


def _in_general(example: Reason, found: Sequence[Verdict]) -> tuple[str, str, str]:
    """Message, fix and why for a whole group: the machine's own words where there is one, else the catalogue's."""
    kind = CATALOGUE.get(example.code)
    if kind is None:
        return example.message, example.fix, ""
    if len(found) == 1:
        return example.message, example.fix, kind.why
    return kind.message.format_map(_Left()).replace("….", "…"), kind.fix.format_map(_Named()), kind.why


def machine_row(verdict: Verdict) -> dict[str, Any]:
    """One verdict as flat data: the columns of the CSV, the machines of the JSON."""
    machine = verdict.machine
    return {
        "uuid": machine.id,
        "name": machine.name,
        "source": machine.source,
        "adoptable": verdict.adoptable,
        **row(machine),
        "reasons": [reason.as_json() for reason in verdict.reasons],
    }


def as_json(report: Readiness) -> Mapping[str, Any]:
    """The whole report as data."""
    counts = {"total": report.total, "adoptable": report.ready, "warned": report.warned, "blocked": report.blocked}
    return {
        "source": report.source,
        "driver": report.driver,
        "generated_at": report.at.isoformat(),
        "counts": counts,
        **({"hosts": [host_row(host) for host in report.hosts]} if report.hosts else {}),
        "findings": [_finding_json(finding) for finding in report.findings],
        "fix_first": [finding.code for finding in report.first_fixes],
        "machines": [machine_row(verdict) for verdict in report.verdicts],
    }


def host_row(host: Host) -> dict[str, Any]:
    """One host as flat data; what could not be asked for is named, so that nobody takes it for nothing."""
    return {
        "id": host.id,
        "name": host.name,
        "reachable": host.reachable,
        "problem": host.problem,
        "hypervisor": f"{host.hypervisor} {host.version}".strip(),
        "machines": host.vms,
        "cores": host.cores,
        "cpus_given": host.cpus_given,
        "memory": host.memory,
        "memory_given": host.memory_given,
        "pools": [
            {"name": pool.name, "kind": pool.kind, "path": pool.path, "capacity": pool.capacity, "used": pool.used}
            for pool in host.pools
        ],
        "networks": [{"name": one.name, "kind": one.kind, "bridge": one.bridge} for one in host.networks],
        "untold": [{"part": str(part), "why": why} for part, why in host.untold],
    }


def _finding_json(finding: Finding) -> dict[str, Any]:
    severity = "blocker" if finding.blocks else "warning"
    parts = {"code": finding.code, "severity": severity, "message": clean(finding.message), "fix": clean(finding.fix)}
    machines = [verdict.machine.id for verdict in finding.verdicts]
    return {**parts, "count": finding.count, "unblocks_alone": finding.alone, "machines": machines}
