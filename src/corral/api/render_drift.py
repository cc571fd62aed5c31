"""Drifts and synchronized sources, as the API shows them."""

from __future__ import annotations

from typing import Any

from corral.api import render, render_operations
from corral.api.render import time
from corral.domain.drift import Drift
from corral.engine import Operation
from corral.services.drift import SyncedSource


def drift(one: Drift, base: str) -> dict[str, Any]:
    """A drift. The sides are as they are kept: a text, a number, a list, or null for none."""
    return {
        "id": one.id,
        "source": one.source,
        "machine": one.machine,
        "server_uuid": one.server,
        "name": one.name,
        "project_id": one.project,
        "field": str(one.field),
        "record": one.record,
        "world": one.world,
        "agreed": one.agreed,
        "state": str(one.state),
        "why": one.why,
        "looks": one.looks,
        "first_seen_at": time(one.first_seen_at),
        "changed_at": time(one.changed_at),
        "last_seen_at": time(one.last_seen_at),
        "operation": one.operation,
        "links": [{"href": f"{base}/v1/drift/{one.id}", "rel": "self"}],
    }


def decided(one: Drift, operation: Operation | None, base: str) -> dict[str, Any]:
    """What was decided, and the operation that carries it out; null when it is done already."""
    return {
        "drift": drift(one, base),
        "operation": None if operation is None else render_operations.operation(operation, base),
    }


def source(one: SyncedSource) -> dict[str, Any]:
    """A source that the policy names."""
    policy, state = one.policy, one.state
    return {
        "name": state.name,
        "policy": str(policy.say.policy or "none"),
        "fields": {str(what): _say(*said) for what, said in policy.say.fields.items()},
        "allow": sorted(policy.say.allow or ()),
        "rules": len(policy.servers),
        "adopts": policy.adopt is not None,
        "settle": policy.settle,
        "servers": state.servers,
        "ended_at": time(state.ended_at),
        "changed_at": time(state.changed_at),
        "seconds": state.seconds,
        "pause": state.pause,
        "lag": one.lag,
        "problem": state.problem,
        "wanted_at": time(state.wanted_at),
        "policy_problem": one.policy_problem,
        "notifications": render.notifications(state),
        "pods": [{"name": pod.name, "notifications": render.notifications(pod)} for pod in one.pods],
        "brake": {
            "on": state.braked_at is not None,
            "since": time(state.braked_at),
            "why": state.brake_why,
            "percent": policy.percent,
            "least": policy.least,
            "released_at": time(state.released_at),
        },
        "drifts": dict(one.drifts),
    }


def _say(policy: Any, wins: Any) -> dict[str, str | None]:
    return {"policy": None if policy is None else str(policy), "wins": None if wins is None else str(wins)}
