"""The table, run: all machines of it are made, adopted, and changed at once; a few passes later it is read what came of each cell.

Rule: what is done to the world, and what is read of it, goes through the peer's own client. Corral is asked for its own side only,
through its API.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable, Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Protocol, TypeVar

import yaml

from corral.domain.drift import Field
from tests.e2e.support.corral import Corral
from tests.e2e.support.hypervisors import until
from tests.e2e.support.lab import Json
from tests.e2e.support.step_table import ELSEWHERE, Cell, absences, cells, machines, policy

Item = TypeVar("Item")
Made = TypeVar("Made")
_AT_ONCE = 6
_TRIES = 5
USER = "corral-sync"


class Peer(Protocol):
    """What a source's own administrator does and sees. Machines are called by the table's names."""

    driver: str
    source: str

    def body(self, name: str) -> Json:
        """What asks Corral to adopt the machine."""

    def change(self, what: str, name: str) -> None:
        """Do what the table's `outside` or `later` says."""

    def says(self, what: str, name: str) -> Any:
        """What the world says of a field, in the words of the API."""

    def life(self, name: str) -> Any:
        """What is another after the machine was stopped, started, or rebooted; None while it is off, or not there."""

    def told(self, corral: Corral) -> None:
        """Have what was changed be known to whom a pass asks."""


@dataclass(frozen=True)
class Seen:
    """Both sides of every cell at one moment, what is in the queue, and each machine's life."""

    record: Mapping[Cell, Any]
    world: Mapping[Cell, Any]
    lives: Mapping[str, Any]
    queue: Mapping[str, tuple[Json, ...]]


@dataclass
class Table:
    """The run at one driver. `before` anything was changed, right `after` the changes, and in the `end`."""

    corral: Corral
    peer: Peer
    servers: dict[str, str] = field(default_factory=dict)
    ever: set[str] = field(default_factory=set)
    before: Seen = field(init=False)
    after: Seen = field(init=False)
    end: Seen = field(init=False)
    done: dict[str, dict[str, set[str]]] = field(init=False)

    def run(self) -> Table:
        """Do all of it."""
        self.adopt()
        self.settle()
        assert drifts(self.corral) == [], "something differs before anything was changed"
        self.before = self._seen()
        self.after = self._changed()
        self.settle()
        later = {(cell.machine, cell.row.later) for cell in self.cells if cell.row.later}
        at_once(lambda one: self.peer.change(one[1], one[0]), later)
        self.settle()
        self.end = self._seen()
        self.done = {name: self._acts(name) for name in self.machines}
        return self

    @property
    def cells(self) -> list[Cell]:
        return list(cells(self.peer.driver))

    @property
    def machines(self) -> list[str]:
        return machines(self.peer.driver)

    def adopt(self) -> None:
        """Adopt all machines. A vCenter's mark that took too long is taken back, and is to be tried again."""
        for _ in range(_TRIES):
            left = [name for name in self.machines if name not in self.servers]
            self.servers.update(
                {name: uuid for name, uuid in zip(left, at_once(self._adopted, left), strict=True) if uuid}
            )
        assert self.servers.keys() == set(self.machines)

    def _adopted(self, name: str) -> str:
        answer = self.corral.http.post("/v1/servers/manage", json=self.peer.body(name))
        assert answer.status_code == 202, answer.text
        begun = answer.json()
        ended = self.corral.finished(begun["operation"])
        assert ended["state"] == "succeeded" or ended["error"]["code"] == "conflict", ended["error"]
        return str(begun["server"]["uuid"]) if ended["state"] == "succeeded" else ""

    def _changed(self) -> Seen:
        """Change everything. What is seen of each machine is seen right after its changes, before a pass can settle them."""
        return _together(at_once(self._change_one, self.machines))

    def _change_one(self, name: str) -> Seen:
        rows = [cell.row for cell in self.cells if cell.machine == name]
        for act in dict.fromkeys(row.inside for row in rows if row.inside):
            self.act(act, name)
        for act in dict.fromkeys(row.outside for row in rows if row.outside):
            self.peer.change(act, name)
        return self._seen_of(name)

    def act(self, what: str, name: str) -> None:
        """Change a server with Corral, as a person does."""
        path = f"/v1/servers/{self.servers[name]}"
        if what == "stop with Corral":
            answer = self.corral.http.put(f"{path}/states/power", json={"target": "off"})
            assert answer.status_code == 202, answer.text
            assert self.corral.finished(answer.json()["operation"])["state"] == "succeeded"
        else:
            where, value = _SAID[what]
            told = value if where != "/name" else f"{name}-{value}"
            self.corral.http.patch(path, json=[{"op": "add", "path": where, "value": told}]).raise_for_status()

    # --- passes -------------------------------------------------------------------------------------------

    def settle(self) -> None:
        """Passes, until nothing waits for another one: twice in a row, as a VM that is on its way is not told for a moment."""
        end, quiet = time.monotonic() + 60, 0
        while quiet < 2:
            self.peer.told(self.corral)  # what was corrected is known to surveys by the next one
            waiting = self._settling()
            quiet = 0 if waiting else quiet + 1
            assert time.monotonic() < end, f"it does not settle: {waiting}"

    def _settling(self) -> list[Json]:
        look(self.corral, self.peer.source)
        found = drifts(self.corral, state="settling")
        self.ever |= {one["field"] for one in found}
        return found

    # --- what there is ------------------------------------------------------------------------------------

    def _seen(self) -> Seen:
        return _together(at_once(self._seen_of, self.machines))

    def _seen_of(self, name: str) -> Seen:
        mine = [cell for cell in self.cells if cell.machine == name]
        server = self.server(name)
        record = {cell: self._record(cell, server) for cell in mine}
        world = {cell: self.peer.says(cell.row.field, name) for cell in mine}
        return Seen(record, world, {name: self.peer.life(name)}, {name: self.queue(name)})

    def server(self, name: str) -> Json:
        """What the API says of the server that a machine became."""
        return dict(self.corral.get(f"/v1/servers/{self.servers[name]}"))

    def queue(self, name: str) -> tuple[Json, ...]:
        """The drifts of a machine's server."""
        return tuple(self.corral.get(f"/v1/servers/{self.servers[name]}/drift")["drifts"])

    def _record(self, cell: Cell, server: Json) -> Any:
        path = f"/v1/servers/{server['uuid']}"
        match cell.row.field:
            case "host":
                return self.corral.get(f"/v1/hosts/{server['host']}")["name"]
            case "disks":
                volumes = self.corral.get(f"{path}/volumes")["volumes"]
                return sum(one["device"] == "disk" for one in volumes)
            case "nics":
                return sorted(nic["mac_address"] for nic in self.corral.get(f"{path}/networks")["nics"])
            case "ports":
                return sorted(nic["port_id"] for nic in self.corral.get(f"{path}/networks")["nics"])
            case "tags":
                return sorted(server["tags"]) or None
            case "metadata":
                return sorted(f"{key}={value}" for key, value in server["metadata"].items()) or None
            case what:
                return server.get(_SHOWN.get(what, ""))

    def _acts(self, name: str) -> dict[str, set[str]]:
        """What the audit trail has in the policy's name about a server, and at which fields."""
        found: dict[str, set[str]] = {}
        for entry in self.corral.get(f"/v1/servers/{self.servers[name]}/audit", actor=USER)["audit"]:
            if entry["outcome"] in ("done", "succeeded"):
                found.setdefault(entry["action"], set()).update(entry["detail"].get("fields") or ())
        return found


_SAID = {
    "rename with Corral": ("/name", "by-corral"),
    "write notes with Corral": ("/description", "as Corral says"),
    "tag with Corral": ("/tags/-", "gold"),
    "label with Corral": ("/metadata/team", "blue"),
}


def _together(some: Iterable[Seen]) -> Seen:
    every = list(some)
    record = {cell: value for one in every for cell, value in one.record.items()}
    world = {cell: value for one in every for cell, value in one.world.items()}
    lives = {name: value for one in every for name, value in one.lives.items()}
    return Seen(record, world, lives, {name: value for one in every for name, value in one.queue.items()})


_SHOWN = {
    "power": "power_state",
    "cpu": "cpus",
    "memory": "memory",
    "image": "image_uuid",
    "gone": "status",
    "name": "name",
    "notes": "description",
}
"""Fields that a server shows as they are. Of a node it shows no NICs, CPUs, memory or owner."""
_UNSHOWN = frozenset({"nics", "cpu", "memory", "disks", "flavor", "owner"})


def check(table: Table, cell: Cell) -> None:
    """Hold what came of a cell against the table."""
    wanted, what = cell.outcome, cell.row.field
    record, world = table.end.record[cell], table.end.world[cell]
    if not cell.row.later:
        moved = (table.after.record[cell], table.after.world[cell])
        assert moved != (table.before.record[cell], table.before.world[cell]), "nothing was changed"
    shown = not (table.peer.driver == "ironic" and what in _UNSHOWN)
    match wanted.record:
        case "world":
            assert not shown or record == world, "the record did not follow"
            assert not shown or record != table.after.record[cell]
        case "lost":
            assert record == "lost"
        case _:
            assert record == table.after.record[cell], "the record was changed"
    match wanted.world:
        case "record":
            assert world == record, "the source did not follow"
            assert world != table.after.world[cell]
        case _ if not cell.row.later:
            assert world == table.after.world[cell], "the world was changed"
    _check_queue(table, cell, record, world)


def _check_queue(table: Table, cell: Cell, record: Any, world: Any) -> None:
    found = [one for one in table.end.queue[cell.machine] if one["field"] == cell.row.field]
    assert [one["state"] for one in found] == ([cell.outcome.queue] if cell.outcome.queue else []), found
    if found and cell.row.field in ("power", "name", "cpu", "memory", "notes", "tags"):
        shown = record if record is not None else found[0]["record"]  # a node shows no CPUs
        assert (found[0]["record"], found[0]["world"]) == (shown, world)
    assert found == [] or found[0]["record"] != found[0]["world"]


def check_machine(table: Table, name: str) -> None:
    """Nothing is in the queue but what the rows say, and nothing was done but that; where nobody switched it, it lives on."""
    rows = [cell for cell in table.cells if cell.machine == name]
    assert {one["field"] for one in table.end.queue[name]} == {cell.row.field for cell in rows if cell.outcome.queue}
    acts = table.done[name]
    assert set(acts) == {act for cell in rows for act in cell.outcome.acts}
    for act in ("sync:take", "sync:correct"):
        assert acts.get(act, set()) == {cell.row.field for cell in rows if act in cell.outcome.acts}
    if not {cell.row.field for cell in rows} & {"power", "gone"}:
        assert table.end.lives[name] == table.before.lives[name]


def check_absences(table: Table) -> None:
    """A field of which the table says that nothing can happen to it has never differed; and it speaks of all there are."""
    absent = absences(table.peer.driver).keys()
    assert not table.ever & absent
    there = {cell.row.field for cell in table.cells}
    assert there | absent | ELSEWHERE.keys() == set(Field), "a field of which the table says nothing"


# --- for everybody ----------------------------------------------------------------------------------------


def at_once(act: Callable[[Item], Made], some: Iterable[Item]) -> list[Made]:
    """Several at a time, in their order."""
    with ThreadPoolExecutor(_AT_ONCE) as pool:
        return list(pool.map(act, some))


def policy_file(home: Path, source: str, **more: Any) -> dict[str, str]:
    """The setting that names a policy of the table for one source, which is written. `more`: what is said otherwise."""
    file = home / "policy.yaml"
    file.write_text(yaml.safe_dump({"sources": {source: policy(**more)}}))
    return {"policy_file": str(file)}


def surveyed(corral: Corral, hosts: Iterable[str]) -> None:
    """Have hosts surveyed, and wait for that."""
    until(lambda: all(corral.http.post(f"/v1/hosts/{one}/survey").status_code == 202 for one in hosts))
    until(lambda: all(one["survey_wanted_at"] is None for one in corral.get("/v1/hosts")["hosts"]))


def drifts(corral: Corral, **query: Any) -> list[Json]:
    """The drifts that there are."""
    asked = {key: value for key, value in query.items() if value is not None}
    return list(corral.get("/v1/drift", limit=1000, **asked)["drifts"])


def look(corral: Corral, source: str) -> Json:
    """Have a source looked at, and wait for that, and for the corrections that it began. Gives how it is kept in step."""
    corral.http.post(f"/v1/sync/{source}/look").raise_for_status()
    until(lambda: corral.get(f"/v1/sync/{source}")["wanted_at"] is None)
    until(lambda: not drifts(corral, source=source, state="correcting"))
    found: Json = corral.get(f"/v1/sync/{source}")
    assert found["problem"] is None, found
    return found
