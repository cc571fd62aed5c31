"""manage, version 1: the machine was protected in a step of its own after the claim, and read back before it was verified.

What a release of that time has done is believed, and what it has not done is done as today. Only its snapshots are too little
to rest a first attempt on, so each step looks at the world before it acts.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, cast

from corral.engine import Flow, Json, Run, Step
from corral.flows import manage
from corral.flows.env import Env, unchanged


class _AsNow:
    """A run of version 1 as the steps of today see it."""

    def __init__(self, run: Run[Env]) -> None:
        self._run = run
        self.attempt = max(run.attempt, 2)

    @property
    def results(self) -> Mapping[str, Any]:
        """Today `verify` gives what `read_back` gave."""
        found = self._run.results
        return {**found, "verify": found["read_back"]} if "read_back" in found else found

    def __getattr__(self, name: str) -> Any:
        return getattr(self._run, name)


def _as_now(do: Callable[[Run[Env]], Json | None]) -> Callable[[Run[Env]], Json | None]:
    return lambda run: do(cast(Run[Env], _AsNow(run)))


def verify(run: Run[Env]) -> None:
    """Hold the fingerprint against the one from before."""
    unchanged(run, run.results["observe"]["before"])


FLOW: Flow[Env] = Flow(
    name="manage",
    version=1,
    steps=(
        Step("observe", "Observe and check the machine", manage.observe, undo=manage.settle),
        Step("claim", "Claim the machine", _as_now(manage.claim), undo=manage.unclaim),
        # Claiming again completes a claim; it is undone with it.
        Step("protect", "Protect it at the source", _as_now(manage.claim), undo=None),
        Step("bind", "Bind existing ports", _as_now(manage.bind), undo=manage.unbind),
        Step("create_ports", "Create and plug new ports", _as_now(manage.create_ports), undo=manage.remove_ports),
        Step("read_back", "Read the network back", _as_now(manage.verify), undo=None),  # only reads
        Step("verify", "Verify that nothing was disturbed", verify, undo=None),  # only reads
        Step("activate", "Complete the record", _as_now(manage.activate), undo=None),
    ),
    on_start=manage.announce,
    on_success=manage.finish,
    on_reverted=manage.forget,
)
