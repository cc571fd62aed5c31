"""One opened source of hosts for the surveyor and for flows: opened once, anew when its settings changed, closed by the last."""

from __future__ import annotations

from dataclasses import replace

import pytest

from corral.contracts.hosts import HostSource
from corral.domain.errors import Invalid, NotSupported
from corral.drivers.memory.hosts import MemoryHosts
from corral.services.surveyor import HostGroup
from corral.wiring.shared_hosts import SharedHosts


class Settings:
    """What a group opens, and what became of it. `wrong`: it can't be opened now."""

    def __init__(self) -> None:
        self.number = 0
        self.opened: list[int] = []
        self.closed: list[int] = []
        self.wrong = False

    def shared(self) -> SharedHosts:
        return SharedHosts(HostGroup("racks", "memory", 60.0, self._open, lambda: self.number))

    def _open(self) -> HostSource:
        if self.wrong:
            raise Invalid("No host is named.")
        mine = self.number
        self.opened.append(mine)
        return replace(MemoryHosts("racks").source, close=lambda: self.closed.append(mine))


def test_the_surveyor_and_flows_have_the_same_hosts() -> None:
    settings = Settings()
    shared = settings.shared()
    surveyed = shared.group.open()
    with shared.hypervisor.use() as used, shared.use() as again:
        assert used.hosts is surveyed.hosts is again.hosts
    assert (settings.opened, settings.closed) == ([0], [])
    surveyed.close()
    surveyed.close()
    assert settings.closed == []
    shared.close()
    assert settings.closed == [0]


def test_former_hosts_are_let_go_of_by_the_last_who_uses_them() -> None:
    settings = Settings()
    shared = settings.shared()
    surveyed = shared.group.open()
    with shared.use():
        settings.number = 1
        newer = shared.group.open()
        surveyed.close()
        assert settings.closed == []
    assert (settings.opened, settings.closed) == ([0, 1], [0])
    newer.close()
    shared.close()
    assert settings.closed == [0, 1]


def test_a_flow_sees_changed_settings_before_the_next_survey_does() -> None:
    settings = Settings()
    shared = settings.shared()
    surveyed = shared.group.open()
    settings.number = 1
    with shared.use() as used:
        assert used.hosts is not surveyed.hosts
    assert shared.group.open().hosts is used.hosts
    assert settings.opened == [0, 1]


def test_changed_settings_that_cannot_be_used_change_nothing_for_flows_and_are_told_to_the_surveyor() -> None:
    settings = Settings()
    shared = settings.shared()
    surveyed = shared.group.open()
    settings.number, settings.wrong = 1, True
    with shared.use() as used:
        assert used.hosts is surveyed.hosts
    with pytest.raises(Invalid):
        shared.group.open()
    settings.number, settings.wrong = 2, False
    with shared.use() as used:
        assert used.hosts is not surveyed.hosts


def test_a_driver_without_a_capability_says_so() -> None:
    bare = SharedHosts(HostGroup("racks", "paper", 60.0, lambda: HostSource("racks", "paper", object()))).hypervisor  # type: ignore[arg-type]
    for capability in (bare.vms, bare.switches, bare.consoles):
        with pytest.raises(NotSupported, match="paper"), capability():
            pass
