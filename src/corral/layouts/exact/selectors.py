"""Which disks a volume may be on: rotational, size, names, ids, and Ironic's root device hints with their operators.

Rule: a selector looks at one disk at a time. "The smallest" or "all" would let a further disk make a layout impossible.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from fnmatch import fnmatchcase

from corral.domain.layout import LayoutDisk
from corral.layouts.exact.amounts import size_text

GIB = 1024**3

_NUMBERS: Mapping[str, Callable[[int, int], bool]] = {
    "=": lambda have, want: have >= want,  # so it is in oslo.utils, whose operators these are
    "==": lambda have, want: have == want,
    "!=": lambda have, want: have != want,
    ">=": lambda have, want: have >= want,
    "<=": lambda have, want: have <= want,
    ">": lambda have, want: have > want,
    "<": lambda have, want: have < want,
}
_TEXTS: Mapping[str, Callable[[str, str], bool]] = {
    "s==": lambda have, want: have == want,
    "s!=": lambda have, want: have != want,
    "s>=": lambda have, want: have >= want,
    "s<=": lambda have, want: have <= want,
    "s>": lambda have, want: have > want,
    "s<": lambda have, want: have < want,
}

HINTS: tuple[str, ...] = ("model", "vendor", "serial", "wwn", "name", "hctl", "by_path", "size", "rotational")
"""The root device hints that can be checked with what a node tells of its disks."""


@dataclass(frozen=True, slots=True)
class Hint:
    """One root device hint. `expression` as Ironic has it: `>= 60`, `s!= QEMU`, `<in> sata`, `<or> a <or> b`, or a value."""

    key: str
    expression: str

    def matches(self, disk: LayoutDisk) -> bool:
        """Whether the disk has what the hint wants. Sizes are whole GiB; text is compared regardless of case."""
        if self.key == "size":
            return _number(self.expression, disk.size // GIB)
        if self.key == "rotational":
            return disk.rotational is not None and disk.rotational is (self.expression.lower() in TRUE)
        return _text(self.expression.lower(), _fact(disk, self.key).lower())


TRUE = frozenset({"true", "yes", "on", "1", "t", "y"})


def _fact(disk: LayoutDisk, key: str) -> str:
    match key:
        case "name":
            return disk.device
        case "by_path":
            return next((f"/dev/{one}" for one in (disk.id, *disk.links) if "by-path/" in one), "")
        case _:
            return str(getattr(disk, key))


def _number(expression: str, have: int) -> bool:
    operator, rest = _parted(expression, _NUMBERS)
    if operator == "<or>":
        return any(part.strip() == str(have) for part in rest.split("<or>"))
    return rest.isdecimal() and _NUMBERS[operator or "=="](have, int(rest))


def _text(expression: str, have: str) -> bool:
    operator, rest = _parted(expression, _TEXTS)
    if operator == "<or>":
        return any(part.strip() == have for part in rest.split("<or>"))
    if operator == "<in>":
        return rest in have
    return _TEXTS[operator or "s=="](have, rest)


def _parted(expression: str, operators: Mapping[str, object]) -> tuple[str, str]:
    """The operator, which may be missing, and what stands after it. Longer operators are tried first."""
    text = expression.strip()
    known = sorted((*operators, "<or>", "<in>"), key=len, reverse=True)
    operator = next((one for one in known if text.startswith(one)), "")
    return operator, text[len(operator) :].strip()


def hint_fault(key: str, expression: str) -> str:
    """What is wrong with a hint, empty when nothing is."""
    if expression.strip().startswith("<all-in>"):
        return "<all-in> is about lists, and a disk has none; use <in>"
    if key != "size":
        return "" if _parted(expression, _TEXTS)[1] else "it has no value"
    operator, rest = _parted(expression, _NUMBERS)
    parts = rest.split("<or>") if operator == "<or>" else [rest]
    right = operator != "<in>" and all(part.strip().isdecimal() for part in parts)
    return "" if right else "a size is a whole number of GiB, with an operator before it if you like, as in '>= 60'"


@dataclass(frozen=True, slots=True)
class Selector:
    """What a disk must be. Empty or None: does not matter; but removable disks are left out unless asked for.

    `names`, `ids`, `wwn` and `serial` may have `*` and `?`; each holds if any of its patterns does. Sizes in bytes.
    """

    rotational: bool | None = None
    removable: bool = False
    at_least: int = 0
    at_most: int | None = None
    names: tuple[str, ...] = ()
    ids: tuple[str, ...] = ()
    wwn: tuple[str, ...] = ()
    serial: tuple[str, ...] = ()
    model: tuple[str, ...] = ()
    hints: tuple[Hint, ...] = field(default=())

    def matches(self, disk: LayoutDisk) -> bool:
        """Whether a volume may be on this disk."""
        return (
            (self.rotational is None or disk.rotational is self.rotational)
            and (self.removable or not disk.removable)
            and self.at_least <= disk.size
            and (self.at_most is None or disk.size <= self.at_most)
            and _any(self.names, (disk.name, disk.device))
            and _any(self.ids, _ids(disk))
            and _any(self.wwn, (disk.wwn,))
            and _any(self.serial, (disk.serial,))
            and _any(self.model, (disk.model,))
            and all(hint.matches(disk) for hint in self.hints)
        )

    def __str__(self) -> str:
        kind = {None: "a disk", True: "a rotational disk", False: "a non-rotational disk"}[self.rotational]
        unsaid = self.rotational is None and not self.removable
        return " ".join([kind, *(self._limits() or (["that is not removable"] if unsaid else []))])

    def _limits(self) -> list[str]:
        limits = [f"of at least {size_text(self.at_least)}"] if self.at_least else []
        limits += [f"of at most {size_text(self.at_most)}"] if self.at_most is not None else []
        for what in ("names", "ids", "wwn", "serial", "model"):
            if patterns := getattr(self, what):
                limits.append(f"with {_SINGULAR.get(what, what)} {' or '.join(patterns)}")
        limits += [f"with {hint.key} {hint.expression}" for hint in self.hints]
        return limits


_SINGULAR = {"names": "name", "ids": "id"}


def _ids(disk: LayoutDisk) -> tuple[str, ...]:
    known = (disk.id, *disk.links)
    return known + tuple(one.rsplit("/", 1)[-1] for one in known)


def _any(patterns: tuple[str, ...], values: tuple[str, ...]) -> bool:
    """No patterns: all is well. Case matters in no id of a disk, so it does not here."""
    return not patterns or any(
        value and fnmatchcase(value.lower(), pattern.lower()) for pattern in patterns for value in values
    )
