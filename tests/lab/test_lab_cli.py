"""The command line: what it prints, and its exit codes."""

import pytest

from lab import cli


@pytest.fixture(autouse=True)
def own_lab(places, monkeypatch):
    monkeypatch.setenv("CORRAL_LAB_DIR", str(places.root))
    monkeypatch.delenv("CORRAL_LAB_VENV", raising=False)
    monkeypatch.delenv("LAB_DB", raising=False)


def test_help_names_every_command_and_variable(capsys):
    with pytest.raises(SystemExit) as left:
        cli.main(["--help"])
    told = capsys.readouterr().out
    assert left.value.code == 0
    assert all(name in told for name in (*cli.COMMANDS, "CORRAL_LAB_DIR", "CORRAL_LAB_VENV", "LAB_DB"))


def test_an_unknown_command_is_wrong_usage(capsys):
    with pytest.raises(SystemExit) as left:
        cli.main(["explode"])
    assert left.value.code == 2
    assert "explode" in capsys.readouterr().err


def test_env_prints_an_export_line(places, capsys):
    assert cli.main(["env"]) == 0
    assert capsys.readouterr().out == f"export OS_CLIENT_CONFIG_FILE={places.clouds}\n"


def test_the_status_of_a_lab_that_never_started_is_a_failure(capsys):
    assert cli.main(["status"]) == 1
    assert "python -m lab up" in capsys.readouterr().out


@pytest.mark.parametrize(
    ("argv", "hint"),
    [
        (["start"], "python -m lab install"),
        (["seed"], "python -m lab start"),
        (["nodes", "--count", "3"], "python -m lab start"),
    ],
)
def test_a_command_that_comes_too_early_says_what_to_do(argv, hint, capsys):
    assert cli.main(argv) == 1
    assert hint in capsys.readouterr().err


def test_stop_and_reset_of_an_empty_lab_succeed(places):
    assert cli.main(["stop"]) == 0
    assert cli.main(["reset"]) == 0
    assert not places.data.exists()
