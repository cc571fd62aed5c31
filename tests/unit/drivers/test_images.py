"""Images are believed to exist for a moment, and no longer."""

from __future__ import annotations

from corral.cloud.images import GlanceImages
from corral.cloud.wire import Service
from corral.domain.machine import Image
from corral.drivers.memory import MemorySource

HERE, NOT_YET = "11111111-1111-4111-8111-000000000001", "11111111-1111-4111-8111-000000000002"


def test_an_image_that_was_found_is_not_asked_for_again_within_seconds_and_one_that_was_not_is() -> None:
    now = [100.0]
    memory = MemorySource("m", images=[Image(HERE, "debian")])
    images = GlanceImages(Service(memory.wire, "image"), lambda: now[0])
    asked: list[str] = []
    memory.faults = lambda told: asked.append(told) if told.startswith("before") else None

    assert set(images.images([HERE])) == {HERE}
    assert len(asked) == 1
    assert set(images.images([HERE.upper()])) == {HERE}
    assert len(asked) == 1

    assert set(images.images([HERE, NOT_YET])) == {HERE}
    memory.world.add([Image(NOT_YET, "late")])
    assert set(images.images([HERE, NOT_YET])) == {HERE, NOT_YET}

    del memory.world.images[HERE]
    now[0] += 6
    assert set(images.images([HERE])) == set()
    memory.source.close()
