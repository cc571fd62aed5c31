"""clouds.yaml: who can log in to the lab. Each password is the user's name.

Role: JSON is YAML too, so no YAML library is needed to write it.
"""

from __future__ import annotations

import json

from lab.setup import Setup

# Cloud: user and project; no project stands for the scope of the whole system.
CLOUDS = {
    "system": ("admin", None),
    "admin": ("admin", "admin"),
    "demo": ("demo", "demo"),
    "reader": ("reader", "demo"),
    "ironic": ("ironic", "service"),
    "corral": ("corral", "service"),
    "corral-system": ("corral", None),
}


def text(setup: Setup) -> str:
    clouds = {name: _cloud(setup, user, project) for name, (user, project) in CLOUDS.items()}
    return json.dumps({"clouds": clouds}, indent=2) + "\n"


def _cloud(setup: Setup, user: str, project: str | None) -> dict[str, object]:
    scope = {"project_name": project, "project_domain_id": "default"} if project else {"system_scope": "all"}
    login = {"auth_url": setup.url("keystone"), "username": user, "password": user, "user_domain_id": "default"}
    return {"region_name": "RegionOne", "auth": login | scope}
