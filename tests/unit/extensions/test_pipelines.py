"""Pipelines run in the order of the cluster's extensions, then of each extension's own; an error discards everything."""

from __future__ import annotations

from typing import Any

import pytest

from corral.domain.cluster import Cluster, Node
from corral.domain.errors import ExtensionFailed, Invalid
from corral.extensions.contract import Pipeline
from corral.extensions.pipelines import deployment_data, provisioning_data
from tests.extension_doubles import Tagging, shelves

NODES = [Node(str(number) * 36, f"n{number}", "bank", roles=("r",)) for number in range(2)]


def cluster(*names: str) -> Cluster:
    return Cluster("c", "prod", "bank", {}, names)


def test_cluster_level_sees_all_nodes_and_node_level_each() -> None:
    found, shelf, _ = shelves()
    shelf.pipelines = (Tagging("first"), Tagging("second"))
    data = provisioning_data(found, cluster("rack", "shelf"), NODES)
    assert data["cluster"] == {"id": "c", "name": "prod", "passed": ["rack 2", "first 2", "second 2"]}
    assert [one["passed"] for one in data["nodes"]] == [["rack", "first", "second"]] * 2
    assert [one["uid"] for one in data["nodes"]] == [node.id for node in NODES]


def test_a_node_without_cluster_passes_the_default_extensions() -> None:
    found, _, _ = shelves(default=("rack",))
    data = provisioning_data(found, None, NODES[:1])
    assert data["cluster"] == {}
    assert data["nodes"][0]["passed"] == ["rack"]


def test_deployment_data_have_pipelines_of_their_own() -> None:
    found, shelf, _ = shelves()

    class Deploying(Pipeline):
        def process_deployment_data(self, cluster: Any, nodes: Any, data: dict[str, Any]) -> dict[str, Any]:
            return {**data, "all": len(nodes)}

        def process_deployment_data_for_node(self, node: Any, cluster: Any, data: dict[str, Any]) -> dict[str, Any]:
            return {**data, "one": node.name}

    shelf.pipelines = (Deploying(),)
    data = deployment_data(found, cluster("shelf"), NODES)
    assert data["cluster"]["all"] == 2
    assert [one["one"] for one in data["nodes"]] == ["n0", "n1"]
    assert "all" not in provisioning_data(found, cluster("shelf"), NODES)["cluster"]


@pytest.mark.parametrize(
    ("act", "status", "why"),
    [
        (lambda data: data["nothing"], 502, "KeyError: 'nothing'"),
        (lambda data: None, 502, "It gave NoneType, and not the data"),
        (lambda data: _raise(Invalid("no disks")), 400, "no disks"),
    ],
)
def test_an_error_names_extension_and_what_was_asked_of_it(act: Any, status: int, why: str) -> None:
    found, shelf, _ = shelves()

    class Wrong(Pipeline):
        def process_provisioning_data_for_node(self, node: Any, cluster: Any, data: dict[str, Any]) -> dict[str, Any]:
            return act(data)  # type: ignore[no-any-return]

    shelf.pipelines = (Wrong(),)
    with pytest.raises(ExtensionFailed) as caught:
        provisioning_data(found, cluster("rack", "shelf"), NODES)
    assert caught.value.message.startswith(f"Extension shelf, process_provisioning_data_for_node: {why}")
    assert caught.value.status == status


def _raise(exc: Exception) -> Any:
    raise exc
