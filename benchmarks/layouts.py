"""The exact allocator against its solver: a whole allocation, and the bare relaxation of the same program in the same run.

The relaxation is what HiGHS needs for the program of the minimums as a linear one, without whole numbers, stages or reasons. It
needs no service.
"""

from __future__ import annotations

import argparse
import random
import statistics
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import numpy as np
from scipy.optimize import Bounds, LinearConstraint, milp

from benchmarks.report import tell
from corral.domain.layout import DiskTable
from corral.layouts.exact import Schema, allocate, parse, tables
from corral.layouts.exact.compiling import compile_task, task
from corral.layouts.exact.model import Model
from corral.layouts.exact.stages import smallest

GIB = 2**30
CASES = ((10, 10), (60, 20), (200, 30))
MODELS = 5
"""Kinds of disks in a node that was bought; the other half of the cases has no two disks alike."""


def node(disks: int, alike: int, seed: int = 1) -> dict[str, Any]:
    """A node whose disks are of so many models; 0: all different."""
    chance = random.Random(seed)
    models = [_facts(chance) for _ in range(alike or disks)]
    listed = [{"name": f"d{number:03}", **models[number % len(models)]} for number in range(disks)]
    return {"meta": {"disks": listed}}


def _facts(chance: random.Random) -> dict[str, Any]:
    size = chance.randrange(200, 20_000) * GIB + chance.randrange(10**6) * 512
    return {"size": size, "rotational": chance.random() < 0.6}


def schema(volumes: int, seed: int = 1) -> dict[str, Any]:
    """A schema with so many volumes of every kind and wish, in turn."""
    chance = random.Random(seed)
    return {
        "version": 2,
        "boot": {},
        "volumes": {f"v{number}": _volume(number % 6, chance) for number in range(volumes)},
    }


def _volume(kind: int, chance: random.Random) -> dict[str, Any]:
    exact = f"{chance.randrange(1, 200)} GiB"
    if kind == 0:
        return {"type": "vg", "volumes": {"a": {"size": "remaining", "min": "10 GiB"}, "b": {"size": exact}}}
    if kind == 1:
        return {"size": exact}
    if kind == 2:
        return {"min": "5 GiB", "max": f"{chance.randrange(100, 2000)} GiB", "weight": chance.randrange(1, 5)}
    if kind == 3:
        return {"type": "raid", "level": chance.choice(["1", "5", "10"]), "devices": 4, "size": exact}
    if kind == 4:
        return {"size": f"{chance.randrange(1, 10)}%"}
    top = f"{chance.randrange(200, 20_000)} GiB"
    return {"type": "vg", "min": "100 GiB", "max": top, "volumes": {"x": {"size": "remaining"}}}


def relaxation(rules: Schema, facts: Sequence[DiskTable]) -> Callable[[], object]:
    """The same volumes and disks as one linear program, ready to be solved."""
    problem = compile_task(task(rules, facts))
    program = Model(problem, range(len(problem.asks)), smallest(problem)).program
    matrix = program._matrix()
    limits = LinearConstraint(matrix, np.array(program._limits[0]), np.array(program._limits[1]))
    bounds = Bounds(np.array(program.lows), np.array(program.highs))
    return lambda: milp(np.ones(len(program.lows)), bounds=bounds, constraints=[limits])


def measured(work: Callable[[], object], runs: int) -> float:
    """The median seconds of so many runs."""
    taken = []
    for _ in range(runs):
        begun = time.perf_counter()
        work()
        taken.append(time.perf_counter() - begun)
    return statistics.median(taken)


def case(disks: int, volumes: int, alike: int, runs: int) -> dict[str, Any]:
    """Both sides of one case."""
    rules, facts = parse(schema(volumes)), tables(node(disks, alike))
    floor, whole = relaxation(rules, facts), lambda: allocate(rules, facts)
    yardstick, corral = measured(floor, runs), measured(whole, runs)
    return {"disks": disks, "volumes": volumes, "models": alike or disks, "floor": yardstick, "corral": corral}


def main() -> None:
    """Measure and tell."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--runs", type=int, default=5)
    parser.add_argument("--json", type=Path)
    chosen = parser.parse_args()
    found = [case(*size, alike, chosen.runs) for size in CASES for alike in (MODELS, 0)]
    rows = [
        (
            f"{one['disks']} disks of {one['models']} models × {one['volumes']} volumes",
            f"{one['corral']:.3f} s, relaxation {one['floor']:.3f} s, ratio {one['corral'] / one['floor']:.2f}",
        )
        for one in found
    ]
    tell({"cases": found}, rows, chosen.json)


if __name__ == "__main__":
    main()
