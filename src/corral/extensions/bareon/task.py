"""What is run on a node: the agent's own command, and the document that it reads.

The document is what the pipelines made, over what the node says in `meta.provisioning`, over defaults that name no machine but the
agent's own. Rule: an agent wipes the disks first, so whatever would stop it later is refused here, before anything is sent.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from corral.domain.cluster import Node
from corral.domain.errors import Invalid, Refused
from corral.extensions.contract import ProvisioningTask
from corral.layouts.writers.deployment import Deployment
from corral.layouts.writers.nailgun_simple import FUEL_AGENT, Dialect
from corral.layouts.writers.provisioning import document, refuse_incomplete, unfinishable

INPUT = "/run/corral-provision.json"
"""On the node, in memory: it may hold passwords, and the disks are about to be wiped."""
SAID = "provisioning"
"""The key of a node's `meta` with what else its agent is to be told."""


def task(node: Node, data: Mapping[str, Any], dialect: Dialect) -> ProvisioningTask:
    """The agent's command for finished provisioning data. Raises Invalid for data that the agent can't read, Refused with all
    reasons for a layout that it would not bring to its end."""
    said = node.meta.get(SAID) or {}
    if not isinstance(said, Mapping):
        raise Invalid(f"meta.{SAID} of node {node.name} is no object.", fix="Give what its agent is to be told.")
    known = _over(said, data)
    if reasons := tuple(unfinishable(known, dialect)):
        raise Refused(f"Node {node.name} can't be provisioned by {dialect.target}.", reasons)
    whole = _over(document(Deployment(hostname=node.name)), known)
    refuse_incomplete(whole, dialect)
    # fuel-agent's command is older, and named otherwise.
    command = "provision" if dialect is FUEL_AGENT else "bareon-provision"
    options = ("--data_driver", "nailgun_simple", "--input_data_file", INPUT)
    return ProvisioningTask(command, (command, *options), {INPUT: json.dumps(whole)})


def _over(below: Mapping[str, Any], above: Mapping[str, Any]) -> dict[str, Any]:
    """Both, object by object; `above` has its way where both say something."""
    found = dict(below)
    for key, value in above.items():
        under = found.get(key)
        found[key] = _over(under, value) if isinstance(under, Mapping) and isinstance(value, Mapping) else value
    return found
