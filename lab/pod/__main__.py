"""`python -m lab.pod`: one pod on loopback. Its first line says where it is; it ends after `--seconds`, or with its parent."""

from __future__ import annotations

import argparse
import asyncio
import json
import os
import socket
import sys
from pathlib import Path

import uvicorn

from lab.pod.access import Access
from lab.pod.app import application
from lab.pod.control import Control
from lab.pod.events import Events
from lab.pod.routes import Routes
from lab.pod.state import Pod
from lab.pod.stock import machines, read
from lab.pod.tls import certificate


def main() -> int:
    given = _arguments()
    bound = socket.create_server(("127.0.0.1", given.port))
    port = bound.getsockname()[1]
    pod, events = Pod(read(given.stock) if given.stock else machines(given.machines)), Events()
    pod.told = events.tell
    access = Access(given.username, os.environ.get("POD_PASSWORD", "pod-password"))
    app = application(Routes(pod, access, events), Control(pod, access, events))
    settings = uvicorn.Config(app, log_level="warning", timeout_graceful_shutdown=1)
    if given.certificates:
        settings.ssl_certfile, settings.ssl_keyfile = map(str, certificate(given.certificates))
    scheme = "https" if given.certificates else "http"
    print(json.dumps({"url": f"{scheme}://127.0.0.1:{port}", "ca": settings.ssl_certfile}), flush=True)
    asyncio.run(_serve(uvicorn.Server(settings), bound, given.seconds))
    return 0


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m lab.pod", description=__doc__)
    parser.add_argument("--port", type=int, default=0, help="0: any free one")
    parser.add_argument("--machines", type=int, default=10, help="blocks for so many machines")
    parser.add_argument("--stock", type=Path, help="a file with the hardware instead, see lab.pod.stock")
    parser.add_argument("--username", default="pod", help="the password is POD_PASSWORD, or pod-password")
    parser.add_argument("--certificates", type=Path, help="a directory for its certificate; without it, plain HTTP")
    parser.add_argument("--seconds", type=float, default=600, help="when it ends by itself")
    return parser.parse_args()


async def _serve(server: uvicorn.Server, bound: socket.socket, seconds: float) -> None:
    parent, end = os.getppid(), asyncio.get_running_loop().time() + seconds
    serving = asyncio.ensure_future(server.serve([bound]))
    while not serving.done():
        await asyncio.wait([serving], timeout=0.5)
        # Never taken back: a signal may have set it meanwhile.
        server.should_exit |= os.getppid() != parent or asyncio.get_running_loop().time() > end
    await serving


if __name__ == "__main__":
    sys.exit(main())
