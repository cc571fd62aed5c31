"""Ports on loopback for processes that tests start."""

from __future__ import annotations

from lab import ports


def free_port() -> int:
    """A port on which nothing listens. It lies below the kernel's ephemeral ones: until the process has bound it, or binds it
    again after it was killed, nobody's connection sits down there."""
    return ports.choose(["a process of a test"])["a process of a test"]
