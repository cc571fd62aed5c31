"""The table, run: all machines of it are made, adopted, and changed at once; a few passes later it is read what came of each cell.

Rule: what is done to the world, and what is read of it, goes through the peer's own client. Corral is asked for its own side only,
through its API.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Collection, Iterable, Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Protocol, TypeVar

import yaml

from corral.domain.drift import Field
from tests.e2e.support.corral import FINAL, Corral
from tests.e2e.support.hypervisors import until
from tests.e2e.support.lab import Json
from tests.e2e.support.step_table import BELIEVING, ELSEWHERE, NEWCOMER, Cell, absences, cells, machines, policy

Item = TypeVar("Item")
Made = TypeVar("Made")
Sight = tuple[Mapping[str, Any], Any]
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

    def sees(self, name: str, fields: Collection[str]) -> Sight:
        """What the world says of these fields, in the words of the API; and the machine's life: what is another after it was
        stopped, started, or rebooted, None while it is off, or not there."""

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
    """The run at one driver. `said`: what its policy says beside the phases. `prepare`: called after the adoptions. `before`
    anything was changed, right `after` the changes, and in the `end`."""

    corral: Corral
    peer: Peer
    said: Mapping[str, Any] = field(default_factory=dict)
    prepare: Callable[[Table], None] = lambda _table: None
    servers: dict[str, str] = field(default_factory=dict)
    ever: set[str] = field(default_factory=set)
    before: Seen = field(init=False)
    after: Seen = field(init=False)
    end: Seen = field(init=False)
    done: dict[str, dict[str, set[str]]] = field(init=False)

    def run(self) -> Table:
        """Do all of it."""
        self.adopt()
        self.prepare(self)
        self.settle(quiet=1)
        assert self.drifts() == [], "something differs before anything was changed"
        self.before = self._seen()
        self.after = self._changed()
        self.say(**self.said, settle=BELIEVING)
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
        """Adopt all machines that are there. A vCenter's mark that took too long is taken back, and is to be tried again."""
        wanted = [name for name in self.machines if not name.endswith(NEWCOMER)]
        for _ in range(_TRIES):
            left = [name for name in wanted if name not in self.servers]
            begun = zip(left, at_once(self._begun, left), strict=True)
            # They are waited for one after the other: to ask for all of them all the time would cost more than they do.
            self.servers.update({name: uuid for name, one in begun if (uuid := self._adopted(one))})
        assert self.servers.keys() == set(wanted)

    def _begun(self, name: str) -> Json:
        answer = self.corral.http.post("/v1/servers/manage", json=self.peer.body(name))
        assert answer.status_code == 202, answer.text
        return dict(answer.json())

    def _adopted(self, begun: Json) -> str:
        ended = self.corral.finished(begun["operation"])
        assert ended["state"] == "succeeded" or ended["error"]["code"] == "conflict", ended["error"]
        return str(begun["server"]["uuid"]) if ended["state"] == "succeeded" else ""

    def _changed(self) -> Seen:
        """Change everything, and see what that made of each machine."""
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

    def say(self, **more: Any) -> None:
        """Have another policy from now on; its file is read again."""
        said = policy(**more)
        policy_file(self.corral.home, self.peer.source, **more)
        until(lambda: self._holds() == (said["settle"], said["brake"]["least"]))

    def _holds(self) -> tuple[float, int]:
        now = self.corral.get(f"/v1/sync/{self.peer.source}")
        return now["settle"], now["brake"]["least"]

    def settle(self, quiet: int = 2) -> None:
        """Passes, until nothing waits for another one: so often in a row, as a VM that is on its way is not told for a moment, and
        what was done must last."""
        end, calm = time.monotonic() + 120, 0
        while calm < quiet:
            self.peer.told(self.corral)  # what was corrected is known to surveys by the next one
            waiting = self._settling()
            calm = 0 if waiting else calm + 1
            assert time.monotonic() < end, f"it does not settle: {waiting}"

    def _settling(self) -> list[str]:
        look(self.corral, self.peer.source)
        found = self.drifts(state="settling")
        self.ever |= {one["field"] for one in found}
        begun = self.corral.get("/v1/operations", limit=1000)["operations"]
        waiting = [f"{one['field']} of {one['name']}" for one in found]
        return [*waiting, *(f"{one['kind']} {one['uuid']}" for one in begun if one["state"] not in FINAL)]

    def drifts(self, **query: Any) -> list[Json]:
        """The drifts of the table's machines: a source may have others, which nobody adopted."""
        found = drifts(self.corral, **query)
        newcomers = {self.peer.body(name)["node_uuid"] for name in self.machines if name.endswith(NEWCOMER)}
        return [one for one in found if one["server_uuid"] or one["machine"] in newcomers]

    # --- what there is ------------------------------------------------------------------------------------

    def _seen(self) -> Seen:
        return _together(at_once(self._seen_of, self.machines))

    def _seen_of(self, name: str) -> Seen:
        mine = [cell for cell in self.cells if cell.machine == name]
        if name not in self.servers:
            self._look_for(name)
        server = self.server(name) if name in self.servers else None
        record = {cell: server is not None if cell.row.field == "new" else self._record(cell, server) for cell in mine}
        said, life = self.peer.sees(name, {cell.row.field for cell in mine})
        return Seen(record, {cell: said[cell.row.field] for cell in mine}, {name: life}, {name: self.queue(name)})

    def _look_for(self, name: str) -> None:
        """The server that a new machine may have become."""
        machine = self.peer.body(name)["node_uuid"]
        if found := [one["uuid"] for one in self.corral.servers() if one["node_uuid"] == machine]:
            self.servers[name] = found[0]

    def says(self, what: str, name: str) -> Any:
        """What the world says of one field."""
        return self.peer.sees(name, {what})[0][what]

    def server(self, name: str) -> Json:
        """What the API says of the server that a machine became."""
        return dict(self.corral.get(f"/v1/servers/{self.servers[name]}"))

    def queue(self, name: str) -> tuple[Json, ...]:
        """The drifts of a machine."""
        if name in self.servers:
            return tuple(self.corral.get(f"/v1/servers/{self.servers[name]}/drift")["drifts"])
        machine = self.peer.body(name)["node_uuid"]
        return tuple(one for one in drifts(self.corral, field="new") if one["machine"] == machine)

    def _record(self, cell: Cell, server: Json | None) -> Any:
        assert server is not None, cell
        path = f"/v1/servers/{server['uuid']}"
        match cell.row.field:
            case "host":
                return self.corral.get(f"/v1/hosts/{server['host']}")["name"]
            case "disks":
                volumes = self.corral.get(f"{path}/volumes")["volumes"]
                return sum(one["device"] == "disk" for one in volumes)
            case "nics":
                return sorted(nic["mac_address"] for nic in self.corral.get(f"{path}/networks")["nics"])
            case "ports" | "volumes" if self.peer.driver != "ironic":
                kind = {"machine": server["node_uuid"], "kind": cell.row.field.removesuffix("s")}
                return bool(self.corral.get("/v1/cloud/records", **kind)["records"])
            case "ports":
                return sorted(nic["port_id"] for nic in self.corral.get(f"{path}/networks")["nics"])
            case "addresses":
                nics = self.corral.get(f"{path}/networks")["nics"]
                return sorted(ip["ip_address"] for nic in nics for ip in nic["fixed_ips"])
            case "tags":
                return sorted(server["tags"]) or None
            case "metadata":
                return sorted(f"{key}={value}" for key, value in server["metadata"].items()) or None
            case what:
                return server.get(_SHOWN.get(what, ""))

    def _acts(self, name: str) -> dict[str, set[str]]:
        """What the audit trail has in the policy's name about a server, and at which fields."""
        found: dict[str, set[str]] = {}
        if name not in self.servers:
            return found
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
_UNSHOWN = frozenset({"nics", "cpu", "memory", "disks", "flavor", "owner", "wiring"})
_AGREED_ONLY = frozenset({"volumes"})
"""What a record takes over shows in the next comparison only."""


def check(table: Table, cell: Cell) -> None:
    """Hold what came of a cell against the table."""
    wanted, what = cell.outcome, cell.row.field
    record, world = table.end.record[cell], table.end.world[cell]
    if not cell.row.later:
        moved = (table.after.record[cell], table.after.world[cell])
        assert moved != (table.before.record[cell], table.before.world[cell]), "nothing was changed"
    shown = what not in (_UNSHOWN if table.peer.driver == "ironic" else _AGREED_ONLY)
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
    assert set(acts) == {act for cell in rows for act in cell.outcome.acts}, acts
    for act in ("sync:take", "sync:correct"):
        assert acts.get(act, set()) == {cell.row.field for cell in rows if act in cell.outcome.acts}
    if not {cell.row.field for cell in rows} & {"power", "gone", "new"}:
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
