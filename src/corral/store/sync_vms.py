"""The survey record as synchronization reads it: digests of all VMs of a source, and the whole of those whose digest is new."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import sqlalchemy as sa

from corral.engine import read
from corral.store.host_rows import KnownVm
from corral.store.host_tables import host_sources, hosts, vms
from corral.store.vm_records import VmRecords

_BATCH = 2000


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
            query = sa.select(vms.c.id, vms.c.digest, vms.c.host).where(here).order_by(vms.c.id).limit(_BATCH)
            with read(self._sql) as conn:
                page = conn.execute(query).all()
            for row in page:
                yield row.id, row.digest, silent.get(row.host, "")
            if len(page) < _BATCH:
                return
            after = page[-1].id

    def named(self, source: str, ids: Sequence[str]) -> dict[str, KnownVm]:
        """Those of these VMs that are on record, whole, by id."""
        return self._records.named(source, ids)

    def _silent(self, source: str) -> dict[str, str]:
        bad = sa.or_(hosts.c.problem.is_not(None), hosts.c.stale_since.is_not(None))
        query = sa.select(hosts.c.id, hosts.c.problem).where(hosts.c.source == source, bad)
        with read(self._sql) as conn:
            return {row.id: row.problem or "its host does not answer" for row in conn.execute(query)}
