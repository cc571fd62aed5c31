"""What people do about the table's queue, and what the brake keeps from being done, at each driver."""

from __future__ import annotations

from datetime import UTC, datetime

from tests.e2e.support.hypervisors import until
from tests.e2e.support.lab import Json
from tests.e2e.support.step_run import Table, at_once, drifts, look
from tests.e2e.support.step_table import BELIEVING, CAUTIOUS

BRAKED = ("allowed-stopped", "allowed-reshaped")
"""Machines that a rule would have switched back, by name."""
_OTHER = {"power on": "stop", "power off": "start"}


def check_decisions(table: Table) -> None:
    """A conflict is settled as somebody decides; the audit trail says who."""
    restored, accepted = conflict(table, "strict-stopped"), conflict(table, "strict-reshaped")
    _decide(table, "restore", restored)
    until(lambda: table.says("power", "strict-stopped") == restored["record"])
    _decide(table, "accept", accepted)
    assert table.server("strict-reshaped")["power_state"] == accepted["world"] == table.says("power", "strict-reshaped")
    ignored = next(one for one in table.queue("tolerate-swapped") if one["state"] == "conflict")
    _decide(table, "ignore", ignored)
    table.settle(quiet=1)
    assert table.queue("strict-stopped") == ()
    assert [one for one in table.queue("strict-reshaped") if one["field"] == "power"] == []
    left = [(one["field"], one["state"], one["world"]) for one in table.queue("tolerate-swapped")]
    assert left == [("nics", "ignored", ignored["world"])]
    for name, action in (("strict-stopped", "restore"), ("strict-reshaped", "accept"), ("tolerate-swapped", "ignore")):
        [entry, *_] = table.corral.get(f"/v1/servers/{table.servers[name]}/audit", action=f"drift:{action}")["audit"]
        assert entry["outcome"] in ("done", "succeeded")


def check_told(table: Table) -> None:
    """The command line shows a conflict with both sides, and why it is one."""
    one = conflict(table, "strict-stopped")
    done = table.corral.run("drift", "show", str(one["id"]))
    assert done.returncode == 0, done.stderr
    shown = " ".join(done.stdout.split())
    assert all(part in shown for part in ("power on", "power off", "conflict", "no rule allows"))


def check_brake(table: Table) -> None:
    """When more of the source differs at once than is believed, nothing is done about any of it, whatever rules allow, until
    somebody releases it."""
    corral, source = table.corral, table.peer.source
    # Who is new does not count by this policy: others may make machines at the source.
    brake = {"percent": 1, "least": len(BRAKED) - 1}
    until(lambda: all(_age(one) > CAUTIOUS for one in table.drifts()))  # what is young would count as new by it
    table.say(brake=brake, settle=CAUTIOUS)
    table.settle(quiet=1)
    assert not corral.get(f"/v1/sync/{source}")["brake"]["on"], "what was known before is no news"
    wanted = {name: table.says("power", name) for name in BRAKED}
    at_once(lambda name: table.peer.change(_OTHER[wanted[name]], name), BRAKED)
    table.peer.told(corral)
    look(corral, source)
    table.say(brake=brake, settle=BELIEVING)
    table.settle(quiet=1)
    for name, power in wanted.items():
        assert [(one["field"], one["state"]) for one in table.queue(name) if one["field"] == "power"] == [
            ("power", "held")
        ]
        assert table.says("power", name) != power, "it was switched although the brake was on"
    assert f"{len(BRAKED)} machines differ at once" in corral.get(f"/v1/sync/{source}")["brake"]["why"]
    corral.http.post(f"/v1/sync/{source}/release").raise_for_status()
    until(lambda: look(corral, source) and not drifts(corral, source=source, field="power", state="held"))
    table.settle(quiet=1)
    assert {name: table.says("power", name) for name in BRAKED} == wanted
    actions = {entry["action"] for entry in corral.get("/v1/audit", limit=200)["audit"]}
    assert {"sync:brake", "sync:release"} <= actions


def conflict(table: Table, name: str) -> Json:
    """The conflict about a machine's power."""
    [found] = [one for one in table.queue(name) if one["field"] == "power"]
    assert found["state"] == "conflict", found
    return found


def _age(drift: Json) -> float:
    """For how many seconds both sides have been as they are."""
    return (datetime.now(UTC) - datetime.fromisoformat(drift["changed_at"])).total_seconds()


def _decide(table: Table, what: str, drift: Json) -> None:
    answer = table.corral.http.post(f"/v1/drift/{drift['id']}/{what}")
    assert answer.status_code == 202, answer.text
    if (begun := answer.json()["operation"]) is not None:
        assert table.corral.finished(begun)["state"] == "succeeded"
