"""Hypervisor hosts by libvirt.

Rule: `open_hosts` only puts things together and does no I/O. What each module knows: `options` and `uris` the settings, `rules`
what may be called, `link` the connection and its thread, `xml` how foreign XML is taken in, `domain_xml`, `disk_xml` and `host_xml`
what it means, `sizes` and `leases` what statistics and networks add, `look` one host, `hosts` all of them, `watch` what is heard of
them; `one` one VM, `acting` how something is changed, `mark`, `switch`, `describe` (with `labels`) and `console` what is done
with a VM, `vms` all of that wherever the VM is.
"""

from __future__ import annotations

from collections.abc import Mapping
from importlib.util import find_spec
from typing import Any

from corral.contracts.border import Border
from corral.contracts.hosts import HostSource
from corral.domain.errors import Invalid
from corral.drivers.libvirt.options import read_options
from corral.drivers.libvirt.rules import RULES

__all__ = ["open_hosts"]


def open_hosts(name: str, options: Mapping[str, Any]) -> HostSource:
    """Hosts by their libvirt URIs; `options.Options` says what may be set. Raises Invalid."""
    chosen = read_options(options)
    if find_spec("libvirt") is None:
        raise Invalid(
            "The library libvirt-python is not installed.",
            fix="On Debian: `apt-get install libvirt-dev pkg-config gcc python3-dev`, then `pip install 'corral[libvirt]'`.",
        )
    from corral.drivers.libvirt.vms import LibvirtVms

    border = Border(RULES)
    hosts = LibvirtVms(name, chosen, border)
    return HostSource(name, "libvirt", hosts, hosts.close, border)
