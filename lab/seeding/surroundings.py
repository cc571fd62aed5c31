"""What nodes need around them: projects, an image, networks.

Role: finds each by name or makes it, and says their ids.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from lab.seeding.api import Lab
from lab.seeding.inventory import IMAGE

NETWORKS = {
    "provisioning": {"provider_network_type": "flat", "provider_physical_network": "physnet1", "is_shared": True},
    "tenant": {
        "provider_network_type": "vlan",
        "provider_physical_network": "physnet1",
        "provider_segmentation_id": 120,
    },
}
SUBNETS = {"provisioning": "10.20.0.0/16", "tenant": "10.30.0.0/16"}
OWNERS = {"provisioning": "admin", "tenant": "demo"}


@dataclass(frozen=True)
class Surroundings:
    """Ids by name."""

    projects: dict[str, str]
    images: dict[str, str]
    networks: dict[str, str]
    subnets: dict[str, str]


def make(lab: Lab) -> Surroundings:
    """Make what is missing."""
    projects = {project.name: project.id for project in lab.cloud.identity.projects()}
    networks = {name: _network(lab, name, projects) for name in NETWORKS}
    subnets = {name: _subnet(lab, name, network) for name, network in networks.items()}
    return Surroundings(projects, {IMAGE: _image(lab)}, networks, subnets)


def _image(lab: Lab) -> str:
    image = lab.cloud.image.find_image(IMAGE) or lab.cloud.image.create_image(
        name=IMAGE,
        data=b"corral lab image\n" * 64,
        disk_format="raw",
        container_format="bare",
        visibility="public",
        os_distro="debian",
        os_version="12",
    )
    return image.id


def _network(lab: Lab, name: str, projects: dict[str, str]) -> str:
    found: Any = lab.cloud.network.find_network(name)
    found = found or lab.cloud.network.create_network(name=name, project_id=projects[OWNERS[name]], **NETWORKS[name])
    return found.id


def _subnet(lab: Lab, name: str, network: str) -> str:
    found: Any = lab.cloud.network.find_subnet(f"{name}-subnet")
    found = found or lab.cloud.network.create_subnet(
        name=f"{name}-subnet",
        network_id=network,
        ip_version=4,
        cidr=SUBNETS[name],
        enable_dhcp=False,
        project_id=lab.cloud.network.get_network(network).project_id,
    )
    return found.id
