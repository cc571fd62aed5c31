"""Who may do what."""

from __future__ import annotations

from corral.identity.policy import Described, describe
from docs.generate.markdown import code, plain, table
from docs.generate.registry import page


@page("policy.md", "Policy")
def policy() -> str:
    found = describe()
    return "\n\n".join(
        [
            "Who may do what, as rules of oslo.policy. Roles imply each other: an admin is a member, a member is a reader. A "
            "policy file (`identity.policy_file`) overrides single rules; it is read once, at the start, and a rule that can't "
            "be read stops the start.",
            "What a caller may not see is answered with 404, not 403, so that nobody learns what exists.",
            "## Rules that others use",
            table(
                ["Name", "Rule", "Meaning"], ([code(r.name), code(r.rule), plain(r.description)] for r in _roles(found))
            ),
            "## Actions",
            table(
                ["Action", "Default rule", "Meaning", "Endpoints"], (_action(rule) for rule in found if rule.operations)
            ),
            "## Example",
            "Let a role of your own adopt:\n\n```yaml\n"
            '"corral:server:manage": "rule:admin or role:onboarding"\n'
            '"corral:adoptable_node:list": "rule:admin or role:onboarding"\n```',
        ]
    )


def _roles(found: list[Described]) -> list[Described]:
    return [rule for rule in found if not rule.operations]


def _action(rule: Described) -> tuple[str, str, str, str]:
    endpoints = ", ".join(code(f"{method} {path}") for method, path in rule.operations)
    return code(rule.name), code(rule.rule), plain(rule.description), endpoints
