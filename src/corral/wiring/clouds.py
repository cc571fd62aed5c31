"""The clouds around sources of hosts: one login for all sources that name it."""

from __future__ import annotations

from corral.cloud.records import open_cloud
from corral.config import Settings
from corral.contracts.cloud_records import CloudAround
from corral.domain.errors import Invalid


def open_clouds(settings: Settings) -> dict[str, CloudAround]:
    """By source of hosts, the cloud around it, of those that have one. Asks nobody. Raises Invalid for a cloud that clouds.yaml has
    not."""
    named = {one.name: one.cloud for one in settings.hypervisors if one.cloud is not None}
    opened = {cloud: open_cloud(cloud) for cloud in sorted(set(named.values()))}
    for source, cloud in named.items():
        try:
            opened[cloud].check_settings()
        except Invalid as exc:
            raise Invalid(f"Source {source}: {exc.message}", fix=exc.fix) from exc
    return {source: opened[cloud] for source, cloud in named.items()}
