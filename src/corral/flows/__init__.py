"""The specs in code: each flow is a list of steps, in the order of the spec, each with what it does and how it is undone.

Rule: a step calls drivers and stores, and nothing here knows of HTTP requests, users' wishes beyond `params`, or TaskFlow.
"""

from corral.engine import Flow
from corral.flows import manage, power, unmanage
from corral.flows.env import Env

FLOWS: tuple[Flow[Env], ...] = (manage.FLOW, unmanage.FLOW, power.FLOW)
"""Every version that this release can carry out."""

__all__ = ["FLOWS", "Env"]
