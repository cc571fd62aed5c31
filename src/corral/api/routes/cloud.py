"""What hypervisors have and Cinder and Neutron don't know: matched, planned, recorded where it is, and taken back."""

from __future__ import annotations

from typing import Annotated, Any

from fastapi import APIRouter, Path, Query
from pydantic import BaseModel, ConfigDict, Field

from corral.api import render_cloud, render_operations
from corral.api.context import STORABLE, Context, Ctx, Limit
from corral.api.estate import paged
from corral.domain.gaps import CloudRecord, Kind
from corral.domain.gaps_nova import nova_needs
from corral.engine import Operation
from corral.services.gaps import GapPlan, Wish
from corral.store.cloud_records import RecordFilter

router = APIRouter(tags=["cloud"])

Host = Annotated[str, Path(max_length=255, pattern=STORABLE, description="The host's id, or its name.")]
Machine = Annotated[str, Path(max_length=255, pattern=STORABLE, description="The VM's id, or its name.")]
Source = Annotated[str | None, Query(max_length=63, pattern=STORABLE, description="Only of this source of hosts.")]
Ident = Annotated[str, Field(max_length=255, pattern=STORABLE)]
Uuid = Annotated[str, Field(pattern=r"^[0-9a-fA-F]{8}(-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}$")]
_MOST = 1000


class GapWish(BaseModel):
    """Which gaps: of all VMs of a host, or of some."""

    model_config = ConfigDict(extra="forbid")

    host: Ident = Field(description="Id or name of a host.")
    source: str | None = Field(None, max_length=63, pattern=STORABLE, description="Its source.")
    machines: list[Ident] = Field(default_factory=list, max_length=_MOST, description="Ids of VMs; none: all of them.")
    kinds: list[Kind] = Field(
        default_factory=lambda: list(Kind), min_length=1, max_length=2, description="Disks, NICs, or both."
    )
    project: str | None = Field(
        None, pattern=r"^[A-Za-z0-9_-]{1,64}$", description="The project of VMs that are not adopted, by its id."
    )
    mapping: dict[str, Any] = Field(
        default_factory=dict, description="Rules: `networks`, `volumes`, `project`, `projects`."
    )


class Filling(GapWish):
    """A plan to carry out."""

    digest: str = Field(pattern=r"^[0-9a-f]{64}$", description="That of the plan that was looked at.")


class Reverting(BaseModel):
    """Records to take back."""

    model_config = ConfigDict(extra="forbid")

    records: list[Uuid] = Field(min_length=1, max_length=_MOST, description="Their ids.")


@router.get(
    "/v1/hosts/{host}/volumes/matches",
    summary="Match the disks on a host with volumes that Cinder could manage",
    responses={409: {}, 501: {}},
)
def matches(ctx: Ctx, host: Host, source: Source = None) -> dict[str, Any]:
    """By everything that the hypervisor and a backend both tell. Reads Cinder; more than one candidate is an ambiguity."""
    ctx.check("cloud:show")
    found = ctx.corral.gaps.matches(ctx.corral.hosts.get(host, source))
    return {"matches": [render_cloud.match(vm, one) for vm, one in found]}


@router.get(
    "/v1/hosts/{host}/machines/{machine}/nova",
    summary="Tell what Nova would need to have a VM",
    responses={409: {}},
)
def needs(
    ctx: Ctx,
    host: Host,
    machine: Machine,
    source: Source = None,
    images_type: Annotated[
        str, Query(pattern=r"^[a-z0-9]{0,16}$", description="That of the compute service: raw, qcow2, …")
    ] = "",
) -> dict[str, Any]:
    """A report of what surveys saw. Nothing is asked of Nova, and nothing is written to it."""
    ctx.check("host:show")
    one = ctx.corral.hosts.get(host, source)
    vm = ctx.corral.gaps.vm(one, machine)
    return render_cloud.needs(vm, nova_needs(vm, one.host, images_type))


@router.post("/v1/cloud/plans", summary="Plan what would be recorded in Cinder and Neutron", responses={501: {}})
def plan(ctx: Ctx, body: GapWish) -> dict[str, Any]:
    """A dry run: `wanted` is what would be sent, word for word. Reads only, and is not kept."""
    ctx.check("cloud:show")
    return render_cloud.plan(_planned(ctx, body)[1])


@router.post(
    "/v1/cloud/records", status_code=202, summary="Record volumes and NICs where they are", responses={501: {}}
)
def fill(ctx: Ctx, body: Filling) -> dict[str, Any]:
    """Carries a plan out, an operation for each VM. Refused with 409 when another plan would come out now."""
    ctx.check("cloud:fill")
    if before := ctx.corral.gaps.filled(ctx.key, ctx.actor):
        return _started(ctx, before)
    wish, found = _planned(ctx, body)
    # Whoever gives a VM's volumes and ports to a project must be allowed to in that project too.
    for project in sorted(found.projects):
        ctx.check("cloud:fill", project)
    return _started(ctx, ctx.corral.gaps.fill(wish, found, body.digest, ctx.actor, key=ctx.key))


@router.get("/v1/cloud/records", summary="List what was recorded in Cinder and Neutron")
def records(
    ctx: Ctx,
    source: Source = None,
    host: Annotated[str | None, Query(max_length=255, pattern=STORABLE, description="Id of a host.")] = None,
    machine: Annotated[str | None, Query(max_length=255, pattern=STORABLE, description="Id of a VM.")] = None,
    kind: Kind | None = None,
    limit: Limit = 100,
    marker: Annotated[str | None, Query(max_length=36, pattern=STORABLE)] = None,
) -> dict[str, Any]:
    ctx.check("cloud:show")
    where = RecordFilter(source=source, host=host, vm=machine, kind=kind)
    found = ctx.corral.gaps.records(where, limit=limit + 1, marker=marker)
    if source is not None and not found:
        # A source may be gone from the settings and still have records; one that has neither was misspelt.
        ctx.corral.hosts.check(source)
    asked = {"source": source, "host": host, "machine": machine, "kind": kind}
    page, link = paged(found, limit, f"{ctx.base}/v1/cloud/records", asked)
    return {"records": [render_cloud.record(one) for one in page], **link}


@router.post("/v1/cloud/records/revert", status_code=202, summary="Take records back", responses={501: {}})
def revert(ctx: Ctx, body: Reverting) -> dict[str, Any]:
    """Ports are deleted, attachments taken back, and Cinder forgets the volumes, which stay where they are."""
    ctx.check("cloud:revert")
    if before := ctx.corral.gaps.reverted(ctx.key, ctx.actor):
        return _started(ctx, before)
    found: list[CloudRecord] = ctx.corral.gaps.chosen(sorted({one.lower() for one in body.records}))
    for project in sorted({one.project for one in found}):
        ctx.check("cloud:revert", project)
    return _started(ctx, ctx.corral.gaps.revert(found, ctx.actor, key=ctx.key))


def _planned(ctx: Context, body: GapWish) -> tuple[Wish, GapPlan]:
    wish = Wish(
        host=ctx.corral.hosts.get(body.host, body.source),
        machines=tuple(body.machines),
        kinds=frozenset(body.kinds),
        rules=body.mapping,
        project=body.project or "",
    )
    return wish, ctx.corral.gaps.plan(wish)


def _started(ctx: Context, operations: list[Operation]) -> dict[str, Any]:
    return {"operations": [render_operations.operation(one, ctx.base) for one in operations]}
