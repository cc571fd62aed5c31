"""Make the database of a release whose process was killed in the middle of its operations, and the world as it was then.

    git archive RELEASE src | tar x -C /tmp/release
    python tests/upgrade/produce.py --src /tmp/release/src --name RELEASE

Needs today's environment: the release's own code runs in a process of its own (`former_release.py`), against today's world in
memory over HTTP. Each of its machines is held at another act, before or after it; then the process is killed.
"""

from __future__ import annotations

import argparse
import json
import os
import re
import signal
import sqlite3
import subprocess
import sys
import tempfile
import threading
import time
from pathlib import Path
from typing import Any

from former_world import FAILING, MANAGED, UNMANAGED, WAITING, everything, free, number_of

from corral.cloud.answers import Answer
from corral.drivers.memory.api import Refusal, route
from corral.drivers.memory.http import WorldServer

HERE = Path(__file__).parent
DATA = HERE / "data"
LOGIN: dict[str, Any] = {
    "auth_type": "v3password",
    "auth": {"username": "corral", "password": "x", "user_domain_id": "default", "system_scope": "all"},
}
"""The first releases can't do without."""


class Held:
    """Counts each machine's acts, and lets the one that is wanted never come back."""

    def __init__(self) -> None:
        self.acts: dict[int, int] = {}
        self.held: set[int] = set()
        self.armed = False
        self.lock = threading.Lock()

    def __call__(self, number: int, moment: str) -> None:
        with self.lock:
            if not self.armed or number == WAITING:
                return
            if moment == "before":
                self.acts[number] = self.acts.get(number, 0) + 1
            wanted = self._wanted(number)
            if (self.acts.get(number, 0), moment) != wanted:
                return
            self.held.add(number)
        threading.Event().wait()

    @staticmethod
    def _wanted(number: int) -> tuple[int, str]:
        group = next(group for group in (MANAGED, UNMANAGED, FAILING) if number in group)
        # The failing ones fail at their sixth act or so; what counts for them is how they are undone.
        nth = number - group[0] + (8 if group is FAILING else 1)
        return nth, "after" if nth % 2 else "before"


def serve(world: Any, held: Held) -> WorldServer:
    server = WorldServer(world)
    token = {"token": {"methods": ["password"], "expires_at": "2099-01-01T00:00:00.000000Z", "user": {}, "catalog": []}}
    server.services["identity"] = (route("POST", "/v3/auth/tokens", lambda _request: Answer(201, token)),)
    plain: Any = server.RequestHandlerClass

    class Holding(plain):  # type: ignore[misc]
        def end_headers(self) -> None:
            if self.path.startswith("/identity"):
                self.send_header("X-Subject-Token", "token")
            super().end_headers()

        def _answer(self, service: str, target: str, body: Any) -> Any:
            number = number_of(f"{target} {json.dumps(body)}") or of_new_port(world, target)
            if self.command == "GET" or number is None:
                return super()._answer(service, target, body)
            held(number, "before")
            if held.armed and number in FAILING and (self.command, target) == ("POST", "/v2.0/ports"):
                return Refusal(400, "The network is full.").answer
            answer = super()._answer(service, target, body)
            held(number, "after")
            return answer

        do_GET = do_POST = do_PUT = do_PATCH = do_DELETE = plain._serve

    server.handle_error = lambda *_told: None  # type: ignore[method-assign]  # of who was killed
    server.RequestHandlerClass = Holding
    server.start()
    return server


def of_new_port(world: Any, target: str) -> int | None:
    """The machine of a port that was made for it."""
    made = world.ports.get(target.rpartition("/")[2])
    return int(made.mac.split(":")[4], 16) if made else None


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--src", type=Path, required=True)
    parser.add_argument("--name", required=True)
    wanted = parser.parse_args()
    world, held = free(WAITING), Held()
    server = serve(world, held)
    with tempfile.TemporaryDirectory() as place:
        folder = Path(place)
        clouds = server.clouds("memory")
        clouds["clouds"]["memory"] |= LOGIN | {
            "auth": LOGIN["auth"] | {"auth_url": f"http://127.0.0.1:{server.port}/identity"}
        }
        (folder / "clouds.yaml").write_text(json.dumps(clouds))
        environment = {**os.environ, "OS_CLIENT_CONFIG_FILE": str(folder / "clouds.yaml")}
        environment["PYTHONPATH"] = f"{wanted.src}:{HERE}"
        former = subprocess.Popen(
            [sys.executable, str(HERE / "former_release.py"), place], env=environment, stdout=subprocess.PIPE, text=True
        )
        assert former.stdout is not None
        assert former.stdout.readline() == "managed\n"
        held.armed = True
        former.send_signal(signal.SIGUSR1)
        everybody = {*MANAGED, *UNMANAGED, *FAILING}
        # Less than a client waits for an answer. Where a release makes fewer acts, its last machines are done by then.
        end = time.monotonic() + 15
        while held.held != everybody and time.monotonic() < end:
            time.sleep(0.2)
        time.sleep(1.0)
        former.kill()
        former.wait()
        print("never held:", sorted(everybody - held.held), "of", held.acts)
        kept = everything(world)
        dump = sqlite3.connect(folder / "corral.db")
        # TaskFlow keeps tracebacks: where the former release stood is nobody's business.
        written = "\n".join(dump.iterdump())
        text = re.sub(r'File (\\?")[^"\\]*/(?=(taskflow|corral)/)', r"File \1/usr/lib/python3/dist-packages/", written)
        (DATA / f"{wanted.name}.sql").write_text(text + "\n")
    (DATA / f"{wanted.name}.json").write_text(json.dumps(kept, indent=0) + "\n")


if __name__ == "__main__":
    main()
