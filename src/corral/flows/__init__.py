"""The specs in code: each flow is a list of steps, in the order of the spec, each with what it does and how it is undone.

Rule: a step calls drivers and stores, and nothing here knows of HTTP requests, users' wishes beyond `params`, or TaskFlow.
"""

from corral.engine import Flow
from corral.flows import (
    apply,
    cluster,
    compose,
    create,
    delete,
    fill_gaps,
    fill_gaps_revert,
    manage,
    mend,
    migrate_extension,
    offboard_vm,
    onboard_vm,
    power,
    provision,
    sync,
    unmanage,
)
from corral.flows.env import Env
from corral.flows.former import FLOWS as FORMER

FLOWS: tuple[Flow[Env], ...] = (
    manage.FLOW,
    apply.FLOW,
    unmanage.FLOW,
    onboard_vm.FLOW,
    offboard_vm.FLOW,
    power.FLOW,
    mend.FLOW,
    *cluster.FLOWS,
    migrate_extension.FLOW,
    provision.FLOW,
    create.FLOW,
    compose.FLOW,
    delete.FLOW,
    sync.FLOW,
    fill_gaps.FLOW,
    fill_gaps_revert.FLOW,
    *FORMER,
)
"""Every version that this release can carry out."""

__all__ = ["FLOWS", "Env"]
