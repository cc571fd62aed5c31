"""What a caller may do: the rules of `actions`, read by oslo.policy, with an operator's policy file over them.

Rule: the rules are read once, at the start. A file that is wrong stops the start and says why; it never turns into a rule
that lets everybody in or nobody, and a typing error while Corral runs changes nothing.
"""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any, NamedTuple

from oslo_config import cfg
from oslo_policy import policy as oslo

from corral.domain.errors import Forbidden, Invalid
from corral.identity.actions import ACTIONS, ROLES
from corral.identity.caller import Caller, Role

Target = Mapping[str, str | None]

# Whoever has a role has the ones below it too. Keystone does this by itself; a local token has only the one role.
_IMPLIED = {
    Role.ADMIN: frozenset({Role.MEMBER, Role.READER}),
    Role.MEMBER: frozenset({Role.READER}),
}
_WORDS = {action.name: action.need.words for action in ACTIONS}


class Described(NamedTuple):
    """A rule for the reference page. `operations`: method and path of each endpoint; none for a rule that others use."""

    name: str
    rule: str
    description: str
    operations: tuple[tuple[str, str], ...]


class Policy:
    """Decides. Safe to call from several threads: nothing changes after the start."""

    def __init__(self, policy_file: Path | str | None = None) -> None:
        """Raises Invalid when the policy file can't be used."""
        overrides = {} if policy_file is None else _read(Path(policy_file))
        self._changed = frozenset(overrides)
        self._enforcer = _enforcer(overrides)
        self._rules = {**{default.name: default.check_str for default in defaults()}, **overrides}

    def check(self, caller: Caller, action: str, target: Target | None = None) -> None:
        """Raise Forbidden, naming the action and what it needs, unless the caller may do this.

        `target`: what it is done to, by its `project_id`; None means the caller's own project, as for a list."""
        if not self.allows(caller, action, target):
            raise Forbidden(
                f"{action} needs {self._needed(action)}; you are {caller.described()}.",
                fix="Ask an admin to do it, or to give you what it needs.",
            )

    def allows(self, caller: Caller, action: str, target: Target | None = None) -> bool:
        """Whether the caller may do this. An action that is not in the table is a mistake of ours: LookupError."""
        if action not in _WORDS:
            raise LookupError(f"no such action: {action}")
        meant = {"project_id": caller.project} if target is None else target
        return bool(self._enforcer.enforce(action, _without_none(meant), _credentials(caller)))

    def _needed(self, action: str) -> str:
        # The words explain the defaults; of a rule that a file may have changed only the rule itself is true.
        if action in self._changed or self._changed & ROLES.keys():
            return f"what the policy file says: {self._rules[action]!r}"
        return _WORDS[action]


def defaults() -> list[oslo.RuleDefault]:
    """The rules in code, as oslo.policy documents them."""
    roles = [oslo.RuleDefault(name, rule, description) for name, (rule, description) in ROLES.items()]
    actions = [
        oslo.DocumentedRuleDefault(
            action.name,
            action.need.rule,
            action.description,
            [{"method": method, "path": path} for method, path in action.operations],
        )
        for action in ACTIONS
    ]
    return [*roles, *actions]


def describe() -> list[Described]:
    """Every rule in code, for the reference page: first the ones that others use, then the actions."""
    roles = [Described(name, rule, description, ()) for name, (rule, description) in ROLES.items()]
    actions = [Described(action.name, action.need.rule, action.description, action.operations) for action in ACTIONS]
    return [*roles, *actions]


def _enforcer(overrides: Mapping[str, str]) -> oslo.Enforcer:
    """An enforcer over an own configuration, so that neither a policy.yaml that lies about in a home directory nor another
    library's settings apply."""
    conf = cfg.ConfigOpts()
    conf([], project="corral", default_config_files=[], default_config_dirs=[])
    enforcer = oslo.Enforcer(conf, use_conf=False)
    enforcer.register_defaults(defaults())
    checks = {default.name: default.check for default in defaults()}
    enforcer.set_rules({**checks, **oslo.Rules.from_dict(dict(overrides))})
    _refuse_broken(enforcer, overrides)
    return enforcer


def _read(path: Path) -> dict[str, str]:
    try:
        content: Any = oslo.parse_file_contents(path.read_text())
    except (OSError, ValueError) as exc:
        raise _unusable(f"it can't be read: {exc}") from exc
    if not isinstance(content, dict) or not all(isinstance(text, str) for pair in content.items() for text in pair):
        raise _unusable("it is not a mapping of names to rules")
    return content


def _refuse_broken(enforcer: oslo.Enforcer, overrides: Mapping[str, str]) -> None:
    known = {*_WORDS, *ROLES}
    if unknown := sorted(name for name in overrides if name.startswith("corral:") and name not in known):
        raise _unusable(f"there is no action {', '.join(unknown)}")
    # oslo.policy logs a rule that it can't parse and takes it for "nobody": whoever wrote it should hear of it here.
    parsed = enforcer.rules
    if nonsense := sorted(name for name, text in overrides.items() if str(parsed[name]) == "!" and text.strip() != "!"):
        raise _unusable(f"{', '.join(nonsense)} can't be parsed")
    try:
        enforcer.check_rules(raise_on_violation=True)
        for name in overrides:
            enforcer.enforce(name, {"project_id": "p"}, {"roles": []})
    except (oslo.InvalidDefinitionError, SyntaxError, TypeError, ValueError) as exc:
        raise _unusable(f"a rule refers to what does not exist, or to itself: {exc}") from exc


def _unusable(why: str) -> Invalid:
    return Invalid(
        f"The policy file can't be used: {why}.", fix="Correct it (docs/reference/policy.md), then start again."
    )


def _credentials(caller: Caller) -> dict[str, Any]:
    roles = {role.lower() for role in caller.roles}
    implied = {below for role in Role if role in roles for below in _IMPLIED.get(role, frozenset())}
    known = {"user_id": caller.user, "project_id": caller.project, "system_scope": "all" if caller.system else None}
    return {**_without_none(known), "roles": sorted(roles | implied), "is_admin_project": caller.admin_project}


def _without_none(values: Target) -> dict[str, Any]:
    """oslo.policy compares as text, and the text "None" of a caller without project would equal that of a thing without
    one; a key that is missing matches nothing."""
    return {key: value for key, value in values.items() if value is not None}
