"""TaskFlow's etcd board without its watch.

The stock board keeps its list by a watch in a thread of its own. When etcd restarts, the watch ends, the thread spins at full
speed, and the list stays as it was. It also remembers a job's lease across claims, and then renews the wrong one. Here the list
is read when it is wanted.
"""

from __future__ import annotations

from typing import Any

import etcd3gw
from taskflow.jobs.backends.impl_etcd import EtcdJobBoard


class EtcdBoard(EtcdJobBoard):  # type: ignore[misc]  # TaskFlow is untyped
    """A board that asks etcd each time."""

    def connect(self) -> None:
        """Make a client, and see whether etcd answers."""
        known = {name: kind(self._conf[name]) for name, kind in self.ETCD_CONFIG_OPTIONS if name in self._conf}
        client = etcd3gw.Etcd3Client(**known)
        client.status()
        self._client = client

    def close(self) -> None:
        """Nothing to end: requests are made one by one, and no thread waits for answers."""

    def claim(self, job: Any, who: str, expiry: float | None = None) -> None:
        """Claim, forgetting the lease of an earlier claim."""
        job._lease = None
        super().claim(job, who, expiry=expiry)

    def free_jobs(self) -> list[Any]:
        """The jobs that nobody claimed, in order of posting."""
        keys = {_text(about["key"]) for _value, about in self._client.get_prefix(self._root_path + "/")}
        return [job for job in self.all_jobs() if job.key + self.LOCK_POSTFIX not in keys]

    def all_jobs(self) -> list[Any]:
        """All jobs, claimed or not."""
        return list(self._fetch_jobs(ensure_fresh=True))


def _text(key: bytes | str) -> str:
    return key.decode() if isinstance(key, bytes) else key
