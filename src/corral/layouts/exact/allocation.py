"""The allocator's front door: schema and disks in, an exact layout out, with the reason for each piece of it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from corral.domain.layout import DiskTable, Layout
from corral.layouts.exact.compiling import Task, compile_task, task
from corral.layouts.exact.conflicts import conflicts
from corral.layouts.exact.errors import Infeasible
from corral.layouts.exact.placing import Placed, layout
from corral.layouts.exact.problem import Problem
from corral.layouts.exact.program import Clock
from corral.layouts.exact.schema import Schema
from corral.layouts.exact.stages import lay_out

TIME_LIMIT = 60.0
"""Seconds. Two hundred disks take about one; what takes longer is a puzzle that a narrower schema need not pose."""


@dataclass(frozen=True, slots=True)
class Allocation:
    """A layout, with what it was made from: `explain` reads it."""

    layout: Layout
    placed: tuple[Placed, ...]
    task: Task
    problem: Problem


def allocate(
    schema: Schema, tables: Sequence[DiskTable], roles: Sequence[str] = (), *, time_limit: float = TIME_LIMIT
) -> Allocation:
    """Lay out a node's disks. `tables`: the disks with the partitions that are on them now; none of those is changed, unless the
    schema says `existing: wipe` and it is not marked as kept.

    Raises SchemaInvalid, Infeasible with what conflicts, Unsolved at the time limit (in seconds).
    """
    wanted, clock = task(schema, tables, roles), Clock(time_limit)
    problem = compile_task(wanted)
    pieces = lay_out(problem, clock)
    if pieces is None:
        raise Infeasible(conflicts(wanted, clock))
    made, placed = layout(wanted, problem, pieces)
    return Allocation(made, placed, wanted, problem)
