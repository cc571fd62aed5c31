"""Hypervisor hosts, and what is on them, as surveys saw them last. Nobody waits for a host here."""

from __future__ import annotations

from typing import Annotated, Any
from urllib.parse import quote

from fastapi import APIRouter, Path, Query

from corral.api import render_hosts
from corral.api.context import STORABLE, Context, Ctx, Limit
from corral.api.estate import paged
from corral.store.host_rows import Held, KnownHost, KnownVm

router = APIRouter(prefix="/v1/hosts", tags=["hosts"])

Host = Annotated[str, Path(max_length=255, pattern=STORABLE, description="The host's id, or its name.")]
Source = Annotated[str | None, Query(max_length=63, pattern=STORABLE, description="Only of this source of hosts.")]
Name = Annotated[str | None, Query(max_length=255, pattern=STORABLE)]
After = Annotated[
    str | None, Query(max_length=320, pattern=STORABLE, description="The last entry of the page before; `next` has it.")
]
Reachable = Annotated[bool | None, Query(description="Only hosts that answer, or only those that don't.")]
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


@router.get("/{host}/machines", summary="List the VMs of a host, by id", responses={409: {}})
def machines(
    ctx: Ctx, host: Host, source: Source = None, gone: Gone = False, limit: Limit = 100, marker: After = None
) -> dict[str, Any]:
    """A VM is listed once, at the host that has it: `also_on` names others that tell of it."""
    one = _found(ctx, host, source)
    found = ctx.corral.hosts.machines(one, gone=gone, limit=limit + 1, marker=marker)
    page, link = paged(found, limit, _link(ctx, one, "machines"), {"source": source, "gone": gone}, _after_machine)
    return {"machines": [render_hosts.machine(each) for each in page], **link}


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


def _after_machine(one: KnownVm) -> str:
    return one.vm.id


def _after_held(one: Held) -> str:
    return f"{one.vm}:{one.position}"
