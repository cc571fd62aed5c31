"""Ironic's configuration: API and conductor in one process, fake-hardware and redfish, nothing that deploys by itself."""

from __future__ import annotations

from lab.config.common import login, sections
from lab.config.ini import Sections, render
from lab.ports import HOST
from lab.setup import Setup

# Each kind needs a valid default for both hardware types, or the conductor stops while the process stays.
INTERFACES = {
    "bios": "fake,no-bios,redfish",
    "boot": "fake,pxe,redfish-virtual-media",
    "console": "fake,no-console",
    "deploy": "fake,direct,noop,ramdisk",
    "firmware": "fake,no-firmware,redfish",
    "inspect": "fake,no-inspect,redfish",
    "management": "fake,noop,redfish",
    "network": "noop,flat,neutron",
    "power": "fake,redfish",
    "raid": "fake,no-raid,redfish",
    "rescue": "fake,no-rescue",
    "storage": "fake,noop,cinder",
    "vendor": "fake,no-vendor,redfish",
}


def text(setup: Setup) -> str:
    return render({"DEFAULT": _default(setup)} | _own(setup) | sections(setup, "ironic") | _clients(setup))


def _default(setup: Setup) -> dict[str, object]:
    return {
        "auth_strategy": "keystone",
        "rpc_transport": "none",
        "host": "labhost",
        "state_path": setup.places.data / "ironic",
        "enabled_hardware_types": "fake-hardware,redfish",
        **{f"enabled_{kind}_interfaces": names for kind, names in INTERFACES.items()},
        "default_network_interface": "noop",
        "default_storage_interface": "noop",
    }


def _own(setup: Setup) -> Sections:
    data = setup.places.data / "ironic"
    return {
        "api": {"host_ip": HOST, "port": setup.ports["ironic"]},
        # No synchronization of power: the lab's tests say when a record and the machine differ.
        "conductor": {"automated_clean": False, "sync_power_state_interval": 0},
        "pxe": {"tftp_root": data / "tftp"},
        "deploy": {"http_root": data / "httpboot"},
        # Fault injection: seconds for which a power action holds the node's lock.
        "fake": {"power_delay": setup.places.power_delay},
    }


def _clients(setup: Setup) -> Sections:
    user = login(setup, "ironic")
    networks = {"cleaning_network": "provisioning", "provisioning_network": "provisioning"}
    return {
        "glance": dict(user),
        "cinder": dict(user),
        "neutron": user | networks,
        "service_catalog": user | {"endpoint_override": setup.root_url("ironic")},
    }
