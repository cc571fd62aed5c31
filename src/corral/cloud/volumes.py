"""Volumes in Cinder: what its backends could manage, and recording one where it is, with its attachment.

Rule: a volume that Corral recorded bears the record's id in its metadata, and is found by that, never by an answer that may be
lost. An attachment has no connector: Cinder's driver is not asked to export anything, and so nobody asks it to take that back.
"""

from __future__ import annotations

from collections.abc import Container, Iterable, Mapping
from contextlib import suppress
from typing import Any

from corral.cloud.answers import Busy, Faltered
from corral.cloud.volumes_answers import backend_of, manageable_of, volume_of
from corral.cloud.wire import Service, rows, segment
from corral.cloud.wire import record as fields_of
from corral.contracts.cloud_records import CloudVolume
from corral.domain.cloud_backends import Backend, Manageable
from corral.domain.errors import Conflict, DriverFailed, NotFound
from corral.domain.gaps import MARK
from corral.domain.machine import is_uuid

MICROVERSION = {"OpenStack-API-Version": "volume 3.44"}
"""The first (Queens) that completes an attachment; the list of manageable volumes is older."""
_PAGE = 500


class CinderVolumes:
    """`contracts.cloud_records.Volumes` over Cinder, in the project of the login."""

    def __init__(self, service: Service) -> None:
        self._service = service.saying(MICROVERSION)

    def backends(self) -> tuple[Backend, ...]:
        found = self._service.listed("/v3/scheduler-stats/get_pools", "pools", [("detail", "true")])
        return tuple(sorted(map(backend_of, found), key=lambda one: one.host))

    def manageable(self, service: str) -> tuple[Manageable, ...]:
        made: list[Manageable] = []
        while True:
            query = [("host", service), ("limit", str(_PAGE)), ("offset", str(len(made)))]
            page = self._service.listed("/v3/manageable_volumes/detail", "manageable-volumes", query)
            made += [manageable_of(one, service) for one in page]
            if len(page) < _PAGE:
                return tuple(made)

    def known(self, ids: Iterable[str]) -> frozenset[str]:
        found: set[str] = set()
        for one in sorted({one.lower() for one in ids if is_uuid(one)}):
            with suppress(NotFound):
                self._service.read(f"/v3/volumes/{one}")
                found.add(one)
        return frozenset(found)

    def check_project(self) -> None:
        self._service.listed("/v3/volumes", "volumes", [("limit", "1")])

    def marked(self, record: str) -> CloudVolume | None:
        found = [one for one in self._all(record) if one.record == record]
        if len(found) > 1:
            raise DriverFailed(
                f"block-storage: volumes {', '.join(one.id for one in found)} bear the mark of one record.",
                fix="Find out which of them is right, and unmanage the others by hand.",
            )
        return found[0] if found else None

    def _all(self, record: str) -> list[CloudVolume]:
        query = [("metadata", str({MARK: record})), ("limit", "10")]
        return [volume_of(one) for one in self._service.listed("/v3/volumes/detail", "volumes", query)]

    def recorded(self, also: Container[str] = ()) -> tuple[CloudVolume, ...]:
        # Cinder finds metadata by key and value only. In this order what is made meanwhile comes at the end.
        query = [("all_tenants", "1"), ("sort", "created_at:asc"), ("limit", str(_PAGE))]
        made: list[CloudVolume] = []
        marker: list[tuple[str, str]] = []
        while page := self._service.listed("/v3/volumes/detail", "volumes", [*query, *marker]):
            found = [volume_of(one) for one in page]
            made += [one for one in found if one.record or one.id in also]
            if marker == (following := [("marker", found[-1].id)]):
                raise DriverFailed("block-storage: the list of volumes does not advance.")
            marker = following
        return tuple(made)

    def forsake(self, volume: str, record: str) -> None:
        found = self._bearing(volume, record)
        if found is None or found.status == "unmanaging":
            return
        if found.moving:
            raise Conflict(f"Volume {volume} is {found.status}.", fix="Wait until Cinder has come to an end with it.")
        query = [("volume_id", volume), ("all_tenants", "1")]
        told = rows(self._service.read("/v3/attachments/detail", query), "attachments", "block-storage attachments")
        mine = [one for one in told if one.get("volume_id") == volume]
        if any(one.get("connection_info") for one in mine):
            raise Conflict(
                f"Volume {volume} is exported to whoever is attached to it.",
                fix="Somebody uses it through Cinder: take the mark from its metadata, and leave it to them.",
            )
        for one in mine:
            with suppress(NotFound):
                self._service.act("DELETE", f"/v3/attachments/{segment(str(one['id']))}")
        with suppress(NotFound):
            self._service.act("POST", f"/v3/volumes/{segment(volume)}/action", {"os-unmanage": None})

    def _bearing(self, volume: str, record: str) -> CloudVolume | None:
        try:
            found = volume_of(
                fields_of(self._service.read(f"/v3/volumes/{segment(volume)}"), "volume", "block-storage")
            )
        except NotFound:
            return None
        return found if found.record == record else None

    def manage(self, record: str, wanted: Mapping[str, Any]) -> CloudVolume:
        body = {"volume": {**wanted, "metadata": {MARK: record}}}
        for attempt in range(len(self._service.patience.pauses) + 1):
            if (found := self.marked(record)) is not None:
                return found
            try:
                return self._made(self._service.act("POST", "/v3/manageable_volumes", body))
            except (Busy, Faltered) as exc:
                self._service.patience.pause(attempt, exc)
        raise AssertionError("patience ends by raising")

    def _made(self, told: Any) -> CloudVolume:
        return volume_of(fields_of(told, "volume", "block-storage"))

    def attach(self, volume: str, machine: str) -> None:
        found = self._attachments(volume, machine)
        if not found:
            body = {"attachment": {"volume_uuid": volume, "instance_uuid": machine}}
            told = fields_of(self._service.act("POST", "/v3/attachments", body), "attachment", "block-storage")
            found = [told]
        for one in found:
            if one.get("status") != "attached":
                self._service.act("POST", f"/v3/attachments/{segment(str(one['id']))}/action", {"os-complete": None})

    def detach(self, volume: str, machine: str) -> None:
        for one in self._attachments(volume, machine):
            with suppress(NotFound):
                self._service.act("DELETE", f"/v3/attachments/{segment(str(one['id']))}")

    def _attachments(self, volume: str, machine: str) -> list[dict[str, Any]]:
        query = [("volume_id", volume), ("instance_id", machine)]
        found = rows(self._service.read("/v3/attachments/detail", query), "attachments", "block-storage attachments")
        return [one for one in found if (one.get("volume_id"), one.get("instance")) == (volume, machine)]

    def unmanage(self, record: str) -> None:
        found = self.marked(record)
        if found is None or found.status == "unmanaging":
            return
        if found.attached:
            raise Conflict(
                f"Volume {found.id} is attached to {', '.join(found.attached)}.",
                fix="Detach it there first: Cinder lets go of no volume that is in use.",
            )
        with suppress(NotFound):
            self._service.act("POST", f"/v3/volumes/{segment(found.id)}/action", {"os-unmanage": None})


def allowed_managed(body: Any) -> bool:
    """For the border: the body of a POST that has one volume managed where it is, with exactly our fields, marked as ours."""
    fields = body.get("volume") if isinstance(body, Mapping) and len(body) == 1 else None
    if not isinstance(fields, Mapping) or set(fields) != {"host", "ref", "name", "description", "metadata"}:
        return False
    mark = fields["metadata"]
    return isinstance(mark, Mapping) and set(mark) == {MARK} and is_uuid(mark[MARK])


def allowed_attachment(body: Any) -> bool:
    """For the border: the body of a POST that records an attachment. Without a connector: with one, the storage would export it."""
    fields = body.get("attachment") if isinstance(body, Mapping) and len(body) == 1 else None
    return isinstance(fields, Mapping) and set(fields) == {"volume_uuid", "instance_uuid"}


def allowed_completion(body: Any) -> bool:
    """For the border: completes an attachment."""
    return bool(body == {"os-complete": None})


def allowed_unmanaging(body: Any) -> bool:
    """For the border: has Cinder forget a volume, which stays where it is."""
    return bool(body == {"os-unmanage": None})
