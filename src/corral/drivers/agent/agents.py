"""Commands on nodes whose host key the record has: `contracts.agents.RunsCommands` over SSH."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path
from tempfile import TemporaryDirectory

from corral.contracts.agents import AgentAddress, Command
from corral.domain.errors import Invalid
from corral.drivers.agent.ssh import Login, run


class Agents:
    """`keys`: files with private keys that let Corral in."""

    def __init__(self, keys: Sequence[Path]) -> None:
        self._keys = tuple(keys)

    def run(
        self, address: AgentAddress, command: Command, told: Callable[[str], None], check: Callable[[], None]
    ) -> int:
        """As the contract says. Raises Invalid when no key was given."""
        if not self._keys:
            raise Invalid("No SSH key is configured.", fix="Set `extensions.ssh_keys` in the settings.")
        with TemporaryDirectory(prefix="corral-agent-") as folder:
            known = Path(folder) / "known_hosts"
            known.write_text(f"{_pattern(address)} {_checked(address.host_key)}\n")
            login = Login(address.host, known, self._keys, address.port, address.user)
            return run(login, command, told, check)


def _pattern(address: AgentAddress) -> str:
    return address.host if address.port == 22 else f"[{address.host}]:{address.port}"


def _checked(key: str) -> str:
    """One key, as OpenSSH writes it: nothing that would make a second line, or a pattern, of it."""
    parts = key.split()
    if len(key.splitlines()) != 1 or len(parts) not in (2, 3) or not parts[0].startswith(("ssh-", "ecdsa-", "sk-")):
        raise Invalid(
            "The host key is none.", fix="Give it as `ssh-keyscan` prints it, without the host: `ssh-ed25519 AAAA…`."
        )
    return " ".join(parts[:2])
