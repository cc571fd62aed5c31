"""Which operations there are at each path, and what each does."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import partial
from typing import Any

from lab.pod import manifest
from lab.pod.access import Access, Account
from lab.pod.constrained import choose, is_constrained
from lab.pod.events import Events
from lab.pod.hardware import BOOT_VALUES, ROOT, SERVICE, Hardwares
from lab.pod.messages import Failed, error, message
from lab.pod.metadata import metadata, odata, root
from lab.pod.parts import Json
from lab.pod.state import RESETS, Pod


@dataclass(frozen=True)
class Asked:
    """A request that may be carried out. `fault`: kind of the fault that struck, or empty."""

    path: str
    body: Mapping[str, Any]
    account: Account | None
    fault: str = ""

    @property
    def last(self) -> str:
        return self.path.rpartition("/")[2]


@dataclass(frozen=True)
class Given:
    """What is answered. `system`: id of a system that was composed by it."""

    status: int
    body: Any = None
    headers: dict[str, str] = field(default_factory=dict)
    media: str = "application/json"
    system: str = ""


Operation = Callable[[Asked], Given]
_ID = r"[^/]+"


class Routes:
    """The operations of a pod."""

    def __init__(self, pod: Pod, access: Access, events: Events) -> None:
        self.pod, self.access, self.events = pod, access, events
        self._hardware = Hardwares(pod)
        self._writes: tuple[tuple[re.Pattern[str], dict[str, Operation]], ...] = tuple(
            (re.compile(path), operations)
            for path, operations in (
                (f"{ROOT}/Systems", {"POST": self._compose}),
                (f"{ROOT}/Systems/{_ID}", {"PATCH": self._set_system, "DELETE": self._release}),
                (f"{ROOT}/Systems/{_ID}/Actions/ComputerSystem.Reset", {"POST": self._reset}),
                (f"{ROOT}/Systems/{_ID}/Actions/ComputerSystem.AddResourceBlock", {"POST": self._add_block}),
                (f"{ROOT}/Systems/{_ID}/Actions/ComputerSystem.RemoveResourceBlock", {"POST": self._remove_block}),
                (f"{SERVICE}/Actions/CompositionService.Compose", {"POST": self._action}),
                (f"{SERVICE}/CompositionReservations/{_ID}", {"DELETE": self._unreserve}),
                (f"{ROOT}/SessionService/Sessions", {"POST": self._log_in}),
                (f"{ROOT}/SessionService/Sessions/{_ID}", {"DELETE": self._log_out}),
                (f"{ROOT}/AccountService/Accounts", {"POST": self._add_account}),
                (f"{ROOT}/AccountService/Accounts/{_ID}", {"PATCH": self._set_account, "DELETE": self._drop_account}),
                (f"{ROOT}/EventService/Subscriptions", {"POST": self._subscribe}),
                (
                    f"{ROOT}/EventService/Subscriptions/{_ID}",
                    {"PATCH": self._set_subscription, "DELETE": self._unsubscribe},
                ),
            )
        )

    def operations(self, path: str) -> dict[str, Operation]:
        """The operations at a path, by method; none where nothing is. HEAD goes with GET."""
        if path in (
            f"{ROOT}/Actions",
            ROOT,
            "/redfish",
            f"{ROOT}/odata",
            f"{ROOT}/$metadata",
            f"{ROOT}/EventService/SSE",
        ):
            return {"GET": self._fixed}
        writes = next((found for pattern, found in self._writes if pattern.fullmatch(path)), {})
        if "/Actions/" in path:
            parent = path.partition("/Actions/")[0]
            return writes if self._look(parent) is not None else {}
        if self._look(path) is None:
            return {}
        if path.endswith("Capabilities"):
            writes = {}
        return {"GET": self._read, **writes}

    def privilege(self, method: str, path: str, account: Account) -> str:
        """What a change at a path needs."""
        if path.startswith(f"{ROOT}/AccountService"):
            return "ConfigureSelf" if path == account.path and method == "PATCH" else "ConfigureUsers"
        if path.startswith(f"{ROOT}/SessionService"):
            session = self.access.sessions.get(path.rpartition("/")[2])
            return "ConfigureSelf" if session and session.account == account.id else "ConfigureManager"
        return "ConfigureManager" if path.startswith(f"{ROOT}/EventService") else "ConfigureComponents"

    def _look(self, path: str) -> Json | None:
        for part in (self._hardware, self.access, self.events):
            if (found := part.at(path)) is not None:
                return found
        return None

    def _fixed(self, asked: Asked) -> Given:
        match asked.path:
            case "/redfish":
                return Given(200, {"v1": f"{ROOT}/"})
            case "/redfish/v1/odata":
                return Given(200, odata())
            case "/redfish/v1/$metadata":
                return Given(200, metadata(), media="application/xml")
        return Given(200, root(self.pod.uuid))

    def _read(self, asked: Asked) -> Given:
        return Given(200, self._look(asked.path))

    def _compose(self, asked: Asked) -> Given:
        body = asked.body
        if "Name" in body and not isinstance(body["Name"], str):
            raise Failed(400, "PropertyValueTypeError", str(body["Name"])[:40], "Name")
        if is_constrained(body):
            blocks = choose(self.pod, body)
        else:
            named = manifest.asked_blocks(body)
            blocks = self._admitted(named, asked.fault)
        system = self.pod.compose(body.get("Name"), blocks)
        found = self._hardware.system(system)
        return Given(201, found, {"Location": found["@odata.id"]}, system=system.id)

    def _admitted(self, named: list[str], fault: str) -> tuple[str, ...]:
        """The blocks of a composition, checked, unless a fault keeps the pod from that."""
        if fault == "rival":
            self.pod.compose("rival", named[:1])
        return tuple(dict.fromkeys(named)) if fault in ("double", "rival") else self.pod.check(named)

    def _release(self, asked: Asked) -> Given:
        if asked.fault != "ignore":
            self.pod.release(asked.last)
        return Given(204)

    def _set_system(self, asked: Asked) -> Given:
        system = self.pod.systems[asked.last]
        boot = asked.body.get("Boot", {})
        if not isinstance(boot, Mapping):
            raise Failed(400, "PropertyValueTypeError", str(boot)[:40], "Boot")
        for key, value in boot.items():
            if key not in BOOT_VALUES:
                raise Failed(400, "PropertyUnknown", str(key)[:40])
            if value not in BOOT_VALUES[key]:
                raise Failed(400, "PropertyValueNotInList", str(value)[:40], key)

        def change() -> None:
            system.boot.update(boot)
            system.tag = str(asked.body.get("AssetTag", system.tag))

        return self._changed(asked, ("Boot", "AssetTag"), change)

    def _reset(self, asked: Asked) -> Given:
        kind = asked.body.get("ResetType")
        if kind is None:
            raise Failed(400, "ActionParameterMissing", "#ComputerSystem.Reset", "ResetType")
        if kind not in RESETS:
            raise Failed(400, "ActionParameterValueNotInList", str(kind)[:40], "ResetType", "#ComputerSystem.Reset")
        self.pod.reset(self.pod.systems[asked.path.split("/")[4]], kind)
        return Given(204)

    def _add_block(self, asked: Asked) -> Given:
        self.pod.add(self.pod.systems[asked.path.split("/")[4]], _named_block(asked, "AddResourceBlock"))
        return Given(204)

    def _remove_block(self, asked: Asked) -> Given:
        self.pod.remove(self.pod.systems[asked.path.split("/")[4]], _named_block(asked, "RemoveResourceBlock"))
        return Given(204)

    def _action(self, asked: Asked) -> Given:
        before = set(self.pod.systems)
        if asked.fault in ("double", "rival"):
            admit = partial(self._admitted, fault=asked.fault)
        else:
            admit = partial(self.pod.check, reservation=asked.body.get("ReservationId"))
        answer = manifest.perform(self.pod, asked.body, self._hardware.system, admit)
        made = sorted(set(self.pod.systems) - before)
        return Given(200, answer, system=made[0] if made else "")

    def _unreserve(self, asked: Asked) -> Given:
        del self.pod.reservations[asked.last]
        return Given(204)

    def _log_in(self, asked: Asked) -> Given:
        session = self.access.log_in(asked.body)
        found = self.access.session(session)
        return Given(201, found, {"Location": found["@odata.id"], "X-Auth-Token": session.token})

    def _log_out(self, asked: Asked) -> Given:
        del self.access.sessions[asked.last]
        return Given(204)

    def _add_account(self, asked: Asked) -> Given:
        account = self.access.add(asked.body)
        return Given(201, self._look(account.path), {"Location": account.path})

    def _set_account(self, asked: Asked) -> Given:
        account = self.access.accounts[asked.last]
        allowed = ("UserName", "Password", "RoleId", "Enabled")
        if asked.account is not None and not asked.account.may("ConfigureUsers"):
            allowed = ("Password",)
        return self._changed(asked, allowed, lambda: self.access.change(account, asked.body))

    def _drop_account(self, asked: Asked) -> Given:
        self.access.remove(self.access.accounts[asked.last])
        return Given(204)

    def _subscribe(self, asked: Asked) -> Given:
        one = self.events.subscribe(asked.body)
        return Given(201, self._look(one.path), {"Location": one.path})

    def _set_subscription(self, asked: Asked) -> Given:
        one = self.events.subscriptions[asked.last]
        return self._changed(asked, ("Context",), lambda: self.events.change(one, asked.body))

    def _unsubscribe(self, asked: Asked) -> Given:
        self.events.remove(self.events.subscriptions[asked.last])
        return Given(204)

    def _changed(self, asked: Asked, allowed: tuple[str, ...], change: Callable[[], None]) -> Given:
        """What a PATCH answers: what can be changed is, the rest is said beside it; with nothing to change it fails."""
        given = [key for key in asked.body if "@odata." not in key]
        known = self._look(asked.path) or {}
        wrong = [
            message("PropertyNotWritable" if key in known else "PropertyUnknown", key)
            for key in given
            if key not in allowed
        ]
        if not given:
            raise Failed(400, "NoOperation")
        if len(wrong) == len(given):
            first = error(wrong[0])
            first["error"]["@Message.ExtendedInfo"] = wrong
            return Given(400, first)
        change()
        found = dict(self._look(asked.path) or {})
        if wrong:
            found["@Message.ExtendedInfo"] = wrong
        return Given(200, found)


def _named_block(asked: Asked, action: str) -> str:
    """The id of the one block that an action is about."""
    named = asked.body.get("ResourceBlock")
    link = named.get("@odata.id") if isinstance(named, Mapping) else None
    if not isinstance(link, str):
        raise Failed(400, "ActionParameterMissing", f"#ComputerSystem.{action}", "ResourceBlock")
    return link.rpartition("/")[2]
