"""A hardware type for the lab's emulated pods: Redfish in everything, but deployed by Ironic's own fake.

Why: their systems have power, boot settings and blocks, and no disk or agent that an image could be written with.
"""

from __future__ import annotations

from typing import Any

from ironic.conf import CONF
from ironic.drivers.modules import fake
from ironic.drivers.redfish import RedfishHardware
from oslo_config import cfg

# Ironic looks for what a hardware type is set to in a group of that name.
CONF.register_opt(cfg.StrOpt("verify_ca"), group="lab-redfish")


class LabRedfish(RedfishHardware):  # type: ignore[misc]  # Ironic has no types
    """`redfish` with one more deploy interface."""

    @property
    def supported_deploy_interfaces(self) -> list[Any]:
        """Those of redfish, and the fake one."""
        return [*super().supported_deploy_interfaces, fake.FakeDeploy]
