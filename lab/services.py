"""The lab's services: how each one is started and how one sees that it answers."""

from __future__ import annotations

import json

from lab import health, mysql, schema
from lab.commands import run, script
from lab.places import write_whole
from lab.setup import Setup

# What the catalog of Keystone says beside Keystone itself: service, type.
TYPES = {"ironic": "baremetal", "glance": "image", "neutron": "network", "cinder": "block-storage"}


def command(setup: Setup, service: str) -> list[str]:
    """Command line of a service."""
    etc, places = setup.places.etc, setup.places
    if service in ("keystone", "glance", "neutron"):
        return script(places, "serve.py", f"{service}.wsgi.api", str(setup.ports[service]))
    if service == "cinder":
        return script(places, "cinder_all.py", str(etc / "cinder" / "cinder.conf"))
    if service == "sushy":
        return script(places, "sushy_emulator.py", str(etc / "sushy" / "emulator.conf"))
    if service == "mysql":
        return mysql.server(setup)
    return script(places, "ironic_all.py", str(etc / "ironic" / "ironic.conf"))


def answers(setup: Setup, service: str) -> bool:
    """True when the service does its work, as far as one cheap request can tell."""
    if service == "mysql":
        return mysql.answers(setup.places)
    # Cinder's and Ironic's versions are listed at the root without a login; a path with /v3 would want a token.
    path = {"keystone": "/v3", "sushy": "/redfish/v1/"}.get(service, "/")
    return health.answers(setup.root_url(service) + path)


def before(setup: Setup, service: str) -> None:
    """What has to be there before the service starts."""
    if service == "mysql":
        mysql.prepare(setup)
    else:
        schema.make(setup, service)


def after(setup: Setup, service: str) -> None:
    """What can only be done when the service answers."""
    if service == "mysql":
        mysql.make_user(setup.places)
    elif service == "keystone":
        _fill_keystone(setup)


def catalog(setup: Setup) -> list[list[str]]:
    """Service type, name and URL of everything that the catalog lists."""
    entries = [[kind, name, setup.url(name)] for name, kind in TYPES.items()]
    return [*entries, ["baremetal_compute", "corral", setup.places.endpoint]]


def _fill_keystone(setup: Setup) -> None:
    wanted = json.dumps(catalog(setup))
    memo = setup.places.data / "keystone" / ".identity"
    if memo.exists() and memo.read_text() == wanted:
        return
    run(setup.places, script(setup.places, "identity.py", wanted), "keystone-setup")
    write_whole(memo, wanted)
