"""Bare metal in a real Ironic, with Neutron and Glance beside it.

Rule: `open_source` only puts things together and does no I/O. What each module knows: `options` the settings, `rules` what
may be sent, `translate` Ironic's records, `discover`, `claim`, `vifs`, `power`, `bmc` one capability each.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from corral.cloud.images import GlanceImages
from corral.cloud.networks import NeutronNetworks
from corral.cloud.session import CloudWire, Place
from corral.cloud.wire import Service
from corral.contracts.border import Border
from corral.contracts.sources import Source
from corral.drivers.ironic.bmc import RedfishBmcs
from corral.drivers.ironic.machines import IronicMachines, ironic_service
from corral.drivers.ironic.options import Options, read_options
from corral.drivers.ironic.rules import RULES

__all__ = ["open_source"]


def open_source(name: str, options: Mapping[str, Any]) -> Source:
    """A source over the Ironic of a cloud in clouds.yaml; `options.Options` says what may be set."""
    chosen = read_options(options)
    border = Border(RULES)
    nodes, around = _wires(chosen, border)
    bmcs = RedfishBmcs(chosen.bmc, border) if chosen.bmc.ask else None
    network, image = Service(around, "network"), Service(around, "image")
    probes = (
        lambda: network.listed("/v2.0/networks", "networks", [("limit", "1"), ("fields", "id")]),
        lambda: image.listed("/v2/images", "images", [("limit", "1")]),
    )
    service = ironic_service(nodes)
    machines = IronicMachines(name, "ironic", service, bmcs, page_size=chosen.page_size, probes=probes)

    def close() -> None:
        machines.close()
        nodes.close()
        around.close()
        if bmcs is not None:
            bmcs.close()

    def check_settings() -> None:
        nodes.check_settings()
        around.check_settings()

    return Source(
        name, "ironic", machines, GlanceImages(image), NeutronNetworks(network), close, border, check_settings
    )


def _wires(chosen: Options, border: Border) -> tuple[CloudWire, CloudWire]:
    def wire(cloud: str) -> CloudWire:
        return CloudWire(
            Place(
                cloud,
                region=chosen.region,
                interface=chosen.interface,
                connect_timeout=chosen.connect_timeout,
                read_timeout=chosen.read_timeout,
            ),
            border,
        )

    nodes = wire(chosen.cloud)
    return nodes, nodes if chosen.network_cloud in (None, chosen.cloud) else wire(str(chosen.network_cloud))
