"""TaskFlow's Redis board, asked for free jobs in two requests: the stock one would have the conductor try to claim each."""

from __future__ import annotations

from typing import Any

from taskflow.jobs.backends.impl_redis import RedisJobBoard


class RedisBoard(RedisJobBoard):  # type: ignore[misc]  # TaskFlow is untyped
    """A board that tells free jobs from claimed ones."""

    def free_jobs(self) -> list[Any]:
        """The jobs that nobody claimed, in order of posting."""
        jobs = self.all_jobs()
        if not jobs:
            return []
        owners = self._client.mget([self.join(job.key + self.OWNED_POSTFIX) for job in jobs])
        return [job for job, owner in zip(jobs, owners, strict=True) if owner is None]

    def all_jobs(self) -> list[Any]:
        """All jobs, claimed or not, in order of posting."""
        return sorted(self._fetch_jobs(), key=lambda job: job.sequence)
