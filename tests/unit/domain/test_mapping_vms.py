"""Which project a VM goes to, under which name and flavor: by the first rule that is about it, and never by a guess."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest
from domain_world import machine

from corral.domain.errors import Invalid
from corral.domain.host import Host
from corral.domain.mapping import CONDITIONS, Mapped, check_flavors, mapped, read_rules
from corral.domain.mapping_vms import check_for_vms, mapped_vm
from corral.domain.server import Flavor, Kind
from corral.domain.vm import Vm, VmNic
from corral.domain.vm_ownership import ownership_reasons, rights_reasons, said_projects, vm_project
from corral.domain.vm_selection import Selection, in_folder

HOST = Host("dc", "host-7", "esx-01.example", group="east")
VM = Vm(
    "dc",
    "host-7",
    "11111111-0000-4000-8000-000000000001",
    "web-01",
    nics=(VmNic("4000", "00:50:56:00:00:01", "portgroup", network="prod-120"),),
    folder="/DC0/east/web",
    tags=("customer:acme", "gold"),
)
FLAVORS = (Flavor("f1", "small"), Flavor("f2", "big"))


def made(rules: Any, vm: Vm = VM, host: Host = HOST, number: int = 1) -> Mapped:
    return mapped_vm(read_rules(rules), vm, host, FLAVORS, number)


def by(*rules: Any, **rest: Any) -> Any:
    return {"rules": list(rules), **rest}


FITS = {
    "folder": ("/DC0/east", "DC0/east/web/", "*/web"),
    "tag": ("gold", "customer:*"),
    "name": ("web-*", "web-01"),
    "network": ("prod-*",),
    "host": ("esx-*", "host-7"),
    "cluster": ("east",),
}
FITS_NOT = {
    "folder": ("/DC0/ea", "/east", "*/db"),
    "tag": ("silver", "customer"),
    "name": ("db-*",),
    "network": ("prod",),
    "host": ("esx",),
    "cluster": ("west",),
}


@pytest.mark.parametrize(("key", "text"), [(key, text) for key, texts in FITS.items() for text in texts])
def test_a_rule_is_about_the_vms_for_which_its_condition_holds(key: str, text: str) -> None:
    assert made(by({"when": {key: text}, "project": "p1"})).request.project == "p1"


@pytest.mark.parametrize(("key", "text"), [(key, text) for key, texts in FITS_NOT.items() for text in texts])
def test_and_about_no_others(key: str, text: str) -> None:
    assert made(by({"when": {key: text}, "project": "p1"})).request.project is None


def test_every_condition_is_tried_here() -> None:
    assert set(FITS) == set(FITS_NOT) == set(CONDITIONS)


def test_all_conditions_of_a_rule_must_hold() -> None:
    rule = {"when": {"name": "web-*", "tag": "silver"}, "project": "p1"}
    assert [one.code for one in made(by(rule)).reasons] == ["mapping-unmatched"]


def test_the_first_rule_that_fits_counts_and_the_last_one_may_be_for_all_that_are_left() -> None:
    rules = by(
        {"when": {"name": "db-*"}, "project": "p1"},
        {"when": {"name": "web-*"}, "project": "p2"},
        {"when": {"tag": "gold"}, "project": "p3"},
        {"project": "rest"},
    )
    assert made(rules).request.project == "p2"
    assert made(rules, replace(VM, name="mail")).request.project == "p3"
    assert made(rules, replace(VM, name="mail", tags=())).request.project == "rest"


def test_a_vm_that_no_rule_is_about_is_blocked_and_told_where_it_is() -> None:
    found = made(by({"when": {"name": "db-*"}, "project": "p1"}, project="for-all"))
    [why] = found.reasons
    assert (why.code, why.blocks) == ("mapping-unmatched", True)
    assert "/DC0/east/web" in why.message
    assert "customer:acme, gold" in why.message
    assert found.request.project is None


def test_what_a_rule_does_not_say_is_as_for_all() -> None:
    rules = by({"when": {"tag": "gold"}, "name": "g-{name}"}, project="p", flavor="small", metadata={"at": "{cluster}"})
    request = made(rules).request
    assert (request.name, request.project, request.flavor, dict(request.metadata)) == (
        "g-web-01",
        "p",
        "f1",
        {"at": "east"},
    )
    assert (request.kind, request.networks, request.node, request.source) == (Kind.VM, (), VM.id, "dc")


def test_a_rule_may_name_a_flavor_and_none_is_needed() -> None:
    assert made(by({"flavor": "big"}, flavor="small")).request.flavor == "f2"
    assert made({}).request.flavor == ""
    assert made({"flavor": {"gold": "big"}}).request.flavor == ""


def test_templates_know_what_a_vm_has() -> None:
    text = "{name} {uuid} {source} {host} {cluster} {folder} {number} {tag.customer}"
    told = made({"description": text}, number=4).request.description
    assert told == f"web-01 {VM.id} dc esx-01.example east /DC0/east/web 4 acme"


@pytest.mark.parametrize("name", ["{properties.rack}", "{resource_class}", "{tag.room}"])
def test_what_a_vm_has_not_is_a_reason(name: str) -> None:
    assert [one.code for one in made({"description": name}).reasons] == ["mapping-empty"]
    assert made({"name": name}).reasons


def test_a_name_that_would_not_do_is_a_reason() -> None:
    assert [one.code for one in made({}, replace(VM, name="a<b>")).reasons] == ["mapping-unfit"]


def test_a_project_may_come_from_a_tag() -> None:
    rules = {"project": {"tag": "customer"}}
    assert made(rules).request.project == "acme"
    for tags in ((), ("customer:",), ("customer:a", "customer:b"), ("customer:no such/id",)):
        assert [one.code for one in made(rules, replace(VM, tags=tags)).reasons] == ["mapping-empty"]


def test_a_rule_s_project_takes_the_place_of_that_for_all_however_it_is_said() -> None:
    assert made(by({"project": "p1"}, project={"tag": "customer"})).request.project == "p1"
    assert made(by({"project": {"tag": "customer"}}, project="p1")).request.project == "acme"


def test_what_only_nodes_have_gives_a_vm_no_project_and_the_reverse() -> None:
    for rules in ({"project": "owner"}, {"project": {"property": "customer"}}):
        assert [one.code for one in made(rules).reasons] == ["mapping-empty"]
    node = mapped(read_rules({"project": {"tag": "customer"}}), machine(), FLAVORS, 1)
    assert "mapping-empty" in [one.code for one in node.reasons]


@pytest.mark.parametrize(
    ("rules", "told"),
    [
        ({"rules": {}}, "list"),
        ({"rules": ["x"]}, "rules[0]"),
        ({"rules": [{"when": {"foldr": "x"}}]}, "'folder'"),
        ({"rules": [{"wen": {}}]}, "'when'"),
        ({"rules": [{"when": ["x"]}]}, "rules[0].when"),
        ({"rules": [{}, {"project": "no such/id"}]}, "rules[1]"),
        ({"rules": [{"networks": ["x"]}]}, "'networks'"),
        ({"rules": [{"flavor": {"gold": "big"}}]}, "rules[0].flavor"),
        ({"project": {"tag": "a", "property": "b"}}, "project"),
        ({"name": "{tags}"}, "tags"),
        ({"name": "{tag.}"}, "tag."),
    ],
)
def test_a_mistake_is_found_before_anything_is_looked_at(rules: Any, told: str) -> None:
    with pytest.raises(Invalid) as caught:
        read_rules(rules)
    assert told in caught.value.message + caught.value.fix


def test_a_flavor_of_a_rule_must_exist() -> None:
    with pytest.raises(Invalid, match="medium"):
        check_flavors(read_rules(by({"flavor": "medium"})), FLAVORS)


def test_networks_can_not_be_wished_for_vms() -> None:
    with pytest.raises(Invalid, match="NICs"):
        check_for_vms(read_rules({"networks": ["prod"]}))


# --- whose it is ------------------------------------------------------------------------------------------


def test_a_vm_says_whose_it_is_by_the_metadata_of_its_system_and_by_a_tag() -> None:
    assert said_projects(VM) == {}
    by_nova = replace(VM, owner="OpenStack Nova", project="p1", tags=("project:p2", "project:no such/id"))
    assert list(said_projects(by_nova)) == ["p1", "p2"]
    assert "OpenStack Nova" in said_projects(by_nova)["p1"]


def test_the_project_is_the_one_that_was_wished_for_else_the_vm_s_own_else_the_caller_s() -> None:
    tagged = replace(VM, tags=("project:p2",))
    assert vm_project(tagged, "p1", "me") == "p1"
    assert vm_project(tagged, None, "me") == "p2"
    assert vm_project(VM, None, "me") == "me"
    assert vm_project(replace(VM, tags=("project:p2", "project:p3")), None, "me") == "me"


def test_both_owners_are_asked() -> None:
    tagged = replace(VM, tags=("project:p2",))
    assert list(ownership_reasons(tagged, "p2")) == []
    assert list(ownership_reasons(VM, "anyone")) == []
    [why] = ownership_reasons(tagged, "p1")
    assert (why.code, why.blocks) == ("vm-other-project", True)
    assert "project:p2" in why.message


def test_who_may_not_adopt_for_a_project_is_told_so() -> None:
    assert list(rights_reasons("p1", None)) == []
    assert list(rights_reasons("p1", lambda project: project == "p1")) == []
    assert [one.code for one in rights_reasons("p1", lambda _project: False)] == ["project-forbidden"]


# --- which ones are meant ---------------------------------------------------------------------------------


def test_a_selection_is_of_those_for_which_all_holds() -> None:
    assert Selection().all
    assert Selection().matches(VM)
    assert Selection("web-*", "/DC0/east", "gold").matches(VM)
    for other in (Selection("db-*"), Selection(folder="/west"), Selection(tag="silver")):
        assert not other.matches(VM)
        assert not other.all


def test_a_folder_has_what_is_below_it_and_not_what_only_begins_like_it() -> None:
    assert in_folder("/a/b", "/a")
    assert in_folder("/a", "a/")
    assert in_folder("", "/")
    assert not in_folder("/ab", "/a")
    assert not in_folder("/a", "/a/b")
