"""The policy file: what it says of a source, a field and a server, and how it is told what is wrong in it."""

from __future__ import annotations

from typing import Any

import pytest
import yaml

from corral.domain.drift import Field
from corral.domain.errors import Invalid
from corral.domain.lifecycle import Status
from corral.domain.merge import Policy, Terms, Wins
from corral.domain.server import Server
from corral.domain.sync_policy import SourcePolicy, read_policy

WHOLE = """
sources:
  lab:
    policy: tolerate
    fields:
      name: sync
      power: {policy: sync, wins: record}
      image: {wins: world}
    allow: [start]
    servers:
      - {name: "db-*", policy: none, allow: []}
      - {project: shop, fields: {power: tolerate}, allow: [start, stop]}
    adopt:
      - {resource_class: gold, name: "web-*", project: shop, mapping: {flavor: gold, name: "{name}"}}
    brake: {percent: 10, least: 2}
    settle: 30
    looks: 4
    gone_looks: 5
    poll: {every: 20, at_most: 40}
  other: {}
"""


def server(name: str = "web-1", project: str = "bank") -> Server:
    return Server("u", name, "lab", "m", project, Status.ACTIVE, "f")


def lab(text: str = WHOLE) -> SourcePolicy:
    return read_policy(yaml.safe_load(text))["lab"]


def test_a_field_goes_before_its_source_and_a_server_before_both() -> None:
    one = lab()
    assert one.terms(server(), Field.MEMORY) == Terms(Policy.TOLERATE, Wins.NOBODY)
    assert one.terms(server(), Field.NAME) == Terms(Policy.SYNC, Wins.NOBODY)
    assert one.terms(server(), Field.POWER) == Terms(Policy.SYNC, Wins.RECORD)
    assert one.terms(server(), Field.IMAGE) == Terms(Policy.TOLERATE, Wins.WORLD)
    assert one.terms(server("db-1"), Field.POWER).policy is Policy.NONE
    assert one.terms(server(project="shop"), Field.POWER) == Terms(Policy.TOLERATE, Wins.RECORD)


def test_what_corrections_may_do_is_said_for_a_source_and_anew_for_a_server() -> None:
    one = lab()
    assert one.allowed(server()) == {"start"}
    assert one.allowed(server("db-1")) == frozenset()
    assert one.allowed(server(project="shop")) == {"start", "stop"}


def test_what_is_not_said_has_a_careful_default() -> None:
    other = read_policy(yaml.safe_load(WHOLE))["other"]
    assert other.terms(server(), Field.POWER) == Terms(Policy.NONE, Wins.NOBODY)
    assert other.allowed(server()) == frozenset()
    assert (other.adopt, other.percent, other.least, other.settle) == (None, 5.0, 3, 120.0)
    assert (other.looks, other.gone_looks, other.every, other.at_most) == (2, 3, 60.0, 600.0)


def test_numbers_are_taken_as_they_stand() -> None:
    one = lab()
    assert (one.percent, one.least, one.settle, one.looks, one.gone_looks) == (10.0, 2, 30.0, 4, 5)
    assert (one.every, one.at_most) == (20.0, 40.0)


def test_new_machines_are_adopted_by_the_first_rule_that_matches() -> None:
    (rule,) = lab().adopt or ()
    assert rule.matches("web-7", "gold")
    assert rule.matches("web-7", "CUSTOM_GOLD")
    assert not rule.matches("db-7", "gold")
    assert not rule.matches("web-7", "silver")
    assert not rule.matches("web-7", None)


@pytest.mark.parametrize(
    ("changed", "total", "braked"), [(3, 10, False), (4, 10, True), (5, 100, False), (6, 100, True), (50, 1000, False)]
)
def test_the_brake_is_for_more_than_the_share_and_more_than_the_least(changed: int, total: int, braked: bool) -> None:
    assert SourcePolicy().too_many(changed, total) is braked


def test_another_word_is_another_stamp() -> None:
    assert lab().stamp == lab().stamp != lab(WHOLE.replace("tolerate", "none")).stamp


@pytest.mark.parametrize(
    ("said", "where", "told"),
    [
        ({"policy": "tolerated"}, "sources.lab.policy", "Did you mean 'tolerate'?"),
        ({"policy": False}, "sources.lab.policy", "none, tolerate, sync"),
        ({"fields": {"powr": "sync"}}, "sources.lab.fields", "Did you mean 'power'?"),
        ({"fields": {"power": {"win": "record"}}}, "sources.lab.fields.power", "Did you mean 'wins'?"),
        ({"fields": {"power": {"wins": "me"}}}, "sources.lab.fields.power.wins", "nobody, record, world"),
        ({"fields": "all"}, "sources.lab.fields", "a mapping of fields"),
        ({"allow": ["strat"]}, "sources.lab.allow[0]", "Did you mean 'start'?"),
        ({"allow": "start"}, "sources.lab.allow", "a list"),
        ({"servers": [{"policy": "none"}]}, "sources.lab.servers[0]", "`uuid`, `name`"),
        ({"servers": [{"name": "a", "polcy": "none"}]}, "sources.lab.servers[0]", "Did you mean 'policy'?"),
        ({"adopt": [{"mapping": {}}]}, "sources.lab.adopt[0]", "project"),
        ({"adopt": [{"project": "p", "mapping": {"flavr": "x"}}]}, "sources.lab.adopt[0].mapping", "flavor"),
        ({"brake": {"percent": 101}}, "sources.lab.brake.percent", "from 0 to 100"),
        ({"brake": 5}, "sources.lab.brake", "percent, least"),
        ({"looks": 0}, "sources.lab.looks", "at least 1"),
        ({"looks": True}, "sources.lab.looks", "at least 1"),
        ({"settle": "2 min"}, "sources.lab.settle", "a number"),
        ({"poll": {"every": 0}}, "sources.lab.poll.every", "from 1"),
        ({"plicy": "none"}, "sources.lab", "Did you mean 'policy'?"),
        (["none"], "sources.lab", "a mapping"),
    ],
)
def test_what_is_wrong_is_told_with_where_it_stands_and_what_could(said: Any, where: str, told: str) -> None:
    with pytest.raises(Invalid) as caught:
        read_policy({"sources": {"lab": said}})
    assert f"at {where}:" in caught.value.message
    assert told in f"{caught.value.message} {caught.value.fix}"


@pytest.mark.parametrize("data", [[], "x", {"source": {}}, {"sources": []}])
def test_a_file_of_another_shape_is_refused(data: Any) -> None:
    with pytest.raises(Invalid):
        read_policy(data)


def test_an_empty_file_says_nothing() -> None:
    assert read_policy(None) == {}


def test_the_example_in_the_module_is_one_that_can_be_read() -> None:
    from corral.domain import sync_policy

    text = str(sync_policy.__doc__).split("\n\n")[1]
    example = read_policy(yaml.safe_load(text))["lab"]
    assert example.adopt is not None
    assert example.terms(server(), Field.POWER) == Terms(Policy.SYNC, Wins.RECORD)
