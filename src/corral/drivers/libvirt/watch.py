"""What libvirt's events come to: hints. They come over the connections that looks use; a lost connection is one, too.

A host is heard of while the connection to it holds: it is opened by the first look, and after a loss by the look that the loss
itself leads to, or by the next survey.
"""

from __future__ import annotations

import threading
from collections.abc import Callable

from corral.contracts.watching import Hint
from corral.drivers.libvirt.link import Link
from corral.drivers.libvirt.look import Looker


class Ear:
    """Tells whoever watches; libvirt's own thread calls it, and must not wait."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._heard: Callable[[Hint], None] | None = None

    def listen(self, link: Link, looker: Looker) -> None:
        """Hear of what happens at that host."""
        name = link.place.name

        def changed(uuid: str) -> None:
            looker.changed(uuid)  # first: whoever is told may look at once
            self._tell(Hint(name, uuid))

        def lost() -> None:
            looker.missed()
            self._tell(Hint(name))

        link.on_change, link.on_loss = changed, lost

    def watch(self, heard: Callable[[Hint], None]) -> Callable[[], None]:
        """As `contracts.watching.Watches`."""
        with self._lock:
            self._heard = heard
        return self._stop

    def _stop(self) -> None:
        with self._lock:
            self._heard = None

    def _tell(self, hint: Hint) -> None:
        with self._lock:
            heard = self._heard
        if heard is not None:
            heard(hint)
