"""The lab's services, by plain requests: what is true there, whatever Corral says."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from copy import copy
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import httpx

CHECKOUT = Path(__file__).resolve().parents[3]
IRONIC_VERSION = {"X-OpenStack-Ironic-API-Version": "1.95"}
NEWEST = {"X-OpenStack-Ironic-API-Version": "latest"}
BUSY = (409, 500, 503)

Json = dict[str, Any]


def summary_file() -> Path:
    """Where lab.json is: CORRAL_LAB_JSON, else .lab in the checkout."""
    return Path(os.environ.get("CORRAL_LAB_JSON") or CHECKOUT / ".lab" / "lab.json")


class LabRefused(Exception):
    """A service of the lab refused what the test itself asked for."""


@dataclass(frozen=True)
class Api:
    """One service as an administrator sees it."""

    http: httpx.Client

    def call(self, method: str, path: str, body: Any = None) -> Any:
        """The answer's JSON, None without one. Waits up to two minutes while the service says that it is locked."""
        for _ in range(480):
            reply = self.http.request(method, path, json=body)
            if reply.is_success:
                return reply.json() if reply.content else None
            if reply.status_code not in BUSY or "lock" not in reply.text.lower():
                break
            time.sleep(0.25)
        raise LabRefused(f"{method} {path}: {reply.status_code} {reply.text[:300]}")

    def get(self, path: str) -> Any:
        return self.call("GET", path)

    def find(self, path: str) -> Any:
        """The resource, or None when it does not exist."""
        reply = self.http.get(path)
        return None if reply.status_code == 404 else reply.raise_for_status().json()

    def remove(self, path: str) -> None:
        """Delete; one that is gone is done."""
        if self.find(path) is not None:
            self.call("DELETE", path)


class Lab:
    """A running, seeded lab."""

    def __init__(self, summary: Json) -> None:
        self.seeded: Json = summary["seeded"]
        self.clouds = str(summary["clouds_file"])
        self._urls: dict[str, str] = summary["services"]
        self.venv = str(Path(summary["python"]).parents[1])
        self.token = _Login(self._urls["keystone"], {"system": {"all": True}})
        project = {"project": {"name": "admin", "domain": {"id": "default"}}}
        self.project_token = _Login(self._urls["keystone"], project)
        self._use_ironic(self._urls["ironic"])
        self.neutron = Api(_client(self._urls["neutron"], self.project_token))
        self.redfish = Api(httpx.Client(base_url=self._urls["sushy"], timeout=120, trust_env=False))

    def _use_ironic(self, url: str) -> None:
        self.ironic_url = url
        self.ironic = Api(_client(url, self.token, IRONIC_VERSION))
        self.ironic_in_full = Api(_client(url, self.token, NEWEST))
        """With every field that this Ironic has, to compare records."""

    def with_ironic(self, url: str) -> Lab:
        """This lab with another Ironic in place of its own; close only that: `close_ironic`."""
        other = copy(self)
        other._use_ironic(url)
        return other

    @property
    def neutron_url(self) -> str:
        return self._urls["neutron"]

    @property
    def redfish_root(self) -> str:
        return self._urls["sushy"].removesuffix("/redfish/v1")

    def close(self) -> None:
        self.close_ironic()
        for api in (self.neutron, self.redfish):
            api.http.close()

    def close_ironic(self) -> None:
        for api in (self.ironic, self.ironic_in_full):
            api.http.close()

    def run(self, *args: str) -> None:
        """One command of the lab: `python -m lab …`."""
        env = {**os.environ, "CORRAL_LAB_VENV": os.environ.get("CORRAL_LAB_VENV", self.venv)}
        env["CORRAL_LAB_DIR"] = str(Path(self.clouds).parents[2])
        done = subprocess.run(
            [sys.executable, "-m", "lab", *args], cwd=CHECKOUT, env=env, capture_output=True, text=True, check=False
        )
        if done.returncode:
            raise LabRefused(f"lab {' '.join(args)}: {done.stderr[-500:]}")

    def nodes(self, prefix: str) -> list[Json]:
        """All nodes whose names begin so, ordered by name."""
        found = [row for row in self.listed("nodes", "uuid,name") if (row["name"] or "").startswith(f"{prefix}-")]
        return sorted(found, key=lambda row: str(row["name"]))

    def listed(self, key: str, fields: str) -> Iterator[Json]:
        """Every row of one of Ironic's lists, page by page."""
        marker = ""
        while True:
            page = self.ironic.get(f"/v1/{key}?fields={fields}&limit=1000{marker}")
            yield from page[key]
            if not page.get("next") or not page[key]:
                return
            marker = f"&marker={page[key][-1]['uuid']}"


class _Login(httpx.Auth):
    """Adds a token, and takes a new one when the old one is an hour old or was refused."""

    def __init__(self, keystone: str, scope: Json) -> None:
        user = {"name": "admin", "password": "admin", "domain": {"id": "default"}}
        self._url = f"{keystone}/auth/tokens"
        self._body = {"auth": {"identity": {"methods": ["password"], "password": {"user": user}}, "scope": scope}}
        self._lock = threading.Lock()
        self._token, self._at = "", 0.0

    def sync_auth_flow(self, request: httpx.Request) -> Iterator[httpx.Response]:  # type: ignore[override]
        request.headers["X-Auth-Token"] = self.value()
        yield request  # type: ignore[misc]

    def value(self) -> str:
        with self._lock:
            if time.monotonic() - self._at > 1800 or not self._token:
                reply = httpx.post(self._url, json=self._body, timeout=120, trust_env=False).raise_for_status()
                self._token, self._at = reply.headers["X-Subject-Token"], time.monotonic()
            return self._token


def _client(url: str, login: _Login, headers: dict[str, str] | None = None) -> httpx.Client:
    return httpx.Client(base_url=url, auth=login, headers=headers, timeout=90, trust_env=False)


def read_lab() -> Lab:
    """The lab that runs. Raises LookupError, saying what to do, when there is none."""
    path = summary_file()
    if not path.is_file():
        raise LookupError(f"there is no lab: {path} is missing; `make lab` makes one")
    lab = Lab(json.loads(path.read_text()))
    try:
        lab.ironic.get("/v1/nodes?limit=1")
    except (httpx.HTTPError, LabRefused) as exc:
        raise LookupError(f"the lab does not answer ({type(exc).__name__}); `python -m lab start` starts it") from exc
    return lab
