"""Gives every node an asset tag, and takes it back when the node goes. Tags are never given twice."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import sqlalchemy as sa
from fastapi import APIRouter

from corral.domain.cluster import Cluster, Node
from corral.domain.errors import Invalid
from corral.extensions.contract import Context, Extension, HookCall, Pipeline, Snapshot

metadata = sa.MetaData()
tags = sa.Table(
    "ext_asset_tags_tags",
    metadata,
    sa.Column("number", sa.Integer, primary_key=True),
    sa.Column("node", sa.String(36), unique=True),  # null: the tag of a node that is gone
)


class Tagged(Pipeline):
    """Puts the tag into the provisioning data."""

    def __init__(self, extension: AssetTags) -> None:
        self._extension = extension

    def process_provisioning_data_for_node(
        self, node: Node, cluster: Cluster | None, data: dict[str, Any]
    ) -> dict[str, Any]:
        """Adds `asset_tag`."""
        return {**data, "asset_tag": self._extension.tag(node.id)}


class AssetTags(Extension):
    """The extension. Option `prefix`: what tags begin with."""

    name = "asset_tags"
    version = "1.0.0"
    description = "Gives every node an asset tag."
    migrations = Path(__file__).parent / "migrations"

    def __init__(self, context: Context) -> None:
        super().__init__(context)
        if unknown := sorted(set(context.options) - {"prefix"}):
            raise Invalid(f"asset_tags has no option {', '.join(unknown)}.", fix="It has: prefix.")
        self._prefix = str(context.options.get("prefix", "CORRAL"))
        self.pipelines = (Tagged(self),)

    def snapshot(self, node: Node) -> Snapshot:
        """The node's number."""
        number = self._number(node.id)
        return None if number is None else {"number": number}

    def restore(self, node: Node, snapshot: Snapshot) -> None:
        """Give the node that number again, or none."""
        with self.context.sql.begin() as conn:
            self._forget(conn, [node.id])
            if snapshot is not None:
                this = tags.c.number == snapshot["number"]
                conn.execute(sa.update(tags).where(this).values(node=node.id))

    def on_node_create(self, node: Node, cluster: Cluster | None, call: HookCall) -> None:
        """Give the node the next number. Called again, it keeps the one that it has."""
        call.check()
        with self.context.sql.begin() as conn:
            if conn.execute(sa.select(tags.c.number).where(tags.c.node == node.id)).first() is None:
                conn.execute(sa.insert(tags).values(node=node.id))

    def on_node_delete(self, node: Node, cluster: Cluster | None, call: HookCall) -> None:
        """Keep the number, so that nobody else gets it, and forget the node."""
        self.on_node_collection_delete([node], call)

    def on_node_collection_delete(self, nodes: Sequence[Node], call: HookCall) -> None:
        """As for each of them."""
        call.check()
        with self.context.sql.begin() as conn:
            self._forget(conn, [node.id for node in nodes])

    def router(self) -> APIRouter:
        """GET /v1/ext/asset_tags/tags: the tags by node."""
        routes = APIRouter()

        @routes.get("/tags", summary="Asset tags by node")
        def every_tag() -> dict[str, Any]:
            with self.context.sql.connect() as conn:
                rows = conn.execute(sa.select(tags).where(tags.c.node.is_not(None)).order_by(tags.c.number)).all()
            return {"tags": {row.node: self._shown(row.number) for row in rows}}

        return routes

    def tag(self, node: str) -> str | None:
        """The node's tag, or None."""
        number = self._number(node)
        return None if number is None else self._shown(number)

    def _shown(self, number: int) -> str:
        return f"{self._prefix}-{number:06d}"

    def _number(self, node: str) -> int | None:
        with self.context.sql.connect() as conn:
            found: int | None = conn.execute(sa.select(tags.c.number).where(tags.c.node == node)).scalar()
        return found

    @staticmethod
    def _forget(conn: sa.Connection, nodes: list[str]) -> None:
        conn.execute(sa.update(tags).where(tags.c.node.in_(nodes)).values(node=None))
