"""Hypervisor hosts by a vCenter.

Rule: `open_hosts` only puts things together and does no I/O. What each module knows: `options` the settings, `rules` what may be
called, `wire` how calls and answers travel and what is refused of them, `failures` what went wrong then, `link` the session,
`collect` how much is asked for in few calls, `inventory` hosts with their datastores and networks, `properties` and `devices` what
a VM is, `look` all of it at once, `hosts` the contract of that, `watch` what is heard of it; `one` one VM, `acting` how
something is changed, `mark`, `switch` and `describe` what is done with a VM, `vms` the contract of that.
"""

from __future__ import annotations

from collections.abc import Mapping
from importlib.util import find_spec
from typing import Any

from corral.contracts.border import Border
from corral.contracts.hosts import HostSource
from corral.domain.errors import Invalid
from corral.drivers.vsphere.options import read_options
from corral.drivers.vsphere.rules import RULES

__all__ = ["open_hosts"]


def open_hosts(name: str, options: Mapping[str, Any]) -> HostSource:
    """The hosts of one vCenter; `options.Options` says what may be set. Raises Invalid."""
    chosen = read_options(options)
    if find_spec("pyVmomi") is None:
        raise Invalid("The library pyVmomi is not installed.", fix="Install it: `pip install 'corral[vsphere]'`.")
    from corral.drivers.vsphere.vms import VsphereVms

    border = Border(RULES)
    hosts = VsphereVms(name, chosen, border)
    return HostSource(name, "vsphere", hosts, hosts.close, border)
