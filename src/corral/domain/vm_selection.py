"""Which VMs are meant: by name, folder and tag, the same in a list, in the filter of a plan, and in a rule of a mapping."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from fnmatch import fnmatchcase

from corral.domain.vm import Vm

_WILD = frozenset("*?[")


@dataclass(frozen=True, slots=True)
class Selection:
    """What a VM must be; None: anything. `name` is a glob on its name; `folder` a folder with all below it, or a glob; `tag` one
    of its tags, or a glob."""

    name: str | None = None
    folder: str | None = None
    tag: str | None = None

    @property
    def all(self) -> bool:
        """Whether it is every VM."""
        return (self.name, self.folder, self.tag) == (None, None, None)

    def matches(self, vm: Vm) -> bool:
        """Whether the VM is meant."""
        return (
            (self.name is None or fnmatchcase(vm.label, self.name))
            and (self.folder is None or in_folder(vm.folder, self.folder))
            and (self.tag is None or any_like(vm.tags, self.tag))
        )


def in_folder(folder: str, wanted: str) -> bool:
    """Whether that folder is the wanted one, or below it. Slashes at either end don't count. Globs cross slashes."""
    here, there = folder.strip("/"), wanted.strip("/")
    if _WILD & set(there):
        return fnmatchcase(here, there)
    return here == there or here.startswith(f"{there}/") or not there


def any_like(words: Iterable[str], wanted: str) -> bool:
    """Whether one of the words is the wanted one, or matches the glob. A word with a bracket in it is found by itself, too."""
    return any(word == wanted or fnmatchcase(word, wanted) for word in words)
