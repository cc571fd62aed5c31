"""The parts that several kinds of volume share: how large, what is on it, on which disks."""

from __future__ import annotations

from corral.layouts.exact.amounts import Amount, Wish, percentage, shown, size, size_text
from corral.layouts.exact.fields import Fields
from corral.layouts.exact.schema import Content
from corral.layouts.exact.selectors import HINTS, Hint, Selector, hint_fault

UNSAID = Amount(Wish.LEAST, weight=0)
"""Nothing was said about the size: an array takes it from its group, a group from its logical volumes."""


def amount(fields: Fields, *, optional: bool = False, reused: bool = False) -> Amount:
    """How large: from the keys `size`, `min`, `max` and `weight`. `reused`: an existing partition can only have a minimum."""
    given = [key for key in ("size", "min", "max", "weight") if fields.has(key)]
    low, high = fields.bytes("min", 0), fields.bytes("max", 0) if fields.has("max") else None
    weight = fields.number("weight", 1, 1, 1_000_000)
    if high is not None and high < low:
        fields.problem("max", f"{size_text(high)} is less than the minimum, {size_text(low)}")
    if reused and set(given) - {"min"}:
        fields.problem(given[-1], "an existing partition keeps its size; only `min` can be asked of it")
    if not given:
        if not optional:
            fields.problem("", "say how large it is to be: size, min, max or weight")
        return UNSAID
    if fields.has("size"):
        return _sized(fields, Amount(Wish.REMAINING, low, high, weight=weight))
    return Amount(Wish.SHARE if {"max", "weight"} & set(given) else Wish.LEAST, low, high, weight=weight)


def _sized(fields: Fields, rest: Amount) -> Amount:
    value = fields.raw("size")
    if isinstance(value, str) and value.strip().lower() == "remaining":
        return rest
    try:
        share = percentage(value)
        exact = 0 if share else size(value)
    except ValueError as exc:
        fields.problem("size", f"{exc}, or 'remaining', or a percentage" if "is not a size" in str(exc) else str(exc))
        return rest
    for key in ("weight",) if share else ("min", "max", "weight"):
        if fields.has(key):
            fields.problem(key, f"has no meaning beside size {shown(value)}")
    if share:
        return Amount(Wish.PERCENT, rest.low, rest.high, share)
    if not exact:
        fields.problem("size", "must be more than nothing")
    return Amount(Wish.EXACT, exact, exact)


def content(fields: Fields) -> Content:
    """What is made on it: from `file_system`, `mount`, `fs_label` and `fs_options`."""
    made = Content(fields.text("file_system"), fields.text("mount"), fields.text("fs_label"), fields.text("fs_options"))
    if made.file_system and not made.file_system.isalnum():
        fields.problem("file_system", f"{shown(made.file_system)} is not the name of a file system")
    if made.mount and not made.file_system:
        fields.problem("mount", "is given, but no file_system")
    if (
        made.mount
        and made.mount != "swap"
        and (not made.mount.startswith("/") or ".." in made.mount or " " in made.mount)
    ):
        fields.problem("mount", f"{shown(made.mount)} is not an absolute path without spaces and '..', nor 'swap'")
    return made


def selector(fields: Fields) -> Selector:
    """Which disks."""
    wide = fields.inner("size") if fields.has("size") else None
    made = Selector(
        rotational=fields.flag("rotational") if fields.has("rotational") else None,
        removable=fields.flag("removable"),
        at_least=wide.bytes("min", 0) if wide else 0,
        at_most=wide.bytes("max", 0) if wide and wide.has("max") else None,
        names=fields.texts("name"),
        ids=fields.texts("by_id"),
        wwn=fields.texts("wwn"),
        serial=fields.texts("serial"),
        model=fields.texts("model"),
        hints=_hints(fields.inner("root_hints")) if fields.has("root_hints") else (),
    )
    if wide:
        wide.done()
    fields.done()
    return made


def _hints(fields: Fields) -> tuple[Hint, ...]:
    hints = []
    for key in HINTS:
        if not fields.has(key):
            continue
        value = fields.raw(key)
        if not isinstance(value, str | int) or len(str(value)) > 255:
            fields.problem(key, f"must be a text as Ironic takes it, not {shown(value)}")
            continue
        if fault := hint_fault(key, str(value)):
            fields.problem(key, fault)
        hints.append(Hint(key, str(value)))
    fields.done()
    return tuple(hints)
