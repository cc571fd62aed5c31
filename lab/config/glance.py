"""Glance's configuration: images are files below the lab's data directory."""

from __future__ import annotations

from lab.config.common import sections
from lab.config.ini import render
from lab.setup import Setup


def text(setup: Setup) -> str:
    files = setup.places.data / "glance"
    return render(
        {
            "DEFAULT": {"enabled_backends": "file:file"},
            "glance_store": {"default_backend": "file"},
            "file": {"filesystem_store_datadir": files / "images"},
            "os_glance_staging_store": {"filesystem_store_datadir": files / "staging"},
            "os_glance_tasks_store": {"filesystem_store_datadir": files / "tasks"},
            "paste_deploy": {
                "flavor": "keystone",
                "config_file": setup.places.venv / "etc" / "glance" / "glance-api-paste.ini",
            },
            **sections(setup, "glance"),
        }
    )
