"""`corral token`: who makes and who revokes a token is in the audit trail, without the token."""

from __future__ import annotations

import getpass
from datetime import UTC, datetime
from pathlib import Path

import pytest
import sqlalchemy as sa
from typer.testing import CliRunner, Result

from corral.cli.main import app
from corral.store import Audit, AuditEntry
from corral.store.audit import AuditFilter


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("CORRAL_DATA_DIR", str(tmp_path))
    monkeypatch.chdir(tmp_path)
    return tmp_path


def token(*words: str) -> Result:
    return CliRunner().invoke(app, ["token", *words])


def trail(home: Path) -> list[AuditEntry]:
    """All entries, the oldest first."""
    sql = sa.create_engine(f"sqlite:///{home / 'corral.db'}")
    entries = Audit(sql, lambda: datetime.now(UTC)).page(AuditFilter(), limit=100)
    sql.dispose()
    return entries[::-1]


def test_who_made_a_token_and_who_revoked_it_is_in_the_trail(home: Path) -> None:
    made = token("create", "ops", "--role", "admin", "--project", "blue", "--days", "2")
    assert made.exit_code == 0, made.output
    uuid = token("list").stdout.split()[0]
    assert token("revoke", uuid).exit_code == 0
    created, revoked = trail(home)
    assert [(one.action, one.outcome, one.subject) for one in (created, revoked)] == [
        ("token:create", "done", uuid),
        ("token:revoke", "done", uuid),
    ]
    assert {created.user, revoked.user} == {f"local:{getpass.getuser()}"}
    assert (created.detail["name"], created.detail["role"], created.detail["project"]) == ("ops", "admin", "blue")
    assert created.detail["expires_at"]
    secret = made.stdout.split()[0]
    assert secret not in repr(trail(home))


def test_what_was_not_done_leaves_no_entry(home: Path) -> None:
    assert token("create", "ops").exit_code == 0
    assert token("create", "ops").exit_code == 4
    assert token("revoke", "00000000-0000-4000-8000-000000000001").exit_code == 3
    assert [one.action for one in trail(home)] == ["token:create"]
    assert len(token("list").stdout.splitlines()) == 1
