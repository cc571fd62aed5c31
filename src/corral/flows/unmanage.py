"""unmanage: a server is let go, and its machine stays exactly as it runs.

observe → unplug what Corral plugged → restore the ports → put back what synchronization wrote → release the claim → verify →
delete the ports that Corral made → forget. What can't be taken back, deleting ports, comes after everything that can fail for good.

A machine that is gone from its source is let go too: then only ports and the record are left to tidy up.
"""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from corral.contracts.border import Purpose
from corral.domain.errors import Conflict, DriverFailed, NotFound, Unreachable
from corral.domain.lifecycle import Event, Status
from corral.domain.machine import Power
from corral.domain.server import Server
from corral.engine import Flow, Json, Run, Step
from corral.flows import sync_origin
from corral.flows.env import Env, adopter, at_border, note, payload, source_of, take_fingerprint, unchanged, was_lost

_TRIES = 4


def observe(run: Run[Env]) -> Json:
    """Take the fingerprint, and keep what is needed to go on, or back, without the record."""
    server, source = run.env.servers.get(run.params["server"]), source_of(run)
    kept = {"snapshot": dict(server.snapshot), "nics": [_nic(nic) for nic in server.nics], "power": server.power}
    try:
        with at_border(run, Purpose.LOOK):
            before = take_fingerprint(source.machines.observe(server.machine))
    except NotFound:
        return {**kept, "gone": True}
    run.env.proofs.before(run.operation, before)
    return {**kept, "gone": False, "before": before}


def _nic(nic: Any) -> dict[str, Any]:
    return {"port": nic.port, "made": nic.made, "plugged": nic.plugged}


def _seen(run: Run[Env]) -> dict[str, Any]:
    return dict(run.results.get("observe") or {"nics": [], "gone": True, "snapshot": {}})


def _plugged(run: Run[Env]) -> list[str]:
    return [nic["port"] for nic in _seen(run)["nics"] if nic["plugged"]]


def settle(run: Run[Env]) -> None:
    """When an answer was lost: make the machine the server's once more, whatever was done late."""
    if not _seen(run)["gone"] and was_lost(run):
        claim_again(run)
        bind_again(run)
        plug_again(run)


def unplug(run: Run[Env]) -> Json | None:
    """Unplug only what Corral plugged in. What was there before it came stays."""
    if _seen(run)["gone"]:
        return None
    for port in _plugged(run):
        with at_border(run, Purpose.ADOPT):
            adopter(source_of(run)).unplug(run.params["machine"], port)
    return None


def plug_again(run: Run[Env]) -> None:
    """Plug in again what was unplugged, as far as the ports still exist."""
    source = source_of(run)
    if _seen(run)["gone"]:
        return
    with at_border(run, Purpose.ADOPT):
        for port in source.networks.ports(_plugged(run)):
            adopter(source).plug(run.params["machine"], port)


def restore_ports(run: Run[Env]) -> Json | None:
    """Bring the fields of every port that was there before back to what the snapshot says."""
    for port, fields in _seen(run)["snapshot"].get("ports", {}).items():
        with at_border(run, Purpose.ADOPT):
            source_of(run).networks.restore(port, fields)
    return None


def bind_again(run: Run[Env]) -> None:
    """Make the ports the server's again, as far as they still exist."""
    source, kept = source_of(run), _seen(run)["snapshot"].get("ports", {})
    with at_border(run, Purpose.ADOPT):
        for port in source.networks.ports(kept):
            source.networks.bind(port, run.params["server"])


def put_back(run: Run[Env]) -> Json | None:
    """Bring back what it was called before synchronization first wrote it there."""
    return {"put_back": [] if _seen(run)["gone"] else sync_origin.put_back(run)}


def tell_again(run: Run[Env]) -> None:
    """It is called as the server again."""
    if not _seen(run)["gone"]:
        sync_origin.tell_again(run)


def release(run: Run[Env]) -> Json | None:
    """Give up the claim, with every field as the snapshot has it."""
    seen = _seen(run)
    if not seen["gone"]:
        with at_border(run, Purpose.ADOPT):
            before = seen["snapshot"].get("machine", {})
            adopter(source_of(run)).release(run.params["machine"], run.params["server"], before)
    return None


def claim_again(run: Run[Env]) -> None:
    """Become the owner again. If somebody else was quicker, that is final: it is theirs now, and ours to forget."""
    if _seen(run)["gone"]:
        return
    with at_border(run, Purpose.ADOPT):
        machines = adopter(source_of(run))
        try:
            machines.claim(run.params["machine"], run.params["server"])
        except (Conflict, NotFound) as exc:
            run.progress(1.0, f"The claim can't be taken back: {exc}")


def verify(run: Run[Env]) -> Json | None:
    """Take the fingerprint again: letting go must disturb the machine as little as adopting it did."""
    seen = _seen(run)
    return None if seen["gone"] else take_fingerprint(unchanged(run, seen["before"]))


def delete_ports(run: Run[Env]) -> Json | None:
    """Delete the ports that Corral made. A network service that stumbles is asked again: a half-deleted server helps nobody."""
    source = source_of(run)
    for attempt in range(_TRIES):
        try:
            with at_border(run, Purpose.ADOPT):
                for port in source.networks.created_for(run.params["server"]):
                    source.networks.delete(port.id, run.params["server"])
            return None
        except (Unreachable, DriverFailed):
            if attempt == _TRIES - 1:
                raise
            run.env.sleep(2.0**attempt)
    return None


def forget(run: Run[Env]) -> Json | None:
    """Remove the record. Proof and audit stay."""
    run.check()
    run.env.servers.remove(run.params["server"])
    return None


def announce(run: Run[Env]) -> None:
    """server.unmanage.start"""
    run.env.emit("server.unmanage.start", payload(run, run.env.servers.find(run.params["server"])))


def finish(run: Run[Env]) -> None:
    """server.unmanage.end, and the audit entry."""
    run.env.emit("server.unmanage.end", payload(run, None))
    note(run, "server:unmanage", "succeeded", gone=_seen(run)["gone"])


def stay(run: Run[Env]) -> None:
    """The server is as it was. A port that is gone by now is no NIC of it any more."""
    server = run.env.servers.find(run.params["server"])
    if server is None or server.status is not Status.UNMANAGING:
        return
    run.env.emit("server.unmanage.error", payload(run, server), error=True)
    on = _seen(run).get("power", server.power) == Power.ON
    kept = _with_ports_left(run, server)
    run.env.servers.save(kept.on(Event.UNMANAGE_FAILED_ON if on else Event.UNMANAGE_FAILED_OFF))
    note(run, "server:unmanage", "reverted")


def _with_ports_left(run: Run[Env], server: Server) -> Server:
    if not any(nic.made for nic in server.nics):
        return server
    with at_border(run, Purpose.LOOK):
        there = source_of(run).networks.ports([nic.port for nic in server.nics])
    return replace(server, nics=tuple(nic for nic in server.nics if not nic.made or nic.port in there))


FLOW: Flow[Env] = Flow(
    name="unmanage",
    version=1,
    steps=(
        Step("observe", "Observe the machine", observe, undo=settle),  # only reads; undone last
        Step("unplug", "Unplug what Corral plugged in", unplug, undo=plug_again),
        Step("restore_ports", "Restore the ports", restore_ports, undo=bind_again),
        Step("put_back", "Put back what was synchronized", put_back, undo=tell_again),
        Step("release", "Release the claim", release, undo=claim_again),
        Step("verify", "Verify that nothing was disturbed", verify, undo=None),  # only reads
        Step("delete_ports", "Delete the ports that Corral made", delete_ports, undo=None),  # can't be taken back
        Step("forget", "Forget the server", forget, undo=None),  # the last act
    ),
    on_start=announce,
    on_success=finish,
    on_reverted=stay,
)
