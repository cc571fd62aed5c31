"""Benches that end with their test."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path
from typing import Any

import pytest
from sync_bench import Bench
from vms_bench import VmBench


@pytest.fixture
def bench(tmp_path: Path) -> Iterator[Callable[..., Bench]]:
    """Makes a bench by its policy."""
    with ExitStack() as stack:

        def made(machines: int = 4, *, lying: bool = False, **policy: Any) -> Bench:
            one = Bench(tmp_path, policy, machines, lying=lying)
            stack.callback(one.stop)
            return one

        yield made


@pytest.fixture
def vms(tmp_path: Path) -> Iterator[Callable[..., VmBench]]:
    """Makes a bench of VMs by its policy."""
    with ExitStack() as stack:

        def made(**policy: Any) -> VmBench:
            one = VmBench(tmp_path, **policy)
            stack.callback(one.corral.stop)
            return one

        yield made
