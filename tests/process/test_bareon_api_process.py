"""`corral bareon-api` as a process, the way an operator starts, kills and starts it again."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import httpx

from tests.bareon_world import node
from tests.loopback import free_port

CORRAL = str(Path(sys.executable).with_name("corral"))


def environment(folder: Path, **more: str) -> dict[str, str]:
    kept = {key: value for key, value in os.environ.items() if not key.startswith(("CORRAL_", "OS_"))}
    return {**kept, "CORRAL_DATA_DIR": str(folder), **more}


@contextmanager
def served(folder: Path, stop: signal.Signals, **more: str) -> Iterator[tuple[str, subprocess.Popen[str]]]:
    port = free_port()
    process = subprocess.Popen(
        [CORRAL, "bareon-api", "--port", str(port)],
        env=environment(folder, **more),
        cwd=folder,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )
    try:
        end = time.monotonic() + 120
        while True:
            try:
                httpx.get(f"http://127.0.0.1:{port}/readyz", trust_env=False).raise_for_status()
                break
            except httpx.HTTPError:
                assert process.poll() is None, process.communicate()[0]
                assert time.monotonic() < end, "it did not become ready"
                time.sleep(0.1)
        yield f"http://127.0.0.1:{port}", process
    finally:
        process.send_signal(stop)
        process.communicate(timeout=120)


def run(folder: Path, *arguments: str, **more: str) -> subprocess.CompletedProcess[str]:
    command = [CORRAL, "bareon-api", *arguments]
    return subprocess.run(
        command, env=environment(folder, **more), cwd=folder, capture_output=True, text=True, timeout=180
    )


def test_what_was_written_survives_kill_9(tmp_path: Path) -> None:
    with served(tmp_path, signal.SIGKILL) as (url, _):
        httpx.put(f"{url}/v1/nodes/n1", json=node(), trust_env=False).raise_for_status()
        before = httpx.get(f"{url}/v1/nodes/n1/record", trust_env=False).json()
    with served(tmp_path, signal.SIGTERM) as (url, process):
        assert httpx.get(f"{url}/v1/nodes/n1/record", trust_env=False).json() == before
    assert process.returncode in (0, -signal.SIGTERM)


def test_a_token_is_taken_from_the_environment(tmp_path: Path) -> None:
    named = {"CORRAL_BAREON_API__TOKEN_ENV": "SECRET", "SECRET": "s3cret"}
    with served(tmp_path, signal.SIGTERM, **named) as (url, _):
        assert httpx.get(f"{url}/v1/nodes", trust_env=False).status_code == 401
        assert httpx.get(f"{url}/v1/nodes", headers={"X-Auth-Token": "s3cret"}, trust_env=False).status_code == 200


def test_what_can_not_start_says_why(tmp_path: Path) -> None:
    for done, words in (
        (run(tmp_path, "--host", "0.0.0.0"), "anyone who reaches it"),
        (run(tmp_path, CORRAL_BAREON_API__TOKEN_ENV="SECRET"), "no variable SECRET"),
        (run(tmp_path, CORRAL_BAREON_API__DATABASE_URL="mysql://x/y"), "not in mysql"),
    ):
        assert done.returncode != 0
        assert words in done.stderr
        assert "Traceback" not in done.stderr


def test_its_database_is_brought_up_by_itself_or_on_request(tmp_path: Path) -> None:
    for _ in range(2):
        done = run(tmp_path, "--upgrade-database")
        assert done.returncode == 0, done.stderr
    assert (tmp_path / "bareon-api.db").is_file()
