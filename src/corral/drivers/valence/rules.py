"""Every call that this driver may ever send, and for what. What is not here is stopped at the border.

Rule: pod managers are not among them: Valence shows their passwords to whoever asks. Nor are actions on nodes: power is Ironic's.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from corral.contracts.border import Purpose, Rule

SERVICE = "valence"
NODES = "/v1/nodes"
_NODE = re.compile(rf"{NODES}/[0-9A-Za-z-]{{1,64}}")
_ASKED = {"name", "description", "podm_id", "properties"}


def new_node(body: Any) -> bool:
    """For the border: a name, and quantities; never a flavor of Valence's own, of which nobody knows what it says by now."""
    return (
        isinstance(body, Mapping) and isinstance(body.get("name"), str) and bool(body["name"]) and set(body) <= _ASKED
    )


def _no_body(body: Any) -> bool:
    return body is None


RULES = (
    Rule(Purpose.LOOK, SERVICE, "GET", re.compile(r"/v1/?"), "asks whether it answers"),
    Rule(Purpose.LOOK, SERVICE, "GET", re.compile(NODES), "lists the nodes that are composed"),
    Rule(Purpose.LOOK, SERVICE, "GET", _NODE, "reads a node"),
    Rule(Purpose.COMPOSE, SERVICE, "POST", re.compile(NODES), "composes a node", new_node),
    Rule(Purpose.COMPOSE, SERVICE, "DELETE", _NODE, "takes a node of ours apart", _no_body),
)
