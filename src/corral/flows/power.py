"""power: switch a server's machine, a node or a VM, because a person asked for it, and record what it came to."""

from __future__ import annotations

from dataclasses import replace

from corral.contracts.border import Purpose
from corral.contracts.sources import Powers, PowerTarget
from corral.domain.drift import Field
from corral.domain.errors import DriverFailed, Stale
from corral.domain.lifecycle import STABLE, Event
from corral.domain.machine import Power
from corral.domain.server import Server
from corral.engine import Flow, Json, Run, Step
from corral.flows.env import Env, at_border, note, powerer, source_of
from corral.flows.vms import VmPowers, is_vm

_SAVES = 5
_EXPECTED = {PowerTarget.OFF: Power.OFF, PowerTarget.SOFT_OFF: Power.OFF}
_WAITS = (0.2, 0.3, 0.5, 1.0, 2.0)


def _machines(run: Run[Env]) -> Powers:
    """What can switch the server's machine. Raises NotSupported."""
    return VmPowers(run) if is_vm(run) else powerer(source_of(run))


def switch(run: Run[Env]) -> Json | None:
    """Ask for the change. A repetition whose first outcome is unknown looks first: a reboot must not become two."""
    machines, target = _machines(run), PowerTarget(run.params["target"])
    with at_border(run, Purpose.POWER):
        if run.attempt > 1 and (machines.switching(run.params["machine"]) or target not in _PLAIN):
            return None
        machines.switch(run.params["machine"], target)
    return None


_PLAIN = frozenset({PowerTarget.ON, PowerTarget.OFF, PowerTarget.SOFT_OFF})
"""Targets that may be asked for twice without harm."""


def wait(run: Run[Env]) -> Json:
    """Wait until the machine is where it should be. Raises DriverFailed when it does not get there in time."""
    machines, target = _machines(run), PowerTarget(run.params["target"])
    expected, waited, looks = _EXPECTED.get(target, Power.ON), 0.0, 0
    while True:
        with at_border(run, Purpose.LOOK):
            busy = machines.switching(run.params["machine"])
            power = machines.power(run.params["machine"])
        if power is expected and not busy:
            return {"power": str(power)}
        if waited >= run.env.power_timeout or (not busy and looks >= len(_WAITS)):
            raise DriverFailed(
                f"The machine is {power} {waited:.0f} s after {target} was asked for.",
                fix="Look at the machine at its source (a node's last_error, a guest that won't listen); the record shows it.",
            )
        run.check()
        pause = _WAITS[min(looks, len(_WAITS) - 1)]
        run.env.sleep(pause)
        waited, looks = waited + pause, looks + 1


def record(run: Run[Env]) -> Json | None:
    """Write down what the machine came to."""
    power = run.results["wait"]["power"]
    _settle(run, Event.IS_ON if power == Power.ON else Event.IS_OFF, power, None)
    return {"power": power}


def failed(run: Run[Env]) -> None:
    """The server is in error, and shows what the source last said of its power."""
    with at_border(run, Purpose.LOOK):
        power = str(_machines(run).power(run.params["machine"]))
    fault = {"message": f"Power {run.params['target']} failed.", "operation": run.operation}
    _settle(run, Event.POWER_FAILED, power, fault)
    note(run, "server:power", "failed", target=run.params["target"])


def done(run: Run[Env]) -> None:
    """The audit entry."""
    note(run, "server:power", "succeeded", target=run.params["target"])


def _settle(run: Run[Env], event: Event, power: str, fault: dict[str, str] | None) -> None:
    for _ in range(_SAVES):
        server: Server | None = run.env.servers.find(run.params["server"])
        if server is None or server.status in STABLE:
            return  # written by an earlier attempt
        try:
            _save(run, replace(server.on(event), power=power, fault=fault))
            return
        except Stale:
            continue
    raise Stale("The server's record is being changed all the time.", fix="Try again.")


def _save(run: Run[Env], server: Server) -> None:
    """The source itself said what its power is, so that is agreed: whoever switches it after this has changed the world."""
    with run.env.sync.changing() as conn:
        run.env.servers.save(server, conn=conn)
        kept = run.env.sync.agreed_in(conn, server.uuid)
        if server.power in (Power.ON, Power.OFF):
            run.env.sync.agree(conn, server.uuid, replace(kept, agreed={**kept.agreed, Field.POWER: server.power}))


FLOW: Flow[Env] = Flow(
    name="power",
    version=1,
    steps=(
        Step("switch", "Ask for the power change", switch, undo=None),  # switching back would be a second disturbance
        Step("wait", "Wait for the machine", wait, undo=None),  # only reads
        Step("record", "Record the power state", record, undo=None),  # the last act
    ),
    on_start=None,
    on_success=done,
    on_reverted=failed,
)
