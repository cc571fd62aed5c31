"""Puts the service's API together."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from fastapi import FastAPI

from corral import __version__
from corral.bareon_api import errors
from corral.bareon_api.gate import Door, Gate
from corral.bareon_api.routes import layouts, nodes, service
from corral.bareon_api.service import Service


def create_app(wired: Service, door: Door | None = None) -> FastAPI:
    """The ASGI application around a service. Without a door of another kind it answers this machine only."""

    @asynccontextmanager
    async def lifespan(_app: FastAPI) -> AsyncIterator[None]:
        yield
        wired.nodes.close()

    app = FastAPI(
        title="Bareon-API",
        version=__version__,
        description="Keeps the disk layouts of nodes, computes them from disks and schema, and lets people edit them. "
        "Sizes are bytes, ends of partitions inclusive; what is on each disk (`spaces`) is told in MiB.",
        lifespan=lifespan,
    )
    app.state.service = wired
    app.add_middleware(Gate, door=door or Door())
    errors.install(app)
    for module in (service, nodes, layouts):
        app.include_router(module.router)
    return app
