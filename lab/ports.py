"""Loopback ports of the lab's services.

Role: choose free ports at the first start and remember them. Keystone's catalog holds the URLs, so the ports must stay
the same for as long as the lab's data does; `reset` forgets both.
"""

from __future__ import annotations

import random
import socket
from collections.abc import Callable, Iterable
from pathlib import Path

from lab.errors import LabError
from lab.places import read_json, write_json

HOST = "127.0.0.1"
# Below the kernel's range of ephemeral ports (32768 and up): otherwise somebody's outgoing connection could sit on a
# remembered port while the lab is stopped.
FIRST, LAST = 18000, 29000


def is_free(port: int) -> bool:
    """True when nothing listens on the port and it can be bound now."""
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((HOST, port))
        except OSError:
            return False
        return True


def choose(names: Iterable[str], free: Callable[[int], bool] = is_free, start: int | None = None) -> dict[str, int]:
    """A distinct free port for each name. The search begins at a random place, so that two labs rarely collide."""
    span = LAST - FIRST
    offset = (random.randrange(span) if start is None else start - FIRST) % span
    candidates = (FIRST + (offset + step) % span for step in range(span))
    found = (port for port in candidates if free(port))
    chosen = dict(zip(names, found, strict=False))
    missing = [name for name in names if name not in chosen]
    if missing:
        raise LabError(
            f"no free port between {FIRST} and {LAST} for {', '.join(missing)}", "stop what listens there: ss -ltn"
        )
    return chosen


def remembered(path: Path, names: Iterable[str], free: Callable[[int], bool] = is_free) -> dict[str, int]:
    """The ports in the file; names that it lacks get a new one, and the file is written."""
    ports = {name: int(port) for name, port in read_json(path).items()}
    missing = [name for name in names if name not in ports]
    if missing:
        taken = set(ports.values())
        ports |= choose(missing, lambda port: port not in taken and free(port))
        write_json(path, ports)
    return ports
