"""Hints of hosts in memory: given by the levers that change something, unless they are to be lost."""

from __future__ import annotations

from collections.abc import Callable

from corral.contracts.watching import Hint


class Hinting:
    """`contracts.watching.Watches`. `lost`: what happens from now on is not heard of."""

    lost = False
    _heard: Callable[[Hint], None] | None = None

    def watch(self, heard: Callable[[Hint], None]) -> Callable[[], None]:
        self._heard = heard

        def stop() -> None:
            self._heard = None

        return stop

    def hint(self, host: str, machine: str = "") -> None:
        """Say that something changed there, whether it did or not."""
        heard = self._heard
        if heard is not None and not self.lost:
            heard(Hint(host, machine))
