"""What people say of a machine, here and at its source, kept in step: names, notes, metadata, tags; in memory."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest
from sync_bench import ACTOR, Bench
from vms_bench import VM, VmBench

from corral.domain.drift import DriftState, Field
from corral.domain.errors import Invalid
from corral.domain.server import ManageRequest, Server
from corral.domain.vm import RunState
from corral.store.drift import DriftFilter

Made = Callable[..., VmBench]
SAID: dict[Field, tuple[dict[str, Any], dict[str, Any]]] = {
    Field.NOTES: ({"notes": "of the source"}, {"description": "of the source"}),
    Field.METADATA: ({"metadata": ("team=blue",)}, {"metadata": {"team": "blue"}}),
    Field.TAGS: ({"tags": ("gold",)}, {"tags": ("gold",)}),
}
PATCHES: dict[Field, tuple[dict[str, Any], dict[str, Any]]] = {
    Field.NAME: ({"path": "/name", "value": "app 02 ü & co"}, {"name": "app 02 ü & co"}),
    Field.NOTES: ({"path": "/description", "value": "two\nlines"}, {"notes": "two\nlines"}),
    Field.METADATA: ({"path": "/metadata/team", "value": "re=d"}, {"metadata": ("team=re=d",)}),
    Field.TAGS: ({"path": "/tags", "value": ["b", "a"]}, {"tags": ("a", "b")}),
}


def patch(one: VmBench | Bench, server: Server, *changes: dict[str, Any]) -> Server:
    return one.corral.servers.update(server, [{"op": "add", **change} for change in changes], ACTOR)


def has(what: Any, wanted: dict[str, Any]) -> bool:
    return all(getattr(what, name) == value for name, value in wanted.items())


# Benches cost a second each: what does not get in each other's way shares one.


@pytest.mark.parametrize("policy", ["none", "tolerate", "sync"])
def test_what_is_said_of_a_vm_where_it_is_in_each_phase(vms: Made, policy: str) -> None:
    one = vms(policy=policy)
    one.looks(2)
    there = {name: value for told, _ in SAID.values() for name, value in told.items()}
    one.change(**there)
    one.looks(3)
    if policy == "none":
        assert {what: drift.state for what, drift in one.drifts().items()} == dict.fromkeys(SAID, DriftState.OPEN)
        assert not any(has(one.server(), here) for _, here in SAID.values())
        return
    assert one.drifts() == {}
    assert all(has(one.server(), here) for _, here in SAID.values())
    one.change(**{name: type(value)() for name, value in there.items()})
    one.looks(3)
    assert one.drifts() == {}
    assert not any(has(one.server(), here) for _, here in SAID.values())


@pytest.mark.parametrize("policy", ["none", "tolerate", "sync"])
def test_what_is_said_of_a_server_in_each_phase(vms: Made, policy: str) -> None:
    one = vms(policy="tolerate", fields=dict.fromkeys(map(str, PATCHES), policy))
    one.change(notes="before", tags=("before",), metadata=("before=1",))
    one.looks(3)
    before = one.hosts.vm(VM)
    patch(one, one.server(), {"path": "/metadata", "value": {}}, *(change for change, _ in PATCHES.values()))
    one.looks(4)
    if policy == "sync":
        assert all(has(one.hosts.vm(VM), there) for _, there in PATCHES.values())
        assert one.drifts() == {}
        assert one.server().vm_name is None
    else:
        assert one.hosts.vm(VM) == before
        assert {what: drift.state for what, drift in one.drifts().items()} == dict.fromkeys(PATCHES, DriftState.OPEN)


def test_the_vm_of_a_server_that_is_renamed_is_called_so_and_nothing_else_of_it_changes(vms: Made) -> None:
    one = vms(policy="sync")
    one.looks(2)
    before = one.hosts.vm(VM)
    patch(one, one.server(), {"path": "/name", "value": "app-02"})
    one.looks(4)
    assert one.hosts.vm(VM) == replace(before, name="app-02")
    assert (one.server().name, one.server().machine_name) == ("app-02", "app-02")


def test_a_server_that_is_called_as_its_vm_goes_on_being_called_so(vms: Made) -> None:
    one = vms(policy="sync")
    one.looks(2)
    patch(one, one.server(), {"path": "/name", "value": "app-02"})
    one.looks(4)
    one.change(name="app-03")
    one.looks(4)
    assert (one.server().name, one.server().machine_name) == ("app-03", "app-03")
    one.change(name="<no name of ours>")
    one.looks(4)
    assert (one.server().name, one.server().machine_name) == ("app-03", "<no name of ours>")
    assert one.drifts() == {}


def test_a_name_that_another_server_has_waits_for_a_decision(vms: Made) -> None:
    one = vms(policy="sync")
    other = next(vm for vm in one.hosts.machines(one.hosts.vm(VM).host) if vm.id != VM)
    wish = ManageRequest(name="taken", node=other.id, flavor="", networks=(), source="racks")
    _, operation = one.corral.adoption.manage(wish, ACTOR)
    assert one.corral.engine.wait(operation.uuid, 90).state == "succeeded"
    patch(one, one.server(), {"path": "/name", "value": "app-02"})
    one.looks(4)
    one.change(name="taken")
    one.looks(4)
    assert one.server().name == "app-02"
    assert one.drifts()[Field.NAME].state is DriftState.CONFLICT


def test_both_sides_that_say_something_else_wait_for_a_decision(vms: Made) -> None:
    one = vms(policy="sync")
    one.looks(2)
    patch(one, one.server(), {"path": "/description", "value": "ours"})
    one.change(notes="theirs")
    one.looks(4)
    drift = one.drifts()[Field.NOTES]
    assert (drift.state, drift.record, drift.world) == (DriftState.CONFLICT, "ours", "theirs")
    assert (one.server().description, one.hosts.vm(VM).notes) == ("ours", "theirs")


def test_what_a_survey_from_before_a_correction_says_is_not_taken_over(vms: Made) -> None:
    one = vms(policy="sync")
    one.looks(2)
    patch(one, one.server(), {"path": "/description", "value": "ours"})
    one.looks(3)
    assert one.hosts.vm(VM).notes == "ours"
    one.hosts.put(replace(one.hosts.vm(VM), notes=""))
    one.survey()  # which sees no notes
    one.hosts.put(replace(one.hosts.vm(VM), notes="ours"))
    for _ in range(4):
        one.corral.synchronizer.synchronize("racks")
        one.clock.wait(60)
    assert one.server().description == "ours"


def test_what_the_record_can_not_have_is_reported_and_not_written_over(vms: Made) -> None:
    one = vms(policy="sync", fields={what: {"wins": "record"} for what in ("notes", "tags")})
    one.looks(2)
    one.change(
        name="n" * 256,
        notes="n" * 4001,
        metadata=("no/key=1",),
        tags=tuple(f"tag-{number:03d}" for number in range(65)),
    )
    one.looks(3)
    for what, why in (
        (Field.NAME, "no name"),
        (Field.NOTES, "longer than 4000"),
        (Field.METADATA, "can't be had here"),
        (Field.TAGS, "more than 64 tags"),
    ):
        assert one.drifts()[what].state is DriftState.OPEN
        assert why in one.drifts()[what].why
    one.change(name="vm-00000", notes="bell\x07")
    one.looks(3)
    assert "don't print" in one.drifts()[Field.NOTES].why
    before = one.hosts.vm(VM)
    patch(one, one.server(), {"path": "/description", "value": "ours"}, {"path": "/tags", "value": ["ours"]})
    one.looks(4)
    assert one.hosts.vm(VM) == before
    assert "not written over" in one.drifts()[Field.NOTES].why
    assert "not written over" in one.drifts()[Field.TAGS].why


def test_what_a_source_writes_in_another_form_does_not_drift(vms: Made) -> None:
    one = vms(policy="sync")
    one.looks(2)
    patch(one, one.server(), {"path": "/description", "value": "one\ntwo"})
    one.looks(3)
    corrections = sum(operation.kind == "sync" for operation in one.corral.engine.operations(limit=100))
    assert corrections == 1
    for notes in (" one\r\ntwo\r\n", "one\rtwo\n\n", "\tone\ntwo"):
        one.change(notes=notes)
        one.looks(3)
        assert one.drifts() == {}
    assert sum(operation.kind == "sync" for operation in one.corral.engine.operations(limit=100)) == corrections


def test_what_was_said_of_a_vm_is_recorded_when_it_is_adopted(vms: Made) -> None:
    one = vms(policy="sync")
    other = next(vm for vm in one.hosts.machines(one.hosts.vm(VM).host) if vm.id != VM)
    one.hosts.put(replace(other, notes="a note", tags=("gold",), metadata=("team=blue",)))
    one.survey()
    wish = ManageRequest(name="app-09", node=other.id, flavor="", networks=(), source="racks", metadata={"own": "1"})
    server, operation = one.corral.adoption.manage(wish, ACTOR)
    assert one.corral.engine.wait(operation.uuid, 90).state == "succeeded"
    found = one.corral.servers.get(server.uuid)
    assert (found.description, found.tags, found.metadata) == ("a note", ("gold",), {"own": "1"})


def test_what_synchronization_wrote_is_put_back_when_a_vm_is_let_go(vms: Made) -> None:
    one = vms(policy="sync")
    one.change(notes="before", state=RunState.OFF, run="")
    one.looks(4)
    before = one.hosts.vm(VM)
    patch(
        one,
        one.server(),
        {"path": "/name", "value": "app-02"},
        {"path": "/description", "value": "ours"},
        {"path": "/tags", "value": ["ours"]},
    )
    one.looks(4)
    assert one.hosts.vm(VM) == replace(before, name="app-02", notes="ours", tags=("ours",))
    one.change(tags=("theirs",))
    one.looks(4)
    _, operation = one.corral.adoption.unmanage(one.server(), ACTOR)
    assert one.corral.engine.wait(operation.uuid, 90).state == "succeeded"
    assert one.hosts.vm(VM) == replace(before, tags=("theirs",))


def test_a_correction_that_fails_leaves_what_was_there(vms: Made) -> None:
    one = vms(policy="sync")
    one.change(notes="before")
    one.looks(4)

    def lose(moment: str) -> None:
        if moment.startswith("after PUT") and moment.endswith("/notes") and one.hosts.vm(VM).notes == "ours":
            one.hosts.put(replace(one.hosts.vm(VM), notes="somebody else's"))

    one.hosts.faults = lose
    patch(one, one.server(), {"path": "/description", "value": "ours"})
    one.looks(4)
    assert one.hosts.vm(VM).notes == "somebody else's"
    assert Field.NOTES in one.drifts()


# --- nodes ------------------------------------------------------------------------------------------------------


def test_what_is_said_of_a_node_goes_both_ways(bench: Callable[..., Bench]) -> None:
    one = bench(policy="sync", brake={"percent": 100})
    one.adopt(1)
    one.looks(3)
    before = (one.node(1).name, one.node(1).extra, one.node(1).instance_name)
    patch(one, one.server(1), *(change for change, _ in PATCHES.values()))
    one.looks(3)
    info = one.node(1).instance_info
    assert (info["display_name"], info["display_description"]) == ("app 02 ü & co", "two\nlines")
    assert (info["corral_metadata"], info["corral_tags"]) == (["team=re=d"], ["a", "b"])
    info |= {"display_name": "theirs", "corral_metadata": ["theirs=1"], "corral_tags": ["theirs"]}
    del info["display_description"]
    one.looks(3)
    assert one.corral.drift.page(DriftFilter(), limit=9) == []
    found = one.server(1)
    assert (found.name, found.description, found.metadata, found.tags) == (
        "theirs", None, {"theirs": "1"}, ("theirs",),
    )  # fmt: skip
    assert (one.node(1).name, one.node(1).extra, one.node(1).instance_name) == before


def test_what_was_said_of_a_node_is_taken_away_when_it_is_let_go(bench: Callable[..., Bench]) -> None:
    one = bench(policy="sync", brake={"percent": 100})
    before = dict(one.node(1).instance_info)
    one.adopt(1)
    patch(one, one.server(1), *(change for change, _ in PATCHES.values()))
    one.looks(3)
    assert one.node(1).instance_info.keys() > before.keys()
    _, operation = one.corral.adoption.unmanage(one.server(1), ACTOR)
    assert one.corral.engine.wait(operation.uuid, 90).state == "succeeded"
    assert one.node(1).instance_info == before


def test_a_node_whose_name_was_taken_away_keeps_its_servers_name(bench: Callable[..., Bench]) -> None:
    one = bench(policy="sync", brake={"percent": 100})
    one.adopt(1)
    one.looks(4)
    assert one.node(1).instance_info["display_name"] == "server-1"
    del one.node(1).instance_info["display_name"]
    one.looks(4)
    assert one.server(1).name == "server-1"
    [drift] = one.corral.drift.page(DriftFilter(), limit=9)
    assert (drift.field, drift.state) == (Field.NAME, DriftState.OPEN)


# --- what a client may say --------------------------------------------------------------------------------------


def test_tags_are_added_removed_and_replaced(vms: Made) -> None:
    one = vms(policy="none")
    patch(one, one.server(), {"path": "/tags/-", "value": "b"}, {"path": "/tags/-", "value": "a/b"})
    assert one.server().tags == ("a/b", "b")
    patch(one, one.server(), {"op": "remove", "path": "/tags/a~1b"})
    assert one.server().tags == ("b",)
    for wrong in (["a,b"], [" a"], [""], ["x" * 256], [1], "a", [f"{number}" for number in range(65)]):
        with pytest.raises(Invalid):
            patch(one, one.server(), {"path": "/tags", "value": wrong})
    with pytest.raises(Invalid, match="no tag"):
        patch(one, one.server(), {"op": "remove", "path": "/tags/a"})
    assert one.server().tags == ("b",)
