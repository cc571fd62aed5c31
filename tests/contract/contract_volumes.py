"""Corrals whose nodes are laid out by one extension or the other, and what a client of their API sees.

`bareon` has a service of its own: a process, started as an operator starts it."""

from __future__ import annotations

import os
import re
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from itertools import count
from pathlib import Path
from typing import Any

import httpx

from tests.api.api_world import Api, serving
from tests.loopback import free_port

EXTENSIONS = ("volume_manager", "bareon")
CORRAL = Path(sys.executable).with_name("corral")
GIB = 1024**3
_NUMBERS = count(1)  # one Corral serves several tests; names are taken once
_ID = re.compile(r"[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}")
Json = dict[str, Any]


class BareonService:
    """A `corral bareon-api` process with a database that outlives it."""

    def __init__(self, folder: Path) -> None:
        self.folder, self.port = folder, free_port()
        self.address = f"127.0.0.1:{self.port}"
        self._process: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        kept = {key: value for key, value in os.environ.items() if not key.startswith(("CORRAL_", "BAREON_"))}
        words = [str(CORRAL), "bareon-api", "--port", str(self.port), "--data-dir", str(self.folder)]
        with (self.folder / "log").open("ab") as log:
            self._process = subprocess.Popen(words, env=kept, stdout=log, stderr=log)
        end = time.monotonic() + 180
        while time.monotonic() < end and self._process.poll() is None:
            try:
                if httpx.get(f"http://{self.address}/v1/nodes", trust_env=False).status_code == 200:
                    return
            except httpx.TransportError:
                time.sleep(0.1)
        raise AssertionError((self.folder / "log").read_text())

    def stop(self) -> None:
        if self._process is not None:
            self._process.terminate()
            self._process.wait(60)
            self._process = None


class Client:
    """A client of a Corral, with short ways to what it does often."""

    def __init__(self, api: Api, extension: str, service: BareonService) -> None:
        self.api, self.extension, self.service = api, extension, service

    def cluster(self, **fields: Any) -> str:
        body = {"name": f"cluster-{next(_NUMBERS)}", **fields}
        return str(self.done(self.api.post("/v1/clusters", json=body))["id"])

    def node(self, cluster: str, roles: list[str], meta: Mapping[str, Any]) -> str:
        body = {"name": f"node-{next(_NUMBERS)}", "cluster": cluster, "roles": roles, "meta": meta}
        return str(self.done(self.api.post("/v1/nodes", json=body))["id"])

    def disks(self, node: str, what: str = "disks") -> Any:
        return self.api.seen(f"/v1/nodes/{node}/{what}")

    def spaces(self, node: str) -> Any:
        """The full form of what is on each disk: as in provisioning data, also for a node that can't be provisioned."""
        corral = self.api.corral
        found = corral.nodes.get(node)
        cluster = corral.clusters.get(found.cluster) if found.cluster else None
        return corral.extensions.node_volumes(cluster).export_layout(found, cluster)["ks_spaces"]

    def done(self, answer: httpx.Response) -> Json:
        assert answer.status_code in (200, 201), answer.text
        return dict(answer.json())

    def put_disks(self, node: str, disks: Any) -> httpx.Response:
        return self.api.put(f"/v1/nodes/{node}/disks", json=disks)


@contextmanager
def bareon_service(folder: Path) -> Iterator[BareonService]:
    """The service, from its start to its stop."""
    service = BareonService(folder)
    service.start()
    try:
        yield service
    finally:
        service.stop()


@contextmanager
def laid_out_by(extension: str, folder: Path, service: BareonService) -> Iterator[Client]:
    """A Corral whose clusters have that extension by default."""
    settings = {"extensions": {"default": [extension], "answer_within": 30, "hook_tries": 2}}
    with serving(folder, sleep=lambda _s: None, bareon_address=service.address, **settings) as api:
        yield Client(api, extension, service)


def nameless(answer: httpx.Response, extension: str, names: Mapping[str, str]) -> Any:
    """An answer without what may differ: ids are called by their names, the extension by `EXTENSION`, times are left out."""
    text = _ID.sub(lambda found: names.get(found.group(), "AN ID"), answer.text.replace(extension, "EXTENSION"))
    text = re.sub(r'"(created_at|updated_at)":"[^"]*"', r'"\1":"A TIME"', text)
    text = re.sub(r'"request_id":"[^"]*"|127\.0\.0\.1:\d+', "", text)
    return answer.status_code, text


def disk(name: str, gib: float, **more: Any) -> Json:
    at = {"name": name, "disk": f"disk/by-path/{name}", "extra": [f"disk/by-id/{name}-serial"]}
    return {**at, "size": int(gib * GIB), "model": None, "removable": "0", **more}


def meta(*disks: Json, ram: float = 8) -> Json:
    return {"disks": list(disks), "memory": {"total": int(ram * GIB)}}
