"""Puts the API together."""

from __future__ import annotations

from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from uuid import uuid4

from anyio import to_thread
from fastapi import FastAPI, Request, Response

from corral import __version__
from corral.api import errors
from corral.api.routes import adoptable, flavors, operations, plans, servers, service
from corral.wiring import Corral

_THREADS = 64  # handlers block on databases and sources; each running one holds a thread
_MAX_BODY = 16 * 1024 * 1024  # bytes: 10,000 machines in one plan take about 5 MB


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
    app.middleware("http")(_identify)
    errors.install(app)
    for module in (service, adoptable, servers, plans, flavors, operations):
        app.include_router(module.router)
    return app


async def _identify(request: Request, call_next: Callable[[Request], Awaitable[Response]]) -> Response:
    """Give each request an id, in the header that OpenStack's clients log, and refuse bodies without measure."""
    request.state.request_id = f"req-{uuid4()}"
    length = request.headers.get("content-length", "0")
    if not length.isdigit() or int(length) > _MAX_BODY:
        error = {"code": "invalid", "message": "The body is too long.", "fix": f"Send up to {_MAX_BODY} bytes."}
        response: Response = errors.answer(request, 413, error)
    else:
        response = await call_next(request)
    response.headers["Openstack-Request-Id"] = request.state.request_id
    response.headers["X-Content-Type-Options"] = "nosniff"
    return response
