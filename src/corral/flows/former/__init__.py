"""Versions of flows that nobody begins any more, and that operations of former releases can still be in the middle of.

Rule: nothing is added to them. One goes when no database that this release upgrades can have an unfinished operation of it;
until then its steps keep their names and the shape of their results.
"""

from corral.engine import Flow
from corral.flows.env import Env
from corral.flows.former import manage_1

FLOWS: tuple[Flow[Env], ...] = (manage_1.FLOW,)

__all__ = ["FLOWS"]
