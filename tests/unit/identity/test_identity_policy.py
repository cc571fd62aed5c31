"""What callers may do: the default rules, and an operator's file over them."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from corral.domain.errors import Forbidden, Invalid
from corral.identity.actions import ACTIONS, ADMIN, PROJECT_MEMBER
from corral.identity.caller import Caller, Method
from corral.identity.policy import Policy, defaults, describe

DEFAULT = Policy()
NAMES = [action.name for action in ACTIONS]
HERE = {"project_id": "p1"}
LADDER = ("reader", "member", "admin")


def caller(*roles: str, project: str | None = "p1", system: bool = False, **more: Any) -> Caller:
    return Caller("u1", "ann", project, project, frozenset(roles), system, "req-1", Method.KEYSTONE, **more)


def allowed(who: Caller, target: Any = HERE, policy: Policy = DEFAULT) -> set[str]:
    return {name for name in NAMES if policy.allows(who, name, target)}


READ = {
    "corral:server:list",
    "corral:server:show",
    "corral:server:proof",
    "corral:server:audit",
    "corral:operation:list",
    "corral:operation:show",
    "corral:drift:list",
    "corral:drift:show",
    "corral:flavor:list",
    "corral:flavor:show",
    "corral:extension:list",
    "corral:extension:read",
    "corral:cluster:list",
    "corral:cluster:show",
    "corral:node:list",
    "corral:node:show",
}
WRITE = {
    *(f"corral:server:{what}" for what in ("update", "power", "console", "lock", "create", "delete_created")),
    *(f"corral:cluster:{what}" for what in ("create", "update", "delete", "extensions")),
    *(f"corral:node:{what}" for what in ("create", "update", "disks", "reset", "delete")),
    "corral:extension:write",
    "corral:composition:preview",
}


def test_a_reader_reads_a_member_acts_and_an_admin_does_everything() -> None:
    assert allowed(caller("reader")) == READ
    assert allowed(caller("member")) == READ | WRITE
    assert allowed(caller("admin")) == set(NAMES)


def test_other_projects_are_closed_to_all_but_admins() -> None:
    elsewhere = {"project_id": "p2"}
    of_no_project = {"corral:flavor:list", "corral:flavor:show", "corral:extension:list"}
    assert allowed(caller("member"), elsewhere) == of_no_project
    assert allowed(caller("admin"), elsewhere) == set(NAMES)


def test_without_a_target_a_callers_own_project_is_meant() -> None:
    assert allowed(caller("member"), None) == READ | WRITE


def test_a_system_reader_sees_every_project_and_changes_none() -> None:
    sees_all = {f"corral:{kind}:list_all_projects" for kind in ("server", "operation", "cluster", "node", "drift")}
    sees_all |= {"corral:metrics:show", "corral:sync:show"}
    assert allowed(caller("reader", project=None, system=True), {"project_id": "p2"}) == READ | sees_all
    assert allowed(caller("admin", project=None, system=True), {"project_id": "p2"}) == set(NAMES)


def test_no_project_is_not_the_same_project_as_no_project() -> None:
    nobody = caller("member", project=None)
    for target in (None, {}, {"project_id": None}, {"project_id": "None"}):
        assert not DEFAULT.allows(nobody, "corral:server:show", target)


def test_an_admin_of_a_project_that_is_not_the_admin_project_is_only_a_member_there() -> None:
    assert allowed(caller("admin", admin_project=False)) == READ | WRITE


def test_roles_are_told_apart_regardless_of_case_as_keystone_does() -> None:
    assert allowed(caller("Admin")) == set(NAMES)
    assert allowed(caller("administrator", "admin ", "")) == set()


def test_a_refusal_names_the_action_what_it_needs_and_who_asked() -> None:
    with pytest.raises(Forbidden) as caught:
        DEFAULT.check(caller("member"), "corral:server:manage")
    assert caught.value.status == 403
    assert caught.value.message == "corral:server:manage needs the role admin; you are ann (member in project p1)."
    DEFAULT.check(caller("admin"), "corral:server:manage")


def test_an_action_that_is_not_in_the_table_is_nobodys() -> None:
    with pytest.raises(LookupError):
        DEFAULT.allows(caller("admin"), "corral:server:mange")


@given(st.sampled_from(NAMES), st.sampled_from(["p1", "p2", None]), st.booleans(), st.booleans())
def test_a_higher_role_never_may_less_and_a_lower_one_never_more(
    action: str, project: str | None, system: bool, admin_project: bool
) -> None:
    may = [
        DEFAULT.allows(caller(role, system=system, admin_project=admin_project), action, {"project_id": project})
        for role in LADDER
    ]
    assert may == sorted(may)


@given(st.sampled_from(ACTIONS), st.sampled_from(["p1", "p2", None]), st.booleans())
def test_no_role_passes_a_rule_for_a_higher_one(action: Any, project: str | None, system: bool) -> None:
    too_low = {ADMIN: ("reader", "member"), PROJECT_MEMBER: ("reader",)}.get(action.need, ())
    for role in too_low:
        assert not DEFAULT.allows(caller(role, system=system), action.name, {"project_id": project})


@given(st.frozensets(st.text(max_size=12).filter(lambda text: text.lower() not in LADDER)), st.sampled_from(NAMES))
def test_roles_that_corral_does_not_know_open_nothing(roles: frozenset[str], action: str) -> None:
    assert not DEFAULT.allows(caller(*roles, system=True), action, HERE)


def written(path: Path, text: str) -> Policy:
    file = path / "policy.yaml"
    file.write_text(text)
    return Policy(file)


def test_a_policy_file_changes_the_rules_that_it_names_and_no_other(tmp_path: Path) -> None:
    policy = written(tmp_path, 'corral:server:manage: "rule:operators"\noperators: "role:operator"\n')
    operator = caller("operator")
    assert allowed(operator, policy=policy) == {"corral:server:manage"}
    assert not policy.allows(caller("admin"), "corral:server:manage")
    assert allowed(caller("member"), policy=policy) == READ | WRITE
    with pytest.raises(Forbidden, match="rule:operators"):
        policy.check(caller("admin"), "corral:server:manage")


def test_a_policy_file_may_change_what_an_admin_is(tmp_path: Path) -> None:
    policy = written(tmp_path, 'admin: "role:cloud_admin"\n')
    assert allowed(caller("cloud_admin"), policy=policy) >= {"corral:server:manage"}
    with pytest.raises(Forbidden, match="policy file"):
        policy.check(caller("admin"), "corral:server:manage")


def test_a_policy_file_may_close_an_action_to_everybody_and_may_be_empty(tmp_path: Path) -> None:
    assert not written(tmp_path, 'corral:server:delete: "!"').allows(caller("admin"), "corral:server:delete")
    assert allowed(caller("reader"), policy=written(tmp_path, "# nothing yet\n")) == READ


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("corral:server:mange: 'role:admin'", "corral:server:mange"),
        ("corral:server:manage: 'role:admin or ('", "can't be parsed"),
        ("corral:server:manage: 'rule:nobody_defined_this'", "does not exist"),
        ("a: 'rule:b'\nb: 'rule:a'", "itself"),
        ("- a\n- list\n", "mapping"),
        ("corral:server:manage: [admin]", "mapping"),
        ("corral:server:manage: 'role:admin", "can't be read"),
    ],
)
def test_a_policy_file_that_is_wrong_stops_the_start(tmp_path: Path, text: str, says: str) -> None:
    with pytest.raises(Invalid, match=says):
        written(tmp_path, text)


def test_a_policy_file_that_is_not_there_stops_the_start(tmp_path: Path) -> None:
    with pytest.raises(Invalid, match="can't be read"):
        Policy(tmp_path / "absent.yaml")


def test_a_policy_file_in_the_home_directory_is_not_found_by_accident(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "policy.yaml").write_text('admin: "@"\n')
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.chdir(tmp_path)
    assert not Policy().allows(caller("reader"), "corral:server:manage")


def test_every_rule_is_described_once_with_its_endpoints() -> None:
    described = describe()
    assert [rule.name for rule in described] == [default.name for default in defaults()]
    assert len({rule.name for rule in described}) == len(described)
    for rule in described:
        assert rule.description.endswith(".")
        assert bool(rule.operations) is rule.name.startswith("corral:")
