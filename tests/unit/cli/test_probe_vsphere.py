"""`corral probe vsphere`: what it wants to know before it asks anybody."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

LOGIN = ("probe", "vsphere", "--host", "127.0.0.1", "--port", "1", "--user", "reader")


@pytest.fixture(autouse=True)
def no_password(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CORRAL_VSPHERE_PASSWORD", "")


def test_without_a_password_it_says_where_one_may_come_from(run: Any) -> None:
    done = run(*LOGIN, interactive=False)
    assert done.exit_code == 2
    assert "--password-file FILE" in done.stderr
    assert "CORRAL_VSPHERE_PASSWORD" in done.stderr


def test_at_a_terminal_the_password_is_asked_for_and_not_shown(run: Any) -> None:
    done = run(*LOGIN, answer="secret-word\n")
    assert done.exit_code == 5
    assert "Password of reader at 127.0.0.1" in done.stderr
    assert "secret-word" not in done.output


def test_a_password_is_no_option_of_the_command_line(run: Any) -> None:
    assert run(*LOGIN, "--password", "secret").exit_code == 2


def test_a_password_of_the_environment_is_taken(run: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CORRAL_VSPHERE_PASSWORD", "secret-word")
    done = run(*LOGIN)
    assert done.exit_code == 5
    assert "can't be reached: Connection refused" in done.stderr
    assert "secret-word" not in done.output


@pytest.mark.parametrize(
    ("more", "because"),
    [
        (("--ca-file", "/nowhere/ca.pem"), "is no file"),
        (("--thumbprint", "AB:CD"), "SHA-256"),
        (("--timeout", "0"), "must be a number"),
    ],
)
def test_what_can_t_be_meant_is_refused(run: Any, tmp_path: Path, more: tuple[str, ...], because: str) -> None:
    secret = tmp_path / "password"
    secret.write_text("secret-word\n")
    done = run(*LOGIN, "--password-file", str(secret), *more)
    assert done.exit_code == 2
    assert because in done.stderr


def test_an_empty_password_file_is_said(run: Any, tmp_path: Path) -> None:
    (tmp_path / "password").touch()
    done = run(*LOGIN, "--password-file", str(tmp_path / "password"))
    assert done.exit_code == 2
    assert "There is no password in" in done.stderr
