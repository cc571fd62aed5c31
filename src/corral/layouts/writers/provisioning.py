"""The whole document that `bareon-provision` and fuel-agent's `provision` take: the deployment, with `partitioning` beside it.

Rule: an agent must not stop at a missing key after it has wiped the disks, so all keys that its drivers read are checked here.
"""

from __future__ import annotations

import copy
from collections.abc import Iterator, Mapping
from typing import Any

from corral.domain.errors import Invalid
from corral.domain.layout import MIB, Layout, LayoutDisk, Use
from corral.domain.reasons import Reason
from corral.layouts.writers.abilities import reason, refuse, skipped
from corral.layouts.writers.deployment import Deployment, Interface
from corral.layouts.writers.nailgun_simple import Dialect, partitioning, problems, unbuildable
from corral.layouts.writers.types import made, used

_REQUIRED = (
    "hostname",
    "profile",
    "interfaces",
    "name_servers",
    "name_servers_search",
    "kernel_options/netcfg~choose_interface",
    "kernel_options/udevrules",
    *(
        f"ks_meta/{key}"
        for key in (
            "authorized_keys",
            "auth_key",
            "master_ip",
            "gw",
            "repo_setup/repos",
            "puppet_master",
            "puppet_enable",
            "mco_pskey",
            "mco_vhost",
            "mco_host",
            "mco_user",
            "mco_password",
            "mco_connector",
            "mco_enable",
            "mco_identity",
            "image_data",
            "pm_data/kernel_params",
        )
    ),
)
"""Paths that one of the agents reads without a default; `~` stands for a slash within a key."""


def provisioning_data(layout: Layout, dialect: Dialect, deployment: Deployment) -> dict[str, Any]:
    """A complete document of a deployment.

    Raises:
        Refused: the agent can't read, or would not carry out, this layout.
    """
    return with_partitioning(document(deployment), layout, dialect)


def with_partitioning(data: Mapping[str, Any], layout: Layout, dialect: Dialect) -> dict[str, Any]:
    """Provisioning data that others made, with this layout in it. `data` is not changed.

    Raises:
        Invalid: keys that the agents read are missing, all of them named.
        Refused: the agent can't read, or would not carry out, this layout.
    """
    whole = copy.deepcopy(dict(data))
    refuse_incomplete(whole, dialect)
    images = whole["ks_meta"]["image_data"]
    refuse(dialect.target, [*problems(layout, dialect), *_unready(layout, images, dialect)])
    # bareon's newest validates this before it looks at `partitioning`, and wants one disk at least.
    pm_data = whole["ks_meta"]["pm_data"]
    pm_data["ks_spaces"] = pm_data.get("ks_spaces") or [_space(table.disk) for table in used(layout)]
    return whole | {"partitioning": partitioning(layout, dialect)}


def refuse_incomplete(data: Mapping[str, Any], dialect: Dialect) -> None:
    """Raise Invalid when the data lack keys that the agents read, with all of them."""
    missing = [path.replace("~", "/") for path in _REQUIRED if not _has(data, path)]
    if not missing and not isinstance(data["ks_meta"]["image_data"], Mapping):
        missing = ["ks_meta/image_data (an object of images by mount point)"]
    if missing:
        message = f"The provisioning data lacks what {dialect.target} reads: {', '.join(missing)}."
        raise Invalid(message, fix="Add them; the agents have no defaults for these.")


def unfinishable(data: Mapping[str, Any], dialect: Dialect) -> Iterator[Reason]:
    """What of finished provisioning data, with the layout written, this agent would fail at after it has wiped the disks."""
    layout = data.get("partitioning") or {}
    if not layout.get("parteds"):
        message = f"There is no layout: {dialect.target} would wipe every array and volume group, and make nothing."
        yield reason("nothing", message, "Give the node roles.")
    arrays = [md for md in layout.get("mds") or () if not md.get("keep_data")]
    yield from unbuildable([(md["name"], md["devices"]) for md in arrays], dialect)
    images = (data.get("ks_meta") or {}).get("image_data")
    if not isinstance(images, Mapping) or "/" not in images:
        fix = "Name it in ks_meta.image_data, by its mount point, in meta.provisioning of the node."
        yield reason("image", "Nobody says which image the root file system is to get.", fix)


def _unready(layout: Layout, images: Mapping[str, Any], dialect: Dialect) -> Iterator[Reason]:
    """What keeps an agent from finishing the deployment, or makes it leave something out."""
    yield from skipped(layout, dialect.target)
    yield from unbuildable([(raid.device, raid.members) for raid in layout.raids if not raid.keep], dialect)
    target = dialect.target
    yield from _config_drive(layout, target)
    yield from _imageless(layout, images, target)
    if not any(table.bootable for table in used(layout)):
        yield reason("boot", f"No disk is bootable; {target} needs one for the boot loader.", "Mark one as bootable.")


def _config_drive(layout: Layout, target: str) -> Iterator[Reason]:
    found = [table.device(p) for table in used(layout) for p in made(table) if p.use is Use.CONFIG_DRIVE]
    if len(found) != 1:
        message = (
            f"The layout has {len(found)} config drive partitions ({', '.join(found) or 'none'}); {target} needs one."
        )
        yield reason("config-drive", message, "Have exactly one, of 20 MiB.")


def _imageless(layout: Layout, images: Mapping[str, Any], target: str) -> Iterator[Reason]:
    """The agents fail on an image whose mount point has no file system, and on a deployment without a root image."""
    mounts = {fs.mount for fs in layout.file_systems}
    for mount in ("/", *sorted(set(images) - {"/"})):
        if mount not in mounts:
            yield reason(
                "image", f"{target} has an image for {mount}, and nothing is mounted there.", "Add a file system."
            )
        if mount not in images:
            yield reason("image", f"{target} needs an image for {mount}.", "Name its URI.")


def _space(disk: LayoutDisk) -> dict[str, Any]:
    return {
        "type": "disk",
        "id": disk.id,
        "name": disk.name,
        "size": disk.size // MIB,
        "extra": list(disk.links),
        "free_space": 0,
        "volumes": [],
    }


def _has(data: Any, path: str) -> bool:
    for key in path.split("/"):
        name = key.replace("~", "/")
        if not isinstance(data, Mapping) or name not in data:
            return False
        data = data[name]
    return True


def document(deployment: Deployment) -> dict[str, Any]:
    """All that the agents read beside the layout."""
    boot = deployment.interfaces[0]
    return {
        "name": deployment.hostname,
        "slave_name": deployment.hostname,
        "hostname": deployment.hostname,
        "profile": deployment.profile,
        "interfaces": {nic.name: _interface(nic) for nic in deployment.interfaces},
        "interfaces_extra": {nic.name: {"onboot": "yes", "peerdns": "no"} for nic in deployment.interfaces},
        "name_servers": f'"{deployment.name_servers}"',
        "name_servers_search": f'"{deployment.search_domain}"',
        "kernel_options": {
            "netcfg/choose_interface": boot.mac,
            "udevrules": ",".join(f"{nic.mac}_{nic.name}" for nic in deployment.interfaces),
        },
        "ks_meta": _meta(deployment),
    }


def _interface(nic: Interface) -> dict[str, str]:
    return {"mac_address": nic.mac, "static": "0", "ip_address": nic.address, "netmask": nic.netmask}


def _meta(deployment: Deployment) -> dict[str, Any]:
    """Puppet and MCollective are named because the agents insist, and switched off."""
    return {
        "authorized_keys": list(deployment.authorized_keys),
        "auth_key": "",
        "gw": deployment.gateway,
        "master_ip": deployment.master,
        "timezone": deployment.timezone,
        "image_data": {
            image.mount: {"uri": image.uri, "format": image.format, "container": image.container}
            for image in deployment.images
        },
        "pm_data": {"kernel_params": deployment.kernel_params, "ks_spaces": []},
        "repo_setup": {"repos": []},
        "puppet_master": deployment.master,
        "puppet_enable": 0,
        "mco_enable": 0,
        "mco_connector": "rabbitmq",
        "mco_host": deployment.master,
        "mco_identity": -1,
        "mco_password": "",
        "mco_pskey": "unset",
        "mco_user": "mcollective",
        "mco_vhost": "mcollective",
    }
