"""Commands on nodes go to the host whose key the record has, or nowhere; against asyncssh's own server."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import asyncssh
import pytest

from corral.contracts.agents import AgentAddress, Command
from corral.domain.errors import Conflict, DriverFailed, Invalid
from corral.drivers.agent.agents import Agents


class Host:
    """An SSH server in a thread of its own. `heard`: command and input of each session."""

    def __init__(self, folder: Path) -> None:
        self.key, self.login = asyncssh.generate_private_key("ssh-ed25519"), folder / "login"
        keys = asyncssh.generate_private_key("ssh-ed25519")
        keys.write_private_key(str(self.login))
        keys.write_public_key(str(folder / "login.pub"))
        self._allowed = str(folder / "login.pub")
        self.heard: list[tuple[str, str]] = []
        self._ready, self._loop = threading.Event(), asyncio.new_event_loop()
        self._over = asyncio.Event()
        self._thread = threading.Thread(target=self._loop.run_until_complete, args=(self._serve(),), daemon=True)
        self._thread.start()
        assert self._ready.wait(60)

    def address(self, key: str | None = None) -> AgentAddress:
        return AgentAddress("127.0.0.1", key or self.public(self.key), self.port, "root")

    @staticmethod
    def public(key: Any) -> str:
        return key.export_public_key().decode().strip()  # type: ignore[no-any-return]

    def stop(self) -> None:
        self._loop.call_soon_threadsafe(self._over.set)
        self._thread.join(60)
        self._loop.close()

    async def _serve(self) -> None:
        server = await asyncssh.listen(
            "127.0.0.1",
            0,
            server_host_keys=[self.key],
            authorized_client_keys=self._allowed,
            process_factory=self._answer,
        )
        self.port = server.sockets[0].getsockname()[1]
        self._ready.set()
        await self._over.wait()
        server.close()
        await server.wait_closed()

    async def _answer(self, process: Any) -> None:
        command = process.command or ""
        given = await process.stdin.read() if command.startswith("umask") else ""
        self.heard.append((command, given))
        process.stdout.write("" if given else "partitioning sda\n")
        process.exit(3 if "fail" in command else 0)


@pytest.fixture
def host(tmp_path: Path) -> Iterator[Host]:
    made = Host(tmp_path)
    yield made
    made.stop()


def run(
    host: Host,
    address: AgentAddress,
    argv: tuple[str, ...] = ("lay-out", "a b"),
    keys: tuple[Path, ...] | None = None,
    success: tuple[int, ...] = (0,),
) -> tuple[int, list[str]]:
    said: list[str] = []
    command = Command(argv, {"/tmp/in put": "the data"}, 20.0, success)
    return Agents((host.login,) if keys is None else keys).run(address, command, said.append, lambda: None), said


def test_files_are_written_and_then_the_command_is_run_without_a_shell(host: Host) -> None:
    assert run(host, host.address()) == (0, ["partitioning sda"])
    (written, given), (command, _) = host.heard
    assert ("'/tmp/in put'" in written, given) == (True, "the data")
    assert command.endswith("lay-out 'a b'")


def test_another_exit_code_fails_with_what_was_said(host: Host) -> None:
    with pytest.raises(DriverFailed, match=r"exit code 3\. It said last: partitioning sda"):
        run(host, host.address(), ("fail",))
    assert run(host, host.address(), ("fail",), success=(0, 3))[0] == 3


def test_nothing_is_sent_to_a_host_that_shows_another_key(host: Host) -> None:
    other = host.public(asyncssh.generate_private_key("ssh-ed25519"))
    with pytest.raises(Conflict, match="Nothing was sent"):
        run(host, host.address(other))
    assert host.heard == []


@pytest.mark.parametrize("key", ["nonsense", "ssh-ed25519 AAAA\n* ssh-ed25519 BBBB", "* ssh-ed25519 AAAA", ""])
def test_a_key_that_would_mean_more_than_one_host_is_refused(host: Host, key: str) -> None:
    address = AgentAddress("127.0.0.1", key, host.port)
    with pytest.raises(Invalid, match="host key"):
        run(host, address)
    assert host.heard == []


def test_without_a_configured_key_nothing_is_tried(host: Host) -> None:
    with pytest.raises(Invalid, match="No SSH key is configured"):
        run(host, host.address(), keys=())
