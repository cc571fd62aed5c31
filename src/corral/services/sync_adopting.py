"""Adopting new machines by rules: which one a rule is for, whose turn it is, and the adoption, by the same mapping, judgement and
operation as when a person adopts it.

Rule: what a person let go of is left to people, and what could not be adopted is not tried without end.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from corral.contracts.syncing import Told
from corral.domain.drift import Drift
from corral.domain.errors import Refused
from corral.domain.mapping import Mapped, check_flavors, mapped, names_of_networks, with_networks
from corral.domain.sync_policy import AdoptRule
from corral.engine import Operation
from corral.flows.start import Actor
from corral.services.adoption import Adoption
from corral.services.inventory import Inventory
from corral.services.sync_acts import REFUSED, USER
from corral.services.vm_planning import VmPlanner
from corral.store import Flavors
from corral.store.sync_rules import Remembered

_DAY = timedelta(days=1)
_TRIES = 3
"""Adoptions of one machine that rules begin in a day: one that ends undone each time is not theirs to repeat."""
_AGAIN = 5
"""Of those that were refused, a pass looks at so many again."""


# --- which, and whose turn --------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Newcomer:
    """A machine that a rule is to adopt. `row`: what was known of it before."""

    rule: AdoptRule
    drift: Drift
    row: Drift | None = None

    @property
    def refused(self) -> bool:
        """Whether it could not be adopted when it was last tried."""
        return self.row is not None and self.row.why.startswith(REFUSED)

    @property
    def waiting(self) -> Drift:
        """Its drift while it is not its turn."""
        return replace(self.drift, why=self.row.why) if self.refused and self.row else self.drift


def chosen(
    told: Told, rules: Sequence[AdoptRule], remembered: Remembered | None, now: datetime
) -> tuple[AdoptRule | None, str]:
    """The rule that adopts a machine, None for none, and why."""
    rule = next((one for one in rules if one.matches(told.name, told.resource_class)), None)
    if rule is None:
        return None, "No rule adopts it."
    if remembered is not None and remembered.let_go_at is not None:
        who = remembered.let_go_by or "Somebody"
        return (
            None,
            f"{who} let it go on {remembered.let_go_at:%Y-%m-%d}: rules leave it alone. Adopt it, or ignore this.",
        )
    if remembered is not None and remembered.tried(now, _DAY) >= _TRIES:
        return None, f"Rules began to adopt it {_TRIES} times within a day, in vain: see its operations."
    return rule, "A rule adopts it."


def by_turns(due: Sequence[Newcomer], most: int) -> tuple[list[Newcomer], list[Newcomer]]:
    """Those that are tried now, and those that wait: of the refused ones a few, beginning with who was tried longest ago."""
    fresh = [one for one in due if not one.refused]
    again = sorted(
        (one for one in due if one.refused), key=lambda one: one.row.last_seen_at if one.row else one.drift.last_seen_at
    )
    return [*fresh[:most], *again[:_AGAIN]], [*fresh[most:], *again[_AGAIN:]]


# --- the adoption -----------------------------------------------------------------------------------------


class RuleAdoption:
    """What `Desk.adopt` is."""

    def __init__(self, inventory: Inventory, flavors: Flavors, adoption: Adoption, vms: VmPlanner) -> None:
        self._inventory = inventory
        self._flavors = flavors
        self._adoption = adoption
        self._vms = vms

    def adopt(self, source: str, machine: str, rule: AdoptRule) -> Operation:
        """Start to adopt it. Raises Refused with all reasons, NotFound, Conflict, Invalid."""
        wish = (
            self._vms.wish(source, machine, rule.mapping)
            if self._vms.knows(source)
            else self._node(source, machine, rule)
        )
        if wish.reasons:
            raise Refused(f"Machine {wish.request.name} can't be adopted by the rule.", wish.reasons)
        return self._adoption.manage(wish.request, Actor(USER, rule.project))[1]

    def _node(self, source: str, machine: str, rule: AdoptRule) -> Mapped:
        where, found = self._inventory.find(machine, source)
        flavors, rules = self._flavors.all(), rule.mapping
        check_flavors(rules, flavors)
        if names := names_of_networks(rules):
            rules = with_networks(rules, where.networks.networks_named(names))
        return mapped(rules, found, flavors, 1)
