"""Provisioning by the source's own deployment: what to ask for, how long to wait, how to take it back.

Of the node's layout the source carries out what its writer can express; everything else is refused before anything is sent. An
image that brings its own partitions (`meta.deploy.image_type: whole-disk`) needs only the disk it goes to.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from corral.contracts.border import Purpose
from corral.contracts.provisioning import Deployer, Deployment, Deploys, DeployState, DeployStatus
from corral.domain.cluster import Cluster, Node
from corral.domain.errors import Conflict, DriverFailed, Invalid, NotSupported
from corral.domain.layout import Layout
from corral.engine import Json, Run
from corral.extensions.contract import NODE_VOLUMES
from corral.extensions.registry import as_node_volumes
from corral.flows.env import Env, at_border
from corral.layouts.writers import deployment as writing
from corral.layouts.writers import ironic, ironic_raid
from corral.layouts.writers.types import used

WHOLE_DISK = "whole-disk"
IMAGE_FIELDS = (
    *("image_type", "image_checksum", "image_os_hash_algo", "image_os_hash_value", "image_disk_format"),
    *("kernel", "ramdisk"),
)
"""What `meta.deploy` may say of the image, in the source's words."""
CONFIG_DRIVE = "config_drive"
FAILED = "deploy-failed"
"""The code of the error that a deployment ends with which does not come about."""
_LOOK_EVERY = 5.0  # seconds


def plan(run: Run[Env], node: Node, cluster: Cluster | None) -> Json:
    """What to deploy, and what the machine is like before. Only reads. Raises Invalid for a node that does not say what to deploy,
    Refused for a layout that the source can't make, or a machine that is not free: with all reasons."""
    machines, machine = deployer(run.env, node)
    fields, raid = wanted(node, _layout(run, node, cluster))
    with at_border(run, Purpose.LOOK):
        return {"fields": fields, "raid": raid, "before": dict(machines.deployable(machine))}


def carry_out(run: Run[Env], node: Node, made: Mapping[str, Any]) -> Json:
    """Deploy, and wait for the end. What an earlier run of this operation began is not begun again."""
    machines, machine = deployer(run.env, node)
    who, wish = _who(run, node), _wish(node, made)
    with at_border(run, Purpose.DEPLOY):
        if run.attempt == 1 or machines.deployment(machine, who).state in (DeployState.FREE, DeployState.OTHER):
            run.check()
            machines.deploy(machine, who, wish, made["before"])
        return {"state": str(ended(run, machines, machine, who).state)}


def take_back(run: Run[Env], node: Node, made: Mapping[str, Any]) -> DeployState:
    """Bring the machine back to what it was, as far as this operation changed it; DEPLOYED when it had come to its end before.
    Raises DriverFailed while that is not done: the engine asks again, and tells people."""
    machines, machine = deployer(run.env, node)
    who, wish = _who(run, node), _wish(node, made)
    with at_border(run, Purpose.DEPLOY):
        status = given_back(run, machine, lambda: machines.undeploy(machine, who, wish, made["before"]))
    if status.state is DeployState.FAILED:
        # In one text: of what keeps an operation from being undone, people are told the message.
        raise DriverFailed(
            f"Machine {machine} was torn down, and its source could not clean it: {status.detail} Mend that, then `openstack "
            f"baremetal node manage {machine}`, `… node maintenance unset {machine}` and `… node provide {machine}`. Corral goes "
            "on when it is available."
        )
    run.progress(1.0, f"the machine is {status.state}: {status.detail}")
    return status.state


def given_back(run: Run[Env], machine: str, step: Callable[[], DeployStatus]) -> DeployStatus:
    """Take `step` until the source has done what it was asked for. Raises DriverFailed when that takes too long."""
    waited = 0.0
    while True:
        run.check()
        status = step()
        if status.state is not DeployState.UNDER_WAY:
            return status
        if waited >= run.env.deploy_timeout:
            break
        run.progress(min(0.95, waited / run.env.deploy_timeout), f"the source gives the machine back: {status.detail}")
        run.env.sleep(_LOOK_EVERY)
        waited += _LOOK_EVERY
    raise DriverFailed(f"Machine {machine} is {status.detail} after {waited:.0f} s.", fix="It is looked at again.")


def deployer(env: Env, node: Node) -> tuple[Deploys, str]:
    """Who deploys the node, and as which machine. Raises Invalid for a node without machine, NotSupported."""
    if node.source is None or node.machine is None:
        raise Invalid(
            f"Node {node.name} has no machine to deploy, and no extension of its cluster runs anything on it.",
            fix="Bind the node to a machine, or enable an extension such as bareon.",
        )
    machines = env.source(node.source).machines
    if not isinstance(machines, Deploys):
        raise NotSupported(f"Source {node.source} can't deploy machines.", fix="Enable an extension such as bareon.")
    return machines, node.machine


def wanted(node: Node, layout: Layout | None) -> tuple[dict[str, Any], dict[str, Any] | None]:
    """The fields and the arrays that node and layout ask for. Raises Invalid, Refused."""
    image, told = node.meta.get("image"), _told(node)
    if not image or not isinstance(image, str):
        raise Invalid(f"Node {node.name} has no image to deploy.", fix="Set meta.image of the node.")
    fields = {"image_source": image, **{key: told[key] for key in IMAGE_FIELDS if key in told}}
    if told.get("image_type") == WHOLE_DISK:
        return fields | _root(node, layout), None
    if layout is None:
        raise Invalid(
            f"No extension of node {node.name} lays out its disks, and the image does not bring its own partitions.",
            fix=f"Enable volume_manager, or set meta.deploy.image_type to {WHOLE_DISK}.",
        )
    if layout.raids:
        found = ironic_raid.node_fields(layout)
        return fields | {"capabilities": _capabilities(found)}, dict(found["target_raid_config"])
    drive = told.get(CONFIG_DRIVE)
    found = ironic.node_fields(layout, writing.Deployment(config_drive=drive if isinstance(drive, str) else ""))
    info = {key: value for key, value in found["instance_info"].items() if key != "configdrive"}
    root = {"root_device": found["properties"]["root_device"], "capabilities": _capabilities(found)}
    return fields | info | root, None


def _told(node: Node) -> Mapping[str, Any]:
    told = node.meta.get("deploy") or {}
    known = (*IMAGE_FIELDS, CONFIG_DRIVE)
    unknown = sorted(set(told) - set(known)) if isinstance(told, Mapping) else ["that is no object"]
    if unknown:
        raise Invalid(f"meta.deploy of node {node.name} has {unknown[0]!r}.", fix=f"Known are: {', '.join(known)}.")
    for key in IMAGE_FIELDS:
        if key in told and not isinstance(told[key], str):
            raise Invalid(f"meta.deploy.{key} of node {node.name} is no text.", fix="Give a text.")
    if not isinstance(told.get(CONFIG_DRIVE, ""), str | Mapping):
        raise Invalid(
            f"meta.deploy.{CONFIG_DRIVE} of node {node.name} is neither text nor object.",
            fix="Give it gzipped and in base64, or an object with meta_data, user_data and network_data.",
        )
    return dict(told)


def _root(node: Node, layout: Layout | None) -> dict[str, Any]:
    """Where the image goes: the disk that the layout boots from. The source chooses for a node of which no disks are known, or that
    has no role."""
    if layout is None or not used(layout):
        return {}
    booted = [table.disk for table in used(layout) if table.bootable]
    if len(booted) != 1:
        names = ", ".join(disk.name for disk in booted) or "none"
        raise Conflict(f"The layout of node {node.name} boots from {names}.", fix="Make exactly one disk bootable.")
    return {"root_device": ironic.hints(booted[0])}


def _capabilities(found: Mapping[str, Any]) -> dict[str, str]:
    """The writer's `boot_mode:uefi,…` as an object, for this one deployment: the node's own properties stay."""
    return dict(pair.split(":", 1) for pair in found["properties"]["capabilities"].split(","))


def _layout(run: Run[Env], node: Node, cluster: Cluster | None) -> Layout | None:
    """The layout by the extension that lays out the node's disks; None without one."""
    found = run.env.extensions.provider_of(NODE_VOLUMES, run.env.extensions.names_for(cluster))
    if found is None:
        return None
    volumes = as_node_volumes(found)
    layout: Layout = run.env.hooks.ask(found, "layout", lambda: volumes.layout(node, cluster), run.operation, run.check)
    return layout


def _who(run: Run[Env], node: Node) -> Deployer:
    return Deployer(node.id, run.operation)


def _wish(node: Node, made: Mapping[str, Any]) -> Deployment:
    return Deployment(made["fields"], _told(node).get(CONFIG_DRIVE), made["raid"])


def ended(run: Run[Env], machines: Deploys, machine: str, who: Deployer) -> DeployStatus:
    """Wait for the end of a deployment. Raises DriverFailed when it does not come about."""
    waited = 0.0
    while True:
        run.check()
        status = machines.deployment(machine, who)
        if status.state is not DeployState.UNDER_WAY or waited >= run.env.deploy_timeout:
            break
        run.progress(min(0.95, waited / run.env.deploy_timeout), f"the source deploys the machine: {status.detail}")
        run.env.sleep(_LOOK_EVERY)
        waited += _LOOK_EVERY
    if status.state is DeployState.DEPLOYED:
        return status
    raise DriverFailed(
        f"The deployment of machine {machine} is {status.state} after {waited:.0f} s ({status.detail}).",
        fix="Mend what the source says, then provision the node again: the machine is given back as it was.",
        code=FAILED,
    )
