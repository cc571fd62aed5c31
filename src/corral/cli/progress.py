"""Waiting for operations, visibly: one through its events, many by asking for those that are not done.

Rule: waiting changes nothing. Ctrl-C stops the waiting, never the operation, and says how to look again.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from types import MappingProxyType

from rich.progress import BarColumn, Progress, SpinnerColumn, TaskID, TaskProgressColumn, TextColumn, TimeElapsedColumn

from corral.cli.api import Api, Event, Json
from corral.cli.faults import OperationFailed, reasons_of
from corral.cli.reasons import next_step
from corral.cli.session import Session
from corral.cli.text import clean
from corral.domain.errors import CorralError, DriverFailed, NotFound, OutcomeUnknown, Unreachable

FINISHED = frozenset({"succeeded", "reverted", "cancelled"})
_TRIES = 6
"""How often in a row a broken stream is taken up again: about ten seconds."""
_SHOWN = 8
"""Bars shown at once; the others are only counted."""


def finished(operation: Json) -> bool:
    """True when nothing more will happen to it."""
    return operation.get("state") in FINISHED


def follow(api: Api, uuid: str, told: Callable[[Event], None], pause: Callable[[float], None]) -> Json:
    """The operation once it is finished; `told` hears every event once. A broken stream is taken up where it broke.

    Raises Unreachable when the server stays away, NotFound."""
    last, failures = "", 0
    while True:
        before = last
        try:
            for event in api.events(f"operations/{uuid}/events", last):
                if event.kind == "end" and event.data:
                    return event.data
                last = event.id or last
                told(event)
            operation: Json = api.get(f"operations/{uuid}")
            if finished(operation):
                return operation
        except (Unreachable, OutcomeUnknown, DriverFailed) as exc:
            if failures >= _TRIES:
                raise _lost(uuid, exc) from exc
        failures = failures + 1 if last == before else 1
        pause(0.5 * min(failures, 4))


def _lost(uuid: str, exc: CorralError) -> Unreachable:
    return Unreachable(
        f"The server was lost while waiting: {exc.message}",
        fix=f"The operation goes on without you: `corral operation watch {uuid}`.",
    )


Names = Mapping[str, str]
"""What people call machines, by the id that operations have of them."""


def title(operation: Json, names: Names) -> str:
    """What the operation does to what."""
    machine = str(operation.get("machine") or operation.get("server_uuid") or "")
    return clean(f"{operation.get('kind', 'operation')} {names.get(machine, machine)}")


def watch(session: Session, operation: Json, names: Names = MappingProxyType({})) -> Json:
    """Wait for one operation with a live bar (or a line per event where no one watches); the finished operation."""
    with _leaving(session, operation["uuid"]), bars(session) as progress:
        task = progress.add_task(title(operation, names), total=1.0, step="")
        last = ""

        def told(event: Event) -> None:
            nonlocal last
            step, fraction = _said(event), event.data.get("fraction")
            progress.update(task, completed=fraction, step=step)
            if step != last and not session.err.is_terminal:
                session.note(f"{_percent(fraction)}  {step}")
            last = step

        done = follow(session.api, operation["uuid"], told, session.pause)
        progress.update(task, completed=done.get("progress"), step=clean(done.get("state")))
    return done


def watch_many(session: Session, operations: Sequence[Json], names: Names) -> dict[str, Json]:
    """Wait for many operations; the finished ones by uuid. One that fails stops no other."""
    known = {operation["uuid"]: operation for operation in operations}
    with _leaving(session, ""), bars(session) as progress:
        overall = progress.add_task("all machines", total=len(known), step="")
        tasks: dict[str, TaskID] = {}
        while waiting := [uuid for uuid, operation in known.items() if not finished(operation)]:
            progress.update(overall, completed=len(known) - len(waiting), step=f"{len(waiting)} to go")
            _draw(progress, tasks, [known[uuid] for uuid in waiting], names)
            session.pause(0.3)
            for uuid in waiting:
                known[uuid] = _again(session.api, known[uuid])
        _draw(progress, tasks, [], names)
        progress.update(overall, completed=len(known), step="done")
    return known


def _again(api: Api, operation: Json) -> Json:
    """The operation as it is now. A record that is gone counts as finished: nobody could tell more."""
    try:
        now: Json = api.get(f"operations/{operation['uuid']}")
    except NotFound as exc:
        return {**operation, "state": "reverted", "error": exc.as_json()}
    return now


def _draw(progress: Progress, tasks: dict[str, TaskID], waiting: Sequence[Json], names: Names) -> None:
    running = [operation for operation in waiting if operation.get("state") != "pending"][:_SHOWN]
    for uuid in set(tasks) - {operation["uuid"] for operation in running}:
        progress.remove_task(tasks.pop(uuid))
    for operation in running:
        uuid = operation["uuid"]
        if uuid not in tasks:
            tasks[uuid] = progress.add_task(title(operation, names), total=1.0, step="")
        progress.update(tasks[uuid], completed=operation.get("progress"), step=clean(operation.get("step")))


@contextmanager
def bars(session: Session) -> Iterator[Progress]:
    """Progress bars on stderr, gone when they are done; nothing where stderr is no terminal."""
    columns = (
        SpinnerColumn(),
        TextColumn("{task.description}", markup=False),
        BarColumn(bar_width=24),
        TaskProgressColumn(),
        TextColumn("{task.fields[step]}", markup=False, style="dim"),
        TimeElapsedColumn(),
    )
    live = session.err.is_terminal
    with Progress(*columns, console=session.err, transient=True, disable=not live) as progress:
        yield progress


@contextmanager
def _leaving(session: Session, uuid: str) -> Iterator[None]:
    try:
        yield
    except KeyboardInterrupt:
        session.note("Stopped waiting. What was started goes on at the server.")
        next_step(session, f"`corral operation watch {uuid}`." if uuid else "`corral operation list`.")
        raise


def succeeded(operation: Json) -> Json:
    """The operation, if it did what it was meant to; otherwise raises OperationFailed with everything known about it."""
    if operation.get("state") == "succeeded":
        return operation
    raise failure(operation)


def failure(operation: Json) -> OperationFailed:
    """Why the operation did not succeed."""
    error = operation.get("error") or {}
    state, kind = operation.get("state"), operation.get("kind", "operation")
    message = (
        f"The {kind} was {state}: {error.get('message') or operation.get('attention') or 'no error is on record.'}"
    )
    fix = error.get("fix") or f"`corral operation show {operation.get('uuid')}` shows it all."
    return OperationFailed(message, reasons_of(error.get("reasons")), fix=fix, code=error.get("code") or str(state))


def _said(event: Event) -> str:
    """What an event tells, in words: its message, else its step, else what kind it is."""
    words = event.data.get("message") or event.data.get("step") or event.kind
    return clean(words).replace("_", " ").replace("operation.", "")


def _percent(fraction: object) -> str:
    return f"{fraction:4.0%}" if isinstance(fraction, int | float) else "    "
