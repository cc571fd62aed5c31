"""The policy in force, read again when its file is another one.

Rule: what can't be read changes nothing. The policy as it was stays in force, and why is told until the file is right again.
"""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable, Iterator, Mapping

from corral.domain.errors import CorralError
from corral.domain.sync_policy import SourcePolicy

LOG = logging.getLogger(__name__)


class Policies(Mapping[str, SourcePolicy]):
    """The policies by source, as they are now. `read`: gives what the file says, or raises Invalid; `stamp`: another value when
    the file is another one, None while there is none. `watched`: there is a file that may change. For any number of threads."""

    def __init__(
        self,
        read: Callable[[], Mapping[str, SourcePolicy]],
        stamp: Callable[[], object] = lambda: None,
        *,
        watched: bool = True,
    ) -> None:
        """Reads. Raises Invalid: what starts with a wrong policy should not start."""
        self.watched = watched
        self._read = read
        self._stamp = stamp
        self._lock = threading.Lock()
        self._seen = stamp()
        self._now = dict(read())
        self.problem = ""
        """Why the file is not what is in force; "" when it is."""

    def refresh(self, *, anyway: bool = False) -> bool:
        """Read the file again if it is another one, or `anyway`. Gives whether the policy of any source is another one now."""
        with self._lock:
            seen = self._stamp()
            if seen == self._seen and not anyway:
                return False
            self._seen = seen
            try:
                found = dict(self._read())
            except CorralError as exc:
                if self.problem != exc.message:
                    LOG.error(
                        "The sync policy can't be read: the one before stays in force.", extra={"why": exc.message}
                    )
                self.problem = exc.message
                return False
            except Exception as exc:
                # The rule above holds for what nobody thought of, too: whoever asks must be able to go on asking.
                LOG.exception("The sync policy can't be read: the one before stays in force.")
                self.problem = f"It could not be read: {type(exc).__name__}; the log says more."
                return False
            changed, self._now, self.problem = found != self._now, found, ""
            LOG.info("The sync policy was read again.", extra={"sources": sorted(found), "changed": changed})
            return changed

    def __getitem__(self, source: str) -> SourcePolicy:
        return self._now[source]

    def __iter__(self) -> Iterator[str]:
        return iter(self._now)

    def __len__(self) -> int:
        return len(self._now)
