"""Puts the API together."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from anyio import to_thread
from fastapi import FastAPI
from fastapi_offline import FastAPIOffline

from corral import __version__
from corral.api import describe, errors
from corral.api.gate import Gate
from corral.api.routes import (
    adoptable,
    audit,
    cloud,
    clusters,
    composition,
    drift,
    extensions,
    flavors,
    hosts,
    leaks,
    nodes,
    operations,
    plans,
    servers,
    service,
)
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

    # With the pages' scripts from here: the networks of machines have no way to those of the world.
    app = FastAPIOffline(
        title="Corral",
        version=__version__,
        description=describe.ABOUT,
        lifespan=lifespan,
        static_url="/docs/static",
        swagger_ui_parameters={"persistAuthorization": True, "docExpansion": "none", "tryItOutEnabled": True},
    )
    app.state.corral = corral
    app.add_middleware(Gate)
    if corral is not None and corral.tracing is not None:
        app.add_middleware(corral.tracing.around)
    errors.install(app)
    describe.install(app)
    for module in (
        service,
        adoptable,
        servers,
        plans,
        flavors,
        operations,
        leaks,
        audit,
        clusters,
        nodes,
        extensions,
        composition,
        cloud,
        hosts,
        drift,
    ):
        app.include_router(module.router)
    app.include_router(hosts.everywhere)
    if corral is not None:  # without services, only the routes of this package are described
        extensions.mount(app, corral.extensions)
    return app
