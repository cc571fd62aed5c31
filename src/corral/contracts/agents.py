"""What Corral asks of a node's agent: to run a command there. Errors as in `contracts.sources`."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Protocol


@dataclass(frozen=True, slots=True)
class AgentAddress:
    """Where a node's agent listens. `host_key`: its public key as in OpenSSH's known_hosts (`ssh-ed25519 AAAA…`); nothing is sent
    to a host that shows another one."""

    host: str
    host_key: str
    port: int = 22
    user: str = "root"


class RunsCommands(Protocol):
    """Runs commands on nodes."""

    def run(
        self,
        address: AgentAddress,
        command: Sequence[str],
        files: Mapping[str, str],
        *,
        timeout: float,
        success: Sequence[int],
        told: Callable[[str], None],
        check: Callable[[], None],
    ) -> int:
        """Write `files` (path → content, readable for their owner only), then run `command` (argv, no shell), wait for its end, and
        return its exit code, one of `success`.

        `told` gets each line that it writes, as it comes. `check` is called about every second: what it raises stops the command,
        and is raised again. Raises Unreachable when nothing was started; Conflict when the host key is another one; DriverFailed
        for another exit code, or when `timeout` seconds passed; OutcomeUnknown when the connection broke after the start."""
