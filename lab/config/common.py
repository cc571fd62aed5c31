"""Sections that several services share: database, locks, notifications, and how a service logs in at Keystone."""

from __future__ import annotations

from lab.config.ini import Sections
from lab.setup import Setup


def login(setup: Setup, user: str) -> dict[str, object]:
    """keystoneauth's options for a service user; in this lab every password is the user's name."""
    return {
        "auth_type": "password",
        "auth_url": setup.root_url("keystone"),
        "username": user,
        "password": user,
        "project_name": "service",
        "user_domain_id": "default",
        "project_domain_id": "default",
        "region_name": "RegionOne",
    }


def database(setup: Setup, service: str) -> dict[str, object]:
    # The lab's data may be lost with the machine: not waiting for the disk makes SQLite several times faster.
    return {"connection": setup.database_url(service), "sqlite_synchronous": False}


def sections(setup: Setup, service: str) -> Sections:
    """What glance, neutron, cinder and ironic have in common."""
    return {
        "database": database(setup, service),
        "oslo_concurrency": {"lock_path": setup.places.data / service / "lock"},
        "oslo_messaging_notifications": {"driver": "noop"},
        "keystone_authtoken": login(setup, service) | {"www_authenticate_uri": setup.root_url("keystone")},
    }
