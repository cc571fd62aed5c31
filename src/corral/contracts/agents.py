"""What Corral asks of a node's agent: to run a command there. Errors as in `contracts.sources`."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Protocol


@dataclass(frozen=True, slots=True)
class AgentAddress:
    """Where a node's agent listens. `host_key`: its public key as in OpenSSH's known_hosts (`ssh-ed25519 AAAA…`); nothing is sent
    to a host that shows another one."""

    host: str
    host_key: str
    port: int = 22
    user: str = "root"


@dataclass(frozen=True, slots=True)
class Command:
    """What to run. `argv`: without a shell's interpretation. `files`: path on the node → content, written before, for the user
    alone to read. `timeout` in seconds. `success`: exit codes that mean success."""

    argv: tuple[str, ...]
    files: Mapping[str, str] = field(default_factory=dict)
    timeout: float = 3600.0
    success: tuple[int, ...] = (0,)


class RunsCommands(Protocol):
    """Runs commands on nodes."""

    def run(
        self, address: AgentAddress, command: Command, told: Callable[[str], None], check: Callable[[], None]
    ) -> int:
        """Write the command's files, then run it, wait for its end, and return its exit code, one of those of success.

        `told` gets each line that it writes, as it comes. `check` is called about every second: what it raises stops the command,
        and is raised again. Raises Unreachable when nothing was started; Conflict when the host key is another one; DriverFailed
        for another exit code, or when its time is over; OutcomeUnknown when the connection broke after the start."""
