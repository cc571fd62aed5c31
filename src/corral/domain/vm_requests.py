"""The judgement on what is asked of a VM, beside the VM itself; and the digest of all that a plan for it rests on.

Rule: pure, as `vm_adoptability`.
"""

from __future__ import annotations

from collections.abc import Iterator

from corral.domain.digest import digest, plain
from corral.domain.reasons import Reason, reason
from corral.domain.server import Flavor, ManageRequest
from corral.domain.vm import Vm

_MOVING = frozenset({"source", "host", "host_name", "run", "agent", "notes", "metadata"})
"""What a VM may have another one of from one moment to the next while it stays what it is."""
_USE = frozenset({"used", "addresses", "device"})
"""Of its disks and NICs, likewise."""


def vm_request_reasons(
    request: ManageRequest, flavor: Flavor | None, project: str, *, mark: str | None = None, own: str | None = None
) -> Iterator[Reason]:
    """Why a VM can't be adopted as `request` asks. `mark`: the server whose mark it bears; `own`: the one that is being made."""
    if request.networks:
        yield reason("vm-networks")
    if mark is not None and mark != own:
        yield reason("vm-marked", server=mark)
    if not request.flavor:
        return
    if flavor is None:
        yield reason("flavor-not-found", flavor=request.flavor)
        return
    if flavor.disabled:
        yield reason("flavor-disabled", flavor=flavor.name)
    if not flavor.allows(project):
        yield reason("flavor-private", flavor=flavor.name, project=project)


def vm_basis(vm: Vm, flavor: Flavor | None) -> str:
    """The digest of everything that the judgement on one VM rests on. A move to another host, a restart, or a disk that fills up
    leaves it as it is."""
    told = {key: value for key, value in plain(vm).items() if key not in _MOVING}
    for parts in ("disks", "nics"):
        told[parts] = [{key: value for key, value in one.items() if key not in _USE} for one in told[parts]]
    terms = None if flavor is None else [flavor.uuid, flavor.disabled, flavor.is_public, sorted(flavor.projects)]
    return digest({"vm": told, "flavor": terms})
