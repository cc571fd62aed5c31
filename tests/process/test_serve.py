"""`corral serve` and its neighbours as processes, the way an operator starts and stops them."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.loopback import free_port

CORRAL = Path(sys.executable).with_name("corral")


class Served:
    """A served demo, and the command line pointed at it."""

    def __init__(self, folder: Path, **environment: str) -> None:
        self.port = free_port()
        self.url = f"http://127.0.0.1:{self.port}"
        kept = {key: value for key, value in os.environ.items() if not key.startswith(("CORRAL_", "OS_"))}
        self.environment = {**kept, "CORRAL_DATA_DIR": str(folder), "CORRAL_URL": self.url, **environment}
        self.folder = folder
        self.process = self.start()

    def start(self) -> subprocess.Popen[str]:
        command = [str(CORRAL), "serve", "--demo", "--port", str(self.port)]
        process = subprocess.Popen(
            command, env=self.environment, cwd=self.folder, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True
        )
        until = time.monotonic() + 120
        while time.monotonic() < until and process.poll() is None:
            try:
                with urllib.request.urlopen(f"{self.url}/readyz", timeout=2):
                    return process
            except (urllib.error.URLError, ConnectionError):
                time.sleep(0.1)
        process.kill()
        raise AssertionError(f"corral did not become ready: {process.communicate()[0]}")

    def run(self, *arguments: str, **environment: str) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            [str(CORRAL), *arguments],
            env={**self.environment, **environment},
            cwd=self.folder,
            capture_output=True,
            text=True,
            timeout=60,
        )

    def json(self, *arguments: str) -> Any:
        done = self.run("-o", "json", *arguments)
        assert done.returncode == 0, done.stderr
        return json.loads(done.stdout)

    def stop(self) -> int:
        if self.process.poll() is None:
            self.process.send_signal(signal.SIGTERM)
        self.process.communicate(timeout=120)
        return int(self.process.returncode)


@pytest.fixture
def served(tmp_path: Path) -> Iterator[Served]:
    found = Served(tmp_path)
    yield found
    found.stop()


def test_the_demo_shows_adopts_proves_and_lets_go(served: Served) -> None:
    assert served.run("flavor", "create", "gold", "--resource-class", "gold").returncode == 0
    adopted = served.run("adopt", "bank-db-01", "--flavor", "gold", "--yes")
    assert adopted.returncode == 0, adopted.stderr
    server = served.json("server", "show", "bank-db-01")
    assert server["status"] == "active"
    assert served.json("server", "proof", "bank-db-01")["verdict"] == "untouched"
    assert served.run("server", "unmanage", "bank-db-01", "--yes").returncode == 0
    assert served.run("server", "show", "bank-db-01").returncode == 3
    assert served.json("server", "proof", server["uuid"])["verdict"] == "untouched"


def test_the_demo_says_that_it_is_one(served: Served) -> None:
    served.process.send_signal(signal.SIGTERM)
    assert "are no real hardware" in served.process.communicate(timeout=120)[0]


def test_sigterm_ends_it_in_order(served: Served) -> None:
    assert served.stop() in (0, -signal.SIGTERM)


def test_a_second_process_on_the_same_data_is_refused_with_what_to_do(served: Served) -> None:
    second = served.run("serve", "--demo", "--port", str(free_port()))
    assert second.returncode != 0
    assert "Another Corral process uses the data directory" in second.stderr
    assert "Traceback" not in second.stderr


def test_after_kill_9_it_comes_back_with_its_records(served: Served) -> None:
    served.run("flavor", "create", "gold", "--resource-class", "gold")
    served.process.kill()
    served.process.communicate(timeout=120)
    served.process = served.start()
    assert [one["name"] for one in served.json("flavor", "list")] == ["gold"]


def test_listening_beyond_loopback_without_identity_is_refused(tmp_path: Path) -> None:
    environment = {**os.environ, "CORRAL_DATA_DIR": str(tmp_path)}
    command = [str(CORRAL), "serve", "--demo", "--host", "0.0.0.0", "--port", str(free_port())]
    done = subprocess.run(command, env=environment, capture_output=True, text=True, timeout=60, cwd=tmp_path)
    assert done.returncode != 0
    assert "anyone who reaches it would be its admin" in done.stderr
    assert "Traceback" not in done.stderr


def test_no_source_is_told(tmp_path: Path) -> None:
    environment = {**os.environ, "CORRAL_DATA_DIR": str(tmp_path)}
    done = subprocess.run(
        [str(CORRAL), "serve"], env=environment, capture_output=True, text=True, timeout=60, cwd=tmp_path
    )
    assert done.returncode != 0
    assert "No source is configured" in done.stderr


def test_a_source_whose_cloud_is_not_described_ends_it_at_the_start(tmp_path: Path) -> None:
    (tmp_path / "clouds.yaml").write_text(
        "clouds:\n  known:\n    auth_type: none\n    baremetal_endpoint_override: http://127.0.0.1:1\n"
    )
    kept = {key: value for key, value in os.environ.items() if not key.startswith(("CORRAL_", "OS_"))}
    environment = {**kept, "CORRAL_DATA_DIR": str(tmp_path), "OS_CLIENT_CONFIG_FILE": str(tmp_path / "clouds.yaml")}
    for arguments in (["--cloud", "lost"], ["--cloud", "known", "--network-cloud", "lost"]):
        done = subprocess.run(
            [str(CORRAL), "serve", "--port", str(free_port()), *arguments],
            env=environment, capture_output=True, text=True, timeout=60, cwd=tmp_path,
        )  # fmt: skip
        assert done.returncode == 2, done.stderr
        assert f"Source {arguments[1]}" in done.stderr
        assert "'lost'" in done.stderr
        assert "clouds.yaml" in done.stderr
        assert "Traceback" not in done.stderr


def test_local_tokens_open_and_revoked_ones_do_not(tmp_path: Path) -> None:
    served = Served(tmp_path, CORRAL_IDENTITY__TOKENS="true")
    try:
        made = served.run("token", "create", "ops", "--role", "admin")
        assert made.returncode == 0, made.stderr
        secret = made.stdout.strip()
        assert served.run("source", "list").returncode == 6
        assert served.run("source", "list", CORRAL_TOKEN=secret).returncode == 0
        listed = served.run("token", "list")
        assert secret not in listed.stdout
        uuid = listed.stdout.split()[0]
        assert served.run("token", "revoke", uuid).returncode == 0
        assert served.run("source", "list", CORRAL_TOKEN=secret).returncode == 6
        reader = served.run("token", "create", "looks", "--role", "reader").stdout.strip()
        assert served.run("adoptable", "list", CORRAL_TOKEN=reader).returncode == 6
    finally:
        served.stop()
