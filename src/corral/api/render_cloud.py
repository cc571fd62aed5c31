"""Gaps, records and Nova's needs as the API shows them."""

from __future__ import annotations

from typing import Any

from corral.api.render import time
from corral.domain.cloud_backends import Manageable
from corral.domain.gaps import CloudRecord, Gap, GapsOfVm
from corral.domain.gaps_nova import NovaNeeds
from corral.domain.gaps_volumes import Key, Match
from corral.domain.vm import Vm
from corral.services.gaps import GapPlan


def match(vm: Vm, one: Match) -> dict[str, Any]:
    """A disk, and the volumes of Cinder's backends that it may be."""
    found = [_candidate(candidate, keys) for candidate, keys in one.found]
    return {
        "machine": vm.id,
        "machine_name": vm.label,
        "disk": one.disk.id,
        "identifiers": dict(one.disk.identifiers),
        "size": one.disk.size,
        "managed": one.managed or None,
        "candidates": found,
    }


def _candidate(one: Manageable, keys: tuple[Key, ...]) -> dict[str, Any]:
    return {
        "backend": one.backend,
        "reference": dict(one.reference),
        "gib": one.gib,
        "safe_to_manage": one.safe,
        "reason_not_safe": one.why_not or None,
        "volume": one.cinder_id or None,
        "by": [f"{kind} {value}" for kind, value in keys],
    }


def plan(one: GapPlan) -> dict[str, Any]:
    """What would be recorded."""
    counts = {
        "total": len(one.gaps),
        "fillable": sum(gap.fillable for gap in one.gaps),
        "there": sum(bool(gap.there) for gap in one.gaps),
        "blocked": sum(gap.blocked for gap in one.gaps),
    }
    return {
        "cloud": one.cloud,
        "source": one.host.source,
        "host": one.host.id,
        "digest": one.digest,
        "counts": counts,
        "gaps": [_gap(of_vm, gap) for of_vm in one.found for gap in of_vm.gaps],
    }


def _gap(of_vm: GapsOfVm, one: Gap) -> dict[str, Any]:
    return {
        "machine": one.vm,
        "machine_name": of_vm.vm.label,
        "server_uuid": of_vm.server,
        "kind": str(one.kind),
        "part": one.part,
        "project_id": one.project or None,
        "fillable": one.fillable,
        "there": one.there or None,
        "wanted": dict(one.wanted),
        "evidence": list(one.evidence),
        "reasons": [each.as_json() for each in one.reasons],
    }


def record(one: CloudRecord) -> dict[str, Any]:
    """What was recorded."""
    return {
        "id": one.id,
        "kind": str(one.kind),
        "state": str(one.state),
        "source": one.source,
        "machine": one.vm,
        "machine_name": one.vm_name,
        "part": one.part,
        "project_id": one.project,
        "cloud": one.cloud,
        "made": one.made or None,
        "wanted": dict(one.wanted),
        "operation": one.operation,
        "created_at": time(one.created_at),
    }


def needs(vm: Vm, one: NovaNeeds) -> dict[str, Any]:
    """What Nova would need."""
    return {
        "machine": vm.id,
        "machine_name": vm.label,
        "possible": one.possible,
        "needs": [
            {"what": need.what, "met": need.met, "detail": need.detail, "fix": need.fix or None} for need in one.needs
        ],
        "instance": one.instance,
        "image_properties": one.image,
        "disks": list(one.disks),
        "ports": list(one.ports),
        "untold": list(one.untold),
    }
