"""The commands that carry provisioning data out."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from corral.drivers.agent.ssh import Command

DATA_FILE = "/run/corral-provision.json"
"""On the node, in memory: it may hold passwords, and the disks are about to be wiped."""
TIMEOUT = 3600.0

_OPTIONS = ("--data_driver", "nailgun_simple", "--input_data_file", DATA_FILE)


def bareon_provision(data: Mapping[str, Any], timeout: float = TIMEOUT) -> Command:
    """bareon's whole deployment: partitions, images, boot loader. `timeout` in seconds."""
    return Command(("bareon-provision", *_OPTIONS), {DATA_FILE: json.dumps(data)}, timeout)


def fuel_provision(data: Mapping[str, Any], timeout: float = TIMEOUT) -> Command:
    """The same by fuel-agent, whose command is older."""
    return Command(("provision", *_OPTIONS), {DATA_FILE: json.dumps(data)}, timeout)
