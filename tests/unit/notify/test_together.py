"""Several buses as one."""

from __future__ import annotations

from collections.abc import Callable, Collection

from corral.contracts.watching import Hears
from corral.notify.together import Together


class OneBus:
    def __init__(self) -> None:
        self.heard: Hears = lambda _machines, _parts=(), /: None
        self.told: Callable[[str], None] = lambda _why: None
        self.ended = False

    def listen(self, heard: Hears, told: Callable[[str], None]) -> Callable[[], None]:
        self.heard, self.told = heard, told

        def end() -> None:
            self.ended = True

        return end


def test_what_any_bus_announces_is_heard_and_it_hears_when_all_do() -> None:
    buses = OneBus(), OneBus()
    heard: list[tuple[Collection[str], Collection[str]]] = []
    told: list[str] = []
    stop = Together(buses).listen(lambda machines, parts=(), /: heard.append((machines, parts)), told.append)
    buses[0].told("")
    assert told[-1], "the other one is not connected yet"
    buses[1].told("")
    assert told[-1] == ""
    buses[0].heard(("a",))
    buses[1].heard((), ("b",))
    assert heard == [(("a",), ()), ((), ("b",))]
    buses[0].told("one:5672: refused")
    buses[1].told("two:5672: refused")
    assert told[-1] == "one:5672: refused two:5672: refused"
    buses[0].told("")
    assert told[-1] == "two:5672: refused"
    stop()
    assert [bus.ended for bus in buses] == [True, True]
