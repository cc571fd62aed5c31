"""Adopting a new machine by a rule: by the same mapping, judgement and operation as when a person adopts it."""

from __future__ import annotations

from corral.domain.errors import Refused
from corral.domain.mapping import check_flavors, mapped, names_of_networks, with_networks
from corral.domain.sync_policy import AdoptRule
from corral.engine import Operation
from corral.flows.start import Actor
from corral.services.adoption import Adoption
from corral.services.inventory import Inventory
from corral.services.sync_acts import USER
from corral.store import Flavors


class RuleAdoption:
    """What `Desk.adopt` is."""

    def __init__(self, inventory: Inventory, flavors: Flavors, adoption: Adoption) -> None:
        self._inventory = inventory
        self._flavors = flavors
        self._adoption = adoption

    def adopt(self, source: str, machine: str, rule: AdoptRule) -> Operation:
        """Start to adopt it. Raises Refused with all reasons, NotFound, Conflict, Invalid."""
        where, found = self._inventory.find(machine, source)
        flavors, rules = self._flavors.all(), rule.mapping
        check_flavors(rules, flavors)
        if names := names_of_networks(rules):
            rules = with_networks(rules, where.networks.networks_named(names))
        wish = mapped(rules, found, flavors, 1)
        if wish.reasons:
            raise Refused(f"Machine {found.label} can't be adopted by the rule.", wish.reasons)
        return self._adoption.manage(wish.request, Actor(USER, rule.project))[1]
