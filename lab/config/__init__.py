"""Configuration files of the lab's services, one module each.

Role: `write` renders all of them from a Setup. Rendering is pure; only this module touches files.
"""

from __future__ import annotations

from lab.config import cinder, clouds, glance, ironic, keystone, neutron, sushy
from lab.places import write_whole
from lab.setup import Setup

FILES = {
    "keystone/keystone.conf": keystone.text,
    "glance/glance-api.conf": glance.text,
    "neutron/neutron.conf": neutron.text,
    # Empty, but Neutron refuses to start without it.
    "neutron/plugins/ml2/ml2_conf.ini": lambda setup: "",  # noqa: ARG005
    "cinder/cinder.conf": cinder.text,
    "ironic/ironic.conf": ironic.text,
    "sushy/emulator.conf": sushy.text,
    "openstack/clouds.yaml": clouds.text,
}
FOLDERS = ("keystone", "neutron", "cinder/images", "ironic", "sushy", "glance/images", "glance/staging", "glance/tasks")


def write(setup: Setup) -> None:
    """Write every configuration file and make the folders that the services expect."""
    for name, text in FILES.items():
        write_whole(setup.places.etc / name, text(setup))
    for name in FOLDERS:
        (setup.places.data / name).mkdir(parents=True, exist_ok=True)
