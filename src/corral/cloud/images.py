"""Images in Glance, looked up by id. Reads only."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable, Mapping
from typing import Any

from corral.cloud.wire import Service, batches
from corral.domain.machine import Image, is_uuid

_BATCH = 50
_BELIEVED_FOR = 5.0
"""Seconds for which an image that was found is taken to exist: hundreds of machines run the same one. All that rests on it is
what the record says of the image."""


class GlanceImages:
    """`contracts.cloud.Images` over Glance."""

    def __init__(self, service: Service, clock: Callable[[], float] = time.monotonic) -> None:
        self._service = service
        self._clock = clock
        self._known: dict[str, tuple[float, Image]] = {}

    def images(self, ids: Iterable[str]) -> Mapping[str, Image]:
        wanted, now = {one.lower() for one in ids if is_uuid(one)}, self._clock()
        known = {one: entry for one, entry in self._known.items() if entry[0] > now}
        asked = self._ask(sorted(wanted - known.keys()))
        # Replaced, never changed: other threads may be reading it.
        self._known = known | {one: (now + _BELIEVED_FOR, image) for one, image in asked.items()}
        return {one: known[one][1] for one in wanted & known.keys()} | asked

    def _ask(self, wanted: list[str]) -> dict[str, Image]:
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
