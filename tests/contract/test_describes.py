"""The laws of `contracts.virtual.DescribesVms`: memory, libvirt's test driver, a real libvirtd with QEMU, a simulated vCenter."""

from __future__ import annotations

import pytest
from contract_vms import LibvirtStall, Stall, VsphereStall
from test_vms import looked, switch

from corral.contracts.border import Purpose, crossing
from corral.contracts.sources import PowerTarget
from corral.contracts.virtual import DescribesVms, Vms, Where
from corral.domain.drift import Facts, Field, Value
from corral.domain.errors import Breach, NotFound, NotSupported
from corral.domain.sync_sides import vm_facts

NOBODY = "c0117ac7-0000-4000-8000-00000000dead"
NAMES = ("web-2", "a/b", "50%", "100%25 %2f", "quo\"te's & <co>", "ümläut 名前 🐄", "x" * 80)
NOTES = ("one line", "two\nlines\tand a tab", "a < b & c > d ]]> \"'", "ü 名前 🐄", "n" * 4000)
TAGS = (["gold"], ["a&b", "env:prod", "ü <x>"], ["one"])


def said(stall: Stall) -> DescribesVms:
    assert isinstance(stall.source.hosts, DescribesVms)
    return stall.source.hosts


def say(stall: Stall, what: Field, value: Value, where: Where | None = None) -> None:
    with crossing(Purpose.SYNC):
        said(stall).describe(where or stall.where, what, value)


def told(stall: Stall) -> Facts:
    """As a look at all tells it, which is how a look at this one does."""
    assert isinstance(stall.source.hosts, Vms)
    one = stall.source.hosts.observe(stall.where)[1]
    assert looked(stall, stall.where) == one
    return vm_facts(one)


@pytest.mark.parametrize("running", [False, True])
@pytest.mark.parametrize("what", [Field.NAME, Field.NOTES, Field.METADATA, Field.TAGS])
def test_what_is_said_is_told_as_it_was_said(stall: Stall, what: Field, running: bool) -> None:
    if what not in said(stall).describable():
        with pytest.raises(NotSupported):
            say(stall, what, ["key=value"])
        return
    if running:
        switch(stall, PowerTarget.ON)
    before = told(stall)
    values: dict[Field, tuple[Value, ...]] = {
        Field.NAME: NAMES,
        Field.NOTES: NOTES,
        Field.METADATA: (["team=blue", "x y= padded ", "z=a=b & <c>"], ["team=red"]),
        Field.TAGS: TAGS,
    }
    for value in values[what]:
        for _ in range(2):
            say(stall, what, value)
        now = told(stall)
        assert now[what] == value
        assert {**now, what: None} == {**before, what: None}


@pytest.mark.parametrize("running", [False, True])
def test_what_was_said_is_taken_away_and_nothing_is_left_of_it(stall: Stall, running: bool) -> None:
    if running:
        switch(stall, PowerTarget.ON)
    before, plain = told(stall), stall.plain(stall.where)
    wanted: dict[Field, Value] = {
        Field.NAME: "web-2",
        Field.NOTES: "a note",
        Field.METADATA: ["a=b"],
        Field.TAGS: ["gold"],
    }
    for what, value in wanted.items():
        if what in said(stall).describable() and not (what is Field.NOTES and isinstance(stall, VsphereStall)):
            say(stall, what, value)
            say(stall, what, before[what])
    assert told(stall) == before
    if isinstance(stall, LibvirtStall):
        assert stall.plain(stall.where) == plain


def test_a_vm_is_not_disturbed_by_what_is_said_of_it(stall: Stall) -> None:
    switch(stall, PowerTarget.ON)
    assert isinstance(stall.source.hosts, Vms)
    run = stall.source.hosts.observe(stall.where)[1].run
    for what, value in ((Field.NAME, "web-2"), (Field.NOTES, "a note"), (Field.TAGS, ["gold"])):
        say(stall, what, value)
    assert stall.source.hosts.observe(stall.where)[1].run == run


def test_what_people_labelled_stays_beside_what_is_said(stall: Stall) -> None:
    folder, tags = stall.label()
    say(stall, Field.TAGS, [*tags, "new"])
    now = looked(stall, stall.where)
    assert (now.folder, now.tags) == (folder, tuple(sorted([*tags, "new"])))
    say(stall, Field.TAGS, list(tags))
    assert looked(stall, stall.where).tags == tags


def test_nothing_is_said_of_a_vm_that_no_host_has(stall: Stall) -> None:
    with pytest.raises(NotFound):
        say(stall, Field.NOTES, "a note", Where(NOBODY, stall.where.host))


@pytest.mark.parametrize("purpose", [Purpose.LOOK, Purpose.ADOPT, Purpose.POWER])
def test_nothing_is_said_under_another_purpose(stall: Stall, purpose: Purpose) -> None:
    plain = stall.plain(stall.where)
    for what, value in ((Field.NAME, "web-2"), (Field.NOTES, "a note"), (Field.TAGS, ["gold"])):
        with crossing(purpose), pytest.raises(Breach):
            said(stall).describe(stall.where, what, value)
    assert stall.plain(stall.where) == plain


def test_what_a_source_can_not_have_is_refused_and_not_mended(stall: Stall) -> None:
    before = told(stall)
    refused: list[tuple[Field, Value]] = [(Field.NAME, "")]
    if isinstance(stall, LibvirtStall):
        refused += [(Field.NAME, "bell\x07"), (Field.NOTES, "bell\x07"), (Field.TAGS, [" padded"])]
    if isinstance(stall, VsphereStall):
        refused += [(Field.NAME, "x" * 81), (Field.NAME, "%" * 40), (Field.TAGS, ["a,b"])]
    for what, value in refused:
        assert said(stall).refusal(what, value)
        with pytest.raises(NotSupported):
            say(stall, what, value)
    assert told(stall) == before
