"""A fleet in memory that announces on a bus in memory, with passes that come only when they must."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from sync_bench import QUICK, Bench

from corral import config
from corral.contracts.watching import Hears
from corral.services.drift import SyncedSource
from corral.wiring import Corral, build
from tests.waiting import until

SELDOM = {"every": 3600, "at_most": 3600}


class Announcer:
    """A bus in memory: what is announced is heard by whoever listens."""

    def __init__(self) -> None:
        self.heard: Hears | None = None
        self.told: Callable[[str], None] | None = None
        self.ends = 0

    def listen(self, heard: Hears, told: Callable[[str], None]) -> Callable[[], None]:
        self.heard, self.told = heard, told
        told("")

        def end() -> None:
            self.ends += 1

        return end

    def announce(self, *machines: str) -> None:
        assert self.heard is not None
        for machine in machines:
            self.heard((machine,))

    def announce_parts(self, *parts: str) -> None:
        """Ports and volumes, each by itself."""
        assert self.heard is not None
        for part in parts:
            self.heard((), (part,))

    def lose(self, why: str) -> None:
        assert self.told is not None
        self.told(why)


class HearingBench(Bench):
    """With a bus, and passes of its own that come only when they must."""

    def _build(self, policy: Mapping[str, Any]) -> Corral:
        self.bus = Announcer()
        super()._build(policy).stop()  # wrote the policy
        return build(
            config.Settings(
                data_dir=self.folder, sync=config.SyncSettings(policy_file=self.folder / "policy.yaml"), workers=2
            ),
            sources={"lab": self.source},
            hosts=(),
            buses={"lab": self.bus},
            emit=lambda event, payload, **_more: self.events.append((event, payload.as_json())),
            clock=self.clock,
            sleep=lambda _seconds: None,
            back_off=QUICK,
        )

    def begin(self) -> None:
        """Synchronize, and wait until the first pass is over and the bus is heard."""
        self.corral.synchronizer.start()
        until(lambda: self.state().ended_at is not None and self.state().hears is True)

    def synced(self) -> SyncedSource:
        return self.corral.drift.source("lab")

    def state(self) -> Any:
        return self.synced().state
