"""The full records around one machine, before and after: what "wholly untouched" is measured with."""

from __future__ import annotations

import time
from typing import Any

from tests.e2e.support.lab import Json, Lab
from tests.e2e.support.machines import Made

CLOCKS = ("updated_at", "revision_number")
"""All that is left out: the services write these themselves at every change, and nobody can set them back."""
_SETTLED = 180.0  # seconds that Ironic may take to let go of a node after the last answer


def records(lab: Lab, made: Made) -> Json:
    """Everything that Ironic, Neutron and the emulator have about this machine, once nobody works on it."""
    node, ironic = _unlocked(lab, made), lab.ironic_in_full
    return {
        "node": _timeless(node),
        "nics": [_timeless(row) for row in ironic.get(f"/v1/ports?node={made.uuid}&detail=True")["ports"]],
        "groups": [_timeless(row) for row in ironic.get(f"/v1/portgroups?node={made.uuid}&detail=True")["portgroups"]],
        "vifs": sorted(vif["id"] for vif in ironic.get(f"/v1/nodes/{made.uuid}/vifs")["vifs"]),
        "allocations": [_timeless(row) for row in allocations(lab, made)],
        "neutron": _neutron(lab, made, node["instance_uuid"]),
        "system": lab.redfish.get(f"/Systems/{made.system}") if made.system else None,
    }


def _unlocked(lab: Lab, made: Made) -> Json:
    """The node's record without a lock on it: a conductor answers before it has let go."""
    deadline = time.monotonic() + _SETTLED
    while (node := lab.ironic_in_full.get(f"/v1/nodes/{made.uuid}"))["reservation"] is not None:
        if time.monotonic() > deadline:
            raise TimeoutError(f"{node['reservation']} does not let go of node {made.name}")
        time.sleep(0.05)
    return dict(node)


def allocations(lab: Lab, made: Made) -> list[Json]:
    """The allocations of this machine, and those that failed on it."""
    rows = lab.ironic_in_full.get("/v1/allocations")["allocations"]
    return [
        row for row in rows if made.uuid in (row["node_uuid"], *(row["candidate_nodes"] or ())) or _about(row, made)
    ]


def _about(row: Json, made: Made) -> bool:
    """A failed backfill names its node only in the error's text."""
    return made.uuid in (row["last_error"] or "")


def _neutron(lab: Lab, made: Made, owner: str | None) -> dict[str, Json]:
    """The ports with a MAC of this machine, those that it was given, and those of the server that has it."""
    rows = [row for mac in made.macs for row in _ports(lab, f"mac_address={mac}")]
    rows += [row for port in made.ports for row in _ports(lab, f"id={port}")]
    rows += _ports(lab, f"device_id={owner}") if owner else []
    return {row["id"]: _timeless(row) for row in rows}


def _ports(lab: Lab, query: str) -> list[Json]:
    return list(lab.neutron.get(f"/v2.0/ports?{query}")["ports"])


def _timeless(row: Json) -> Json:
    return {key: value for key, value in row.items() if key not in CLOCKS}


def differences(before: Any, after: Any, path: str = "") -> list[str]:
    """What differs, one line a field; empty when nothing does."""
    if isinstance(before, dict) and isinstance(after, dict):
        keys = sorted({*before, *after})
        return [line for key in keys for line in differences(before.get(key), after.get(key), f"{path}/{key}")]
    if isinstance(before, list) and isinstance(after, list) and len(before) == len(after):
        pairs = enumerate(zip(before, after, strict=True))
        return [line for n, (one, other) in pairs for line in differences(one, other, f"{path}/{n}")]
    return [] if before == after else [f"{path}: {before!r} became {after!r}"]
