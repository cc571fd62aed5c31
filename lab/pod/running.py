"""A pod in a process of its own, for as long as somebody needs it."""

from __future__ import annotations

import json
import os
import ssl
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import httpx

from lab.places import CHECKOUT

PASSWORD = "pod-password"


@dataclass(frozen=True)
class RunningPod:
    """`url`: of the service. `ca`: file of its certificate, None for plain HTTP."""

    url: str
    ca: str | None
    username: str = "pod"

    def control(self, what: str, told: Any = None) -> Any:
        """Ask /control: GET for `state`, POST otherwise; the pod's state afterwards."""
        with httpx.Client(verify=self._verify(), trust_env=False, timeout=120) as client:
            url = f"{self.url}/control/{what}"
            answer = client.get(url) if what == "state" else client.post(url, json=told)
            answer.raise_for_status()
            return answer.json()

    def client(self) -> httpx.Client:
        """Somebody else who may do anything there, by plain Redfish."""
        login = (self.username, PASSWORD)
        return httpx.Client(base_url=self.url, auth=login, verify=self._verify(), trust_env=False, timeout=120)

    def fault(self, kind: str, **more: Any) -> None:
        """Set one fault: see lab.pod.faults."""
        self.control("faults", {"kind": kind, **more})

    def _verify(self) -> Any:
        return ssl.create_default_context(cafile=self.ca) if self.ca else False


@contextmanager
def running_pod(
    machines: int = 10, *, stock: Path | None = None, certificates: Path | None = None, seconds: float = 3600
) -> Iterator[RunningPod]:
    """A pod that answers; it ends with the block, with its parent, or after `seconds`."""
    argv = [sys.executable, "-m", "lab.pod", "--machines", str(machines), "--seconds", str(seconds)]
    argv += ["--stock", str(stock)] if stock else []
    argv += ["--certificates", str(certificates)] if certificates else []
    process = subprocess.Popen(
        argv,
        cwd=CHECKOUT,
        env={**os.environ, "POD_PASSWORD": PASSWORD},
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        text=True,
    )
    try:
        assert process.stdout is not None
        line = process.stdout.readline()
        if not line:
            raise RuntimeError(f"the pod ended with {process.wait(10)} before it answered")
        told = json.loads(line)
        yield RunningPod(told["url"], told["ca"])
    finally:
        process.terminate()
        try:
            process.wait(60)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait(60)
        if process.stdout is not None:
            process.stdout.close()
