"""The survey record as synchronization reads it: digests of all VMs of a source, and the whole of those whose digest is new."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

import sqlalchemy as sa

from corral.engine import read
from corral.store.host_rows import KnownVm
from corral.store.host_tables import host_sources, hosts, vm_seconds, vms
from corral.store.tables import servers
from corral.store.vm_records import VmRecords

_BATCH = 2000
_NAMED = 500
_ON_ITS_WAY = sa.exists().where(vm_seconds.c.source == vms.c.source, vm_seconds.c.vm == vms.c.id).label("moving")
"""Whether other hosts tell of the VM too. Where it is, is not compared then, and has to be when only one host is left."""


class SurveyedVms:
    """What surveys saw of VMs."""

    def __init__(self, sql: sa.Engine, records: VmRecords) -> None:
        self._sql = sql
        self._records = records

    def problem(self, source: str) -> str:
        """Why the last survey of a source did not come to its end, or that there was none yet; "" when it did."""
        query = sa.select(host_sources.c.problem, host_sources.c.surveyed_at).where(host_sources.c.name == source)
        with read(self._sql) as conn:
            row = conn.execute(query).first()
        if row is None or row.surveyed_at is None:
            return "there was none yet."
        return row.problem or ""

    def stamps(self, source: str) -> Iterator[tuple[str, str, str]]:
        """Every VM that is there: id, digest of all that is told of it, and why its host does not answer ("" when it does)."""
        silent = self._silent(source)
        after = ""
        while True:
            here = sa.and_(vms.c.source == source, vms.c.id > after, vms.c.gone_since.is_(None))
            query = sa.select(vms.c.id, vms.c.digest, vms.c.host, _ON_ITS_WAY).where(here)
            with read(self._sql) as conn:
                page = conn.execute(query.order_by(vms.c.id).limit(_BATCH)).all()
            for row in page:
                yield row.id, _stamp(row), silent.get(row.host, "")
            if len(page) < _BATCH:
                return
            after = page[-1].id

    def stamps_of(self, source: str, ids: Sequence[str]) -> Iterator[tuple[str, str, str]]:
        """As `stamps`, of these VMs."""
        silent = self._silent(source)
        for start in range(0, len(ids), _NAMED):
            here = sa.and_(
                vms.c.source == source, vms.c.id.in_(ids[start : start + _NAMED]), vms.c.gone_since.is_(None)
            )
            with read(self._sql) as conn:
                page = conn.execute(sa.select(vms.c.id, vms.c.digest, vms.c.host, _ON_ITS_WAY).where(here)).all()
            for row in page:
                yield row.id, _stamp(row), silent.get(row.host, "")

    def unmanaged(self, source: str, ids: Sequence[str] | None = None) -> dict[str, str]:
        """The VMs that are there and no servers, of these or of all: their names, by id."""
        mine = sa.and_(servers.c.source == vms.c.source, servers.c.machine == vms.c.id)
        here = sa.and_(vms.c.source == source, vms.c.gone_since.is_(None), servers.c.uuid.is_(None))
        query = sa.select(vms.c.id, vms.c.name).outerjoin_from(vms, servers, mine).where(here)
        found: dict[str, str] = {}
        with read(self._sql) as conn:
            for some in [None] if ids is None else [ids[at : at + _NAMED] for at in range(0, len(ids), _NAMED)]:
                rows = conn.execute(query if some is None else query.where(vms.c.id.in_(some)))
                found |= {row.id: row.name or row.id for row in rows}
        return found

    def named(self, source: str, ids: Sequence[str]) -> dict[str, KnownVm]:
        """Those of these VMs that are on record, whole, by id."""
        return self._records.named(source, ids)

    def _silent(self, source: str) -> dict[str, str]:
        bad = sa.or_(hosts.c.problem.is_not(None), hosts.c.stale_since.is_not(None))
        query = sa.select(hosts.c.id, hosts.c.problem).where(hosts.c.source == source, bad)
        with read(self._sql) as conn:
            return {row.id: row.problem or "its host does not answer" for row in conn.execute(query)}


def _stamp(row: sa.Row[Any]) -> str:
    """Another one also when the VM has come to its new host, and nothing else about it has changed."""
    return f"{row.digest}+" if row.moving else str(row.digest)
