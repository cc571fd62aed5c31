"""One command on one node over SSH, from the file that it reads to its exit code.

The law: the host's key is known, or nothing is sent. The command is started at most once by a call; when the connection is lost
after that, its outcome is unknown, and the caller looks at the node before anything else. Cancelling and running out of time
end the command on the node too.

Rule: asyncssh stays in here; callers are threads of the engine.
"""

from __future__ import annotations

import asyncio
import contextlib
import shlex
import time
from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import asyncssh

from corral.contracts.agents import Command
from corral.domain.errors import Conflict, DriverFailed, Invalid, OutcomeUnknown, Unreachable
from corral.drivers.agent.lines import Lines

STOP = "stop\n"
_WATCHED = """
exec 3<&0
$(command -v setsid) "$@" </dev/null 2>&1 3<&- &
child=$!
end() { kill -$1 -$child || kill -$1 $child; }
(read -r word <&3 && { end TERM; sleep 10; end KILL; }) >/dev/null 2>&1 &
watch=$!
exec 3<&-
wait $child
code=$?
kill $watch 2>/dev/null
exit $code
"""
"""Runs its arguments, both streams as one, and ends them, with all that they started, at a word on its standard input. SSH's own
signals do not do: OpenSSH refuses them for root. A connection that is lost is no such word: an agent is not cut off in its work."""

PIECE = 8192
"""Characters that are read at once."""
BEAT = 1.0
"""Seconds between two questions whether to go on."""
GRACE = 15.0
"""Seconds that a command gets to end after it was told to."""


@dataclass(frozen=True, slots=True)
class Login:
    """How to reach a node. `known_hosts`: a file as OpenSSH has it, in which the node's key must be. `keys`: files with private
    keys, tried in order. Nothing of the user's own SSH settings is read."""

    host: str
    known_hosts: Path
    keys: tuple[Path, ...]
    port: int = 22
    user: str = "root"
    connect_timeout: float = 30.0


def run(
    login: Login,
    command: Command,
    tell: Callable[[str], None] = lambda _line: None,
    check: Callable[[], None] = lambda: None,
) -> int:
    """Run the command and return its exit code, one of `success`.

    `tell` gets each line of its output (both streams, as they come) while it runs. `check` is asked about every second and
    stops the command by raising; what it raised is raised again, once the command has ended.

    Raises:
        Unreachable: no connection; nothing was done.
        Conflict: the host's key is unknown or has changed; nothing was sent (code `host-key`).
        Invalid: the key files can't be read.
        DriverFailed: the login was refused, or the command failed or ran out of time and was ended; with its last lines.
        OutcomeUnknown: the command was started, and the connection was lost.
    """
    return asyncio.run(_run(login, command, Lines(tell), check))


async def _run(login: Login, command: Command, lines: Lines, check: Callable[[], None]) -> int:
    async with _connected(login) as connection:
        for path, content in command.files.items():
            check()
            await _put(connection, path, content, login.connect_timeout)
        check()
        try:
            return await _carry_out(connection, command, lines, check)
        except (asyncssh.Error, OSError) as exc:
            name = command.argv[0]
            raise OutcomeUnknown(
                f"The connection to {login.host} was lost while {name} ran: {exc}.",
                fix=f"Look on the node whether {name} still runs, and what it did, before you start it again.",
            ) from exc


@contextlib.asynccontextmanager
async def _connected(login: Login) -> AsyncIterator[asyncssh.SSHClientConnection]:
    connection = await _connect(login)
    try:
        yield connection
    finally:
        connection.abort()


async def _connect(login: Login) -> asyncssh.SSHClientConnection:
    where = f"{login.host} port {login.port}"
    options: dict[str, Any] = {
        "known_hosts": str(login.known_hosts),
        "client_keys": [str(key) for key in login.keys],
        "preferred_auth": "publickey",
        "agent_path": None,
        "config": None,
        "connect_timeout": login.connect_timeout,
        "login_timeout": login.connect_timeout,
        "keepalive_interval": 15,
    }
    try:
        return await asyncssh.connect(login.host, login.port, username=login.user, **options)
    except asyncssh.HostKeyNotVerifiable as exc:
        raise Conflict(
            f"The SSH host key of {where} is not the one that is known: {exc.reason}. Nothing was sent.",
            fix=f"Make sure which machine answers there, then put its key into {login.known_hosts}.",
            code="host-key",
        ) from exc
    except asyncssh.PermissionDenied as exc:
        message = f"{where} does not let {login.user} in with the keys that were given."
        raise DriverFailed(message, fix="Put the public key onto the node.", code="ssh-login") from exc
    except (asyncssh.KeyImportError, asyncssh.KeyEncryptionError, FileNotFoundError, PermissionError) as exc:
        raise Invalid(f"A key file for {where} can't be used: {exc}.", fix="Name files that can be read.") from exc
    except (asyncssh.Error, OSError, TimeoutError) as exc:
        message = f"No SSH connection to {where}: {str(exc) or 'no answer in time'}."
        raise Unreachable(message, fix="See that the node has booted its agent, and that SSH answers there.") from exc


async def _put(connection: asyncssh.SSHClientConnection, path: str, content: str, timeout: float) -> None:
    """Write a file whole or not at all; small boot images have no SFTP."""
    fresh = shlex.quote(f"{path}.new")
    command = f"umask 077 && cat > {fresh} && mv -f {fresh} {shlex.quote(path)}"
    try:
        done = await connection.run(command, input=content, timeout=timeout)
    except (asyncssh.Error, OSError, TimeoutError) as exc:
        raise Unreachable(f"{path} could not be written: {exc}. Nothing was started.", fix="Try again.") from exc
    if done.exit_status != 0:
        told = str(done.stderr or "").strip()[:200]
        raise DriverFailed(f"{path} could not be written: {told}", fix="See that the folder is there and has room.")


async def _carry_out(
    connection: asyncssh.SSHClientConnection, command: Command, lines: Lines, check: Callable[[], None]
) -> int:
    line = shlex.join(("sh", "-c", _WATCHED, "corral", *command.argv))
    process = await connection.create_process(line, stderr=asyncssh.STDOUT, errors="replace")
    listening = asyncio.ensure_future(_listen(process, lines))
    deadline = time.monotonic() + command.timeout
    try:
        while not listening.done():
            await asyncio.wait({listening}, timeout=min(BEAT, max(0.0, deadline - time.monotonic())))
            check()
            if not listening.done() and time.monotonic() >= deadline:
                raise _out_of_time(command, lines)
    except BaseException:  # a cancelled operation is no Exception, and its command must end like any other
        await _end(process, listening)
        raise
    await listening
    await process.wait()
    lines.end()
    return _judged(process.exit_status, command, lines)


async def _listen(process: asyncssh.SSHClientProcess[str], lines: Lines) -> None:
    while piece := await process.stdout.read(PIECE):
        lines.feed(piece)


async def _end(process: asyncssh.SSHClientProcess[str], listening: asyncio.Future[None]) -> None:
    """Have the command end; the node itself insists after ten seconds."""
    with contextlib.suppress(asyncssh.Error, OSError):
        process.stdin.write(STOP)
        await asyncio.wait({listening}, timeout=GRACE)
    listening.cancel()
    with contextlib.suppress(asyncio.CancelledError, asyncssh.Error, OSError):
        await listening


def _judged(status: int | None, command: Command, lines: Lines) -> int:
    name = command.argv[0]
    if status is None or status < 0:
        raise OutcomeUnknown(f"{name} ended, and the node did not say how.", fix="Look on the node what it did.")
    if status in command.success:
        return status
    if status - 128 in _SIGNALS:
        raise DriverFailed(
            f"{name} was ended by signal {status - 128}. {_said(lines)}", fix="Look at the node's log.", code="signal"
        )
    if status == 127:
        raise DriverFailed(
            f"The node has no command {name}.", fix="Boot the node with an image that has the agent.", code="no-agent"
        )
    raise DriverFailed(
        f"{name} failed with exit code {status}. {_said(lines)}",
        fix="Look at the operation's output for the cause; the node's disks may be half done.",
        code="agent-failed",
    )


_SIGNALS = range(1, 32)  # as shells tell them: 128 and the number


def _out_of_time(command: Command, lines: Lines) -> DriverFailed:
    return DriverFailed(
        f"{command.argv[0]} did not end within {command.timeout:g} s, and was ended. {_said(lines)}",
        fix="Look at the node: its disks may be half done. Give it more time if it was only slow.",
        code="timed-out",
    )


def _said(lines: Lines) -> str:
    return f"It said last: {' | '.join(lines.last)[-1000:]}" if lines.last else "It said nothing."
