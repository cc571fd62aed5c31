"""Commands of Corral that serve, as processes of their own on loopback, each with a folder and settings of its own."""

from __future__ import annotations

import os
import subprocess
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

import httpx

from tests.e2e.support.corral import CORRAL
from tests.loopback import free_port


@contextmanager
def served(folder: Path, *command: str, settings: Mapping[str, str]) -> Iterator[httpx.Client]:
    """A client of `corral COMMAND --port FREE`, once it is ready; the process is ended afterwards."""
    folder.mkdir()
    port = free_port()
    kept = {key: value for key, value in os.environ.items() if not key.startswith(("CORRAL_", "OS_", "BAREON_"))}
    log = folder / "log"
    with log.open("wb") as out:
        process = subprocess.Popen(
            [str(CORRAL), *command, "--port", str(port)],
            env={**kept, "CORRAL_DATA_DIR": str(folder), "CORRAL_NOTIFICATIONS__DRIVER": "noop", **settings},
            cwd=folder,
            stdin=subprocess.DEVNULL,
            stdout=out,
            stderr=out,
        )
    try:
        with httpx.Client(base_url=f"http://127.0.0.1:{port}", timeout=60, trust_env=False) as client:
            end = time.monotonic() + 180
            while not _ready(client):
                assert process.poll() is None and time.monotonic() < end, log.read_text(errors="replace")[-3000:]
                time.sleep(0.1)
            yield client
    finally:
        process.terminate()
        process.wait(60)


def _ready(client: httpx.Client) -> bool:
    try:
        return client.get("/readyz").status_code == 200
    except httpx.TransportError:
        return False
