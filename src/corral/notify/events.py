"""The events, and what they carry: a contract with whoever listens, so it only ever grows.

A new field raises the minor version; renaming or removing one, or giving one another meaning, raises the major version.
Rule: no secrets, no user data, nothing of instance_info: the bus is shared with every service of the cloud.
"""

from __future__ import annotations

from dataclasses import asdict, dataclass
from enum import StrEnum
from typing import Any

VERSION = "1.1"


class EventType(StrEnum):
    """Those of drifts, and of servers that are lost or have returned, come alone. Of the others, `start` comes before anything is
    claimed, then exactly one of `end` and `error`, unless Corral dies in between: then it comes when the operation was resumed."""

    MANAGE_START = "server.manage.start"
    MANAGE_END = "server.manage.end"
    MANAGE_ERROR = "server.manage.error"
    CREATE_START = "server.create.start"
    CREATE_END = "server.create.end"
    CREATE_ERROR = "server.create.error"
    DELETE_START = "server.delete.start"
    DELETE_END = "server.delete.end"
    DELETE_ERROR = "server.delete.error"
    UNMANAGE_START = "server.unmanage.start"
    UNMANAGE_END = "server.unmanage.end"
    UNMANAGE_ERROR = "server.unmanage.error"
    DRIFT_FOUND = "server.drift.found"
    DRIFT_SETTLED = "server.drift.settled"
    LOST = "server.lost"
    RETURNED = "server.returned"


@dataclass(frozen=True, slots=True)
class ServerPayload:
    """The payload of every server event. None: not known, or the machine has none.

    `server_uuid`, `name`, `project_id`: of the server; `user_id`: who asked; `source`, `node_uuid`: the machine and where
    it is; `flavor_uuid`, `image_uuid`: as recorded; `operation`: the uuid to look up under /v1/operations; `state`: the
    server's, when the event was made; `power_state`: `power on` or `power off`, as last seen; `reason`: a code from the
    reference of reasons and errors, and `fault` the sentence that goes with it, both for `error` only. `field` and `detail`:
    what differs between record and world, and what is done about it, for events of drifts only, whose `operation` is empty.
    """

    server_uuid: str
    name: str
    project_id: str | None
    user_id: str | None
    source: str
    node_uuid: str
    operation: str
    state: str
    flavor_uuid: str | None = None
    image_uuid: str | None = None
    power_state: str | None = None
    reason: str | None = None
    fault: str | None = None
    field: str | None = None
    detail: str | None = None

    def as_json(self) -> dict[str, Any]:
        """The payload as it is sent: every field, and the version of their meaning."""
        return {"payload_version": VERSION, **asdict(self)}
