"""A node, its cluster, and how an extension's part of its provisioning data comes about."""

from __future__ import annotations

import time
from typing import Any

from corral.domain.cluster import Cluster, Node
from corral.extensions.contract import Extension, HookCall
from corral.extensions.pipelines import node_data
from tests.bareon_world import GIB, disk

CLUSTER = Cluster("c1", "c1", "default", extensions=("bareon",))
UUID = "6b9c7f52-0000-4000-8000-000000000000"


def call() -> HookCall:
    return HookCall("op", 1, time.monotonic() + 20, lambda: None)


def a_node(*disks: dict[str, Any], roles: tuple[str, ...] = ("compute",), number: int = 1, ram: int = 4) -> Node:
    meta = {"disks": list(disks or (disk("sda"), disk("sdb"))), "memory": {"total": ram * GIB}}
    return Node(f"{UUID[:-3]}{number:03}", f"node-{number}", "default", cluster="c1", roles=roles, meta=meta)


def provisioning(extension: Extension, node: Node, cluster: Cluster | None = CLUSTER) -> dict[str, Any]:
    data = node_data(node)
    for pipeline in extension.pipelines:
        data = pipeline.process_provisioning_data_for_node(node, cluster, data)
        data["deployment"] = pipeline.process_deployment_data_for_node(node, cluster, {})
    return data
