"""How a benchmark tells its numbers: a table for people, JSON for machines, and what it ran on."""

from __future__ import annotations

import json
import os
import platform
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any


def machine() -> dict[str, Any]:
    """What the numbers were taken on."""
    return {"cpus": os.cpu_count(), "memory_gb": _memory(), "python": platform.python_version(), "cpu": _cpu()}


def _memory() -> float:
    return round(os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 2**30, 1)


def _cpu() -> str:
    found = [line for line in Path("/proc/cpuinfo").read_text().splitlines() if line.startswith("model name")]
    return found[0].partition(":")[2].strip() if found else platform.machine()


def tell(result: Mapping[str, Any], rows: Sequence[tuple[str, str]], path: Path | None) -> None:
    """Print the table to stderr, and the JSON to stdout or to a file."""
    width = max(len(label) for label, _ in rows)
    for label, value in rows:
        print(f"{label:<{width}}  {value}", file=sys.stderr)
    text = json.dumps({"machine": machine(), "command": command(), **result}, indent=2)
    if path is None:
        print(text)
    else:
        path.write_text(text + "\n")


def command() -> str:
    """What was typed, without where."""
    module = Path(sys.argv[0]).stem
    return " ".join(["python", "-m", f"benchmarks.{module}", *sys.argv[1:]])
