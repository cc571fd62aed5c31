"""The Compose action: a manifest of what to compose and to take apart, previewed, reserved or applied.

Rule: a stanza that fails says so in its own response; the others are carried out.
"""

from __future__ import annotations

import copy
from collections.abc import Callable, Mapping
from typing import Any

from lab.pod.constrained import choose, is_constrained
from lab.pod.messages import Failed, error, message
from lab.pod.state import Pod, System

ACTION = "#CompositionService.Compose"
TYPES = ("Preview", "PreviewReserve", "Apply")
Show = Callable[[System], dict[str, Any]]
Admit = Callable[[list[str]], tuple[str, ...]]


def perform(pod: Pod, body: Mapping[str, Any], show: Show, admit: Admit) -> dict[str, Any]:
    """Carry a request out; the answer repeats its manifest, with a response in each stanza. `show` renders a system, `admit` checks
    whether one can be composed of blocks that were named."""
    kind = _checked(body)
    manifest = copy.deepcopy(dict(body["Manifest"]))
    reservation = body.get("ReservationId")
    held: list[str] = []
    for stanza in manifest["Stanzas"]:
        try:
            stanza["Response"] = _stanza(pod, stanza, kind, held, show, admit)
        except Failed as failed:
            stanza["Response"] = failed.body
    answer = {"RequestFormat": "Manifest", "RequestType": kind, "Manifest": manifest}
    if kind == "PreviewReserve" and held:
        answer["ReservationId"] = pod.reserve(tuple(held)).id
    if kind == "Apply" and reservation:
        pod.reservations.pop(reservation, None)
    return answer


def _checked(body: Mapping[str, Any]) -> str:
    for key in ("RequestFormat", "RequestType"):
        if key not in body:
            raise Failed(400, "ActionParameterMissing", ACTION, key)
    if body["RequestFormat"] != "Manifest":
        raise Failed(400, "ActionParameterValueNotInList", str(body["RequestFormat"]), "RequestFormat", ACTION)
    if body["RequestType"] not in TYPES:
        raise Failed(400, "ActionParameterValueNotInList", str(body["RequestType"]), "RequestType", ACTION)
    manifest = body.get("Manifest")
    if not isinstance(manifest, Mapping) or not manifest.get("Stanzas"):
        raise Failed(400, "EmptyManifest")
    return str(body["RequestType"])


def _stanza(
    pod: Pod, stanza: Mapping[str, Any], kind: str, held: list[str], show: Show, admit: Admit
) -> dict[str, Any]:
    request = stanza.get("Request")
    if not isinstance(request, Mapping):
        raise Failed(400, "EmptyManifest")
    if stanza.get("StanzaType") == "DecomposeSystem":
        return _decompose(pod, request, kind)
    if stanza.get("StanzaType") != "ComposeSystem":
        raise Failed(400, "PropertyValueNotInList", str(stanza.get("StanzaType")), "StanzaType")
    blocks = choose(pod, request) if is_constrained(request) else admit(asked_blocks(request))
    if kind == "Apply":
        return show(pod.compose(request.get("Name"), blocks))
    if kind == "PreviewReserve":
        held.extend(blocks)
    return error(message("Success"))


def _decompose(pod: Pod, request: Mapping[str, Any], kind: str) -> dict[str, Any]:
    system = str(request.get("@odata.id")).rpartition("/")[2]
    if system not in pod.systems:
        raise Failed(404, "ResourceMissingAtURI", str(request.get("@odata.id")))
    if kind == "Apply":
        pod.release(system)
    return error(message("Success"))


def asked_blocks(request: Mapping[str, Any]) -> list[str]:
    """The blocks that a request names. Raises Failed when it names none."""
    links = request.get("Links")
    found = links.get("ResourceBlocks") if isinstance(links, Mapping) else None
    if not isinstance(found, list) or not found:
        raise Failed(400, "PropertyMissing", "Links/ResourceBlocks")
    paths = [one.get("@odata.id") if isinstance(one, Mapping) else None for one in found]
    if not all(isinstance(path, str) and path.startswith(BLOCKS) for path in paths):
        raise Failed(400, "ResourceBlockInvalid", str(paths)[:80])
    return [str(path).removeprefix(BLOCKS).rstrip("/") for path in paths]


BLOCKS = "/redfish/v1/CompositionService/ResourceBlocks/"
