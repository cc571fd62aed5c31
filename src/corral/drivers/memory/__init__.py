"""A source in memory, for demonstrations and tests: the Ironic driver's own code over a small Ironic, Neutron and Glance.

Rule: it answers as the real ones do (tests/contract holds both to one suite), passes the same border with the same names of
services, and can be told to fail at any call. So what works here, and what breaks, does so for the same reasons.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from corral.contracts.sources import Source
from corral.domain.errors import Invalid
from corral.drivers.memory.fleet import demo, synthetic
from corral.drivers.memory.source import MemorySource
from corral.drivers.memory.wire import Answered, Postponed
from corral.drivers.memory.world import World

__all__ = ["Answered", "MemorySource", "Postponed", "World", "open_source"]

_MOST = 200_000


def open_source(name: str, options: Mapping[str, Any]) -> Source:
    """`machines`: how many free machines of one kind there are (default 0). `demo`: whether the demonstration's fleet,
    one machine for every interesting case, is there too (default: only if `machines` is not given)."""
    unknown = sorted(set(options) - {"machines", "demo"})
    if unknown:
        raise Invalid(f"The source's option '{unknown[0]}' is not known.", fix="Known are: demo, machines.")
    count, wanted = options.get("machines", 0), options.get("demo", "machines" not in options)
    if isinstance(count, bool) or not isinstance(count, int) or not 0 <= count <= _MOST:
        raise Invalid(f"The source's option 'machines' must be a number from 0 to {_MOST}.")
    if not isinstance(wanted, bool):
        raise Invalid("The source's option 'demo' must be true or false.")
    memory = MemorySource(name)
    if wanted:
        demo(memory.world)
    synthetic(memory.world, count)
    return memory.source
