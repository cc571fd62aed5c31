"""The trail itself: nothing without its entry, and one result for each operation."""

from __future__ import annotations

from dataclasses import replace

import pytest
import sqlalchemy as sa

from corral.engine import Operation, State
from corral.engine.tables import operations
from corral.store import Audit, AuditEntry, Flavors
from corral.store.audit import AuditFilter

UUID = "00000000-0000-4000-8000-000000000001"
OTHER = "00000000-0000-4000-8000-000000000002"


@pytest.fixture
def audit(sql: sa.Engine, clock) -> Audit:
    return Audit(sql, clock)


def operation(sql: sa.Engine, clock, error: dict | None = None) -> Operation:
    row = {
        "uuid": UUID, "kind": "manage", "flow_version": 1, "state": State.REVERTED, "params": {"request_id": "req-1"},
        "created_at": clock(), "progress": 0.0, "cancel_requested": False, "error": error, "subject": OTHER,
    }  # fmt: skip
    with sql.begin() as conn:
        conn.execute(sa.insert(operations).values(row))
    fields = {key: value for key, value in row.items() if key in Operation.__dataclass_fields__}
    return Operation(**fields)


def results(audit: Audit) -> list[AuditEntry]:
    return [one for one in audit.page(AuditFilter(operation=UUID), limit=10) if one.outcome != "accepted"]


def test_a_change_that_fails_leaves_no_entry(sql: sa.Engine, audit: Audit) -> None:
    with pytest.raises(ZeroDivisionError), audit.recording(AuditEntry("flavor:create", "done")):
        1 / 0  # noqa: B018
    assert audit.page(AuditFilter(), limit=10) == []


def test_an_operation_that_ends_without_a_result_gets_one_from_its_record(sql: sa.Engine, audit: Audit, clock) -> None:
    ended = operation(sql, clock, {"code": "refused", "reasons": [{"code": "maintenance"}, {"code": "no-nics"}]})
    with sql.begin() as conn:
        audit.ended(conn, ended)
    (entry,) = results(audit)
    assert (entry.action, entry.outcome, entry.subject, entry.request_id) == (
        "server:manage",
        "reverted",
        OTHER,
        "req-1",
    )
    assert (entry.code, entry.reasons) == ("refused", ("maintenance", "no-nics"))


def test_a_result_that_a_repeated_step_tells_again_is_kept_once(sql: sa.Engine, audit: Audit, clock) -> None:
    ended = operation(sql, clock)
    accepted = AuditEntry("server:manage", "accepted", operation=UUID, subject=OTHER)
    audit.add(accepted)
    for _ in range(2):
        audit.add(replace(accepted, outcome="reverted", detail={"machine": "m-1"}))
    with sql.begin() as conn:
        audit.ended(conn, ended)
    (entry,) = results(audit)
    assert (entry.outcome, entry.machine) == ("reverted", "m-1")


def test_refusals_about_an_operation_are_not_its_result(sql: sa.Engine, audit: Audit, clock) -> None:
    ended = operation(sql, clock)
    audit.add(AuditEntry("operation:cancel", "refused", operation=UUID, code="conflict"))
    with sql.begin() as conn:
        audit.ended(conn, ended)
    assert [one.outcome for one in results(audit)] == ["reverted", "refused"]


def test_of_a_page_within_a_project_strangers_refusals_are_left_out(audit: Audit) -> None:
    for project in ("p1", "p2"):
        for outcome in ("refused", "done"):
            audit.add(AuditEntry("server:update", outcome, project=project, subject=UUID))
    found = audit.page(AuditFilter(subject=UUID, within="p1"), limit=10)
    assert [(one.project, one.outcome) for one in found] == [("p2", "done"), ("p1", "done"), ("p1", "refused")]


def test_a_name_that_is_taken_leaves_neither_flavor_nor_entry(sql: sa.Engine, audit: Audit, clock) -> None:
    from corral.domain.errors import Conflict
    from corral.domain.server import Flavor

    flavors = Flavors(sql, clock)
    for uuid, fails in ((UUID, False), (OTHER, True)):
        try:
            with audit.recording(AuditEntry("flavor:create", "done", subject=uuid)) as conn:
                flavors.add(conn, Flavor(uuid=uuid, name="gold"))
        except Conflict:
            assert fails
    assert [one.subject for one in audit.page(AuditFilter(), limit=10)] == [UUID]
    assert [one.uuid for one in flavors.all()] == [UUID]
