"""Which of the hosts that tell of a VM has it: a VM is recorded once, and a move is told from what a move left behind.

Rule: pure. The same sightings lead to the same host, in whichever order hosts answer, as soon as all have.
"""

from __future__ import annotations

from corral.domain.vm import RunState

_RANK = {RunState.RUNNING: 3, RunState.STOPPING: 3, RunState.PAUSED: 2, RunState.SUSPENDED: 2}
"""A migration's other end is paused, what it left behind is off."""


def takes(seen: RunState, recorded: RunState, *, known: bool) -> bool:
    """Whether a host that tells of a VM takes it over from the host on which it is recorded.

    `seen` and `recorded`: its state there and here. `known`: whether it was told there before: then the record decided already,
    and only a change of state does so again. Otherwise two hosts would take it from each other at each survey."""
    there, here = _RANK.get(seen, 1), _RANK.get(recorded, 1)
    return there > here or (there == here and not known)
