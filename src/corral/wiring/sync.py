"""Synchronization, from the policy file to what compares and decides."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

import sqlalchemy as sa
import yaml

from corral.contracts.sources import Source
from corral.contracts.syncing import Tells
from corral.domain.errors import Invalid
from corral.domain.sync_policy import SourcePolicy, read_policy
from corral.flows.hypervisors import Hypervisor
from corral.flows.sync_ways import VmWay
from corral.services.sync_worlds import NodeWorld, VmWorld, World
from corral.store import VmRecords
from corral.store.sync_vms import SurveyedVms


def read_policies(file: Path | None, known: Mapping[str, World]) -> dict[str, SourcePolicy]:
    """What the policy file says, by source; nothing without one. Raises Invalid, also for a source that can't be synchronized."""
    if file is None:
        return {}
    try:
        found = read_policy(yaml.safe_load(file.read_text()))
    except (OSError, yaml.YAMLError) as exc:
        raise Invalid(f"The sync policy {file} can't be read: {exc}", fix="Correct `sync.policy_file`.") from exc
    if unknown := sorted(set(found) - set(known)):
        raise Invalid(
            f"The sync policy at sources.{unknown[0]}: there is no source of that name that could be synchronized.",
            fix=f"There are: {', '.join(sorted(known)) or 'none'}.",
        )
    return found


def open_worlds(
    sql: sa.Engine, sources: Mapping[str, Source], hypervisors: Mapping[str, Hypervisor], records: VmRecords
) -> dict[str, World]:
    """Every source that can be synchronized, by name."""
    worlds: dict[str, World] = {}
    for name, source in sources.items():
        if isinstance(source.machines, Tells):
            worlds[name] = NodeWorld(name, source.machines)
    surveyed = SurveyedVms(sql, records)
    for name, hypervisor in hypervisors.items():
        worlds[name] = VmWorld(name, surveyed, VmWay(hypervisor, records))
    return worlds
