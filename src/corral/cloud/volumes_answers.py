"""What Cinder answers, as Corral's own values. Whatever is not told is "" or None."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from corral.contracts.cloud_records import CloudVolume
from corral.domain.cloud_backends import Backend, Manageable
from corral.domain.errors import DriverFailed
from corral.domain.gaps import MARK
from corral.domain.machine import is_uuid

_LONGEST = 1024


def backend_of(row: Any) -> Backend:
    """A pool with what its driver says of itself."""
    if not isinstance(row, Mapping) or not isinstance(row.get("name"), str):
        raise DriverFailed("block-storage: a pool came without name.")
    told = row.get("capabilities")
    says: Mapping[str, Any] = told if isinstance(told, Mapping) else {}
    return Backend(
        host=_text(row, "name"),
        name=_text(says, "volume_backend_name"),
        protocol=_text(says, "storage_protocol"),
        vendor=_text(says, "vendor_name"),
        location=_text(says, "location_info"),
    )


def manageable_of(row: Any, service: str) -> Manageable:
    """A volume that a backend has. One without a reference can't be told from others: DriverFailed."""
    if not isinstance(row, Mapping) or not isinstance(row.get("reference"), Mapping) or not row["reference"]:
        raise DriverFailed(f"block-storage: {service} listed a volume without a reference.")
    gib = row.get("size")
    return Manageable(
        backend=service,
        reference={str(key)[:_LONGEST]: str(one)[:_LONGEST] for key, one in row["reference"].items()},
        gib=int(gib) if isinstance(gib, int | float) and not isinstance(gib, bool) else None,
        safe=row.get("safe_to_manage") is True,
        why_not=_text(row, "reason_not_safe"),
        cinder_id=_text(row, "cinder_id"),
        extra=_extra(row.get("extra_info")),
    )


def _extra(told: Any) -> dict[str, str]:
    """Drivers tell a mapping, a text, or nothing."""
    if isinstance(told, Mapping):
        return {str(key)[:_LONGEST]: str(one)[:_LONGEST] for key, one in told.items() if isinstance(one, str | int)}
    return {"extra": told[:_LONGEST]} if isinstance(told, str) else {}


def volume_of(row: Mapping[str, Any]) -> CloudVolume:
    """A volume of Cinder's. One without an id is an answer that can't be used: DriverFailed."""
    if not is_uuid(row.get("id")):
        raise DriverFailed("block-storage: a volume came without id.")
    marks, gib = row.get("metadata"), row.get("size")
    attached = [str(one.get("server_id")) for one in row.get("attachments") or () if isinstance(one, Mapping)]
    return CloudVolume(
        id=str(row["id"]),
        status=_text(row, "status"),
        project=_text(row, "os-vol-tenant-attr:tenant_id"),
        name=_text(row, "name"),
        backend=_text(row, "os-vol-host-attr:host"),
        gib=gib if isinstance(gib, int) else None,
        record=_text(marks, MARK) if isinstance(marks, Mapping) else "",
        attached=tuple(sorted(attached)),
    )


def _text(row: Mapping[str, Any], key: str) -> str:
    return str(row.get(key) or "")[:_LONGEST]
