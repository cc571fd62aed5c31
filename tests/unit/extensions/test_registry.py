"""Extensions: found, checked, and answering in the order of the cluster."""

from __future__ import annotations

from typing import Any

import pytest

from corral.domain.cluster import Cluster
from corral.domain.errors import Conflict, Invalid, NotSupported
from corral.extensions.contract import NODE_VOLUMES, Context, Extension
from corral.extensions.registry import opened
from tests.extension_doubles import NO_CONTEXT, Quiet, Shelf, shelves


def cluster(*names: str) -> Cluster:
    return Cluster("c", "prod", "bank", {}, names)


def test_the_first_enabled_extension_that_provides_a_capability_answers() -> None:
    found, shelf, rack = shelves()
    assert found.provider(NODE_VOLUMES, cluster("quiet", "rack", "shelf")) is rack
    assert found.provider(NODE_VOLUMES, cluster("shelf", "rack")) is shelf
    assert found.node_volumes(None) is shelf


def test_nobody_answers_for_an_extension_that_stands_first_and_is_broken() -> None:
    found, _, rack = shelves(broken="it burnt")
    with pytest.raises(Conflict, match="Extension broken can't be used: it burnt"):
        found.provider(NODE_VOLUMES, cluster("broken", "rack"))
    assert found.provider(NODE_VOLUMES, cluster("rack", "broken")) is rack


def test_a_capability_that_nobody_provides_is_told() -> None:
    found, _, _ = shelves()
    with pytest.raises(NotSupported, match="No extension of cluster prod provides node_volumes"):
        found.provider(NODE_VOLUMES, cluster("quiet"))


def test_all_of_a_clusters_extensions_must_be_usable() -> None:
    found, _, _ = shelves(broken="it burnt")
    with pytest.raises(Conflict, match="broken"):
        found.enabled(cluster("shelf", "broken"))
    with pytest.raises(Conflict, match="gone can't be used: it is not installed"):
        found.enabled(cluster("gone"))
    assert [one.name for one in found.enabled(cluster("rack", "shelf"))] == ["rack", "shelf"]


def test_names_are_checked_and_keep_their_order() -> None:
    found, _, _ = shelves()
    assert found.checked(["rack", "quiet", "shelf"]) == ("rack", "quiet", "shelf")
    with pytest.raises(Invalid, match="rack is given twice"):
        found.checked(["rack", "shelf", "rack"])
    with pytest.raises(Invalid, match="There is no extension 'rock'"):
        found.checked(["rock"])


class Misnamed(Extension):
    name = "other"
    version = "1"


class Pretender(Extension):
    name = "pretender"
    version = "1"
    provides = (NODE_VOLUMES,)


class Picky(Extension):
    name = "picky"
    version = "1"

    def __init__(self, context: Context) -> None:
        raise Invalid("picky has no option colour.")


@pytest.mark.parametrize(
    ("name", "plugin", "why"),
    [
        ("misnamed", Misnamed, "entry point is called 'misnamed', the extension 'other'"),
        ("pretender", Pretender, "lacks methods of NodeVolumes"),
        ("picky", Picky, "no option colour"),
        ("function", print, "no class that derives from Extension"),
    ],
)
def test_what_breaks_the_contract_is_not_loaded(name: str, plugin: Any, why: str) -> None:
    with pytest.raises(Invalid, match=why):
        opened(name, plugin, lambda _name: NO_CONTEXT)


def test_what_keeps_the_contract_is_loaded_with_its_own_options() -> None:
    given = Context(NO_CONTEXT.sql, {"colour": "red"}, NO_CONTEXT.clock)
    asked: list[str] = []

    def context_for(name: str) -> Context:
        asked.append(name)
        return given

    assert opened("shelf", Shelf, context_for).context is given
    assert isinstance(opened("quiet", Quiet, context_for), Quiet)
    assert asked == ["shelf", "quiet"]


def test_all_are_closed_even_when_one_fails_to() -> None:
    closed: list[str] = []

    class Leaving(Quiet):
        def close(self) -> None:
            closed.append(self.name)
            raise OSError("it is stuck")

    class First(Leaving):
        name = "a_first"

    found, _, _ = shelves(First(NO_CONTEXT), Leaving(NO_CONTEXT))
    found.close()
    assert closed == ["a_first", "quiet"]
