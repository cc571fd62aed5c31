"""Pictures of measurements, for the documentation: lines over a logarithmic scale, as SVG that looks the same in every run."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import matplotlib

matplotlib.use("svg")  # before pyplot is imported: no screen is needed

import matplotlib.pyplot as plt

_MARKS = "osD^vP"


@dataclass(frozen=True)
class Line:
    """One line: its name, and a value in milliseconds for each size."""

    name: str
    values: Sequence[float]


def draw(path: Path, title: str, sizes: Sequence[int], lines: Sequence[Line]) -> None:
    """Draw milliseconds over the number of servers, both logarithmic."""
    # Text stays text, ids and dates do not change from run to run.
    with plt.rc_context({"svg.fonttype": "none", "svg.hashsalt": "corral", "font.family": "sans-serif"}):
        figure, axes = plt.subplots(figsize=(8, 4.5), layout="constrained")
        for line, mark in zip(lines, _MARKS, strict=False):
            axes.plot(sizes, line.values, marker=mark, label=line.name)
        axes.set(xscale="log", yscale="log", xlabel="servers", ylabel="milliseconds of processor time", title=title)
        axes.set_xticks(sizes, [f"{size:,}" for size in sizes], minor=False)
        axes.minorticks_off()
        axes.yaxis.set_major_formatter("{x:g}")
        axes.grid(alpha=0.3)
        figure.legend(loc="outside right center", frameon=False)
        figure.savefig(path, format="svg", metadata={"Date": None, "Creator": None})
        plt.close(figure)
