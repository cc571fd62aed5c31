"""Makes deployment and provisioning data: each pipeline of each enabled extension, in the order of the cluster, adds its part.

Cluster level first, then node level for each node. An error discards everything and names the extension.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any

from corral.domain.cluster import Cluster, Node
from corral.domain.errors import CorralError, ExtensionFailed
from corral.extensions.contract import Extension, Pipeline
from corral.extensions.registry import Extensions

Data = dict[str, Any]


def node_data(node: Node) -> Data:
    """What provisioning data of a node start with."""
    return {"uid": node.id, "name": node.name, "roles": list(node.roles), "ks_meta": {"pm_data": {}}}


def provisioning_data(extensions: Extensions, cluster: Cluster | None, nodes: Sequence[Node]) -> Data:
    """{"cluster": {…}, "nodes": [in the order given]}. Raises ExtensionFailed, naming the extension."""
    return _made(
        extensions,
        cluster,
        nodes,
        lambda pipeline: pipeline.process_provisioning_data,
        lambda pipeline: pipeline.process_provisioning_data_for_node,
    )


def deployment_data(extensions: Extensions, cluster: Cluster | None, nodes: Sequence[Node]) -> Data:
    """As `provisioning_data`, for deployment."""
    return _made(
        extensions,
        cluster,
        nodes,
        lambda pipeline: pipeline.process_deployment_data,
        lambda pipeline: pipeline.process_deployment_data_for_node,
    )


def _made(
    extensions: Extensions,
    cluster: Cluster | None,
    nodes: Sequence[Node],
    for_cluster: Callable[[Pipeline], Callable[..., Data]],
    for_node: Callable[[Pipeline], Callable[..., Data]],
) -> Data:
    enabled = extensions.enabled(cluster)
    whole: Data = {} if cluster is None else {"id": cluster.id, "name": cluster.name}
    if cluster is not None:
        for extension, pipeline in _pipelines(enabled):
            whole = _given(extension, for_cluster(pipeline), cluster, nodes, whole)
    each = []
    for node in nodes:
        data = node_data(node)
        for extension, pipeline in _pipelines(enabled):
            data = _given(extension, for_node(pipeline), node, cluster, data)
        each.append(data)
    return {"cluster": whole, "nodes": each}


def _pipelines(enabled: Sequence[Extension]) -> Iterator[tuple[Extension, Pipeline]]:
    return ((extension, pipeline) for extension in enabled for pipeline in extension.pipelines)


def _given(extension: Extension, process: Callable[..., Data], *arguments: Any) -> Data:
    what = process.__name__
    try:
        data = process(*arguments)
    except CorralError as exc:
        refused = exc.status < 500
        told: Mapping[str, Any] = exc.as_json()
        raise ExtensionFailed(
            extension.name, what, exc.message, fix=exc.fix, told=told, status=exc.status if refused else None
        ) from exc
    except Exception as exc:
        raise ExtensionFailed(extension.name, what, f"{type(exc).__name__}: {exc}") from exc
    if not isinstance(data, dict):
        raise ExtensionFailed(extension.name, what, f"It gave {type(data).__name__}, and not the data.")
    return data
