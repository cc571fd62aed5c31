"""Why it doesn't fit: sets of requirements that can't be kept together, each so small that any part of it could be.

A set is made by leaving out one requirement after another, for good if what is left still does not fit. Halves are tried first,
so that a hundred requirements don't need a hundred programs. Rule: every claim made here was proven by the solver.
"""

from __future__ import annotations

from collections.abc import Sequence

from corral.domain.layout import MIB
from corral.layouts.exact.amounts import size_text
from corral.layouts.exact.compiling import Task, compile_task, requirements
from corral.layouts.exact.problem import Ask, Problem
from corral.layouts.exact.program import Clock
from corral.layouts.exact.stages import fits
from corral.layouts.explained import Conflict, Requirement

MOST_CONFLICTS = 5

_Requirements = tuple[Requirement, ...]


def conflicts(task: Task, clock: Clock) -> tuple[Conflict, ...]:
    """At most MOST_CONFLICTS that share no requirement; first those of a volume alone. Raises Unsolved at the time limit."""
    left = requirements(task)
    found: list[Conflict] = []
    volumes = list(dict.fromkeys(one.subject for one in left if one.kind == "size"))
    while len(found) < MOST_CONFLICTS and not _fit(task, left, clock):
        alone = (_of_one(name, left) for name in volumes)
        suspects = next((one for one in alone if not _fit(task, one, clock)), left)
        core = _smallest(task, (), (), suspects, clock)
        found.append(_conflict(task, core))
        left = tuple(one for one in left if one not in core)
    return tuple(found)


def _of_one(name: str, left: _Requirements) -> _Requirements:
    """What is asked for one volume, beside what is kept."""
    return tuple(one for one in left if one.kind == "keep" or (one.subject == name and not one.other))


def fits_together(task: Task, chosen: Sequence[Requirement], clock: Clock) -> bool:
    """Whether these requirements alone can all be kept."""
    return _fit(task, tuple(chosen), clock)


def _fit(task: Task, chosen: _Requirements, clock: Clock) -> bool:
    return fits(compile_task(task, chosen), clock)


def _smallest(
    task: Task, known: _Requirements, added: _Requirements, left: _Requirements, clock: Clock
) -> _Requirements:
    """The part of `left` that conflicts beside `known`, and no more of it than needed (the QuickXplain algorithm)."""
    if added and not _fit(task, known, clock):
        return ()
    if len(left) == 1:
        return left
    middle = len(left) // 2
    first, second = left[:middle], left[middle:]
    later = _smallest(task, known + first, first, second, clock)
    earlier = _smallest(task, known + later, later, first, clock)
    return earlier + later


def _conflict(task: Task, core: _Requirements) -> Conflict:
    problem = compile_task(task, core)
    sized = [one for one in core if one.kind == "size"]
    said = _about_one(problem, core, sized[0]) if len(sized) == 1 else _about_many(problem, core, sized)
    return Conflict(core, said, _fix(core))


def _about_one(problem: Problem, core: _Requirements, needed: Requirement) -> str:
    """A volume that doesn't fit by itself: what it needs, and the most that there is."""
    ask = next(one for one in problem.asks if one.name == needed.subject)
    where = _where(ask, core)
    if ask.spec.reuse:
        return f"{needed.words}{where}, but there is none."
    if not ask.caps:
        return f"{needed.words}{where}, but no disk is like that{_beside(core)}."
    rooms = sorted(
        (gap.size * problem.unit * MIB for disk in ask.caps for gap in problem.spaces[disk].gaps), reverse=True
    )
    if ask.pieces > 1:
        there = f"of these disks {_count_fitting(problem, ask)} have that much in one piece"
        return f"{needed.words}{where}, but {there}{_beside(core)}."
    if ask.spread and not ask.spec.one_disk:
        free = sum(problem.spaces[disk].free for disk in ask.caps) * problem.unit * MIB
        there = f"these disks have {size_text(free)} together, less what LVM keeps for itself"
        return f"{needed.words}{where}, but {there}{_beside(core)}."
    largest = size_text(rooms[0]) if rooms else "nothing"
    return f"{needed.words}{where}, but the largest free stretch there is {largest}{_beside(core)}."


def _where(ask: Ask, core: _Requirements) -> str:
    chosen = any(one.kind == "disks" and one.subject == ask.name for one in core)
    one_disk = " on one disk" if any(one.kind == "one-disk" and one.subject == ask.name for one in core) else ""
    return f"{one_disk} on {ask.spec.disks}" if chosen else one_disk


def _count_fitting(problem: Problem, ask: Ask) -> str:
    fitting = [disk for disk in ask.caps if any(gap.size >= ask.low for gap in problem.spaces[disk].gaps)]
    return f"only {len(fitting)}" if fitting else "none"


def _beside(core: _Requirements) -> str:
    """What else takes part, in words."""
    others = [one.words for one in core if one.kind not in {"size", "disks", "one-disk"}]
    return f", as {'; '.join(others)}" if others else ""


def _about_many(problem: Problem, core: _Requirements, sized: Sequence[Requirement]) -> str:
    said = []
    for needed in sized:
        ask = next(one for one in problem.asks if one.name == needed.subject)
        said.append(f"{needed.words}{_where(ask, core)}")
    disks = sorted({disk for ask in problem.asks for disk in ask.caps})
    free = size_text(sum(problem.spaces[disk].free for disk in disks) * problem.unit * MIB)
    there = (
        f"the {len(disks)} disks that they may be on have {free} free"
        if len(disks) > 1
        else f"the disk that they may be on has {free} free"
    )
    return f"These don't fit together: {'; '.join(said)}{_beside(core)}. Of all, {there}."


def _fix(core: _Requirements) -> str:
    ways = {
        "size": "lower a minimum of " + ", ".join(dict.fromkeys(one.subject for one in core if one.kind == "size")),
        "disks": "widen which disks "
        + ", ".join(dict.fromkeys(one.subject for one in core if one.kind == "disks"))
        + " may be on",
        "one-disk": "let " + ", ".join(one.subject for one in core if one.kind == "one-disk") + " spread over disks",
        "same-disk": "take a same_disk rule away",
        "other-disk": "take an other_disk rule away",
        "keep": "free a kept partition",
    }
    kinds = dict.fromkeys(one.kind for one in core)
    return f"Do one of these: {'; '.join(ways[kind] for kind in kinds)}; or add a disk."
