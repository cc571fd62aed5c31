"""Images in Glance, looked up by id. Reads only."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from corral.cloud.wire import Service, batches
from corral.domain.machine import Image, is_uuid

_BATCH = 50


class GlanceImages:
    """`contracts.cloud.Images` over Glance."""

    def __init__(self, service: Service) -> None:
        self._service = service

    def images(self, ids: Iterable[str]) -> Mapping[str, Image]:
        wanted = sorted({one.lower() for one in ids if is_uuid(one)})
        found: dict[str, Image] = {}
        for batch in batches(wanted, _BATCH):
            found |= self._batch(batch)
            # An image that is still used but no longer offered is usually hidden, and Glance leaves hidden ones out.
            if missing := [one for one in batch if one not in found]:
                found |= self._batch(missing, ("os_hidden", "true"))
        return found

    def _batch(self, ids: list[str], *more: tuple[str, str]) -> dict[str, Image]:
        query = [("id", f"in:{','.join(ids)}"), ("visibility", "all"), ("limit", str(len(ids))), *more]
        return {str(row["id"]): _image(row) for row in self._service.listed("/v2/images", "images", query)}


def _image(row: Mapping[str, Any]) -> Image:
    return Image(id=str(row["id"]), name=str(row.get("name") or "")[:255], status=str(row.get("status") or ""))
