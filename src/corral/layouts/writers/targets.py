"""The registry of targets: what a layout can be written for, and how.

Rule: a new target is a function from a layout and a deployment to files, and one row here; the command line and the documentation
come from the table.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

import yaml

from corral.domain.errors import NotFound
from corral.domain.layout import Layout
from corral.layouts.writers import cloud_init, ignition, ironic, ironic_raid, nailgun_simple, repart
from corral.layouts.writers.abilities import Abilities
from corral.layouts.writers.deployment import Deployment
from corral.layouts.writers.nailgun_simple import Dialect
from corral.layouts.writers.provisioning import provisioning_data, with_partitioning

Files = Mapping[str, str]
"""Text by relative path. A target of one document has one entry."""


@dataclass(frozen=True, slots=True)
class Order:
    """What to write: a layout, the deployment it is for, and provisioning data of others to put it into, for the agents."""

    layout: Layout
    deployment: Deployment = field(default_factory=Deployment)
    data: Mapping[str, Any] | None = None


@dataclass(frozen=True, slots=True)
class Target:
    """One target. `able`: what it can express, for people and documentation; `write` refuses the rest."""

    name: str
    title: str
    able: tuple[Abilities, ...]
    write: Callable[[Order], Files]


def target(name: str) -> Target:
    """The target of this name.

    Raises:
        NotFound: there is none; the error names those there are.
    """
    if name not in TARGETS:
        raise NotFound(f"There is no target {name!r}.", fix=f"Use one of: {', '.join(TARGETS)}.")
    return TARGETS[name]


def _json(path: str, value: Any) -> Files:
    return {path: json.dumps(value, indent=2) + "\n"}


def _agent(dialect: Dialect) -> Callable[[Order], Files]:
    def write(order: Order) -> Files:
        if order.data is not None:
            return _json("provision.json", with_partitioning(order.data, order.layout, dialect))
        return _json("provision.json", provisioning_data(order.layout, dialect, order.deployment))

    return write


def _ironic(order: Order) -> Files:
    if order.layout.raids:
        return _json("node.json", ironic_raid.node_fields(order.layout))
    return _json("node.json", ironic.node_fields(order.layout, order.deployment))


def _cloud_init(order: Order) -> Files:
    text = yaml.safe_dump(cloud_init.user_data(order.layout), sort_keys=False, default_flow_style=None)
    return {"user-data": f"#cloud-config\n{text}"}


def _ignition(order: Order) -> Files:
    return _json("config.ign", ignition.config(order.layout))


def _repart(order: Order) -> Files:
    return repart.definitions(order.layout)


TARGETS: dict[str, Target] = {
    each.name: each
    for each in (
        Target(
            "nailgun_simple/bareon",
            "bareon, its newest: provisioning data, in bytes",
            (nailgun_simple.BAREON.able,),
            _agent(nailgun_simple.BAREON),
        ),
        Target(
            "nailgun_simple/bareon-0.0.1a3",
            "bareon 0.0.1a3: provisioning data, in MiB",
            (nailgun_simple.BAREON_0_0_1A3.able,),
            _agent(nailgun_simple.BAREON_0_0_1A3),
        ),
        Target(
            "nailgun_simple/fuel-agent",
            "fuel-agent 11: provisioning data, in MiB, partitions a MiB apart",
            (nailgun_simple.FUEL_AGENT.able,),
            _agent(nailgun_simple.FUEL_AGENT),
        ),
        Target(
            "ironic",
            "Ironic: fields of the node, for a partition image or a software RAID",
            (ironic.PLAIN, ironic_raid.ABLE),
            _ironic,
        ),
        Target("cloud-init", "cloud-init: disk_setup, fs_setup and mounts", (cloud_init.ABLE,), _cloud_init),
        Target(
            "ignition", f"Ignition {ignition.VERSION}: storage, and a unit for each mount", (ignition.ABLE,), _ignition
        ),
        Target("repart", "systemd-repart: a folder of definitions for each disk", (repart.ABLE,), _repart),
    )
}
