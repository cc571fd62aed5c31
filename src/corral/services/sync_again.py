"""What is looked at again when a correction has ended, well or not: a source may have made more of it, or less, than it was told.

Rule: it asks for looks that cost about what the correction did. Where nobody hears it nothing is lost but time: the next pass, or
survey, sees the same.
"""

from __future__ import annotations

from collections.abc import Callable, Collection

from corral.domain.drift import Field
from corral.domain.sync_cloud import LASTING
from corral.store.vm_records import VmRecords


class LookAgain:
    """What `Env.look_again` is. `survey(source, host)` has a host looked at; `glance(source, machines)` these machines."""

    def __init__(
        self,
        vms: VmRecords,
        survey: Callable[[str, str], None],
        glance: Callable[[str, Collection[str]], None],
    ) -> None:
        self._vms = vms
        self._survey = survey
        self._glance = glance

    def __call__(self, source: str, machine: str, fields: Collection[Field]) -> None:
        """A machine that was told these fields, or should have been."""
        known = self._vms.named(source, [machine]).get(machine)
        # What a VM is comes with surveys: a glance at what they wrote before the correction would find it undone.
        if known is not None and not LASTING.issuperset(fields):
            self._survey(source, known.vm.host)
        else:
            self._glance(source, [machine])
