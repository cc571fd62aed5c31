"""What a log's line says besides its sentence."""

from __future__ import annotations

import logging

import pytest

from corral.cli.logs import Telling


@pytest.mark.parametrize(
    ("extra", "expected"),
    [
        ({}, "It failed."),
        ({"source": "racks", "tries": 3}, "It failed. source=racks tries=3"),
        ({"why": "no one is there"}, 'It failed. why="no one is there"'),
        ({"why": ""}, 'It failed. why=""'),
        ({"why": 'a="b"'}, r'It failed. why="a=\"b\""'),
        ({"why": "\x1b[31mred\nWARNING forged: line"}, 'It failed. why="[31mred WARNING forged: line"'),
    ],
)
def test_a_line_tells_what_its_sentence_is_about(extra: dict[str, object], expected: str) -> None:
    record = logging.getLogger("corral.test").makeRecord(
        "corral.test", logging.WARNING, __file__, 1, "It %s.", ("failed",), None, extra=extra
    )
    assert Telling("%(message)s").format(record) == expected


def test_an_exception_is_still_told_below_its_line() -> None:
    record = logging.makeLogRecord({"msg": "It failed.", "source": "racks"})
    try:
        raise ValueError("nobody expected this")
    except ValueError as exc:
        record.exc_info = (ValueError, exc, exc.__traceback__)
    first, *rest = Telling("%(message)s").format(record).splitlines()
    assert first == "It failed. source=racks"
    assert rest[-1] == "ValueError: nobody expected this"
