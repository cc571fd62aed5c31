"""Authentication for an event loop: it may wait for Keystone or the database, so it waits in threads of its own.

Of its own, so that a Keystone that hangs can't take the threads that requests with known callers are handled in.
"""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor
from functools import partial

from corral.identity.authenticate import Authenticator
from corral.identity.caller import Caller


class AsyncAuthenticator:
    """An Authenticator to be awaited. Close it when the application stops."""

    def __init__(self, authenticator: Authenticator, threads: int = 16) -> None:
        self._authenticator = authenticator
        self._threads = ThreadPoolExecutor(threads, thread_name_prefix="corral-identity")

    @property
    def challenge(self) -> str:
        """See Authenticator."""
        return self._authenticator.challenge

    async def authenticate(
        self,
        headers: Mapping[str, str],
        client_host: str | None,
        *,
        method: str = "",
        path: str = "",
        request_id: str = "",
    ) -> Caller:
        """See Authenticator."""
        ask = partial(
            self._authenticator.authenticate, headers, client_host, method=method, path=path, request_id=request_id
        )
        return await asyncio.get_running_loop().run_in_executor(self._threads, ask)

    def close(self) -> None:
        """Let go of the threads; requests that still wait for Keystone are not waited for."""
        self._threads.shutdown(wait=False, cancel_futures=True)
