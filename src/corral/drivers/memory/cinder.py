"""The block storage and identity services in memory: what Cinder and Keystone answer to the calls that we make."""

from __future__ import annotations

import ast
import uuid
from typing import Any

from corral.cloud.answers import Answer
from corral.drivers.memory.api import Refusal, Request, Route, route
from corral.drivers.memory.world import Storage, World

_FREE = ("available", "error", "error_managing")


class BlockStorage:
    """Cinder over a world."""

    def __init__(self, world: World) -> None:
        self._world = world
        self.routes: tuple[Route, ...] = (
            route("GET", "/v3/scheduler-stats/get_pools", self._pools),
            route("GET", "/v3/manageable_volumes/detail", self._manageable),
            route("POST", "/v3/manageable_volumes", self._manage),
            route("GET", "/v3/volumes", self._list),
            route("GET", "/v3/volumes/detail", self._list),
            route("GET", "/v3/volumes/*", lambda request: Answer(200, {"volume": self._shown(self._find(request))})),
            route("POST", "/v3/volumes/*/action", self._act),
            route("GET", "/v3/attachments/detail", self._attachments),
            route("POST", "/v3/attachments", self._attach),
            route("POST", "/v3/attachments/*/action", self._complete),
            route("DELETE", "/v3/attachments/*", self._detach),
        )

    @property
    def _storage(self) -> Storage:
        return self._world.storage

    def _pools(self, _request: Request) -> Answer:
        return Answer(200, {"pools": [pool for pools in self._storage.pools.values() for pool in pools]})

    def _manageable(self, request: Request) -> Answer:
        service = (request.one("host") or "").partition("#")[0]
        managed = {
            str(one["reference"]): one["id"] for one in self._storage.volumes.values() if one["service"] == service
        }
        rows = []
        for lun in self._storage.luns.get(service, ()):
            known = managed.get(str(lun["reference"]))
            told = {"cinder_id": known, "safe_to_manage": known is None and lun.get("safe", True)}
            why = "already managed" if known else lun.get("why")
            rows.append({**lun, **told, "reason_not_safe": why})
        first = int(request.one("offset") or 0)
        return Answer(200, {"manageable-volumes": rows[first : first + int(request.one("limit") or 1000)]})

    def _manage(self, request: Request) -> Answer:
        wanted = request.body["volume"]
        service = wanted["host"].partition("#")[0]
        if service not in self._storage.pools:
            raise Refusal(503, f"Host '{wanted['host']}' not found")
        found = [one for one in self._storage.luns.get(service, ()) if one["reference"] == wanted["ref"]]
        settled = "available" if found and not self._storage.broken else "error_managing"
        volume = {
            "id": str(uuid.uuid4()),
            "status": "creating" if self._storage.slow else settled,
            "settles": settled,
            "name": wanted["name"],
            "description": wanted["description"],
            "metadata": dict(wanted["metadata"]),
            "size": found[0]["size"] if found else 0,
            "project": request.headers.get("X-Project-Id") or "service",
            "host": wanted["host"],
            "service": service,
            "reference": wanted["ref"],
        }
        self._storage.volumes[volume["id"]] = volume
        return Answer(202, {"volume": self._shown(volume)})

    def _list(self, request: Request) -> Answer:
        wanted = ast.literal_eval(request.one("metadata") or "{}")
        mine = None if request.one("all_tenants") else request.headers.get("X-Project-Id") or None
        every = list(self._storage.volumes.values())
        if (marker := request.one("marker")) is not None:
            every = every[1 + next(place for place, one in enumerate(every) if one["id"] == marker) :]
        found = [one for one in every if wanted.items() <= one["metadata"].items() and mine in (None, one["project"])]
        return Answer(200, {"volumes": [self._shown(one) for one in found[: int(request.one("limit") or 1000)]]})

    def _shown(self, one: dict[str, Any]) -> dict[str, Any]:
        attached = [
            {"server_id": each["instance"], "attachment_id": each["id"]}
            for each in self._storage.attachments.values()
            if each["volume_id"] == one["id"] and each["status"] == "attached"
        ]
        kept = {key: one[key] for key in ("id", "status", "name", "description", "metadata", "size")}
        admin = {"os-vol-tenant-attr:tenant_id": one["project"], "os-vol-host-attr:host": one["host"]}
        return {**kept, **admin, "attachments": attached}

    def _find(self, request: Request) -> dict[str, Any]:
        found = self._storage.volumes.get(request.parts[0])
        if found is None:
            raise Refusal(404, f"Volume {request.parts[0]} could not be found.")
        return found

    def _act(self, request: Request) -> Answer:
        volume = self._find(request)
        if request.body != {"os-unmanage": None}:
            raise Refusal(400, "There is no such action.")
        if volume["status"] not in _FREE:
            raise Refusal(400, f"Invalid volume: Volume status must be available, and is {volume['status']}.")
        if self._storage.slow:
            volume["status"], volume["settles"] = "unmanaging", ""
        else:
            del self._storage.volumes[volume["id"]]
        return Answer(202)

    def settle(self) -> None:
        """Bring what Cinder is at work on to its end."""
        for volume in list(self._storage.volumes.values()):
            if volume["status"] == "unmanaging":
                del self._storage.volumes[volume["id"]]
            elif volume["status"] == "creating":
                volume["status"] = volume["settles"]

    def _attachments(self, request: Request) -> Answer:
        asked = {"volume_id": request.one("volume_id"), "instance": request.one("instance_id")}
        found = [
            one
            for one in self._storage.attachments.values()
            if all(value in (None, one[key]) for key, value in asked.items())
        ]
        return Answer(200, {"attachments": found})

    def _attach(self, request: Request) -> Answer:
        wanted = request.body["attachment"]
        volume = self._storage.volumes.get(wanted["volume_uuid"])
        if volume is None:
            raise Refusal(404, f"Volume {wanted['volume_uuid']} could not be found.")
        if volume["status"] != "available":
            raise Refusal(400, f"Invalid volume: status must be available or downloading, and is {volume['status']}.")
        made = {
            "id": str(uuid.uuid4()),
            "volume_id": volume["id"],
            "instance": wanted["instance_uuid"],
            "status": "reserved",
            "connection_info": {},
        }
        volume["status"] = "reserved"
        self._storage.attachments[made["id"]] = made
        return Answer(200, {"attachment": made})

    def _attachment(self, request: Request) -> dict[str, Any]:
        found = self._storage.attachments.get(request.parts[0])
        if found is None:
            raise Refusal(404, f"Volume attachment could not be found with filter: attachment_id = {request.parts[0]}.")
        return found

    def _complete(self, request: Request) -> Answer:
        found = self._attachment(request)
        found["status"] = "attached"
        self._storage.volumes[found["volume_id"]]["status"] = "in-use"
        return Answer(204)

    def _detach(self, request: Request) -> Answer:
        found = self._attachment(request)
        del self._storage.attachments[found["id"]]
        self._storage.volumes[found["volume_id"]]["status"] = "available"
        return Answer(200, {"attachments": []})


class Identity:
    """Keystone's projects over a world."""

    def __init__(self, world: World) -> None:
        self._world = world
        self.routes: tuple[Route, ...] = (route("GET", "/v3/projects/*", self._project),)

    def _project(self, request: Request) -> Answer:
        enabled = self._world.projects.get(request.parts[0])
        if enabled is None:
            raise Refusal(404, f"Could not find project: {request.parts[0]}.")
        return Answer(200, {"project": {"id": request.parts[0], "name": request.parts[0], "enabled": enabled}})
