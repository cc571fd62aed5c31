"""Hypervisor hosts, and what is on them, as surveys saw them last. Nobody waits for a host here."""

from __future__ import annotations

from typing import Annotated, Any
from urllib.parse import quote, urlencode

from fastapi import APIRouter, Path, Query

from corral.api import render_hosts
from corral.api.context import STORABLE, Context, Ctx, Limit
from corral.api.estate import paged
from corral.domain.vm_selection import Selection
from corral.services.vm_verdicts import JudgedPart, VmPage
from corral.store.host_rows import KnownHost

router = APIRouter(prefix="/v1/hosts", tags=["hosts"])

Host = Annotated[str, Path(max_length=255, pattern=STORABLE, description="The host's id, or its name.")]
Source = Annotated[str | None, Query(max_length=63, pattern=STORABLE, description="Only of this source of hosts.")]
Name = Annotated[str | None, Query(max_length=255, pattern=STORABLE)]
After = Annotated[
    str | None, Query(max_length=320, pattern=STORABLE, description="The last entry of the page before; `next` has it.")
]
Reachable = Annotated[bool | None, Query(description="Only hosts that answer, or only those that don't.")]
Like = Annotated[str | None, Query(max_length=255, pattern=STORABLE, description="Only VMs of such a name; a glob.")]
Folder = Annotated[
    str | None,
    Query(max_length=255, pattern=STORABLE, description="Only VMs in this folder or below it; or a glob."),
]
Tag = Annotated[str | None, Query(max_length=255, pattern=STORABLE, description="Only VMs with this tag; or a glob.")]
Adoptable = Annotated[bool | None, Query(description="Only those that can, or can't, be adopted.")]
Gone = Annotated[bool, Query(description="Also what its source does not tell any more.")]


def _found(ctx: Context, host: str, source: str | None) -> KnownHost:
    ctx.check("host:show")
    return ctx.corral.hosts.get(host, source)


@router.get("", summary="List hypervisor hosts, by name", responses={404: {}})
def list_hosts(
    ctx: Ctx,
    source: Source = None,
    name: Name = None,
    reachable: Reachable = None,
    gone: Gone = False,
    limit: Limit = 100,
    marker: After = None,
) -> dict[str, Any]:
    """What they have, what of it is given to VMs, and whether they answer. One that does not is listed with why and since when."""
    ctx.check("host:list")
    found = ctx.corral.hosts.page(
        source=source, name=name, reachable=reachable, gone=gone, limit=limit + 1, marker=marker
    )
    answers = None if reachable is None else str(reachable).lower()
    asked = {"source": source, "name": name, "reachable": answers, "gone": gone}
    page, link = paged(found, limit, f"{ctx.base}/v1/hosts", asked, _after_host)
    sources = [render_hosts.source(one) for one in ctx.corral.hosts.sources() if source in (None, one.group.name)]
    return {"hosts": [render_hosts.host(one, ctx.base) for one in page], "sources": sources, **link}


@router.get("/{host}", summary="Show a hypervisor host", responses={409: {}})
def show(ctx: Ctx, host: Host, source: Source = None) -> dict[str, Any]:
    """With its pools and networks."""
    return render_hosts.host_detail(_found(ctx, host, source), ctx.base)


@router.get("/{host}/machines", summary="List the VMs of a host with their verdicts, by id", responses={409: {}})
def machines(
    ctx: Ctx,
    host: Host,
    source: Source = None,
    adoptable: Adoptable = None,
    name: Like = None,
    folder: Folder = None,
    tag: Tag = None,
    gone: Gone = False,
    limit: Limit = 100,
    marker: After = None,
) -> dict[str, Any]:
    """A VM is listed once, at the host that has it: `also_on` names others that tell of it. Verdicts rest on what surveys saw of
    all hosts of the source. With a filter a page may be shorter than `limit`, and the last one is that without `next`."""
    one = _found(ctx, host, source)
    page = ctx.corral.hosts.machines(
        source=one.host.source,
        host=one.host.id,
        which=Selection(name, folder, tag),
        adoptable=adoptable,
        gone=gone,
        limit=limit,
        marker=None if marker is None else f"{one.host.source}:{marker}",
    )
    asked = _asked(source=source, adoptable=adoptable, name=name, folder=folder, tag=tag, gone=gone or None)
    after = None if page.next is None else page.next.removeprefix(f"{one.host.source}:")
    return shown(page, "machines", _link(ctx, one, "machines"), asked, limit, after)


def _asked(**query: str | bool | None) -> dict[str, str]:
    """What was asked for, as it goes into the link to the next page."""
    return {
        key: str(value).lower() if isinstance(value, bool) else value
        for key, value in query.items()
        if value is not None
    }


def shown(page: VmPage, key: str, link: str, asked: dict[str, str], limit: int, after: str | None) -> dict[str, Any]:
    """A page of VMs; `next` leads on from the VM `after`."""
    answer: dict[str, Any] = {key: [render_hosts.machine(one) for one in page.vms]}
    if after is not None:
        answer["next"] = f"{link}?{urlencode({**asked, 'limit': limit, 'marker': after})}"
    return answer


@router.get("/{host}/volumes", summary="List the volumes that the VMs of a host use", responses={409: {}})
def volumes(ctx: Ctx, host: Host, source: Source = None, limit: Limit = 100, marker: After = None) -> dict[str, Any]:
    """Each with everything that storage may know it by."""
    one = _found(ctx, host, source)
    found = ctx.corral.hosts.volumes(one, limit=limit + 1, marker=marker)
    page, link = paged(found, limit, _link(ctx, one, "volumes"), {"source": source}, _after_held)
    return {"volumes": [render_hosts.volume(each) for each in page], **link}


@router.get("/{host}/nics", summary="List the NICs of the VMs of a host", responses={409: {}})
def nics(ctx: Ctx, host: Host, source: Source = None, limit: Limit = 100, marker: After = None) -> dict[str, Any]:
    """Each with its network, and the addresses that are known of it."""
    one = _found(ctx, host, source)
    found = ctx.corral.hosts.nics(one, limit=limit + 1, marker=marker)
    page, link = paged(found, limit, _link(ctx, one, "nics"), {"source": source}, _after_held)
    return {"nics": [render_hosts.nic(each) for each in page], **link}


@router.post("/{host}/survey", status_code=202, summary="Have a host surveyed now")
def survey(ctx: Ctx, host: Host, source: Source = None) -> dict[str, Any]:
    """Reads the host; changes nothing there. It is done when `survey_wanted_at` is null again."""
    ctx.check("host:survey")
    found = ctx.corral.hosts.survey(ctx.corral.hosts.get(host, source), ctx.actor)
    return render_hosts.host_detail(found, ctx.base)


def _link(ctx: Context, one: KnownHost, what: str) -> str:
    return f"{ctx.base}/v1/hosts/{quote(one.host.id, safe='')}/{what}"


def _after_host(one: KnownHost) -> str:
    return f"{one.host.source}:{one.host.id}"


def _after_held(one: JudgedPart) -> str:
    return f"{one.held.vm}:{one.held.position}"


everywhere = APIRouter(tags=["hosts"])


@everywhere.get("/v1/adoptable_vms", summary="List VMs of all hosts with their verdicts", responses={404: {}, 409: {}})
def adoptable_vms(
    ctx: Ctx,
    source: Source = None,
    host: Annotated[
        str | None, Query(max_length=255, pattern=STORABLE, description="Only of this host, by its id or name.")
    ] = None,
    adoptable: Adoptable = None,
    name: Like = None,
    folder: Folder = None,
    tag: Tag = None,
    limit: Limit = 100,
    marker: After = None,
) -> dict[str, Any]:
    """As `adoptable_nodes` lists nodes: one bad VM never hides the others. Out of the record of surveys, by source and id. With a
    filter a page may be shorter than `limit`, and the last one is that without `next`."""
    ctx.check("adoptable_vm:list")
    page = ctx.corral.hosts.machines(
        source=source, host=host, which=Selection(name, folder, tag), adoptable=adoptable, limit=limit, marker=marker
    )
    asked = _asked(source=source, host=host, adoptable=adoptable, name=name, folder=folder, tag=tag)
    return shown(page, "adoptable_vms", f"{ctx.base}/v1/adoptable_vms", asked, limit, page.next)


@everywhere.get("/v1/adoptable_vms/{vm}", summary="Show a VM with its verdict", responses={404: {}, 409: {}})
def adoptable_vm(
    ctx: Ctx, vm: Annotated[str, Path(max_length=255, pattern=STORABLE)], source: Source = None
) -> dict[str, Any]:
    """By its id or name, at whichever host it is."""
    ctx.check("adoptable_vm:list")
    return render_hosts.machine(ctx.corral.hosts.machine(vm, source))
