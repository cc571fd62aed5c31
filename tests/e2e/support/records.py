"""The full records around one machine, before and after: what "wholly untouched" is measured with."""

from __future__ import annotations

from typing import Any

from tests.e2e.support.lab import Json, Lab
from tests.e2e.support.machines import Made

CLOCKS = ("updated_at", "revision_number")
"""All that a change and its undoing leave behind, because the services count them themselves."""
_NODE_CLOCKS = ("updated_at", "provision_updated_at", "inspection_finished_at", "reservation")


def records(lab: Lab, made: Made) -> Json:
    """Everything that Ironic, Neutron and the emulator have about this machine."""
    node = lab.ironic.get(f"/v1/nodes/{made.uuid}")
    nics = lab.ironic.get(f"/v1/ports?node={made.uuid}&detail=True")["ports"]
    groups = lab.ironic.get(f"/v1/portgroups?node={made.uuid}&detail=True")["portgroups"]
    vifs = lab.ironic.get(f"/v1/nodes/{made.uuid}/vifs")["vifs"]
    return {
        "node": _without(node, _NODE_CLOCKS),
        "nics": [_without(row, CLOCKS) for row in nics],
        "groups": [_without(row, CLOCKS) for row in groups],
        "vifs": sorted(vif["id"] for vif in vifs),
        "allocations": allocations(lab, made),
        "traits": lab.ironic.get(f"/v1/nodes/{made.uuid}/traits")["traits"],
        "neutron": _neutron(lab, made),
        "system": lab.redfish.get(f"/Systems/{made.system}") if made.system else None,
    }


def allocations(lab: Lab, made: Made) -> list[Json]:
    """The allocations of this machine, and those that failed on it."""
    rows = lab.ironic.get("/v1/allocations")["allocations"]
    return [
        row for row in rows if made.uuid in (row["node_uuid"], *(row["candidate_nodes"] or ())) or _about(row, made)
    ]


def _about(row: Json, made: Made) -> bool:
    """A failed backfill names its node only in the error's text."""
    return made.uuid in (row["last_error"] or "")


def _neutron(lab: Lab, made: Made) -> dict[str, Json]:
    found = lab.neutron.get(f"/v2.0/ports?mac_address={made.mac}")["ports"]
    if made.port and made.port not in {port["id"] for port in found}:
        kept = lab.neutron.find(f"/v2.0/ports/{made.port}")
        found += [kept["port"]] if kept else []
    return {port["id"]: _without(port, CLOCKS) for port in found}


def _without(row: Json, keys: tuple[str, ...]) -> Json:
    return {key: value for key, value in row.items() if key not in keys}


def differences(before: Any, after: Any, path: str = "") -> list[str]:
    """What differs, one line a field; empty when nothing does."""
    if isinstance(before, dict) and isinstance(after, dict):
        keys = sorted({*before, *after})
        return [line for key in keys for line in differences(before.get(key), after.get(key), f"{path}/{key}")]
    if isinstance(before, list) and isinstance(after, list) and len(before) == len(after):
        pairs = enumerate(zip(before, after, strict=True))
        return [line for n, (one, other) in pairs for line in differences(one, other, f"{path}/{n}")]
    return [] if before == after else [f"{path}: {before!r} became {after!r}"]
