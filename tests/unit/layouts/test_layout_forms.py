"""A layout as JSON comes back as it was, and as a picture is whole whatever the names are."""

from __future__ import annotations

import copy
import json
from typing import Any
from xml.etree import ElementTree

import pytest
from exact_nodes import GIB
from test_layout_check import GOOD, SDA

from corral.domain.layout import DiskTable, Layout, LayoutDisk, Partition, Use
from corral.layouts.draw import svg
from corral.layouts.serial import LayoutInvalid, from_json, to_json


def test_a_layout_comes_back_as_it_was() -> None:
    assert from_json(json.loads(json.dumps(to_json(GOOD)))) == GOOD
    assert from_json(to_json(Layout())) == Layout()


def changed(*path: Any, to: Any) -> Any:
    data = copy.deepcopy(to_json(GOOD))
    inner = data
    for key in path[:-1]:
        inner = inner[key]
    inner[path[-1]] = to
    return data


@pytest.mark.parametrize(
    ("data", "what"),
    [
        ([], "the top must be an object"),
        ({}, "version must be 1"),
        (changed("version", to=2), "version must be 1"),
        (changed("version", to=True), "version must be 1"),
        (changed("tabels", to=[]), "tabels is no key here; did you mean 'tables'"),
        (changed("tables", 0, "disk", "size", to="10"), r"tables\[0\].disk.size must be a whole number"),
        (changed("tables", 0, "disk", "size", to=2**64), r"tables\[0\].disk.size must be a whole number"),
        (changed("tables", 0, "bootable", to=1), r"tables\[0\].bootable must be true or false"),
        (changed("tables", 0, "partitions", 0, "use", to="boots"), "must be one of"),
        (changed("tables", 0, "partitions", 0, to={"number": 1}), "lacks start, size, use"),
        (changed("raids", to={}), "raids must be a list"),
        (changed("groups", 0, "volumes", 0, to=None), r"groups\[0\].volumes\[0\] must be a text"),
    ],
)
def test_what_is_no_layout_is_refused_with_the_place(data: Any, what: str) -> None:
    with pytest.raises(LayoutInvalid, match=what):
        from_json(data)


def test_a_picture_is_xml_to_scale_with_every_name() -> None:
    drawn = ElementTree.fromstring(svg(GOOD))
    boxes = [
        one
        for one in drawn.iter("{http://www.w3.org/2000/svg}rect")
        if one.find("{http://www.w3.org/2000/svg}title") is not None
    ]
    width = {one.findtext("{http://www.w3.org/2000/svg}title"): float(one.attrib["width"]) for one in boxes}
    disk, group = width["sda: 10 GiB"], next(value for name, value in width.items() if name and "/dev/sda2" in name)
    assert group / disk == pytest.approx(0.4, abs=0.001)
    words = " ".join(drawn.itertext())
    assert all(name in words for name in ("sda", "sdb", "bootable", "Group os", "root 3 GiB ext4 on /", "esp 512 MiB"))


def test_names_that_would_be_markup_are_only_text() -> None:
    evil = '"><script>alert(1)</script>\x00\x1b[31m\u202e&'
    disk = LayoutDisk(evil, "/dev/sda", "x", 10 * GIB, model=evil * 50)
    drawn = svg(Layout((DiskTable(disk, (Partition(1, 2**20, GIB, Use.RAW, evil),)),)), title=evil)
    ElementTree.fromstring(drawn)
    assert "<script" not in drawn
    assert not {"\x00", "\x1b", "\u202e"} & set(drawn)


def test_a_picture_of_nothing_is_a_picture() -> None:
    ElementTree.fromstring(svg(Layout()))
    ElementTree.fromstring(svg(Layout((DiskTable(LayoutDisk("sda", SDA.device, "x", 0)),))))
