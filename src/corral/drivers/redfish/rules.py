"""Every call that this driver may ever send, and for what. What is not here is stopped at the border.

Rule: a system is taken apart by DELETE only, and only after it was just read and bears the name under which Corral composed it.
Nothing here changes a boot setting, an account, a subscription, or a system that somebody else composed. Nor power: that is
Ironic's, which would push what it has on record onto the machine again.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from corral.contracts.border import Purpose, Rule

SERVICE = "redfish"
SEGMENT = r"[A-Za-z0-9._~:@!$&'()*+,;=%-]{1,255}"
PATH = rf"/redfish/v1(?:/{SEGMENT})*/?"
SYSTEMS = r"/redfish/v1/Systems"
SYSTEM = rf"{SYSTEMS}/{SEGMENT}"
SESSIONS = r"/redfish/v1/SessionService/Sessions"
COMPOSE = rf"/redfish/v1/{SEGMENT}/Actions/CompositionService\.Compose"
RESERVATION = rf"/redfish/v1/CompositionService/CompositionReservations/{SEGMENT}"
_ASKED = {"Name", "Links", "Processors", "Memory", "Storage", "EthernetInterfaces"}
_TYPES = ("PreviewReserve", "Apply")


def new_system(body: Any) -> bool:
    """For the border: the body of a composition: a name, and either blocks or quantities."""
    return (
        isinstance(body, Mapping) and isinstance(body.get("Name"), str) and bool(body["Name"]) and set(body) <= _ASKED
    )


def composing_manifest(body: Any) -> bool:
    """For the border: the body of a manifest whose only stanza composes one system; none that takes one apart."""
    if not isinstance(body, Mapping) or body.get("RequestType") not in _TYPES:
        return False
    manifest = body.get("Manifest")
    stanzas = manifest.get("Stanzas") if isinstance(manifest, Mapping) else None
    return (
        isinstance(stanzas, list)
        and len(stanzas) == 1
        and stanzas[0].get("StanzaType") == "ComposeSystem"
        and new_system(stanzas[0].get("Request"))
    )


def _no_body(body: Any) -> bool:
    return body is None


def _rule(purpose: Purpose, method: str, path: str, why: str, body: Any = None) -> Rule:
    return Rule(purpose, SERVICE, method, re.compile(path), why, body)


RULES: tuple[Rule, ...] = (
    _rule(Purpose.LOOK, "GET", PATH, "reads blocks, zones, systems and what they are made of"),
    _rule(Purpose.LOOK, "POST", SESSIONS, "logs in", _no_body),
    _rule(Purpose.LOOK, "DELETE", rf"{SESSIONS}/{SEGMENT}", "logs out", _no_body),
    _rule(Purpose.COMPOSE, "POST", SYSTEMS, "composes a system", new_system),
    _rule(Purpose.COMPOSE, "POST", COMPOSE, "reserves blocks, and composes a system of them", composing_manifest),
    _rule(Purpose.COMPOSE, "DELETE", RESERVATION, "gives such a reservation back", _no_body),
    _rule(Purpose.COMPOSE, "DELETE", SYSTEM, "takes apart a system that Corral composed", _no_body),
)
