"""Corral's API as the command line sees it: a transport that answers from a small world, in the shapes of the real one."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from typing import Any
from urllib.parse import unquote

import httpx

NODE = "11111111-1111-4111-8111-111111111111"
BUSY = "22222222-2222-4222-8222-222222222222"
BARE = "33333333-3333-4333-8333-333333333333"
GOLD = "aaaaaaaa-aaaa-4aaa-8aaa-aaaaaaaaaaaa"
SERVER = "bbbbbbbb-bbbb-4bbb-8bbb-bbbbbbbbbbbb"
PLAN = "cccccccc-cccc-4ccc-8ccc-cccccccccccc"
VIF = "dddddddd-dddd-4ddd-8ddd-dddddddddddd"
OPERATION = "eeeeeeee-eeee-4eee-8eee-{:012d}"
MAINTENANCE = {
    "code": "maintenance",
    "message": "It is in maintenance (disk swap).",
    "fix": "Finish the work, then `openstack baremetal node maintenance unset web-2`.",
    "severity": "blocker",
}


def node(uuid: str, name: str, **fields: Any) -> dict[str, Any]:
    return {
        "uuid": uuid,
        "name": name,
        "source": "lab",
        "ports": [{"uuid": f"p-{name}", "vif_port_id": VIF, "address": "52:54:00:00:00:01"}],
        "power_state": "power on",
        "provision_state": "active",
        "resource_class": "gold",
        "adoptable": True,
        "reasons": [],
        **fields,
    }


def problem(status: int, code: str, detail: str, **more: Any) -> httpx.Response:
    return httpx.Response(
        status, json={"type": "about:blank", "title": code, "status": status, "detail": detail, "code": code, **more}
    )


class FakeApi(httpx.BaseTransport):
    """`answers`: (method, path) → response, for what a test wants otherwise. `sent`: what was asked of it."""

    def __init__(self) -> None:
        self.nodes = [
            node(NODE, "web-1"),
            node(BUSY, "web-2", adoptable=False, reasons=[MAINTENANCE]),
            node(BARE, "web-3", ports=[]),
        ]
        self.flavors = [
            {"uuid": GOLD, "name": "gold-flavor", "resources": {"gold": "1"}, "is_public": True, "disabled": False}
        ]
        self.servers: list[dict[str, Any]] = []
        self.operations: dict[str, dict[str, Any]] = {}
        self.plans: dict[str, dict[str, Any]] = {}
        self.failing: set[str] = set()
        self.answers: dict[tuple[str, str], httpx.Response | Exception] = {}
        self.sent: list[tuple[str, str, dict[str, str], Any, dict[str, str]]] = []

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        path = unquote(request.url.raw_path.decode().partition("?")[0]).removeprefix("/v1/")
        body = json.loads(request.content) if request.content else None
        self.sent.append((request.method, path, dict(request.url.params), body, dict(request.headers)))
        answer = self.answers.get((request.method, path))
        if isinstance(answer, Exception):
            raise answer
        if answer is not None:
            return answer
        for method, pattern, handler in ROUTES:
            found = re.fullmatch(pattern, path)
            if method == request.method and found:
                return handler(self, dict(request.url.params), body, *found.groups())
        return problem(404, "not-found", f"{request.method} {path}: Not Found.", fix="See /docs.")

    def calls(self, method: str) -> list[str]:
        return [path for verb, path, *_ in self.sent if verb == method]

    def body(self, method: str, path: str) -> Any:
        return next(body for verb, where, _, body, _ in self.sent if (verb, where) == (method, path))

    # What the world does

    def server(self, request: dict[str, Any]) -> dict[str, Any]:
        uuid = SERVER if not self.servers else f"bbbbbbbb-bbbb-4bbb-8bbb-{len(self.servers):012d}"
        made = {
            "uuid": uuid,
            "name": request["name"],
            "status": "active",
            "power_state": "power on",
            "node": request["node_uuid"],
            "node_uuid": request["node_uuid"],
            "source": "lab",
            "addresses": {"net": [{"addr": "192.0.2.7", "type": "fixed"}]},
            "locked": False,
            "metadata": request.get("metadata") or {},
            "project_id": "p1",
        }
        self.servers.append(made)
        return made

    def operation(self, kind: str, server: dict[str, Any], state: str = "succeeded") -> dict[str, Any]:
        uuid = OPERATION.format(len(self.operations))
        failed = server["node_uuid"] in self.failing
        made = {
            "uuid": uuid,
            "kind": kind,
            "server_uuid": server["uuid"],
            "source": "lab",
            "machine": server["node_uuid"],
            "state": "reverted" if failed else state,
            "progress": 1.0,
            "step": "verify",
            "attention": None,
            "error": {"code": "conflict", "message": "Somebody else claimed it.", "fix": "Look again."}
            if failed
            else None,
        }
        self.operations[uuid] = made
        return {**made, "state": "running", "progress": 0.0, "error": None}


def _nodes(api: FakeApi, query: dict[str, str], _body: Any) -> httpx.Response:
    rows = [row for row in api.nodes if query.get("name") in (None, row["name"])]
    rows = [row for row in rows if "adoptable" not in query or row["adoptable"] == (query["adoptable"] == "true")]
    return _page("adoptable_nodes", rows, query, "uuid", size=2)


def _page(key: str, rows: list[dict[str, Any]], query: dict[str, str], by: str, size: int) -> httpx.Response:
    start = next((i + 1 for i, row in enumerate(rows) if row[by] == query.get("marker")), 0)
    page = rows[start : start + min(size, int(query.get("limit", size)))]
    answer: dict[str, Any] = {key: page}
    if start + len(page) < len(rows):
        # The link leads to another host: nobody may follow it.
        answer["next"] = f"http://evil.example/v1/{key}?marker={page[-1][by]}"
    return httpx.Response(200, json=answer)


def _manage(api: FakeApi, query: dict[str, str], body: Any) -> httpx.Response:
    found = next(row for row in api.nodes if row["uuid"] == body["node_uuid"])
    if not found["adoptable"]:
        error = {"code": "refused", "message": "Node web-2 can't be adopted as asked.", "reasons": found["reasons"]}
        return httpx.Response(422, json={"error_message": json.dumps({"faultstring": "no"}), "error": error})
    server = api.server(body)
    return httpx.Response(202, json={"server": server, "operation": api.operation("manage", server)})


def _plan(api: FakeApi, _query: dict[str, str], body: Any) -> httpx.Response:
    wrong = [i for i, one in enumerate(body["machines"]) if "<" in one["name"]]
    if wrong:
        fields = [{"field": f"body.machines.{i}.name", "problem": "must not have markup"} for i in wrong]
        return problem(400, "invalid", "The request is not valid.", fields=fields)
    items = [_item(api, one) for one in body["machines"]]
    ready = sum(item["adoptable"] for item in items)
    counts = {"total": len(items), "adoptable": ready, "blocked": len(items) - ready}
    plan = {"uuid": PLAN, "digest": "d", "counts": counts, "items": items, "operations": [], "applied_at": None}
    api.plans[PLAN] = plan
    return httpx.Response(201, json=plan)


def _item(api: FakeApi, request: dict[str, Any]) -> dict[str, Any]:
    found = next(row for row in api.nodes if row["uuid"] == request["node_uuid"])
    return {
        "name": request["name"],
        "node_uuid": found["uuid"],
        "node_name": found["name"],
        "source": "lab",
        "flavor_uuid": request["flavor_uuid"],
        "adoptable": found["adoptable"],
        "reasons": found["reasons"],
        "steps": [{"title": "Claim the node", "call": "PATCH /v1/nodes/web-1 instance_uuid"}],
        "request": request,
    }


def _apply(api: FakeApi, query: dict[str, str], _body: Any, uuid: str) -> httpx.Response:
    plan = api.plans[uuid]
    if plan["counts"]["blocked"] and query.get("skip_blocked") != "true":
        return problem(422, "refused", "The plan is blocked.", reasons=[MAINTENANCE])
    servers = [api.server(item["request"]) for item in plan["items"] if item["adoptable"]]
    return httpx.Response(202, json={"plan": plan, "operations": [api.operation("manage", one) for one in servers]})


def _events(api: FakeApi, _query: dict[str, str], _body: Any, uuid: str) -> httpx.Response:
    event = {"operation": uuid, "seq": 1, "kind": "step", "step": "claim", "message": "Claim the node", "fraction": 0.4}
    text = f": ping\n\nevent: step\nid: 1\ndata: {json.dumps(event)}\n\nevent: end\ndata: {json.dumps(api.operations[uuid])}\n\n"
    return httpx.Response(200, text=text, headers={"Content-Type": "text/event-stream"})


def _one(rows: Callable[[FakeApi], list[dict[str, Any]]]) -> Any:
    def find(api: FakeApi, _query: dict[str, str], _body: Any, uuid: str) -> httpx.Response:
        found = next((row for row in rows(api) if row["uuid"] == uuid), None)
        return httpx.Response(200, json=found) if found else problem(404, "not-found", f"{uuid} does not exist.")

    return find


def _servers(api: FakeApi, query: dict[str, str], _body: Any) -> httpx.Response:
    rows = [row for row in api.servers if query.get("name") in (None, row["name"])]
    return httpx.Response(200, json={"servers": rows})


def _on_server(kind: str) -> Any:
    def act(api: FakeApi, _query: dict[str, str], _body: Any, uuid: str) -> httpx.Response:
        server = next(row for row in api.servers if row["uuid"] == uuid)
        return httpx.Response(202, json={"server": server, "operation": api.operation(kind, server)})

    return act


def _ok(api: FakeApi, _query: dict[str, str], body: Any, *_: str) -> httpx.Response:
    return httpx.Response(200, json=body if isinstance(body, dict) else {"uuid": SERVER, "name": "web-1"})


def _flavors(api: FakeApi, _query: dict[str, str], _body: Any) -> httpx.Response:
    return httpx.Response(200, json={"flavors": api.flavors})


def _sources(api: FakeApi, _query: dict[str, str], _body: Any) -> httpx.Response:
    up = {
        "name": "lab",
        "driver": "ironic",
        "reachable": True,
        "detail": "Ironic 1.95",
        "seconds": 0.02,
        "capabilities": ["discovers"],
    }
    down = {**up, "name": "far", "reachable": False, "detail": "no route"}
    return httpx.Response(200, json={"sources": [up, down]})


def _operations(api: FakeApi, _query: dict[str, str], _body: Any) -> httpx.Response:
    return httpx.Response(200, json={"operations": list(api.operations.values())})


ROUTES: list[tuple[str, str, Any]] = [
    ("GET", "adoptable_nodes", _nodes),
    ("GET", "flavors", _flavors),
    ("POST", "flavors", _ok),
    ("GET", "flavors/[^/]+/access", lambda *_: httpx.Response(200, json={"flavor_access": ["p1"]})),
    ("POST", "flavors/[^/]+/access", lambda *_: httpx.Response(204)),
    ("DELETE", "flavors/.*", lambda *_: httpx.Response(204)),
    ("PATCH", "flavors/[^/]+", lambda api, _q, _b: httpx.Response(200, json=api.flavors[0])),
    ("GET", "sources", _sources),
    ("POST", "servers/manage", _manage),
    ("GET", "servers/detail", _servers),
    ("GET", "servers/([^/]+)", _one(lambda api: api.servers)),
    ("PATCH", "servers/([^/]+)", _ok),
    ("POST", "servers/([^/]+)/unmanage", _on_server("unmanage")),
    ("PUT", "servers/([^/]+)/states/power", _on_server("power")),
    ("PUT", "servers/([^/]+)/states/lock", _ok),
    (
        "GET",
        "servers/([^/]+)/networks",
        lambda *_: httpx.Response(200, json={"nics": [{"port_id": VIF, "mac_address": "52:54:00:00:00:01"}]}),
    ),
    ("POST", "plans", _plan),
    ("GET", "plans/([^/]+)", _one(lambda api: list(api.plans.values()))),
    ("POST", "plans/([^/]+)/apply", _apply),
    ("GET", "operations", _operations),
    ("GET", "operations/([^/]+)", _one(lambda api: list(api.operations.values()))),
    ("GET", "operations/([^/]+)/events", _events),
    ("POST", "operations/([^/]+)/cancel", lambda api, _q, _b, uuid: httpx.Response(202, json=api.operations[uuid])),
]
