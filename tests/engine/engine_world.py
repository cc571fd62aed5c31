"""A small world to act on: a directory with a file for each thing that exists, and switches that break it."""

import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from corral.engine import BackOff, Engine, Flow, Run, Step

Start = Callable[..., Engine[Any]]
AnyRun = Run[Any]

QUICK = BackOff(first=0.01, factor=1.5, cap=0.05, jitter=0.0, tries=3)


class Broken(Exception):
    """The world refuses."""

    def __init__(self, message: str = "the world refuses") -> None:
        super().__init__(message)
        self.as_json = {"code": "world_refuses", "message": message, "fix": "Mend the world."}


@dataclass
class World:
    """What exists, what was done to it in which order, and what goes wrong."""

    place: Path
    log: list[str] = field(default_factory=list)
    broken: set[str] = field(default_factory=set)
    gate: threading.Event = field(default_factory=threading.Event)
    reached: threading.Event = field(default_factory=threading.Event)

    def __post_init__(self) -> None:
        self.place.mkdir(exist_ok=True)

    def make(self, name: str) -> None:
        self.log.append(f"do {name}")
        (self.place / name).touch()
        self._refuse(f"do {name}")

    def remove(self, name: str) -> None:
        self.log.append(f"undo {name}")
        self._refuse(f"undo {name}")
        (self.place / name).unlink(missing_ok=True)

    def things(self) -> set[str]:
        return {file.name for file in self.place.iterdir()}

    def heal(self) -> None:
        self.broken.clear()
        self.gate.set()

    def hold(self) -> None:
        """Stand still in the middle of an act until the gate opens."""
        self.reached.set()
        assert self.gate.wait(60)

    def _refuse(self, act: str) -> None:
        if act in self.broken:
            raise Broken


@dataclass(frozen=True)
class Environment:
    world: World


def until(condition: Callable[[], Any], seconds: float = 120) -> None:
    """Wait for something that happens in another thread."""
    end = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < end, "it never happened"
        time.sleep(0.01)


def making(name: str, do: Callable[[AnyRun], Any] | None = None) -> Step[Any]:
    """A step that makes a thing and can unmake it."""

    def make(run: AnyRun) -> Any:
        run.check()
        run.env.world.make(name)
        return do(run) if do else {"made": name}

    def unmake(run: AnyRun) -> None:
        run.env.world.remove(name)

    return Step(name, f"Make {name}", make, unmake)


def failing(name: str = "bad") -> Step[Any]:
    """A step that makes a thing and then fails: the worst kind."""

    def fail(_run: AnyRun) -> Any:
        raise Broken

    return making(name, fail)


def holding(name: str) -> Step[Any]:
    """A step that makes a thing, stands still, and checks before it acts on."""

    def hold(run: AnyRun) -> None:
        run.env.world.hold()
        run.check()

    return making(name, hold)


def flow(*steps: Step[Any], name: str = "flow", version: int = 1, **hooks: Any) -> Flow[Any]:
    return Flow(name, version, steps, **hooks)


WHOLE = flow(making("a"), making("b"), making("c"))
NOTHING = flow(making("a"), making("b"), failing("c"))
