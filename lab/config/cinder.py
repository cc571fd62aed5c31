"""Cinder's configuration: a backend that keeps records of volumes and stores no bytes, and two with volumes that were there before.

There is no LVM: it needs the kernel's device mapper, which containers and small virtual machines often do not have.
"""

from __future__ import annotations

from lab.config.common import sections
from lab.config.ini import render
from lab.ports import HOST
from lab.setup import Setup


def text(setup: Setup) -> str:
    etc, data = setup.places.venv / "etc" / "cinder", setup.places.data / "cinder"
    return render(
        {
            "DEFAULT": {
                "auth_strategy": "keystone",
                "api_paste_config": etc / "api-paste.ini",
                "resource_query_filters_file": etc / "resource_filters.json",
                "transport_url": "fake://",
                "state_path": data,
                "scheduler_driver_init_wait_time": 5,
                # Both services are in one process and share the id that their heartbeats are written to (an attribute
                # of a class in Cinder), so one of them never beats and would count as down after a minute.
                "service_down_time": 10**9,
                "enabled_backends": "fake,files,array",
                "host": "labhost",
                "my_ip": HOST,
                "osapi_volume_listen": HOST,
                "osapi_volume_listen_port": setup.ports["cinder"],
            },
            "fake": {
                "volume_backend_name": "fake",
                "volume_driver": "cinder.tests.fake_driver.FakeLoggingVolumeDriver",
            },
            "files": {
                "volume_backend_name": "files",
                "volume_driver": "labvolumes.Files",
                "lab_place": data / "images",
            },
            "array": {
                "volume_backend_name": "array",
                "volume_driver": "labvolumes.Array",
                "lab_place": data / "array.json",
            },
            "coordination": {"backend_url": f"file://{data}/coord"},
            **sections(setup, "cinder"),
        }
    )
