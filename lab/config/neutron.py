"""Neutron's configuration: ML2 with the lab's own mechanism driver, no agents and no message broker."""

from __future__ import annotations

from lab.config.common import sections
from lab.config.ini import render
from lab.setup import Setup


def text(setup: Setup) -> str:
    return render(
        {
            "DEFAULT": {
                "core_plugin": "ml2",
                "service_plugins": "",
                "api_paste_config": setup.places.venv / "etc" / "neutron" / "api-paste.ini",
                "transport_url": "fake://",
                "state_path": setup.places.data / "neutron",
                "notify_nova_on_port_status_changes": False,
                "notify_nova_on_port_data_changes": False,
                "dhcp_agent_notification": False,
                "rpc_workers": 0,
            },
            "quotas": {"quota_network": -1, "quota_subnet": -1, "quota_port": -1},
            "ml2": {
                "type_drivers": "flat,vlan",
                "tenant_network_types": "vlan",
                "mechanism_drivers": "labbaremetal",
                "extension_drivers": "port_security",
            },
            "ml2_type_flat": {"flat_networks": "*"},
            "ml2_type_vlan": {"network_vlan_ranges": "physnet1:100:1999"},
            "securitygroup": {"enable_security_group": True},
            **sections(setup, "neutron"),
        }
    )
