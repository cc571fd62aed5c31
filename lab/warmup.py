"""The first request to every service, made by one client alone.

Role: OpenStack services load their policies while they answer their first request. To others that come in meanwhile
Neutron answers 403 and Keystone 500, so the lab counts as started only when each service has answered somebody who is
logged in.
"""

from __future__ import annotations

import json
import urllib.error
import urllib.request
from concurrent.futures import ThreadPoolExecutor

from lab.errors import LabError
from lab.health import OPENER
from lab.setup import Setup

FIRST_REQUESTS = {
    "neutron": "/v2.0/networks",
    "ironic": "/v1/nodes?limit=1",
    "glance": "/v2/images?limit=1",
    "cinder": "/v3/volumes?limit=1",
}


def warm(setup: Setup) -> None:
    """Log in, and ask every service for something that needs a login."""
    token = _token(setup)
    # Keystone before the others, because each of them asks it at once whether the token is good.
    _ask(setup, token, "keystone", "/v3/auth/tokens")
    with ThreadPoolExecutor(len(FIRST_REQUESTS)) as pool:
        list(pool.map(lambda item: _ask(setup, token, *item), FIRST_REQUESTS.items()))


def _token(setup: Setup) -> str:
    domain = {"id": "default"}
    body = {
        "auth": {
            "identity": {
                "methods": ["password"],
                "password": {"user": {"name": "admin", "password": "admin", "domain": domain}},
            },
            "scope": {"project": {"name": "admin", "domain": domain}},
        }
    }
    request = urllib.request.Request(
        setup.url("keystone") + "/auth/tokens", json.dumps(body).encode(), {"Content-Type": "application/json"}
    )
    with _open("keystone", request) as reply:
        return reply.headers["X-Subject-Token"]


def _ask(setup: Setup, token: str, service: str, path: str) -> None:
    request = urllib.request.Request(
        setup.root_url(service) + path, headers={"X-Auth-Token": token, "X-Subject-Token": token}
    )
    with _open(service, request):
        pass


def _open(service: str, request: urllib.request.Request):
    try:
        return OPENER.open(request, timeout=60)
    except urllib.error.HTTPError as error:
        raise LabError(
            f"{service} answered {error.code} to {request.full_url}",
            "read its log in logs/",
            error.read(400).decode(errors="replace"),
        ) from error
    except OSError as error:
        raise LabError(f"{service} gave no answer to {request.full_url}: {error}", "python -m lab status") from error
