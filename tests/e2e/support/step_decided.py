"""What people do about the table's queue from the command line, and what the brake keeps from being done, at each driver."""

from __future__ import annotations

from tests.e2e.support.hypervisors import until
from tests.e2e.support.lab import Json
from tests.e2e.support.step_run import Table, drifts, look, policy_file

BRAKED = ("allowed-stopped", "allowed-started", "allowed-reshaped")
"""Machines that a rule would have switched back, by name."""
_OTHER = {"power on": "stop", "power off": "start"}


def check_decisions(table: Table) -> None:
    """A conflict is shown with both sides, and is settled as somebody decides; the audit trail says who."""
    restored, accepted = _conflict(table, "strict-stopped"), _conflict(table, "strict-started")
    shown = _corral(table, "drift", "show", str(restored["id"]))
    assert all(part in shown for part in ("power on", "power off", "conflict", "no rule allows"))
    _corral(table, "drift", "restore", str(restored["id"]), "--yes")
    until(lambda: table.peer.says("power", "strict-stopped") == restored["record"])
    _corral(table, "drift", "accept", str(accepted["id"]), "--yes")
    assert (
        table.server("strict-started")["power_state"] == accepted["world"] == table.peer.says("power", "strict-started")
    )
    ignored = next(one for one in table.queue("tolerate-swapped") if one["state"] == "conflict")
    _corral(table, "drift", "ignore", str(ignored["id"]))
    table.settle()
    assert (table.queue("strict-stopped"), table.queue("strict-started")) == ((), ())
    left = [(one["field"], one["state"], one["world"]) for one in table.queue("tolerate-swapped")]
    assert left == [("nics", "ignored", ignored["world"])]
    for name, action in (("strict-stopped", "restore"), ("strict-started", "accept"), ("tolerate-swapped", "ignore")):
        [entry, *_] = table.corral.get(f"/v1/servers/{table.servers[name]}/audit", action=f"drift:{action}")["audit"]
        assert entry["outcome"] in ("done", "succeeded")


def check_brake(table: Table) -> None:
    """When more of the source differs at once than is believed, nothing is done about any of it, whatever rules allow, until
    somebody releases it."""
    corral, source = table.corral, table.peer.source
    corral.stop()
    policy_file(corral.home, source, brake={"percent": 5, "least": len(BRAKED) - 1})
    corral.start()
    table.settle()
    assert not corral.get(f"/v1/sync/{source}")["brake"]["on"], "what was known before is no news"
    wanted = {name: table.peer.says("power", name) for name in BRAKED}
    for name, power in wanted.items():
        table.peer.change(_OTHER[power], name)
    table.settle()
    for name, power in wanted.items():
        assert [(one["field"], one["state"]) for one in table.queue(name) if one["field"] == "power"] == [
            ("power", "held")
        ]
        assert table.peer.says("power", name) != power, "it was switched although the brake was on"
    assert f"Source {source}: {len(BRAKED)} machines differ at once" in _corral(table, "sync", "status")
    _corral(table, "sync", "release", source, "--yes")
    until(lambda: look(corral, source) and not drifts(corral, source=source, field="power", state="held"))
    table.settle()
    assert {name: table.peer.says("power", name) for name in BRAKED} == wanted
    actions = {entry["action"] for entry in corral.get("/v1/audit", limit=200)["audit"]}
    assert {"sync:brake", "sync:release"} <= actions


def _conflict(table: Table, name: str) -> Json:
    [found] = [one for one in table.queue(name) if one["field"] == "power"]
    assert found["state"] == "conflict", found
    return found


def _corral(table: Table, *arguments: str) -> str:
    done = table.corral.run(*arguments)
    assert done.returncode == 0, done.stdout + done.stderr
    return " ".join((done.stdout + done.stderr).split())
