"""Leaks: what sources and record don't both explain; and repairing what is certainly ours."""

from __future__ import annotations

from typing import Annotated, Any

from fastapi import APIRouter, Query
from pydantic import BaseModel, ConfigDict, Field

from corral.api import render_operations
from corral.api.context import STORABLE, Ctx
from corral.domain.leak_kinds import Leak
from corral.services.leaks import Mending, Scan

router = APIRouter(prefix="/v1/leaks", tags=["leaks"])
_INSTALLATION = r"^[0-9a-fA-F]{12}$"
Source = Annotated[str | None, Query(max_length=63, pattern=STORABLE, description="Only this source.")]
Installation = Annotated[
    str | None,
    Query(
        pattern=_INSTALLATION, description="Treat the marks of this installation as this Corral's own. Wants a source."
    ),
]


class Fix(BaseModel):
    """What to repair: everything that is fixable, or that of one source."""

    model_config = ConfigDict(extra="forbid")

    source: str | None = Field(None, max_length=63, pattern=STORABLE, description="Only at this source.")
    installation: str | None = Field(
        None,
        pattern=_INSTALLATION,
        description="Also what bears the mark of this installation, which nothing says is this one. Wants a source.",
    )


@router.get("", summary="Look for leaks")
def scan(ctx: Ctx, source: Source = None, installation: Installation = None) -> dict[str, Any]:
    """Reads every source, or one, in lists. What an operation moves right now is no leak. `sources` tells which were looked at."""
    ctx.check("leak:list")
    return _scan(ctx.corral.leaks.scan(source, told=installation))


@router.post("/fix", status_code=202, summary="Repair the leaks that are certainly ours")
def fix(ctx: Ctx, body: Fix) -> dict[str, Any]:
    """Looks, then repairs what is `fixable`: at a source by an operation each, in the record at once. Never touches power or disks,
    nor the claim of a server that exists."""
    ctx.check("leak:fix")
    found, mended = ctx.corral.leaks.fix(ctx.actor, body.source, told=body.installation)
    return {**_scan(found), "mended": [_mending(one, ctx.base) for one in mended]}


def _scan(one: Scan) -> dict[str, Any]:
    return {
        "leaks": [_leak(found) for found in one.leaks],
        "sources": [
            {"name": name, "looked_at": name not in one.problems, "problem": one.problems.get(name)}
            for name in one.sources
        ],
        "installation": one.installation,
    }


def _leak(one: Leak) -> dict[str, Any]:
    return {
        "kind": str(one.kind),
        "source": one.source or None,
        "subject": one.subject,
        "server_uuid": one.owner,
        "node_uuid": one.machine,
        "what": one.what,
        "fix": one.fix,
        "fixable": one.fixable,
        "installation": one.installation,
    }


def _mending(one: Mending, base: str) -> dict[str, Any]:
    operation = None if one.operation is None else render_operations.operation(one.operation, base)
    return {"kind": str(one.leak.kind), "subject": one.leak.subject, "operation": operation, "problem": one.problem}
