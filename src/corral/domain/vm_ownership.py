"""Whose a VM is by what is written with it, held against whose it is to become.

Rule: pure. Both owners are asked: who names a project in a request does not thereby take a VM from the project that it says it is.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator

from corral.domain.reasons import Reason, reason
from corral.domain.vm import Vm

_TAG = "project:"
May = Callable[[str], bool] | None
"""Whether who asks may adopt for a project; None: for every."""
PROJECT = re.compile(r"[A-Za-z0-9_-]{1,64}")


def said_projects(vm: Vm) -> dict[str, str]:
    """By project, what says that the VM is its: the metadata of a system that made it, a tag `project:ID`."""
    said: dict[str, str] = {}
    if PROJECT.fullmatch(vm.project):
        said[vm.project] = f"the metadata of {vm.owner or 'its hypervisor'}"
    for tag in vm.tags:
        if tag.startswith(_TAG) and PROJECT.fullmatch(tag.removeprefix(_TAG)):
            said.setdefault(tag.removeprefix(_TAG), f"tag {tag}")
    return said


def vm_project(vm: Vm, wished: str | None, caller: str) -> str:
    """The project that a server of it falls to: the one that was wished for, else the one that the VM says, else the caller's."""
    said = said_projects(vm)
    return wished or (next(iter(said)) if len(said) == 1 else caller)


def ownership_reasons(vm: Vm, project: str) -> Iterator[Reason]:
    """What speaks against giving it to that project."""
    for other, how in said_projects(vm).items():
        if other != project:
            yield reason("vm-other-project", other=other, how=how, project=project)


def rights_reasons(project: str, may: May) -> Iterator[Reason]:
    """That whoever asks may not adopt for that project."""
    if may is not None and not may(project):
        yield reason("project-forbidden", project=project)
