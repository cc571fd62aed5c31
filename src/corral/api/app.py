"""Puts the API together."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from anyio import to_thread
from fastapi import FastAPI

from corral import __version__
from corral.api import errors
from corral.api.gate import Gate
from corral.api.routes import adoptable, flavors, operations, plans, servers, service
from corral.wiring import Corral

_THREADS = 64  # handlers block on databases and sources; each running one holds a thread


def create_app(corral: Corral) -> FastAPI:
    """The ASGI application around services that were wired before. It starts and stops the worker with itself."""

    @asynccontextmanager
    async def lifespan(_app: FastAPI) -> AsyncIterator[None]:
        to_thread.current_default_thread_limiter().total_tokens = _THREADS
        corral.start()
        try:
            yield
        finally:
            await to_thread.run_sync(corral.stop)

    app = FastAPI(
        title="Corral",
        version=__version__,
        description="Brings machines that already run under management without disturbing them.",
        lifespan=lifespan,
    )
    app.state.corral = corral
    app.add_middleware(Gate)
    errors.install(app)
    for module in (service, adoptable, servers, plans, flavors, operations):
        app.include_router(module.router)
    return app
