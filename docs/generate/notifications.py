"""The events that Corral tells the rest of the cloud."""

from __future__ import annotations

from dataclasses import fields

from corral.notify.events import VERSION, EventType, ServerPayload
from docs.generate.markdown import code, table
from docs.generate.registry import page

EVENTS: dict[EventType, str] = {
    EventType.MANAGE_START: "The adoption begins. Nothing was done yet.",
    EventType.MANAGE_END: "The machine is managed.",
    EventType.MANAGE_ERROR: "The adoption failed and was reverted. The machine is as it was.",
    EventType.CREATE_START: "Creating begins. It comes once for each machine that is tried.",
    EventType.CREATE_END: "The server is deployed.",
    EventType.CREATE_ERROR: "Creating failed, and everything was taken back.",
    EventType.DELETE_START: "Deleting a created server begins.",
    EventType.DELETE_END: "The server is gone; its machine is given back, or released.",
    EventType.DELETE_ERROR: "Deleting stopped half-way. It goes on when it is asked for again.",
    EventType.UNMANAGE_START: "Letting go begins.",
    EventType.UNMANAGE_END: "The machine is no longer managed.",
    EventType.UNMANAGE_ERROR: "Letting go failed and was reverted. The server is as it was.",
    EventType.DRIFT_FOUND: "A field is not as recorded, for long enough to be believed, and nothing is done about it by itself.",
    EventType.DRIFT_SETTLED: "A field is as recorded again: because it changed back, or because the record follows.",
    EventType.LOST: "The server's source says that its machine does not exist.",
    EventType.RETURNED: "The machine of a lost server is there again.",
}
FIELDS: dict[str, str] = {
    "server_uuid": "The server.",
    "name": "The server's name.",
    "project_id": "The project of the server.",
    "user_id": "Who asked for the operation.",
    "source": "The source of the machine.",
    "node_uuid": "The machine: in Ironic, the node.",
    "operation": "The operation, to be looked up under `/v1/operations`.",
    "state": "The server's [state](states.md) when the event was made.",
    "flavor_uuid": "As recorded.",
    "image_uuid": "As recorded; null when the image is not known.",
    "power_state": "`power on` or `power off`, as last seen.",
    "reason": "Errors only: a code of [Reasons](reasons.md) or [Errors](errors.md), where it is known.",
    "fault": "Errors only: the sentence that goes with it, where it is known.",
    "field": "Of drifts, and of servers that are lost or returned: what differs. Then `operation` is empty.",
    "detail": "Of those: what is, or is not, done about it.",
}


@page("notifications.md", "Notifications")
def notifications() -> str:
    return "\n\n".join(
        [
            "Corral tells the rest of the cloud about adoptions, and about servers that it creates and deletes, through "
            "oslo.messaging. Where they go: `notifications` in "
            "[Settings](settings.md). With the default driver, `log`, they are lines in the log.",
            "Notifications are news, not records. None is waited for, and one can be lost when the bus is down. What must "
            "not be lost is in the audit trail. After a crash of Corral an event may come again; `operation` tells which "
            "ones belong together.",
            "## Events",
            table(["Event", "Priority", "When"], ([code(one), _priority(one), EVENTS[one]] for one in EventType)),
            "## Payload",
            table(["Field", "Meaning"], ([code(one.name), FIELDS[one.name]] for one in fields(ServerPayload))),
            f"`payload_version` is `{VERSION}`: a new field raises the second number; a field that goes, or changes its "
            "meaning, the first. What is not known is null. No secrets, no user data and nothing of `instance_info` is sent.",
        ]
    )


def _priority(event: EventType) -> str:
    return "ERROR" if event.endswith(".error") else "INFO"
