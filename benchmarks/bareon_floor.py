"""The floor of `benchmarks.bareon`: the same rows, read and written with nothing around them."""

from __future__ import annotations

import sys

import sqlalchemy as sa
import uvicorn
from starlette.applications import Starlette
from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from corral.bareon_api.storage import nodes
from corral.engine import open_database, read


def application(sql: sa.Engine) -> Starlette:
    """Answers documents as they are stored; a PUT stores one as it was read."""

    def document(node: str, part: str) -> str:
        with read(sql) as conn:
            return str(conn.execute(sa.select(nodes.c[part]).where(nodes.c.id == node)).scalar_one())

    def written(node: str) -> None:
        with sql.begin() as conn:
            row = conn.execute(sa.select(nodes).where(nodes.c.id == node)).mappings().one()
            conn.execute(sa.update(nodes).where(nodes.c.id == node).values(dict(row)))

    async def get(request: Request) -> Response:
        asked = request.path_params
        text = await run_in_threadpool(document, asked["node"], asked["part"])
        return Response(text, media_type="application/json")

    async def put(request: Request) -> Response:
        body = await request.body()
        await run_in_threadpool(written, request.path_params["node"])
        return Response(body, media_type="application/json")

    return Starlette(
        routes=[Route("/v1/nodes/{node}/{part}", get), Route("/v1/nodes/{node}/fss/{name}", put, methods=["PUT"])]
    )


if __name__ == "__main__":
    uvicorn.run(
        application(open_database(f"sqlite:///{sys.argv[1]}")),
        port=int(sys.argv[2]),
        log_level="warning",
        proxy_headers=False,
    )
