"""The provisioning command over a real sshd: output, exit codes, time limit, cancelling, host keys."""

from __future__ import annotations

import json
import os
import threading
import time
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from corral.contracts.agents import AgentAddress
from corral.domain.cluster import Node
from corral.domain.errors import Conflict, DriverFailed, Invalid, OutcomeUnknown, Unreachable
from corral.drivers.agent import Command, run
from corral.drivers.agent.agents import Agents
from corral.extensions.bareon.task import task
from corral.layouts.writers.nailgun_simple import BAREON
from tests.e2e.support.debian import Tools
from tests.e2e.support.sshd import Sshd

pytestmark = [pytest.mark.lab, pytest.mark.timeout(900)]


@pytest.fixture(scope="module")
def sshd(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Sshd]:
    served = Sshd(Tools(), tmp_path_factory.mktemp("sshd"))
    yield served
    served.stop()


class Cancelled(BaseException):
    """What a cancelled operation raises: not an Exception."""


def gone(path: Path) -> bool:
    """The process whose id is in the file has ended."""
    pid = int(path.read_text())
    for _ in range(50):
        if not Path(f"/proc/{pid}").exists():
            return True
        time.sleep(0.1)
    return False


def test_the_agent_gets_its_data_for_itself_alone_and_its_lines_come_as_they_are_said(sshd: Sshd) -> None:
    if os.geteuid() != 0:
        pytest.skip("the data file is in /run, which is root's")
    sshd.command("bareon-provision", 'echo "$@"; stat -c %a "$4"; sleep 1; echo problem >&2; cat "$4"; printf done')
    heard: list[tuple[float, str]] = []

    node = Node("7", "node-1; rm -rf '$HOME'", "default")
    data = {"partitioning": {"parteds": [{}]}, "ks_meta": {"image_data": {"/": {}}}}
    sent = task(node, data, BAREON)
    code = run(sshd.login(), Command(sent.command, sent.files), lambda line: heard.append((time.monotonic(), line)))

    lines = [line for _, line in heard]
    assert code == 0
    assert lines[0] == "--data_driver nailgun_simple --input_data_file /run/corral-provision.json"
    assert lines[1:3] == ["600", "problem"]
    assert json.loads(lines[3].removesuffix("done"))["hostname"] == node.name
    assert heard[2][0] - heard[1][0] > 0.7


def test_arguments_reach_the_command_as_they_are_and_files_are_written_whole(sshd: Sshd, tmp_path: Path) -> None:
    target = tmp_path / "a 'quoted' file"
    heard: list[str] = []

    run(sshd.login(), Command(("printf", "%s\\n", "$HOME `id`", "two\nlines"), {str(target): "ünder\n"}), heard.append)

    assert heard == ["$HOME `id`", "two", "lines"]
    assert target.read_text() == "ünder\n"


def test_what_an_agent_says_can_not_move_the_cursor_nor_fill_the_memory(sshd: Sshd) -> None:
    heard: list[str] = []
    sshd.command("loud", "printf 'a\\033[2Jb\\r\\377c\\n'; head -c 3000000 /dev/zero | tr '\\0' x; echo; echo end")

    run(sshd.login(), Command(("loud",)), heard.append)

    assert heard[0] == "a\N{REPLACEMENT CHARACTER}[2Jb"
    assert "\x1b" not in "".join(heard)
    assert max(map(len, heard)) <= 2000
    assert heard[-1] == "end"


@pytest.mark.parametrize(
    ("script", "code", "said"),
    [
        ("echo half; echo no space >&2; exit 3", "agent-failed", "exit code 3. It said last: half | no space"),
        ("kill -9 $$", "signal", "ended by signal 9"),
    ],
)
def test_a_command_that_fails_is_an_error_with_its_last_words(sshd: Sshd, script: str, code: str, said: str) -> None:
    sshd.command("failing", script)
    with pytest.raises(DriverFailed) as failed:
        run(sshd.login(), Command(("failing",)))
    assert failed.value.code == code
    assert said in failed.value.message


def test_a_code_that_counts_as_success_is_returned(sshd: Sshd) -> None:
    sshd.command("three", "exit 3")
    assert run(sshd.login(), Command(("three",), success=(0, 3))) == 3


def test_a_node_without_the_agent_is_told_apart(sshd: Sshd) -> None:
    with pytest.raises(DriverFailed) as failed:
        run(sshd.login(), Command(("no-such-agent",)))
    assert failed.value.code == "no-agent"


def test_a_command_that_takes_too_long_is_ended_on_the_node(sshd: Sshd, tmp_path: Path) -> None:
    sshd.command("slow", f"echo begun; trap '' TERM; sleep 60 & echo $! > {tmp_path}/pid; wait; wait; sleep 60")
    begun = time.monotonic()
    with pytest.raises(DriverFailed) as failed:
        run(sshd.login(), Command(("slow",), timeout=2))
    assert failed.value.code == "timed-out"
    assert "It said last: begun" in failed.value.message
    assert time.monotonic() - begun < 17
    assert gone(tmp_path / "pid")


def test_cancelling_ends_the_command_on_the_node(sshd: Sshd, tmp_path: Path) -> None:
    sshd.command("endless", f"echo $$ > {tmp_path}/pid; echo begun; exec sleep 60")
    heard = threading.Event()

    def check() -> None:
        if heard.is_set():
            raise Cancelled

    with pytest.raises(Cancelled):
        run(sshd.login(), Command(("endless",)), lambda _line: heard.set(), check)
    assert gone(tmp_path / "pid")


@pytest.mark.parametrize("files", [{}, {"data": ""}], ids=["no-file", "a-file"])
def test_nothing_is_written_or_started_once_the_operation_was_cancelled(
    sshd: Sshd, tmp_path: Path, files: dict[str, str]
) -> None:
    def check() -> None:
        raise Cancelled

    command = Command(
        ("touch", str(tmp_path / "touched")), {str(tmp_path / name): text for name, text in files.items()}
    )
    with pytest.raises(Cancelled):
        run(sshd.login(), command, check=check)
    assert list(tmp_path.iterdir()) == []


def test_a_flows_agents_reach_a_node_by_the_host_key_of_its_record(sshd: Sshd) -> None:
    key = (sshd.home / "host.pub").read_text().strip()
    agents, heard = Agents([sshd.home / "login"]), []
    address = AgentAddress("127.0.0.1", key, sshd.port, sshd.login().user)
    command = Command(("echo", "hello"), timeout=10)

    assert agents.run(address, command, heard.append, lambda: None) == 0
    assert heard == ["hello"]

    stranger = (sshd.home / "stranger.pub").read_text().strip()
    with pytest.raises(Conflict):
        agents.run(replace(address, host_key=stranger), command, heard.append, lambda: None)


@pytest.mark.parametrize("known", ["", "stranger"], ids=["unknown", "changed"])
def test_a_host_whose_key_is_unknown_or_has_changed_gets_nothing(sshd: Sshd, tmp_path: Path, known: str) -> None:
    command = Command(("touch", str(tmp_path / "touched")), {str(tmp_path / "data"): "secret"})
    with pytest.raises(Conflict) as refused:
        run(sshd.login(known), command)
    assert refused.value.code == "host-key"
    assert list(tmp_path.iterdir()) == []


def test_a_key_that_the_node_does_not_take_is_told(sshd: Sshd) -> None:
    with pytest.raises(DriverFailed) as failed:
        run(sshd.login(key="stranger"), Command(("true",)))
    assert failed.value.code == "ssh-login"


def test_a_key_file_that_is_not_there_is_our_mistake(sshd: Sshd, tmp_path: Path) -> None:
    with pytest.raises(Invalid, match="missing"):
        run(replace(sshd.login(), keys=(tmp_path / "missing",)), Command(("true",)))


def test_a_node_that_does_not_answer_is_unreachable(sshd: Sshd) -> None:
    with pytest.raises(Unreachable):
        run(replace(sshd.login(), port=9), Command(("true",)))


def test_a_connection_that_breaks_leaves_the_outcome_unknown(sshd: Sshd) -> None:
    # The shell's parent is the one that watches it, whose parent is the session's own sshd.
    sshd.command("breaking", "echo begun; sleep 1; kill -9 $(cut -d' ' -f4 /proc/$PPID/stat); sleep 1")
    heard: list[str] = []
    with pytest.raises(OutcomeUnknown) as lost:
        run(sshd.login(), Command(("breaking",)), heard.append)
    assert "The connection to 127.0.0.1 was lost while breaking ran" in lost.value.message
    assert heard == ["begun"]
